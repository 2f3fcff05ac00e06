"""The daily meeting of those who work for missing and exploited children: one sheet, to read, print or take.

Whoever takes it as a file says what for.
"""

from __future__ import annotations

from collections.abc import Iterator

from starlette.responses import Response

from sync_server.console import files, sheet, taking, words
from sync_server.console.doors import Seen, page
from sync_server.console.listed import Choice, Filter, MeetingPage, SheetRow
from sync_server.console.pages import Mark, Problem
from sync_server.console.register import note_list
from sync_server.console.sheet import MOST
from sync_server.console.taking import MARKING
from sync_server.notices import local

HOURS = 24
MOST_HOURS = 7 * HOURS
OFFERED = (12, HOURS, 2 * HOURS, 3 * HOURS, MOST_HOURS)
CUT = f"More is open than a sheet holds: these are the {MOST:,} gravest records. The register has the rest."
COLUMNS = (
    *("Child", "Who", "Missing", "Graded", "Gravest sign", "What was found", "Records and decisions"),
    *("Open tasks", "Late tasks", "Marking"),
)


def show(seen: Seen) -> Response:
    """The sheet. That it was read is written down first."""
    return _shown(seen, hours_in(seen.request.query_params.get("hours", "")))


def take(seen: Seen) -> Response:
    """The sheet as a file, once whoever takes it has said what for."""
    hours = hours_in(seen.form.get("hours", ""))
    purpose = taking.purpose_in(seen.form)
    with seen.context.store.read() as db:
        drawn = sheet.drawn(seen, db, hours)
    problems = tuple(taking.problems_with(purpose, drawn.names))
    if problems:
        return _shown(seen, hours, purpose=purpose, problems=problems, status=422)
    seen.context.store.write(
        lambda db: taking.note_taken(
            db,
            seen,
            "file taken",
            purpose=purpose,
            rows=len(drawn.rows),
            records=drawn.records,
            asked=[f"hours={hours}"],
        )
    )
    content = files.as_csv(COLUMNS, map(_cells, drawn.rows))
    return files.as_file(f"daily-meeting-{local(seen.now).date().isoformat()}.csv", content)


def hours_in(given: str) -> int:
    """How far back an address asks for; a day where it makes no sense."""
    number = int(given) if given.isascii() and given.isdigit() and len(given) <= len(str(MOST_HOURS)) else 0
    return number if 1 <= number <= MOST_HOURS else HOURS


def _shown(
    seen: Seen, hours: int, *, purpose: str = "", problems: tuple[Problem, ...] = (), status: int = 200
) -> Response:
    with seen.context.store.read() as db:
        drawn = sheet.drawn(seen, db, hours)
    note_list(seen, "meeting read", len(drawn.rows), drawn.records, {"hours": str(hours)})
    made = MeetingPage(
        **seen.frame("meeting"),
        title="Error: Daily meeting" if problems else "Daily meeting",
        asked_at=words.day_and_time(seen.now),
        number="1 child" if len(drawn.rows) == 1 else f"{len(drawn.rows):,} children",
        last=_said(hours),
        hours=hours,
        choices=Filter("hours", "What happened in the last", choices=tuple(_choices(hours))),
        rows=drawn.rows,
        cut=CUT if drawn.cut else "",
        purpose=purpose,
        problems=problems,
    )
    return page(made, status)


def _choices(hours: int) -> Iterator[Choice]:
    for one in sorted({*OFFERED, hours}):
        yield Choice(str(one), _said(one), one == hours)


def _said(hours: int) -> str:
    if hours == 1:
        return "hour"
    days, over = divmod(hours, HOURS)
    return f"{days} days" if days > 1 and not over else f"{hours} hours"


def _cells(row: SheetRow) -> tuple[str, ...]:
    """A child's line for a spreadsheet: what is one below the other on the page is one behind the other."""
    late = sum(one.due.tone == "late" for one in row.tasks)
    return (
        row.child,
        row.about,
        _behind(map(_line, row.missing)),
        _behind(map(_line, row.graded)),
        row.gravest,
        _behind(map(_line, row.found)),
        _behind(f"{one.kind}, {one.received}, {one.unit}: {_line(one.stands)}" for one in row.records),
        _behind(
            ", ".join(filter(None, (one.what, one.concerns, one.owner, one.taken, _line(one.due))))
            for one in row.tasks
        ),
        str(late),
        MARKING,
    )


def _line(mark: Mark) -> str:
    return f"{mark.words} ({mark.under})" if mark.under else mark.words


def _behind(several: Iterator[str]) -> str:
    return "; ".join(several)
