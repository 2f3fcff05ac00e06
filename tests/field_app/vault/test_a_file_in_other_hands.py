"""Somebody has a vault's file in hand and no key: what they write opens nothing, and harms one at most."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from booklets.sealing import KemKey, SealBroken, open_as_holder, seal_back
from field_app.store.drafts import DraftStore
from field_app.store.errors import StoreTampered
from field_app.vault.errors import HeaderRefused, NoSuchVault, RecoveryKeyUnknown, VaultOpen
from field_app.vault.header import UNREADABLE
from field_app.vault.vaults import Vaults
from tests.support.vaults import PIN, MemorySecrets, file_of, locked_vault, new_vault, vaults_in

NEW_PIN = "710583"
FORCE, DEVICE, THIEF = (KemKey.generate(1) for _ in range(3))


@pytest.fixture
def secrets() -> MemorySecrets:
    """The device's key store."""
    return MemorySecrets()


@pytest.fixture
def vaults(tmp_path: Path, secrets: MemorySecrets) -> Iterator[Vaults]:
    """A device that knows its force's recovery key."""
    with vaults_in(tmp_path, secrets=secrets) as found:
        found.recoverable_by(FORCE.public)
        yield found


def write(file: Path, *statements: str, values: tuple[Any, ...] = ()) -> None:
    """What anybody can do who has the file."""
    conn = sqlite3.connect(file, isolation_level=None)
    for statement in statements:
        conn.execute(statement, values if "?" in statement else ())
    conn.close()


