"""A vault per officer: made, locked, opened again by its own officer and nobody else."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from booklets.sealing.hpke import KemKey
from field_app.store.drafts import DraftStore
from field_app.store.errors import NewerStore, ReadOnlyStore, StoreTampered
from field_app.vault.errors import (
    FolderInUse,
    HeaderRefused,
    NoSuchVault,
    TooManyVaults,
    VaultExists,
    VaultLocked,
    VaultOpen,
    WeakPin,
    WrongPin,
)
from field_app.vault.header import FILE_NAME, HEADER, read_header
from field_app.vault.keys import FLOOR, Stretching
from field_app.vault.pins import LEAST_DIGITS
from field_app.vault.vaults import Vaults
from tests.support.vaults import (
    CHEAP,
    PASSPHRASE,
    PIN,
    MemorySecrets,
    file_of,
    locked_vault,
    new_vault,
    vaults_in,
)

OTHER_PIN = "710583"


def rewrite_header(tmp_path: Path, vault_id: str, **changes: object) -> None:
    """Somebody edits what says how to unlock a vault."""
    conn = sqlite3.connect(file_of(tmp_path, vault_id))
    (data,) = conn.execute("SELECT v FROM meta WHERE k = ?", (HEADER,)).fetchone()
    plain = json.dumps({**json.loads(data), **changes}, sort_keys=True, separators=(",", ":"))
    with conn:
        conn.execute("UPDATE meta SET v = ? WHERE k = ?", (plain.encode(), HEADER))
    conn.close()


def test_a_draft_is_there_when_the_vault_is_unlocked_again(vaults: Vaults) -> None:
    """The reason for all of it."""
    vault_id = locked_vault(vaults)
    with vaults.unlock(vault_id, PIN) as opened:
        assert DraftStore(opened.db).get("a") == {"id": "a", "said": "Zebedee-Marker"}
        assert (opened.officer, opened.display_name) == ("officer-1", "PC 1 Sample")
        assert opened.rolled_back is None


def test_the_lock_screen_shows_only_the_names_that_officers_chose(vaults: Vaults) -> None:
    """A shared handheld tells nobody who did what."""
    first, second = locked_vault(vaults), locked_vault(vaults, officer="officer-2")
    listed = vaults.officers()
    assert [(found.vault, found.display_name) for found in listed] == [
        (first, "PC 1 Sample"),
        (second, "PC 2 Sample"),
    ]
    assert "Sample" not in repr(listed)


def test_one_officers_pin_does_not_open_anothers_vault(vaults: Vaults) -> None:
    """Vaults share the device, and nothing else."""
    locked_vault(vaults)
    second = locked_vault(vaults, officer="officer-2", pin=OTHER_PIN)
    with pytest.raises(WrongPin):
        vaults.unlock(second, PIN)


def test_nothing_readable_lies_in_the_data_folder(vaults: Vaults, tmp_path: Path) -> None:
    """Neither what was written, nor in the log beside it, nor the names of things kept."""
    with new_vault(vaults) as opened:
        DraftStore(opened.db).save({"id": "draft-7", "said": "Zebedee-Marker"})
        content = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
        assert len(content) > 2
        assert not any(b"Zebedee-Marker" in data or b"draft-7" in data for data in content)


def test_the_files_of_one_device_are_worth_nothing_on_another(vaults: Vaults, tmp_path: Path) -> None:
    """Without what the key store holds, even the right PIN opens nothing."""
    vault_id = locked_vault(vaults)
    vaults.close()
    with vaults_in(tmp_path, secrets=MemorySecrets()) as elsewhere:
        assert elsewhere.officers()
        with pytest.raises((VaultLocked, HeaderRefused)) as refusal:
            elsewhere.unlock(vault_id, PIN)
        assert "Zebedee" not in str(refusal.value)


@pytest.mark.parametrize(
    "pin",
    ["12345", "123456", "654321", "000000", "121212", "112233", "159753", "abcdef", "58201a", "٥٨٢٠١٤"],
)
def test_a_pin_that_is_guessed_first_is_refused(vaults: Vaults, pin: str) -> None:
    """Ten guesses are allowed, so the ten likeliest must not be in use."""
    with pytest.raises(WeakPin):
        new_vault(vaults, pin=pin)
    assert vaults.officers() == ()


@pytest.mark.parametrize(
    "passphrase", [PIN, "short", "aaaaaaaaaaaa", "123456789012", "password", "password1234"]
)
def test_where_there_is_no_key_store_a_passphrase_is_demanded(tmp_path: Path, passphrase: str) -> None:
    """A thief who copies the files has all day to guess."""
    with vaults_in(tmp_path, secrets=MemorySecrets(demands_passphrase=True)) as vaults:
        with pytest.raises(WeakPin):
            new_vault(vaults, pin=passphrase)
        new_vault(vaults, pin=PASSPHRASE).lock()
        with pytest.raises(WrongPin, match="passphrase"):
            vaults.unlock(vaults.officers()[0].vault, PASSPHRASE.upper())


def test_an_officer_has_one_vault_and_a_device_holds_so_many(tmp_path: Path) -> None:
    """A second vault would hide the work in the first."""
    with vaults_in(tmp_path) as vaults:
        vaults.allow(2, LEAST_DIGITS)
        locked_vault(vaults)
        with pytest.raises(VaultExists):
            new_vault(vaults)
        locked_vault(vaults, officer="officer-2")
        with pytest.raises(TooManyVaults):
            new_vault(vaults, officer="officer-3")


def test_an_open_vault_is_not_opened_twice(vaults: Vaults) -> None:
    """Two would not know of each other's saves."""
    with new_vault(vaults) as opened, pytest.raises(VaultOpen):
        vaults.unlock(opened.id, PIN)
    vaults.unlock(opened.id, PIN).lock()


