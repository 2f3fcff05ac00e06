"""The courier's ports, written down in memory, and everything a test of it needs to begin with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any
from uuid import UUID

from booklets.sealing import seal_envelope
from field_app.sync.client import Device, SyncClient
from field_app.sync.clocks import ServerClock
from field_app.sync.desk import Copy, Enclosed
from field_app.sync.enrolment import Enrolled
from field_app.sync.line import open_http
from field_app.sync.news import News
from field_app.sync.rounds import Arrival, Desk, Place, Waiting
from field_app.sync.sessions import Session, read_session
from tests.support.portals import DEVICE, FORCE, SmallForce, tokens
from tests.support.sealing import a_header

NOW = datetime(2026, 3, 14, 18, 0, tzinfo=UTC)


def record_id(number: int) -> str:
    """The id of an invented record."""
    return str(UUID(bytes=sha256(b"record %d" % number).digest()[:16], version=4))


def sealed(force: SmallForce, *, record: str, rev: int = 1, body: bytes = b"what the child said") -> bytes:
    """A record, sealed to the force and signed by the device."""
    header = a_header(record=record, rev=rev, base_rev=rev - 1, device=DEVICE)
    return seal_envelope(header, body, to=force.recipients(), signer=force.device_sign)


def enrolled_with(force: SmallForce) -> Enrolled:
    """What a device knows that has enrolled with this force."""
    return Enrolled(DEVICE, force.address, force.root.public, force.directory, MappingProxyType({}), FORCE)


def client_of(force: SmallForce, *, clock: ServerClock | None = None) -> SyncClient:
    """A device of this force, with its connection."""
    http = open_http(force.address, app_version="0.1.0")
    device = Device(enrolled_with(force), force.device_sign)
    return SyncClient(http, clock=clock or ServerClock(), device=device)


def a_session(**changed: Any) -> Session:
    """An officer who has just signed in."""
    return read_session(tokens(**changed), now=datetime.now(UTC))


@dataclass
class MemoryOutbox:
    """An outbox that lasts as long as the test."""

    items: list[Waiting] = field(default_factory=list)
    bodies: dict[int, bytes] = field(default_factory=dict)
    receipts: dict[tuple[str, int], bytes] = field(default_factory=dict)
    attention: dict[tuple[str, int], str] = field(default_factory=dict)

    def put(self, record: str, rev: int, body: bytes | None, *, urgent: bool = False) -> None:
        """Let something wait, behind what is as urgent."""
        item = Waiting(len(self.items) + 1, record, rev, urgent)
        self.items.append(item)
        if body is not None:
            self.bodies[item.id] = body

    def waiting(self) -> Sequence[Waiting]:
        """What waits, in order."""
        done = self.receipts.keys() | self.attention.keys()
        left = [item for item in self.items if (item.record, item.rev) not in done]
        return sorted(left, key=lambda item: not item.urgent)

    def begin(self, item: Waiting) -> bytes | None:
        """The sealed bytes."""
        return self.bodies.get(item.id)

    def received(self, item: Waiting, receipt: bytes) -> None:
        """Keep the receipt."""
        self.receipts[item.record, item.rev] = receipt

    def needs_attention(self, item: Waiting, code: str) -> None:
        """Keep why."""
        self.attention[item.record, item.rev] = code

    def kept_apart(self, record: str, rev: int) -> tuple[Waiting, bytes] | None:
        """What was refused, and its bytes."""
        apart = (record, rev) in self.attention and (record, rev) not in self.receipts
        found = [one for one in self.items if (one.record, one.rev) == (record, rev)] if apart else []
        return (found[0], self.bodies[found[0].id]) if found else None

    def copies(self) -> Sequence[Copy]:
        """None: what was received is not kept in memory."""
        return ()

    def sealed_copy(self, one: Copy) -> bytes | None:
        """Its bytes."""
        return self.bodies.get(one.id)

    def safe(self, some: Sequence[Copy]) -> None:
        """Let go of them."""
        for one in some:
            self.bodies.pop(one.id, None)


@dataclass
class MemoryEnclosed:
    """Sealed attachments, as long as the test lasts."""

    bodies: dict[int, bytes] = field(default_factory=dict)
    items: list[Enclosed] = field(default_factory=list)
    receipts: dict[int, bytes] = field(default_factory=dict)
    attention: dict[int, str] = field(default_factory=dict)

    def put(self, record: str, body: bytes) -> Enclosed:
        """Let an attachment of a record wait."""
        number = len(self.items) + 1
        one = Enclosed(number, record_id(900 + number), record, 1, len(body), sha256(body).hexdigest())
        self.items.append(one)
        self.bodies[number] = body
        return one

    def waiting(self) -> Sequence[Enclosed]:
        """What waits."""
        return [one for one in self.items if one.id not in self.receipts.keys() | self.attention.keys()]

    def piece(self, one: Enclosed, start: int, size: int) -> bytes | None:
        """Some of the bytes."""
        return self.bodies[one.id][start : start + size] if one.id in self.bodies else None

    def begun(self, one: Enclosed, upload: str) -> None:
        """Remember where."""
        self.items = [replace(kept, upload=upload) if kept.id == one.id else kept for kept in self.items]

    def sent(self, one: Enclosed, receipt: bytes) -> None:
        """Keep the receipt."""
        self.receipts[one.id] = receipt

    def needs_attention(self, one: Enclosed, code: str) -> None:
        """Keep why."""
        self.attention[one.id] = code


@dataclass
class MemoryNews:
    """News, stored as long as the test lasts."""

    at: Place = field(default_factory=Place)
    stored: dict[tuple[str, int], Arrival] = field(default_factory=dict)

    def place(self) -> Place:
        """How far it has been read."""
        return self.at

    def keep(self, arrivals: Sequence[Arrival], place: Place) -> None:
        """Store both."""
        self.stored |= {(one.stream, one.seq): one for one in arrivals}
        self.at = place


@dataclass
class MemorySaid:
    """What was said of tasks, as long as the test lasts."""

    messages: list[Mapping[str, Any]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    def waiting(self) -> Sequence[Mapping[str, Any]]:
        """What is to be sent, in order."""
        return [one for one in self.messages if one["id"] not in self.answers]

    def answered(self, id_: str, why_void: str) -> None:
        """Keep the answer."""
        self.answers[id_] = why_void


@dataclass
class MemorySession:
    """Who is signed in."""

    session: Session | None = field(default_factory=a_session)
    kept: int = 0

    def current(self) -> Session | None:
        """The session."""
        return self.session

    def keep(self, session: Session) -> None:
        """Keep another."""
        self.session = session
        self.kept += 1

    def ended(self) -> None:
        """Nobody, any more."""
        self.session = None


@dataclass
class Bench:
    """A desk with its ports in reach of the test."""

    force: SmallForce
    outbox: MemoryOutbox = field(default_factory=MemoryOutbox)
    news: MemoryNews = field(default_factory=MemoryNews)
    saying: MemorySaid = field(default_factory=MemorySaid)
    sessions: MemorySession = field(default_factory=MemorySession)
    enclosed: MemoryEnclosed = field(default_factory=MemoryEnclosed)
    told: list[News] = field(default_factory=list)
    directories: list[bytes] = field(default_factory=list)

    def waits(self, number: int, *, rev: int = 1, urgent: bool = False, body: bytes = b"told") -> str:
        """Let an invented record wait, and give its id."""
        record = record_id(number)
        self.outbox.put(record, rev, sealed(self.force, record=record, rev=rev, body=body), urgent=urgent)
        return record

    def report(self) -> Mapping[str, Any]:
        """What the server is told of this device."""
        return {"queued": len(self.outbox.waiting()), "drafts": 0, "vault_head": 1, "app_version": "0.1.0"}

    def desk(self) -> Desk:
        """The desk."""
        return Desk(
            device=DEVICE,
            keys=(self.force.device_kem,),
            outgoing=self.outbox,
            enclosing=self.enclosed,
            incoming=self.news,
            saying=self.saying,
            sessions=self.sessions,
            keep_directory=self.directories.append,
            report=self.report,
            now=lambda: datetime.now(UTC),
            tell=self.told.append,
        )


__all__ = ["NOW", "Bench", "a_session", "client_of", "enrolled_with", "record_id", "sealed"]
