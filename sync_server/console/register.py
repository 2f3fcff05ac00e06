"""The register as a list: the records that somebody may see, as many of them as they ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, RowMapping, func, select
from starlette.responses import Response

from sync_server import attachments, audit
from sync_server.console import photographs, words
from sync_server.console.asking import LONGEST_NAME, NEWEST, Asked
from sync_server.console.counted import SAID, question_or_rule
from sync_server.console.doors import Seen, go_to, page
from sync_server.console.listed import Choice, Filter, Heading, ListedRow, RegisterPage
from sync_server.console.marks import (
    brief_title_of,
    child_of,
    delivery_marks,
    due_mark,
    flag_marks,
    person_in,
    rows_by,
    state_mark,
    title_of,
)
from sync_server.console.pages import Mark
from sync_server.console.scopes import DECISION, seen_by
from sync_server.console.triage import offered
from sync_server.db.identity import account
from sync_server.db.owed import delivery
from sync_server.db.tables import person, record
from sync_server.identity.accounts import Person
from sync_server.notices import reference_of

AT_ONCE = 50
MOST_COUNTED = 1000
COLUMNS = (
    ("Child", ""),
    ("Record", ""),
    ("Gravest sign", "risk"),
    ("State", ""),
    ("Next due", "due"),
    ("Received", "received"),
    ("Officer", ""),
    ("To see first", ""),
    ("Deliveries", ""),
)
GRADES = dict(offered("ppn.vat_grade"))
QUALITIES = dict(offered("ppn.vat_quality"))
EPISODES = {"open": "Open", "closed": "Closed"}
NOTHING_FITS = "Nothing in the register fits this. Take a filter away to see more."


def show(seen: Seen) -> Response:
    """One page of the list. That it was read is written down first."""
    somebody = seen.account.person
    asked = Asked.of(seen.request.query_params, seen.slips, somebody.force)
    with seen.context.store.read() as db:
        found = db.execute(asked.page(somebody, seen.now, AT_ONCE)).mappings().all()
        shown = found[:AT_ONCE]
        rows = tuple(_rows(db, shown, seen))
        number = _number(db, asked, seen)
        filters = tuple(_filters(db, asked, somebody))
    note_list(seen, "list read", len(rows), [row["record"] for row in shown], asked.noted())
    return page(
        RegisterPage(
            **seen.frame("register"),
            asked_at=words.day_and_time(seen.now),
            number=number,
            filters=filters,
            removable=tuple(_removable(asked, seen)),
            views=tuple(_views(asked, seen)),
            headings=tuple(_heading(title, name, asked, seen) for title, name in COLUMNS),
            sort="" if asked.sort == NEWEST else asked.sort,
            about=asked.about if asked.shows else "",
            rows=rows,
            more=_address(asked, seen, after=asked.mark(shown[-1])) if len(found) > AT_ONCE else "",
            first=_address(asked, seen) if asked.after else "",
            empty=NOTHING_FITS if asked.narrowed else "Nothing has arrived yet.",
        )
    )


def find(seen: Seen) -> Response:
    """From the filters as they were filled in to the address of that view, in which no name can be read."""
    force = seen.account.person.force
    given = {**seen.form, "who": ""}
    name = " ".join(seen.form.get("name", "").split())[:LONGEST_NAME]
    return go_to(Asked.of(given, seen.slips, force).address(seen.slips, force, name=name))


def note_list(
    seen: Seen,
    what: str,
    number: int,
    records: Sequence[str] = (),
    asked: Mapping[str, str] | None = None,
) -> None:
    """Write down that somebody read a list: which records stood on it, and what it was narrowed by."""
    somebody = seen.account
    by = [f"{name}={value}" for name, value in (asked or {}).items()]
    seen.context.store.write(
        lambda db: audit.note(
            db,
            force=somebody.person.force,
            record=f"account:{somebody.id}",
            who=somebody.id,
            what=what,
            at=seen.now,
            detail={"rows": number, "why": seen.why, "records": list(records), "asked": by},
        )
    )


def _address(asked: Asked, seen: Seen, **changes: object) -> str:
    return asked.address(seen.slips, seen.account.person.force, **changes)


def _rows(db: Connection, page_rows: Sequence[RowMapping], seen: Seen) -> Iterator[ListedRow]:
    children = rows_by(db, person, "id", (row["subject"] for row in page_rows))
    people = rows_by(
        db, account, "id", (row[name] for row in page_rows for name in ("author", "assigned_to"))
    )
    owed = rows_by(db, delivery, "record", (row["record"] for row in page_rows))
    standing = attachments.standing_of(db, [row["record"] for row in page_rows])
    names = {id_: f"{found[0]['rank']} {found[0]['name']}" for id_, found in people.items()}
    for row in page_rows:
        child, about = child_of(person_in(next(iter(children[row["subject"]]), None)), row["received_at"])
        yield ListedRow(
            href=f"/records/{row['record']}",
            child=child,
            about=about,
            kind=brief_title_of(row["form"]) + (f", revision {row['rev']}" if row["rev"] > 1 else ""),
            reference=reference_of(UUID(row["record"])),
            risk=words.risk_mark(row["risk"]),
            state=state_mark(row["state"], assigned=names.get(row["assigned_to"], "")),
            due=due_mark(row["due_at"], row["state"], seen.now),
            received=words.short(row["received_at"]),
            officer=names.get(row["author"], row["author"]),
            unit=words.plain_code(row["unit"]),
            flags=(
                *flag_marks(row["flags"], covert=row["covert"]),
                *(Mark(said) for said in [photographs.awaited(standing.get(row["record"]))] if said),
            ),
            deliveries=tuple(delivery_marks(owed[row["record"]])),
        )


def _number(db: Connection, asked: Asked, seen: Seen) -> str:
    """How many there are, counted no further than anybody would read."""
    some = select(record.c.record).where(asked.rows(seen.account.person, seen.now))
    counted = db.execute(select(func.count()).select_from(some.limit(MOST_COUNTED + 1).subquery()))
    number: int = counted.scalar_one()
    if number > MOST_COUNTED:
        return f"More than {MOST_COUNTED:,} records"
    return "1 record" if number == 1 else f"{number:,} records"


def _filters(db: Connection, asked: Asked, somebody: Person) -> Iterator[Filter]:
    kinds, units = kinds_and_units(db, somebody)
    yield Filter("name", "Child’s name", "name", asked.name)
    yield Filter("kind", "Record", choices=choices(kinds, asked.kind))
    yield Filter("state", "State", choices=choices(words.OPEN_STATES, asked.state))
    yield Filter("risk", "Gravest sign", choices=choices(words.RISK_CHOICES, asked.risk))
    yield Filter("unit", "Unit", choices=choices(units, asked.unit))
    yield Filter("from", "Received from", "day", asked.since)
    yield Filter("to", "Received until", "day", asked.until)
    yield Filter("grade", "Vulnerability team: where to", choices=choices(GRADES, asked.grade))
    yield Filter("quality", "Vulnerability team: how good", choices=choices(QUALITIES, asked.quality))
    yield Filter("episode", "Missing episode", choices=choices(EPISODES, asked.episode))
    yield Filter("late", "Clock", choices=choices({"yes": "Late only"}, "yes" if asked.late else ""))
    yield Filter(
        "shows",
        "How it was made",
        choices=choices({one.value: said for one, said in SAID.items()}, asked.shows or ""),
    )


def kinds_and_units(db: Connection, somebody: Person) -> tuple[dict[str, str], dict[str, str]]:
    """The kinds of record, and the units that wrote them, of all that this person may see."""
    c = record.c
    there = db.execute(
        select(c.unit, c.record_type, c.form).where(seen_by(somebody), c.record_type != DECISION).distinct()
    ).all()
    kinds = {row.record_type: title_of(row.form) for row in there}
    return kinds, {row.unit: words.plain_code(row.unit) for row in there}


def choices(there: Mapping[str, str], chosen: str) -> tuple[Choice, ...]:
    """Everything, or one of these. What the address asks for stays on offer although nothing has it now."""
    offered = dict(there) if chosen in there or not chosen else {**there, chosen: words.plain_code(chosen)}
    return (
        Choice("", "Any", chosen == ""),
        *(Choice(value, said, value == chosen) for value, said in offered.items()),
    )


def _removable(asked: Asked, seen: Seen) -> Iterator[tuple[str, str]]:
    """What the list was narrowed by, each with the address of the list without it."""
    said = {
        "name": f"name has “{asked.name}”" if asked.name else "",
        "kind": words.plain_code(asked.kind),
        "state": words.STATES.get(asked.state, asked.state),
        "risk": words.risk(int(asked.risk)) if asked.risk else "",
        "unit": words.plain_code(asked.unit),
        "since": f"from {words.date_of(asked.since)}" if asked.since else "",
        "until": f"until {words.date_of(asked.until)}" if asked.until else "",
        "grade": GRADES.get(asked.grade, words.plain_code(asked.grade)),
        "quality": QUALITIES.get(asked.quality, words.plain_code(asked.quality)),
        "episode": f"missing episode {asked.episode}" if asked.episode else "",
        "late": "late only" if asked.late else "",
        "shows": SAID[asked.shows] if asked.shows else "",
        "about": question_or_rule(asked.about) if asked.shows else "",
    }
    nothing = {"late": False, "shows": None}
    for name, narrowed in said.items():
        if narrowed:
            yield narrowed, _address(asked, seen, **{name: nothing.get(name, "")})


def _views(asked: Asked, seen: Seen) -> Iterator[tuple[str, str]]:
    """The views that are asked for most."""
    plain = Asked()
    yield "Late only", _address(plain, seen, late=True, sort="due")
    yield "Gravest first", _address(plain, seen, sort="risk")
    yield "Waits for a supervisor", _address(plain, seen, state="pending_supervisor", sort="due")


def _heading(title: str, name: str, asked: Asked, seen: Seen) -> Heading:
    if not name:
        return Heading(title)
    if asked.sort == name:
        return Heading(title, _address(asked, seen, sort=f"-{name}"), "ascending")
    if asked.sort == f"-{name}":
        return Heading(title, _address(asked, seen, sort=name), "descending")
    return Heading(title, _address(asked, seen, sort=NEWEST if name == "received" else name))
