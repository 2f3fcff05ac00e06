"""What stands in the cells of the console's tables: a few words each, with a tone where the eye should stop.

Only danger and what is late or soon has a tone that shows. What is done is quiet.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Table, select

from booklets import definitions
from booklets.answers import answers_from_plain
from booklets.checks.dates import age_about
from booklets.entities import Entity, EntityKind
from booklets.errors import UnknownForm
from booklets.signs import says_dead
from sync_server.console import words
from sync_server.console.pages import Mark
from sync_server.db.owed import Owed
from sync_server.db.tables import State
from sync_server.forwarding.outbox import FORCE_RECORDS
from sync_server.notices import local
from sync_server.referrals import SCHOOL_TARGET

NO_NAME = "Name not recorded"
SOON = timedelta(hours=2)
SCHOOL = SCHOOL_TARGET.rstrip(":")
NONE = Mark("–")
DONE = frozenset({State.APPROVED, State.CLOSED, State.WITHDRAWN, State.FILED})
"""Where nobody is waited for any more."""
TARGETS: Mapping[str, str] = {
    "local_authority": "",
    "missing": "Missing child, to ",
    "partner": "Referral to ",
    "danger": "Immediate danger, to ",
    SCHOOL: "Operation Encompass, to ",
}


def rows_by(
    db: Connection, table: Table, column: str, values: Iterable[str]
) -> Mapping[str, list[RowMapping]]:
    """Rows of a table by the value of one column."""
    found: dict[str, list[RowMapping]] = defaultdict(list)
    query = select(table).where(table.c[column].in_(sorted(set(values))))
    for row in db.execute(query).mappings():
        found[row[column]].append(row)
    return found


def child_of(entity: Entity | None, at: datetime) -> tuple[str, str]:
    """The name the child is known by, and what tells them from a brother or sister."""
    if entity is None:
        return NO_NAME, ""
    about = words.who_it_is(
        sex=entity.word("sex"),
        born=entity.word("dob"),
        about=age_about(entity, local(at).date()),
        on=local(at).date(),
    )
    return words.name_of(entity, NO_NAME), about


def person_in(row: RowMapping | None) -> Entity | None:
    """A person as the register has them."""
    if row is None:
        return None
    return Entity(UUID(row["id"]), EntityKind.PERSON, answers_from_plain(row["facts"]))


def brief_title_of(form: str) -> str:
    """A form's title without what explains it, for a cell."""
    return title_of(form).partition(" (")[0]


def title_of(form: str) -> str:
    """A form's title, or its id when this server does not know it."""
    try:
        return definitions.form(form).title
    except UnknownForm:
        return form


def flag_marks(flags: Mapping[str, Any], *, covert: bool) -> Iterable[Mark]:
    """What should be seen before the record is opened."""
    yield from sign_marks(flags, covert=covert)
    if flags.get("stage") == "found":
        yield Mark("First part only")
    if flags.get("missing"):
        yield Mark(f"{len(flags['missing'])} still needed")
    if flags.get("unreviewed"):
        yield Mark("Rules could not be run")
    if flags.get("gaps"):
        yield Mark(f"{len(flags['gaps'])} not answered, with reasons", "well")


def sign_marks(flags: Mapping[str, Any], *, covert: bool) -> Iterable[Mark]:
    """What a record shows of the child and of how it came, whatever is still lacking in it."""
    if says_dead(flags):
        yield Mark("The child has died: nothing is sent", "late")
    if covert:
        yield Mark("Covert", "late")
    if flags.get("overrides"):
        yield Mark("Sent as an emergency", "late")
    if "R-53" in flags.get("rules", ()):
        yield Mark("Disclosure: stopped for a specialist", "late")
    if flags.get("not_seen"):
        yield Mark("Not seen in person", "late")
    if flags.get("interview_urgent"):
        yield Mark("Return home interview: urgent", "soon")


def due_mark(due: datetime | None, state: str, now: datetime) -> Mark:
    """By when somebody has to do something, and whether that is late or soon."""
    if due is None or state in DONE:
        return NONE
    at = words.short(due)
    if due < now:
        return Mark(f"{words.how_long(now - due)} late", "late", f"since {at}")
    return Mark(f"By {at}", "soon" if due - now <= SOON else "")


def state_mark(state: str, *, assigned: str = "") -> Mark:
    """Where a record stands, and with whom."""
    said = words.STATES.get(state, words.plain_code(state))
    return Mark(f"{said}, with {assigned}" if assigned else said, "well" if state in DONE else "")


def delivery_marks(owed: Iterable[RowMapping]) -> Iterator[Mark]:
    """How the deliveries of one record stand together: each that waits for a person, the others counted."""
    counted = Counter[Owed]()
    for row in owed:
        state = Owed(row["state"])
        if state is Owed.DEAD or (state is Owed.HELD and row["escalated_at"] is not None):
            yield delivery_mark(row)
        else:
            counted[Owed.DUE if state is Owed.LEASED else state] += 1
    for state, said in words.OWED_BRIEFLY.items():
        if counted[state]:
            yield Mark(f"{counted[state]} {said}", "" if state in (Owed.HELD, Owed.DUE) else "well")


def delivery_mark(row: RowMapping) -> Mark:
    """Where one delivery stands."""
    to = target_of(row["target"])
    match Owed(row["state"]):
        case Owed.DELIVERED:
            return Mark(f"{to}: delivered {words.clock_time(row['delivered_at'])}", "well")
        case Owed.DEAD:
            return Mark(f"{to}: needs a person", "late")
        case Owed.STOPPED:
            return Mark(f"{to}: stopped", "well")
        case Owed.HELD if row["escalated_at"] is not None:
            return Mark(f"{to}: late, nobody has decided", "late")
        case Owed.HELD:
            return Mark(f"{to}: held until decided")
        case Owed.DUE | Owed.LEASED:
            return Mark(f"{to}: waiting", "soon" if row["tries"] else "")


def target_of(target: str) -> str:
    """Who a delivery is for."""
    if target == FORCE_RECORDS:
        return "Force records"
    kind, _, whom = target.partition(":")
    said = TARGETS.get(kind, f"{words.plain_code(kind)}: ")
    if not whom:
        return words.plain_code(target)
    return f"{said}{_school(whom) if kind == SCHOOL else _council(whom)}"


def _school(urn: str) -> str:
    """A school by its name: its number is its own in every force."""
    known = (definitions.schools(force).get(urn) for force in definitions.force_ids())
    return next((one.name for one in known if one), f"school {urn}")


def council_of(code: str) -> str:
    """A council by its code."""
    return definitions.entity_form("person").field("person.la_responsible").label_of(code)


def _council(code: str) -> str:
    label = council_of(code)
    return f"{label} council duty team" if label != code and "ouncil" not in label else label
