"""What arrived: the register's newest records, with what they made owed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Table, select

from booklets import definitions
from booklets.answers import answers_from_plain
from booklets.entities import Entity, EntityKind
from booklets.errors import UnknownForm
from sync_server.console import words
from sync_server.console.pages import ArrivedRow, Mark
from sync_server.db.identity import account
from sync_server.db.tables import Owed, delivery, notice, person, record
from sync_server.forwarding.outbox import FORCE_RECORDS
from sync_server.notices import local, reference_of

AT_ONCE = 50
NO_NAME = "Name not recorded"


def newest(db: Connection, force: str, *, skip: int) -> tuple[tuple[ArrivedRow, ...], bool]:
    """One page of this force's records, newest first, and whether there are older ones."""
    query = (
        select(record)
        .where(record.c.force == force)
        .order_by(record.c.received_at.desc(), record.c.record.desc())
        .offset(skip)
        .limit(AT_ONCE + 1)
    )
    rows = db.execute(query).mappings().all()
    page = rows[:AT_ONCE]
    names = [row["record"] for row in page]
    children = _by(db, person, "id", (row["subject"] for row in page))
    officers = _by(db, account, "id", (row["author"] for row in page))
    notices = _by(db, notice, "record", names)
    owed = _by(db, delivery, "record", names)
    made = tuple(
        _row(
            row,
            child=next(iter(children[row["subject"]]), None),
            officer=next(iter(officers[row["author"]]), None),
            notices=notices[row["record"]],
            owed=owed[row["record"]],
        )
        for row in page
    )
    return made, len(rows) > AT_ONCE


def _by(db: Connection, table: Table, column: str, values: Iterable[str]) -> Mapping[str, list[RowMapping]]:
    """Rows of a table by the value of one column."""
    found: dict[str, list[RowMapping]] = defaultdict(list)
    query = select(table).where(table.c[column].in_(sorted(set(values))))
    for row in db.execute(query).mappings():
        found[row[column]].append(row)
    return found


def _row(
    row: RowMapping,
    *,
    child: RowMapping | None,
    officer: RowMapping | None,
    notices: list[RowMapping],
    owed: list[RowMapping],
) -> ArrivedRow:
    name, about = child_of(_entity(child) if child else None, row["received_at"])
    prepared = max((one["prepared_at"] for one in notices), default=None)
    return ArrivedRow(
        href=f"/records/{row['record']}",
        child=name,
        about=about,
        kind=title_of(row["form"]) + (f", revision {row['rev']}" if row["rev"] > 1 else ""),
        reference=reference_of(UUID(row["record"])),
        received=words.day_and_time(row["received_at"]),
        officer=f"{officer['rank']} {officer['name']}" if officer else row["author"],
        unit=words.plain_code(row["unit"]),
        flags=tuple(flag_marks(row["flags"], covert=row["covert"])),
        notice=Mark(f"Prepared {words.clock_time(prepared)}", "well") if prepared else Mark("–"),
        deliveries=tuple(delivery_mark(one) for one in owed),
    )


def child_of(entity: Entity | None, at: datetime) -> tuple[str, str]:
    """The name the child is known by, and what tells them from a brother or sister."""
    if entity is None:
        return NO_NAME, ""
    about = words.who_it_is(
        sex=entity.word("sex"),
        born=entity.word("dob"),
        about=entity.word("age_estimate"),
        on=local(at).date(),
    )
    return words.name_of(entity, NO_NAME), about


def _entity(row: RowMapping) -> Entity:
    return Entity(UUID(row["id"]), EntityKind.PERSON, answers_from_plain(row["facts"]))


def title_of(form: str) -> str:
    """A form's title, or its id when this server does not know it."""
    try:
        return definitions.form(form).title
    except UnknownForm:
        return form


def flag_marks(flags: Mapping[str, Any], *, covert: bool) -> Iterable[Mark]:
    """What should be seen before the record is opened."""
    if flags.get("child_has_died"):
        yield Mark("The child has died: nothing is sent", "late")
    if covert:
        yield Mark("Covert", "late")
    if flags.get("overrides"):
        yield Mark("Sent as an emergency", "late")
    if "R-53" in flags.get("rules", ()):
        yield Mark("Disclosure: stopped for a specialist", "late")
    if flags.get("stage") == "found":
        yield Mark("First part only", "soon")
    if flags.get("missing"):
        yield Mark(f"{len(flags['missing'])} still needed", "soon")
    if flags.get("unreviewed"):
        yield Mark("Rules could not be run", "soon")
    if flags.get("gaps"):
        yield Mark(f"{len(flags['gaps'])} not answered, with reasons")


def delivery_mark(row: RowMapping) -> Mark:
    """Where one delivery stands."""
    state = Owed(row["state"])
    to = target_of(row["target"])
    match state:
        case Owed.DELIVERED:
            return Mark(f"{to}: delivered {words.clock_time(row['delivered_at'])}", "well")
        case Owed.DEAD:
            return Mark(f"{to}: needs a person", "late")
        case Owed.STOPPED:
            return Mark(f"{to}: stopped")
        case Owed.HELD:
            return Mark(f"{to}: after supervisor")
        case Owed.DUE | Owed.LEASED:
            return Mark(f"{to}: waiting", "soon" if row["tries"] else "")


def target_of(target: str) -> str:
    """Who a delivery is for."""
    if target == FORCE_RECORDS:
        return "Force records"
    council = target.partition(":")[2]
    return _council(council) if council else words.plain_code(target)


def _council(code: str) -> str:
    offered = definitions.entity_form("person").field("person.la_responsible")
    label = offered.label_of(code)
    return f"{label} council duty team" if label != code and "ouncil" not in label else label
