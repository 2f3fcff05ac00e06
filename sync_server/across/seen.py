"""What the rules across records look at: rows of one force's register, as plain values.

Records that were withdrawn are left out, and so is everything about a child who has died (R-50): of those
no rule finds anything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from booklets.form_names import (
    PROTECTION_ENDED,
    PROTECTION_ENQUIRED,
    PROTECTION_REVIEWED,
    PROTECTION_USED,
    RETURNED,
)
from booklets.records import reference_of
from booklets.school_days import SETTING, read_school_days
from booklets.signs import only_rung, says_dead
from sync_server.across import same
from sync_server.across.asked import Asked, Over
from sync_server.councils.answering import NO_FURTHER
from sync_server.db.council_answers import council_answer
from sync_server.db.owed import Owed, TaskState, delivery, task
from sync_server.db.tables import State, happening, link, location, person, thing
from sync_server.db.tables import record as register
from sync_server.flags import SAID
from sync_server.projection import EPISODE
from sync_server.referrals import PARTNER_TARGET

HORIZON = timedelta(days=400)
"""How far back anything is looked at: further than any limit of a force, and than a trigger plan lasts."""
REPORT, RETURN = "MIS", RETURNED
INTERVIEW = "RHI"
MISSING = frozenset({REPORT, RETURN})
"""An episode counts as one of being missing where there is a report or a return."""
TIMED = frozenset({PROTECTION_USED, PROTECTION_ENQUIRED, PROTECTION_ENDED, PROTECTION_REVIEWED})
"""Of these records it is looked at when what they tell of began, or for the end, was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A record as it stands in the register. ``flags`` hold ids, codes and days, and no words."""

    record: str
    rev: int
    unit: str
    type: str
    episode: str
    subject: str
    arrived: datetime
    flags: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def says_back(self) -> bool:
        """Whether it is a return of a child who is back; of one who has only rung it is none (R-08b)."""
        return self.type == RETURN and not only_rung(self.flags)

    @property
    def named(self) -> str:
        """How a task says with which record it was done: its type and its reference."""
        return f"{self.type} {reference_of(UUID(self.record))}"

    def said(self, question: str) -> str:
        """One of the few answers that are looked at across records, its codes side by side, or nothing."""
        found = self.flags.get(SAID, {}).get(question, "")
        return str(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tied:
    """Somebody or something that a record mentions, and how."""

    record: str
    from_id: str
    type: str
    to_class: str
    to_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One time a child was missing. ``child`` is the same word for the same child."""

    id: str
    child: str
    at: datetime
    records: tuple[Filed, ...]

    @property
    def first(self) -> Filed:
        """The record that a task about this episode is set on: it stays the same whatever else arrives."""
        return next(one for one in self.records if one.type in MISSING)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What one force's register holds. Everything here is worked out from the rows alone."""

    force: str
    now: datetime
    settings: Mapping[str, object] = field(repr=False)
    every_record: tuple[Filed, ...] = field(default=(), repr=False)
    people: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    places: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    ties: tuple[Tied, ...] = field(default=(), repr=False)
    numbers: Mapping[str, str] = field(default_factory=dict, repr=False)
    began: Mapping[str, datetime] = field(default_factory=dict, repr=False)
    ended: Mapping[str, datetime] = field(default_factory=dict, repr=False)
    happened: Mapping[str, datetime] = field(default_factory=dict, repr=False)
    asked: tuple[Asked, ...] = field(default=(), repr=False)
    referred: Mapping[str, datetime] = field(default_factory=dict, repr=False)
    """When a council first had what it is asked to decide because of a record, by the record."""
    answered: frozenset[str] = frozenset()
    """The records of which a council has said at the console what it does."""

    @cached_property
    def person(self) -> Mapping[str, str]:
        """The one word for everybody who seems to be the same person, by each id."""
        return same.people(self.people)

    @cached_property
    def place(self) -> Mapping[str, str]:
        """The one word for all mentions of what seems to be the same place, by each id."""
        return same.places(self.places)

    @cached_property
    def dead(self) -> frozenset[str]:
        """R-50: the children who have died, by the word for each, and the episodes in which it was said."""
        said = [one for one in self.every_record if says_dead(one.flags)]
        return frozenset({self.child_of(one) for one in said} | {one.episode for one in said})

    @cached_property
    def filed(self) -> tuple[Filed, ...]:
        """Every record that counts, none of them about a child who has died."""
        return tuple(
            one
            for one in self.every_record
            if one.episode not in self.dead and self.child_of(one) not in self.dead
        )

    @cached_property
    def episodes(self) -> tuple[Episode, ...]:
        """Every time a child was missing, in order."""
        grouped: dict[str, list[Filed]] = {}
        for one in self.filed:
            grouped.setdefault(one.episode, []).append(one)
        found = [
            self._episode(id_, records)
            for id_, records in grouped.items()
            if any(one.type in MISSING and one.subject for one in records)
        ]
        return tuple(sorted(found, key=lambda one: (one.at, one.id)))

    def _episode(self, id_: str, records: Iterable[Filed]) -> Episode:
        rows = sorted(records, key=lambda one: (one.arrived, one.record))
        first = next(one for one in rows if one.type in MISSING and one.subject)
        arrived = rows[0].arrived
        said = self.began.get(id_, arrived)
        # A time to come, or long before the record, is a slip of whoever typed it.
        at = said if arrived - HORIZON <= said <= arrived else arrived
        return Episode(id=id_, child=self.child_of(first), at=at, records=tuple(rows))

    @cached_property
    def of_child(self) -> Mapping[str, tuple[Filed, ...]]:
        """Every record about each child that counts, by the word for the child."""
        found: dict[str, list[Filed]] = {}
        for one in self.filed:
            if one.subject:
                found.setdefault(self.child_of(one), []).append(one)
        return {child: tuple(records) for child, records in found.items()}

    @cached_property
    def episode_of(self) -> Mapping[str, Episode]:
        """The time a child was missing that a record belongs to, by the record.

        A return home interview that was written apart belongs to the last time before it.
        """
        found = {one.record: episode for episode in self.episodes for one in episode.records}
        for one in self.filed:
            times = self.times_missing.get(self.child_of(one), ()) if one.type == INTERVIEW else ()
            before = [episode for episode in times if episode.at <= one.arrived]
            if before and one.record not in found:
                found[one.record] = before[-1]
        return found

    def named(self, which: Callable[[Tied, Episode], str | None]) -> Mapping[str, Mapping[Episode, Filed]]:
        """The episodes in which somebody or some place comes up, each with the first record that says so.

        ``which`` gives the word for whoever or whatever a tie leads to, or None where it does not count.
        """
        filed = {one.record: one for one in self.filed}
        found: dict[str, dict[Episode, Filed]] = {}
        for tie in self.ties:
            episode = self.episode_of.get(tie.record)
            word = which(tie, episode) if episode is not None else None
            if word is None or episode is None:
                continue
            known, one = found.setdefault(word, {}), filed[tie.record]
            known[episode] = min(
                known.get(episode, one), one, key=lambda other: (other.arrived, other.record)
            )
        return found

    def still_asked(self, record: str, kinds: Collection[str]) -> Iterator[Asked]:
        """What is open of these kinds on a record."""
        asked = self.asked_on.get(record, ())
        return (one for one in asked if one.is_open and one.kind in kinds)

    @cached_property
    def asked_on(self) -> Mapping[str, tuple[Asked, ...]]:
        """The tasks of each record, by the record."""
        found: dict[str, list[Asked]] = {}
        for one in self.asked:
            found.setdefault(one.record, []).append(one)
        return {record: tuple(asked) for record, asked in found.items()}

    @cached_property
    def ties_of(self) -> Mapping[str, tuple[Tied, ...]]:
        """Whom and what each record mentions, by the record."""
        found: dict[str, list[Tied]] = {}
        for one in self.ties:
            found.setdefault(one.record, []).append(one)
        return {record: tuple(ties) for record, ties in found.items()}

    @cached_property
    def times_missing(self) -> Mapping[str, tuple[Episode, ...]]:
        """The episodes of each child, in order."""
        found: dict[str, list[Episode]] = {}
        for one in self.episodes:
            found.setdefault(one.child, []).append(one)
        return {child: tuple(times) for child, times in found.items()}

    def child_of(self, one: Filed) -> str:
        """The word for the child that a record is about."""
        return self.person.get(one.subject, one.subject)

    @cached_property
    def closed_days(self) -> frozenset[date]:
        """Bank holidays and the like, as the force's file has them."""
        return read_school_days(self.settings[SETTING]).closed if SETTING in self.settings else frozenset()

    def number(self, name: str, otherwise: int) -> int:
        """A force's own number, or the product's."""
        found = self.settings.get(name)
        return found if isinstance(found, int) and not isinstance(found, bool) else otherwise


