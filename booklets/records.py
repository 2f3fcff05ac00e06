"""One filled-in form as it leaves the device: a revision that never changes again.

    revision 1 --(sent back, or more is known)--> revision 2, based on 1 --> ...

A record is evidence of what one officer said at one time. Nobody edits it: an
amendment is the next revision, and says which revision it is based on. That it
was sent as an emergency, that it is covert, that it was withdrawn: these are
facts about a record, not states of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from booklets.answers import NOTHING, Answers
from booklets.entities import Edit, Entity
from booklets.forms import Stage
from booklets.stamps import Stamp


@dataclass(frozen=True, slots=True)
class Author:
    """The officer who wrote the record, as the force knows them."""

    id: str
    name: str = field(repr=False)
    rank: str
    shoulder_no: str
    station: str


@dataclass(frozen=True, slots=True)
class Link:
    """Another record this one belongs with. ``kind`` is a code of the list ``link_type``.

    A link that is about one revision says which, and the digest of what was seen.
    """

    record: UUID
    kind: str
    revision: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One sealed file that belongs to the record: its size in bytes and SHA-256 as sent."""

    id: UUID
    kind: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Attached:
    """An attachment that is sealed already, and the record that lists it: it belongs to that one alone."""

    record: UUID
    attachment: Attachment


@dataclass(frozen=True, slots=True)
class Override:
    """Why the record was sent although a rule stood against it."""

    rule: str
    reason: str = field(repr=False)
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something a rule or a clock asks a role to do. An action closes only with an outcome (R-56)."""

    id: UUID
    kind: str
    rule: str
    subject: str
    owner_role: str
    set_at: datetime
    due_at: datetime | None = None
    accepted_at: datetime | None = None
    status: str = "open"
    outcome: str = field(default="", repr=False)
    delay_reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What is known about a record besides its answers.

    ``void_reason`` says why the officer withdraws the record: the revision that has one stands for
    nothing else. ``shift_ends_at`` is when its author can no longer be asked.
    """

    record: UUID
    record_type: str
    form: str
    form_version: str
    form_checksum: str
    force: str
    unit: str
    routing_role: str
    incident: UUID
    episode: UUID
    encounter: UUID
    author: Author
    device: str
    app_version: str
    revision: int
    base_revision: int
    started: Stamp
    submitted: Stamp
    subject: UUID | None = None
    gsc: str = "official_sensitive"
    covert: bool = False
    lawful_basis: str = "law_enforcement"
    retention_class: str = "group_4"
    void_reason: str = field(default="", repr=False)
    shift_ends_at: datetime | None = None
    linked: tuple[Link, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One revision of one record. ``reasons`` answers the rules that asked why."""

    header: Header
    stage: Stage
    answers: Answers = field(default_factory=lambda: NOTHING, repr=False)
    entities: tuple[Entity, ...] = field(default=(), repr=False)
    reasons: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    overrides: tuple[Override, ...] = field(default=(), repr=False)
    tasks: tuple[Task, ...] = ()
    drafts: tuple[Edit, ...] = field(default=(), repr=False)

    @property
    def key(self) -> tuple[UUID, int]:
        """Record and revision: the name under which it is sent, stored and answered for."""
        return self.header.record, self.header.revision


def mentioned_in(records: Iterable[Record]) -> dict[UUID, Entity]:
    """Everybody and everything the records mention, each as it was known last."""
    found: dict[UUID, Entity] = {}
    for record in records:
        for entity in record.entities:
            known = found.get(entity.id)
            if known is None or len(entity.history) >= len(known.history):
                found[entity.id] = entity
    return found


def reference_of(record: UUID) -> str:
    """The short reference of a record that two people can read to each other over the phone."""
    return f"HW-{record.hex[-8:-4].upper()}-{record.hex[-4:].upper()}"
