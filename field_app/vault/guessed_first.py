"""What somebody tries first who guesses a PIN or a passphrase, and how much of one is left without it.

No library for this is allowed on the handheld (its few are fixed, and those that judge passphrases bring
lists of some megabytes), so this goes by rule. The words and the few numbers are ours: chosen, copied from
no list, and proof of nothing. Whoever uses only what stands here is refused; whoever guesses has more.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Final

_NUMBERS: Final = "142857 314159 246810 246800 135790 420690 520131 100200 123100 123412 201010"
_KNOWN_NUMBERS: Final = frozenset(_NUMBERS.split())
"""Numbers that people know for themselves and no rule below finds."""

_SAID: Final = """
    password passwort passphrase passcode pass letmein login welcome secret secure private changeme default
    admin administrator master guest user access hello iloveyou loveyou love mylove trustno correcthorse
    homeward police officer constable sergeant inspector detective station force badge custody missing
    patrol warrant handheld return interview safeguard thinblue bobby copper999
    qwerty qwertz azerty asdf zxcv poiuy
    football soccer cricket rugby snooker liverpool arsenal chelsea everton tottenham spurs manchester
    manutd united city newcastle sunderland leeds rangers celtic villa westham wolves burnley hotspur
    london york yorkshire scarborough harrogate middlesbrough whitby england britain scotland ireland wales
    dragon monkey sunshine princess superman batman pokemon naruto tigger starwars shadow ninja mustang
    angel flower butterfly chocolate cookie cheese banana pepper ginger buster charlie summer winter spring
    autumn monday tuesday wednesday thursday friday saturday sunday january february march april june july
    august september october november december family mother father daddy mummy baby
    ashley michael daniel jessica thomas george james robert andrew william joseph matthew joshua jordan
    hannah emily sophie chloe olivia amelia jasmine samantha jennifer michelle nicole amanda sarah laura
    rebecca charlotte elizabeth margaret victoria david stephen steven richard christopher anthony jack
    oliver harry freddie maggie molly bailey
    batterystaple
"""
_WORDS: Final = frozenset(_SAID.split())
_TURNED: Final = frozenset(word[::-1] for word in _WORDS)
_LONGEST_WORD: Final = max(map(len, _WORDS))
_DISGUISES: Final = (str.maketrans("@4301!5$78", "aaeoiisstb"), str.maketrans("@4301!5$78", "aaeollsstb"))
"""Figures and signs that people write for a letter; a one for an i, or for an l."""

_ROWS: Final = (("1234567890-=", 0.0), ("qwertyuiop[]", 0.5), ("asdfghjkl;'#", 0.75), ("zxcvbnm,./", 1.25))
_KEYS: Final = {key: (shift + x, y) for y, (row, shift) in enumerate(_ROWS) for x, key in enumerate(row)}
_PAD: Final = {
    key: (x, y) for y, row in enumerate(("123", "456", "789", " 0 ")) for x, key in enumerate(row)
}
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_DATE: Final = re.compile(r"\d{1,2}[-./]\d{1,2}[-./](?:19|20)?\d\d")
_AGAIN: Final = re.compile(r"(.{2,}?)\1+")
_LEAST_RUN, _LEAST_WALK = 3, 4  # ours: fewer stand in many a word
_READ: Final = 200  # more of a passphrase is not looked at: it is long enough


# -- a PIN ---------------------------------------------------------------------------------------
def is_common_pin(pin: str) -> bool:
    """Whether a PIN follows a rule that people choose PINs by. One of six digits in forty does."""
    return (
        len(set(pin)) <= 2  # noqa: PLR2004
        or any(pin == pin[:size] * (len(pin) // size) for size in range(1, len(pin) // 2 + 1))
        or pin == pin[::-1]
        or _in_even_steps(pin)
        or all(_beside(_PAD[one], _PAD[next_]) for one, next_ in pairwise(pin))
        or pin.endswith("000")
        or pin in _KNOWN_NUMBERS
        or _is_date(pin)
    )


def _in_even_steps(pin: str) -> bool:
    """123456, 147258, 123789, 111222; and in turns, as 112233, 102030 or 918273."""
    half = len(pin) // 2
    ways = (pin[:half], pin[half:]), (pin[:-half], pin[-half:]), (pin[::2], pin[1::2])
    return any(all(len(_steps(part)) <= 1 for part in parts) for parts in ways)


def _steps(digits: str) -> set[int]:
    return {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}


def _beside(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] - other[0]) + abs(one[1] - other[1]) == 1


def _is_date(pin: str) -> bool:
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


# -- a passphrase --------------------------------------------------------------------------------
def left_to_guess(passphrase: str) -> float:
    """How many characters are left to be guessed one by one.

    A common word, forwards, backwards or in disguise, a year, a date, a run, and keys beside each other
    count as one character each; what is written again counts once, and a digit half.
    """
    plain = unicodedata.normalize("NFKC", passphrase[:_READ]).casefold()
    plain = _AGAIN.sub(r"\1", "".join(plain.split()))
    bare = [plain, *(plain.translate(table) for table in _DISGUISES)]
    at, left = 0, 0.0
    while at < len(plain):
        taken = max(_run(plain, at), _walk(plain, at), _dated(plain, at), *(_word(one, at) for one in bare))
        left += 0.5 if taken == 1 and plain[at].isdigit() else 1.0
        at += taken
    return left


def _word(plain: str, at: int) -> int:
    longest = min(_LONGEST_WORD, len(plain) - at)
    sizes = (size for size in range(longest, 1, -1) if plain[at : at + size] in _WORDS | _TURNED)
    return next(sizes, 1)


def _dated(plain: str, at: int) -> int:
    found = _DATE.match(plain, at) or _YEAR.match(plain, at)
    return len(found.group()) if found else 1


def _run(plain: str, at: int) -> int:
    """The same character again, or the next in the alphabet each time, up or down."""
    best = 1
    for step in (-1, 0, 1):
        end = at + 1
        while end < len(plain) and ord(plain[end]) - ord(plain[end - 1]) == step:
            end += 1
        best = max(best, end - at)
    return best if best >= _LEAST_RUN else 1


def _walk(plain: str, at: int) -> int:
    """Keys that lie beside each other, one after the other."""
    end = at + 1
    while end < len(plain) and _touch(plain[end - 1], plain[end]):
        end += 1
    return end - at if end - at >= _LEAST_WALK else 1


def _touch(one: str, other: str) -> bool:
    if one not in _KEYS or other not in _KEYS or one == other:
        return False
    (x, y), (other_x, other_y) = _KEYS[one], _KEYS[other]
    return abs(x - other_x) <= 1 and abs(y - other_y) <= 1
