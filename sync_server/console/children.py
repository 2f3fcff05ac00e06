"""The register of children (B.13): one line for each child, to read or to take as a file.

It is for the same people as the register of records, and of the same records: see ``scopes``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.responses import Response

from sync_server.console import each_child, files, taking, words
from sync_server.console.child_cells import COLUMNS, Cells
from sync_server.console.doors import Seen, page
from sync_server.console.each_child import YEAR, Register
from sync_server.console.gathering import Child, how_many
from sync_server.console.listed import Choice, Filter
from sync_server.console.overviews import ChildrenPage, ChildRow
from sync_server.console.pages import Mark, Problem
from sync_server.console.register import choices, note_list
from sync_server.console.taking import MARKING
from sync_server.notices import local

HERE, TAKE = "/children", "/children/file"
AT_ONCE = 50
MOST = 1000
MOST_DIGITS = 4
YES = "yes"
FILE_COLUMNS = ("Child", "Who", "Newest record", *COLUMNS, "Marking")
NOTES = (
    "Every child with a missing report, return, interview, PPN, trigger plan, risk assessment or review of "
    f"the team in the last {YEAR} days, as far as you may read those records. Episodes are counted from "
    "them alone.",
    "A child is known again by names and date of birth. A child who has died stands here no more.",
)
CUT = f"A file holds the first {MOST:,} of them: choose a unit to take the others."
NOBODY = "No child fits this. Take a filter away to see more."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the register of children is narrowed to. No name stands in an address."""

    unit: str = ""
    missing: bool = False
    late: bool = False
    page: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Asked:
        """What an address or a form asks for. What cannot be understood is not asked for."""
        number = given.get("page", "")
        plain = number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS
        return cls(
            unit=given.get("unit", ""),
            missing=given.get("missing", "") == YES,
            late=given.get("late", "") == YES,
            page=max(1, int(number)) if plain else 1,
        )

    @property
    def said(self) -> dict[str, str]:
        """The filters that are set, as they stand in the address and in what is kept of a look."""
        known = {
            "unit": self.unit,
            "missing": YES if self.missing else "",
            "late": YES if self.late else "",
        }
        return {name: word for name, word in known.items() if word}

    def address(self, number: int) -> str:
        """The address of one of its pages."""
        said = {**self.said, **({"page": str(number)} if number > 1 else {})}
        return f"{HERE}?{urlencode(said)}" if said else HERE

    def understood(self, register: Register) -> Asked:
        """The same, of a unit that is there: an address can hold anything, a child's name too."""
        return self if self.unit in register.units else replace(self, unit="")

    def fits(self, register: Register, child: Child) -> bool:
        """Whether a child is asked for."""
        of_unit = not self.unit or any(row["unit"] == self.unit for row in child.rows)
        missing = not self.missing or register.missing(child) is not None
        return of_unit and missing and (not self.late or register.is_late(child))


def show(seen: Seen) -> Response:
    """One page of it. That it was read is written down first."""
    return _shown(seen, Asked.of(seen.request.query_params))


def take(seen: Seen) -> Response:
    """All of it as a file, once whoever takes it has said what for."""
    asked = Asked.of(seen.form)
    purpose = taking.purpose_in(seen.form)
    with seen.context.store.read() as db:
        register = each_child.read(seen, db)
        asked = asked.understood(register)
        told = [one for one in register.in_order() if asked.fits(register, one)][:MOST]
        cells = Cells.of(db, register, told)
    names = taking.names_of(mention for one in told for mention in one.mentions)
    problems = tuple(taking.problems_with(purpose, names))
    if problems:
        return _shown(seen, asked, purpose=purpose, problems=problems, status=422)
    seen.context.store.write(
        lambda db: taking.note_taken(
            db,
            seen,
            "children file taken",
            purpose=purpose,
            rows=len(told),
            records=_records(told),
            asked=[f"{name}={word}" for name, word in asked.said.items()],
        )
    )
    content = files.as_csv(FILE_COLUMNS, (_line(cells.row(one)) for one in told))
    return files.as_file(f"children-{local(seen.now).date().isoformat()}.csv", content)


def _shown(
    seen: Seen, asked: Asked, *, purpose: str = "", problems: tuple[Problem, ...] = (), status: int = 200
) -> Response:
    with seen.context.store.read() as db:
        register = each_child.read(seen, db)
        asked = asked.understood(register)
        told = [one for one in register.in_order() if asked.fits(register, one)]
        pages = max(1, -(-len(told) // AT_ONCE))
        number = min(asked.page, pages)
        shown = told[(number - 1) * AT_ONCE : number * AT_ONCE]
        cells = Cells.of(db, register, shown)
    later = {"page": "later"} if number > 1 else {}
    note_list(seen, "children read", len(shown), _records(shown), {**asked.said, **later})
    of_pages = f", page {number} of {pages}" if pages > 1 else ""
    made = ChildrenPage(
        **seen.frame("children"),
        title="Error: Children" if problems else "Children",
        asked_at=words.day_and_time(seen.now),
        number=f"{how_many(len(told))}{of_pages}",
        notes=NOTES,
        filters=tuple(_filters(register, asked)),
        columns=COLUMNS,
        rows=tuple(map(cells.row, shown)),
        empty=NOBODY if asked.said else "No record about a child has arrived yet.",
        more=asked.address(number + 1) if number < pages else "",
        first=asked.address(1) if number > 1 else "",
        cut=CUT if len(told) > MOST else "",
        take=TAKE,
        kept=tuple(asked.said.items()),
        purpose=purpose,
        problems=problems,
    )
    return page(made, status)


def _filters(register: Register, asked: Asked) -> Iterator[Filter]:
    yield Filter("unit", "Unit", choices=choices(register.units, asked.unit))
    yield Filter("missing", "Now", choices=_only("Missing now only", chosen=asked.missing))
    yield Filter("late", "Next due", choices=_only("Overdue only", chosen=asked.late))


def _only(said: str, *, chosen: bool) -> tuple[Choice, ...]:
    return choices({YES: said}, YES if chosen else "")


def _records(told: list[Child]) -> list[str]:
    """Every record that a line rests on, for whoever watches over looking."""
    return [row["record"] for one in told for row in one.rows]


def _line(row: ChildRow) -> tuple[str, ...]:
    """A child's line for a spreadsheet: what is one below the other on the page is one behind the other."""
    who = "; ".join(filter(None, (row.about, *(one.words for one in row.marks))))
    newest = f"{row.kind}, {row.reference}"
    return (row.child, who, newest, *map(_cell, row.cells), MARKING)


def _cell(mark: Mark) -> str:
    return f"{mark.words} ({mark.under})" if mark.under else mark.words
