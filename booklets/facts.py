"""What a check may know about a record: its answers, its people, and the force's settings."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import UUID

from booklets.answers import NOTHING, Answer, Answers, codes_of, rows_of
from booklets.entities import Entity
from booklets.forms import MENTIONS, Field

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Earlier:
    """A text that this author wrote before in the same place: when, and the numbers that stand for it."""

    at: datetime
    runs: frozenset[int] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that rules look at. ``answers`` holds only what is asked; ``now`` is UTC.

    ``begun`` is when the record was, and ``shift_ends`` the end of that shift. ``sent_at`` is when it was
    sent, of what has been; ``sent_before``: a revision of it went earlier, so that nothing can be late with
    this one.
    ``decided`` are the answers of what the same supervisor decided before, the newest first;
    ``unapproved`` is what the records' own rules hold before they are approved, in words.
    ``earlier`` has, by field, what the author wrote of other incidents, as far as the device kept it;
    ``examples`` are texts that the app itself shows.
    """

    answers: Answers = field(default_factory=lambda: NOTHING, repr=False)
    entities: Mapping[UUID, Entity] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    roles: Mapping[UUID, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    subject: UUID | None = None
    now: datetime | None = None
    force: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    asked: frozenset[str] = frozenset()
    verbatim: frozenset[str] = frozenset()
    reasons: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    shift_ends: datetime | None = None
    begun: datetime | None = None
    sent_at: datetime | None = None
    sent_before: bool = False
    decided: tuple[Answers, ...] = field(default=(), repr=False)
    unapproved: tuple[str, ...] = field(default=(), repr=False)
    earlier: Mapping[str, tuple[Earlier, ...]] = field(
        default_factory=lambda: MappingProxyType({}), repr=False
    )
    examples: tuple[str, ...] = ()
    _found: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, what: Hashable, find: Callable[[], T]) -> T:
        """What ``find`` finds, looked for once however many rules ask: these facts never change."""
        if what not in self._found:
            self._found[what] = find()
        found: T = self._found[what]
        return found

    def in_role(self, *wanted: str) -> Iterator[Entity]:
        """The persons mentioned in any of these roles, each once."""
        for id_, entity in self.entities.items():
            if self.roles.get(id_, frozenset()) & set(wanted):
                yield entity

    def child(self) -> Entity | None:
        """The child the record is about, once there is one."""
        return self.entities.get(self.subject) if self.subject else None

    def known(self) -> Answers:
        """Everything a condition may look at: what is known of the child, then the answers."""
        return self.once("known", self._known)

    def _known(self) -> Answers:
        child = self.child()
        return {**child.facts, **self.answers} if child else self.answers


def mentioned(fields: Iterator[Field], answers: Answers) -> Iterator[tuple[Field, UUID]]:
    """Each person, place or object that an answer points to, with the field that does."""
    for one in fields:
        answer = answers.get(one.id)
        if answer is None:
            continue
        if one.kind in MENTIONS:
            yield from ((one, id_) for id_ in ids_in(answer))
        for column in one.columns:
            if column.kind in MENTIONS:
                for row in rows_of(answer):
                    yield from ((one, id_) for id_ in ids_in(row.get(column.id)))


def ids_in(answer: Answer | None) -> Iterator[UUID]:
    """The persons, places or objects an answer names. Whatever is no id names nobody."""
    for word in codes_of(answer):
        try:
            yield UUID(word)
        except ValueError:
            continue


def roles_from(
    fields: Iterator[Field], answers: Answers, subject: UUID | None, subject_role: str
) -> Mapping[UUID, frozenset[str]]:
    """Which roles each mentioned person has, from the fields that mention them."""
    roles: dict[UUID, frozenset[str]] = {}
    if subject is not None:
        roles[subject] = frozenset({subject_role})
    for one, id_ in mentioned(fields, answers):
        if one.role:
            roles[id_] = roles.get(id_, frozenset()) | {one.role}
    return MappingProxyType(roles)
