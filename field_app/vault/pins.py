"""Which PINs and passphrases are worth anything."""

from __future__ import annotations

import unicodedata
from typing import Final

from field_app.vault.errors import WeakPin
from field_app.vault.guessed_first import is_common_pin, left_to_guess

LEAST_DIGITS: Final = 6
"""Ours: ten guesses find one in a hundred thousand (``attempts``)."""
LEAST_CHARACTERS: Final = 12
LEAST_DIFFERENT: Final = 6
LEAST_LEFT: Final = 9
"""Ours, for who has a copy of the files and all the time: nine characters that follow no rule, however long
the rest, and no few of them again and again."""

NO_DIGITS: Final = "A PIN needs at least {} digits, and nothing else."
COMMON_PIN: Final = (
    "That PIN is one of those that people guess first. Choose one without a pattern: "
    "no row of digits, no figure on the pad, no date."
)
SHORT_PHRASE: Final = (
    f"This computer has no key store, so a PIN is not enough: use a passphrase of at least "
    f"{LEAST_CHARACTERS} characters. Four words that have nothing to do with each other are good."
)
COMMON_PHRASE: Final = (
    "That passphrase could be guessed: most of it is common words, names, dates, or keys in a row. "
    "Choose four words that have nothing to do with each other, and none of them with the police."
)


def accept_pin(pin: str, least: int = LEAST_DIGITS) -> None:
    """Refuse a PIN that somebody would guess within ten tries more often than by luck."""
    least = max(least, LEAST_DIGITS)  # a force may ask for more than ours, never for fewer
    if not pin.isascii() or not pin.isdigit() or len(pin) < least:
        raise WeakPin(NO_DIGITS.format(least))
    if is_common_pin(pin):
        raise WeakPin(COMMON_PIN)


def accept_passphrase(passphrase: str) -> None:
    """Refuse a passphrase that could be guessed from a copy of the files."""
    if len(passphrase) < LEAST_CHARACTERS:
        raise WeakPin(SHORT_PHRASE)
    different = len(set(passphrase.casefold()))
    if different < LEAST_DIFFERENT or left_to_guess(passphrase) < LEAST_LEFT:
        raise WeakPin(COMMON_PHRASE)


def as_secret(pin: str) -> bytes:
    """A PIN as bytes, the same whichever keyboard typed it; the caller scrubs them.

    Whatever a keyboard sends has bytes, half a character too: a refusal would carry the PIN to a log.
    """
    return unicodedata.normalize("NFKC", pin).encode("utf-8", "surrogatepass")
