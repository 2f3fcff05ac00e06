"""Likeness: the same words about another child are found; names, times and short texts are not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from booklets import definitions
from booklets.answers import Answer
from booklets.checks import wording
from booklets.checks.likeness import likeness, runs_of, unlike_own_texts
from booklets.encounters import review
from booklets.facts import Earlier, Facts
from booklets.forms import Effect, Stage
from tests.support.walks import FORCE, HONEST, NOW, check_of, guide

SAID = (
    "Amy sat on the stairs with her coat on and looked at the dog. She answered in whole sentences, "
    "laughed once, and asked at 21:04 whether Jade was in trouble because of the lift she had taken."
)
OF_ANOTHER = (
    "Josh sat on the stairs with her coat on and looked at the dog. She answered in whole sentences, "
    "laughed once, and asked at 02:10 whether Liam was in trouble because of the lift she had taken."
)
OWN = (
    "He stood in the kitchen doorway the whole time, kept his hand over a cut on his cheek and would not "
    "sit down until his uncle had left the room; then he ate two bowls of cereal without stopping once."
)
FIELD = "pi.demeanour"


def test_the_same_words_about_another_child_are_the_same_words() -> None:
    """Another name and another time make no other account."""
    assert likeness(SAID, SAID) == 1.0
    assert likeness(OF_ANOTHER, SAID) == 1.0


def test_what_was_seen_of_this_child_is_like_nothing_else() -> None:
    """Two true accounts share their small words and no more."""
    assert likeness(OWN, SAID) == 0.0


def test_a_sentence_taken_over_into_a_longer_account_is_no_copy() -> None:
    """What counts is how much of the new text is old, not how much of the old one is in it."""
    longer = f"{OWN} {SAID.split('. ', maxsplit=1)[0]}. {OWN.upper().lower().replace('he', 'the boy')}"

    assert likeness(longer, SAID) < 0.3
    assert likeness(SAID, f"{OWN} {SAID}") == 1.0


@pytest.mark.parametrize("text", ["", "At home with her mum.", "Tired and hungry, answered all I asked."])
def test_a_text_of_a_few_words_is_like_nothing(text: str) -> None:
    """It is true of many children, and another rule speaks of it."""
    assert likeness(text, text) == 0.0


def test_words_all_in_capitals_are_compared_as_well() -> None:
    """Nothing can be told from a capital there, so nothing is left out."""
    assert likeness(SAID.upper(), SAID.upper()) == 1.0


def facts(text: Answer, *earlier: str, verbatim: bool = False, examples: tuple[str, ...] = ()) -> Facts:
    """A text, and what this author wrote before in the same place."""
    kept = tuple(Earlier(NOW, runs_of(one)) for one in earlier)
    return Facts(
        answers={FIELD: text},
        earlier={FIELD: kept} if kept else {},
        verbatim=frozenset({FIELD} if verbatim else ()),
        examples=examples,
    )


def test_it_is_said_what_a_text_is_like_and_how_much_of_it() -> None:
    """The nearest one counts; the officer can find it by its time."""
    [spot] = unlike_own_texts(facts(OF_ANOTHER, OWN, SAID), fields=[FIELD], percent=80)

    assert spot.fields == (FIELD,)
    assert spot.words == "100% of it, word for word, is what you wrote at 02:41, Sat 14 March"


def test_an_example_of_the_app_is_no_account() -> None:
    """It stands beside the question to teach, not to be copied."""
    [spot] = unlike_own_texts(facts(SAID, examples=(SAID,)), fields=[FIELD], percent=80)

    assert "the example that the app shows" in spot.words


def test_exact_words_are_compared_with_nothing() -> None:
    """Two children may say the same."""
    assert unlike_own_texts(facts(SAID, SAID, verbatim=True), fields=[FIELD], percent=80) == []
    assert unlike_own_texts(facts(({"said": SAID},), SAID), fields=[FIELD], percent=80) == []


def looked(text: str, reasons: Mapping[str, str] | None = None) -> list[str]:
    """Whether the review still asks about a text that was written before, of another child."""
    encounter = check_of({**HONEST, FIELD: text})
    for key, reason in (reasons or {}).items():
        encounter = encounter.because(key, reason, at=NOW)
    earlier = {FIELD: (Earlier(NOW, runs_of(SAID)),)}
    found = review(encounter, guide(), definitions.force(FORCE), NOW, Stage.CAPTURE, earlier=earlier)
    return [one.key for one in found if one.code == "Q-02" and one.effect is Effect.ASK and one.stands]


def test_the_review_asks_and_a_reason_answers() -> None:
    """Q-02 never blocks: keep, because."""
    [key] = looked(OF_ANOTHER)

    assert looked(OF_ANOTHER, {key: "It was the same stairs, and she did the same."}) == []
    assert looked(OWN) == []


def test_the_next_keystroke_does_not_notice_twenty_texts() -> None:
    """Twenty texts of a thousand characters: the one that is typed is read afresh, once, and no other."""
    twenty = [f"{number} {OWN}{SAID}{OWN}{SAID}{OWN}"[:1_000] for number in range(20)]
    before = facts(SAID, *twenty)
    wording.forget_texts()
    for number in range(5):
        typed = Facts(answers={FIELD: f"{twenty[0]} {number}"}, earlier=before.earlier)
        unlike_own_texts(typed, fields=[FIELD], percent=101)
        unlike_own_texts(typed, fields=[FIELD], percent=50)

    assert runs_of.cache_info().misses == 5


def test_no_run_of_words_outlives_the_lock() -> None:
    """What was read to be compared is forgotten with every other text."""
    runs_of(SAID)

    wording.forget_texts()

    assert runs_of.cache_info().currsize == 0
