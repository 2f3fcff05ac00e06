"""The pages about handhelds, each a dataclass: all of them, one of them, and a forgotten PIN."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from sync_server.console.pages import Fact, Mark, Page, Problem, TableView


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One handheld in the list."""

    href: str
    name: str
    officer: str = field(repr=False)
    state: Mark
    heard: Mark
    waits: Mark
    runs: str


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One officer who has forgotten their PIN, and how far that has come."""

    href: str
    officer: str = field(repr=False)
    handheld: str
    asked: str
    stands: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesPage(Page):
    """Every handheld of the force; above them who has forgotten a PIN."""

    template: ClassVar[str] = "devices.html"
    title: str = "Devices"
    asked_at: str
    requests: tuple[RequestRow, ...]
    devices: tuple[DeviceRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideForm:
    """What can be done about one handheld, each with what it means."""

    action: str
    choices: tuple[tuple[str, str, str], ...]
    reasons: tuple[tuple[str, str], ...]
    what: str = ""
    reason: str = ""
    words: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def wrong(self) -> dict[str, str]:
        """What is wrong, by field."""
        return {one.field: one.words for one in self.problems}


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePage(Page):
    """One handheld: how it stands, what can be done, and what was. ``apart`` waits to be let count."""

    template: ClassVar[str] = "device.html"
    heading: str
    said: str = ""
    facts: tuple[Fact, ...] = field(repr=False)
    form: DecideForm
    apart: int
    let_count: str
    history: TableView


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryPage(Page):
    """An officer who has forgotten their PIN, and what this administrator can say to it.

    ``ask`` is what is asked of them: "first", "second", or nothing; ``holder`` the command that is left.
    """

    template: ClassVar[str] = "recovery.html"
    heading: str = "A forgotten PIN"
    under: str = field(repr=False)
    facts: tuple[Fact, ...] = field(repr=False)
    stands: Mark
    ask: str
    action: str
    checks: tuple[tuple[str, str], ...]
    code: str = ""
    checked: str = ""
    holder: str = ""
    may_refuse: bool = False
    problems: tuple[Problem, ...] = ()

    @property
    def wrong(self) -> dict[str, str]:
        """What is wrong, by field."""
        return {one.field: one.words for one in self.problems}
