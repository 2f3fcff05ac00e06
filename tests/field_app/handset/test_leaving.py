"""Going off shift: the force hears of it, so that nobody waits for an officer who has gone home."""

from __future__ import annotations

from pathlib import Path

import pytest

from booklets.duties import Act
from booklets.errors import NotAllowedNow
from booklets.forms import Stage
from field_app.handset.leaving import STILL_WAITING
from field_app.handset.shift import Shift
from field_app.store.outbox import Outbox, State
from field_app.sync.failures import SyncFailed
from field_app.sync.news import UpToDate, Waiting
from field_app.ui.places import At
from sync_server.identity import accounts, sessions
from tests.field_app.capture.test_enclosing import WHY, searching
from tests.field_app.handset.test_with_the_force import force
from tests.support.forces import OFFICER, Force, a_managed_handset, out_of_the_box, send_found
from tests.support.handsets import Heard, OnShift, an_offline_shift
from tests.support.queues import a_check
from tests.support.screens import journey
from tests.support.sent_back import Force as Sergeant
from tests.support.sent_back import an_honest_check
from tests.support.standing import standing_at
from tests.support.vaults import PIN

pytestmark = pytest.mark.thorough

__all__ = ["force"]


def is_on_shift(force: Force) -> bool:
    """Whether the force would ask this officer."""
    with force.context.store.read() as db:
        account = accounts.by_user(db, OFFICER)
        assert account is not None
        return sessions.is_on_shift(db, account.id, now=force.clock.at)


@pytest.mark.parametrize("minutes", [0, 20])
def test_an_officer_who_signs_out_is_off_shift_and_has_everything_again_after_signing_in(
    force: Force, tmp_path: Path, minutes: int
) -> None:
    """Also where the tokens are over and the shift is not: nothing in the vault is touched."""
    heard = Heard()
    with a_managed_handset(force, tmp_path / "phone", heard) as handset:
        shift = out_of_the_box(force, handset)
        heard.wait_for(UpToDate)
        force.clock.later(minutes=minutes)
        assert is_on_shift(force)

        shift.sign_out()

        assert not is_on_shift(force)
        assert not shift.signed_in
        (vault,) = handset.lock().officers
        shift = handset.unlock(vault.vault, PIN)
        shift.keep_session(force.sign_in(handset))
        assert is_on_shift(force)


def test_nobody_signs_out_while_something_has_not_gone(force: Force, tmp_path: Path) -> None:
    """It can go only while they are signed in."""
    heard = Heard()
    with a_managed_handset(force, tmp_path / "phone", heard) as handset:
        shift = out_of_the_box(force, handset)
        heard.wait_for(UpToDate)
        force.stop()
        send_found(shift)
        heard.wait_for(Waiting)

        with pytest.raises(NotAllowedNow, match="has not gone yet"):
            shift.sign_out()

        assert shift.signed_in


@pytest.mark.parametrize("stands", [State.ATTENTION, State.DISCARDED])
def test_a_photograph_whose_record_the_force_did_not_take_keeps_nobody_on_shift(
    tmp_path: Path, stands: State
) -> None:
    """It can go only after its record, so waiting for it would never end."""
    with an_offline_shift(tmp_path) as officer:
        session, _ = searching(officer)
        officer.shift.send(session, stage=Stage.CAPTURE, emergency=WHY)
        with pytest.raises(NotAllowedNow, match="has not gone yet"):
            officer.shift.sign_out()
        officer.on_keeper(lambda: kept_apart(officer, stands))

        with pytest.raises(SyncFailed):  # only signal is wanting now
            officer.shift.sign_out()


def kept_apart(officer: OnShift, stands: State) -> None:
    """The force would not take what was sent; perhaps the officer has thrown it away since."""
    outbox, now = Outbox(officer.shift._vault.db), officer.handset.clock.now()
    for item in outbox.all():
        for state in dict.fromkeys((State.SENDING, State.ATTENTION, stands)):
            outbox.mark(item.id, state, now=now)


def test_without_a_way_to_the_force_nothing_is_changed(force: Force, tmp_path: Path) -> None:
    """The force would still ask this officer, so the phone does not say otherwise."""
    heard = Heard()
    with a_managed_handset(force, tmp_path / "phone", heard) as handset:
        shift = out_of_the_box(force, handset)
        heard.wait_for(UpToDate)
        force.stop()

        with pytest.raises(SyncFailed):
            shift.sign_out()

        assert shift.signed_in
        assert is_on_shift(force)


def test_what_stands_in_the_way_is_said_in_the_menu(tmp_path: Path) -> None:
    """And the vault stays open."""

    async def walk(officer: OnShift) -> None:
        an_honest_check(officer)
        async with standing_at(At.MENU, officer) as (app, model):
            await app.tap("sign_out")
            await app.settle()
            assert app.says(STILL_WAITING)
            assert isinstance(model.handset.shift, Shift)

    with an_offline_shift(tmp_path) as officer:
        journey(lambda: walk(officer))


def test_what_was_said_of_a_task_goes_before_the_shift_ends(tmp_path: Path) -> None:
    """It goes only while they are signed in, and the task would stay late at the force's end."""

    async def walk(officer: OnShift) -> None:
        Sergeant(officer).asks_for(a_check()[0])
        [duty] = officer.shift.home().duties
        officer.shift.duties.say(duty, Act.CLOSE, outcome="done")
        assert officer.outbox() == []
        async with standing_at(At.MENU, officer, state=lambda model, officer: None) as (app, _):
            await app.tap("sign_out")
            await app.settle()
            assert app.says(STILL_WAITING)
            assert officer.shift.signed_in

    with an_offline_shift(tmp_path) as officer:
        journey(lambda: walk(officer))
