"""Somebody at a council reads what was delivered there, confirms it and decides; and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from booklets.records import Record
from sync_server.across import look
from sync_server.audit import entries_of
from sync_server.db.council_answers import council_answer
from sync_server.db.owed import delivery, task
from sync_server.forwarding.postman import deliver_due
from sync_server.identity.accounts import Role
from tests.support.builders import UNIT, a_ppn, a_return
from tests.support.colleagues import Colleague, a_colleague
from tests.support.councils import YORK, referred
from tests.support.devices import Browser
from tests.support.restrictions import restricted
from tests.support.server_data import rows
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import rows_in, words_of

WHO = {
    "council": (YORK, "north_yorkshire"),
    "other council": ("E06000014", "north_yorkshire"),
    "same council elsewhere": (YORK, "another_force"),
}
WHY = "She is looked after by another council, which we rang tonight."


@dataclass
class Night:
    """A return and a referral that were delivered, and who may want to read them."""

    server: LiveServer
    officer: Colleague
    returned: Record
    ppn: Record
    desks: dict[str, Browser] = field(default_factory=dict)

    def delivered(self, record: Record) -> int:
        """The number of the newest delivery of a record to a council."""
        c = delivery.c
        query = select(c.id).where(c.record == str(record.header.record), c.target.endswith(f":{YORK}"))
        with self.server.context.store.read() as db:
            return int(db.execute(query.order_by(c.id.desc())).scalars().first() or 0)

    def answers(self, who: str, record: Record, act: str, **fields: str) -> tuple[int, str]:
        """Send one of the forms of a notice's page: what was answered."""
        desk = self.desks[who]
        token = {"form_token": desk.hidden_in(desk.open("/council").text)["form_token"]}
        path = f"/council/{self.delivered(record)}/{act}"
        answer = desk.http.post(path, data={**token, **fields})
        return answer.status_code, words_of(answer.text)

    def history(self, record: Record) -> Sequence[str]:
        """What was done with a record."""
        with self.server.context.store.read() as db:
            return [str(one["what"]) for one in entries_of(db, str(record.header.record))]

    def asked(self) -> list[str]:
        """How what is asked about the council's decision stands."""
        look(self.server.context)
        return [
            str(one["status"]) for one in rows(self.server.context, task) if one["kind"] == "council_decides"
        ]


@pytest.fixture
def night(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """Kit came back, and a PPN about Kit was referred."""
    with a_server(tmp_path_factory.mktemp("council"), no_hurry()) as server, ExitStack() as stack:
        for user, (council, force) in WHO.items():
            name = user.replace(" ", ".")
            server.add_account(name, Role.LOCAL_AUTHORITY, council=council, force=force, unit="duty_team")
        server.add_account("mhet", Role.MHET, unit=UNIT)
        server.add_account("vat", Role.VAT, unit="vat")
        officer = a_colleague(server.context, "pc.okoro")
        sergeant = a_colleague(server.context, "sgt.marsh", Role.OFFICER, Role.SUPERVISOR)
        vat = a_colleague(server.context, "vat.lind", Role.VAT, unit="vat")
        returned = officer.sent(a_return())
        ppn = referred(officer.sent(a_ppn()), sergeant, vat)
        deliver_due(server.context)
        made = Night(server, officer, returned, ppn)
        for user in (*WHO, "mhet"):
            made.desks[user] = stack.enter_context(Browser(server.url))
            made.desks[user].sign_in(user.replace(" ", "."))
        yield made


def test_a_council_reads_its_notices_and_opens_no_record(night: Night) -> None:
    """Its own page is its home, and there is no other."""
    desk = night.desks["council"]
    home = desk.open("/")
    notice = words_of(desk.open(f"/council/{night.delivered(night.returned)}").text)

    assert (home.url.path, rows_in(home.text)) == ("/council", 2)
    assert "North Yorkshire" in words_of(home.text)
    assert "Return of a missing child" in words_of(home.text)
    assert "Kit" not in words_of(home.text), "the list shows what a subject line does"
    assert "Kit" in notice
    for path in (f"/records/{night.returned.header.record}", "/register", "/deliveries", "/children"):
        assert desk.open(path).status_code == 403


@pytest.mark.parametrize("who", ["other council", "same council elsewhere"])
def test_another_council_and_another_force_find_nothing(night: Night, who: str) -> None:
    """Neither in the list nor by a number that they guess; and they answer nothing of it."""
    desk = night.desks[who]

    assert rows_in(desk.open("/council").text) == 0
    assert desk.open(f"/council/{night.delivered(night.returned)}").status_code == 404
    assert night.answers(who, night.returned, "read")[0] == 404
    assert night.answers(who, night.ppn, "decision", decision="assess")[0] == 404
    assert rows(night.server.context, council_answer) == []


def test_that_a_notice_was_read_is_confirmed_once_and_stands_with_the_record(night: Night) -> None:
    """Who pressed it and when; a second press says nothing new."""
    for _ in range(2):
        status, words = night.answers("council", night.returned, "read")

    record = words_of(night.desks["mhet"].open(f"/records/{night.returned.header.record}").text)
    assert (status, "Confirmed. The police see" in words) == (200, True)
    assert night.history(night.returned).count("council_confirmed") == 1
    assert "What councils answered" in record
    assert "Sat 14 March 2026, 21:04 North Yorkshire PC Hannah Wells Read" in record


def test_every_look_of_a_council_is_written_down(night: Night) -> None:
    """In the history of the record that the notice was of; the list with each that stood on it."""
    night.desks["council"].open(f"/council/{night.delivered(night.returned)}")
    record = words_of(night.desks["mhet"].open(f"/records/{night.returned.header.record}").text)

    assert "council_read" in night.history(night.returned)
    assert "Read at the council it was delivered to" in record


def test_a_decision_ends_asking_the_council_what_it_decided(night: Night) -> None:
    """Nobody of the vulnerability team has to ring for it; what they wrote stands with the record."""
    assert night.asked() == ["open"]
    said = {"decision": "strategy", "words": "Tuesday at ten, with the school."}

    status, words = night.answers("council", night.ppn, "decision", **said)

    record = words_of(night.desks["mhet"].open(f"/records/{night.ppn.header.record}").text)
    assert (status, "The police see what your council has decided" in words) == (200, True)
    assert night.asked() == ["done"]
    assert "A strategy discussion is held Tuesday at ten, with the school." in record


def test_a_decision_before_anybody_asked_is_not_asked_for(night: Night) -> None:
    """It is known already."""
    night.answers("council", night.ppn, "decision", decision="assess")

    assert night.asked() == []


def test_that_nothing_more_comes_is_said_with_why_and_goes_on_being_asked(night: Night) -> None:
    """The vulnerability team reads it and rings: a no ends nothing by itself."""
    refused = night.answers("council", night.ppn, "decision", decision="no_further")
    assert refused[0] == 422
    assert "Say in your own words why" in refused[1]

    status, _ = night.answers("council", night.ppn, "decision", decision="no_further", words=WHY)

    assert status == 200
    assert night.asked() == ["open"]
    assert WHY in words_of(night.desks["mhet"].open(f"/records/{night.ppn.header.record}").text)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Say what your council does"),
        ({"decision": "made up"}, "Say what your council does"),
        ({"decision": "assess", "words": "x" * 2001}, "at most 2,000 characters"),
    ],
)
def test_a_decision_that_lacks_something_is_asked_for_again(
    night: Night, fields: dict[str, str], says: str
) -> None:
    """Nothing is sent, and what was typed stands there still."""
    status, words = night.answers("council", night.ppn, "decision", **fields)

    assert (status, says in words) == (422, True)
    assert rows(night.server.context, council_answer) == []


