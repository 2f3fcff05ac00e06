"""What is said where a form has changed since its draft was begun."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

TITLE: Final = "This form has changed since you began"
HELP: Final = "Everything you wrote is kept. What goes from here goes in the new form."
GONE: Final = "No longer asked"
CHOICES_GONE: Final = "Choices no longer offered"
REWORDED: Final = "Asked in other words"
NEW: Final = "New questions"
KEPT: Final = "It is kept and sent along."
NOT_SENT: Final = "It did not count any more, and is not sent."
NOT_ANSWERED: Final = "You had not answered it."
READS_DIFFERENTLY: Final = "Its choices, or the words under it, read differently."
ANSWER_AGAIN: Final = "Please answer it again."
GO_ON: Final = "I have seen this: go on"
SEE: Final = "The form has changed: see what"


def you_said(words: Sequence[str], then: str) -> str:
    """What the officer answered, and what becomes of it."""
    return f"You answered: {'; '.join(words)}. {then}" if words else NOT_ANSWERED


def read_before(label: str) -> str:
    """How a question was asked before."""
    return f"Before: {label}"


def no_longer_offered(choices: Sequence[str]) -> str:
    """Which choices have gone."""
    return f"No longer offered: {', '.join(choices)}."


def asked_later(count: int) -> str:
    """How many new questions come up only with other answers."""
    if count == 1:
        return "1 new question comes up only where your answers lead to it."
    return f"{count} new questions come up only where your answers lead to them."
