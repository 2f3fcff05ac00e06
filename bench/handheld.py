"""A handheld without a screen: the app's own client, enrolled and signed in with a server just started."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from typing import Any

from bench.full_check import needed_check, records
from booklets.entities import new_id
from booklets.posting import posted
from booklets.records import Author, Record
from booklets.sealing import KemKey, SigningKey, open_return
from booklets.stamps import Stamp
from field_app.sync.client import Device, Received, SyncClient
from field_app.sync.clocks import ServerClock
from field_app.sync.enrolment import Enrolled, Managed, NewDevice, read_invitation
from field_app.sync.line import open_http
from field_app.sync.sessions import Session
from house.run import Program, announced, answers, free_port, server_program
from tests.support.devices import Browser

APP = "0.1.0"


@dataclass(frozen=True, slots=True)
class Serving:
    """A server process, and what it said when it started."""

    program: Program
    url: str
    folder: Path
    said: dict[str, Any] = field(repr=False)

    def account(self, role: str) -> tuple[str, str]:
        """User name and password of somebody in this role."""
        found = next(one for one in self.said["accounts"] if one["role"] == role)
        return found["user"], found["password"]


@contextmanager
def serving(folder: Path | None = None) -> Iterator[Serving]:
    """The sync server as a process with the demonstration force, on a new folder or on a prepared one."""
    with ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="homeward-bench-")))
        url = f"http://127.0.0.1:{free_port(0)}"
        program = server_program(url, place)
        stack.callback(program.stop)
        program.start()
        said = program.until(lambda: announced(program.log))
        program.until(partial(answers, f"{url}/v1/hello"))
        yield Serving(program, url, place / "server", said)


@dataclass(frozen=True, slots=True)
class Letter:
    """One record, sealed and ready to be sent."""

    record: str
    envelope: bytes = field(repr=False)


class Handheld:
    """Enrolled with a code, signed in through the force's page, as every handheld is."""

    def __init__(self, server: Serving, *, role: str = "officer") -> None:
        key, kem = SigningKey.generate(), KemKey.generate(1)
        new = NewDevice(sign=key, kem=(kem.public,), name="Handheld BE4C", platform="bench", app_version=APP)
        managed = Managed(server.url, server.said["root_key"])
        code = server.said["enrol_codes"].pop(0)
        invitation = read_invitation(code, managed=managed)
        self._http = open_http(server.url, app_version=APP)
        self._key = key
        self._enrolled: Enrolled = SyncClient(self._http, clock=ServerClock()).enrol(invitation, new)
        self._client = SyncClient(self._http, clock=ServerClock(), device=Device(self._enrolled, key))
        self._kem = kem
        self._session = self._signed_in(server, role)

    def _signed_in(self, server: Serving, role: str) -> Session:
        flow = self._client.begin_sign_in()
        user, password = server.account(role)
        with Browser(server.url) as browser:
            browser.fill_in(flow.verification_uri, user=user, password=password, action="allow")
        session = self._client.poll_sign_in(flow)
        assert session is not None, "the sign-in is done"
        return session

    def letters(self, count: int) -> list[Letter]:
        """So many records as most are, sealed beforehand: returns and interviews in turns."""
        both = cycle(records(needed_check(), self._enrolled.device_id))
        return [self._letter(next(both)) for _ in range(count)]

    def _letter(self, made: Record) -> Letter:
        who = self._session.officer
        author = Author(who.id, who.name, who.rank, who.shoulder_no, who.station)
        head = replace(
            made.header,
            author=author,
            unit=who.unit,
            record=new_id(),
            incident=new_id(),
            episode=new_id(),
            encounter=new_id(),
        )
        letter = replace(made, header=replace(head, submitted=Stamp(datetime.now(UTC))))
        sealed = posted(letter, to=self._enrolled.keys.recipients(), signer=self._key)
        return Letter(str(head.record), sealed)

    def submit(self, letter: Letter) -> Received:
        """Send it, signed; returns with a receipt that was checked."""
        got = self._client.submit(letter.envelope, record=letter.record, rev=1, session=self._session)
        assert got.receipt.env_sha256 == sha256(letter.envelope).hexdigest()
        return got

    def pull(self, cursor: str) -> tuple[str, list[str]]:
        """One page of news after ``cursor``, each item opened; where to go on, and the records in it."""
        page = self._client.changes(cursor, session=self._session)
        for item in page.items:
            open_return(
                item.sealed, device=self._enrolled.device_id, key=self._kem, directory=self._enrolled.keys
            )
        return page.next, [item.record for item in page.items]

    def close(self) -> None:
        """Let the connection go."""
        self._http.close()
