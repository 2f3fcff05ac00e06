"""What a text is made of, besides what it means: runs of its words, and the letters its words are made of.

A way of saying it that nobody has listed is mostly made of runs that others have written, in other orders;
a misspelt word is mostly made of the letters of the right one. How much each counts was learned
(``judging``).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise, repeat
from math import sqrt

from booklets.checks.learned import KINDS, Counts, apart, weights
from booklets.checks.stems import KNOWN_WORDS, QUOTE, STOP, Reading

LONGEST_RUN = 2
LETTERS = (2, 3, 4)
BEGINS, ENDS = "^", "$"
NO_WORDS = frozenset({STOP, QUOTE})


def runs_of(reading: Reading) -> list[tuple[str, int, int]]:
    """Every run of up to two stems, and from which stem to which it goes.

    The beginning and the end of the text are in it like stems.
    """
    stems = (BEGINS, *reading.stems, ENDS)
    last = len(reading.stems) - 1
    return [
        (" ".join(stems[start : start + length]), max(start - 1, 0), min(start + length - 2, last))
        for length in range(1, LONGEST_RUN + 1)
        for start in range(len(stems) - length + 1)
    ]


def _bare_runs(reading: Reading) -> list[str]:
    """Those of ``runs_of`` in the same order, without their places: half the work, at each keystroke."""
    stems = (BEGINS, *reading.stems, ENDS)
    return [*stems, *map(" ".join, pairwise(stems))]


def letters_of(word: str) -> list[str]:
    """Every two, three and four letters in a row of a word as written, a space before and after it."""
    padded = f" {word} "
    return [
        padded[start : start + length] for length in LETTERS for start in range(len(padded) - length + 1)
    ]


def words_of(reading: Reading) -> list[tuple[str, int]]:
    """The words as written, in small letters, and at which stem each stands: "isn't" is one word."""
    text = reading.text
    return [
        (text[start:end].lower(), place)
        for place, ((start, end), stem) in enumerate(zip(reading.spans, reading.stems, strict=True))
        if stem not in NO_WORDS and (place == 0 or reading.spans[place - 1] != (start, end))
    ]


@lru_cache(maxsize=KNOWN_WORDS)
def _of_word(written: str) -> tuple[int, int]:
    """What the letters of one word count, and how many pieces they are: of a mark none."""
    if not written[0].isalnum():
        return 0, 0
    pieces = letters_of(written.lower())
    return sum(map(weights().letters.get, pieces, repeat(0))), len(pieces)


def weigh_pieces(reading: Reading) -> Counts:
    """How much the runs and the letters of a text count for each judgement.

    Each sort counts by the root of how many there are, so that a long text is not louder than a short one.
    """
    runs = _bare_runs(reading)
    of_runs = apart(sum(map(weights().runs.get, runs, repeat(0))))
    words = [_of_word(one) for one in reading.written]
    of_letters = apart(sum([counts for counts, _ in words]))
    each_run = 1 / sqrt(len(runs))
    each_letter = 1 / sqrt(sum([number for _, number in words]) or 1)
    return tuple(
        [run * each_run + letter * each_letter for run, letter in zip(of_runs, of_letters, strict=True)]
    )


def loudest(reading: Reading, kind: str) -> tuple[int, int]:
    """From which stem to which the words stand that speak most for a judgement: no more than a few."""
    place = KINDS.index(kind)
    known = weights().runs
    worth = [0.0] * len(reading.stems)
    for run, first, last in runs_of(reading):
        if run in known:
            for stem in range(first, last + 1):
                worth[stem] += apart(known[run])[place] / (last - first + 1)
    for word, stem in words_of(reading):
        counts, number = _of_word(word)
        worth[stem] += apart(counts)[place] / max(sqrt(number), 1)
    return _best(worth)


MOST_SHOWN = 6


def _best(worth: Sequence[float]) -> tuple[int, int]:
    """The few in a row that are worth most together."""
    spans = (
        (sum(worth[first : last + 1]), first - last, first, last)
        for first in range(len(worth))
        for last in range(first, min(first + MOST_SHOWN, len(worth)))
    )
    *_, first, last = max(spans)
    return first, last


def forget_pieces() -> None:
    """Forget every word that was read."""
    _of_word.cache_clear()
