"""What was learned from labelled sentences, as ``python -m house.language`` wrote it down.

For each of the judgements (``KINDS``) it says how much every cue of a text counts: what it means and names
(``judging``), its runs of words and the letters of its words (``pieces``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

KINDS = ("blaming", "opinion", "template", "empty")
FILE = "language_weights.json"
HUNDREDTHS = 100
ROOM = 32
"""So many bits of a sum are there for each judgement: the longest text that is read fills 26 at most."""
HALF, MOST = 1 << (ROOM - 1), (1 << ROOM) - 1
Counts: TypeAlias = tuple[float, ...]
"""How much something counts for each of the judgements, in the order of ``KINDS`` and in hundredths."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What every cue, run and piece counts, what counts always, how much is enough, and how much is sure.

    Of cues, runs and letters the counts are kept as one number each (``together``), because hundreds of them
    are added for each sentence. ``beside`` is how much is enough for a sentence beside others: what they say
    may be its reason. ``few`` is how much is enough for a word or two. ``stock`` has the stems that notes
    without content and reasons that fit every child are made of: a text that says something has others.
    """

    cues: Mapping[str, int]
    runs: Mapping[str, int]
    letters: Mapping[str, int]
    always: Counts
    enough: Counts
    beside: Counts
    few: Counts
    sure: Counts
    stock: frozenset[str]


def together(counts: Sequence[int]) -> int:
    """What something counts for each judgement as one number: where numbers are added, all are at once."""
    return sum(one << (ROOM * place) for place, one in enumerate(counts))


def apart(added: int) -> Counts:
    """What such numbers, added, count for each judgement."""
    counts = []
    for _ in KINDS:
        one = ((added + HALF) & MOST) - HALF
        counts.append(one)
        added = (added - one) >> ROOM
    return tuple(counts)


@cache
def weights() -> Weights:
    """The file, read once. Counts are hundredths: as whole numbers they take a third of the room."""
    text = files("booklets.definitions").joinpath(FILE).read_text(encoding="utf-8")
    return weights_from(json.loads(text))


def weights_from(read: Mapping[str, Any]) -> Weights:
    """What the file says."""
    cues, runs, letters = (
        {one: together(counts) for one, counts in read[name].items()} for name in ("cues", "runs", "letters")
    )
    always, enough, beside, few, sure = (
        tuple(read[name]) for name in ("always", "enough", "beside", "few", "sure")
    )
    stock = frozenset(read["stock"].split())
    return Weights(cues, runs, letters, always, enough, beside, few, sure, stock)
