"""Every screen in every state that an officer meets, one after the other, without a browser.

A new screen joins with its state in ``standing``, a state that is met seldom with a line in ``seldom``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from field_app.ui.places import At
from tests.support.handsets import OnShift
from tests.support.screens import Screens
from tests.support.seldom import SELDOM
from tests.support.standing import MORE_STATES, State, standing_at

SCREENS: Mapping[str, tuple[At, State | None]] = {
    **{at.value: (at, None) for at in At},
    **MORE_STATES,
    **SELDOM,
}


def look_at_each(officer: OnShift, look: Callable[[str, Screens], None]) -> None:
    """Have each drawn, and look at it, by its name."""
    for name, (at, state) in SCREENS.items():

        async def walk(name: str = name, at: At = at, state: State | None = state) -> None:
            async with standing_at(at, officer, state=state) as (app, _):
                look(name, app)

        asyncio.run(walk())
        with_nothing_unfinished(officer)


def with_nothing_unfinished(officer: OnShift) -> None:
    """As an officer begins the next state."""
    if officer.handset.shift is not None:
        officer.shift.put_down()
        officer.on_keeper(officer.forget_drafts)
