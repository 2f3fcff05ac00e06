"""What a screen asks when it is drawn: which hand holds the device, and how large letters are wanted.

The shell says it for the whole screen before it draws one, so no screen has to hand it on.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import flet as ft

from field_app.handset.comfort import Comfort

_WORN = "homeward.comfort"
_USUAL = Comfort()


def wear(comfort: Comfort) -> None:
    """From here on this window is drawn like that."""
    ft.context.page.session.store.set(_WORN, comfort)


def worn() -> Comfort:
    """How this window is to be drawn; outside any window as delivered."""
    with contextlib.suppress(RuntimeError):
        found = ft.context.page.session.store.get(_WORN)
        if isinstance(found, Comfort):
            return found
    return _USUAL


def at_hand(line: Sequence[ft.Control]) -> list[ft.Control]:
    """What stands side by side, with its end under the thumb: the mirror image for the left hand."""
    return list(reversed(line)) if worn().left_handed else list(line)


def sides(near: float, top: float, far: float, bottom: float) -> ft.Padding:
    """Room around such a line; ``far`` is where its end stands."""
    left, right = (far, near) if worn().left_handed else (near, far)
    return ft.Padding(left, top, right, bottom)
