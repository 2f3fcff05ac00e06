"""Reads what a lookout card says and what it never says; ``lookout.toml`` explains every setting.

A plan that could let something out by mistake is refused: a line that names what is withheld, or somebody's
exact words, or rows without saying which cells are read out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from booklets.conditions import ALWAYS, NEVER, Condition
from booklets.definitions.tables import Table, check_condition, nearest, refuse_twins
from booklets.forms import IN_ROWS, Field


class Shown(StrEnum):
    """How an answer is put into words where that is not simply the answer."""

    AS_IT_IS = "as_it_is"
    AGE = "age"
    INITIAL = "initial"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLine:
    """One line of the card. ``each``: all of its questions belong on it; else the first that is answered."""

    id: str
    title: str
    fields: tuple[str, ...]
    each: bool = False
    detail: str = ""
    detail_title: str = ""
    columns: tuple[str, ...] = ()
    shown: Shown = Shown.AS_IT_IS

    def named(self) -> tuple[str, ...]:
        """Every question that it may show."""
        return (*self.fields, self.detail) if self.detail else self.fields


@dataclass(frozen=True, slots=True)
class Saying:
    """What is said where such answers stand. ``after_death``: also where another record says "dead"."""

    when: Condition
    says: str
    after_death: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """What is never read out, and what is said instead.

    ``words`` hold back a line that they are written into, and ``codes`` a row in which one was chosen.
    """

    id: str
    says: str
    fields: frozenset[str]
    words: tuple[str, ...] = ()
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """How a place is read out.

    ``facts`` are what is said of it; of one that has only what is ``described``, that it is. ``homes`` are
    the types of which only ``of_a_home`` is said; so it is of a place among somebody's ``addresses``, but
    for rows of the types ``no_home``. A place with one of the ``secret`` words is not read out at all.
    """

    facts: tuple[str, ...] = ()
    described: str = ""
    homes: frozenset[str] = frozenset()
    of_a_home: tuple[str, ...] = ()
    addresses: str = ""
    no_home: frozenset[str] = frozenset()
    secret: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The whole card. ``form`` is the one without which there is none."""

    form: str
    places: Places
    over: tuple[Saying, ...]
    cautions: tuple[Saying, ...]
    lines: tuple[PlannedLine, ...]
    withheld: tuple[Withheld, ...]


def read_plan(table: Table, known: Mapping[str, Field], forms: Collection[str]) -> Plan:
    """The plan of one table, held against every question there is. Raises DefinitionError with its place."""
    plan = Plan(
        form=table.text("form"),
        places=_places(table.table("place"), known),
        over=tuple(_saying(one, known) for one in table.tables("over")),
        cautions=tuple(_saying(one, known) for one in table.tables("caution")),
        lines=tuple(_line(one, known) for one in table.tables("line")),
        withheld=tuple(_withheld(one, known) for one in table.tables("withheld")),
    )
    table.done()
    if plan.form not in forms:
        raise table.wrong(f"there is no form {plan.form!r}{nearest(plan.form, forms)}")
    if not plan.lines:
        raise table.wrong("a card needs lines")
    refuse_twins(table, (one.id for one in plan.lines), "line")
    refuse_twins(table, (one.id for one in plan.withheld), "withheld")
    for one in plan.withheld:
        for line in plan.lines:
            for name in one.fields.intersection(line.named()):
                raise table.wrong(f"line {line.id} would read out {name!r}, which is withheld: {one.id}")
    if not any(one.after_death for one in plan.over):
        raise table.wrong("one [[over]] with after_death must say why there is no card of a dead child")
    return plan


def _saying(table: Table, known: Mapping[str, Field]) -> Saying:
    saying = Saying(
        table.condition("when", prefix="", default=NEVER),
        table.text("says"),
        after_death=table.flag("after_death"),
    )
    table.done()
    if saying.when != ALWAYS:
        check_condition(table, "when", saying.when, known, {})
    return saying


def _places(table: Table | None, known: Mapping[str, Field]) -> Places:
    if table is None:
        return Places()
    places = Places(
        facts=table.words("facts"),
        described=table.text("described", ""),
        homes=frozenset(table.words("homes")),
        of_a_home=table.words("of_a_home"),
        addresses=table.text("addresses", ""),
        no_home=frozenset(table.words("no_home")),
        secret=table.words("secret"),
    )
    table.done()
    named = [f"place.{one}" for one in (*places.facts, *places.of_a_home, places.described) if one]
    for name in [*named, *filter(None, [places.addresses])]:
        if name not in known:
            raise table.wrong(f"there is no question {name!r}{nearest(name, known)}")
    types = {code.code for code in known["place.place_type"].codes}
    for one in sorted(places.homes - types):
        raise table.wrong(f"homes: there is no {one!r}{nearest(one, types)}")
    return places


def _line(table: Table, known: Mapping[str, Field]) -> PlannedLine:
    fields, each = table.words("fields"), table.words("each")
    line = PlannedLine(
        id=table.short_name("id"),
        title=table.text("title"),
        fields=fields or each,
        each=bool(each),
        detail=table.text("detail", ""),
        detail_title=table.text("detail_title", ""),
        columns=table.words("columns"),
        shown=table.one_of("as", Shown, Shown.AS_IT_IS),
    )
    table.done()
    if line.detail_title and not line.detail:
        raise table.wrong("detail_title is what a detail is called, and there is none")
    if fields and each:
        raise table.wrong("a line has fields or each, not both")
    if bool(line.fields) == (line.shown is Shown.REFERENCE):
        raise table.wrong("a line shows at least one question; the reference shows none")
    _may_be_read_out(table, line, known)
    return line


def _may_be_read_out(table: Table, line: PlannedLine, known: Mapping[str, Field]) -> None:
    """Refuse what nobody asked, exact words, and rows of which it is not said what is read out."""
    cells: set[str] = set()
    for name in line.named():
        if name not in known:
            raise table.wrong(f"there is no question {name!r}{nearest(name, known)}")
        one = known[name]
        if one.verbatim:
            raise table.wrong(f"{name} has somebody's exact words, which are never read out")
        if one.kind in IN_ROWS and not line.columns:
            raise table.wrong(f"columns must say which cells of {name} are read out")
        cells |= {column.id for column in one.columns}
    for column in line.columns:
        if column not in cells:
            raise table.wrong(f"columns: there is no {column!r}{nearest(column, cells)}")


def _withheld(table: Table, known: Mapping[str, Field]) -> Withheld:
    one = Withheld(
        id=table.short_name("id"),
        says=table.text("says"),
        fields=frozenset(table.words("fields")),
        words=table.words("words"),
        codes=frozenset(table.words("codes")),
    )
    table.done()
    for name in sorted(one.fields):
        if name not in known:
            raise table.wrong(f"there is no question {name!r}{nearest(name, known)}")
    return one
