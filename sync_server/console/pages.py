"""One dataclass per page. What a page shows is here, ready to be shown; its template only lays it out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from booklets.reading import Line

AGAIN = "Open it again"


@dataclass(frozen=True, slots=True)
class Way:
    """One of the places that somebody can go to, and whether they are there."""

    name: str
    href: str
    here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every page has. ``who`` is empty where nobody is signed in."""

    template: ClassVar[str]
    title: str
    who: str = ""
    form_token: str = field(default="", repr=False)
    ways: tuple[Way, ...] = ()
    marking: str = "OFFICIAL-SENSITIVE"  # on every page, on the screen and on paper (S-11)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage(Page):
    """Signing in at the console."""

    template: ClassVar[str] = "sign_in.html"
    title: str = "Sign in"
    then: str = "/"
    user: str = ""
    wrong: str = ""
    why: tuple[tuple[str, str], ...] = ()
    force_accounts: bool = False
    """Whether the force's own sign-in stands first, and passwords behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandheldPage(Page):
    """Signing in on a handheld: its name and code, to be compared with the one in the hand."""

    template: ClassVar[str] = "handheld.html"
    title: str = "Sign in on a device"
    flow: str = field(repr=False)
    device: str
    code: str
    user: str = ""
    wrong: str = ""
    force_accounts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingPage(Page):
    """On the way to the force's own sign-in. The browser goes on by itself, or by the link."""

    template: ClassVar[str] = "going.html"
    title: str = "Going to your force’s sign-in"
    href: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DonePage(Page):
    """The end of a path: what happened, and what to do now."""

    template: ClassVar[str] = "done.html"
    says: str
    more: str = ""
    back: str = ""
    back_words: str = AGAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedPage(Page):
    """It cannot be done, and why."""

    template: ClassVar[str] = "done.html"
    title: str = "Not possible"
    says: str
    more: str = ""
    back: str = field(default="", repr=False)
    back_words: str = AGAIN

    @classmethod
    def because(cls, says: str) -> RefusedPage:
        """The page that says why."""
        return cls(says=says)


@dataclass(frozen=True, slots=True)
class Mark:
    """A few words with a tone: late, soon, well, or none. The words say it without the colour."""

    words: str
    tone: str = ""
    under: str = ""


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
    """Something to know before reading on. ``href`` where there is something to do about it.

    ``beside`` are other records that it is about, each with what is so of it; a link where it may be read.
    """

    title: str
    lines: tuple[str, ...] = field(repr=False)
    tone: str = "soon"
    href: str = ""
    beside: tuple[Fact, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class TableView:
    """A plain table: headings, and rows of words. A row may have a tone."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Mark, ...], ...] = field(repr=False)
    empty: str = "None."


@dataclass(frozen=True, slots=True)
class PhotographView:
    """One photograph of a record: what it is called, whether it is here, and where it can be looked at."""

    title: str
    caption: str = field(repr=False)
    state: Mark
    href: str = ""


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice to the local authority, as it was prepared."""

    heading: str
    prepared: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RevisionView:
    """One revision: where it can be read, and where it is held against the one before."""

    number: int
    arrived: str
    by: str = field(repr=False)
    state: str
    href: str
    changes: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What somebody decided on a revision, and why. ``asks`` are their questions, each beside its answer.

    ``directions`` are what they directed, each with who does it and by when. ``href`` leads to all of it.
    ``despite`` says which check stood against it, and why it was decided all the same.
    """

    at: str
    by: str = field(repr=False)
    outcome: str
    revision: int
    void: str
    why: str = field(repr=False)
    asks: tuple[Fact, ...] = field(default=(), repr=False)
    directions: tuple[Fact, ...] = field(default=(), repr=False)
    nothing_more: str = field(default="", repr=False)
    well: str = field(default="", repr=False)
    due: str = ""
    despite: tuple[str, ...] = field(default=(), repr=False)
    href: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a form that has to be put right, and which of its fields that is."""

    field: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageForm:
    """What the vulnerability team is asked of a notice. ``seen`` is a slip: which revision this is."""

    action: str
    seen: str = field(repr=False)
    grades: tuple[tuple[str, str], ...]
    qualities: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str], ...]
    grade: str = ""
    quality: str = ""
    chosen: tuple[str, ...] = ()
    why: str = field(default="", repr=False)
    problems: tuple[Problem, ...] = ()

    @property
    def wrong(self) -> dict[str, str]:
        """What is wrong, by field."""
        return {one.field: one.words for one in self.problems}


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerForm:
    """What the vulnerability team says that it did about danger. ``delays`` are offered once it is late."""

    action: str
    seen: str = field(repr=False)
    act_by: Mark
    done: tuple[tuple[str, str], ...]
    delays: tuple[tuple[str, str], ...] = ()
    chosen: tuple[str, ...] = ()
    words: str = field(default="", repr=False)
    delay: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def wrong(self) -> dict[str, str]:
        """What is wrong, by field."""
        return {one.field: one.words for one in self.problems}


