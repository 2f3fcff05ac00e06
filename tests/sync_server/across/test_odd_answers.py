"""No answer whatever stops the looking: what is signed and well formed is taken in, however odd it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booklets.answers import Answer, Moment
from booklets.records import Record
from sync_server.across import months
from sync_server.across.asking import ended, found
from sync_server.across.findings import unasked
from sync_server.across.seen import Filed, Seen, Tied
from sync_server.db.tables import location, person, thing
from sync_server.flags import flags_of
from sync_server.projection import EPISODE, project
from sync_server.settings import policy_of
from tests.support.any_records import any_records
from tests.support.builders import FORCE, NIGHT, a_return
from tests.support.thoroughness import examples


def seen_of(records: Iterable[Record]) -> Seen:
    """What these records put into the register."""
    policy = policy_of(FORCE)
    rows = [project(one, flags_of(one, policy, NIGHT), NIGHT) for one in records]
    mentions = [(table, dict(row)) for one in rows for table, row in one.mentions]
    events = [event for one in rows for event in one.events if event["type"] == EPISODE]
    return Seen(
        force=FORCE,
        now=NIGHT + timedelta(days=5),
        settings=policy.settings,
        every_record=tuple(filed(one.record) for one in rows),
        people={row["id"]: row for table, row in mentions if table == person.name},
        places={row["id"]: row for table, row in mentions if table == location.name},
        numbers={row["id"]: row["identifier"] for table, row in mentions if table == thing.name},
        ties=tuple(
            Tied(
                record=one.record["record"],
                from_id=tie.from_id,
                type=tie.type,
                to_class=tie.to_class,
                to_id=tie.to_id,
            )
            for one in rows
            for tie in one.ties
        ),
        began={one["id"]: one["began_at"] for one in events if one["began_at"]},
        ended={one["id"]: one["ended_at"] for one in events if one["ended_at"]},
    )


def filed(row: object) -> Filed:
    """A row of the register as it is looked at."""
    assert isinstance(row, dict)
    names = ("record", "rev", "unit", "episode", "subject", "flags")
    return Filed(type=row["record_type"], arrived=row["received_at"], **{name: row[name] for name in names})


@pytest.mark.thorough
@given(
    records=st.lists(
        st.one_of(any_records("ret"), any_records("mis"), any_records()), min_size=1, max_size=4
    )
)
@settings(max_examples=examples(150), deadline=None)
def test_no_answer_stops_the_looking(records: list[Record]) -> None:
    """Every rule comes to its end, and the month is counted."""
    seen = seen_of(records)

    findings = list(found(seen))

    assert len(unasked(findings, [])) == len(findings)
    assert list(ended(seen)) == []
    month = NIGHT.date().replace(day=1)
    assert months.as_csv(months.lines(seen, month), month).startswith("month,what")


@pytest.mark.parametrize(
    "at",
    [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)],
    ids=["the first day", "the last day"],
)
def test_no_time_stops_the_looking(at: datetime) -> None:
    """At the ends of the calendar sums with times come to nothing."""
    said: dict[str, Answer] = dict.fromkeys(("ret.found_at", "ret.last_seen_at"), Moment(at))
    seen = seen_of([a_return(said)])

    assert list(found(seen)) == []
    assert next(months.lines(seen, NIGHT.date().replace(day=1))).episodes == 1
