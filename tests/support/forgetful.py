"""An officer who has forgotten their PIN, at the pad."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.support.people import Officer


def locks(officer: Officer) -> None:
    """Puts the handheld away."""
    officer.screen.tap("lock")
    officer.screen.sees("unlock")


def tries_ten_wrong_pins(officer: Officer, time_passes: Callable[[], None]) -> None:
    """Guesses until nothing is left to guess, with all the pauses in between."""
    screen = officer.screen
    for left in range(9, -1, -1):
        officer.types_pin("9")  # too short to be anybody's, and a try all the same
        screen.tap("unlock")
        if left:
            expect(screen.at("notice")).to_contain_text(re.compile(rf"\b{left} (try|tries)"))
            expect(screen.at("pin.typed")).to_have_text(re.compile("^0 "))
        time_passes()
    screen.sees("ask")


def asks_the_force(officer: Officer) -> str:
    """Asks on the pad, and reads the code that is to be read out."""
    officer.screen.tap("ask")
    officer.screen.sees("recovery_code")
    read: str = officer.screen.at("recovery_code").evaluate("e => e.ariaLabel || e.textContent")
    return read.strip()


def chooses_a_new_pin(officer: Officer, pin: str) -> None:
    """Once both have agreed the screen asks for it by itself; the vault then opens."""
    screen = officer.screen
    screen.sees("pin.next")
    officer.types_pin(pin)
    screen.tap("pin.next")
    expect(screen.at("pin.typed")).to_have_text(re.compile("^0 "))
    officer.types_pin(pin)
    screen.tap("pin.next")
    screen.sees(officer.home)