def test_a_second_homeward_is_refused_in_words(vaults: Vaults, tmp_path: Path) -> None:
    """One process, one data folder."""
    with pytest.raises(FolderInUse, match="already running"):
        vaults_in(tmp_path)
    vaults.close()
    vaults_in(tmp_path).close()


@pytest.mark.parametrize("vault_id", ["", "..", "0" * 32, "../../etc"])
def test_there_is_no_vault_by_a_made_up_name(vaults: Vaults, vault_id: str) -> None:
    """And a name is never a way to another folder."""
    with pytest.raises(NoSuchVault):
        vaults.unlock(vault_id, PIN)


def test_protection_below_the_floor_is_refused(tmp_path: Path, secrets: MemorySecrets) -> None:
    """A vault made cheap, for tests or by an attacker, is not opened by the app proper."""
    with vaults_in(tmp_path, secrets=secrets) as vaults:
        vault_id = locked_vault(vaults)
    with Vaults(tmp_path, secrets) as real, pytest.raises(HeaderRefused, match="weakened"):
        real.unlock(vault_id, PIN)


@pytest.mark.parametrize(
    "how",
    [replace(FLOOR, memory=FLOOR.memory - 1), replace(FLOOR, passes=2), replace(FLOOR, lanes=3), CHEAP],
)
def test_each_part_of_the_floor_counts(how: Stretching) -> None:
    """Memory, passes and lanes."""
    assert how.below_the_floor
    assert not FLOOR.below_the_floor


@pytest.mark.parametrize(
    "changes",
    [
        {"display_name": "Somebody Else"},
        {"officer": "officer-9"},
        {"gen": 2},
        {"vk": ""},
        {"kdf": {}},
        {"vault": "00"},
    ],
)
def test_a_changed_header_is_refused_without_costing_a_try(
    vaults: Vaults, tmp_path: Path, changes: dict[str, object]
) -> None:
    """It is not the officer's mistake, so it must not lock the officer out."""
    vault_id = locked_vault(vaults)
    rewrite_header(tmp_path, vault_id, **changes)
    with pytest.raises(HeaderRefused):
        vaults.unlock(vault_id, PIN)
    assert vaults.tries(vault_id).left == 10


@pytest.mark.parametrize("changes", [{"v": 3}, {"schema": 3}])
def test_work_of_a_newer_app_is_refused_in_words(
    vaults: Vaults, tmp_path: Path, changes: dict[str, object]
) -> None:
    """Guessing at it could destroy it."""
    vault_id = locked_vault(vaults)
    rewrite_header(tmp_path, vault_id, **changes)
    with pytest.raises(NewerStore, match="Update the app"):
        vaults.unlock(vault_id, PIN)


def test_rows_dropped_from_the_file_are_noticed_at_unlocking(vaults: Vaults, tmp_path: Path) -> None:
    """And the vault can be unlocked again once the file is put right."""
    vault_id = locked_vault(vaults)
    whole = file_of(tmp_path, vault_id).read_bytes()
    conn = sqlite3.connect(file_of(tmp_path, vault_id))
    with conn:
        conn.execute("DELETE FROM rows")
        conn.execute("DELETE FROM head")
    conn.close()
    with pytest.raises(StoreTampered):
        vaults.unlock(vault_id, PIN)
    for path in file_of(tmp_path, vault_id).parent.iterdir():
        path.unlink()
    file_of(tmp_path, vault_id).write_bytes(whole)
    vaults.unlock(vault_id, PIN).lock()


