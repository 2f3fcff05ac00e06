"""The pages of the audit, each a dataclass."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from sync_server.console.listed import Filter
from sync_server.console.pages import Fact, Mark, Page, Problem, TableView


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry of the audit. ``of`` is the chain that it is in, and which entry of it."""

    at: str
    who: str = field(repr=False)
    did: str
    of: Mark
    more: str = field(repr=False)
    why: str
    sum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage(Page):
    """The audit itself: what was done with which record by whom, and taking it as a file."""

    template: ClassVar[str] = "audit.html"
    title: str = "Audit"
    asked_at: str
    filters: tuple[Filter, ...]
    about: str = ""
    rows: tuple[EntryRow, ...] = field(repr=False)
    more: str = ""
    first: str = ""
    views: tuple[tuple[str, str], ...] = ()
    take: str
    check: str
    kept: tuple[tuple[str, str], ...] = field(repr=False)
    most: str
    purpose: str = field(default="", repr=False)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditCheckedPage(Page):
    """Whether the audit holds: what was gone through, and what is broken, by number."""

    template: ClassVar[str] = "audit_checked.html"
    title: str = "Whether the audit holds"
    asked_at: str
    holds: bool
    says: str
    facts: tuple[Fact, ...]
    broken: TableView
    back: str
