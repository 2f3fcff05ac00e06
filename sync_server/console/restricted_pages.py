"""The pages about restricted children, each a dataclass: all of them, one, and restricting another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from sync_server.console.pages import Fact, Page, Problem, TableView


@dataclass(frozen=True, slots=True)
class RestrictedRow:
    """One restriction as anybody who has the register reads it. ``child`` only for whoever may read."""

    href: str
    reference: str
    child: str = field(repr=False)
    about: str = field(repr=False)
    since: str
    by: str = field(repr=False)
    ask: tuple[str, ...] = field(repr=False)
    yours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictedPage(Page):
    """Every restricted child as a reference, and what is asked of whoever opens one in need."""

    template: ClassVar[str] = "restricted.html"
    title: str = "Restricted children"
    asked_at: str
    hours: int
    rows: tuple[RestrictedRow, ...] = field(repr=False)
    given: Mapping[str, str] = field(repr=False)
    problems: tuple[Problem, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionPage(Page):
    """One restriction. Held out: whom to ask, and opening it in need. Else: the child, and who opened.

    ``manages``: whoever reads may change its list and end it. ``wrong_in`` says which form is wrong.
    """

    template: ClassVar[str] = "restriction.html"
    heading: str = field(repr=False)
    under: str
    facts: tuple[Fact, ...] = field(repr=False)
    ask: tuple[str, ...] = field(repr=False)
    action: str
    held_out: bool
    hours: int
    then: str = ""
    why: str = field(default="", repr=False)
    records: tuple[Fact, ...] = field(default=(), repr=False)
    openings: TableView | None = field(default=None, repr=False)
    manages: bool = False
    given: Mapping[str, str] = field(repr=False)
    wrong_in: str = ""
    problems: tuple[Problem, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictPage(Page):
    """Restricting who may read about the child of a record."""

    template: ClassVar[str] = "restrict.html"
    title: str = "Restrict who may read"
    under: str = field(repr=False)
    action: str
    back: str
    hours: int
    given: Mapping[str, str] = field(repr=False)
    problems: tuple[Problem, ...] = ()
