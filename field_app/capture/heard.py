"""The news that lies on a supervisor's tablet, opened: which revision waits, and what was said of it.

Pure functions. The newest news of a revision counts; that nobody decided in time was said of one output at
a time, so it is gathered until a decision is heard of that ends it. Passing upwards ends nothing; a death
takes away the time alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from booklets import wire
from booklets.alike import Alike, read_alike
from booklets.answers import read_instant
from booklets.definitions.leaving import Then
from booklets.errors import WireError
from booklets.records import Record
from booklets.signs import DEATH_RULE, says_dead

REVIEW, DECISION, STATUS = "review", "decision", "status"
VOID, ESCALATED = "void", "escalated"
WHO_WAS_TOLD = RETURN_TOLD, DANGER_TOLD = "council_told", "danger_told"
"""That a council was told, of the return or of a danger: no state of the record itself."""
_LEAVES_THE_TIME: Final = frozenset({VOID, ESCALATED})
UNDECIDED: Final = "undecided"  # news says so where no supervisor decided in time
LEAST_GRAVE: Final = 6

Key: TypeAlias = tuple[str, int]
"""A record and its revision."""


@dataclass(frozen=True, slots=True)
class LeftUndecided:
    """Nobody decided in time: what becomes of one output by itself, and when, as far as it was said."""

    then: Then | None = None
    by: datetime | None = None


@dataclass(frozen=True, slots=True)
class News:
    """One piece of news, opened: what the force said of one revision of a record."""

    kind: str
    record: str
    rev: int
    added_at: datetime
    says: Mapping[str, Any]

    @property
    def key(self) -> Key:
        """Record and revision."""
        return self.record, self.rev

    @property
    def state(self) -> str:
        """The state it tells of."""
        return str(self.says.get("state", ""))


@dataclass(frozen=True, slots=True)
class Review:
    """One revision that came to be decided on. ``undecided``: which outputs nobody decided on in time."""

    record: Record
    news: News
    received_at: datetime
    undecided: Mapping[str, LeftUndecided] = field(default_factory=dict)

    @property
    def flags(self) -> Mapping[str, Any]:
        """What the force found in it."""
        flags = self.news.says.get("flags")
        return flags if isinstance(flags, Mapping) else {}

    @property
    def alike(self) -> tuple[Alike, ...]:
        """Q-02: which answers the force found, mostly word for word, in another record of the unit."""
        return tuple(read_alike(self.news.says.get("alike")))

    @property
    def died(self) -> bool:
        """R-50: whether this, or another record of the episode, says that the child has died."""
        return says_dead(self.flags) or self.news.says.get("rule") == DEATH_RULE

    @property
    def risk(self) -> int:
        """How grave it is; 0 is the gravest."""
        risk = self.news.says.get("risk")
        return risk if isinstance(risk, int) and not isinstance(risk, bool) else LEAST_GRAVE


def opened(document: Mapping[str, Any]) -> News:
    """One item as it is stored."""
    says = document.get("content") or {}
    return News(
        str(document.get("kind", "")),
        str(document.get("record", "")),
        int(document.get("rev", 0)),
        instant_in(says.get("added_at")) or datetime.min.replace(tzinfo=UTC),
        says,
    )


def reviews_in(news: Iterable[News]) -> tuple[dict[Key, Review], set[Key]]:
    """Every revision that came to be decided on, by news in its order; and those that cannot be read."""
    found: dict[Key, Review] = {}
    unread: set[Key] = set()
    undecided: dict[Key, dict[str, LeftUndecided]] = {}
    for one in news:
        if one.kind == DECISION and one.state not in _LEAVES_THE_TIME:
            undecided.pop(one.key, None)
        if one.kind != REVIEW:
            continue
        try:
            record = wire.record_from_json(one.says.get("content"))
        except WireError:
            unread.add(one.key)
            continue
        said = undecided.get(one.key, {}) | _undecided(one)
        undecided[one.key] = (
            _without_time(said, one.added_at) if one.says.get("rule") == DEATH_RULE else said
        )
        received = instant_in(one.says.get("received_at")) or record.header.submitted.instant
        found[one.key] = Review(record, one, received, undecided[one.key])
    return found, unread - found.keys()


def _without_time(said: Mapping[str, LeftUndecided], death: datetime) -> dict[str, LeftUndecided]:
    """After a death nothing leaves by a time, or is stopped by one, that was not over before it (R-50).

    That nobody had decided stays true, so the incident manager may still decide.
    """
    return {
        output: late if late.by and late.by <= death else LeftUndecided() for output, late in said.items()
    }


def _undecided(news: News) -> dict[str, LeftUndecided]:
    said = news.says.get(UNDECIDED)
    if not isinstance(said, Mapping):
        return {}
    output, then = str(said.get("output", "")), str(said.get("then", ""))
    known = Then(then) if then in set(Then) else None
    return {output: LeftUndecided(known, instant_in(said.get("by")))}


def instant_in(text: object) -> datetime | None:
    """A time as it was sent, where there is one that can be read."""
    try:
        return read_instant(text) if text else None
    except WireError:
        return None