def done_with(asked: Asked, record: Filed) -> Over:
    """What was asked for is done: with this record."""
    return Over(task=asked, status=TaskState.DONE, outcome=record.named)


def read(connection: Connection, force: str, settings: Mapping[str, object], now: datetime) -> Seen:
    """Read what the rules look at."""
    c = register.c
    query = (
        select(c.record, c.rev, c.unit, c.record_type, c.episode, c.subject, c.received_at, c.flags)
        .where(c.force == force, c.state != State.WITHDRAWN.value, c.received_at >= now - HORIZON)
        .order_by(c.received_at, c.record)
    )
    filed = tuple(
        Filed(
            record=row.record,
            rev=row.rev,
            unit=row.unit,
            type=row.record_type,
            episode=row.episode,
            subject=row.subject,
            arrived=row.received_at,
            flags=row.flags,
        )
        for row in connection.execute(query)
    )
    known = frozenset(one.record for one in filed)
    began, ended = _episodes(connection, force)
    return Seen(
        force=force,
        now=now,
        settings=settings,
        every_record=filed,
        people=_mentions(connection, force, person, now),
        places=_mentions(connection, force, location, now),
        ties=tuple(one for one in _ties(connection, force) if one.record in known),
        numbers=_numbers(connection, force),
        began=began,
        ended=ended,
        happened=_happened(connection, force, [one.record for one in filed if one.type in TIMED]),
        asked=asked_of(connection, force),
        referred=_referred(connection, force),
        answered=_answered(connection, force),
    )


