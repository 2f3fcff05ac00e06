"""Children put together from the records that somebody may read, each once, for the lists of the teams.

Nobody who has died stands on a list by which somebody is asked for something (R-50), whichever unit wrote
that. What is known of a child comes from the mentions in those records alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Text, and_, cast, select
from starlette.responses import Response

from booklets.answers import Answer, Gap, answers_from_plain
from booklets.signs import says_dead
from sync_server.console import words
from sync_server.console.absences import Children
from sync_server.console.doors import Seen, page
from sync_server.console.listed import Choice, Filter, SheetRecord
from sync_server.console.marks import brief_title_of, child_of, person_in, state_mark
from sync_server.console.overviews import GatheredPage, GatheredRow
from sync_server.console.pages import Mark
from sync_server.console.register import note_list
from sync_server.console.scopes import DECISION, seen_by
from sync_server.db.tables import State, record
from sync_server.db.tables import person as mention
from sync_server.flags import Risk

DAYS, OFFERED = 90, (30, 90, 180)
MOST_DIGITS = 3
AT_ONCE = 200
CUT = f"These are the {AT_ONCE} of whom something came last: the others follow once they are no longer here."
COVERT = Mark("Covert: somebody near the child must not know", "late")


@dataclass(frozen=True)
class Child:
    """One child: the records about them, the newest first, and how those mention them, the newest first."""

    who: str
    rows: tuple[RowMapping, ...] = field(repr=False)
    mentions: tuple[RowMapping, ...] = field(repr=False)

    def said(self, fact: str) -> Answer | None:
        """What is known last of one fact about the child; a gap only where nothing better is known."""
        found = [known[fact] for known in self._known if fact in known]
        return next((one for one in found if not isinstance(one, Gap)), found[0] if found else None)

    @cached_property
    def _known(self) -> tuple[Mapping[str, Answer], ...]:
        return tuple(dict(answers_from_plain(row["facts"])) for row in self.mentions)

    def word(self, fact: str) -> str:
        """The same where it is one word, or nothing."""
        found = self.said(fact)
        return found if isinstance(found, str) else ""

    @property
    def name(self) -> tuple[str, str]:
        """What the child is called, and what tells them from a brother or sister."""
        return child_of(person_in(self.mentions[0] if self.mentions else None), self.rows[0]["received_at"])

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What has to be known before anybody is asked about the child."""
        return (COVERT,) if any(row["covert"] for row in self.rows) else ()

    def records(self) -> Iterator[SheetRecord]:
        """Where each record is read, and where it stands."""
        name, _ = self.name
        for row in self.rows:
            yield SheetRecord(
                href=f"/records/{row['record']}",
                kind=brief_title_of(row["form"]),
                child=name,
                received=words.short(row["received_at"]),
                unit=words.plain_code(row["unit"]),
                stands=state_mark(row["state"]),
            )


def gathered(
    seen: Seen, db: Connection, which: ColumnElement[bool], perhaps: ColumnElement[bool] | None = None
) -> tuple[list[Child], Children, Sequence[RowMapping]]:
    """The children of the records that are meant, the newest first; and everything that was read for it.

    ``perhaps`` is what the database can say of a record, or of how it mentions the child, so that only those
    children are looked at of whom it says so: a list of few out of many is then read in the time of few.
    """
    person = seen.account.person
    meant = and_(
        seen_by(person),
        record.c.record_type != DECISION,
        record.c.state != State.WITHDRAWN.value,
        record.c.subject != "",
        which,
    )
    query = select(record).where(meant)
    children = None
    if perhaps is not None:
        subjects = _subjects(db, meant, perhaps)
        children = Children.called(db, person.force, subjects)
        query = query.where(record.c.subject.in_(sorted(subjects | children.people.keys())))
    rows = db.execute(query.order_by(record.c.received_at.desc(), record.c.record)).mappings().all()
    children = children or Children.of(db, person.force, rows)
    dead = _dead(db, person.force, rows, children)
    of_child: dict[str, list[RowMapping]] = {}
    for row in rows:
        of_child.setdefault(children.who(row), []).append(row)
    told = [
        Child(who, tuple(own), _mentions(own, children)) for who, own in of_child.items() if who not in dead
    ]
    return told, children, [row for one in told for row in one.rows]


