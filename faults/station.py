"""One station: a real server that can be started anew, and handhelds with their officers' vaults.

A handheld is the app without its screens. Its courier has no thread: a round is made when somebody says so,
so that the same story is told the same way each time. It dies by its files being copied as they lie, and is
opened from the copy: whatever the app would have done on its way out is not in there.
"""

from __future__ import annotations

import shutil
import socket
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from unittest.mock import patch

from sqlalchemy import Connection

from faults.line_with_troubles import Carried, Died, Line, OnTheLine, Trouble
from field_app.handset import shift as shifts
from field_app.handset.device import Handset
from field_app.handset.shift import Shift
from field_app.settings import Settings as AppSettings
from field_app.sync.courier import Courier
from field_app.sync.desk import Arrival, Desk, Incoming, Outgoing, Place, Waiting
from field_app.sync.enrolment import Enrolled
from field_app.sync.hearing import SHIFT_PACK
from field_app.sync.locked import LockedClient
from field_app.sync.sessions import Officer, Session
from field_app.sync.tally import Round
from field_app.vault.device import DeviceKeys
from sync_server.app import create_app
from sync_server.context import Context, open_context
from sync_server.identity import accounts, devices, enrolment, sessions
from sync_server.identity.accounts import Person, Role
from sync_server.settings import Settings
from tests.support.builders import FORCE
from tests.support.handsets import cheap_vaults, set_up
from tests.support.servers import no_hurry, serving
from tests.support.vaults import PIN, MemorySecrets

APP: Final = "9.0.0"
UNUSABLE_HASH: Final = "nobody signs in by password here"
NAMES: Final = ("Ada Okoro", "Jo Wells", "Tunde Oyelaran", "Sam Adeyemi")


class WithoutAThread(Courier):
    """The app's own courier, whose rounds somebody else makes."""

    def start(self) -> None:
        """Wait to be told."""


class Station:
    """A data folder and a server on it, at one address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._reserved = _bound(0)  # bound, and not listening: the address stays ours
        self._port = int(self._reserved.getsockname()[1])
        self.url = f"http://127.0.0.1:{self._port}"
        self._running = ExitStack()
        self.context: Context
        self._start()

    def _start(self) -> None:
        self.context = open_context(Settings.of(self.folder / "server", public_origin=self.url))
        listener = _bound(self._port)
        listener.listen(128)
        self._running.callback(self.context.close)
        self._running.enter_context(
            serving(create_app(self.context, force=FORCE, limits=no_hurry()), listener)
        )

    def starts_anew(self) -> None:
        """Stop, and start from what lies on the disk."""
        self._running.close()
        self._start()

    def close(self) -> None:
        """Stop for good."""
        self._running.close()
        self._reserved.close()


def _bound(port: int) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    return made


@contextmanager
def a_station(folder: Path) -> Iterator[Station]:
    """A station whose handhelds make no round by themselves."""
    with patch.object(shifts, "Courier", WithoutAThread):
        station = Station(folder)
        try:
            yield station
        finally:
            station.close()


@dataclass
class Kept:
    """Where news is stored, which remembers what was stored how often. A shift pack is counted elsewhere."""

    port: Incoming
    times: Counter[tuple[str, int]]

    def place(self) -> Place:
        """How far the news has been read."""
        return self.port.place()

    def keep(self, arrivals: Sequence[Arrival], place: Place) -> None:
        """Store both."""
        self.port.keep(arrivals, place)
        self.times.update((one.stream, one.seq) for one in arrivals if one.kind != SHIFT_PACK)


@dataclass
class Going:
    """The outbox, which can be gone through from the end, and can forget what it has given out."""

    port: Outgoing
    backwards: bool = False
    forgets: bool = False
    given_out: set[int] = field(default_factory=set)

    def waiting(self) -> Sequence[Waiting]:
        """What is to be sent; from the end, where revisions are to overtake each other."""
        found = [one for one in self.port.waiting() if not (self.forgets and one.id in self.given_out)]
        return found[::-1] if self.backwards else found

    def begin(self, item: Waiting) -> bytes | None:
        """Its sealed bytes."""
        self.given_out.add(item.id)
        return self.port.begin(item)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.port, name)


class OnALine(Handset):
    """The app's own handset on a line that has its troubles."""

    def __init__(self, line: Line, folder: Path, secrets: MemorySecrets) -> None:
        settings = AppSettings(data=folder, server="", server_key="")
        super().__init__(settings, secrets, app_version=APP, vaults_in=cheap_vaults)
        self._line = line

    def ask_locked(self) -> LockedClient:
        """A connection over that line."""
        client = super().ask_locked()
        client._http._transport = OnTheLine(client._http._transport, self._line)
        return client