def write_header(file: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """The plain page that says how to unlock it, with one thing otherwise."""
    conn = sqlite3.connect(file, isolation_level=None)
    plain = json.loads(conn.execute("SELECT v FROM meta WHERE k = 'header'").fetchone()[0])
    change(plain)
    spelt = json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()
    conn.execute("UPDATE meta SET v = ? WHERE k = 'header'", (spelt,))
    conn.close()


def answer_for(vaults: Vaults, vault_id: str) -> bytes:
    """What the force gives back to the device, once two have agreed."""
    envelope, vault = vaults.header(vault_id).recovery, bytes.fromhex(vault_id)
    assert envelope is not None
    return seal_back(DEVICE.public, open_as_holder(FORCE, envelope.sealed, vault, "officer-1"), vault)


# -- whom the keys go to -----------------------------------------------------------------------------
def to_the_thief(plain: dict[str, Any]) -> None:
    """The file names the thief's key as the one to seal the next keys to."""
    key = THIEF.public
    named = {"kid": key.kid, "suite": key.suite, "raw": base64.b64encode(key.raw).decode()}
    plain["recovery"] = {**plain["recovery"], **named}


@pytest.mark.parametrize(
    "forged",
    [
        to_the_thief,
        lambda plain: plain.update(recovery=None),
        lambda plain: plain.update(officer="officer-9"),
        lambda plain: plain.update(display_name="PC 9 Sample"),
        lambda plain: plain.update(created="2020-01-01T00:00:00.000+00:00"),
        lambda plain: plain.update(gen=7),
    ],
)
def test_a_first_page_that_was_changed_while_the_force_helped_is_refused(
    vaults: Vaults, tmp_path: Path, forged: Callable[[dict[str, Any]], object]
) -> None:
    """The key store cannot be asked then; the vault's own key says which page it belongs to."""
    vault_id = locked_vault(vaults)
    answer = answer_for(vaults, vault_id)
    vaults.lock_for_good(vault_id)
    file = file_of(tmp_path, vault_id)
    whole = file.read_bytes()
    write_header(file, forged)

    with pytest.raises(HeaderRefused, match="first page was changed"):
        vaults.recover(vault_id, answer, key=DEVICE, pin=NEW_PIN)

    file.write_bytes(whole)
    with vaults.recover(vault_id, answer, key=DEVICE, pin=NEW_PIN) as opened:
        assert (opened.officer, len(DraftStore(opened.db))) == ("officer-1", 1)


def test_a_recovery_key_that_the_force_has_revoked_is_given_no_new_keys(vaults: Vaults) -> None:
    """Whom a vault's key is sealed to comes from the signed directory, at every change of keys."""
    vault_id, revoked, now = locked_vault(vaults), FORCE, KemKey.generate(1)
    vaults.recoverable_by(now.public)
    vaults.unlock(vault_id, PIN).lock()
    vaults.change_pin(vault_id, PIN, NEW_PIN)

    envelope, vault = vaults.header(vault_id).recovery, bytes.fromhex(vault_id)
    assert envelope is not None
    assert envelope.to == now.public
    assert open_as_holder(now, envelope.sealed, vault, "officer-1")
    with pytest.raises(SealBroken):
        open_as_holder(revoked, envelope.sealed, vault, "officer-1")


def test_keys_wait_while_nobody_knows_whom_the_force_would_open_them_with(vaults: Vaults) -> None:
    """A vault does not lose its way back for an erasure; and it opens all the same."""
    vault_id = locked_vault(vaults)
    with vaults.unlock(vault_id, PIN) as opened:
        DraftStore(opened.db).forget("a")
    before = vaults.header(vault_id).recovery
    vaults.recoverable_by(None)
    vaults.unlock(vault_id, PIN).lock()
    with pytest.raises(RecoveryKeyUnknown, match="nothing was changed"):
        vaults.change_pin(vault_id, PIN, NEW_PIN)
    with pytest.raises(RecoveryKeyUnknown):
        vaults.recover(vault_id, answer_for(vaults, vault_id), key=DEVICE, pin=NEW_PIN)
    assert vaults.header(vault_id).recovery == before

    vaults.recoverable_by(FORCE.public)
    vaults.unlock(vault_id, PIN).lock()
    assert vaults.header(vault_id).recovery != before


def test_a_vault_that_lies_open_is_not_recovered_beside_itself(vaults: Vaults) -> None:
    """Two would not know of each other's saves."""
    vault_id = locked_vault(vaults)
    answer = answer_for(vaults, vault_id)
    with vaults.unlock(vault_id, PIN), pytest.raises(VaultOpen):
        vaults.recover(vault_id, answer, key=DEVICE, pin=NEW_PIN)


# -- whom one broken vault keeps out -----------------------------------------------------------------
def as_a_folder(file: Path) -> None:
    """Where the file was, there is a folder."""
    for path in file.parent.iterdir():
        path.unlink()
    file.mkdir()


def page(value: object) -> Callable[[Path], None]:
    """The first page is this, of whatever kind."""
    return lambda file: write(file, "UPDATE meta SET v = ? WHERE k = 'header'", values=(value,))


def field(**changes: object) -> Callable[[Path], None]:
    """The first page says this."""
    return lambda file: write_header(file, lambda plain: plain.update(changes))


@pytest.mark.parametrize(
    "broken",
    [
        page(b"x"),
        page("{}"),
        page(b"[" * 60_000),
        page(b"[" * 2_000_000),
        page(b'{"v":1e999,"schema":2}'),
        page(4_000_000_000),
        page(b"\xff\xfe\x00\x00x"),
        field(
            kdf={"name": "argon2id", "m": float("inf"), "t": 3, "p": 4, "salt": "AAAAAAAAAAAAAAAAAAAAAA=="}
        ),
        field(kdf=[1]),
        field(gen=-1),
        field(gen=1 << 70),
        field(officer=["officer-2"]),
        field(display_name="\ud800"),
        field(display_name="PC " * 1_000),
        field(recovery={"kid": "x", "suite": [], "raw": "", "sealed": ""}),
        as_a_folder,
    ],
)
def test_one_broken_vault_keeps_nobody_else_out_and_its_officer_gets_words(
    vaults: Vaults, tmp_path: Path, broken: Callable[[Path], None]
) -> None:
    """A shared handheld: the lock screen is everybody's."""
    own, other = locked_vault(vaults), locked_vault(vaults, officer="officer-2")
    broken(file_of(tmp_path, other))

    assert [listed.display_name for listed in vaults.officers()] == ["PC 1 Sample", UNREADABLE]
    vaults.unlock(own, PIN).lock()
    with pytest.raises((HeaderRefused, StoreTampered, NoSuchVault)):
        vaults.unlock(other, PIN)


@pytest.mark.parametrize("said", [{"vault": "0" * 32}, {"vault": ""}])
def test_a_vault_that_says_it_is_another_is_not_listed_under_its_name(
    vaults: Vaults, tmp_path: Path, said: dict[str, object]
) -> None:
    """An officer who chose it would give their PIN to a file of somebody's making."""
    own, other = locked_vault(vaults), locked_vault(vaults, officer="officer-2")
    field(**({"vault": own} if said["vault"] else said))(file_of(tmp_path, other))
    listed = vaults.officers()
    assert [(one.vault, one.display_name) for one in listed] == [(own, "PC 1 Sample"), (other, UNREADABLE)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rows SET ver = 'abc'",
        "UPDATE rows SET ver = -1",
        "UPDATE rows SET wk = 'text that is long enough'",
        "UPDATE rows SET ct = 7",
        "UPDATE rows SET tbl = x'ff'",
        "UPDATE rows SET tbl = printf('%.*c', 70000, 'd')",
        "UPDATE rows SET rid = 'abc'",
        "UPDATE rows SET rid = -1",
        "UPDATE head SET ct = 5",
        "UPDATE head SET ct = 'abc'",
        "INSERT INTO head VALUES (1, x'00')",
        "UPDATE outq SET waiting = 'x'",
        "UPDATE outq SET rev = -1",
        "UPDATE outq SET env = 'text'",
        "UPDATE outq SET record = x'ff'",
    ],
)
def test_a_value_of_another_kind_is_refused_in_words(vaults: Vaults, tmp_path: Path, statement: str) -> None:
    """A column's type is a wish to sqlite; nothing is worked with that is not what this app writes."""
    with new_vault(vaults) as opened:
        DraftStore(opened.db).save({"id": "a"})
        opened.db.rows.put_envelope(record="rec", rev=1, env=b"sealed")
    write(file_of(tmp_path, opened.id), statement)
    with pytest.raises(StoreTampered):
        vaults.unlock(opened.id, PIN)


