"""A task as the rules across records look at it: what was asked, about whom, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from booklets.duties import ASKS_FOR_WORDS
from sync_server.db.owed import TaskState


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A task that is there already, open or not."""

    id: int
    record: str
    kind: str
    rule: str
    subject: str
    status: str
    outcome: str
    set_at: datetime

    @property
    def about(self) -> str:
        """The place, adult or child that its rule names after a slash, or else the child of its record."""
        _, *named = self.rule.split("/")
        return named[0] if named else self.subject

    @property
    def base(self) -> str:
        """Its rule, without what stands after a slash."""
        return self.rule.partition("/")[0]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.status == TaskState.OPEN.value

    @property
    def is_done(self) -> bool:
        """Whether it was done, and not only said to be impossible or not needed."""
        return self.status == TaskState.DONE.value and self.outcome not in ASKS_FOR_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """A task that is over because of what has come since, and not because somebody says so."""

    task: Asked
    status: TaskState
    outcome: str
