"""The sealed copy of what was received goes once a backup has it, and mends a server that lost it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from field_app.store.outbox import Outbox
from field_app.sync.client import Device, SyncClient
from field_app.sync.line import open_http
from sync_server.app import create_app
from sync_server.backups import make
from sync_server.backups.restoring import Asked, restore
from sync_server.context import open_context
from sync_server.db.tables import submission
from sync_server.limits import Limits
from sync_server.settings import Settings
from tests.field_app.sync.test_with_the_real_server import SIGN, Phone, a_phone, server, sign_in
from tests.support.databases import a_database
from tests.support.server_data import count
from tests.support.servers import FORCE, LiveServer, free_listener, serving

pytestmark = pytest.mark.thorough

__all__ = ["server"]


def has_copy(phone: Phone, item: int) -> bool:
    """Whether the sealed bytes of something that was received are on the phone still."""
    return phone.keeper.call(lambda: Outbox(phone.vault.db).envelope(item)).result() is not None


def sends(phone: Phone) -> int:
    """One more record is received."""
    item = phone.submits(phone.a_record())
    assert phone.round().ended_by is None
    return item


@contextmanager
def put_back(server: LiveServer, backups: Path, folder: Path) -> Iterator[LiveServer]:
    """The force's server on a new machine, as it was at its newest backup."""
    listener = free_listener()
    origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    folder.mkdir()
    with a_database(folder) as url:
        settings = Settings.of(folder / "server", public_origin=origin, database_url=url)
        asked = Asked(backup=backups, keys=server.context.settings.keys)
        assert restore(asked, settings, now=server.clock).lacks == ()
        context = open_context(settings, now=server.clock)
        try:
            with serving(create_app(context, force=FORCE), listener) as address:
                yield LiveServer(address, context, server.clock, Limits())
        finally:
            context.close()


def test_a_copy_goes_once_a_backup_has_it_and_not_before(server: LiveServer, tmp_path: Path) -> None:
    """Of two records the one that came after the backup stays; the next backup has it as well."""
    with a_phone(server, tmp_path) as phone:
        sign_in(phone, server)
        early = sends(phone)
        make(server.context, tmp_path / "backups")
        late = sends(phone)
        assert (has_copy(phone, early), has_copy(phone, late)) == (True, True)
        server.clock.later(hours=2)
        phone.round()
        assert (has_copy(phone, early), has_copy(phone, late)) == (False, True)

        make(server.context, tmp_path / "backups")
        phone.round()
        assert not has_copy(phone, late)
        assert count(server.context, submission) == 2


def test_a_server_that_was_put_back_gets_again_what_it_lost(server: LiveServer, tmp_path: Path) -> None:
    """Received after the backup, lost with the machine: the phone has it still, and sends it unasked."""
    backups = tmp_path / "backups"
    with a_phone(server, tmp_path) as phone:
        sign_in(phone, server)
        sends(phone)
        make(server.context, backups)
        late = sends(phone)
        server.clock.later(hours=2)

        with put_back(server, backups, tmp_path / "new") as again:
            http = open_http(again.url, app_version="0.1.0")
            device = Device(phone.enrolled, SIGN)
            with closing(SyncClient(http, clock=phone.clock, device=device)) as phone.client:
                assert count(again.context, submission) == 1
                done = phone.round()
                assert (done.sent, done.ended_by) == (1, None)
                assert count(again.context, submission) == 2
                assert has_copy(phone, late)

                make(again.context, tmp_path / "newer")
                assert phone.round().sent == 0
                assert not has_copy(phone, late)
