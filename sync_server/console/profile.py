"""The problem profile of a month (R-30), for analysts: its numbers, and the intelligence behind them.

The numbers stand there at once, for nobody can be found in them. What adults, vehicles, accounts and places
are behind them is shown once it was said what for, which is kept with every record it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from starlette.responses import Response

from booklets import definitions
from sync_server.across import months, profile
from sync_server.across.profile import Profile
from sync_server.across.seen import read
from sync_server.console import files, scopes, taking, words
from sync_server.console.doors import Seen, page
from sync_server.console.marks import rows_by
from sync_server.console.month import Month, month_filter, month_in
from sync_server.console.overviews import ProfilePage
from sync_server.console.pages import Mark, Problem, TableView
from sync_server.console.register import note_list
from sync_server.db.tables import person

FILE = "file"
NUMBERS = ("What", "Which", "Episodes", "Children")
INTELLIGENCE = ("What", "Which", "Kinds of exploitation", "Cases", "Children", "Records")
WHAT = {"adult": "Adult", "vehicle": "Vehicle", "account": "Account", "place": "Place"}
COVERT = (
    "{number} of the month’s records are covert, or of a restricted child, and were left out altogether."
)


def show(seen: Seen) -> Response:
    """The numbers. That they were read is written down first."""
    month = month_in(seen.request.query_params.get("month", ""), seen.now)
    return _shown(seen, month)


def ask(seen: Seen) -> Response:
    """The intelligence, as a page or as a file, once whoever asks has said what for."""
    month = month_in(seen.form.get("month", ""), seen.now)
    purpose = taking.purpose_in(seen.form)
    force = seen.account.person.force
    with seen.context.store.read() as db:
        looked = read(db, force, seen.context.policy(force).settings, seen.now)
        opened = profile.opened_of(db, seen.context.keys.safe, looked, month.first)
        hidden = scopes.hidden_words(db, seen.account.person)
        found = profile.profile(looked, month.first, opened, hidden)
        subjects = {str(one.header.subject) for one in opened.values()} - hidden
        known = [row for rows in rows_by(db, person, "id", subjects).values() for row in rows]
    problems = tuple(taking.problems_with(purpose, taking.names_of(known)))
    if problems:
        return _shown(seen, month, purpose=purpose, problems=problems, status=422)
    seen.context.store.write(
        partial(
            profile.note_read,
            found=found,
            force=force,
            by=seen.account.id,
            month=month.first,
            said={"why": seen.why, "purpose": purpose},
            at=seen.now,
        )
    )
    if seen.form.get("act") == FILE:
        content = files.as_csv(profile.COLUMNS, profile.cells(found, month.first))
        return files.as_file(f"problem-profile-{month.code}-{taking.MARKING}.csv", content)
    return _shown(seen, month, purpose=purpose, found=found)


def _shown(
    seen: Seen,
    month: Month,
    *,
    purpose: str = "",
    found: Profile | None = None,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> Response:
    force = seen.account.person.force
    with seen.context.store.read() as db:
        looked = read(db, force, seen.context.policy(force).settings, seen.now)
    numbers = tuple(months.lines(looked, month.first))
    note_list(seen, "figures read", len(numbers), (), {"month": month.code})
    made = ProfilePage(
        **seen.frame("profile"),
        title=f"{'Error: ' if problems else ''}Problem profile",
        asked_at=words.day_and_time(seen.now),
        number=month.said,
        filters=(month_filter(month, seen.now),),
        take="/problem-profile",
        kept=(("month", month.code),),
        purpose=purpose,
        problems=problems,
        numbers=TableView(
            "numbers", f"Numbers of {month.said}", NUMBERS, tuple(_numbers(numbers)), "Nothing."
        ),
        found=_found(found) if found is not None else None,
        covert=COVERT.format(number=found.covert) if found is not None and found.covert else "",
    )
    return page(made, status)


def _numbers(lines: tuple[months.Line, ...]) -> Iterator[tuple[Mark, ...]]:
    for one in lines:
        which = _kind(one.which) if one.what == "exploitation" else one.which
        cells = (one.what.capitalize(), which, months.shown(one.episodes), months.shown(one.children))
        yield tuple(map(Mark, cells))


def _found(found: Profile) -> TableView:
    rows = tuple(
        (
            Mark(WHAT[one.what]),
            Mark(one.which, "well" if one.which == profile.WITHHELD else ""),
            Mark("; ".join(map(_kind, one.kinds)) or "–"),
            Mark(str(one.cases)),
            Mark(str(one.children)),
            Mark(", ".join(one.references)),
        )
        for one in found.lines
    )
    empty = "No adult, vehicle, account or place stands in the month’s records."
    return TableView("intelligence", "Restricted intelligence", INTELLIGENCE, rows, empty)


def _kind(code: str) -> str:
    """A kind of exploitation in words."""
    return definitions.every_field()[months.TYPES[0]].label_of(code)
