"""The courier's ports, kept in an officer's open vault. Every call runs on the keeper's thread.

Build these on any thread; never stop the courier from the keeper's thread, which it may be waiting for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Protocol, TypeVar

from field_app.store.keeper import Keeper
from field_app.store.notes import Notes
from field_app.store.outbox import Item, Outbox, State
from field_app.store.sealed_table import VaultDB
from field_app.sync.rounds import Arrival, Place, Waiting
from field_app.sync.sessions import Session

T = TypeVar("T")

PLACE: Final = "news.place"
SESSION: Final = "session"


class Run(Protocol):
    """Has work done on the thread that owns the vault, and waits for it."""

    def __call__(self, work: Callable[[], T], /) -> T:
        """What the work gave."""
        ...


def on_keeper(keeper: Keeper) -> Run:
    """Work is done by this keeper."""

    def run(work: Callable[[], T], /) -> T:
        return keeper.call(work).result()

    return run


class KeptOutbox:
    """``rounds.Outgoing`` over the vault's outbox."""

    def __init__(self, run: Run, db: VaultDB, *, now: Callable[[], datetime]) -> None:
        self._run = run
        self._db = db
        self._now = now

    def waiting(self) -> Sequence[Waiting]:
        """What is to be sent, in the outbox's order."""
        items = self._run(lambda: Outbox(self._db).waiting())
        return [Waiting(item.id, item.record, item.rev) for item in items]

    def begin(self, item: Waiting) -> bytes | None:
        """The sealed bytes; the outbox says "sending" from now on."""
        return self._run(lambda: self._begin(item))

    def received(self, item: Waiting, receipt: bytes) -> None:
        """Keep the verified receipt."""
        self._mark(item, State.ACCEPTED, receipt=receipt.decode())

    def needs_attention(self, item: Waiting, code: str) -> None:
        """Somebody has to look."""
        self._mark(item, State.ATTENTION, reason=code)

    def _begin(self, item: Waiting) -> bytes | None:
        outbox = Outbox(self._db)
        held = outbox.get(item.id)
        if held is not None and held.state is State.SEALED:
            outbox.mark(item.id, State.SENDING, now=self._now())
        return outbox.envelope(item.id)

    def _mark(
        self, item: Waiting, state: State, *, receipt: str | None = None, reason: str | None = None
    ) -> Item:
        def mark() -> Item:
            return Outbox(self._db).mark(item.id, state, now=self._now(), receipt=receipt, reason=reason)

        return self._run(mark)


class KeptNews:
    """``rounds.Incoming`` over the vault. ``file`` puts news where it belongs, on the keeper's thread.

    It is called inside the transaction that moves the place in the news, so news is stored exactly once
    or comes again; it must not mind seeing the same arrival twice.
    """

    def __init__(self, run: Run, db: VaultDB, *, file: Callable[[Sequence[Arrival]], None]) -> None:
        self._run = run
        self._db = db
        self._file = file

    def place(self) -> Place:
        """How far the news has been read."""
        kept = self._run(lambda: Notes(self._db).get(PLACE))
        return Place() if kept is None else Place.from_json(kept)

    def keep(self, arrivals: Sequence[Arrival], place: Place) -> None:
        """Store both, or neither."""

        def keep() -> None:
            with self._db.transaction():
                if arrivals:
                    self._file(arrivals)
                Notes(self._db).set(PLACE, place.to_json())

        self._run(keep)


class KeptSession:
    """``rounds.Sessions`` over the vault."""

    def __init__(self, run: Run, db: VaultDB) -> None:
        self._run = run
        self._db = db

    def current(self) -> Session | None:
        """The session, or None when nobody is signed in."""
        kept = self._run(lambda: Notes(self._db).get(SESSION))
        return None if kept is None else Session.from_json(kept)

    def keep(self, session: Session) -> None:
        """Keep it in place of the one before."""
        self._run(lambda: Notes(self._db).set(SESSION, session.to_json()))

    def ended(self) -> None:
        """Forget the tokens."""
        self._run(lambda: Notes(self._db).remove(SESSION))
