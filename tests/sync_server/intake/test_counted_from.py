"""A task whose beginning nobody knows says that its time was counted from when the record was begun."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from booklets.answers import Answer, Gap, Moment, Why
from booklets.duties import BY_SYSTEM, COUNTED_FROM_BEGUN
from booklets.records import Record
from sync_server.context import Context
from sync_server.db.owed import task
from sync_server.identity.accounts import Role
from tests.support.builders import NIGHT, a_return, a_task
from tests.support.colleagues import Colleague, a_colleague
from tests.support.devices import Browser
from tests.support.people_again import a_record
from tests.support.server_data import rows
from tests.support.servers import a_server, no_hurry
from tests.support.web_pages import words_of

AT = Moment(NIGHT - timedelta(minutes=30))
UNKNOWN = Gap(Why.NOT_KNOWN, "Passed on from another force")


def a_report(answers: Mapping[str, Answer], kind: str = "lines_of_enquiry") -> Record:
    """A report that asks for this by a time."""
    return a_record("mis", a_return(), answers, tasks=(a_task(kind, rule=kind, set_at=NIGHT),))


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"mis.reported_at": UNKNOWN, "mis.noticed_at": UNKNOWN}, COUNTED_FROM_BEGUN),
        ({}, COUNTED_FROM_BEGUN),
        ({"mis.reported_at": AT}, ""),
        ({"mis.reported_at": UNKNOWN, "mis.noticed_at": AT}, ""),
    ],
)
def test_it_says_so_where_no_hour_is_known_and_nowhere_else(
    context: Context, officer: Colleague, answers: Mapping[str, Answer], says: str
) -> None:
    """Whoever reads "an hour late" has to know from what."""
    officer.sent(a_report(answers))

    assert [one["by_system"] for one in rows(context, task)] == [says]


def test_another_task_of_the_same_report_says_nothing_of_it(context: Context, officer: Colleague) -> None:
    """What a rule asks for counts from when the record was sent."""
    officer.sent(a_report({"mis.reported_at": UNKNOWN}, kind="obtain_care_form"))

    assert [one["by_system"] for one in rows(context, task)] == [""]


def test_the_console_says_it_beside_the_time(tmp_path: Path) -> None:
    """In words, and not as a code."""
    with a_server(tmp_path, no_hurry()) as server:
        server.clock.at = NIGHT
        officer = a_colleague(server.context, "pc.okoro")
        officer.sent(a_return())
        made = officer.sent(a_report({"mis.reported_at": UNKNOWN, "mis.noticed_at": UNKNOWN}))
        server.add_account("mhet", Role.MHET)
        desk = Browser(server.url)
        try:
            desk.sign_in("mhet")
            words = words_of(desk.open(f"/records/{made.header.record}").text)
        finally:
            desk.http.close()
    assert BY_SYSTEM[COUNTED_FROM_BEGUN] in words