def test_only_a_referral_is_decided_on(night: Night) -> None:
    """A return is read; nobody is asked to decide on it."""
    page = night.desks["council"].open(f"/council/{night.delivered(night.returned)}").text

    assert "Send the decision" not in words_of(page)
    assert night.answers("council", night.returned, "decision", decision="assess")[0] == 404


def test_a_decision_is_sent_once(night: Night) -> None:
    """What changes is rung: the first stands."""
    night.answers("council", night.ppn, "decision", decision="assess")
    night.answers("council", night.ppn, "decision", decision="protect")

    assert [one["decision"] for one in rows(night.server.context, council_answer)] == ["assess"]


def test_of_a_restricted_child_nothing_is_there(night: Night) -> None:
    """Only named people read of such a child at the console, and nobody at a council is one of them."""
    restricted(night.server.context, night.returned, "mhet", "vat")
    desk = night.desks["council"]

    assert rows_in(desk.open("/council").text) == 0
    assert desk.open(f"/council/{night.delivered(night.ppn)}").status_code == 404
    assert night.answers("council", night.ppn, "decision", decision="assess")[0] == 404


def test_what_was_withdrawn_cannot_be_read_or_answered(night: Night) -> None:
    """Not by its old address either; then the correction alone is there."""
    path = f"/council/{night.delivered(night.returned)}"
    night.officer.withdraws(night.returned)
    assert night.desks["council"].open(path).status_code == 404

    night.server.clock.at += timedelta(minutes=1)
    deliver_due(night.server.context)

    correction = night.desks["council"].open(f"/council/{night.delivered(night.returned)}")
    assert "Do not rely on it." in words_of(correction.text)
    assert "Kit" not in words_of(correction.text)
    assert night.desks["council"].open(path).status_code == 404


@pytest.mark.parametrize("typed", ["0", "99999", "9999999999", "-1", "x", "٢"])
def test_a_number_that_is_none_is_not_there(night: Night, typed: str) -> None:
    """Whatever is typed into the address."""
    assert night.desks["council"].open(f"/council/{typed}").status_code == 404


def test_older_notices_are_on_the_next_page(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each once."""
    monkeypatch.setattr("sync_server.console.councils.AT_ONCE", 1)
    first = night.desks["council"].open("/council")
    [newest] = [one for one in (night.delivered(night.ppn),) if str(one) in first.text]

    second = night.desks["council"].open(f"/council?before={newest}")

    assert (rows_in(first.text), "Next page" in first.text) == (1, True)
    assert (rows_in(second.text), "Next page" in second.text) == (1, False)
