"""A handset as an officer holds it, of real parts: vault, keeper, autosave, courier. Only the PIN is cheap.

``an_offline_shift`` is enrolled with a force that cannot be reached. Whoever wants the real server brings
its address and lets the handset enrol with it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from booklets.answers import Answer, Moment, Row
from booklets.drafts import encounter_from_json
from booklets.encounters import Encounter
from field_app.capture.session import CaptureSession
from field_app.handset.access import Access
from field_app.handset.device import ENROLLED, Handset
from field_app.handset.shift import Listening, Shift
from field_app.settings import Settings
from field_app.store.drafts import DraftStore
from field_app.store.outbox import Item, Outbox, State
from field_app.sync.enrolment import Enrolled
from field_app.sync.news import News
from field_app.vault.secrets import SecretStore
from field_app.vault.vaults import Vaults
from tests.field_app.sync.desks import a_session, enrolled_with
from tests.support.portals import SmallForce, nobody_there
from tests.support.vaults import CHEAP, PIN, MemorySecrets

N = TypeVar("N")
PATIENCE_S = 10.0
GUIDE = "return_check"


@dataclass
class Heard:
    """Everything a handset told its screen, to be waited for and never slept for."""

    saves: list[datetime] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)
    news: list[News] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def listening(self) -> Listening:
        """What the handset is given."""
        return Listening(
            saved=self._in(self.saves), not_saved=self._in(self.failures), news=self._in(self.news)
        )

    def _in(self, kept: list[N]) -> Callable[[N], None]:
        def heard(one: N) -> None:
            with self.changed:
                kept.append(one)
                self.changed.notify_all()

        return heard

    def wait_until(self, holds: Callable[[], bool], within: float = PATIENCE_S) -> None:
        """Wait until something heard makes it true."""
        with self.changed:
            assert self.changed.wait_for(holds, within), f"not within {within} s"

    def wait_for(self, kind: type[News], count: int = 1) -> None:
        """Wait until news of this kind has come so often."""
        self.wait_until(lambda: self.count(kind) >= count)

    def count(self, kind: type[News]) -> int:
        """How often news of this kind has come."""
        return sum(isinstance(one, kind) for one in self.news)


def cheap_vaults(folder: Path, secrets: SecretStore) -> Vaults:
    """Vaults that open at once, and protect nothing."""
    return Vaults(folder, secrets, weak_stretching_for_tests=CHEAP)


def set_up(secrets: SecretStore, enrolled: Enrolled) -> None:
    """As a device is left that has enrolled with its force just now."""
    Access(secrets).begin_anew(datetime.now(UTC))
    secrets.set(ENROLLED, json.dumps(enrolled.to_json()))


@contextmanager
def a_handset(
    folder: Path,
    *,
    secrets: SecretStore | None = None,
    server: str = "",
    server_key: str = "",
    heard: Heard | None = None,
) -> Iterator[Handset]:
    """A handset on a data folder; opened by the test, closed here."""
    settings = Settings(data=folder, server=server, server_key=server_key)
    handset = Handset(settings, secrets or MemorySecrets(), app_version="0.1.0", vaults_in=cheap_vaults)
    if heard is not None:
        handset.listen(heard.listening())
    try:
        yield handset
    finally:
        handset.close()


@dataclass
class OnShift:
    """An officer with an open vault on a handset whose force cannot be reached."""

    handset: Handset
    force: SmallForce
    heard: Heard
    secrets: MemorySecrets
    folder: Path

    @property
    def shift(self) -> Shift:
        """The open vault."""
        assert self.handset.shift is not None
        return self.handset.shift

    def opens_again(self) -> None:
        """Unlock after a lock."""
        self.handset.unlock(self.handset.standing().officers[0].vault, PIN)

    def outbox(self) -> list[Item]:
        """What waits or was sent."""
        return self.on_keeper(lambda: Outbox(self.shift._vault.db).all())

    def draft(self, session: CaptureSession) -> Encounter | None:
        """What lies on the disk of an encounter."""
        return self.on_keeper(lambda: self.draft_here(session))

    def draft_here(self, session: CaptureSession) -> Encounter | None:
        """The same, for whoever is on the keeper's thread already."""
        found = DraftStore(self.shift._vault.db).get(str(session.encounter.id))
        return None if found is None else encounter_from_json(found)

    def forget_drafts(self) -> None:
        """Nothing is unfinished any more; for the keeper's thread."""
        drafts = DraftStore(self.shift._vault.db)
        for one in drafts.all():
            drafts.forget(str(one["id"]))

    def refused(self, item: Item, code: str) -> None:
        """The force would not take this as it stood."""
        outbox, now = Outbox(self.shift._vault.db), self.handset.clock.now()

        def work() -> None:
            outbox.mark(item.id, State.SENDING, now=now)
            outbox.mark(item.id, State.ATTENTION, now=now, reason=code)

        self.on_keeper(work)

    def envelope(self, item: Item) -> bytes:
        """The sealed bytes of one item."""
        found = self.on_keeper(lambda: Outbox(self.shift._vault.db).envelope(item.id))
        assert found is not None
        return found

    def on_keeper(self, look: Callable[[], N]) -> N:
        """Look at the open vault from the only thread that may."""
        return self.shift._keeper.call(look).result()

    def connection(self) -> sqlite3.Connection:
        """The store's file, to be touched on the keeper's thread only."""
        return self.shift._vault.db.rows.connection

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """There is no room: sqlite itself refuses to let the file grow, as it would on a full disk."""

        def fill() -> int:
            rows = self.connection()
            rows.execute("VACUUM")  # pages that other tests have emptied would be room
            pages = int(rows.execute("PRAGMA page_count").fetchone()[0])
            rows.execute(f"PRAGMA max_page_count = {pages}")
            return pages

        self.on_keeper(fill)
        try:
            yield
        finally:
            if self.handset.shift is not None:
                self.make_room()

    def make_room(self) -> None:
        """Somebody deletes some photos."""
        self.on_keeper(lambda: self.connection().execute("PRAGMA max_page_count = 1000000").fetchone())


