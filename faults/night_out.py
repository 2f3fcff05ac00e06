"""A server in a process of its own, and handhelds that send through a bad network until answered."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Table, select

from booklets.entities import new_id
from booklets.errors import BookletError
from booklets.posting import posted
from booklets.records import Record
from booklets.sealing import (
    Directory,
    KemKey,
    SigningKey,
    read_receipt,
    sign_request,
)
from faults.fault_proxy import FaultProxy
from faults.relay import Relay
from faults.vouching import Vouched
from sync_server.audit import verify_audit
from sync_server.context import Context, open_context
from sync_server.db.owed import delivery, feed_item
from sync_server.db.tables import audit, submission
from sync_server.identity import accounts, enrolment, sessions
from sync_server.identity.accounts import Person, Role
from sync_server.settings import Settings
from tests.support.builders import FORCE, UNIT, a_return, an_author

HANDHELDS: Final = 8
PATIENCE_S: Final = 10.0
LONGEST_PAUSE_S: Final = 0.4
SUBMISSIONS: Final = "/v1/submissions"
SEALED: Final = "application/vnd.homeward.sealed"
SETTLED: Final = frozenset({200, 201})
UNUSABLE_HASH: Final = "nobody signs in by password here"


@dataclass(frozen=True, slots=True)
class Handheld:
    """One enrolled device with an officer signed in."""

    device: str
    officer: str
    key: SigningKey = field(repr=False)
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    kem: KemKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keys:
    """What every handheld was given of the force's keys, in bytes."""

    root: bytes
    directory: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """One record that the client believes to be received, and the bytes it sent."""

    record: str
    envelope: bytes = field(repr=False)


