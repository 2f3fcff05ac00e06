"""What a vault keeps outside its file: entries that are missing or left over, and the lock file."""

from __future__ import annotations

from pathlib import Path

import pytest

from field_app.store.drafts import DraftStore
from field_app.vault import folder, generations
from field_app.vault.errors import CountMissing, FolderInUse
from field_app.vault.generations import Keys
from field_app.vault.row_seal import VaultSeal
from field_app.vault.secrets import DemoSecretStore
from field_app.vault.vaults import Vaults
from tests.support.vaults import CHEAP, PIN, MemorySecrets, file_of, locked_vault, vaults_in


def test_a_vault_whose_count_of_changes_is_missing_is_not_taken_for_the_newest(
    vaults: Vaults, tmp_path: Path, secrets: MemorySecrets
) -> None:
    """Else an older copy would open as if nothing had been. The force hears of it, and can accept it."""
    file = file_of(tmp_path, vault_id := locked_vault(vaults))
    older = file.read_bytes()
    with vaults.unlock(vault_id, PIN) as opened:
        DraftStore(opened.db).save({"id": "b"})
    file.write_bytes(older)
    seen = secrets.kept.pop(f"vault.{vault_id}.seen")
    with pytest.raises(CountMissing, match="Nothing was erased"):
        vaults.unlock(vault_id, PIN)
    assert f"vault.{vault_id}.seen" not in secrets.kept
    found = vaults.put_back()
    assert found is not None
    assert found[1] < int(seen)

    vaults.accept_older(*found)

    with vaults.unlock(vault_id, PIN) as accepted:
        assert (accepted.rolled_back, accepted.begins_anew) == (None, True)
        DraftStore(accepted.db).save({"id": "c"})
    with vaults.unlock(vault_id, PIN) as again:
        assert (again.rolled_back, again.begins_anew) == (None, False)


def test_a_key_store_that_once_answers_nothing_does_not_lower_what_it_remembers(
    vaults: Vaults, secrets: MemorySecrets
) -> None:
    """Some Android phones do, at random."""
    vault_id = locked_vault(vaults)
    name = f"vault.{vault_id}.seen"
    entries = vaults._entries(vault_id)
    entries.remember(500)
    kept = secrets.kept.pop(name)
    entries.remember(3)
    assert name not in secrets.kept
    secrets.kept[name] = kept
    entries.remember(3)
    assert entries.highest() == 500


def test_a_next_secret_that_cannot_be_read_keeps_nobody_out_whose_present_one_is_right(
    vaults: Vaults, secrets: MemorySecrets
) -> None:
    """It is of a change of keys that never was."""
    vault_id = locked_vault(vaults)
    secrets.kept[f"vault.{vault_id}.secret.next"] = "\0" * 150
    vaults.unlock(vault_id, PIN).lock()
    assert f"vault.{vault_id}.secret.next" not in secrets.kept


def test_what_a_crash_left_of_a_secret_is_gone_once_the_app_has_started(tmp_path: Path) -> None:
    """Keys that were destroyed by order do not open a vault that somebody gives an older name back to."""
    secrets = DemoSecretStore(tmp_path / "secrets")
    with Vaults(tmp_path, secrets, weak_stretching_for_tests=CHEAP) as vaults:
        vault_id = locked_vault(vaults)
    for left in ("new", "gone"):
        (tmp_path / "secrets" / f"vault.{vault_id}.secret.{left}").write_text("of a change cut short")
    with Vaults(tmp_path, secrets, weak_stretching_for_tests=CHEAP) as vaults:
        assert {path.suffix for path in (tmp_path / "secrets").iterdir()} == {".secret"}
        vaults.unlock(vault_id, PIN).lock()


def test_a_lock_file_that_was_taken_away_while_it_was_claimed_is_claimed_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else two would each hold one, and each believe that the folder is theirs."""
    lock, taken = folder._lock, iter((True,))

    def late(descriptor: int) -> None:
        lock(descriptor)
        if next(taken, False):
            (tmp_path / folder.LOCK_NAME).unlink()

    monkeypatch.setattr(folder, "_lock", late)
    with vaults_in(tmp_path):
        monkeypatch.undo()
        with pytest.raises(FolderInUse):
            vaults_in(tmp_path)


@pytest.mark.parametrize("another", [False, True])
def test_a_lock_file_that_was_taken_away_is_claimed_anew_before_a_pin_is_tried(
    tmp_path: Path, another: bool
) -> None:
    """A cleaner took it. Where a second Homeward has come meanwhile, the first tries no PIN beside it."""
    with vaults_in(tmp_path) as first:
        vault_id = locked_vault(first)
        (tmp_path / folder.LOCK_NAME).unlink()
        if another:
            with vaults_in(tmp_path), pytest.raises(FolderInUse):
                first.unlock(vault_id, PIN)
        first.unlock(vault_id, PIN).lock()
        with pytest.raises(FolderInUse):
            vaults_in(tmp_path)


def test_a_vault_is_said_to_be_there_only_once_a_power_cut_cannot_take_its_name_away(
    vaults: Vaults, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file's name lies in its folder, and the folder's in the one above."""
    settled: list[Path] = []
    monkeypatch.setattr(generations, "settle", settled.append)
    vault_id = locked_vault(vaults)
    assert settled == [tmp_path / "vaults" / vault_id, tmp_path / "vaults", tmp_path]


def test_a_vault_that_cannot_be_made_leaves_no_key_in_memory(
    vaults: Vaults, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was to be there from the beginning could not be written."""
    made: list[VaultSeal] = []
    seal = Keys.seal

    def remembered(keys: Keys, vault: bytes) -> VaultSeal:
        made.append(seal(keys, vault))
        return made[-1]

    monkeypatch.setattr(Keys, "seal", remembered)

    def cut_short(_db: object) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        vaults.create(officer="officer-1", display_name="PC 1 Sample", pin=PIN, first=cut_short)
    assert not any(made[0]._vault_key)
    assert not any(made[0]._epoch_key)
