"""A server's data, and handhelds that seal for it: real files, real keys, a clock that stands still."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, update

from booklets import wire
from booklets.definitions.leaving import Leaving, Output, Release
from booklets.posting import header_of
from booklets.records import Record
from booklets.sealing import KemKey, SigningKey, seal_envelope
from sync_server.context import Context, open_context
from sync_server.db.identity import account as account_table
from sync_server.db.identity import device as device_table
from sync_server.feed import Reader
from sync_server.identity import accounts, devices, sessions
from sync_server.intake import Sender
from sync_server.settings import ForcePolicy, Settings, Targets, policy_of
from tests.support.builders import FORCE, NIGHT, UNIT
from tests.support.databases import a_database

NOWHERE: Targets = {}


@dataclass
class Clock:
    """A clock that goes only when it is told to."""

    at: datetime = NIGHT

    def __call__(self) -> datetime:
        """What time it is."""
        return self.at


@dataclass(frozen=True)
class Handheld:
    """A device that seals and signs as the app does."""

    context: Context = field(repr=False)
    device: str = "handheld-1"
    officer: str = "NYP-2217"
    force: str = FORCE
    signing: SigningKey = field(default_factory=SigningKey.generate)
    kem: KemKey = field(default_factory=lambda: KemKey.generate(1))

    def seal(self, record: Record, *, body: bytes | None = None, **changes: Any) -> bytes:
        """A record as it travels, freshly sealed: twice the same record is twice other bytes."""
        header = header_of(record)
        return seal_envelope(
            replace(header, **changes),
            wire.pack(record) if body is None else body,
            to=self.context.keys.directory.recipients(),
            signer=self.signing,
        )

    @property
    def sender(self) -> Sender:
        """This device as the server knows it once a request's signature and session were checked."""
        self.signed_in(self.officer)
        return Sender(
            force=self.force, device=self.device, sign_pub=self.signing.public, officer=self.officer
        )

    def signed_in(self, officer: str, *, unit: str = UNIT, before: bool = False) -> None:
        """See to it that an officer has signed in on this device; once more where they had ``before``."""
        with self.context.store.read() as connection:
            if not before and sessions.was_signed_in(connection, officer, self.device):
                return
        self.context.store.write(lambda connection: self._sign_in(connection, officer, unit))

    def _sign_in(self, connection: Connection, officer: str, unit: str) -> None:
        now = self.context.now()
        if devices.find(connection, self.device) is None:
            known = {"id": self.device, "force": self.force, "name": self.device, "platform": "test"}
            keys = {"sign_pub": self.device.encode(), "kem_pubs": {}, "state": "active", "report": {}}
            times = {"app_version": "0.1.0", "enrolled_at": now, "last_seen_at": now}
            connection.execute(insert(device_table).values(known | keys | times))
        found = accounts.by_id(connection, officer)
        if found is None:
            roles = frozenset({accounts.Role.OFFICER})
            person = accounts.Person(
                user=f"{officer}.{self.force}",
                name=officer,
                rank="PC",
                shoulder_no="1000",
                station="Harrogate",
                force=self.force,
                unit=unit,
                roles=roles,
                works_with_children=True,
            )
            made = accounts.add(connection, person, password_hash="nobody signs in with this")
            connection.execute(update(account_table).where(account_table.c.id == made).values(id=officer))
        connection.execute(update(account_table).where(account_table.c.id == officer).values(unit=unit))
        account, device = accounts.by_id(connection, officer), devices.find(connection, self.device)
        assert account is not None
        assert device is not None
        sessions.start(connection, account, on=device, now=now)

    def reader(self, *roles: str, unit: str = UNIT) -> Reader:
        """This device with its officer signed in, asking for what is new."""
        return Reader(
            force=self.force,
            device=self.device,
            kem=self.kem.public,
            officer=self.officer,
            unit=unit,
            roles=roles,
        )


def at_submission(force: str) -> ForcePolicy:
    """A force that sends records to its own system at once."""
    return replace(leaving_so(force, FORCE_RECORDS=Release.SUBMISSION), phone="01632 960101")


def at_supervisor(force: str) -> ForcePolicy:
    """A force whose supervisors look first."""
    return leaving_so(force, FORCE_RECORDS=Release.SPECIALIST)


def leaving_so(force: str, **outputs: Release | Leaving) -> ForcePolicy:
    """A force that has set of these outputs, named as ``Output`` has them, when they leave."""
    policy = policy_of(force)
    said = {
        Output[name]: one if isinstance(one, Leaving) else replace(policy.leaving[Output[name]], when=one)
        for name, one in outputs.items()
    }
    return replace(policy, leaving={**policy.leaving, **said})


@contextmanager
def a_server(
    folder: Path,
    *,
    clock: Clock | None = None,
    policy: object = at_submission,
    in_a_file: bool = False,
    targets: Targets = NOWHERE,
) -> Iterator[Context]:
    """A server's data in ``folder``: SQLite, or the database that TEST_DATABASE_URL names.

    ``in_a_file`` is for tests that go behind the database's back; ``targets`` is where other systems are.
    """
    if not (folder / "keys").exists():
        shutil.copytree(_made_before(), folder, dirs_exist_ok=True)
    with a_database(folder, in_a_file=in_a_file) as url:
        settings = Settings.of(
            folder, public_origin="http://127.0.0.1:8700", database_url=url, targets=targets
        )
        context = open_context(settings, now=clock or Clock(), policy=policy)  # type: ignore[arg-type]
        try:
            yield context
        finally:
            context.close()


@cache
def _made_before() -> Path:
    """A data folder with keys and an empty database, made once: that costs more than most tests."""
    folder = Path(mkdtemp(prefix="homeward-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    settings = Settings.of(folder, public_origin="http://127.0.0.1:8700")
    open_context(settings, now=Clock()).close()
    return folder


def count(context: Context, table: Table) -> int:
    """How many rows a table has."""
    with context.store.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def rows(context: Context, table: Table) -> list[dict[str, object]]:
    """Every row of a table, in the order of its primary key."""
    with context.store.read() as connection:
        found = connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
        return [dict(row) for row in found]
