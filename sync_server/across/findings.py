"""What a rule across records finds: what somebody has to do, because of which record, and about what.

Nobody is asked twice: not about the same event (an episode, a plan, a stage of a ladder), and not while a
task of the same kind about the same child, place or adult is open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sync_server.across.asked import Asked
from sync_server.across.seen import Filed


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something for somebody to do.

    ``about`` are all ids of the child, place or adult it is about. ``rule`` names one after a slash; where
    it names nobody, the task is about the child of its record. ``event`` are the records of what has just
    come to be so: a task of this kind on one of them, open or not, is this finding; where there are none,
    only a task of the very same rule is. Where somebody did what was asked later than ``settled_since``,
    that holds, whatever comes.
    """

    rule: str
    kind: str
    owner: str
    on: Filed
    due: datetime
    about: frozenset[str]
    event: frozenset[str] = frozenset()
    settled_since: datetime | None = None


def unasked(findings: Iterable[Finding], asked: Iterable[Asked]) -> list[Finding]:
    """Those that nobody was asked about yet, neither here nor by a handheld."""
    known: dict[tuple[str, str], list[Asked]] = {}
    for one in asked:
        known.setdefault((one.kind, one.about), []).append(one)
    return [
        one
        for one in findings
        if not any(_is_it(one, other) for id_ in one.about for other in known.get((one.kind, id_), ()))
    ]


def _is_it(one: Finding, asked: Asked) -> bool:
    """Whether a task of this kind, about whom the finding is about, is what the finding asks for."""
    settled = one.settled_since is not None and asked.is_done and asked.set_at > one.settled_since
    same = asked.record in one.event if one.event else asked.rule == one.rule
    return asked.is_open or settled or same
