"""The pages that are lists, each a dataclass: the register, the queue, the deliveries, and who looked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from sync_server.console.pages import Mark, Page, Problem, TableView


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the things that a filter can be set to."""

    value: str
    words: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of a list: a choice, a day or a name."""

    name: str
    label: str
    kind: str = "choice"
    value: str = field(default="", repr=False)
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A column. ``href`` sorts by it; ``sorted`` is ascending, descending or empty."""

    words: str
    href: str = ""
    sorted: str = ""


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One record in the list."""

    href: str
    child: str = field(repr=False)
    about: str = field(repr=False)
    kind: str
    reference: str
    risk: Mark
    state: Mark
    due: Mark
    received: str
    officer: str = field(repr=False)
    unit: str
    flags: tuple[Mark, ...]
    deliveries: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPage(Page):
    """Records of the register. ``more`` and ``first`` are addresses, or empty."""

    template: ClassVar[str] = "register.html"
    title: str = "Register"
    asked_at: str
    number: str
    filters: tuple[Filter, ...] = field(repr=False)
    removable: tuple[tuple[str, str], ...] = field(repr=False)
    views: tuple[tuple[str, str], ...]
    headings: tuple[Heading, ...]
    sort: str
    about: str = ""
    rows: tuple[ListedRow, ...] = field(repr=False)
    more: str = ""
    first: str = ""
    empty: str = "Nothing has arrived yet."


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A notice that waits for the vulnerability team."""

    href: str
    child: str = field(repr=False)
    about: str = field(repr=False)
    reference: str
    risk: Mark
    waiting: Mark
    officer: str = field(repr=False)
    unit: str
    flags: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class DangerRow:
    """A record of danger of which the team has not said yet what it did. ``due`` is by when it has to.

    ``passed``: its notice was passed on all the same, and what is lacking is what was done.
    """

    href: str
    child: str = field(repr=False)
    about: str = field(repr=False)
    kind: str
    state: Mark
    due: Mark
    received: str
    officer: str = field(repr=False)
    unit: str
    flags: tuple[Mark, ...]
    passed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage(Page):
    """What waits for the vulnerability team: danger first, then the notices, the gravest first."""

    template: ClassVar[str] = "queue.html"
    title: str = "Vulnerability queue"
    asked_at: str
    danger: tuple[DangerRow, ...] = field(repr=False)
    unsaid: tuple[DangerRow, ...] = field(repr=False)
    rows: tuple[QueueRow, ...] = field(repr=False)
    said: str = ""


@dataclass(frozen=True, slots=True)
class BesideRow:
    """A record beside which another version is kept: who wrote which."""

    href: str
    child: str = field(repr=False)
    about: str = field(repr=False)
    kind: str
    reference: str
    first: str = field(repr=False)
    other: str = field(repr=False)
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoVersionsPage(Page):
    """Records of which two versions wait for somebody to choose, the longest waiting first."""

    template: ClassVar[str] = "two_versions.html"
    title: str = "Two versions"
    asked_at: str
    rows: tuple[BesideRow, ...] = field(repr=False)
    said: str = ""


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One system that we deliver to, and how it stands there."""

    name: str
    counts: tuple[str, ...]
    dead: Mark
    oldest: Mark
    last: str
    error: Mark


@dataclass(frozen=True, slots=True)
class StuckRow:
    """One delivery that waits for a person. ``again`` is the address that tries it once more."""

    to: str
    what: str
    tries: str
    due: str
    error: str
    again: str = ""


@dataclass(frozen=True, slots=True)
class LateRow:
    """One delivery that nobody has decided on in time, or that left or was stopped without a decision."""

    to: str
    what: str
    state: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesPage(Page):
    """What is owed to other systems."""

    template: ClassVar[str] = "deliveries.html"
    title: str = "Deliveries"
    asked_at: str
    targets: tuple[TargetRow, ...]
    stuck: tuple[StuckRow, ...]
    late: tuple[LateRow, ...]
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One task of a team. ``record`` is where its record is read, by those who may.

    ``by_system`` is what the system does of it by itself, or why it does not.
    """

    href: str
    what: str
    record: str
    child: str = field(repr=False)
    about: str = field(repr=False)
    concerns: str = field(repr=False)
    reference: str
    due: Mark
    taken: Mark
    unit: str
    by_system: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksPage(Page):
    """What a team has to do, the soonest due first."""

    template: ClassVar[str] = "tasks.html"
    title: str = "Tasks"
    asked_at: str
    rows: tuple[TaskRow, ...] = field(repr=False)
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage(Page):
    """One task and what can be said of it. ``id`` makes one of a button that is pressed twice."""

    template: ClassVar[str] = "task.html"
    heading: str
    row: TaskRow
    set_at: str
    action: str
    id: str
    outcomes: tuple[tuple[str, str], ...]
    delays: tuple[tuple[str, str], ...]
    given: Mapping[str, str] = field(repr=False)
    is_open: bool
    may_accept: bool
    said: TableView = field(repr=False)
    problems: tuple[Problem, ...] = ()
    # For community officers: whom to ring, and the teams that they can ask to look at something.
    call: str = ""
    involve: str = ""
    teams: tuple[tuple[str, str], ...] = ()
    asked_too: str = ""


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """One record of a child on the sheet: where it stands, and what was decided on it by whom."""

    href: str
    kind: str
    child: str = field(repr=False)
    received: str
    unit: str
    stands: Mark = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTask:
    """One open task of a child on the sheet: whose it is, and by when."""

    what: str = field(repr=False)
    concerns: str = field(repr=False)
    owner: str = field(repr=False)
    taken: str = field(repr=False)
    due: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One child of the daily meeting."""

    child: str = field(repr=False)
    about: str = field(repr=False)
    missing: tuple[Mark, ...]
    graded: tuple[Mark, ...]
    gravest: str
    found: tuple[Mark, ...]
    records: tuple[SheetRecord, ...] = field(repr=False)
    tasks: tuple[SheetTask, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPage(Page):
    """The sheet of the daily meeting, and what is asked of whoever takes it as a file."""

    template: ClassVar[str] = "meeting.html"
    title: str = "Daily meeting"
    asked_at: str
    number: str
    last: str
    hours: int
    choices: Filter
    rows: tuple[SheetRow, ...] = field(repr=False)
    cut: str = ""
    purpose: str = field(default="", repr=False)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class LookedRow:
    """Somebody looked at something."""

    at: str
    who: str = field(repr=False)
    did: str
    what: str
    why: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedPage(Page):
    """Who looked at what, when and why (Data Protection Act 2018, section 62)."""

    template: ClassVar[str] = "looked.html"
    title: str = "Who looked"
    asked_at: str
    filters: tuple[Filter, ...]
    about: str = ""
    rows: tuple[LookedRow, ...] = field(repr=False)
    more: str = ""
    first: str = ""
