"""What a round works with: the ports behind which everything lasts, and the officer's session.

    Outgoing   the outbox: sealed bytes go, a verified receipt comes back
    Enclosing  the attachments that go with records: in pieces, after them
    Incoming   what the server sent, and how far it has been read
    Saying     what was said of tasks: small messages that go and are answered
    Giving     drafts that go to a colleague, and what is taken over
    Unsent     drafts of which the force keeps a sealed copy
    Noting     the log of what was done with records here
    Sessions   the officer's session

Each answers only once what it was given is durable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeVar

from booklets.errors import WireError
from booklets.sealing import KemKey
from field_app.store.log import Stretch
from field_app.sync.client import SyncClient
from field_app.sync.errands import Errands
from field_app.sync.failures import SignInAgain, SyncFailed
from field_app.sync.news import News
from field_app.sync.sessions import Session

T = TypeVar("T")

_NOTHING: Final[Mapping[str, int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Waiting:
    """One sealed revision that waits to be sent. ``id`` is the outbox's own name for it.

    What is ``urgent`` waits for nothing else.
    """

    id: int
    record: str
    rev: int
    urgent: bool = False


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


@dataclass(frozen=True, slots=True)
class Copy:
    """The sealed copy of something received, by the sum of its bytes. ``id`` is the outbox's own name."""

    id: int
    record: str
    rev: int
    sha256: str


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

    def kept_apart(self, record: str, rev: int) -> tuple[Waiting, bytes] | None:
        """What the server would not take as it stood, with its sealed bytes; None where there is none."""
        ...

    def copies(self) -> Sequence[Copy]:
        """The sealed copies of what was received a while ago, the oldest first."""
        ...

    def sealed_copy(self, one: Copy) -> bytes | None:
        """The bytes of one; None if they are gone."""
        ...

    def safe(self, some: Sequence[Copy]) -> None:
        """Let go of these: a backup of the force has them."""
        ...


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One sealed attachment that waits to be sent. ``upload`` is where the server takes it, once begun."""

    id: int
    attachment: str
    record: str
    rev: int
    size: int
    sha256: str
    upload: str = ""


class Enclosing(Protocol):
    """The attachments that go with records, as far as the courier needs them."""

    def waiting(self) -> Sequence[Enclosed]:
        """What can be sent, the smallest first: of records that the server has."""
        ...

    def piece(self, one: Enclosed, start: int, size: int) -> bytes | None:
        """Some of the sealed bytes, the same at every try; None if they are gone."""
        ...

    def begun(self, one: Enclosed, upload: str) -> None:
        """Remember where the server takes it."""
        ...

    def sent(self, one: Enclosed, receipt: bytes) -> None:
        """Keep the verified receipt for all of it: it waits no longer."""
        ...

    def needs_attention(self, one: Enclosed, code: str) -> None:
        """The server will not take it as it stands: it waits no longer, but is kept."""
        ...


class Incoming(Protocol):
    """Where news is stored."""

    def place(self) -> Place:
        """How far the news has been read."""
        ...

    def keep(self, arrivals: Sequence[Arrival], place: Place) -> None:
        """Store both, in one transaction. The same arrival may come again: (stream, seq) names it."""
        ...


class Saying(Protocol):
    """What the officer said of tasks, as far as the courier needs it."""

    def waiting(self) -> Sequence[Mapping[str, Any]]:
        """What is to be sent, in the order it was said; each has an ``id``."""
        ...

    def answered(self, id_: str, why_void: str) -> None:
        """The force has it: it counts, or ``why_void`` says why not. It waits no longer."""
        ...


@dataclass(frozen=True, slots=True)
class Wish:
    """A draft to be given (then ``sealed`` is what goes), or one to be taken over or back."""

    id: str
    given: str
    act: str
    sealed: bytes = field(default=b"", repr=False)


class Giving(Protocol):
    """Drafts on their way from one officer to another, as far as the courier needs it."""

    def waiting(self) -> Sequence[Wish]:
        """What is to be asked, in order."""
        ...

    def begin(self, id_: str) -> bool:
        """Note that it is being asked; whether it is wished still."""
        ...

    def never_left(self, id_: str) -> None:
        """The force cannot have heard of what was begun last."""
        ...

    def answered(self, id_: str, why_void: str) -> None:
        """The force has it: it counts, or ``why_void`` says why not. It waits no longer."""
        ...


class NothingGiven:
    """Where nobody gives a draft to anybody."""

    def waiting(self) -> Sequence[Wish]:
        """Nothing."""
        return ()

    def begin(self, id_: str) -> bool:
        """Nothing is wished."""
        return False

    def never_left(self, id_: str) -> None:
        """Nothing was begun."""

    def answered(self, id_: str, why_void: str) -> None:
        """Nothing was asked."""


class Unsent(Protocol):
    """What is not sent yet, of which the force keeps a copy in case this device is lost."""

    def there(self) -> Mapping[str, int] | None:
        """Each draft with the number of the state that it is in; None where the force never had a copy."""
        ...

    def sealed(self, encounter: str, version: int) -> bytes | None:
        """A copy of one as it was saved then, sealed to the force; None once it is gone or has changed."""
        ...

    def kept(self, there: Mapping[str, int]) -> None:
        """The force has a copy of each of these, and of nothing else."""
        ...


class NothingUnsent:
    """Where there are no drafts."""

    def there(self) -> Mapping[str, int] | None:
        """None."""
        return None

    def sealed(self, encounter: str, version: int) -> bytes | None:
        """Nothing."""
        return None

    def kept(self, there: Mapping[str, int]) -> None:
        """Nothing was kept."""


class Noting(Protocol):
    """The device's own log, as far as the courier takes it to the force."""

    def waiting(self) -> Stretch | None:
        """The oldest entries that the force has not got; None where it has them all."""
        ...

    def taken(self, some: Stretch) -> None:
        """The force has these."""
        ...


class NothingNoted:
    """Where nothing is noted."""

    def waiting(self) -> Stretch | None:
        """Nothing."""
        return None

    def taken(self, some: Stretch) -> None:
        """Nothing was sent."""


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

    ``hurried`` says whether something came up that does not wait for a long upload.
    ``keep_directory`` stores a newer key directory. ``report`` gives what the server is told of this
    device: ``queued``, ``drafts``, ``vault_head``, ``app_version`` and which ``policy`` it holds.
    ``keep_policy`` stores a newer policy, once it has checked it.
    """

    device: str
    keys: tuple[KemKey, ...] = field(repr=False)
    outgoing: Outgoing
    enclosing: Enclosing
    incoming: Incoming
    saying: Saying
    sessions: Sessions
    keep_directory: Callable[[bytes], None]
    report: Callable[[], Mapping[str, Any]]
    now: Callable[[], datetime]
    tell: Callable[[News], None]
    hurried: Callable[[], bool] = lambda: False
    giving: Giving = field(default_factory=NothingGiven)
    unsent: Unsent = field(default_factory=NothingUnsent)
    noting: Noting = field(default_factory=NothingNoted)
    leave: Leave = field(default_factory=Leave)
    errands: Errands = field(default_factory=Errands)
    keep_policy: Callable[[bytes], None] = lambda _policy: None


class Signed:
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