def _subjects(db: Connection, meant: ColumnElement[bool], perhaps: ColumnElement[bool]) -> set[str]:
    """Whom those of the records are about of which the database says so."""
    mentioned = (mention.c.force == record.c.force) & (mention.c.id == record.c.subject)
    query = select(record.c.subject).outerjoin(mention, mentioned).where(meant, perhaps)
    return set(db.execute(query.distinct()).scalars())


def fact_of_child(fact: str) -> ColumnElement[str]:
    """A fact about the child as a record's mention has it: its word, a gap as an object, or nothing."""
    said: ColumnElement[str] = mention.c.facts[fact].as_string()
    return said


def rule_spoke(rule: str) -> ColumnElement[bool]:
    """Whether this stands among a record's flags, as text: each database has its own way to look inside."""
    return cast(record.c.flags, Text).contains(f'"{rule}"')


def _mentions(own: Sequence[RowMapping], children: Children) -> tuple[RowMapping, ...]:
    ids = dict.fromkeys(row["subject"] for row in own)
    known = [children.people[id_] for id_ in ids if id_ in children.people]
    return tuple(sorted(known, key=lambda row: (row["edited_at"], row["id"]), reverse=True))


def _dead(db: Connection, force: str, rows: Sequence[RowMapping], children: Children) -> frozenset[str]:
    """Of whom anybody has recorded that they died, in a record about them or of one of their episodes."""
    query = select(record).where(
        record.c.force == force,
        record.c.state != State.WITHDRAWN.value,
        record.c.risk == int(Risk.DEATH),
    )
    said = [row for row in db.execute(query).mappings() if says_dead(row["flags"])]
    episodes = {row["episode"] for row in said}
    of_episode = {children.who(row) for row in rows if row["episode"] in episodes}
    return frozenset({children.who(row) for row in said} | of_episode)


def days_in(given: str, offered: Sequence[int] = OFFERED, otherwise: int = DAYS) -> int:
    """How many days an address looks back; ``otherwise`` where it makes no sense or is not offered."""
    number = int(given) if given.isascii() and given.isdigit() and len(given) <= MOST_DIGITS else 0
    return number if number in offered else otherwise


def days_filter(chosen: int, offered: Sequence[int] = OFFERED) -> Filter:
    """How far back can be looked."""
    choices = (Choice(str(one), "1 day" if one == 1 else f"{one} days", one == chosen) for one in offered)
    return Filter("days", "Records of the last", choices=tuple(choices))


def since(seen: Seen, days: int) -> ColumnElement[bool]:
    """The records that arrived in so many days."""
    return record.c.received_at >= seen.now - timedelta(days=days)


def how_many(number: int) -> str:
    """So many children."""
    return "1 child" if number == 1 else f"{number:,} children"


def records_on(rows: Iterable[GatheredRow]) -> list[str]:
    """The records that stand on a list, for whoever watches over looking."""
    return list(dict.fromkeys(one.href.rpartition("/")[2] for row in rows for one in row.records))


def listed_of_some_days(
    seen: Seen,
    days: int,
    rows: Sequence[GatheredRow],
    what: str,
    offered: Sequence[int] = OFFERED,
    **said: Any,
) -> Response:
    """A list of children from the records of so many days, once it is written down that it was read.

    ``what`` is that line, and ``said`` what the page says of this list.
    """
    shown = rows[:AT_ONCE]
    note_list(seen, what, len(shown), records_on(shown), {"days": str(days)})
    if len(rows) > AT_ONCE:
        said["notes"] = (*said["notes"], CUT)
    return page(
        GatheredPage(
            **seen.frame("lists"),
            title=said["heading"],
            asked_at=words.day_and_time(seen.now),
            number=how_many(len(rows)),
            filters=(days_filter(days, offered),),
            rows=tuple(shown),
            **said,
        )
    )
