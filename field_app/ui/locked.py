"""What can be done before the vault opens, besides the PIN: reach the force, and get back in without one."""

from __future__ import annotations

import asyncio

from field_app.sync.failures import TryLater
from field_app.sync.locked import OPEN, READY, KeyAsked
from field_app.sync.unattended import LockedRound
from field_app.ui import entering, screen_words
from field_app.ui import locked_words as words
from field_app.ui.forgetting import Forgotten
from field_app.ui.model import Model
from field_app.ui.places import At

POLL_S = 5.0


async def try_now(model: Model) -> None:
    """Make a round now, and show what became of it."""
    try:
        done = await model.doing(words.TRYING, model.handset.watch.round)
        silent = isinstance(done, LockedRound) and done.ended_by is not None
    except entering.REFUSALS as refused:
        model.go(model.at, notice=str(refused))
        return
    model.standing = await asyncio.to_thread(model.handset.standing)
    if model.standing.closed:
        model.go(At.CLOSED, notice=words.STILL_NOTHING if silent else "")
    else:
        entering.first_screen(model)


def set_up_again(model: Model) -> None:
    """A handheld that was wiped is set up like a new one."""
    model.go(At.ENROL)


async def ask(model: Model, *, again: bool = False) -> None:
    """Ask the force, and go on by itself from then."""
    forgotten = model.forgotten
    if forgotten is None or model.busy:
        return
    try:
        asked = await model.doing(
            words.ASKING, lambda: model.handset.forgotten(forgotten.vault, again=again)
        )
    except entering.REFUSALS as refused:
        model.go(At.FORGOTTEN, notice=str(refused))
        return
    _heard(model, forgotten, asked)
    if forgotten.state in OPEN and not forgotten.waiting:
        model.bridge.run(lambda: _wait(model, forgotten))


async def _wait(model: Model, forgotten: Forgotten) -> None:
    """Look again every few seconds, for as long as somebody looks at this screen."""
    forgotten.waiting = True
    try:
        while _is_looked_at(model, forgotten) and forgotten.state in OPEN:
            await asyncio.sleep(POLL_S)
            try:
                asked = await asyncio.to_thread(model.handset.forgotten, forgotten.vault)
            except TryLater:
                continue
            except entering.REFUSALS as refused:
                model.go(At.FORGOTTEN, notice=str(refused))
                return
            if _is_looked_at(model, forgotten):  # the officer may have gone back meanwhile
                _heard(model, forgotten, asked)
    finally:
        forgotten.waiting = False


def _is_looked_at(model: Model, forgotten: Forgotten) -> bool:
    return model.at is At.FORGOTTEN and model.forgotten is forgotten


def _heard(model: Model, forgotten: Forgotten, asked: object) -> None:
    if not isinstance(asked, KeyAsked):
        raise TypeError("the force's answer is a KeyAsked")
    before, forgotten.asked = forgotten.state, asked
    if asked.state == READY:
        model.go(At.NEW_PIN)
    elif before != asked.state:
        model.go(At.FORGOTTEN)


async def open_with(model: Model, pin: str, again: str) -> None:
    """Open the vault with the force's answer and this new PIN."""
    forgotten = model.forgotten
    if forgotten is None:
        entering.first_screen(model)
        return
    if pin != again:
        model.go(At.NEW_PIN, notice=screen_words.PINS_DIFFER)
        return
    try:
        await model.doing(words.OPENING, lambda: model.handset.open_with_new_pin(forgotten.vault, pin))
    except entering.REFUSALS as refused:
        model.go(At.NEW_PIN, notice=str(refused))
        return
    model.forgotten = None
    await model.go_home()
    model.go(model.at, notice=words.OPEN_AGAIN)