@dataclass(frozen=True, slots=True, kw_only=True)
class LookoutView:
    """What is read out of a missing report, and what never is. ``over``: why there is no card."""

    over: str = field(repr=False)
    cautions: tuple[str, ...] = field(repr=False)
    lines: tuple[Fact, ...] = field(repr=False)
    left_out: tuple[str, ...]
    known_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage(Page):
    """One record, to be read from top to bottom, or printed."""

    template: ClassVar[str] = "record.html"
    heading: str = field(repr=False)
    under: str = field(repr=False)
    facts: tuple[Fact, ...] = field(repr=False)
    alerts: tuple[Alert, ...] = field(repr=False)
    episode: Fact | None = field(default=None, repr=False)
    related: tuple[Fact, ...]
    related_how: str = "Also from this incident"
    sections: tuple[SectionView, ...] = field(repr=False)
    photographs: tuple[PhotographView, ...] = field(default=(), repr=False)
    photographs_called: str = ""
    mentions: tuple[MentionView, ...] = field(repr=False)
    revisions: tuple[RevisionView, ...] = field(repr=False)
    decisions: tuple[DecisionView, ...] = field(repr=False)
    tasks: TableView
    notices: tuple[NoticeView, ...] = field(repr=False)
    deliveries: TableView
    councils: TableView
    audit: TableView
    triage: TriageForm | None = None
    danger: DangerForm | None = None
    lookout: LookoutView | None = field(default=None, repr=False)
    community: str = ""
    refer: str = ""
    restrict: Fact | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotographPage(Page):
    """One photograph. ``file`` is its own address; ``cannot`` says why there is nothing to see."""

    template: ClassVar[str] = "photograph.html"
    heading: str = field(repr=False)
    under: str = field(repr=False)
    caption: str = field(repr=False)
    facts: tuple[Fact, ...] = field(repr=False)
    back: str
    file: str = ""
    is_picture: bool = False
    cannot: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One answer that changed: its words before and after in pieces, each with whether it went or came."""

    label: str = field(repr=False)
    before: tuple[tuple[str, bool], ...] = field(repr=False)
    after: tuple[tuple[str, bool], ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage(Page):
    """One revision held against the one before."""

    template: ClassVar[str] = "changes.html"
    heading: str = field(repr=False)
    under: str
    changes: tuple[ChangeView, ...] = field(repr=False)
    back: str
    before: str = field(default="Before", repr=False)
    after: str = field(default="After", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BesidePage(ChangesPage):
    """Two versions of a record side by side. ``seen`` is a slip: which revision stands at the left.

    ``withdraws`` is the reason where the version at the right takes the record back.
    """

    template: ClassVar[str] = "beside.html"
    action: str
    seen: str = field(repr=False)
    withdraws: str = field(default="", repr=False)
