"""What this officer has been asked to do, read out of the news that lies on this device.

Pure: stored news and what was said of it here in, values out. What was said here stands at once, and is
taken back only if the force answers that it does not count.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from booklets import wire
from booklets.answers import answers_from_plain, read_instant
from booklets.decisions import Direction, decision_of
from booklets.duties import Act, Acted, GoesTo, is_late, title_of
from booklets.entities import Entity, EntityKind, read_id
from booklets.errors import WireError

TASK, DECISION, DIRECTION = "task", "decision", "direction"
AUTHOR, OPEN = "author", "open"


class Way(StrEnum):
    """Where something that was said of a task is: here, with the force, or not counted by it."""

    WAITING = "waiting"
    COUNTED = "counted"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Said:
    """Something this officer said of a task, and what became of it."""

    acted: Acted = field(repr=False)
    way: Way
    why_void: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One task as it stands, as far as this device has heard. ``said`` is what was said here last.

    ``own`` tells a task of this officer's own from one of a colleague's that a supervisor hears of.
    ``child`` is whom it is about, as the force has them: known as long as it is open. ``directed`` is what
    a supervisor directed, and who does it, where the decision that says so can be read here. ``by_system``
    is a code of what the force's system does of it by itself, or why it does not. ``goes_to``: who does it
    because its author is not trained for work with children (R-58).
    """

    task: int
    kind: str
    rule: str
    record: str
    encounter: str
    form: str
    subject: str
    owner: str
    own: bool
    set_at: datetime
    due_at: datetime | None
    accepted_at: datetime | None
    delay_reason: str
    is_open: bool
    by_system: str = ""
    child: Entity | None = field(default=None, repr=False)
    directed: Direction | None = field(default=None, repr=False)
    goes_to: GoesTo | None = None
    said: Said | None = field(default=None, repr=False)

    @property
    def title(self) -> str:
        """What is asked: of a direction, what the supervisor wrote."""
        return self.directed.what if self.directed else title_of(self.kind)

    @property
    def on_its_way(self) -> bool:
        """Whether it was closed here and the force has not answered yet."""
        return self.said is not None and self.said.acted.act is Act.CLOSE and self.said.way is not Way.VOID

    def late(self, now: datetime) -> bool:
        """Whether its time is over and nobody has said that it is done."""
        return not self.on_its_way and is_late(self.due_at, now)


def duties_from(
    news: Iterable[Mapping[str, Any]], said: Iterable[Said], *, officer: str
) -> tuple[Duty, ...]:
    """Every task that is still open, what is due first on top; the newest news of each counts."""
    news = tuple(news)
    newest = {one["content"]["task"]: one for one in sorted(_told(news), key=_when)}
    here: dict[int, Said] = {}
    for one in said:
        before = here.get(one.acted.task)
        if before is None or one.way is not Way.VOID or before.way is Way.VOID:
            here[one.acted.task] = one
    found = (_duty(one, here.get(task), officer) for task, one in newest.items())
    still = [_with_words(one, news) for one in found if one is not None and one.is_open]
    return tuple(sorted(still, key=lambda one: (one.due_at is None, one.due_at or one.set_at, one.task)))


def _told(news: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for one in news:
        content = one["content"]
        if one["kind"] == TASK and content is not None and type(content.get("task")) is int:
            yield one


def _when(one: Mapping[str, Any]) -> tuple[str, int]:
    return str(one["content"].get("added_at", "")), int(one["seq"])


def _duty(one: Mapping[str, Any], said: Said | None, officer: str) -> Duty | None:
    """A task out of one piece of news; None for what another version of the app can read."""
    says = one["content"]
    try:
        owner = str(says["owner"])
        return Duty(
            task=says["task"],
            kind=str(says["what"]),
            rule=str(says["rule"]),
            record=str(one["record"]),
            encounter=str(says["encounter"]),
            form=str(says["form"]),
            subject=str(says["subject"]),
            owner=owner,
            own=owner == AUTHOR and says["author"] == officer and not says.get("goes_to"),
            set_at=read_instant(says["set_at"]),
            due_at=_maybe(says["due_at"]),
            accepted_at=_maybe(says["accepted_at"]) or _accepted_here(said),
            delay_reason=str(says["delay_reason"]) or _reason_here(said),
            is_open=says["status"] == OPEN,
            by_system=str(says.get("by_system", "")),
            child=_child(says["subject"], says.get("child")),
            goes_to=GoesTo(to) if (to := says.get("goes_to")) in set(GoesTo) else None,
            said=said,
        )
    except (KeyError, WireError):
        return None


def _with_words(duty: Duty, news: Iterable[Mapping[str, Any]]) -> Duty:
    """A direction with what was directed: its words lie in the decision, which came as news of its own."""
    if duty.kind != DIRECTION:
        return duty
    number = duty.rule.rpartition(".")[2]
    for one in news:
        says = one["content"] or {}
        if one["kind"] == DECISION and says.get("decision") == duty.record and says.get("content"):
            with contextlib.suppress(WireError, IndexError, ValueError):
                directions = decision_of(wire.record_from_json(says["content"])).directions
                return replace(duty, directed=directions[int(number)])
    return duty


def _child(subject: object, facts: object) -> Entity | None:
    return Entity(read_id(subject), EntityKind.PERSON, answers_from_plain(facts)) if facts else None


def _maybe(text: object) -> datetime | None:
    return read_instant(text) if text else None


def _accepted_here(said: Said | None) -> datetime | None:
    return said.acted.at if said and said.way is not Way.VOID and said.acted.act is not Act.DELAY else None


def _reason_here(said: Said | None) -> str:
    return said.acted.delay_reason if said and said.way is not Way.VOID else ""
