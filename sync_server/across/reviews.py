"""C.6: who exploits children, and the places they are met at, are looked at again on the day that was set.

The day stands in the record of the adult or the place. Once it has passed, the exploitation team is asked;
a revision that sets a later day, or a newer record about the same adult or place, ends that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from booklets.records import reference_of
from booklets.school_days import LONDON
from sync_server.across import same
from sync_server.across.asked import Over
from sync_server.across.findings import Finding
from sync_server.across.seen import Filed, Seen
from sync_server.db.owed import TaskState
from sync_server.identity.accounts import Role

KINDS: Final[Mapping[str, str]] = {"EXP": "review_exploiter", "HOT": "review_place"}
"""What is asked for, by the type of the record."""
DAY_IN: Final[Mapping[str, str]] = {"EXP": "exp.review_due", "HOT": "hot.review_due"}
ABOUT: Final[Mapping[str, str]] = {"EXP": "x-suspectedIn", "HOT": "x-placeOfConcern"}
"""How a record is tied to whom or what it is about."""


def overdue_reviews(seen: Seen) -> Iterator[Finding]:
    """One finding for each day of review that has passed."""
    for one in _newest(seen):
        day = review_day(one)
        if day is not None and day < _today(seen):
            yield Finding(
                rule=f"{KINDS[one.type]}/{one.record}/{day.isoformat()}",
                kind=KINDS[one.type],
                owner=Role.MHET.value,
                on=one,
                due=seen.now + timedelta(minutes=seen.number("minutes_to_find_out", 1440)),
                about=frozenset({one.record}),
            )


def ended_reviews(seen: Seen) -> Iterator[Over]:
    """What had asked for a look is over once one is recorded."""
    newest = {one.record: one for one in _newest(seen)}
    for asked in seen.asked:
        if not asked.is_open or asked.kind not in KINDS.values():
            continue
        record = newest.get(asked.about)
        if record is None or (review_day(record) or date.max) >= _today(seen):
            kind = next(type_ for type_, name in KINDS.items() if name == asked.kind)
            outcome = record.named if record else f"{kind} {reference_of(UUID(asked.record))}"
            yield Over(task=asked, status=TaskState.DONE, outcome=outcome)


def review_day(one: Filed) -> date | None:
    """The day on which a record says that it is looked at again."""
    return same.day_in(one.said(DAY_IN[one.type]))


def _newest(seen: Seen) -> Iterator[Filed]:
    """Of several records about the same adult or place the newest; what names nobody is its own."""
    found: dict[str, Filed] = {}
    for one in seen.filed:
        if one.type in KINDS:
            found[_word(seen, one)] = one
    yield from found.values()


def _word(seen: Seen, one: Filed) -> str:
    words = seen.person if one.type == "EXP" else seen.place
    ties = [tie.to_id for tie in seen.ties_of.get(one.record, ()) if tie.type == ABOUT[one.type]]
    known = [words[id_] for id_ in ties if id_ in words]
    return f"{one.type} {known[0] if known else one.record}"


def _today(seen: Seen) -> date:
    return seen.now.astimezone(LONDON).date()
