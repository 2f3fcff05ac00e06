"""A vault that was damaged, put back or cut short: its officer hears what is wrong, nobody else suffers."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest

from booklets.errors import BookletError, WireError
from booklets.forms import Stage
from field_app.capture.submit import hand_over, seal_encounter
from field_app.handset.device import ENROLLED
from field_app.store.errors import ReadOnlyStore, StoreTampered
from field_app.sync.sessions import Session
from field_app.vault.header import UNREADABLE
from field_app.vault.secrets import DemoSecretStore
from tests.field_app.sync.desks import a_session, enrolled_with
from tests.support.handsets import GUIDE, OnShift, a_device, a_handset, an_offline_shift, found_child
from tests.support.portals import SmallForce, tokens
from tests.support.vaults import PIN, Pulled, dying_at, file_of

WORDS = "pi.why_left"


def somebody_else() -> Session:
    """Another officer of the same station."""
    return a_session(officer=tokens()["officer"] | {"id": "o-15", "name": "PC Other Person"})


def with_an_older_copy_put_back(officer: OnShift) -> str:
    """Two saves, and then the file as it was between them. Gives the vault."""
    session = officer.shift.start(GUIDE)
    session.put(WORDS, "He gets loud")
    (listed,) = officer.handset.lock().officers
    path = file_of(officer.folder, listed.vault)
    older = path.read_bytes()
    shift = officer.handset.unlock(listed.vault, PIN)
    again = shift.resume(str(session.encounter.id))
    assert again is not None
    again.put(WORDS, "He gets loud so I go out")
    officer.handset.lock()
    path.write_bytes(older)
    return listed.vault


def test_a_vault_that_was_put_back_can_be_read_and_says_why_no_more(tmp_path: Path) -> None:
    """What the officer wrote is there to be read out over the radio; nothing is added to it or erased."""
    with an_offline_shift(tmp_path) as officer:
        vault = with_an_older_copy_put_back(officer)

        shift = officer.handset.unlock(vault, PIN)

        assert "older copy" in shift.read_only_because
        (draft,) = shift.home().drafts
        session = shift.resume(draft.id)
        assert session is not None
        assert session.value(WORDS) == "He gets loud"
        with pytest.raises(ReadOnlyStore):
            shift.start(GUIDE)


def test_a_vault_that_can_only_be_read_can_still_be_locked(tmp_path: Path) -> None:
    """What cannot ever be saved must not keep the keys in memory and the screen open."""
    with an_offline_shift(tmp_path) as officer:
        vault = with_an_older_copy_put_back(officer)
        shift = officer.handset.unlock(vault, PIN)
        session = shift.resume(shift.home().drafts[0].id)
        assert session is not None
        session.put(WORDS, "typed all the same")
        officer.heard.wait_until(lambda: bool(officer.heard.failures))

        officer.handset.lock()

        assert officer.handset.shift is None
        assert isinstance(officer.heard.failures[0], ReadOnlyStore)


def test_one_damaged_vault_keeps_nobody_else_out(tmp_path: Path) -> None:
    """Six officers share a handheld. The one whose file is damaged is told; the others go on."""
    with an_offline_shift(tmp_path) as officer:
        (damaged,) = officer.handset.lock().officers
        officer.handset.new_vault(somebody_else(), pin="771355", display_name="PC Person")
        officer.handset.lock()
        path = file_of(tmp_path, damaged.vault)
        path.write_bytes(b"not a store" * 500)
        left = path.read_bytes()

        names = [one.display_name for one in officer.handset.open().officers]
        other = next(one for one in officer.handset.open().officers if one.display_name == "PC Person")

        assert names == ["PC Person", UNREADABLE]
        assert officer.handset.unlock(other.vault, "771355").home().drafts == ()
        officer.handset.lock()
        with pytest.raises(StoreTampered, match="Nothing was erased"):
            officer.handset.unlock(damaged.vault, PIN)
        assert path.read_bytes() == left


def test_a_vault_is_there_with_its_officer_or_not_at_all(tmp_path: Path) -> None:
    """Killed in between, it would open for nobody and stand in the way of a new one."""
    with a_device(tmp_path) as device:
        vaults = device.handset._open_vaults

        def cut_short(_db: object) -> None:
            raise InterruptedError

        with pytest.raises(InterruptedError):
            device.handset._keeper.call(
                lambda: vaults.create(officer="o-14", display_name="PC Sample", pin=PIN, first=cut_short)
            ).result()

        assert device.handset.open().officers == ()
        shift = device.handset.new_vault(a_session(), pin=PIN, display_name="PC Sample")
        assert shift.officer == a_session().officer


def test_a_vault_that_cannot_be_worked_with_is_closed_again(tmp_path: Path) -> None:
    """This app knows no such force: the next try says the same again, and not that it is open already."""
    with an_offline_shift(tmp_path) as officer:
        (listed,) = officer.handset.lock().officers
        kept = enrolled_with(officer.force).to_json()
        officer.secrets.set(ENROLLED, json.dumps(kept | {"force": "no_such_force"}))
        officer.handset.close()
        with a_handset(tmp_path, secrets=officer.secrets) as handset:
            handset.open()
            for _ in range(2):
                with pytest.raises(BookletError, match="no_such_force"):
                    handset.unlock(listed.vault, PIN)
            assert handset.shift is None


def test_what_is_typed_while_the_last_part_is_sealed_stays_in_a_draft(tmp_path: Path) -> None:
    """The autosave comes in between sealing and handing over: it knows more than what was sealed."""
    with an_offline_shift(tmp_path) as officer:
        session = officer.shift.start(GUIDE)
        found_child(session)
        officer.shift.put_down()
        sealed = seal_encounter(
            session.encounter,
            session.guide,
            stage=Stage.CAPTURE,
            problems=(),
            emergency="she may go again",
            force=officer.shift.force,
            clocks=(),
            at=officer.handset.clock.stamp(),
            signature=officer.shift._signature(),
        )
        session.put("pi.worries", "that mum will take the phone")
        officer.shift.put_down()

        db, kept_for = officer.shift._vault.db, officer.shift.kept_readable
        officer.on_keeper(lambda: hand_over(db, sealed, readable_for=kept_for))

        kept = officer.draft(session)
        assert kept is not None
        assert kept.answers["pi.worries"] == "that mum will take the phone"
        assert {one.revision for one in kept.sent.values()} == {1}
        assert len(officer.outbox()) == 2


@pytest.mark.thorough
def test_what_is_too_long_to_send_is_refused_in_words_and_kept(tmp_path: Path) -> None:
    """A million letters were pasted: the officer hears it before anything is sealed, and loses none."""
    with an_offline_shift(tmp_path) as officer:
        session = officer.shift.start(GUIDE)
        long = {"pi.face_to_face": "yes", "pi.engaged": "yes", "pi.demeanour": "He said it twice. " * 70_000}
        found_child(session, long)

        with pytest.raises(WireError, match="Everything is kept"):
            officer.shift.send(session, stage=Stage.CAPTURE, emergency="she may go again")

        kept = officer.draft(session)
        assert kept is not None
        assert kept.answers["pi.demeanour"] == long["pi.demeanour"]
        assert officer.outbox() == []


@pytest.mark.parametrize("moment", range(0, 30, 2))
def test_a_wipe_that_is_cut_short_anywhere_leaves_a_handheld_that_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """Half of its own keys, or of what it knows of its force, would stand in the way for ever."""
    secrets = DemoSecretStore(tmp_path / "secrets")
    secrets.set(ENROLLED, json.dumps(enrolled_with(SmallForce(address="http://127.0.0.1:9")).to_json()))
    with a_handset(tmp_path, secrets=secrets) as handset:
        handset.open()
        with monkeypatch.context() as dying, suppress(Pulled):
            dying_at(moment, dying)
            handset._keeper.call(handset.forget_force).result()
    with a_handset(tmp_path, secrets=DemoSecretStore(tmp_path / "secrets")) as again:
        again.open()
        again._keeper.call(again.forget_force).result()
        assert not again.standing().enrolled