@contextmanager
def a_device(folder: Path) -> Iterator[OnShift]:
    """An enrolled handset, open, with nobody's vault on it yet."""
    with nobody_there() as address:
        force, secrets, heard = SmallForce(address=address), MemorySecrets(), Heard()
        set_up(secrets, enrolled_with(force))
        with a_handset(folder, secrets=secrets, heard=heard) as handset:
            handset.open()
            yield OnShift(handset, force, heard, secrets, folder)


@contextmanager
def an_offline_shift(folder: Path) -> Iterator[OnShift]:
    """An officer who has unlocked, in a place without signal."""
    with a_device(folder) as one:
        one.handset.new_vault(a_session(), pin=PIN, display_name="PC Sample")
        yield one


def found_child(session: CaptureSession, said: Mapping[str, Answer] | None = None) -> None:
    """Answer just what "found" needs: who, when, where, how, with whom, and that the council knows."""
    now = session._now()
    about: dict[str, Answer] = {
        "person.known_as": "Amy",
        "person.surname": "Brook",
        "person.dob": "2011-01-09",
        "person.sex": "F",
        "person.ethnicity_sde": "W1",
    }
    for name, value in about.items():
        session.put(name, value)
    session.put("ret.returned_before_report", "no")
    session.put("ret.found_at", Moment(now))
    place = session.mention("ret.found_place")
    session.put("place.street", "14 Saltern Row", place)
    mum = session.mention("ret.left_with")
    session.put("person.known_as", "Karen", mum)
    session.put("ret.condition", ("awake_talking",))
    call: Row = {"with": "edt_north_yorkshire", "at": Moment(now), "outcome": "accepted"}
    session.put("ret.la_informed", (call,))
    for name, value in (said or {}).items():
        session.put(name, value)


def files_under(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, for looking for words that must not be there.

    What goes while it is looked at, as a database's own files beside it do, is left out.
    """
    found = {}
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            if path.is_file():
                found[str(path.relative_to(folder))] = path.read_bytes()
    return found
