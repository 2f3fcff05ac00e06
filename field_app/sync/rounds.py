"""One round of the courier: send what waits, in order, then fetch what is new. No thread, no clock ticking.

What must last is handed to three ports, each of which answers only once it is durable:

    Outgoing   the outbox: sealed bytes go, a verified receipt comes back
    Incoming   what the server sent, and how far it has been read
    Sessions   the officer's session

Two rules hold everything else up. A record leaves the outbox only with a verified receipt. News is
acknowledged only after it has been stored. Every step may be cut short, and then simply happens again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeVar

from booklets.errors import WireError
from booklets.sealing import (
    BadSignature,
    Directory,
    EnvelopeMalformed,
    KemKey,
    NotForThisKey,
    SealBroken,
    open_return,
)
from field_app.sync.client import Changes, Item, SyncClient
from field_app.sync.failures import CursorExpired, NotOurServer, Refused, SignInAgain, SyncFailed, TryLater
from field_app.sync.news import NeedsAttention, News, Received, Sending, StatusChanged
from field_app.sync.sessions import Session

log = logging.getLogger(__name__)
T = TypeVar("T")

IN_A_ROW: Final = 3  # after so many failures one after another, it is hardly the items' fault
GREET_EVERY: Final = timedelta(hours=1)
_NOTHING: Final[Mapping[str, int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Waiting:
    """One sealed revision that waits to be sent. ``id`` is the outbox's own name for it."""

    id: int
    record: str
    rev: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """One piece of news, opened. ``content`` is None if it could not be opened on this device."""

    stream: str
    seq: int
    kind: str
    record: str
    rev: int
    content: Mapping[str, Any] | None = field(repr=False)

    @property
    def state(self) -> str:
        """The code of the state that it tells of, if it tells of one."""
        state = (self.content or {}).get("state")
        return state if isinstance(state, str) and state.replace("_", "").isalnum() else ""


@dataclass(frozen=True, slots=True)
class Place:
    """How far the news has been read and stored: the server's cursor, and the last number of each stream."""

    cursor: str = ""
    seen: Mapping[str, int] = field(default_factory=lambda: _NOTHING)
    acknowledged: str = ""

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"cursor": self.cursor, "seen": dict(self.seen), "acknowledged": self.acknowledged}

    @classmethod
    def from_json(cls, value: object) -> Place:
        """Read what ``to_json`` wrote. Raises WireError."""
        match value:
            case {"cursor": str(cursor), "seen": dict(seen), "acknowledged": str(acknowledged)}:
                return cls(cursor, MappingProxyType(dict(seen)), acknowledged)
            case _:
                raise WireError("not a place in the news")


class Outgoing(Protocol):
    """The outbox, as far as the courier needs it."""

    def waiting(self) -> Sequence[Waiting]:
        """What is to be sent, in order; within a record by revision."""
        ...

    def begin(self, item: Waiting) -> bytes | None:
        """The sealed bytes to send, the same at every try; None if they are gone."""
        ...

    def received(self, item: Waiting, receipt: bytes) -> None:
        """Keep the verified receipt: this item waits no longer."""
        ...

    def needs_attention(self, item: Waiting, code: str) -> None:
        """The server will not take it as it stands: this item waits no longer, but is kept."""
        ...


class Incoming(Protocol):
    """Where news is stored."""

    def place(self) -> Place:
        """How far the news has been read."""
        ...

    def keep(self, arrivals: Sequence[Arrival], place: Place) -> None:
        """Store both, in one transaction. The same arrival may come again: (stream, seq) names it."""
        ...


class Sessions(Protocol):
    """Where the officer's session is kept."""

    def current(self) -> Session | None:
        """The session, or None when nobody is signed in."""
        ...

    def keep(self, session: Session) -> None:
        """Keep the new tokens in place of the old ones."""
        ...

    def ended(self) -> None:
        """The server does not know this session any more."""
        ...


class Halted(SyncFailed):
    """The courier was told to stop. What was under way happens again another time."""

    code = "halted"


