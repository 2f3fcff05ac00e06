"""One dataclass per page. What a page shows is here, ready to be shown; its template only lays it out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from booklets.reading import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every page has. ``who`` is empty where nobody is signed in."""

    template: ClassVar[str]
    title: str
    who: str = ""
    form_token: str = field(default="", repr=False)
    marking: str = "OFFICIAL-SENSITIVE"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage(Page):
    """Signing in at the console."""

    template: ClassVar[str] = "sign_in.html"
    title: str = "Sign in"
    then: str = "/"
    user: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandheldPage(Page):
    """Signing in on a handheld: its name and code, to be compared with the one in the hand."""

    template: ClassVar[str] = "handheld.html"
    title: str = "Sign in on a handheld"
    flow: str = field(repr=False)
    device: str
    code: str
    user: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DonePage(Page):
    """The end of a path: what happened, and what to do now."""

    template: ClassVar[str] = "done.html"
    says: str
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedPage(Page):
    """It cannot be done, and why."""

    template: ClassVar[str] = "done.html"
    title: str = "Not possible"
    says: str
    more: str = ""

    @classmethod
    def because(cls, says: str) -> RefusedPage:
        """The page that says why."""
        return cls(says=says)


@dataclass(frozen=True, slots=True)
class Mark:
    """A few words with a tone: late, soon, well, or none. The words say it without the colour."""

    words: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ArrivedRow:
    """One record in the list."""

    href: str
    child: str = field(repr=False)
    about: str
    kind: str
    reference: str
    received: str
    officer: str = field(repr=False)
    unit: str
    flags: tuple[Mark, ...]
    notice: Mark
    deliveries: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedPage(Page):
    """What arrived, newest first. ``older`` is the address of the page before, or empty."""

    template: ClassVar[str] = "arrived.html"
    title: str = "What arrived"
    asked_at: str
    rows: tuple[ArrivedRow, ...]
    newer: str = ""
    older: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its words. ``href`` where it leads to something on the page."""

    label: str
    words: str = field(repr=False)
    href: str = ""


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section of the form."""

    id: str
    title: str
    answers: tuple[Line, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class MentionView:
    """A person, place or object that the record mentions."""

    id: str
    kind: str
    name: str = field(repr=False)
    facts: tuple[Fact, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to know before reading on."""

    title: str
    lines: tuple[str, ...] = field(repr=False)
    tone: str = "soon"


@dataclass(frozen=True, slots=True)
class TableView:
    """A plain table: headings, and rows of words. A row may have a tone."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Mark, ...], ...] = field(repr=False)
    empty: str = "None."


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice to the local authority, as it was prepared."""

    heading: str
    prepared: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage(Page):
    """One record, to be read from top to bottom, or printed."""

    template: ClassVar[str] = "record.html"
    heading: str = field(repr=False)
    under: str = field(repr=False)
    facts: tuple[Fact, ...] = field(repr=False)
    alerts: tuple[Alert, ...] = field(repr=False)
    related: tuple[Fact, ...]
    sections: tuple[SectionView, ...] = field(repr=False)
    mentions: tuple[MentionView, ...] = field(repr=False)
    tasks: TableView
    notices: tuple[NoticeView, ...] = field(repr=False)
    deliveries: TableView
    audit: TableView
