"""The pack for the monthly meeting about police protection: every use in a month, to read, print or take."""

from __future__ import annotations

from starlette.responses import Response

from sync_server.console import files, taking, uses, words
from sync_server.console.doors import Seen, page
from sync_server.console.month import Month, month_filter, month_in
from sync_server.console.overviews import ProtectionsPage, UseView
from sync_server.console.pages import Problem
from sync_server.console.records import note_views
from sync_server.console.register import note_list
from sync_server.console.taking import MARKING

TAKE = "/police-protection/file"
COLUMNS = (
    *("Child", "Who", "Unit", "Began", "Lasted", "To know first", "Late"),
    *uses.TOLD,
    *("Records", "Marking"),
)


def show(seen: Seen) -> Response:
    """The pack. That it was read is written down first, in the history of each record too."""
    return _shown(seen, month_in(seen.request.query_params.get("month", ""), seen.now))


def take(seen: Seen) -> Response:
    """The pack as a file, once whoever takes it has said what for."""
    month = month_in(seen.form.get("month", ""), seen.now)
    purpose = taking.purpose_in(seen.form)
    with seen.context.store.read() as db:
        drawn = uses.drawn(seen, db, month)
    problems = tuple(taking.problems_with(purpose, taking.names_of(drawn.children)))
    if problems:
        return _shown(seen, month, purpose=purpose, problems=problems, status=422)
    seen.context.store.write(
        lambda db: taking.note_taken(
            db,
            seen,
            "protection file taken",
            purpose=purpose,
            rows=len(drawn.views),
            records=[record for record, _ in drawn.records],
            asked=[f"month={month.code}"],
        )
    )
    content = files.as_csv(COLUMNS, map(_cells, drawn.views))
    return files.as_file(f"police-protection-{month.code}.csv", content)


def _shown(
    seen: Seen, month: Month, *, purpose: str = "", problems: tuple[Problem, ...] = (), status: int = 200
) -> Response:
    with seen.context.store.read() as db:
        drawn = uses.drawn(seen, db, month)
    number = len(drawn.views)
    records = [record for record, _ in drawn.records]
    note_list(seen, "protection read", number, records, {"month": month.code})
    note_views(seen, drawn.records)
    made = ProtectionsPage(
        **seen.frame("lists"),
        title=f"{'Error: ' if problems else ''}Police protection in {month.said}",
        asked_at=words.day_and_time(seen.now),
        number="1 use" if number == 1 else f"{number:,} uses",
        month=month.said,
        filters=(month_filter(month, seen.now),),
        uses=drawn.views,
        take=TAKE,
        kept=(("month", month.code),),
        purpose=purpose,
        problems=problems,
    )
    return page(made, status)


def _cells(use: UseView) -> tuple[str, ...]:
    """A use's line for a spreadsheet."""
    said = {one.label: one.words for one in use.facts}
    return (
        use.child,
        use.about,
        use.unit,
        use.began,
        use.lasted,
        "; ".join(one.words for one in use.marks),
        "; ".join(use.late),
        *(said.get(label, "") for label in uses.TOLD),
        "; ".join(f"{one.kind}, {one.received}: {one.stands.words}" for one in use.records),
        MARKING,
    )
