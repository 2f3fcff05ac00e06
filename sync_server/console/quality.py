"""How well records are made: the figures of each unit and month, each with the list behind it.

For supervisors of their own unit, for teams of whatever they may read. Nothing is counted by officer, and
nothing of so few records that it would be about one.
"""

from __future__ import annotations

from collections.abc import Iterator

from starlette.responses import Response

from sync_server.console import samples, words
from sync_server.console.asking import Asked
from sync_server.console.counted import Shows
from sync_server.console.doors import Seen, page
from sync_server.console.figures import COLUMNS, Counting
from sync_server.console.listed import Filter
from sync_server.console.month import Month, month_filter, month_in
from sync_server.console.overviews import FigureTable, QualityPage
from sync_server.console.register import choices, kinds_and_units, note_list
from sync_server.console.scopes import CHOOSERS
from sync_server.identity.accounts import Role

MONTHS_BESIDE = 6
EVERYBODY = frozenset({Role.FIM, Role.MHET})
OF_SOME = frozenset({Role.VAT, Role.CET, Role.CII})
COUNTED_HOW = (
    "A record counts in the month in which its newest revision arrived, in the unit that wrote it; "
    "one that was withdrawn counts nowhere."
)
NO_WORDING = (
    "What a rule asked for and was mended before sending is not known here. Rules about wording are looked "
    "at when somebody opens a record, and are not counted."
)
HONEST = (
    "An answer that is open with its reason is an honest answer. What is worth asking is why so many are."
)


def show(seen: Seen) -> Response:
    """The figures. That they were read is written down; they name nobody."""
    given = seen.request.query_params
    asked = Asked.of(given, seen.slips, seen.account.person.force)
    month = month_in(given.get("month", ""), seen.now)
    with seen.context.store.read() as db:
        kinds, units = kinds_and_units(db, seen.account.person)
        unit = next(iter(units)) if len(units) == 1 else asked.unit
        tables = tuple(_tables(Counting(seen, db, kind=asked.kind, unit=unit), month))
    narrowed = {"month": month.code, "unit": unit, "kind": asked.kind}
    note_list(seen, "quality read", 0, asked={name: said for name, said in narrowed.items() if said})
    return page(
        QualityPage(
            **seen.frame("quality"),
            asked_at=words.day_and_time(seen.now),
            whose=_whose(seen.account.person.roles),
            filters=(
                month_filter(month, seen.now),
                Filter("unit", "Unit", choices=choices(units, unit)),
                Filter("kind", "Record", choices=choices(kinds, asked.kind)),
            ),
            tables=tables,
            samples=samples.HERE if seen.account.person.roles & CHOOSERS else "",
        )
    )


def _whose(roles: frozenset[Role]) -> str:
    if roles & EVERYBODY:
        return "Every unit of the force"
    return "The records that are yours to read" if roles & OF_SOME else "The records of your own unit"


def _tables(counting: Counting, month: Month) -> Iterator[FigureTable]:
    columns = ("Records", *COLUMNS.values())
    units = tuple(counting.by_unit(month))
    yield FigureTable(
        "units", f"Units in {month.said}", ("Unit", *columns), units, "Nothing arrived.", COUNTED_HOW
    )
    if counting.unit:
        months = [month.before(number) for number in range(MONTHS_BESIDE)]
        beside = tuple(counting.by_month(months))
        yield FigureTable("months", "Month by month", ("Month", *columns), beside, "Nothing arrived.")
    if counting.enough(month):
        yield FigureTable(
            "questions",
            "Questions without an answer",
            ("Question", COLUMNS[Shows.GAPS], COLUMNS[Shows.MISSING]),
            tuple(counting.questions(month)),
            "Every question has its answer.",
            HONEST,
        )
        yield FigureTable(
            "rules",
            "Rules that asked",
            ("Rule", "It stayed as it was", "A reason was given"),
            tuple(counting.rules(month)),
            "No rule asked for anything.",
            NO_WORDING,
        )