@dataclass(slots=True)
class Leave:
    """``asked``: ask the server nothing more. ``overdue``: touch nothing more, the vault is closing."""

    asked: bool = False
    overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All that a round works with besides the server.

    ``keep_directory`` stores a newer key directory. ``report`` gives what the server is told of this
    device: ``queued``, ``drafts``, ``vault_head`` and ``app_version``.
    """

    device: str
    keys: tuple[KemKey, ...] = field(repr=False)
    outgoing: Outgoing
    incoming: Incoming
    sessions: Sessions
    keep_directory: Callable[[bytes], None]
    report: Callable[[], Mapping[str, Any]]
    now: Callable[[], datetime]
    tell: Callable[[News], None]
    leave: Leave = field(default_factory=Leave)


@dataclass(slots=True)
class Memory:
    """What one round remembers for the next, while the app runs."""

    tries: dict[str, int] = field(default_factory=dict)
    reported: Mapping[str, Any] | None = None
    greeted: datetime | None = None


@dataclass(slots=True)
class Round:
    """What one round did. ``ended_by`` is the last thing that went wrong, if anything did."""

    sent: int = 0
    refused: int = 0
    arrived: int = 0
    ended_by: SyncFailed | None = None

    @property
    def some_got_through(self) -> bool:
        """Whether the server took or gave anything."""
        return bool(self.sent or self.refused or self.arrived)


def make_round(client: SyncClient, desk: Desk, memory: Memory) -> Round:
    """Send what waits, fetch what is new, say how this device is."""
    done = Round()
    directory = client.directory
    try:
        officer = _Officer(client, desk)
        _send_waiting(client, desk, officer, memory, done)
        _fetch_news(client, desk, officer, done)
        _greet(client, desk, memory)
    except Refused as refused:  # not of a record: of a question that we should be allowed to ask
        done.ended_by = TryLater(f"refused_{refused.code}")
    except SyncFailed as failed:
        done.ended_by = failed
    if client.directory != directory:
        desk.keep_directory(client.directory)
    return done


class _Officer:
    """Asks with the officer's session, renewed when it is nearly over or the server has forgotten it."""

    def __init__(self, client: SyncClient, desk: Desk) -> None:
        self._client = client
        self._desk = desk
        session = desk.sessions.current()
        if session is None:
            raise SignInAgain
        self._session = session
        if session.needs_refresh(desk.now()):
            self._renew()

    def asks(self, question: Callable[[Session], T]) -> T:
        """The answer to a question that needs a signed-in officer."""
        try:
            return self._once(question)
        except SignInAgain:
            self._renew()
        return self._once(question)

    def _once(self, question: Callable[[Session], T]) -> T:
        if self._desk.leave.asked:
            raise Halted
        answer = question(self._session)
        if self._desk.leave.overdue:
            raise Halted
        return answer

    def _renew(self) -> None:
        try:
            session = self._once(self._client.refresh)
        except SignInAgain:
            self._desk.sessions.ended()
            raise
        self._desk.sessions.keep(session)
        self._session = session


def _send_waiting(client: SyncClient, desk: Desk, officer: _Officer, memory: Memory, done: Round) -> None:
    """Send in order. Whatever fails on its own goes to the back of the queue; lost signal ends the round."""
    held_back: set[str] = set()
    in_a_row = 0
    for item in in_turn(desk.outgoing.waiting(), memory.tries):
        if item.record in held_back:
            continue
        try:
            _send(client, desk, officer, item)
        except Refused as refused:
            desk.outgoing.needs_attention(item, refused.code)
            desk.tell(NeedsAttention(item.record, item.rev, refused.code, refused.says))
            done.refused += 1
            held_back.add(item.record)
        except TryLater as trouble:
            if trouble.whole_line:
                raise
            log.info("not_sent record=%s rev=%d why=%s", item.record, item.rev, trouble.why)
            memory.tries[item.record] = memory.tries.get(item.record, 0) + 1
            held_back.add(item.record)
            done.ended_by = trouble
            in_a_row += 1
            if in_a_row == IN_A_ROW:
                raise
            continue
        else:
            done.sent += 1
        memory.tries.pop(item.record, None)
        in_a_row = 0


def in_turn(waiting: Sequence[Waiting], tries: Mapping[str, int]) -> list[Waiting]:
    """Records that failed on their own stand behind those that did not; else the outbox's order holds."""
    return sorted(waiting, key=lambda item: tries.get(item.record, 0))


def _send(client: SyncClient, desk: Desk, officer: _Officer, item: Waiting) -> None:
    sealed = desk.outgoing.begin(item)
    if sealed is None:
        raise Refused("envelope_missing", "The sealed copy on this device is gone. Tell the support desk.")
    desk.tell(Sending(item.record, item.rev))
    got = officer.asks(
        lambda session: client.submit(sealed, record=item.record, rev=item.rev, session=session)
    )
    desk.outgoing.received(item, got.signed)
    desk.tell(Received(item.record, item.rev, got.receipt.received_at))


