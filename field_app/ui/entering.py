"""From a new handset to an open vault: enrol, sign in, choose a PIN, unlock, lock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from booklets.errors import BookletError
from field_app.handset.access import HandheldStopped, HeardTooLongAgo
from field_app.handset.home import Home
from field_app.handset.shift import Shift
from field_app.store.errors import StoreError
from field_app.sync.failures import SyncFailed, TryLater
from field_app.sync.sessions import Session
from field_app.ui import camera, clipboard, finger_words, locked_words
from field_app.ui import screen_words as words
from field_app.ui.duties import InHand
from field_app.ui.forgetting import forgot
from field_app.ui.giving import Handing
from field_app.ui.model import Model
from field_app.ui.places import BEFORE_THE_VAULT, At, Looking
from field_app.ui.returning import Returning
from field_app.vault.errors import FingerRefused, VaultLocked, WeakPin
from field_app.vault.pins import accept_pin

REFUSALS = (BookletError, StoreError, SyncFailed, OSError)


async def open_handset(model: Model) -> None:
    """Find out how this device stands, and show the first screen that fits.

    Not while another window lies open on it, however often somebody asks.
    """
    if not model.may_open():
        model.go(At.REFUSED, notice=words.ANOTHER_WINDOW)
        return
    try:
        model.standing = await asyncio.to_thread(model.handset.open)
    except REFUSALS as refused:
        model.go(At.REFUSED, notice=str(refused))
        return
    model.access_changed = partial(access_changed, model)
    model.handset.listen(model.listening())
    model.handset.watch.wake()
    first_screen(model)


async def access_changed(model: Model) -> None:
    """This handheld opens, or closes, for its officers: they see the screen that is right now."""
    model.standing = await asyncio.to_thread(model.handset.standing)
    if model.handset.shift is not None:
        return
    if model.standing.closed or model.at not in BEFORE_THE_VAULT:
        leave_nothing(model)
        first_screen(model)
        model.handset.forget_what_was_on_screen()
    else:
        model.redraw()


def first_screen(model: Model) -> None:
    """Enrol, sign in or unlock: whichever comes first on this device."""
    standing = model.standing
    if standing is not None and standing.closed:
        model.go(At.CLOSED)
    elif standing is None or not standing.enrolled:
        model.go(At.ENROL)
    elif not standing.officers:
        model.go(At.SIGN_IN)
    else:
        model.vault = standing.officers[0].vault if len(standing.officers) == 1 else ""
        model.go(At.LOCK)


async def enrol(model: Model, typed: str) -> None:
    """Spend an enrolment code."""
    await _trying(model, words.ENROLLING, lambda: _enrol(model, typed))


def _enrol(model: Model, typed: str) -> Callable[[], None]:
    standing = model.handset.enrol(typed)

    def done() -> None:
        model.standing = standing
        model.go(At.SIGN_IN)

    return done


async def begin_sign_in(model: Model) -> None:
    """Get a sign-in page and a code to compare, then wait for the officer."""

    def begin() -> Callable[[], None]:
        flow = model.handset.begin_sign_in()

        def done() -> None:
            model.signing = flow
            model.go(At.SIGN_IN)

        return done

    await _trying(model, words.ASKING_FOR_SIGN_IN, begin)
    if model.signing is not None:
        model.bridge.run(lambda: _wait_for_sign_in(model))


async def _wait_for_sign_in(model: Model) -> None:
    """Ask now and then whether the officer is done in the browser, until the flow is over."""
    flow = model.signing
    while flow is not None and model.signing is flow and model.now < flow.until:
        await asyncio.sleep(flow.interval.total_seconds())
        try:
            session = await asyncio.to_thread(model.handset.signed_in, flow)
        except TryLater:
            continue
        except REFUSALS as refused:
            model.signing = None
            model.go(At.SIGN_IN, notice=str(refused))
            return
        if session is not None and model.signing is flow:
            await _signed_in(model, session)
            return
    if model.signing is flow and flow is not None:
        model.signing = None
        model.go(At.SIGN_IN, notice=words.SIGN_IN_OVER)


async def _signed_in(model: Model, session: Session) -> None:
    model.signing = None
    shift = model.handset.shift
    if shift is None:
        model.signed = session
        model.go(At.CHOOSE_PIN)
        return
    try:
        await asyncio.to_thread(shift.keep_session, session)
    except REFUSALS as refused:
        model.go(At.SIGN_IN, notice=str(refused))
        return
    model.line.sign_in = False
    await model.go_home()


async def give_up_sign_in(model: Model) -> None:
    """Back to where the officer came from: the open vault, or the lock screen."""
    model.signing = None
    if model.handset.shift is not None:
        await model.go_home()
    else:
        first_screen(model)


def takes(model: Model, pin: str) -> bool:
    """Whether a PIN may be chosen here. Why not is said at once, before it is given a second time."""
    try:
        accept_pin(pin, model.handset.policy.least_pin_digits)
    except WeakPin as refused:
        model.go(model.at, notice=str(refused))
        return False
    model.go(model.at)
    return True


def says_what_to_type(model: Model, what: str) -> None:
    """Nothing is typed yet. What is said already, of the tries that are left perhaps, stays."""
    if not model.notice:
        model.go(model.at, notice=what)


async def choose_pin(model: Model, pin: str, again: str) -> None:
    """Make the officer's vault with this PIN."""
    session = model.signed
    if session is None:
        first_screen(model)
        return
    if pin != again:
        model.go(At.CHOOSE_PIN, notice=words.PINS_DIFFER)
        return
    who = session.officer
    name = f"{who.rank} {who.name.split()[-1]}".strip()
    there = model.standing.officers if model.standing else ()
    if any(one.display_name == name for one in there):  # a second PC Smith: by the number on the shoulder
        name = f"{name} {who.shoulder_no}".strip()

    def make() -> Callable[[], None]:
        model.handset.new_vault(session, pin=pin, display_name=name)
        return lambda: setattr(model, "signed", None)

    if await _trying(model, words.MAKING_VAULT, make):
        await model.go_home()


