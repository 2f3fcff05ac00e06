"""Two texts are alike when the words are the same, whoever they are about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booklets.checks.same_words import same_words
from tests.support.steps import steps_of

REASON = (
    "The bruise on her arm was seen by Dr Patel at 21:40, and the duty team has it. "
    "Mother was rung twice and takes Amy to her aunt until Monday."
)


@pytest.mark.parametrize(
    "other",
    [
        REASON,
        REASON.upper(),
        REASON.replace("Amy", "Noor").replace("Patel", "Shah").replace("21:40", "03:15"),
        " ".join(reversed(REASON.split(". "))),
        REASON.replace("takes", "brings"),
    ],
)
def test_the_same_text_again_is_alike(other: str) -> None:
    """In capitals, about another child at another hour, turned round, or with one word changed."""
    assert same_words(REASON, other) > 0.9


@pytest.mark.parametrize(
    "other",
    [
        "Kit was not asked where he slept. Ask him, and write his words.",
        "The cut on his hand was seen by a paramedic, and nobody has told the duty team. Ring them.",
        "",
        "21:40",
    ],
)
def test_what_says_something_else_is_not_alike(other: str) -> None:
    """Two reasons share their small words, and nothing more."""
    assert same_words(REASON, other) < 0.6


def test_nothing_is_like_nothing() -> None:
    """Two empty boxes are no copy of each other."""
    assert same_words("", "") == 0
    assert same_words("", REASON) == 0


def test_the_longest_texts_are_compared_while_somebody_types() -> None:
    """Eight thousand letters are twice the work of four thousand, and not four times."""
    half, whole = (
        steps_of(lambda n=n: same_words(REASON * n, REASON.swapcase() * n))  # type: ignore[misc]
        for n in (27, 55)
    )
    assert whole < 3 * half


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_goes_both_ways_and_lies_between_none_and_all(text: str, other: str) -> None:
    """Whatever people type."""
    found = same_words(text, other)

    assert 0 <= found <= 1
    assert found == same_words(other, text)
