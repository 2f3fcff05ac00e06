"""The screens of a locked handheld in each of their states, and the page on which a finger is allowed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from field_app.handset.access import Closed, Wiped
from field_app.sync.locked import KeyAsked
from field_app.ui.forgetting import Forgotten
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.fingers import FingerStorage, asking
from tests.support.handsets import OnShift

State = Callable[[Model, OnShift], None]


def locked(model: Model, officer: OnShift) -> None:
    """The pad of the first officer."""
    model.standing = officer.handset.open()
    model.vault = model.standing.officers[0].vault


def closed(why: Closed) -> State:
    """It opens for nobody."""

    def stand(model: Model, officer: OnShift) -> None:
        wiped = Wiped(model.now, "01632 960108") if why is Closed.WIPED else None
        standing = officer.handset.open()
        model.standing = replace(standing, closed=why, left=2, phone="01632 960108", wiped=wiped)

    return stand


def forgotten(state: str = "") -> State:
    """The PIN is forgotten, and so far asked for."""

    def stand(model: Model, officer: OnShift) -> None:
        locked(model, officer)
        until = model.now + timedelta(hours=4)
        asked = KeyAsked(state, "K7QP-3M9X", until) if state else None
        model.forgotten = Forgotten(model.vault, asked)

    return stand


def _closing_soon(model: Model, officer: OnShift) -> None:
    locked(model, officer)
    assert model.standing is not None
    model.standing = replace(model.standing, closes_in=timedelta(days=2))


def _finger_locked(model: Model, officer: OnShift) -> None:
    locked(model, officer)
    assert model.standing is not None
    model.standing = replace(model.standing, fingers={model.vault: True})


def _finger_allowed(_model: Model, officer: OnShift) -> None:
    officer.secrets.asking = asking(FingerStorage())
    officer.handset._keep(replace(officer.handset._here, policy={"finger_unlock_hours": 8}))


LOCKED_STATES: Mapping[str, tuple[At, State]] = {
    "lock-closing-soon": (At.LOCK, _closing_soon),
    "lock-finger": (At.LOCK, _finger_locked),
    "this_phone-finger": (At.THIS_PHONE, _finger_allowed),
    **{f"closed-{why.value}": (At.CLOSED, closed(why)) for why in Closed if why},
    **{f"forgotten-{one}": (At.FORGOTTEN, forgotten(one)) for one in ("asked", "approved_once", "refused")},
}
