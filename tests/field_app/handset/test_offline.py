"""A handset without signal: opened, locked, opened again; refused in words; nothing lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from booklets.checks.likeness import runs_of
from booklets.errors import NotAllowedNow
from booklets.forms import Stage
from field_app.handset.device import ENROLLED
from field_app.handset.standing import EnrolmentUnreadable
from field_app.store.errors import StoreFull, StoreTampered
from field_app.store.keeper import KeeperGone
from field_app.sync.failures import TryLater
from field_app.sync.news import Because, Waiting
from field_app.vault.errors import FolderInUse, VaultExists, WrongPin
from field_app.vault.secrets import DemoSecretStore, FileSecretStore
from tests.field_app.sync.desks import a_session
from tests.support.handsets import (
    GUIDE,
    OnShift,
    a_device,
    a_handset,
    an_offline_shift,
    found_child,
    set_up,
)
from tests.support.portals import tokens
from tests.support.vaults import PIN, MemorySecrets, file_of

WORDS = "pi.why_left"


def unlocked(officer: OnShift, pin: str = PIN) -> None:
    """The officer comes back."""
    (vault,) = officer.handset.open().officers
    officer.handset.unlock(vault.vault, pin)


def test_a_new_handset_knows_no_force_and_nobody(tmp_path: Path) -> None:
    """And says on screen what its key store is worth."""
    with a_handset(tmp_path, secrets=DemoSecretStore(tmp_path / "secrets")) as handset:
        standing = handset.open()

    assert (standing.enrolled, standing.officers, standing.passphrase) == (False, (), False)
    assert (
        "protects nothing" in standing.warning or "nothing on this device is protected" in standing.warning
    )


def test_where_there_is_no_key_store_a_passphrase_is_wanted(tmp_path: Path) -> None:
    """A computer at a desk."""
    with a_handset(tmp_path, secrets=FileSecretStore(tmp_path / "secrets")) as handset:
        assert handset.open().passphrase


def test_opening_twice_is_opening_once(tmp_path: Path) -> None:
    """A window that comes back asks again."""
    with a_device(tmp_path) as device:
        assert device.handset.open() == device.handset.open()


def test_a_second_handset_on_the_folder_is_refused_in_words(tmp_path: Path) -> None:
    """Two would save over each other. Once the first has gone, the second may."""
    with a_handset(tmp_path) as second:
        with an_offline_shift(tmp_path), pytest.raises(FolderInUse, match="already"):
            second.open()
        assert len(second.open().officers) == 1


def test_locking_saves_what_was_typed_a_moment_ago(tmp_path: Path) -> None:
    """The thumb goes from the last letter to the lock."""
    with an_offline_shift(tmp_path) as officer:
        session = officer.shift.start(GUIDE)
        session.put(WORDS, "He gets loud so I go out")
        session.open_page("talk")

        officer.handset.lock()
        assert officer.handset.shift is None
        unlocked(officer)

        (draft,) = officer.shift.home().drafts
        again = officer.shift.resume(draft.id)
        assert again is not None
        assert draft.page == "talk"
        assert again.value(WORDS) == "He gets loud so I go out"
        assert officer.shift.officer.name == a_session().officer.name


def test_a_draft_is_there_after_the_app_has_ended_and_started(tmp_path: Path) -> None:
    """Another process, the same phone."""
    secrets = MemorySecrets()
    with an_offline_shift(tmp_path) as officer:
        officer.shift.start(GUIDE).put(WORDS, "He gets loud")
        secrets.kept |= officer.secrets.kept
        officer.handset.close()
        secrets.kept |= officer.secrets.kept
    with a_handset(tmp_path, secrets=secrets) as handset:
        standing = handset.open()
        shift = handset.unlock(standing.officers[0].vault, PIN)
        session = shift.resume(shift.home().drafts[0].id)

        assert session is not None
        assert session.value(WORDS) == "He gets loud"


def test_a_draft_that_is_gone_is_nothing(tmp_path: Path) -> None:
    """It was sent from another window."""
    with an_offline_shift(tmp_path) as officer:
        assert officer.shift.resume("no such draft") is None


def test_going_on_with_the_check_in_hand_loses_no_letter(tmp_path: Path) -> None:
    """The row of the open draft is touched before the last save came round."""
    with an_offline_shift(tmp_path) as officer:
        session = officer.shift.start(GUIDE)
        session.put(WORDS, "He gets loud")
        again = officer.shift.resume(str(session.encounter.id))

        assert again is not None
        assert again.value(WORDS) == "He gets loud"


def test_a_wrong_pin_says_how_many_tries_are_left(tmp_path: Path) -> None:
    """And the right one opens it all the same."""
    with an_offline_shift(tmp_path) as officer:
        officer.handset.lock()
        (vault,) = officer.handset.open().officers
        with pytest.raises(WrongPin, match="tries") as refused:
            officer.handset.unlock(vault.vault, "019283")
        assert refused.value.tries_left == 9
        assert officer.handset.shift is None

        unlocked(officer)
        assert officer.shift.home().drafts == ()


def test_an_officer_has_one_vault(tmp_path: Path) -> None:
    """Signing in as "someone else" as oneself makes no second one, and touches nothing in the first."""
    with an_offline_shift(tmp_path) as officer:
        officer.shift.start(GUIDE)
        officer.handset.lock()
        with pytest.raises(VaultExists):
            officer.handset.new_vault(a_session(), pin="771355", display_name="PC Sample")
        unlocked(officer)
        assert len(officer.shift.home().drafts) == 1


def test_a_vault_takes_no_other_officers_session(tmp_path: Path) -> None:
    """What one officer wrote must never be sent in another's name."""
    with an_offline_shift(tmp_path) as officer:
        somebody = a_session(officer=tokens()["officer"] | {"id": "o-99", "name": "PC Other Person"})

        with pytest.raises(NotAllowedNow, match="Somebody else signed in"):
            officer.shift.keep_session(somebody)

        officer.shift.keep_session(a_session(access_token="fresh"))
        assert officer.shift.signed_in
        assert officer.shift.officer.id == "o-14"


