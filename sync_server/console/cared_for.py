"""R-38: the looked-after children who were missing in a month, to read, and as the file a council asks for.

The file is laid out as the ``Missing`` table of the looked-after-children return (SSDA903): the council's
own number for the child, the date of birth, missing or away without leave, and the days as they are in the
United Kingdom. It names nobody, and holds the children of one council alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select
from starlette.responses import Response

from booklets import definitions
from sync_server.across import same
from sync_server.across.seen import MISSING
from sync_server.console import files, taking, words
from sync_server.console.absences import Absence, absences
from sync_server.console.care import looked_after
from sync_server.console.doors import Seen, page
from sync_server.console.gathering import Child, gathered, how_many
from sync_server.console.listed import Filter
from sync_server.console.month import Month, month_filter, month_in
from sync_server.console.overviews import GatheredPage, GatheredRow
from sync_server.console.pages import Mark, Problem
from sync_server.console.register import choices, note_list
from sync_server.db.tables import happening, record
from sync_server.episodes.standing import closings
from sync_server.flags import SAID
from sync_server.notices import local

TAKE = "/looked-after/file"
COUNCIL, THEIR_NUMBER = "person.la_responsible", "person.la_child_id"
AWAY = "mis.away_without_authorisation"
COUNTS_NOT = frozenset({"duplicate", "concern_for_safety"})
"""Closed as one of these it is no time that a child was missing, or is one that stands there already."""
COLUMNS = ("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END")
WAS_MISSING, WAS_AWAY = "M", "A"
NOT_RECORDED = "not_recorded"
NOT_ONE = frozenset({"", NOT_RECORDED, "other"})
"""Which may be several councils: no file is for them."""
CHOOSE = "Choose a council and press Show first. A file for a council holds no other council’s children"
NOTES = (
    "Children in council care who went missing in this month, as far as a report or a return says so.",
    "The file is laid out for the looked-after-children return (SSDA903) and names nobody: a council knows "
    "a child by its own number, and where that is not recorded the column is empty. "
    "A child who has died stands neither here nor in the file, nor does an episode that was closed as the "
    "same as another, or as a concern for safety.",
)


@dataclass(frozen=True)
class Away:
    """One time a looked-after child was missing. ``rows`` are the records that say so."""

    child: Child
    rows: tuple[RowMapping, ...] = field(repr=False)
    absence: Absence

    @property
    def council(self) -> str:
        """The code of the council that is responsible."""
        return self.child.word(COUNCIL) or NOT_RECORDED

    @property
    def kind(self) -> str:
        """M for missing; A where it was known where the child was, only without leave to be there."""
        away = any(row["flags"].get(SAID, {}).get(AWAY) == "yes" for row in self.rows)
        return WAS_AWAY if away else WAS_MISSING

    @property
    def began(self) -> datetime:
        """When it began, or when it was first written down."""
        first: datetime = min(row["received_at"] for row in self.rows)
        return self.absence.began or first

    @property
    def ended(self) -> datetime | None:
        """When it ended; nothing where nobody recorded it. Back before the report is no longer."""
        return self.absence.back or (self.began if self.absence.over else None)


def show(seen: Seen) -> Response:
    """The list. That it was read is written down first."""
    given = seen.request.query_params
    return _shown(seen, month_in(given.get("month", ""), seen.now), council_in(given.get("council", "")))


def take(seen: Seen) -> Response:
    """The list as a file for one council, once whoever takes it has said what for."""
    month = month_in(seen.form.get("month", ""), seen.now)
    council = council_in(seen.form.get("council", ""))
    purpose = taking.purpose_in(seen.form)
    with seen.context.store.read() as db:
        found = [one for one in drawn(seen, db, month) if one.council == council]
    names = taking.names_of(mention for one in found for mention in one.child.mentions)
    problems = (
        *((Problem("filter-council", CHOOSE),) if council in NOT_ONE else ()),
        *taking.problems_with(purpose, names),
    )
    if problems:
        return _shown(seen, month, council, purpose=purpose, problems=problems, status=422)
    lines = _lines(found)
    seen.context.store.write(
        lambda db: taking.note_taken(
            db,
            seen,
            "looked-after file taken",
            purpose=purpose,
            rows=len(lines),
            records=_records(found),
            asked=[f"month={month.code}", f"council={council}"],
        )
    )
    content = files.as_csv(COLUMNS, lines)
    return files.as_file(f"looked-after-missing-{month.code}.csv", content)


def council_in(given: str) -> str:
    """The council that an address or a form asks for, or nothing: what makes no sense is kept nowhere."""
    known = definitions.entity_form("person").field(COUNCIL).codes
    return given if given == NOT_RECORDED or given in {one.code for one in known} else ""


def drawn(seen: Seen, db: Connection, month: Month) -> list[Away]:
    """Every time such a child was missing, of the records of this month, the newest first."""
    found, children, rows = gathered(seen, db, _of_month(month))
    force = seen.account.person.force
    known = absences(db, force, rows, children)
    closed = closings(db, force, known)
    no_more = {id_ for id_, one in closed.items() if one["category"] in COUNTS_NOT}
    return [
        Away(one, tuple(own), known[episode])
        for one in found
        if looked_after(one)
        for episode, own in _by_episode(one.rows).items()
        if episode not in no_more
    ]


def _of_month(month: Month) -> ColumnElement[bool]:
    """The reports and returns of what began in this month, or ended then if nobody knows when it began."""
    at = func.coalesce(happening.c.began_at, happening.c.ended_at, record.c.received_at)
    began = (
        select(record.c.record)
        .outerjoin(happening, (happening.c.force == record.c.force) & (happening.c.id == record.c.episode))
        .where(record.c.record_type.in_(sorted(MISSING)), at >= month.begins, at < month.ends)
    )
    return record.c.record.in_(began.correlate(None))


def _by_episode(rows: Sequence[RowMapping]) -> Mapping[str, list[RowMapping]]:
    found: dict[str, list[RowMapping]] = {}
    for row in rows:
        found.setdefault(row["episode"], []).append(row)
    return found


def _records(found: Sequence[Away]) -> list[str]:
    return [row["record"] for one in found for row in one.rows]


def _shown(
    seen: Seen,
    month: Month,
    council: str,
    *,
    purpose: str = "",
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> Response:
    with seen.context.store.read() as db:
        every = drawn(seen, db, month)
    councils = {one.council: _council(one.council) for one in every}
    found = [one for one in every if council in ("", one.council)]
    narrowed = {"month": month.code, "council": council}
    asked = {name: said for name, said in narrowed.items() if said}
    note_list(seen, "looked-after read", len(found), _records(found), asked)
    made = GatheredPage(
        **seen.frame("lists"),
        title=f"{'Error: ' if problems else ''}Looked-after children who were missing",
        heading="Looked-after children who were missing",
        asked_at=words.day_and_time(seen.now),
        number=f"{how_many(len({one.child.who for one in found}))} in {month.said}",
        notes=NOTES,
        filters=(
            month_filter(month, seen.now),
            Filter("council", "Responsible council", choices=choices(councils, council)),
        ),
        action="/looked-after",
        columns=("Care", "Council", "Missing"),
        rows=tuple(_rows(seen, found)),
        empty=f"No looked-after child was missing in {month.said}, as far as anybody has recorded.",
        take=TAKE,
        kept=(("month", month.code), ("council", council)),
        purpose=purpose,
        problems=problems,
    )
    return page(made, status)


def _lines(found: Sequence[Away]) -> list[tuple[str, ...]]:
    """The lines of the file. A child’s night stands there once; twins without a number are two children."""
    return [line for _, line in dict.fromkeys((one.child.who, _cells(one)) for one in found)]


def _council(code: str) -> str:
    if code == NOT_RECORDED:
        return "Not recorded"
    return definitions.entity_form("person").field(COUNCIL).label_of(code)


def _rows(seen: Seen, found: Sequence[Away]) -> Iterator[GatheredRow]:
    for one in found:
        name, about = one.child.name
        number = one.child.word(THEIR_NUMBER)
        under = f"Their number: {number}" if number else "Their number is not recorded"
        away = Mark("Away without leave: it was known where") if one.kind == WAS_AWAY else None
        yield GatheredRow(
            name,
            about,
            (
                (Mark(looked_after(one.child)),),
                (Mark(_council(one.council), "", under),),
                (one.absence.mark(seen.now), *((away,) if away else ())),
            ),
            tuple(one.child.records()),
            one.child.marks,
        )


def _cells(one: Away) -> tuple[str, ...]:
    born = same.day_in(one.child.word("person.dob"))
    ended = one.ended
    return (
        one.child.word(THEIR_NUMBER),
        _day(born) if born else "",
        one.kind,
        _day(local(one.began).date()),
        _day(local(ended).date()) if ended else "",
    )


def _day(on: date) -> str:
    """A day as the return has it: 14/03/2026."""
    return f"{on:%d/%m/%Y}"