def test_an_older_copy_of_the_file_opens_read_only(vaults: Vaults, tmp_path: Path) -> None:
    """It is sound in itself; the counter in the key store gives it away."""
    vault_id = locked_vault(vaults)
    older = file_of(tmp_path, vault_id).read_bytes()
    with vaults.unlock(vault_id, PIN) as opened:
        DraftStore(opened.db).save({"id": "b"})
    file_of(tmp_path, vault_id).write_bytes(older)
    with vaults.unlock(vault_id, PIN) as opened:
        assert opened.rolled_back is not None
        assert [draft["id"] for draft in DraftStore(opened.db).all()] == ["a"]
        with pytest.raises(ReadOnlyStore):
            DraftStore(opened.db).save({"id": "c"})


def test_the_force_can_accept_an_older_copy_and_no_older_one(vaults: Vaults, tmp_path: Path) -> None:
    """It is gone on with under new keys, and its officer is told so; what is older still can only be read.

    So neither that copy nor the newer file that was given up for it opens unseen, should it lie there again.
    """
    file, copies = file_of(tmp_path, vault_id := locked_vault(vaults)), []
    for number in range(2):
        copies.append(file.read_bytes())
        with vaults.unlock(vault_id, PIN) as opened:
            DraftStore(opened.db).save({"id": "a", "said": str(number)})
    given_up = file.read_bytes()
    file.write_bytes(copies[1])
    with vaults.unlock(vault_id, PIN) as older:
        found = older.rolled_back
    assert found is not None

    for _ in range(2):
        vaults.accept_older(vault_id, found.found)

    file.write_bytes(copies[0])
    with vaults.unlock(vault_id, PIN) as oldest:
        assert oldest.rolled_back is not None
    file.write_bytes(copies[1])
    with vaults.unlock(vault_id, PIN) as accepted:
        assert (accepted.rolled_back, accepted.begins_anew) == (None, True)
        DraftStore(accepted.db).save({"id": "a", "said": "and on"})
    gone_on = file.read_bytes()
    for another in (copies[1], given_up):
        file.write_bytes(another)
        with pytest.raises(HeaderRefused, match="older copy"):
            vaults.unlock(vault_id, PIN)
    file.write_bytes(gone_on)
    with vaults.unlock(vault_id, PIN) as again:
        assert (again.rolled_back, again.begins_anew) == (None, False)


@pytest.mark.parametrize("late", ["the order", "the officer"])
def test_an_older_copy_is_not_gone_on_with_once_the_right_file_is_back(
    vaults: Vaults, tmp_path: Path, late: str
) -> None:
    """An order to accept it that comes too late, or that nobody used, changes nothing."""
    file = file_of(tmp_path, vault_id := locked_vault(vaults))
    older = file.read_bytes()
    with vaults.unlock(vault_id, PIN) as opened:
        DraftStore(opened.db).save({"id": "b"})
    right = file.read_bytes()
    file.write_bytes(older)
    with vaults.unlock(vault_id, PIN) as opened:
        found = opened.head
    if late == "the officer":
        vaults.accept_older(vault_id, found)
    file.write_bytes(right)
    with vaults.unlock(vault_id, PIN) as opened:
        assert (opened.rolled_back, opened.begins_anew) == (None, False)
    if late == "the order":
        vaults.accept_older(vault_id, found)
    file.write_bytes(older)
    with vaults.unlock(vault_id, PIN) as opened:
        assert opened.rolled_back is not None


def test_a_purged_vault_leaves_nothing(vaults: Vaults, tmp_path: Path, secrets: MemorySecrets) -> None:
    """Neither file nor entry in the key store."""
    opened = new_vault(vaults)
    vaults.purge(opened.id)
    assert vaults.officers() == ()
    assert list((tmp_path / "vaults").iterdir()) == []
    assert secrets.kept == {}


def test_a_vault_whose_making_was_cut_short_is_not_listed(vaults: Vaults, tmp_path: Path) -> None:
    """It holds nothing, and nobody could open it."""
    (tmp_path / "vaults" / ("a" * 32)).mkdir()
    sqlite3.connect(tmp_path / "vaults" / ("a" * 32) / FILE_NAME).close()
    assert vaults.officers() == ()


def test_a_header_reads_as_it_was_written(vaults: Vaults, tmp_path: Path) -> None:
    """Format 2 of the header, with and without a recovery key."""
    with new_vault(vaults, recovery=KemKey.generate(1).public) as opened:
        data = opened.db.rows.connection.execute("SELECT v FROM meta WHERE k = 'header'").fetchone()[0]
    assert read_header(data, of=opened.id).to_bytes() == data
