"""Which PINs and passphrases are worth anything."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Final

from field_app.vault.errors import WeakPin

LEAST_DIGITS: Final = 6
LEAST_CHARACTERS: Final = 12

_COMMON_PINS: Final = frozenset(
    re.findall(
        r"\d+",
        """
    101010 111222 112112 112211 112233 113355 121314 122112 123098 123100 123123 123321 123412 123420
    123567 123578 123654 123698 123789 124578 125125 131313 134679 135246 135790 136900 141414 142536
    142857 145236 147147 147258 147852 147896 151515 159357 159753 159951 161616 171717 181818 191919
    192837 198000 198019 200000 200020 201010 202020 207020 212121 221122 223344 232323 235689 246800
    246810 246824 250000 252525 258000 258258 262626 272727 282828 292929 300000 303030 311311 313131
    314159 316316 321321 321456 323232 332211 334455 336699 343434 353535 363636 369258 369369 369963
    374747 383838 393939 400000 404040 414141 420420 424242 434343 445566 451236 454545 456123 456321
    456654 456789 464646 474747 484848 494949 500000 505050 515151 520131 520520 521521 525252 535353
    543210 545454 556677 565656 575757 585858 595959 600000 606060 616161 623623 626262 636363 646464
    654123 656565 667788 676767 686868 696969 700000 707070 717171 727272 737373 741852 741963 747474
    753159 753951 757575 767676 777888 778899 787878 789123 789456 789987 797979 800000 808080 818181
    828282 838383 848484 852456 858585 868686 878787 887766 888999 889900 898989 900000 909090 918273
    919191 929292 939393 949494 951753 956956 959595 963258 963852 969696 979797 987123 987456 987987
    989898 998877 999111 999112 999999 696996 420690 696942 102030 010203 012012 010101 020202 030303
    040404 050505 060606 070707 080808 090909 007007 001122 100100 100200 110011 110110 200200 911911
    """,
    )
)
"""The commonest six-digit PINs that are neither a sequence nor one or two digits repeated."""

_COMMON_WORDS: Final = frozenset(
    {
        *("password", "passphrase", "letmein", "welcome", "homeward", "police", "officer", "constable"),
        *("sergeant", "qwerty", "qwertyuiop", "iloveyou", "football", "liverpool", "arsenal", "chelsea"),
        *("dragon", "sunshine", "princess", "administrator", "secret", "changeme", "monkey"),
    }
)


def accept_pin(pin: str, least: int = LEAST_DIGITS) -> None:
    """Refuse a PIN that somebody would guess within ten tries more often than by luck.

    A force may ask for more digits than ours, never for fewer.
    """
    least = max(least, LEAST_DIGITS)
    if not pin.isascii() or not pin.isdigit() or len(pin) < least:
        raise WeakPin(f"A PIN needs at least {least} digits, and nothing else.")
    if len(set(pin)) <= 2 or _repeats(pin) or _runs(pin) or pin in _COMMON_PINS or _a_date(pin):  # noqa: PLR2004
        raise WeakPin("That PIN is one of those that people guess first. Choose another one.")


def accept_passphrase(passphrase: str) -> None:
    """Refuse a passphrase that could be guessed from a copy of the files."""
    if len(passphrase) < LEAST_CHARACTERS:
        raise WeakPin(
            f"This computer has no key store, so a PIN is not enough: "
            f"use a passphrase of at least {LEAST_CHARACTERS} characters."
        )
    plain = "".join(ch for ch in passphrase.casefold() if ch.isalpha())
    different = len(set(passphrase.casefold()))
    if different < 6 or passphrase.isdigit() or _runs(passphrase) or _repeats(passphrase):  # noqa: PLR2004
        raise WeakPin("That passphrase is too regular. Four words that do not belong together are better.")
    if plain in _COMMON_WORDS or any(plain == word * (len(plain) // len(word)) for word in _COMMON_WORDS):
        raise WeakPin("That passphrase is one of those that people guess first. Choose another one.")


def as_secret(pin: str) -> bytes:
    """A PIN as bytes, the same whichever keyboard typed it; the caller scrubs them.

    Whatever a keyboard sends has bytes, half a character too: a refusal would carry the PIN to a log.
    """
    return unicodedata.normalize("NFKC", pin).encode("utf-8", "surrogatepass")


def _repeats(pin: str) -> bool:
    return any(pin == pin[:size] * (len(pin) // size) for size in range(1, len(pin) // 2 + 1))


def _runs(pin: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in pairwise(pin)}
    halves = len(pin) % 2 == 0 and all(pin[i] == pin[i + 1] for i in range(0, len(pin), 2))
    pairs = {ord(pin[i + 2]) - ord(pin[i]) for i in range(0, len(pin) - 2, 2)} if halves else {99}
    return (len(steps) == 1 and abs(steps.copy().pop()) <= 3) or (pairs <= {1} or pairs <= {-1})  # noqa: PLR2004


def _a_date(pin: str) -> bool:
    if len(pin) != 8:  # noqa: PLR2004
        return False
    return any(
        1 <= int(day) <= 31 and 1 <= int(month) <= 12 and year[:2] in ("19", "20")  # noqa: PLR2004
        for day, month, year in (
            (pin[:2], pin[2:4], pin[4:]),
            (pin[2:4], pin[:2], pin[4:]),
            (pin[6:], pin[4:6], pin[:4]),
        )
    )