def test_locking_is_refused_while_the_last_words_cannot_be_saved(tmp_path: Path) -> None:
    """They stay on screen, the vault stays open, and once there is room it locks."""
    with an_offline_shift(tmp_path) as officer:
        session = officer.shift.start(GUIDE)
        with officer.full_disk():
            session.put(WORDS, "He said it twice. " * 20_000)
            with pytest.raises(StoreFull, match="Free some space"):
                officer.handset.lock()
            assert officer.handset.shift is not None
        officer.handset.lock()
        unlocked(officer)
        again = officer.shift.resume(str(session.encounter.id))
        assert again is not None
        assert again.value(WORDS) == session.value(WORDS)


def test_a_lock_that_fails_at_its_end_forgets_every_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vault is closed, nobody has it in hand any more, and it opens again."""
    with an_offline_shift(tmp_path) as officer:

        def refused() -> None:
            raise OSError("the key store's folder is gone")

        with monkeypatch.context() as broken:
            broken.setattr(officer.shift._vault, "on_lock", refused)
            runs_of("He gets loud so I go out")
            with pytest.raises(OSError, match="gone"):
                officer.handset.lock()
        assert (runs_of.cache_info().currsize, officer.handset.shift) == (0, None)


def test_the_app_ends_although_the_disk_is_full(tmp_path: Path) -> None:
    """A folder that stays claimed would need a restart of the phone; what was saved before is there."""
    with an_offline_shift(tmp_path) as officer:
        session = officer.shift.start(GUIDE)
        session.put(WORDS, "He gets loud")
        officer.shift.put_down()
        with officer.full_disk():
            session.put("pi.worries", "that mum knows. " * 20_000)
            officer.handset.close()
        with a_handset(tmp_path, secrets=officer.secrets) as handset:
            shift = handset.unlock(handset.open().officers[0].vault, PIN)
            again = shift.resume(str(session.encounter.id))
            assert again is not None
            assert again.value(WORDS) == "He gets loud"


def test_without_signal_it_waits_and_the_screen_is_told_why(tmp_path: Path) -> None:
    """Safe on this phone, waiting for signal."""
    with an_offline_shift(tmp_path) as officer:
        session = officer.shift.start(GUIDE)
        found_child(session)
        officer.shift.send(session, stage=Stage.FOUND)
        officer.heard.wait_for(Waiting)

        told = [one for one in officer.heard.news if isinstance(one, Waiting)]
        assert {one.reason for one in told} == {Because.NO_SIGNAL}
        (parcel,) = officer.shift.home().parcels
        assert parcel.received_at is None
        assert (parcel.name, parcel.about) == ("Amy Brook", "girl, 15")


def test_signing_in_without_signal_says_so(tmp_path: Path) -> None:
    """On the screen where the officer is."""
    with a_device(tmp_path) as device, pytest.raises(TryLater, match="no connection to the force"):
        device.handset.begin_sign_in()


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"v": 1}', '{"v": 2}'])
def test_an_enrolment_that_cannot_be_read_is_refused_in_words(tmp_path: Path, kept: str) -> None:
    """A damaged key store must not look like a new handset, and costs no vault."""
    secrets = MemorySecrets({ENROLLED: kept})
    with (
        a_handset(tmp_path, secrets=secrets) as handset,
        pytest.raises(EnrolmentUnreadable, match="support desk"),
    ):
        handset.open()
    assert secrets.kept[ENROLLED] == kept


def test_a_half_written_store_is_refused_in_words_and_left_alone(tmp_path: Path) -> None:
    """The file was cut off in the middle; whoever can repair it must find it as it was."""
    with an_offline_shift(tmp_path) as officer:
        officer.shift.start(GUIDE).put(WORDS, "He gets loud. " * 500)
        officer.handset.lock()
        (vault,) = officer.handset.open().officers
        path = file_of(tmp_path, vault.vault)
        with sqlite3.connect(path) as conn:
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        conn.close()
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])

        with pytest.raises(StoreTampered, match="Nothing was erased"):
            officer.handset.unlock(vault.vault, PIN)
        assert officer.handset.shift is None

        path.write_bytes(whole)
        unlocked(officer)
        assert len(officer.shift.home().drafts) == 1


def test_nobody_need_listen(tmp_path: Path) -> None:
    """A handset whose window has not come up yet can be unlocked."""
    with a_device(tmp_path) as device, a_handset(tmp_path / "other") as other:
        set_up(other._secrets, device.handset._here)
        other.open()
        shift = other.new_vault(a_session(), pin=PIN, display_name="PC Sample")
        shift.start(GUIDE).put(WORDS, "He gets loud")
        shift.put_down()

        assert len(shift.home().drafts) == 1


def test_a_handset_closes_twice(tmp_path: Path) -> None:
    """The window and the process both end it."""
    with an_offline_shift(tmp_path) as officer:
        officer.handset.close()
        officer.handset.close()
        with pytest.raises(KeeperGone, match="closing"):
            officer.handset.open()
