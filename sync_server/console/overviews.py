"""The pages that look over many records at once, each a dataclass: quality, and the lists of the teams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sync_server.console.listed import Filter
from sync_server.console.pages import Page


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
    """How well records are made, by unit and month, and never by officer."""

    template: ClassVar[str] = "quality.html"
    title: str = "Quality"
    asked_at: str
    whose: str
    filters: tuple[Filter, ...]
    tables: tuple[FigureTable, ...]