def _mentions(connection: Connection, force: str, table: Any, now: datetime) -> dict[str, dict[str, Any]]:
    query = select(table).where(table.c.force == force, table.c.edited_at >= now - HORIZON)
    return {row["id"]: dict(row) for row in connection.execute(query).mappings()}


def _ties(connection: Connection, force: str) -> Iterable[Tied]:
    c = link.c
    query = select(c.record, c.from_id, c.type, c.to_class, c.to_id).where(c.force == force)
    for row in connection.execute(query.order_by(c.record, c.type, c.to_id)):
        yield Tied(
            record=row.record, from_id=row.from_id, type=row.type, to_class=row.to_class, to_id=row.to_id
        )


def _numbers(connection: Connection, force: str) -> dict[str, str]:
    query = select(thing.c.id, thing.c.identifier).where(
        thing.c.force == force, thing.c.object_type == "telephone"
    )
    return {row.id: row.identifier for row in connection.execute(query)}


def _episodes(connection: Connection, force: str) -> tuple[Mapping[str, datetime], Mapping[str, datetime]]:
    """When each episode began, or ended where nobody knows when it began; and when each ended."""
    c = happening.c
    query = select(c.id, c.began_at, c.ended_at).where(c.force == force, c.type == EPISODE)
    rows = connection.execute(query).all()
    began = {row.id: at for row in rows if (at := row.began_at or row.ended_at) is not None}
    return began, {row.id: row.ended_at for row in rows if row.ended_at is not None}


def _happened(connection: Connection, force: str, known: list[str]) -> Mapping[str, datetime]:
    """When what these records tell of began, by the record."""
    if not known:
        return {}
    c = happening.c
    query = select(c.id, c.began_at).where(c.force == force, c.id.in_(known), c.began_at.is_not(None))
    return {row.id: row.began_at for row in connection.execute(query)}


def _referred(connection: Connection, force: str) -> Mapping[str, datetime]:
    """When a referral first arrived at a council, by its record; what was taken back since is none."""
    c = delivery.c
    arrived = (c.target.startswith(PARTNER_TARGET, autoescape=True), c.state == Owed.DELIVERED.value)
    query = select(c.record, c.takes_back, c.delivered_at).where(c.force == force, *arrived).order_by(c.id)
    found: dict[str, datetime] = {}
    for row in connection.execute(query):
        if row.takes_back:
            found.pop(row.record, None)
        else:
            found.setdefault(row.record, row.delivered_at)
    return found


def asked_of(connection: Connection, force: str) -> tuple[Asked, ...]:
    """Every task of a force that a rule across records may look at."""
    names = ("id", "record", "kind", "rule", "subject", "status", "outcome", "set_at")
    query = select(*(task.c[name] for name in names)).where(task.c.force == force).order_by(task.c.id)
    return tuple(Asked(**row) for row in connection.execute(query).mappings())


def _answered(connection: Connection, force: str) -> frozenset[str]:
    """Of which records a council has said that it does something; that it does nothing ends no question."""
    c = council_answer.c
    query = select(c.record).where(c.force == force, c.decision.not_in(["", NO_FURTHER]))
    return frozenset(connection.execute(query).scalars())
