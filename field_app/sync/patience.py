"""How long to wait before trying again. Pure: chance is passed in.

A hundred thousand handhelds that lost the server together must not come back together. So every wait is
drawn evenly from nothing up to a bound that doubles with each failure ("full jitter").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

Draw = Callable[[float, float], float]
"""Draws evenly between two bounds, as ``random.uniform`` does."""

FIRST: Final = 1.0
LONGEST: Final = 300.0
AFTER_NETWORK: Final = 5.0
BETWEEN_LOOKS: Final = 300.0
BETWEEN_GLANCES: Final = 20.0
_DOUBLINGS: Final = 16  # past these the bound has long been LONGEST; keeps the power small


def bound_after(failures: int) -> float:
    """The longest wait after so many failures in a row."""
    if failures < 0:
        raise ValueError("fewer than no failures")
    return min(LONGEST, FIRST * (1 << min(failures, _DOUBLINGS)))


def wait_after(failures: int, *, draw: Draw, retry_after: float | None = None) -> float:
    """Seconds to wait after so many failures in a row, and never less than the server asked for.

    What the server asked for is where the drawing starts, so that all who were told "30" do not
    come back in the thirtieth second.
    """
    return max(0.0, retry_after or 0.0) + draw(0.0, bound_after(failures))


def wait_after_network(*, draw: Draw) -> float:
    """Seconds to wait once the network is back: everyone else has it back too."""
    return draw(0.0, AFTER_NETWORK)


def wait_before_next_look(*, draw: Draw) -> float:
    """Seconds until the server is asked for news again when all is well: about five minutes."""
    return draw(0.8 * BETWEEN_LOOKS, 1.2 * BETWEEN_LOOKS)


@dataclass(slots=True, kw_only=True)
class Timetable:
    """When the next round is due, in seconds of a clock that only goes forward.

    ``not_before`` is what a server has asked for: nobody's hurry moves a round before it.
    """

    draw: Draw
    failures: int = 0
    due: float = 0.0
    not_before: float = 0.0
    well: bool = False

    def all_well(self, at: float) -> None:
        """Everything got through: look again in about five minutes."""
        self.failures, self.well = 0, True
        self.not_before = at
        self.due = at + wait_before_next_look(draw=self.draw)

    def failed(self, at: float, *, retry_after: float | None = None, some_got_through: bool = False) -> None:
        """Something did not get through: wait, longer each time."""
        failures = 0 if some_got_through else self.failures
        self.failures, self.well = failures + 1, False
        self.not_before = at + (retry_after or 0.0)
        self.due = at + wait_after(failures, draw=self.draw, retry_after=retry_after)

    def stands(self, at: float) -> None:
        """A person has to do something first: no use in hurrying."""
        self.all_well(at)
        self.well = False

    def hurry(self, at: float) -> None:
        """Something new to send, or the app is looked at again: go at once, if the server allows it."""
        self.due = min(self.due, max(at, self.not_before))

    def glance(self, at: float) -> None:
        """Somebody goes to their list: go soon, where all was well, and not right after the last time."""
        if self.well:
            self.due = min(self.due, max(at, self.not_before + BETWEEN_GLANCES))

    def network_regained(self, at: float) -> None:
        """The network is back: go within seconds, but not together with everyone else."""
        back = at + wait_after_network(draw=self.draw)
        self.due = min(self.due, max(back, self.not_before))
