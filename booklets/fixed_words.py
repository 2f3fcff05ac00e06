"""One of a few words that stand for something fixed, and are looked up all the time."""

from __future__ import annotations

from enum import StrEnum


class FixedWord(StrEnum):
    """A word of a short list. It is found in a set or a mapping at the speed of a string.

    What ``Enum`` has instead is written in Python, and rules look up such words thousands of times in each
    record.
    """

    __hash__ = str.__hash__
