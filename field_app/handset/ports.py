"""What the courier needs of an open vault. The keeper's thread does the work; the courier waits for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from tinydb.table import Document

from booklets.errors import WireError
from field_app.capture.duties import Way
from field_app.handset.known_children import SHIFT_PACK, KnownChildren
from field_app.store.enclosures import Enclosures
from field_app.store.keeper import Keeper
from field_app.store.notes import Notes
from field_app.store.outbox import Outbox, State
from field_app.store.said import SaidOfTasks
from field_app.store.sealed_table import VaultDB
from field_app.sync.clocks import ServerClock
from field_app.sync.desk import Copy, Enclosed
from field_app.sync.rounds import Arrival, Place, Waiting
from field_app.sync.sessions import Officer, Session

NEWS: Final = "news"
PLACE: Final = "feed.place"
SESSION: Final = "session"
OFFICER: Final = "officer"
OLD_ENOUGH: Final = timedelta(hours=1)


class OutgoingPort:
    """The outbox of one open vault."""

    def __init__(self, keeper: Keeper, db: VaultDB, clock: ServerClock) -> None:
        self._keeper = keeper
        self._db = db
        self._clock = clock

    def waiting(self) -> Sequence[Waiting]:
        """What is to be sent, in the outbox's own order."""
        found = self._keeper.call(lambda: Outbox(self._db).waiting()).result()
        urgent = {item.record for item in found if item.priority}
        return [Waiting(item.id, item.record, item.rev, item.record in urgent) for item in found]

    def begin(self, item: Waiting) -> bytes | None:
        """Note that it is being sent, and give the bytes that are sent every time."""
        return self._keeper.call(self._begin, item.id).result()

    def _begin(self, item_id: int) -> bytes | None:
        outbox = Outbox(self._db)
        outbox.mark(item_id, State.SENDING, now=self._clock.now())
        return outbox.envelope(item_id)

    def received(self, item: Waiting, receipt: bytes) -> None:
        """Keep the receipt, which has been verified; the record waits no longer."""
        self._mark(item, State.ACCEPTED, receipt=receipt.decode())

    def needs_attention(self, item: Waiting, code: str) -> None:
        """Keep it, but stop sending: a person has to look."""
        self._mark(item, State.ATTENTION, reason=code)

    def kept_apart(self, record: str, rev: int) -> tuple[Waiting, bytes] | None:
        """What a person has to look at, with the bytes that a late receipt must be for."""
        return self._keeper.call(self._kept_apart, record, rev).result()

    def _kept_apart(self, record: str, rev: int) -> tuple[Waiting, bytes] | None:
        outbox = Outbox(self._db)
        item = outbox.find(record, rev)
        sealed = outbox.envelope(item.id) if item and item.state is State.ATTENTION else None
        return None if item is None or sealed is None else (Waiting(item.id, record, rev), sealed)

    def copies(self) -> Sequence[Copy]:
        """The sealed copies of what was received an hour ago and more: no backup is newer than that."""
        return self._keeper.call(self._copies).result()

    def _copies(self) -> Sequence[Copy]:
        outbox, until = Outbox(self._db), self._clock.now() - OLD_ENOUGH
        old = [one for one in outbox.all() if one.state is State.ACCEPTED and one.settled is not None]
        found = ((one, outbox.envelope(one.id)) for one in old if one.settled and one.settled <= until)
        return [
            Copy(one.id, one.record, one.rev, sha256(sealed).hexdigest())
            for one, sealed in found
            if sealed is not None
        ]

    def sealed_copy(self, one: Copy) -> bytes | None:
        """The bytes of one."""
        return self._keeper.call(lambda: Outbox(self._db).envelope(one.id)).result()

    def safe(self, some: Sequence[Copy]) -> None:
        """Erase these: a backup of the force has them."""
        if some:
            self._keeper.call(self._safe, some).result()

    def _safe(self, some: Sequence[Copy]) -> None:
        for one in some:
            Outbox(self._db).backed_up(one.record, one.rev)

    def _mark(self, item: Waiting, state: State, **more: str) -> None:
        outbox, now = Outbox(self._db), self._clock.now()
        self._keeper.call(lambda: outbox.mark(item.id, state, now=now, **more)).result()


