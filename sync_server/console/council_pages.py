"""The pages of somebody who works for a council, each a dataclass."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from sync_server.console.pages import Fact, Mark, Page, Problem


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One notice, referral or correction that the council has had."""

    href: str
    subject: str
    reference: str
    at: str
    stands: Mark = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPage(Page):
    """What the police have told one council."""

    template: ClassVar[str] = "council.html"
    title: str = "What the police told you"
    council: str
    asked_at: str
    rows: tuple[ToldRow, ...] = field(repr=False)
    more: str = ""
    first: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldNoticePage(Page):
    """One of them in its own words, and what can be answered."""

    template: ClassVar[str] = "council_notice.html"
    subject: str
    at: str
    fields: tuple[Fact, ...] = field(repr=False)
    answered: tuple[Fact, ...] = field(repr=False)
    confirm: str = ""
    decide: str = ""
    decisions: tuple[tuple[str, str], ...] = ()
    given: str = ""
    words: str = field(default="", repr=False)
    back: str
    said: str = ""
    problems: tuple[Problem, ...] = ()