class Night:
    """A data folder, a server on it, the proxy before it, and handhelds that send until answered.

    Without a ``database_url`` the database is a file in the folder. Where it is ``vouched`` for, the server
    speaks TLS; any other ``line`` than the proxy that cuts may lead to it. The last of the handhelds are
    tablets of ``supervisors``.
    """

    def __init__(
        self,
        folder: Path,
        proxy: FaultProxy | None = None,
        database_url: str = "",
        *,
        line: Relay | None = None,
        vouched: Vouched | None = None,
        handhelds: int = HANDHELDS,
        supervisors: int = 0,
    ) -> None:
        self.folder = folder
        self.database_url = database_url
        self.proxy = proxy or FaultProxy(seed=7)
        self.line = line or self.proxy
        self.vouched = vouched
        self.origin = f"http{'s' if vouched else ''}://127.0.0.1:{self.line.port}"
        self.careless = False
        self.false_receipts = 0
        self._server: subprocess.Popen[bytes] | None = None
        self._port = free_port()
        self._stopped = False
        self.handhelds, self.directory, self.keys = self._prepare(handhelds, supervisors)

    def settings(self) -> Settings:
        """The server's settings: its address is the proxy's, as handhelds know it."""
        return Settings.of(self.folder, public_origin=self.origin, database_url=self.database_url)

    @property
    def pid(self) -> int:
        """The server's process, as long as it runs."""
        assert self._server is not None
        return self._server.pid

    def _prepare(self, count: int, supervisors: int) -> tuple[list[Handheld], Directory, Keys]:
        """Enrol and sign in beforehand: what is tried here is sending."""
        context = open_context(self.settings())
        try:
            keys = Keys(context.keys.root.public, context.keys.directory_bytes)
            of_officers = count - supervisors
            handhelds = [_handheld(context, number, number >= of_officers) for number in range(count)]
            return handhelds, context.keys.directory, keys
        finally:
            context.close()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        environ = {**os.environ, "HOMEWARD_PUBLIC_ORIGIN": self.origin}
        if self.database_url:
            environ["HOMEWARD_DATABASE_URL"] = self.database_url
        if self.vouched:
            environ["HOMEWARD_TLS_CERT"] = str(self.vouched.chain)
            environ["HOMEWARD_TLS_KEY"] = str(self.vouched.key)
        command = [sys.executable, "-m", "sync_server.cli", "serve"]
        self._server = subprocess.Popen(
            [*command, "--data", str(self.folder), "--port", str(self._port)],
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until_it_answers(self._port, self._server)

    def begin(self) -> None:
        """Start the server, then the line to it."""
        self.start()
        self.line.start(self._port)

    def kill_now_and_then(self, kills: int, done: threading.Event) -> None:
        """SIGKILL the server again and again, at moments nobody chose, and start it anew."""
        now_and_then(kills, self.killed, done)

    def killed(self) -> None:
        """SIGKILL it once, and start it anew."""
        assert self._server is not None
        self._server.send_signal(signal.SIGKILL)
        self._server.wait()
        self.start()

    def stop(self) -> None:
        """Stop the server as an administrator would."""
        if self._stopped:
            return
        self._stopped = True
        if self._server is not None:
            self._server.terminate()
            self._server.wait(timeout=30)
        self.line.stop()

    def send(self, until: Callable[[], bool]) -> list[Sent]:
        """Send new records from every handheld at once, each until it is answered, until it is enough."""
        with ThreadPoolExecutor(len(self.handhelds)) as pool:
            parts = list(pool.map(lambda one: self._send_all(one, until), self.handhelds))
        return [sent for part in parts for sent in part]

    def _send_all(self, handheld: Handheld, until: Callable[[], bool]) -> list[Sent]:
        sent = []
        while not until():
            sent.append(self.send_one(handheld))
        return sent

    def send_one(self, handheld: Handheld) -> Sent:
        """Send a new record again and again until it is answered with a receipt that holds."""
        chance = random.Random(new_id().int)
        sealed = self._sealed(handheld)
        tries = 0
        while not self._is_received(handheld, sealed):
            tries += 1
            time.sleep(chance.random() * min(LONGEST_PAUSE_S, 0.004 * 2 ** min(tries, 7)))
            if self.careless:
                sealed = self._sealed(handheld)
        return sealed

    def _sealed(self, handheld: Handheld) -> Sent:
        record = a_record(handheld)
        envelope = posted(record, to=self.directory.recipients(), signer=handheld.key)
        return Sent(str(record.header.record), envelope)

    def _is_received(self, handheld: Handheld, sent: Sent) -> bool:
        """One attempt. Only a receipt that verifies counts as an answer."""
        headers = {
            "Content-Type": SEALED,
            "Authorization": f"Homeward {handheld.access}",
            "Idempotency-Key": f"{sent.record}/1",
        }
        headers |= sign_request(
            method="POST",
            url=self.origin + SUBMISSIONS,
            headers=headers,
            body=sent.envelope,
            key=handheld.key,
            device=handheld.device,
            now=datetime.now(UTC),
        )
        connection = http.client.HTTPConnection("127.0.0.1", self.proxy.port, timeout=PATIENCE_S)
        try:
            connection.request("POST", SUBMISSIONS, sent.envelope, headers)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return answer.status in SETTLED and self._is_true(body, sent)

    def _is_true(self, body: bytes, sent: Sent) -> bool:
        try:
            receipt = read_receipt(body, self.directory)
        except BookletError:
            self.false_receipts += 1
            return False
        return receipt.is_for(record=sent.record, rev=1, env_sha256=sha256(sent.envelope).hexdigest())

    def examine(self, sent: list[Sent]) -> tuple[int, int]:
        """How many records are lost, and how many stand more often than once anywhere."""
        context = open_context(self.settings())
        try:
            found = places(context)
            told = _told_the_author(context)
            broken = len(verify_audit(context).broken)
        finally:
            context.close()
        names = [one.record for one in sent]
        lost = sum(1 for counted in found for name in names if counted[name] == 0)
        doubled = sum(1 for counted in [*found, told] for number in counted.values() if number > 1)
        strangers = sum(len(set(counted) - set(names)) for counted in [*found, told])
        return lost, doubled + strangers + broken + self.false_receipts

    def stored(self) -> int:
        """How many records the evidence holds."""
        context = open_context(self.settings())
        try:
            return len(places(context)[0])
        finally:
            context.close()


def now_and_then(times: int, breaks: Callable[[], None], done: threading.Event) -> None:
    """Break something again and again, at moments nobody chose; ``done`` even where it cannot be broken."""
    chance = random.Random(11)
    try:
        for _ in range(times):
            time.sleep(0.3 + chance.random())
            breaks()
    finally:
        done.set()


@contextlib.contextmanager
def a_night(database_url: str = "", proxy: FaultProxy | None = None) -> Iterator[Night]:
    """A night that begins with an empty database and is cleared away at its end."""
    with tempfile.TemporaryDirectory(prefix="homeward-faults-") as folder:
        night = Night(Path(folder), proxy, database_url)
        try:
            night.begin()
            yield night
        finally:
            night.stop()


def places(context: Context) -> list[Counter[str]]:
    """How often each record stands in evidence, audit, outbox (per target) and feed (per recipient)."""
    wanted: list[tuple[Table, Any]] = [
        (submission, submission.c.state == "stored"),
        (audit, audit.c.what == "received"),
        (delivery, delivery.c.target == "force_records"),
        (delivery, delivery.c.target != "force_records"),
        (feed_item, feed_item.c.detail["state"].as_string() == "received"),
        (feed_item, feed_item.c.kind == "review"),
    ]
    with context.store.read() as connection:
        return [
            Counter(connection.execute(select(table.c.record).where(condition)).scalars())
            for table, condition in wanted
        ]


def _told_the_author(context: Context) -> Counter[str]:
    """How often each author heard that the council was told: never twice, and not yet is no loss."""
    told = feed_item.c.detail["state"].as_string() == "council_told"
    with context.store.read() as connection:
        return Counter(connection.execute(select(feed_item.c.record).where(told)).scalars())


def a_record(handheld: Handheld) -> Record:
    """An invented return by the officer of this handheld, of an incident of its own."""
    record = a_return(device=handheld.device, author=an_author(id=handheld.officer), record=new_id())
    return replace(
        record, header=replace(record.header, episode=new_id(), encounter=new_id(), incident=new_id())
    )


def _handheld(context: Context, number: int, is_a_supervisors: bool) -> Handheld:
    """Enrol a device and sign an officer in, through the server's own rules."""
    key, kem = SigningKey.generate(), KemKey.generate(1)
    person = Person(
        user=f"officer{number}",
        name="Ada Okoro",
        rank="PC",
        shoulder_no=str(2200 + number),
        station="Harrogate",
        force=FORCE,
        unit=UNIT,
        roles=frozenset({Role.OFFICER, *([Role.SUPERVISOR] if is_a_supervisors else [])}),
        works_with_children=True,
    )
    new = enrolment.NewDevice(
        name=f"Handheld {number}",
        platform="faults",
        app_version="9.0.0",
        sign_pub=key.public,
        kem_pubs={1: kem.public.raw},
    )
    now = context.now()

    def enrol(connection: Any) -> Handheld:
        code = enrolment.invite(connection, force=FORCE, made_by="faults", now=now)
        device = enrolment.enrol(connection, code, new, now=now)
        officer = accounts.add(connection, person, password_hash=UNUSABLE_HASH)
        account = accounts.by_id(connection, officer)
        assert account is not None
        tokens = sessions.start(connection, account, on=device, now=now)
        return Handheld(device.id, officer, key, tokens.access, tokens.refresh, kem)

    return context.store.write(enrol)


def free_port() -> int:
    """A port of this machine at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def until_it_answers(port: int, server: subprocess.Popen[bytes]) -> None:
    """Wait until a server that was started listens. Raises AssertionError where it ends, or never does."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if server.poll() is not None:
            raise AssertionError(f"the server ended with {server.returncode}")
        time.sleep(0.02)
    raise AssertionError("the server does not answer")
