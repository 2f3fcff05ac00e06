"""The pages that look over many records at once, each a dataclass: quality, and the lists of the teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from sync_server.console.listed import Filter, SheetRecord
from sync_server.console.pages import Fact, Mark, Page, Problem, TableView


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in words, with the list behind it where there is one."""

    words: str
    href: str = ""
    under: str = ""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """What is counted, and its numbers; ``few``: why they are not given."""

    name: str
    href: str
    figures: tuple[Figure, ...]
    few: str = ""


@dataclass(frozen=True, slots=True)
class FigureTable:
    """Numbers under their headings."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[FigureRow, ...]
    empty: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityPage(Page):
    """How well records are made, by unit and month, and never by officer. ``samples``: the way to those."""

    template: ClassVar[str] = "quality.html"
    title: str = "Quality"
    asked_at: str
    whose: str
    filters: tuple[Filter, ...]
    tables: tuple[FigureTable, ...]
    samples: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UseView:
    """One use of police protection, as the monthly meeting reads it."""

    child: str = field(repr=False)
    about: str = field(repr=False)
    unit: str
    began: str
    lasted: str
    marks: tuple[Mark, ...]
    facts: tuple[Fact, ...] = field(repr=False)
    late: tuple[str, ...]
    records: tuple[SheetRecord, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenPage(Page):
    """A page that can be taken as a file: ``take`` is where, ``kept`` is what the form carries along."""

    asked_at: str
    number: str
    filters: tuple[Filter, ...]
    take: str
    kept: tuple[tuple[str, str], ...]
    purpose: str = field(default="", repr=False)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionsPage(TakenPage):
    """Every use of police protection in a month, for the meeting that learns from each."""

    template: ClassVar[str] = "protections.html"
    title: str = "Police protection"
    month: str
    uses: tuple[UseView, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilePage(TakenPage):
    """The problem profile of a month. ``found`` is the intelligence, once it was said what for."""

    template: ClassVar[str] = "profile.html"
    title: str = "Problem profile"
    numbers: TableView
    found: TableView | None = field(default=None, repr=False)
    covert: str = ""


@dataclass(frozen=True, slots=True)
class GatheredRow:
    """One child of a list: what the list is about, and the records it is known from."""

    child: str = field(repr=False)
    about: str = field(repr=False)
    cells: tuple[tuple[Mark, ...], ...] = field(repr=False)
    records: tuple[SheetRecord, ...] = field(repr=False)
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheredPage(TakenPage):
    """The children of one list. ``notes`` say who stands on it, and who does not."""

    template: ClassVar[str] = "gathered.html"
    heading: str
    notes: tuple[str, ...]
    action: str
    columns: tuple[str, ...]
    rows: tuple[GatheredRow, ...] = field(repr=False)
    empty: str
    take: str = ""
    kept: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildRow:
    """One child of the register of children, with the way to their newest record; a cell for each column."""

    href: str
    child: str = field(repr=False)
    about: str = field(repr=False)
    kind: str
    reference: str
    marks: tuple[Mark, ...]
    cells: tuple[Mark, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildrenPage(TakenPage):
    """The register of children, one line for each. ``cut``: there are more than a file holds."""

    template: ClassVar[str] = "children.html"
    notes: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[ChildRow, ...] = field(repr=False)
    empty: str
    more: str = ""
    first: str = ""
    cut: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListsPage(Page):
    """The lists that somebody may open: the address, the name, and what each is for."""

    template: ClassVar[str] = "lists.html"
    title: str = "Lists"
    lists: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassPage(Page):
    """What a team asks of the community officers. ``id`` makes one of a button that is pressed twice."""

    template: ClassVar[str] = "pass.html"
    heading: str
    under: str
    action: str
    back: str
    id: str
    kinds: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...] = field(repr=False)
    given: Mapping[str, str] = field(repr=False)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferPage(Page):
    """What the exploitation team asks of another. ``id`` makes one of a button that is pressed twice."""

    template: ClassVar[str] = "refer.html"
    heading: str
    under: str
    call: str
    action: str
    back: str
    id: str
    teams: tuple[tuple[str, str], ...]
    given: Mapping[str, str] = field(repr=False)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place: how often it came up, why it is of concern, who looks after it, what is asked there."""

    place: str = field(repr=False)
    kind: str
    came_up: str
    children: str
    why: tuple[str, ...]
    owner: Mark = field(repr=False)
    asked: tuple[tuple[str, str], ...]
    ask: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesPage(Page):
    """The places that come up, the most often first. No child stands here."""

    template: ClassVar[str] = "places.html"
    title: str = "Places"
    asked_at: str
    days: int
    rows: tuple[PlaceRow, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One dip sample in the list of them."""

    href: str
    unit: str
    month: str
    drawn: str
    records: str
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplesPage(Page):
    """The dip samples of a unit or the force, and what is asked of whoever draws another."""

    template: ClassVar[str] = "samples.html"
    title: str = "Dip samples"
    asked_at: str
    choices: tuple[Filter, ...]
    rows: tuple[SampleRow, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class DippedRow:
    """One record that was drawn, and what was written about it: when, by whom, the words."""

    record: SheetRecord
    marks: tuple[Mark, ...]
    drawn: str
    number: int
    written: tuple[tuple[str, str, str], ...] = field(repr=False)
    typed: str = field(default="", repr=False)
    wrong: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePage(Page):
    """One dip sample: the lot, and each record with room for feedback. ``id`` is this page's."""

    template: ClassVar[str] = "sample.html"
    title: str = "Dip sample"
    under: str
    seed: str
    action: str
    id: str
    rows: tuple[DippedRow, ...] = field(repr=False)
    gone: str = ""
    said: str = ""
    problems: tuple[Problem, ...] = ()
