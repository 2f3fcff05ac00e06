"""A lost handheld and a forgotten PIN, between a handset of real parts and the real server.

The watch's thread is not started here: each test makes its rounds itself, so nothing happens unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from booklets.sealing import Order, SigningKey, sign_order, sign_policy
from field_app.handset.access import Closed, HandheldStopped, HeardTooLongAgo
from field_app.handset.device import Handset
from field_app.handset.order_kept import ORDER
from field_app.handset.recovering import NoWayBack
from field_app.store.drafts import DraftStore
from field_app.sync.locked import READY, KeyAsked
from field_app.sync.news import AccessChanged, DeviceStopped, UpToDate
from field_app.vault.errors import SecretsUnreadable, VaultError, VaultLocked
from sync_server.db.handhelds import device_order
from sync_server.db.tables import submission
from sync_server.handhelds import orders, recovery
from sync_server.handhelds.orders import Decision, Reason, What
from sync_server.handhelds.recovery import Checked
from sync_server.identity import devices
from sync_server.keys.holder import holder_keys
from tests.support.forces import Force, a_force, a_managed_handset, out_of_the_box, send_found
from tests.support.handsets import GUIDE, Heard, files_under, found_child
from tests.support.servers import FORCE
from tests.support.vaults import PIN, FailingSecrets, MemorySecrets, Mute, Pulled

NEW_PIN = "710583"


@pytest.fixture
def force(tmp_path: Path) -> Iterator[Force]:
    """The force, answering."""
    with a_force(tmp_path) as found:
        yield found


def decides(force: Force, handset: Handset, what: What) -> bytes:
    """An administrator decides about this handheld; the signed order."""
    context, enrolled = force.context, handset.enrolled
    assert enrolled is not None

    def work(db: Any) -> bytes:
        device = devices.find(db, enrolled.device_id)
        assert device is not None
        decision = Decision(what=what, reason=Reason.LOST, words="", by="an admin")
        orders.decide(context, db, device, decision, now=context.now())
        return orders.standing(db, device.id)

    return context.store.write(work)


def kept(force: Force) -> list[tuple[str, str]]:
    """How what arrived is kept."""
    with force.context.store.read() as db:
        query = select(submission.c.state, submission.c.reason).order_by(submission.c.seq)
        return [(row.state, row.reason) for row in db.execute(query)]


def with_a_draft(handset: Handset) -> None:
    """Begin a check and write a name into it."""
    assert handset.shift is not None
    found_child(handset.shift.start(GUIDE))


def drafts_of(handset: Handset) -> list[dict[str, Any]]:
    """What lies unfinished in the open vault."""
    shift = handset.shift
    assert shift is not None
    return shift._keeper.call(lambda: DraftStore(shift._vault.db).all()).result()


def test_a_wiped_handheld_sends_what_is_sealed_and_then_holds_nothing(force: Force, tmp_path: Path) -> None:
    """The keys go at once, also of what is on the screen; the sealed record reaches the force."""
    heard, phone = Heard(), tmp_path / "phone"
    secrets = MemorySecrets()
    with a_managed_handset(force, phone, heard, secrets) as handset:
        shift = out_of_the_box(force, handset)
        heard.wait_for(UpToDate)
        force.stop()
        send_found(shift)
        with_a_draft(handset)
        vault = shift._vault.id
        handset.lock()
        assert handset.watch.round().ended_by is not None
        decides(force, handset, What.WIPE)
        force.start()

        done = handset.watch.round()

        assert (done.sent, done.stopped) == (1, True)
        assert kept(force) == [("quarantined", "handheld_stopped")]
        standing = handset.standing()
        assert (standing.closed, standing.enrolled, standing.officers) == (Closed.WIPED, False, ())
        assert standing.wiped is not None
        assert standing.wiped.phone == "01632 960101"
        assert heard.count(AccessChanged) >= 1
        assert list((phone / "vaults").iterdir()) == []
        assert not [name for name in secrets.kept if vault in name]
        with force.context.store.read() as db:
            assert db.execute(select(device_order.c.done_at)).scalar_one() is not None

        assert handset.enrol(force.live.invite()).closed is Closed.NOT


@pytest.mark.thorough
def test_the_keys_go_before_anything_is_sent_and_the_rest_follows_after_a_restart(
    force: Force, tmp_path: Path
) -> None:
    """The order came in the last second of signal: nothing opens any more, and nothing sealed is lost."""
    heard, phone, secrets = Heard(), tmp_path / "phone", MemorySecrets()
    with a_managed_handset(force, phone, heard, secrets) as handset:
        shift = out_of_the_box(force, handset)
        heard.wait_for(UpToDate)
        force.stop()
        send_found(shift)
        vault = shift._vault.id
        order = decides(force, handset, What.WIPE)

        handset._heard(handset.tell, DeviceStopped(revoked=True, order=order))
        heard.wait_for(AccessChanged)
        assert handset.shift is None
        assert handset.watch.round().ended_by is not None
        assert handset.standing().closed is Closed.WIPING
        with pytest.raises(HandheldStopped):
            handset.unlock(vault, PIN)
    assert f"vault.{vault}.secret" not in secrets.kept
    force.start()
    with a_managed_handset(force, phone, heard, secrets) as handset:
        assert handset.standing().left == 1
        handset.watch.round()
        assert kept(force) == [("quarantined", "handheld_stopped")]
        assert handset.standing().closed is Closed.WIPED


@pytest.mark.parametrize("forged", ["stranger", "another device", "replayed", "noise"])
def test_an_order_that_is_not_the_forces_own_for_this_handheld_wipes_nothing(
    force: Force, tmp_path: Path, forged: str
) -> None:
    """Forged, misdirected, taken back since, or plain noise: the vault stays open and the draft is there."""
    heard, secrets = Heard(), MemorySecrets()
    with a_managed_handset(force, tmp_path / "phone", heard, secrets) as handset:
        out_of_the_box(force, handset)
        with_a_draft(handset)
        enrolled = handset.enrolled
        assert enrolled is not None
        root, now = force.context.keys.root, force.clock.at
        if forged == "replayed":  # the force stopped it once and let it in again
            order = decides(force, handset, What.SUSPEND)
            handset.watch.obey(order)
            decides(force, handset, What.LET_IN)
            assert handset.watch.round().stopped is False
            vault = handset.standing().officers[0].vault
            handset.unlock(vault, PIN)
        elif forged == "stranger":
            order = sign_order(Order("wipe", enrolled.device_id, 9, now), SigningKey.generate())
        elif forged == "another device":
            order = sign_order(Order("wipe", "another", 9, now), root)
        else:
            order = b'{"cmd":"wipe"}'

        handset.watch.obey(order)

        assert handset.shift is not None
        assert handset.standing().closed is Closed.NOT
        assert len(drafts_of(handset)) == 1


@pytest.mark.thorough
def test_a_handheld_that_is_stopped_opens_for_nobody_until_it_is_let_in_again(
    force: Force, tmp_path: Path
) -> None:
    """What was being written is saved and locked; not even the right PIN is tried."""
    heard = Heard()
    with a_managed_handset(force, tmp_path / "phone", heard) as handset:
        shift = out_of_the_box(force, handset)
        heard.wait_for(UpToDate)
        with_a_draft(handset)
        decides(force, handset, What.SUSPEND)

        shift.look()
        heard.wait_for(AccessChanged)

        standing = handset.standing()
        assert standing.closed is Closed.STOPPED
        vault = standing.officers[0].vault
        for _ in range(12):  # none of these is a wrong try
            with pytest.raises(HandheldStopped):
                handset.unlock(vault, "999999")
        decides(force, handset, What.LET_IN)
        handset.watch.round()
        handset.unlock(vault, PIN)
        assert len(drafts_of(handset)) == 1


@pytest.mark.thorough
@pytest.mark.parametrize("mute", ["", ORDER])
def test_an_order_that_cannot_be_read_any_more_closes_it_until_the_force_is_heard(
    force: Force, tmp_path: Path, mute: str
) -> None:
    """It may have been one to stop; nothing is lost, and nobody has to do anything but find signal."""
    heard, secrets = Heard(), Mute()
    with a_managed_handset(force, tmp_path / "phone", heard, secrets) as handset:
        out_of_the_box(force, handset)
        with_a_draft(handset)
        vault = handset.lock().officers[0].vault
        handset.shift = None
        secrets.kept[ORDER], secrets.mute = '{"cmd": "st', mute

        with pytest.raises(HandheldStopped):
            handset.unlock(vault, PIN)
        handset.watch.round()
        handset.unlock(vault, PIN)

        assert len(drafts_of(handset)) == 1


@pytest.mark.thorough
def test_without_contact_it_closes_after_the_forces_days_and_opens_when_it_is_heard(
    force: Force, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so before; what is sealed is the first to go; a clock set back gains nothing."""
    heard = Heard()
    with a_managed_handset(force, tmp_path / "phone", heard) as handset:
        out_of_the_box(force, handset)
        heard.wait_for(UpToDate)
        vault = handset.lock().officers[0].vault
        later, right = timedelta(), handset._clock.now
        monkeypatch.setattr(handset._clock, "now", lambda: right() + later)
        later = timedelta(days=12)
        assert handset.standing().closes_in is not None
        handset.unlock(vault, PIN).lock()
        handset.shift = None
        later = timedelta(days=14, minutes=1)
        with pytest.raises(HeardTooLongAgo):
            handset.unlock(vault, PIN)
        later = timedelta()
        with pytest.raises(HeardTooLongAgo):
            handset.unlock(vault, PIN)

        handset.watch.round()
        handset.unlock(vault, PIN)