class Handheld:
    """One handheld with its officer's vault open, on shift."""

    def __init__(self, station: Station, person: Person, carried: Carried, *, forgets: bool = False) -> None:
        self.station, self.person = station, person
        self.forgets = forgets
        self.times: Counter[tuple[str, int]] = Counter()
        self.lives = 1
        self._secrets = MemorySecrets()
        self._given_out: set[int] = set()
        keys = DeviceKeys.load_or_create(self._secrets)
        self.device, self.officer = self._enrolled(keys)
        self.line = Line(carried)
        self.folder = station.folder / self.device
        set_up(self._secrets, self._knows())
        self._handset = OnALine(self.line, self._life(), self._secrets)
        self._handset.open()
        self._handset.new_vault(self._signed_in(), pin=PIN, display_name=person.user)
        self._takes_in_hand()

    # -- setting up ------------------------------------------------------------------------------
    def _enrolled(self, keys: DeviceKeys) -> tuple[str, str]:
        context = self.station.context
        new = enrolment.NewDevice(
            name=self.person.user,
            platform="faults",
            app_version=APP,
            sign_pub=keys.signing.public,
            kem_pubs={suite: public.raw for suite, public in keys.publics.items()},
        )

        def work(db: Connection) -> tuple[str, str]:
            now = context.now()
            code = enrolment.invite(db, force=FORCE, made_by="faults", now=now)
            device = enrolment.enrol(db, code, new, now=now)
            return device.id, accounts.add(db, self.person, password_hash=UNUSABLE_HASH)

        return context.store.write(work)

    def _knows(self) -> Enrolled:
        keys = self.station.context.keys
        nothing: Mapping[str, Any] = MappingProxyType({})
        return Enrolled(
            self.device, self.station.url, keys.root.public, keys.directory_bytes, nothing, FORCE
        )

    def _signed_in(self) -> Session:
        context, who = self.station.context, self.person

        def work(db: Connection) -> sessions.Tokens:
            account, device = accounts.by_id(db, self.officer), devices.find(db, self.device)
            assert account is not None
            assert device is not None
            return sessions.start(db, account, on=device, now=context.now())

        tokens, now = context.store.write(work), context.now()
        roles = tuple(sorted(who.roles))
        officer = Officer(
            self.officer, who.name, who.rank, who.shoulder_no, who.station, FORCE, who.unit, roles
        )
        until = now + timedelta(hours=10)
        return Session(tokens.access, tokens.refresh, now + timedelta(minutes=14), until, officer)

    def _life(self) -> Path:
        return self.folder / str(self.lives)

    def _takes_in_hand(self) -> None:
        courier = self.shift._courier
        desk: Desk = courier._desk
        self.going = Going(desk.outgoing, forgets=self.forgets, given_out=self._given_out)
        courier._desk = replace(desk, incoming=Kept(desk.incoming, self.times), outgoing=self.going)

    # -- living ----------------------------------------------------------------------------------
    @property
    def shift(self) -> Shift:
        """The open vault."""
        assert self._handset.shift is not None
        return self._handset.shift

    @property
    def handset(self) -> Handset:
        """The app without a screen."""
        return self._handset

    def round(
        self, troubles: Mapping[int, Trouble] = MappingProxyType({}), *, backwards: bool = False
    ) -> Round | None:
        """Make one round on this line; None where the handheld died in it. It is opened again at once."""
        self.going.backwards = backwards
        try:
            with self.line.up(troubles):
                return self.shift._courier.round()
        except Died:
            self.dies()
            return None
        finally:
            self.going.backwards = False

    def dies(self) -> None:
        """It ends between two instructions, and is opened again from what lies on its disk."""
        before, gone = self._life(), self._handset
        self.lives += 1
        shutil.copytree(before, self._life())
        kept, self._secrets = self._secrets, MemorySecrets(dict(self._secrets.kept))
        gone.close()  # of the files that nobody reads any more
        assert kept is not self._secrets
        shutil.rmtree(before)
        self._handset = OnALine(self.line, self._life(), self._secrets)
        (officer,) = self._handset.open().officers
        self._handset.unlock(officer.vault, PIN)
        self._takes_in_hand()

    def comes_on_shift(self) -> None:
        """Its officer signs in."""
        self.shift.keep_session(self._signed_in())

    def close(self) -> None:
        """Lock it, and let go of its files."""
        self._handset.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def somebody(number: int, role: Role, unit: str) -> Person:
    """An invented officer of a unit, whose shoulder number is their number there."""
    return Person(
        user=f"{role.value}{number}.{unit}",
        name=NAMES[number % len(NAMES)],
        rank="Sgt" if role is Role.SUPERVISOR else "PC",
        shoulder_no=str(2200 + number),
        station="Harrogate",
        force=FORCE,
        unit=unit,
        roles=frozenset({role}),
        works_with_children=True,
    )