async def unlock(model: Model, pin: str) -> bool:
    """Open the chosen officer's vault. Where no PIN can, say what can be done instead."""
    vault = model.vault
    return await _unlock(model, words.UNLOCKING, lambda: model.handset.unlock(vault, pin))


async def unlock_by_finger(model: Model) -> None:
    """Open it with a finger or face. Refused, the PIN pad stands there as before, and no try was counted."""
    vault = model.vault
    if not model.busy:
        await _unlock(model, finger_words.SHOWING, lambda: model.handset.unlock_by_finger(vault))


async def _unlock(model: Model, words_: str, opening: Callable[[], Shift]) -> bool:
    def open_() -> Callable[[], None]:
        try:
            opening()
        except FingerRefused as refused:
            standing, why = model.handset.standing(), str(refused)

            def pin_wanted() -> None:
                model.standing = standing
                model.go(model.at, notice=why)

            return pin_wanted
        except (HandheldStopped, HeardTooLongAgo):
            standing = model.handset.standing()

            def closed() -> None:
                model.standing = standing
                first_screen(model)

            return closed
        except VaultLocked:
            return lambda: forgot(model, notice=locked_words.NO_PIN_OPENS_IT)
        return lambda: None

    if not await _trying(model, words_, open_) or model.handset.shift is None:
        return False
    await model.go_home()
    return True


async def lock(model: Model) -> None:
    """Save, close the vault, and leave nothing of it on screen. What cannot be saved keeps its screen."""
    shift = model.handset.shift
    if shift is not None:
        try:
            await asyncio.to_thread(shift.put_down)
        except StoreError as unsaved:
            model.line.trouble = str(unsaved)
            model.redraw()
            return
    at = model.at
    model.go(At.STARTING)
    try:
        model.standing = await asyncio.to_thread(model.handset.lock)
    except REFUSALS:  # it is closed, and only how the device stands now was not to be read
        if model.handset.shift is not None:
            raise
    finally:
        if model.handset.shift is not None:
            model.go(at)
    leave_nothing(model)
    first_screen(model)
    model.handset.forget_what_was_on_screen()


def leave_nothing(model: Model) -> None:
    """Nothing of an officer's work stays on the screen's side."""
    model.session = None
    model.home = Home()
    model.desk = model.lookout = None
    model.known = Looking()
    model.line = model.line.once_locked()
    model.problems, model.mentions, model.left, model.sent = [], (), None, ""
    model.duty, model.duties_begun = InHand(), {}
    model.returning, model.handing, model.reading = Returning(), Handing(), None
    model.reworded = None
    model.bridge.run(camera.clean_up)
    model.bridge.run(clipboard.empty)


async def end_shift(model: Model) -> None:
    """Sign out with the force, then lock. What stands in the way is said, and nothing is changed."""
    try:
        await model.doing(words.SIGNING_OUT, model.shift.sign_out)
    except REFUSALS as refused:
        model.go(At.MENU, notice=str(refused) or words.NO_WAY_TO_FORCE)
        return
    await lock(model)


async def lock_when_saved(model: Model, every_s: float, still: Callable[[], bool] = lambda: True) -> None:
    """Nobody is left to look: try again until the last change is saved, then the vault is closed.

    For as long as ``still`` nobody is.
    """
    while still() and model.handset.shift is not None:
        await lock(model)
        if model.handset.shift is not None:
            await asyncio.sleep(every_s)


def somebody_else(model: Model) -> None:
    """An officer who has no vault here yet signs in."""
    model.signing = model.signed = None
    model.go(At.SIGN_IN)


async def _trying(model: Model, words_: str, work: Callable[[], Callable[[], None]]) -> bool:
    """Do it; a refusal is shown where the officer is, in its own words."""
    try:
        done = await model.doing(words_, work)
    except REFUSALS as refused:
        model.go(model.at, notice=str(refused) or words.NO_WAY_TO_FORCE)
        return False
    done()  # type: ignore[operator]  # ``work`` gives what to do on the screen's side
    return True
