"""Where this device is, asked once and only when an officer taps: an interface, and what it may refuse.

    NoPosition
    ├── NotAllowed    the officer, or the device, has not let the app know where it is
    ├── SwitchedOff   the device looks for its place for no app
    ├── NotFound      it looked, and found nothing in time
    ├── TooRough      it found something that may as well be the next street
    └── Unsure        it does not say how exact what it found is

Whatever is refused, a place can be typed: every refusal says so. Nothing is asked again by itself, nothing
in the background, and the signal does not matter: satellites are heard without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from booklets.answers import Row
from booklets.errors import BookletError
from booklets.positions import position_row

LOOKS_FOR_S: Final = 20
"""So many seconds it is looked for. An officer goes on meanwhile."""
MOST_M: Final = 200
"""What may be further off than so many metres is another street, and is not kept."""


class NoPosition(BookletError):
    """There is no position, and why. Nothing was kept of it, and nothing else was lost."""

    code = "no_position"
    says = "The phone could not tell where you are. Type the place instead."

    def __init__(self) -> None:
        super().__init__(self.says)


class NotAllowed(NoPosition):
    """The permission was not given."""

    code = "position_not_allowed"
    says = (
        "Homeward may not see where this phone is. Type the place instead; or allow location in the phone’s "
        "settings and tap again."
    )


class SwitchedOff(NoPosition):
    """No app is told where the device is."""

    code = "position_switched_off"
    says = "Location is switched off on this phone. Type the place instead; or switch it on and tap again."


class NotFound(NoPosition):
    """Nothing was found in time."""

    code = "position_not_found"
    says = (
        f"Nothing was found in {LOOKS_FOR_S} seconds. Type the place instead; or step outdoors, away from "
        "walls, and tap again."
    )


class TooRough(NoPosition):
    """What was found is too far off to be of use."""

    code = "position_too_rough"
    says = (
        f"The phone is out by more than {MOST_M} m, which may be another street: nothing was kept. "
        "Type the place instead; or step outdoors and tap again."
    )


class Unsure(NoPosition):
    """Nobody can tell how far off what was found may be."""

    code = "position_unsure"
    says = "The phone does not say how exact its position is, so nothing was kept. Type the place instead."


@dataclass(frozen=True, slots=True)
class Fix:
    """What a device says: WGS 84 degrees, and within how many metres. Zero metres: it does not say."""

    lat: float
    lon: float
    within_m: float


class Whereabouts(Protocol):
    """What can say where a device is: its own receiver, or a test."""

    async def ask(self) -> Fix:
        """Ask once. Raises NoPosition."""
        ...


def usable(found: Fix, at: datetime) -> Row:
    """The row of a position that is exact enough to be kept. Raises TooRough and Unsure."""
    if not found.within_m > 0:
        raise Unsure
    if found.within_m > MOST_M:
        raise TooRough
    return position_row(found.lat, found.lon, found.within_m, at)
