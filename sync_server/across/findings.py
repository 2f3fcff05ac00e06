"""What a rule across records finds: what somebody has to do, because of which record, and about what.

Nobody is asked twice: not about the same event (an episode, a plan, a stage of a ladder), and not while a
task of the same kind about the same child, place or adult is open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sync_server.across.seen import Filed
from sync_server.db.owed import TaskState


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something for somebody to do.

    ``about`` are all ids of the child, place or adult it is about. ``rule`` names a place or an adult after
    a slash; where it names nobody, the task is about the child of its record. ``event`` are the records of
    what has just come to be so: a task of this rule on one of them, open or not, is this finding. Where
    somebody did what was asked later than ``settled_since``, that holds, whatever comes.
    """

    rule: str
    kind: str
    owner: str
    on: Filed
    due: datetime
    about: frozenset[str]
    event: frozenset[str]
    settled_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A task that is there already, open or not."""

    record: str
    kind: str
    rule: str
    subject: str
    status: str
    outcome: str
    set_at: datetime

    @property
    def about(self) -> str:
        """The place or adult that its rule names, or else the child."""
        return self.rule.partition("/")[2] or self.subject

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.status == TaskState.OPEN.value


def unasked(findings: Iterable[Finding], asked: Iterable[Asked]) -> list[Finding]:
    """Those that nobody was asked about yet, neither here nor by a handheld."""
    of_kind: dict[str, list[Asked]] = {}
    for one in asked:
        of_kind.setdefault(one.kind, []).append(one)
    return [one for one in findings if not any(_is_it(one, other) for other in of_kind.get(one.kind, ()))]


def _is_it(one: Finding, asked: Asked) -> bool:
    if asked.about not in one.about:
        return False
    settled = one.settled_since is not None and asked.outcome == "done" and asked.set_at > one.settled_since
    return asked.is_open or settled or asked.record in one.event
