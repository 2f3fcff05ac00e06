"""The few words that a card puts together itself of what the force has."""

from __future__ import annotations


def within(minutes: str) -> str:
    """How soon, as in a trigger plan's first hour."""
    return f"within {minutes} min"


def past(day: str) -> str:
    """Of a plan whose own day has passed."""
    return f"Overdue since {day}: what stands here may hold no longer"


def with_whom(name: str) -> str:
    """With whom a child was found, or had been."""
    return f"With {name}"


def about(age: str) -> str:
    """An age that somebody has guessed."""
    return f"about {age}"
