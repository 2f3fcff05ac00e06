"""A vault that was made by the first release opens for ever: an officer's unsent work outlives every update.

``freeze_vault.py`` tells how it was made.
"""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import pytest

from booklets.sealing import KemKey, open_as_holder, seal_back
from field_app.store.drafts import DraftStore
from field_app.store.errors import NeverReleased, NewerStore, StoreTampered
from field_app.store.files import open_file, read_meta, write_meta
from field_app.vault.errors import HeaderRefused, VaultLocked, WrongPin
from field_app.vault.header import HEADER, UNREADABLE
from field_app.vault.vaults import Vaults
from tests.field_app.vault.freeze_vault import VECTORS
from tests.support.vaults import MemorySecrets, file_of, vaults_in

NEW_PIN = "710583"


@pytest.fixture
def frozen() -> dict[str, Any]:
    """What lies on the handheld."""
    return vector(2)


def vector(number: int) -> dict[str, Any]:
    """A vault as it was frozen."""
    found: dict[str, Any] = json.loads((VECTORS / f"vault-{number}.json").read_text(encoding="utf-8"))
    return found


def on_a_handheld(folder: Path, frozen: dict[str, Any], **kept: str) -> Vaults:
    """The same handheld, with these entries of its key store otherwise."""
    file = file_of(folder, frozen["vault"])
    file.parent.mkdir(parents=True)
    file.write_bytes(zlib.decompress(base64.b64decode(frozen["file"])))
    secrets = {**frozen["key_store"], **{f"vault.{frozen['vault']}.{name}": kept[name] for name in kept}}
    return vaults_in(
        folder, secrets=MemorySecrets({name: value for name, value in secrets.items() if value})
    )


def test_it_opens_with_its_pin_and_everything_is_there(tmp_path: Path, frozen: dict[str, Any]) -> None:
    """And goes on: what is saved in it now is there too."""
    with on_a_handheld(tmp_path, frozen) as vaults:
        with pytest.raises(WrongPin):
            vaults.unlock(frozen["vault"], "846203")
        with vaults.unlock(frozen["vault"], frozen["pin"]) as opened:
            assert (opened.officer, opened.rolled_back) == (frozen["officer"], None)
            assert DraftStore(opened.db).all() == frozen["drafts"]
            DraftStore(opened.db).save({"id": "d"})
        with vaults.unlock(frozen["vault"], frozen["pin"]) as again:
            assert DraftStore(again.db).get("d") == {"id": "d"}


def test_it_opens_with_what_the_force_gives_back(tmp_path: Path, frozen: dict[str, Any]) -> None:
    """With no secret in the key store any more: the way back is there as long as it can be read."""
    vault, device = bytes.fromhex(frozen["vault"]), KemKey.generate(1)
    holder = KemKey.from_private(1, bytes.fromhex(frozen["recovery"]))
    with on_a_handheld(tmp_path, frozen, secret="") as vaults:
        with pytest.raises(VaultLocked):
            vaults.unlock(frozen["vault"], frozen["pin"])
        vaults.recoverable_by(holder.public)
        envelope = vaults.header(frozen["vault"]).recovery
        assert envelope is not None
        key = open_as_holder(holder, envelope.sealed, vault, frozen["officer"])
        back = seal_back(device.public, key, vault)
        with vaults.recover(frozen["vault"], back, key=device, pin=NEW_PIN) as opened:
            assert DraftStore(opened.db).all() == frozen["drafts"]


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE rows SET ver = ver + 1 WHERE id = 1", StoreTampered),
        ("UPDATE rows SET tbl = 'others' WHERE id = 1", StoreTampered),
        ("DELETE FROM head", StoreTampered),
        ("DELETE FROM meta WHERE k = 'header'", HeaderRefused),
        ("CREATE TRIGGER t AFTER INSERT ON rows BEGIN DELETE FROM head; END", StoreTampered),
    ],
)
def test_what_was_refused_of_it_stays_refused(
    tmp_path: Path, frozen: dict[str, Any], statement: str, refusal: type[Exception]
) -> None:
    """A reader that has learnt to be lenient would show here."""
    with on_a_handheld(tmp_path, frozen) as vaults:
        conn = open_file(file_of(tmp_path, frozen["vault"]))
        conn.execute(statement)
        conn.close()
        with pytest.raises(refusal):
            vaults.unlock(frozen["vault"], frozen["pin"])


def test_an_app_that_is_older_than_the_vault_leaves_it_alone(tmp_path: Path, frozen: dict[str, Any]) -> None:
    """What it does not know it does not guess at."""
    with on_a_handheld(tmp_path, frozen) as vaults:
        conn = open_file(file_of(tmp_path, frozen["vault"]))
        header = json.loads(read_meta(conn, HEADER) or b"")
        write_meta(conn, HEADER, json.dumps({**header, "schema": 3}).encode())
        conn.close()
        with pytest.raises(NewerStore):
            vaults.unlock(frozen["vault"], frozen["pin"])


def test_a_vault_of_a_layout_that_was_never_released_is_refused_in_words(tmp_path: Path) -> None:
    """Its keys were not bound to what its first page says. Nobody has one, and nothing reads it."""
    old = vector(1)
    with on_a_handheld(tmp_path, old) as vaults:
        assert [listed.display_name for listed in vaults.officers()] == [UNREADABLE]
        with pytest.raises(NeverReleased, match="Nothing was changed"):
            vaults.unlock(old["vault"], old["pin"])
