"""What belongs together and is kept together: everything about one child, as far as it can be told.

Records of one episode or one encounter, and all episodes of a child whom names and date of birth show to be
the same. As long as the gravest of them is kept, all are; and the newest of them begins the years anew, so
that nobody who goes missing again has lost what was learnt the first time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from booklets.definitions.retaining import Group, Retaining, Term, gravest
from sync_server.across import same
from sync_server.db.retained import retention_act
from sync_server.db.tables import person
from sync_server.db.tables import record as register
from sync_server.flags import Risk

HARMLESS = frozenset({Risk.EMERGENCY, Risk.OTHER})
"""How grave a record may be without showing danger, harm or exploitation."""
TIMES = ("received_at", "decided_at")
COLUMNS = (
    *("record", "rev", "unit", "record_type", "form", "subject", "episode", "encounter"),
    *("state", "risk"),
    *TIMES,
)


@dataclass(frozen=True)
class File:
    """Records that are kept together, the oldest first, and what people said of keeping them."""

    records: tuple[RowMapping, ...] = field(repr=False)
    born: date | None
    acts: tuple[RowMapping, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The ids of its records, in order."""
        return tuple(sorted(row["record"] for row in self.records))

    @property
    def key(self) -> str:
        """What it is called: its smallest record."""
        return self.names[0]

    @property
    def episodes(self) -> frozenset[str]:
        """The episodes of its records."""
        return frozenset(row["episode"] for row in self.records)

    @property
    def encounters(self) -> frozenset[str]:
        """The encounters of its records: what a draft belongs to that was given to a colleague."""
        return frozenset(row["encounter"] for row in self.records if row["encounter"])

    @property
    def revisions(self) -> Mapping[str, int]:
        """Each record and its newest revision."""
        return {row["record"]: row["rev"] for row in self.records}

    @property
    def mark(self) -> str:
        """What somebody has before them who reads it now: another one, once anything has come."""
        said = "\n".join(f"{record} {rev}" for record, rev in sorted(self.revisions.items()))
        return sha256(said.encode()).hexdigest()[:32]

    @property
    def last(self) -> datetime:
        """When anything arrived or was decided last."""
        times: Iterable[datetime | None] = (row[name] for row in self.records for name in TIMES)
        return max(at for at in times if at is not None)

    def group(self, keeping: Retaining, said: Iterable[str] = ()) -> Group:
        """The gravest group of its records. ``said`` is what their headers say, where they were opened."""
        of_rows = (
            keeping.group_of(row["record_type"], signs=row["risk"] not in HARMLESS) for row in self.records
        )
        return gravest([*of_rows, *(Group(one) for one in said if one in set(Group))])

    def due_at(self, term: Term) -> datetime:
        """When somebody has to look at it: years after the last, or when it was to be kept until."""
        kept = self.stands
        until: datetime | None = kept["until"] if kept is not None and kept["kind"] == "kept" else None
        first_look = years_after(self.last, term.years)
        return first_look if until is None else max(first_look, until)

    @cached_property
    def stands(self) -> RowMapping | None:
        """What was said last: that it is kept, that it is to be destroyed, or that this was taken back."""
        said = [one for one in self.acts if one["kind"] in {"kept", "to_destroy", "taken_back"}]
        return max(said, key=lambda one: one["id"], default=None)

    @property
    def waits(self) -> RowMapping | None:
        """The decision by which it is to be destroyed, as long as nothing has come since it was read."""
        last = self.stands
        fits = last is not None and last["kind"] == "to_destroy" and last["records"] == self.revisions
        return last if fits else None

    @property
    def holds(self) -> tuple[RowMapping, ...]:
        """What says that it may not be destroyed, and was not lifted."""
        lifted = {one["lifts"] for one in self.acts if one["kind"] == "hold_lifted"}
        return tuple(one for one in self.acts if one["kind"] == "held" and one["id"] not in lifted)

    def old_enough_at(self, term: Term) -> datetime | None:
        """Before when nothing of it is destroyed, because of the child's age; None where there is no such.

        Of a child whose date of birth nobody knows the years are counted from the first record.
        """
        if not term.to_age:
            return None
        first = min(row["received_at"] for row in self.records)
        if self.born is None:
            return years_after(first, term.to_age)
        return years_after(first.replace(year=self.born.year, month=self.born.month, day=1), term.to_age)


def years_after(at: datetime, years: int) -> datetime:
    """The same day so many years on; the last of February where there is none."""
    day = 28 if (at.month, at.day) == (2, 29) else at.day
    return at.replace(year=min(at.year + years, 9999), day=day)


def files_of(connection: Connection, force: str) -> list[File]:
    """Everything that is kept of a force, put together."""
    query = select(*(register.c[name] for name in COLUMNS)).where(register.c.force == force)
    rows = connection.execute(query.order_by(register.c.received_at, register.c.record)).mappings().all()
    children = _children(connection, force)
    who = same.people(children)
    together = same.groups({row["record"]: _keys(row, who) for row in rows})
    of_file: dict[str, list[RowMapping]] = {}
    for row in rows:
        of_file.setdefault(together[row["record"]], []).append(row)
    acts = _acts(connection, force, together)
    return [File(tuple(own), _born(own, children), tuple(acts.get(key, ()))) for key, own in of_file.items()]


def file_with(connection: Connection, force: str, record: str) -> File | None:
    """The file that this record is in, or None where there is no such record."""
    return next((one for one in files_of(connection, force) if record in one.names), None)


def _children(connection: Connection, force: str) -> dict[str, dict[str, Any]]:
    c = person.c
    subjects = select(register.c.subject).where(register.c.force == force, register.c.subject != "")
    query = select(c.id, c.given_names, c.surname, c.born).where(c.force == force, c.id.in_(subjects))
    return {row["id"]: dict(row) for row in connection.execute(query).mappings()}


def _keys(row: RowMapping, who: Mapping[str, str]) -> list[tuple[str, str]]:
    child = row["subject"] and ("child", who.get(row["subject"], row["subject"]))
    return [("episode", row["episode"]), ("encounter", row["encounter"]), *([child] if child else [])]


def _born(rows: Sequence[RowMapping], children: Mapping[str, Mapping[str, Any]]) -> date | None:
    """The latest date of birth that its children are known by: the one that keeps it the longest."""
    known = (children[row["subject"]] for row in rows if row["subject"] in children)
    return max(filter(None, (same.day_in(row["born"]) for row in known)), default=None)


def _acts(connection: Connection, force: str, together: Mapping[str, str]) -> Mapping[str, list[RowMapping]]:
    query = select(retention_act).where(retention_act.c.force == force).order_by(retention_act.c.id)
    found: dict[str, list[RowMapping]] = {}
    for act in connection.execute(query).mappings():
        for key in {together[record] for record in act["records"] if record in together}:
            found.setdefault(key, []).append(act)
    return found