class EnclosingPort:
    """The sealed attachments of one open vault."""

    def __init__(self, keeper: Keeper, db: VaultDB, clock: ServerClock) -> None:
        self._keeper = keeper
        self._db = db
        self._clock = clock

    def waiting(self) -> Sequence[Enclosed]:
        """What can be sent, of records that the server has."""
        found = self._keeper.call(lambda: Enclosures(self._db).waiting()).result()
        return [
            Enclosed(one.id, one.attachment, one.record, one.rev, one.size, one.sha256, one.upload)
            for one in found
        ]

    def piece(self, one: Enclosed, start: int, size: int) -> bytes | None:
        """Some of the sealed bytes."""
        return self._keeper.call(lambda: Enclosures(self._db).piece(one.id, start, size)).result()

    def begun(self, one: Enclosed, upload: str) -> None:
        """Remember where the server takes it."""
        self._keeper.call(lambda: Enclosures(self._db).begun(one.id, upload)).result()

    def sent(self, one: Enclosed, receipt: bytes) -> None:
        """Keep the verified receipt; it waits no longer."""
        now, said = self._clock.now(), receipt.decode()
        self._keeper.call(lambda: Enclosures(self._db).sent(one.id, now=now, receipt=said)).result()

    def needs_attention(self, one: Enclosed, code: str) -> None:
        """Keep it, but stop sending: a person has to look."""
        now = self._clock.now()
        kept = Enclosures(self._db)
        self._keeper.call(lambda: kept.needs_attention(one.id, now=now, reason=code)).result()


class IncomingPort:
    """What the force has told this officer, kept sealed like everything else."""

    def __init__(self, keeper: Keeper, db: VaultDB, known: KnownChildren | None = None) -> None:
        self._keeper = keeper
        self._db = db
        self._known = known or KnownChildren(db)

    def place(self) -> Place:
        """How far the news has been read."""
        return self._keeper.call(self._place).result()

    def _place(self) -> Place:
        try:
            return Place.from_json(Notes(self._db).get(PLACE))
        except WireError:
            return Place()

    def keep(self, arrivals: Sequence[Arrival], place: Place) -> None:
        """Store the news and how far it reaches, both or neither."""
        self._keeper.call(self._keep, tuple(arrivals), place).result()

    def _keep(self, arrivals: Sequence[Arrival], place: Place) -> None:
        table = self._db.sealed(NEWS)
        with self._db.transaction():
            for one in arrivals:
                if one.kind != SHIFT_PACK:
                    table.put(Document(_document(one), table.rid_for(f"{one.stream}/{one.seq}")))
            session = session_in(self._db)
            until = session.until if session else None
            self._known.take([one for one in arrivals if one.kind == SHIFT_PACK], until)
            Notes(self._db).set(PLACE, place.to_json())


def _document(one: Arrival) -> dict[str, Any]:
    return {
        "stream": one.stream,
        "seq": one.seq,
        "kind": one.kind,
        "record": one.record,
        "rev": one.rev,
        "content": dict(one.content) if one.content is not None else None,
    }


class SayingPort:
    """What the officer said of tasks, in one open vault."""

    def __init__(self, keeper: Keeper, db: VaultDB, clock: ServerClock) -> None:
        self._keeper = keeper
        self._db = db
        self._clock = clock

    def waiting(self) -> Sequence[Mapping[str, Any]]:
        """What is to be sent, in the order it was said."""
        return self._keeper.call(lambda: SaidOfTasks(self._db).waiting()).result()

    def answered(self, id_: str, why_void: str) -> None:
        """Keep what the force answered."""
        way, now = Way.VOID if why_void else Way.COUNTED, self._clock.now()
        self._keeper.call(lambda: SaidOfTasks(self._db).answered(id_, way.value, why_void, at=now)).result()


class SessionsPort:
    """The officer's session, kept in the vault and nowhere else."""

    def __init__(self, keeper: Keeper, db: VaultDB, known: KnownChildren | None = None) -> None:
        self._keeper = keeper
        self._db = db
        self._known = known or KnownChildren(db)

    def current(self) -> Session | None:
        """The session, or ``None`` when the officer has to sign in again."""
        return self._keeper.call(self._current).result()

    def _current(self) -> Session | None:
        return session_in(self._db)

    def keep(self, session: Session) -> None:
        """Keep the newest tokens."""
        self._keeper.call(lambda: Notes(self._db).set(SESSION, session.to_json())).result()

    def whose(self, *, noted: bool) -> Officer:
        """Whose vault this is, by the session or by what was ``noted`` of the last one."""
        return self._keeper.call(self._whose, noted).result()

    def _whose(self, noted: bool) -> Officer:
        session, notes = session_in(self._db), Notes(self._db)
        if session is None:
            return Session.from_json(notes.get(OFFICER)).officer
        if noted:
            notes.set(OFFICER, session.to_json())
        return session.officer

    def ended(self) -> None:
        """Forget a session that the server no longer knows, and with it what was told for its shift."""
        self._keeper.call(self._ended).result()

    def _ended(self) -> None:
        with self._db.transaction():
            Notes(self._db).remove(SESSION)
            self._known.forget()


def session_in(db: VaultDB) -> Session | None:
    """The session that is kept in this vault, for whoever is on the keeper's thread."""
    kept = Notes(db).get(SESSION)
    try:
        return None if kept is None else Session.from_json(kept)
    except WireError:  # written by another version of the app: signing in again is all it takes
        return None


def counted(keeper: Keeper, count: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """A report that is counted on the keeper's thread."""
    return lambda: keeper.call(count).result()
