"""R-30: the restricted part of what a month shows: adults, vehicles, accounts and places around children.

It is intelligence about those who may be a danger, for those who have the role and say what for. No child
stands in it: neither a name, nor an age, a home or a day by which somebody could tell who it is. An adult or
an account whose name would be a child's is counted and left out, with the reference of the record that has
it. How many children there were is given as it is, also where it is one: that it is small is what has to be
known here, and the numbers for everybody else are ``months``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from booklets.answers import Row, codes_of, rows_of
from booklets.checks import formats
from booklets.entities import Entity, EntityKind
from booklets.records import Record, reference_of
from booklets.school_days import LONDON
from sync_server import audit, evidence
from sync_server.across import adults, hotspots, same
from sync_server.across.months import ASSESSED, NONE_SEEN, TYPES
from sync_server.across.seen import Filed, Seen
from sync_server.keys import Safe
from sync_server.projection import IDENTIFIER, VEHICLE

KINDS = (*TYPES, "exp.how")
IDENTIFIERS = tuple(f"{form}.identifiers" for form in ("mis", "pi", "ppn", "ev"))
ACCOUNTS = "person.online"
READ, IN_PROFILE = "profile read", "read_in_profile"
COLUMNS = ("month", "what", "which", "kinds of exploitation", "cases", "children", "records")
WHAT = ("adult", "vehicle", "account", "place")
NOT_SAID = "where is not known"
WITHHELD = "left out: it would name a child"
NAMES = ("given_names", "surname", "known_as")
SHORTEST_NAME = 3
Detail = Mapping[str, str | int | list[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody or something, in so many cases with so many children. ``records`` are those that say so."""

    what: str
    which: str = field(repr=False)
    kinds: tuple[str, ...]
    cases: int
    children: int
    records: tuple[str, ...]

    @property
    def references(self) -> tuple[str, ...]:
        """The records as they are spoken of, for whoever may open them."""
        return tuple(reference_of(UUID(one)) for one in self.records)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a month shows. ``covert`` records, and those of restricted children, were left out altogether."""

    lines: tuple[Line, ...] = field(repr=False)
    covert: int = 0

    @property
    def records(self) -> tuple[str, ...]:
        """Every record that a line rests on."""
        return tuple(sorted({one for line in self.lines for one in line.records}))


def of_month(seen: Seen, month: date) -> tuple[Filed, ...]:
    """The records that count: of the episodes that began in the month, and what else arrived in it."""
    return tuple(one for one in seen.filed if _month_of(seen, one) == month)


def profile(
    seen: Seen, month: date, opened: Mapping[str, Record], hidden: Collection[str] = frozenset()
) -> Profile:
    """What the month shows. ``opened`` are its records, those of them that can be opened.

    Covert ones are left out, and those of restricted children, whose words are ``hidden``.
    """
    there = {one.record: one for one in of_month(seen, month) if one.record in opened}
    covert = {name for name, one in there.items() if opened[name].header.covert or one.subject in hidden}
    month_ = _Month(seen, {name: one for name, one in there.items() if name not in covert}, opened)
    found: dict[tuple[str, str], set[str]] = {}
    for what, which, record in month_.found():
        found.setdefault((what, which), set()).add(record)
    lines = (month_.line(what, which, records) for (what, which), records in found.items())
    order = sorted(lines, key=lambda one: (WHAT.index(one.what), -one.children, -one.cases, one.which))
    return Profile(tuple(order), len(covert))


def opened_of(connection: Connection, safe: Safe, seen: Seen, month: date) -> dict[str, Record]:
    """The records of a month, each opened; what cannot be opened any more is not among them."""
    rows = of_month(seen, month)
    found = ((one.record, evidence.readable(connection, safe, one.record, one.rev)) for one in rows)
    return {name: record for name, record in found if record is not None}


def note_read(
    connection: Connection,
    found: Profile,
    *,
    force: str,
    by: str,
    month: date,
    said: Mapping[str, str],
    at: datetime,
) -> None:
    """Write down who read it and what for: in their own history, and in that of each record it rests on."""
    whole: Detail = {"rows": len(found.lines), "records": list(found.records)}
    mine: Detail = {**said, **whole, "asked": [f"month={month:%Y-%m}"]}
    told: list[tuple[str, str, Detail]] = [(f"account:{by}", READ, mine)]
    told += [(one, IN_PROFILE, dict(said)) for one in found.records]
    for record, what, detail in told:
        audit.note(connection, force=force, record=record, who=by, what=what, at=at, detail=detail)


def cells(found: Profile, month: date) -> Iterator[tuple[str, ...]]:
    """The lines as they stand in a file under ``COLUMNS``."""
    for one in found.lines:
        numbers = (str(one.cases), str(one.children))
        yield f"{month:%Y-%m}", one.what, one.which, " ".join(one.kinds), *numbers, " ".join(one.references)


def _month_of(seen: Seen, one: Filed) -> date:
    episode = seen.episode_of.get(one.record)
    at = episode.at if episode is not None else one.arrived
    return at.astimezone(LONDON).date().replace(day=1)


@dataclass(frozen=True)
class _Month:
    """The records of a month that are looked at."""

    seen: Seen
    there: Mapping[str, Filed]
    opened: Mapping[str, Record]

    def found(self) -> Iterator[tuple[str, str, str]]:
        """What and which is in which record."""
        yield from self._adults()
        yield from self._places()
        names = {name: self._names_in(self.opened[name], *NAMES) for name in self.there}
        for name in self.there:
            record = self.opened[name]
            for vehicle in _vehicles(record):
                yield "vehicle", vehicle, name
            own = {account for one in self._children(record) for account in _accounts(one)}
            for account in _mentioned(record):
                named = account in own or any(one in same.plain(account) for one in names[name])
                yield "account", WITHHELD if named else account, name

    def line(self, what: str, which: str, records: Iterable[str]) -> Line:
        """One line, its numbers counted."""
        rows = [self.there[name] for name in records]
        children = {self.seen.child_of(one) for one in rows if one.subject}
        kinds = {kind for one in rows for kind in _kinds(one, self.opened[one.record])}
        names = tuple(sorted(one.record for one in rows))
        cases = {one.episode for one in rows}
        return Line(what, which, tuple(sorted(kinds)), len(cases), len(children), names)

    def _adults(self) -> Iterator[tuple[str, str, str]]:
        grown = adults.beside(self.seen)
        for tie in self.seen.ties:
            word = grown.get(tie.to_id) if tie.type in adults.BESIDE else None
            if word is None or tie.record not in self.there:
                continue
            name = self._name(word, grown)
            children = self._names_in(self.opened[tie.record], "surname")
            named = any(same.plain(part) in children for part in name.split())
            yield "adult", WITHHELD if named else name or f"not named ({word[:8]})", tie.record

    def _name(self, word: str, grown: Mapping[str, str]) -> str:
        """What an adult is called, as it was written last where anybody has written it."""
        rows = [self.seen.people[id_] for id_, other in grown.items() if other == word]
        rows.sort(key=lambda row: (row["edited_at"], row["id"]), reverse=True)
        return next((said for row in rows if (said := _called(row))), "")

    def _places(self) -> Iterator[tuple[str, str, str]]:
        for place, named in hotspots.named(self.seen).items():
            where = hotspots.where(self.seen.places[place])
            for one in named.values():
                if one.record in self.there and where:
                    yield "place", where, one.record

    def _children(self, record: Record) -> list[Entity]:
        """The child of a record, and everybody else in it who is known to be one."""
        known = {one.id: one for one in record.entities if one.kind is EntityKind.PERSON}
        return [
            one
            for id_, one in known.items()
            if id_ == record.header.subject
            or one.word("relationship") in adults.CHILDREN
            or str(id_) in {other.subject for other in self.seen.filed}
        ]

    def _names_in(self, record: Record, *facts: str) -> frozenset[str]:
        """The names of the children of a record, in one form."""
        said = (part for one in self._children(record) for fact in facts for part in one.word(fact).split())
        return frozenset(plain for one in said if len(plain := same.plain(one)) >= SHORTEST_NAME)


def _called(row: Mapping[str, object]) -> str:
    facts = row["facts"]
    known_as = facts.get("person.known_as") if isinstance(facts, Mapping) else ""
    parts = (str(row["given_names"] or (known_as if isinstance(known_as, str) else "")), str(row["surname"]))
    return " ".join(part for part in parts if part)


def _kinds(one: Filed, record: Record) -> Iterator[str]:
    for name in KINDS:
        yield from (code for code in codes_of(record.answers.get(name)) if code != NONE_SEEN)
    yield from (code for name, code in ASSESSED.items() if one.said(name) == "yes")


def _vehicles(record: Record) -> Iterator[str]:
    for entity in record.entities:
        if entity.kind is EntityKind.OBJECT and entity.word("object_type") == VEHICLE:
            typed = entity.word(IDENTIFIER.partition(".")[2])
            if typed:
                yield formats.vehicle_mark(typed) or typed.upper()


def _mentioned(record: Record) -> Iterator[str]:
    """The accounts that a record asks digital forensics about, and those of its adults."""
    for name in IDENTIFIERS:
        for row in rows_of(record.answers.get(name)):
            yield from _account(row, ("username", "link", "contact"))


def _accounts(entity: Entity) -> Iterator[str]:
    for row in rows_of(entity.facts.get(ACCOUNTS)):
        yield from _account(row, ("handle", "url"))


def _account(row: Row, parts: Iterable[str]) -> Iterator[str]:
    platform = row.get("platform")
    for said in map(row.get, parts):
        if isinstance(said, str) and said.strip():
            yield f"{platform if isinstance(platform, str) else NOT_SAID}: {said.strip().casefold()}"
