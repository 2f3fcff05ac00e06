"""A handheld in the hands of somebody who has its files, its secrets and the officer's PIN."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from booklets.errors import BookletError
from booklets.sealing import read_envelope
from field_app.store.outbox import Outbox
from field_app.vault.device import DeviceKeys
from field_app.vault.open_vault import OpenVault
from field_app.vault.secrets import DemoSecretStore
from field_app.vault.vaults import Vaults


class Seized:
    """All that every key together opens."""

    def __init__(self, vault: OpenVault, keys: DeviceKeys) -> None:
        self._vault = vault
        self._keys = keys

    def readable(self) -> dict[str, bytes]:
        """Every table of the vault in plain words, by its name."""
        database = self._vault.db
        return {
            name: b"\n".join(json.dumps(dict(row), default=str).encode() for row in database.sealed(name))
            for name in sorted(database.tables())
        }

    def opened_envelopes(self) -> list[bytes]:
        """Submissions kept here that a key of this device opens. None is right."""
        outbox = Outbox(self._vault.db)
        kept = [found for item in outbox.all() if (found := outbox.envelope(item.id)) is not None]
        assert kept, "there is something to be opened"
        return [plain for one in kept for plain in self._opened(one)]

    def _opened(self, sealed: bytes) -> Iterator[bytes]:
        for key in self._keys.kems.values():
            try:
                yield read_envelope(sealed).open(key)
            except BookletError:
                continue

    def when_it_is(self, now: datetime) -> None:
        """What the app does whenever it shows the home screen: what has had its time is erased."""
        Outbox(self._vault.db).erase_due(now=now)


@contextmanager
def seized(phone: Path, pin: str) -> Iterator[Seized]:
    """The only vault on this handheld, opened while the app does not run."""
    secrets = DemoSecretStore(phone / "secrets")
    with Vaults(phone, secrets) as vaults:
        [officer] = vaults.officers()
        with vaults.unlock(officer.vault, pin) as vault:
            yield Seized(vault, DeviceKeys.load_or_create(secrets))
