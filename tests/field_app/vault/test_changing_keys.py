"""Keys that change: with the PIN, after an erasure, and when the force has to help."""

from __future__ import annotations

from pathlib import Path

import pytest

from booklets.sealing import open_as_holder, seal_back
from booklets.sealing.hpke import KemKey
from field_app.store.drafts import DraftStore
from field_app.vault.errors import (
    HeaderRefused,
    VaultLocked,
    WeakPin,
    WrongPin,
)
from field_app.vault.vaults import Vaults
from tests.support.vaults import (
    PIN,
    FailingSecrets,
    MemorySecrets,
    Pulled,
    SetClock,
    file_of,
    locked_vault,
    new_vault,
    vaults_in,
)

OTHER_PIN = "710583"


def test_changing_the_pin_changes_every_key(vaults: Vaults, tmp_path: Path) -> None:
    """A copy made under the old PIN cannot be put back, and the old PIN opens nothing."""
    vault_id = locked_vault(vaults)
    older = file_of(tmp_path, vault_id).read_bytes()
    vaults.change_pin(vault_id, PIN, OTHER_PIN)
    with pytest.raises(WrongPin):
        vaults.unlock(vault_id, PIN)
    with vaults.unlock(vault_id, OTHER_PIN) as opened:
        assert DraftStore(opened.db).get("a") is not None
    file_of(tmp_path, vault_id).write_bytes(older)
    with pytest.raises(HeaderRefused, match="older copy"):
        vaults.unlock(vault_id, PIN)


def test_a_weak_new_pin_changes_nothing(vaults: Vaults) -> None:
    """Refused before the old one is tried."""
    vault_id = locked_vault(vaults)
    with pytest.raises(WeakPin):
        vaults.change_pin(vault_id, PIN, "123456")
    vaults.unlock(vault_id, PIN).lock()


def test_keys_change_at_the_next_unlock_after_something_was_erased(vaults: Vaults, tmp_path: Path) -> None:
    """What a flash chip still holds of an erased row was sealed under keys that exist nowhere any more."""
    with new_vault(vaults) as opened:
        drafts = DraftStore(opened.db)
        drafts.save({"id": "a"})
        drafts.save({"id": "b", "n": 1})
        drafts.forget("a")
    before = file_of(tmp_path, opened.id).read_bytes()
    with vaults.unlock(opened.id, PIN) as again:
        assert not again.db.rows.erasures_pending
        assert DraftStore(again.db).all() == [{"id": "b", "n": 1}]
        DraftStore(again.db).save({"id": "b", "n": 2})
    with vaults.unlock(opened.id, PIN) as again:
        assert DraftStore(again.db).get("b") == {"id": "b", "n": 2}
    file_of(tmp_path, opened.id).write_bytes(before)
    with pytest.raises(HeaderRefused):
        vaults.unlock(opened.id, PIN)


@pytest.mark.parametrize("step", range(8))
def test_a_change_of_keys_cut_short_anywhere_leaves_a_vault_that_opens(tmp_path: Path, step: int) -> None:
    """With the old keys or with the new ones, and never with nothing lost but the change itself."""
    secrets = FailingSecrets()
    vaults = vaults_in(tmp_path, secrets=secrets)
    vault_id = locked_vault(vaults)
    secrets.fatal = step
    try:
        vaults.change_pin(vault_id, PIN, OTHER_PIN)
        finished = True
    except Pulled:
        finished = False
    secrets.fatal = None
    vaults.close()
    with vaults_in(tmp_path, secrets=secrets) as again:
        try:
            opened = again.unlock(vault_id, OTHER_PIN)
        except WrongPin:
            assert not finished
            opened = again.unlock(vault_id, PIN)
        assert DraftStore(opened.db).get("a") == {"id": "a", "said": "Zebedee-Marker"}
        assert opened.rolled_back is None
    assert [name for name in secrets.kept if name.endswith("next")] == []


def test_the_force_can_recover_a_vault_that_no_pin_opens_any_more(
    tmp_path: Path, secrets: MemorySecrets
) -> None:
    """A forgotten PIN or a dead key store must not cost a child's record."""
    force, device, clock = KemKey.generate(1), KemKey.generate(1), SetClock()
    with vaults_in(tmp_path, secrets=secrets, clock=clock) as vaults:
        with new_vault(vaults, recovery=force.public) as opened:
            DraftStore(opened.db).save({"id": "a"})
        for _ in range(10):
            clock.pass_(4000)
            with pytest.raises((WrongPin, VaultLocked)):
                vaults.unlock(opened.id, OTHER_PIN)
        with pytest.raises(VaultLocked):
            vaults.unlock(opened.id, PIN)

        envelope = vaults.header(opened.id).recovery
        assert envelope is not None
        vault = bytes.fromhex(opened.id)
        vault_key = open_as_holder(force, envelope.sealed, vault, "officer-1")
        resealed = seal_back(device.public, vault_key, vault)
        with vaults.recover(opened.id, resealed, key=device, pin=OTHER_PIN) as recovered:
            assert DraftStore(recovered.db).all() == [{"id": "a"}]
        assert vaults.tries(opened.id).left == 10
        with vaults.unlock(opened.id, OTHER_PIN) as again:
            assert DraftStore(again.db).all() == [{"id": "a"}]
        renewed = vaults.header(opened.id).recovery
        assert renewed is not None
        assert renewed.sealed != envelope.sealed


def test_an_older_copy_from_before_a_change_of_keys_is_recovered_once_the_force_accepts_it(
    vaults: Vaults, tmp_path: Path
) -> None:
    """No PIN opens it any more. Its recovery is refused and reported, then goes on with new keys."""
    force, device = KemKey.generate(1), KemKey.generate(1)
    with new_vault(vaults, recovery=force.public) as opened:
        DraftStore(opened.db).save({"id": "a"})
    file = file_of(tmp_path, vault_id := opened.id)
    older = file.read_bytes()
    vaults.change_pin(vault_id, PIN, OTHER_PIN)
    file.write_bytes(older)
    for pin in (PIN, OTHER_PIN):
        with pytest.raises(HeaderRefused, match="older copy"):
            vaults.unlock(vault_id, pin)
    envelope, vault = vaults.header(vault_id).recovery, bytes.fromhex(vault_id)
    assert envelope is not None
    resealed = seal_back(device.public, open_as_holder(force, envelope.sealed, vault, "officer-1"), vault)
    with pytest.raises(HeaderRefused, match="older copy"):
        vaults.recover(vault_id, resealed, key=device, pin=PIN)
    found = vaults.put_back()
    assert found is not None

    vaults.accept_older(*found)

    with vaults.recover(vault_id, resealed, key=device, pin=PIN) as recovered:
        assert recovered.begins_anew
        DraftStore(recovered.db).save({"id": "b"})
    assert vaults.put_back() is None
    with vaults.unlock(vault_id, PIN) as again:
        assert [draft["id"] for draft in DraftStore(again.db).all()] == ["a", "b"]


def test_another_vaults_key_recovers_nothing(vaults: Vaults) -> None:
    """A recovery that opened the wrong vault would hand one officer another's work."""
    device = KemKey.generate(1)
    vault_id = locked_vault(vaults)
    wrong = seal_back(device.public, b"k" * 32, bytes.fromhex(vault_id))
    with pytest.raises(HeaderRefused, match="another vault"):
        vaults.recover(vault_id, wrong, key=device, pin=OTHER_PIN)
    vaults.unlock(vault_id, PIN).lock()