# -- what the file may hold --------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["sqlite_autoindex_x", "sqlite_autoindex_rows_1", "rows"])
def test_a_trigger_is_found_whatever_it_is_called(vaults: Vaults, tmp_path: Path, name: str) -> None:
    """It could keep what was erased, and nobody would hear of it."""
    vault_id = locked_vault(vaults)
    keeps = "CREATE TRIGGER %s AFTER DELETE ON rows BEGIN INSERT INTO meta VALUES (OLD.rid, OLD.ct); END"
    file = file_of(tmp_path, vault_id)
    trigger = "INSERT INTO sqlite_master VALUES ('trigger', ?, 'rows', 0, ?)"
    write(file, "PRAGMA writable_schema=ON", trigger, values=(name, keeps % name))
    with pytest.raises(StoreTampered):
        vaults.unlock(vault_id, PIN)


def test_nobody_can_take_away_that_keys_have_to_change(vaults: Vaults, tmp_path: Path) -> None:
    """It lies in the sealed head: else what a flash chip keeps of an erased row would stay readable."""
    file = file_of(tmp_path, vault_id := locked_vault(vaults))
    with vaults.unlock(vault_id, PIN) as opened:
        conn, seal = opened.db.rows.connection, opened.db.rows.seal
        rid, ver, wk, ct = conn.execute("SELECT rid, ver, wk, ct FROM rows").fetchone()
        assert seal.open("drafts", rid, ver, wk, ct)
        DraftStore(opened.db).forget("a")
    write(file, "DELETE FROM meta WHERE k <> 'header'")
    with vaults.unlock(vault_id, PIN) as opened, pytest.raises(StoreTampered):
        opened.db.rows.seal.open("drafts", rid, ver, wk, ct)
