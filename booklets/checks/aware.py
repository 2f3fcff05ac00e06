"""Checks on the five AWARE sections: each says enough, and each says something of its own.

Exact words are never measured: a child may say three words, and they are whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from booklets.checks.registry import Spot, record_check
from booklets.facts import Facts

LEAST_TO_COMPARE = 4
MOSTLY = 0.8


@record_check
def sections_long_enough(facts: Facts, *, fields: Sequence[str], least: int) -> Sequence[Spot]:
    """A section that says something says it in at least so many letters; exact words may be short."""
    return [Spot((name,), words=text) for name, text in _sections(facts, fields) if len(text) < least]


@record_check
def sections_differ(facts: Facts, *, fields: Sequence[str]) -> Sequence[Spot]:
    """No section says nearly the same as one above it."""
    above: list[frozenset[tuple[str, str]]] = []
    spots: list[Spot] = []
    for name, text in _sections(facts, fields):
        pairs = _pairs(text)
        if any(_alike(pairs, other) for other in above):
            spots.append(Spot((name,)))
        above.append(pairs)
    return spots


def _sections(facts: Facts, fields: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each section that the officer wrote in own words."""
    for name in fields:
        answer = facts.answers.get(name)
        if isinstance(answer, str) and answer.strip() and name not in facts.verbatim:
            yield name, answer.strip()


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    """Every two words that stand beside each other: the same words in another order say something else."""
    words = "".join(letter if letter.isalnum() else " " for letter in text.lower()).split()
    return frozenset(pairwise(words))


def _alike(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> bool:
    smaller = min(len(one), len(other))
    return smaller >= LEAST_TO_COMPARE and len(one & other) >= MOSTLY * smaller
