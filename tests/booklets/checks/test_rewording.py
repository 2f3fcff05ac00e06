"""Wording that is offered: it fits the same sentence, and comes from the phrases the checks find."""

from __future__ import annotations

import pytest

from booklets.checks.phrase_book import phrases
from booklets.checks.rewording import Offer, offers_in, replacements, reworded


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("A misper since nine.", "A missing child since nine."),
        ("Mispers from the unit again.", "Missing children from the unit again."),
        ("Twice Kit refused to engage.", "Twice Kit did not answer."),
        ("He is putting  himself at risk there.", "He is being put at risk there."),
        ("Kit wouldn’t engage.", "Kit did not answer."),
    ],
)
def test_what_is_offered_fits_where_the_phrase_stood(text: str, after: str) -> None:
    """The rest of the sentence stays as it was written."""
    [offer] = offers_in(text)

    assert reworded(text, offer) == after


def test_every_wording_that_can_be_replaced_is_one_that_is_found() -> None:
    """An offer without a line above it would never be seen."""
    for found in replacements():
        assert any(phrase.found_in(f"Then {found} again.") for phrase in phrases()), found


def test_no_offer_puts_the_blame_back() -> None:
    """What is offered is not itself a phrase to avoid."""
    for put in set(replacements().values()):
        assert not any(phrase.found_in(put) for phrase in phrases()), put


def test_where_nothing_fits_nothing_is_offered() -> None:
    """Most advice says what to find out, and cannot stand in a sentence."""
    assert offers_in("She is promiscuous and streetwise.") == ()


def test_only_the_phrase_itself_is_replaced() -> None:
    """Not the beginning of a longer word."""
    assert reworded("misper, misperceived", Offer("misper", "child")) == "child, misperceived"
