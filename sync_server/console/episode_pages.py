"""The pages about missing episodes, each a dataclass: the list of what is not closed, and one episode."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from sync_server.console.listed import SheetRecord
from sync_server.console.pages import Fact, Mark, Page, Problem


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """One episode of the list: when the child was missing, and what is open."""

    href: str
    child: str = field(repr=False)
    about: str = field(repr=False)
    missing: Mark
    open: tuple[Mark, ...]
    again: Mark
    unit: str


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A closing that was refused, or made although something was open; an episode that is open again."""

    href: str
    child: str = field(repr=False)
    at: str
    who: str = field(repr=False)
    did: str
    open: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodesPage(Page):
    """The missing episodes that nobody has closed, and the closings that somebody should look at."""

    template: ClassVar[str] = "episodes.html"
    title: str = "Missing episodes"
    asked_at: str
    number: str
    rows: tuple[EpisodeRow, ...] = field(repr=False)
    refused: tuple[RefusedRow, ...] = field(repr=False)
    more: str = ""
    first: str = ""


@dataclass(frozen=True, slots=True)
class OpenThing:
    """One thing that is open: what, about which record, and whose it is by when."""

    what: str = field(repr=False)
    record: Fact | None = field(repr=False)
    owner: str = field(repr=False)
    due: Mark


@dataclass(frozen=True, slots=True)
class ActView:
    """What somebody did with the episode, or tried to: in their own words, and what was open."""

    at: str
    who: str = field(repr=False)
    did: str
    words: str = field(repr=False)
    despite: str = field(repr=False)
    open: tuple[Mark, ...]
    record: Fact | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ClosingForm:
    """What closing asks for. ``asks_why``: something is open. ``seen`` is a slip: the records shown."""

    action: str
    seen: str = field(repr=False)
    categories: tuple[tuple[str, str], ...] = ()
    asks_why: bool = False
    category: str = ""
    words: str = field(default="", repr=False)
    despite: str = field(default="", repr=False)
    problems: tuple[Problem, ...] = ()

    @property
    def wrong(self) -> dict[str, str]:
        """What is wrong, by field."""
        return {one.field: one.words for one in self.problems}


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodePage(Page):
    """One episode. ``form`` closes it or, where ``is_closed``, opens it again; ``why_not`` says who does."""

    template: ClassVar[str] = "episode.html"
    heading: str = field(repr=False)
    under: str
    state: Mark
    is_closed: bool
    covert: bool
    missing: Mark
    open: tuple[OpenThing, ...] = field(repr=False)
    records: tuple[SheetRecord, ...] = field(repr=False)
    acts: tuple[ActView, ...] = field(repr=False)
    form: ClosingForm | None = None
    why_not: str = ""
    said: str = ""