def _fetch_news(client: SyncClient, desk: Desk, officer: _Officer, done: Round) -> None:
    """Read on from where we are, store, then acknowledge. After a gap, once more from the start."""
    place = desk.incoming.place()
    from_the_start = not place.cursor
    while True:
        page, place = _page(client, officer, place, may_start_over=not from_the_start)
        if page is None:
            from_the_start = True
            continue
        arrivals = [
            _opened(item, client, desk) for item in page.items if item.seq > place.seen.get(item.stream, 0)
        ]
        place = _after(page, place)
        if page.items:
            desk.incoming.keep(arrivals, place)
            done.arrived += len(arrivals)
        for one in arrivals:
            desk.tell(StatusChanged(one.kind, one.record, one.rev, one.state))
        if place.acknowledged != place.cursor:
            place = _acknowledge(client, desk, officer, place)
        if not page.more:
            return


def _page(
    client: SyncClient, officer: _Officer, place: Place, *, may_start_over: bool
) -> tuple[Changes | None, Place]:
    """The next page; or nothing and the very beginning, if what we have does not lead on to it."""
    try:
        page = officer.asks(lambda session: client.changes(place.cursor, session=session))
    except CursorExpired:
        if not may_start_over:
            raise NotOurServer("no_beginning") from None
        return None, Place()
    if page.more and page.next == place.cursor:
        raise NotOurServer("no_end")
    if may_start_over and has_gap(page.items, place.seen):
        log.warning("gap_in_news items=%d", len(page.items))
        return None, Place()
    return page, place


def has_gap(items: Sequence[Item], seen: Mapping[str, int]) -> bool:
    """Whether a number is missing in one of the streams."""
    last = dict(seen)
    for item in items:
        if item.seq > last.get(item.stream, 0) + 1:
            return True
        last[item.stream] = max(item.seq, last.get(item.stream, 0))
    return False


def _after(page: Changes, place: Place) -> Place:
    seen = dict(place.seen)
    for item in page.items:
        seen[item.stream] = max(item.seq, seen.get(item.stream, 0))
    return replace(place, cursor=page.next, seen=MappingProxyType(seen))


def _acknowledge(client: SyncClient, desk: Desk, officer: _Officer, place: Place) -> Place:
    officer.asks(lambda session: client.ack(place.cursor, session=session))
    place = replace(place, acknowledged=place.cursor)
    desk.incoming.keep((), place)
    return place


def _opened(item: Item, client: SyncClient, desk: Desk) -> Arrival:
    """The item, opened. One that does not open holds up nothing: it is kept as such, and logged."""
    if item.kind == "key_directory":
        client.keys()
    content = None
    try:
        content = _content(item, desk, client.known_keys)
    except BadSignature:
        content = _tried_with_newer_keys(item, client, desk)
    except (EnvelopeMalformed, SealBroken) as why:
        log.warning("news_unopened kind=%s seq=%d why=%s", item.kind, item.seq, why.code)
    return Arrival(item.stream, item.seq, item.kind, item.record, item.rev, content)


def _tried_with_newer_keys(item: Item, client: SyncClient, desk: Desk) -> Mapping[str, Any] | None:
    try:
        return _content(item, desk, client.keys())
    except (BadSignature, EnvelopeMalformed, SealBroken) as why:
        log.warning("news_unopened kind=%s seq=%d why=%s", item.kind, item.seq, why.code)
        return None


def _content(item: Item, desk: Desk, directory: Directory) -> Mapping[str, Any]:
    """What the item says, if the force signed it, for this device, about the record it is filed under."""
    refused: NotForThisKey | None = None
    for key in desk.keys:
        try:
            header, body = open_return(item.sealed, device=desk.device, key=key, directory=directory)
        except NotForThisKey as why:
            refused = why
            continue
        if (header.record, header.rev) != (item.record, item.rev):
            raise EnvelopeMalformed("This is news about another record.")
        return _message(body)
    raise refused or NotForThisKey("This device has no key to open news with.")


def _message(body: bytes) -> Mapping[str, Any]:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        raise EnvelopeMalformed("This news cannot be read.")
    return MappingProxyType(message)


def _greet(client: SyncClient, desk: Desk, memory: Memory) -> None:
    """Say how this device is, if that has changed; now and then ask how the server is."""
    if desk.leave.asked:
        raise Halted
    report = dict(desk.report())
    if report != memory.reported:
        client.status(report)
        memory.reported = report
    if memory.greeted is None or not timedelta() <= desk.now() - memory.greeted < GREET_EVERY:
        if client.hello().directory_number > client.known_keys.number:
            client.keys()
        memory.greeted = desk.now()
