"""Counting how well records are made: by unit, by month, by question and by rule; never by officer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from sync_server.console import words
from sync_server.console.asking import Asked
from sync_server.console.counted import FLAG_OF, Shows, condition, question_or_rule, rule_said, sent_back
from sync_server.console.doors import Seen
from sync_server.console.marks import brief_title_of
from sync_server.console.month import Month
from sync_server.console.overviews import Figure, FigureRow
from sync_server.db.tables import decision, record

FEWEST = 5
"""Of fewer records nothing is counted: the numbers would be about one officer, and by chance."""
FEWEST_FOR_A_SHARE = 20
MOST_LISTED = 15
NONE = "Nothing arrived."
TOO_FEW = f"Fewer than {FEWEST}: too few to count. Read them instead."
COLUMNS: Mapping[Shows, str] = {
    Shows.GAPS: "Not answered, with reasons",
    Shows.MISSING: "Still needed",
    Shows.SENT_BACK: "Sent back",
    Shows.EMERGENCY: "Sent as an emergency",
    Shows.PPN_LATE: "PPN late",
    Shows.COUNCIL_LATE: "Council told late",
    Shows.KEPT: "A rule asked, and it stayed",
    Shows.ANSWERED: "A rule asked, and got a reason",
}


@dataclass(frozen=True, slots=True)
class _Counted:
    """What was counted of one unit in one month."""

    records: int = 0
    times_returned: int = 0
    shown: Mapping[Shows, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Counting:
    """What is counted for one page: whose records, of which kind, and of which unit where one is chosen."""

    seen: Seen
    db: Connection = field(repr=False)
    kind: str = ""
    unit: str = ""

    def asked(
        self, month: Month, shows: Shows = Shows.COUNTED, *, about: str = "", kind: str = "", unit: str = ""
    ) -> Asked:
        """The view of the register that holds what is counted of this month."""
        return Asked(
            kind=kind or self.kind,
            unit=unit or self.unit,
            since=month.first.isoformat(),
            until=month.last.isoformat(),
            shows=shows,
            about=about,
        )

    def href(self, asked: Asked) -> str:
        """The address of that view."""
        return asked.address(self.seen.slips, self.seen.account.person.force)

    def rows(self, month: Month) -> ColumnElement[bool]:
        """The records of this month that count, of those that whoever asks may read."""
        return self.asked(month).rows(self.seen.account.person, self.seen.now)

    def by_unit(self, month: Month) -> Iterator[FigureRow]:
        """The month of each unit."""
        for unit, counted in self._counted(month).items():
            chosen = {"month": month.code, "unit": unit, "kind": self.kind}
            href = f"/quality?{urlencode({name: word for name, word in chosen.items() if word})}"
            yield self._row(words.plain_code(unit), self.asked(month, unit=unit), counted, href)

    def by_month(self, months: Sequence[Month]) -> Iterator[FigureRow]:
        """The months of one unit, with those in which nothing arrived."""
        for month in months:
            counted = self._counted(month).get(self.unit, _Counted())
            yield self._row(month.said, self.asked(month), counted)

    def _counted(self, month: Month) -> dict[str, _Counted]:
        force, now = self.seen.account.person.force, self.seen.now
        shown = [func.sum(case((condition(one, "", force, now), 1), else_=0)) for one in COLUMNS]
        rows, unit = self.rows(month), record.c.unit
        counted = select(unit, func.count(), *shown).where(rows).group_by(unit).order_by(unit)
        times = (
            select(unit, func.count())
            .join(decision, and_(decision.c.record == record.c.record, sent_back(force)))
            .where(rows)
            .group_by(unit)
        )
        returned: dict[str, int] = dict(map(tuple, self.db.execute(times).all()))
        return {
            one: _Counted(total, returned.get(one, 0), dict(zip(COLUMNS, numbers, strict=True)))
            for one, total, *numbers in self.db.execute(counted).all()
        }

    def enough(self, month: Month) -> bool:
        """Whether there are enough records in this month to look at their questions and rules."""
        counted = select(func.count()).select_from(record).where(self.rows(month))
        return int(self.db.execute(counted).scalar_one()) >= FEWEST

    def _row(self, name: str, asked: Asked, counted: _Counted, href: str = "") -> FigureRow:
        total = Figure(f"{counted.records:,}", self.href(asked) if counted.records else "")
        if counted.records < FEWEST:
            return FigureRow(name, href, (total,), TOO_FEW if counted.records else NONE)
        figures = [
            Figure(
                str(number),
                self.href(replace(asked, shows=shows)) if number else "",
                _under(counted, shows, number),
            )
            for shows, number in counted.shown.items()
        ]
        return FigureRow(name, href, (total, *figures))

    def questions(self, month: Month) -> Iterator[FigureRow]:
        """The questions that were left open most often, or are still needed."""
        counted = self._by_flag(month, (Shows.GAPS, Shows.MISSING))
        for (about, *_), numbers in counted:
            yield FigureRow(question_or_rule(about), "", tuple(self._figures(month, about, "", numbers)))

    def rules(self, month: Month) -> Iterator[FigureRow]:
        """The rules that asked most often: how often it stayed as it was, and how often with a reason."""
        counted = self._by_flag(month, (Shows.KEPT, Shows.ANSWERED), of_form=True)
        for (about, form, kind), numbers in counted:
            name = f"{brief_title_of(form)}, {about}: {rule_said(form, about)}"
            yield FigureRow(name, "", tuple(self._figures(month, about, kind, numbers)))

    def _figures(
        self, month: Month, about: str, kind: str, numbers: Mapping[Shows, int]
    ) -> Iterator[Figure]:
        for shows, number in numbers.items():
            asked = self.asked(month, shows, about=about, kind=kind)
            yield Figure(str(number), self.href(asked) if number else "")

    def _by_flag(
        self, month: Month, which: Sequence[Shows], *, of_form: bool = False
    ) -> list[tuple[tuple[str, str, str], dict[Shows, int]]]:
        """How many records list each question or rule under these flags, the most first.

        A question is the same in every form; a rule's number is ``of_form``, its kind of record.
        """
        found: dict[tuple[str, str, str], Counter[Shows]] = defaultdict(Counter)
        query = select(record.c.form, record.c.record_type, record.c.flags).where(self.rows(month))
        for form, kind, flags in self.db.execute(query):
            of = (form, kind) if of_form else ("", "")
            for shows in which:
                for about in flags.get(FLAG_OF[shows], ()):
                    found[about, *of][shows] += 1
        ordered = sorted(found.items(), key=lambda one: (-one[1].total(), one[0]))
        return [(of, {one: counted[one] for one in which}) for of, counted in ordered[:MOST_LISTED]]


def _under(counted: _Counted, shows: Shows, number: int) -> str:
    """What stands below a number: how often in all, or which share of the records, where there are many."""
    if shows is Shows.SENT_BACK:
        return f"{counted.times_returned} times in all" if counted.times_returned > number else ""
    if counted.records < FEWEST_FOR_A_SHARE or not number:
        return ""
    return f"{round(100 * number / counted.records)} in 100"
