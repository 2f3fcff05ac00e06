"""What the force decides about its handhelds is what they do."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from booklets.forms import Stage
from booklets.sealing import KemKey
from field_app.handset.device import ENROLLED
from field_app.handset.policy import Policy, policy_from
from field_app.store.outbox import READABLE_FOR
from field_app.vault.errors import TooManyVaults
from tests.field_app.sync.desks import a_session
from tests.support.handsets import GUIDE, OnShift, a_device, an_offline_shift, found_child
from tests.support.vaults import PIN


def decided(officer: OnShift, **policy: int) -> None:
    """The force has decided so; the handheld was told when it was enrolled."""
    enrolled = replace(officer.handset._here, policy=policy)
    officer.secrets.set(ENROLLED, json.dumps(enrolled.to_json()))
    officer.handset._keep(enrolled)


def found_and_sent(officer: OnShift) -> None:
    """A child is found, and the council told."""
    session = officer.shift.start(GUIDE)
    found_child(session)
    officer.shift.send(session, stage=Stage.FOUND)


@pytest.mark.parametrize(("minutes", "readable"), [(0, False), (60, True), (720, True)])
def test_what_was_sent_is_readable_as_long_as_the_force_allows(
    tmp_path: Path, minutes: int, readable: bool
) -> None:
    """Nothing at all, an hour as delivered, or half a day."""
    with a_device(tmp_path) as officer:
        decided(officer, keep_readable_minutes=minutes)
        officer.handset.new_vault(a_session(), pin=PIN, display_name="PC Sample")
        found_and_sent(officer)

        assert officer.shift.home().parcels[0].is_readable is readable
        assert officer.shift.kept_readable == timedelta(minutes=minutes), "everything else is kept as long"


def test_a_handheld_keeps_no_more_vaults_than_the_force_allows(tmp_path: Path) -> None:
    """The second officer is told so, and the first keeps everything."""
    with a_device(tmp_path) as officer:
        decided(officer, max_vaults=1)
        officer.handset.new_vault(a_session(), pin=PIN, display_name="PC Sample")
        officer.handset.lock()
        first = a_session()
        second = replace(first, officer=replace(first.officer, id="o-15"))

        with pytest.raises(TooManyVaults, match="already holds 1 vaults"):
            officer.handset.new_vault(second, pin=PIN, display_name="PC Other")

        assert len(officer.handset.lock().officers) == 1


def test_what_the_force_has_not_said_is_as_delivered() -> None:
    """And what it said beyond reason, or not as a number, opens no door."""
    assert policy_from({}) == Policy()
    assert Policy().keep_readable == READABLE_FOR
    wild = {"keep_readable_minutes": 10**9, "lock_after_seconds": 0, "max_vaults": -3}
    assert policy_from(wild) == Policy(
        keep_readable=timedelta(hours=12), lock_after=timedelta(seconds=30), most_vaults=1
    )
    assert (
        policy_from({"keep_readable_minutes": True, "lock_after_seconds": "never", "max_vaults": None})
        == Policy()
    )


def test_vaults_are_given_back_with_the_recovery_key_that_the_force_has_signed_last(tmp_path: Path) -> None:
    """A handheld that has heard of a new one changes the keys of each vault at its next unlock."""
    with an_offline_shift(tmp_path) as officer:
        force, handset = officer.force, officer.handset
        (listed,) = handset.lock().officers
        vaults = handset.open_vaults()
        before = vaults.header(listed.vault).recovery
        assert before is not None
        assert before.to == force.recovery.public

        force.recovery, force.number = KemKey.generate(1), force.number + 1
        force.publish()
        handset._keep_directory(force.directory)
        handset.unlock(listed.vault, PIN)

        after = vaults.header(listed.vault).recovery
        assert after is not None
        assert after.to == force.recovery.public
