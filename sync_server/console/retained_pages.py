"""The pages about keeping records, each a dataclass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from sync_server.console.pages import Fact, Mark, Page, Problem, TableView

NOTHING_GIVEN: Mapping[str, str] = MappingProxyType(dict.fromkeys(("why", "until", "words"), ""))


@dataclass(frozen=True, slots=True)
class DueRow:
    """Records that are kept together and are due for review."""

    href: str
    child: str = field(repr=False)
    about: str = field(repr=False)
    group: str
    last: str
    due: str
    records: str
    stands: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPage(Page):
    """What is due for review, and what was destroyed."""

    template: ClassVar[str] = "retained.html"
    title: str = "Due for review"
    asked_at: str
    number: str
    rows: tuple[DueRow, ...] = field(repr=False)
    cut: str = ""
    reference: str = ""
    destroyed: TableView
    copies: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class SayForm:
    """One thing that can be said of a file. ``given`` is what was filled in."""

    kind: str
    heading: str
    what: str
    button: str
    reasons: tuple[tuple[str, str], ...] = ()
    until: str = ""
    lifts: int = 0
    given: Mapping[str, str] = field(default_factory=lambda: NOTHING_GIVEN, repr=False)
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SaidRow:
    """What somebody said of keeping these records."""

    at: str
    who: str = field(repr=False)
    did: str
    why: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage(Page):
    """Records that are kept together, what was said of them, and what can be said."""

    template: ClassVar[str] = "retained_file.html"
    heading: str = field(repr=False)
    under: str = field(repr=False)
    facts: tuple[Fact, ...] = field(repr=False)
    hinders: tuple[str, ...]
    records: tuple[tuple[Fact, str], ...] = field(repr=False)
    said: tuple[SaidRow, ...] = field(repr=False)
    forms: tuple[SayForm, ...] = field(repr=False)
    action: str
    seen: str
    done: str = ""
    problems: tuple[Problem, ...] = ()