def test_a_policy_that_changes_reaches_an_enrolled_handheld_and_an_older_one_is_not_taken_again(
    force: Force, tmp_path: Path
) -> None:
    """Also one that the force has signed itself, months ago."""
    heard = Heard()
    with a_managed_handset(force, tmp_path / "phone", heard) as handset:
        out_of_the_box(force, handset)
        root, now = force.context.keys.root, force.clock.at
        made = {
            number: sign_policy(
                {"keep_readable_minutes": number, "least_pin_digits": 8, "lock_after_seconds": 60},
                force=FORCE,
                number=number,
                issued=now,
                root=root,
            )
            for number in (20, 21)
        }
        handset.keep_policy(made[21])
        handset.keep_policy(made[20])
        handset.keep_policy(made[21][:-1] + b" ")

        assert handset.policy.keep_readable == timedelta(minutes=21)
        assert handset.policy.lock_after == timedelta(seconds=60)
        handset.lock()
        with pytest.raises(VaultError, match="at least 8 digits"):
            handset.open_vaults()._accept("582014")


# -- a forgotten PIN ---------------------------------------------------------------------------------
def locked_after_ten(handset: Handset, vault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten wrong PINs, with all the waiting in between."""
    monkeypatch.setattr("field_app.vault.attempts.PAUSES", (0.0,))
    for _ in range(10):
        with pytest.raises(VaultError):
            handset.unlock(vault, "918274")
    with pytest.raises(VaultLocked):
        handset.unlock(vault, PIN)


def two_agree(force: Force) -> None:
    """Two administrators agree, and the holder's key is at hand."""
    context, now = force.context, force.context.now()

    def work(db: Any) -> None:
        [row] = recovery.open_ones(db, FORCE, now=now)
        how: dict[str, Any] = {"checked": Checked.RANG_BACK, "now": now}
        recovery.approve(db, FORCE, row["id"], by="admin 1", code=row["code"], **how)
        recovery.approve(db, FORCE, row["id"], by="admin 2", code="", **how)
        keys = holder_keys(context.settings.keys)
        recovery.answer(db, row["id"], keys, by="admin 2", now=now, force=FORCE)

    context.store.write(work)


def test_a_vault_that_was_locked_after_ten_tries_opens_again_with_everything_in_it(
    force: Force, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for, agreed by two, opened with a new PIN; meanwhile what was sealed has gone."""
    heard, phone = Heard(), tmp_path / "phone"
    with a_managed_handset(force, phone, heard) as handset:
        shift = out_of_the_box(force, handset)
        heard.wait_for(UpToDate)
        force.stop()
        send_found(shift)
        with_a_draft(handset)
        shift.put_down()
        written = drafts_of(handset)
        vault = handset.lock().officers[0].vault
        locked_after_ten(handset, vault, monkeypatch)
        force.start()

        assert handset.watch.round().sent == 1
        assert kept(force) == [("stored", "")]
        with pytest.raises(NoWayBack):
            handset.open_with_new_pin(vault, NEW_PIN)
        assert handset.forgotten(vault).state == "asked"
        two_agree(force)
        assert handset.forgotten(vault).state == READY
        handset.open_with_new_pin(vault, NEW_PIN)

        assert drafts_of(handset) == written
        assert b"Brook" not in b"".join(files_under(phone).values())
        handset.lock()
        handset.unlock(vault, NEW_PIN)
        assert drafts_of(handset) == written
        with force.context.store.read() as db:
            assert recovery.open_ones(db, FORCE, now=force.context.now()) == []


def test_an_answer_for_a_key_that_this_handheld_does_not_have_is_said_in_words(
    force: Force, tmp_path: Path
) -> None:
    """A force that is ahead of this app has sealed it in a suite that nobody here knows."""
    heard = Heard()
    with a_managed_handset(force, tmp_path / "phone", heard) as handset:
        out_of_the_box(force, handset)
        vault = handset.lock().officers[0].vault
        handset._recovering._answers[vault] = KeyAsked(READY, "", force.clock.at, suite=9, answer=b"sealed")
        with pytest.raises(NoWayBack, match="Ask again"):
            handset.open_with_new_pin(vault, NEW_PIN)
        handset.unlock(vault, PIN)


@pytest.mark.thorough
@pytest.mark.parametrize("step", range(7))
def test_a_recovery_cut_short_anywhere_loses_nothing_and_goes_on(
    force: Force, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """With the new PIN, or by asking once more: the answer is still there, or a new one is asked for."""
    heard, phone, secrets = Heard(), tmp_path / "phone", FailingSecrets()
    with a_managed_handset(force, phone, heard, secrets) as handset:
        out_of_the_box(force, handset)
        with_a_draft(handset)
        vault = handset.lock().officers[0].vault
        locked_after_ten(handset, vault, monkeypatch)
        handset.forgotten(vault)
        two_agree(force)
        handset.forgotten(vault)
        secrets.fatal = step
        with suppress(Pulled):
            handset.open_with_new_pin(vault, NEW_PIN)
        secrets.fatal = None
    with a_managed_handset(force, phone, heard, secrets) as handset:
        try:
            handset.unlock(vault, NEW_PIN)
        except (VaultLocked, SecretsUnreadable):
            if handset.forgotten(vault).state != READY:
                handset.forgotten(vault, again=True)
                two_agree(force)
                handset.forgotten(vault)
            handset.open_with_new_pin(vault, NEW_PIN)
        assert len(drafts_of(handset)) == 1
