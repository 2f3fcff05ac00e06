"""What was learned comes from the sentences and words that stand beside it, and from no sealed one."""

from __future__ import annotations

import json
import tomllib

import pytest

from booklets.checks.judging import parts_of
from booklets.checks.learned import weights
from house import language


def sealed() -> set[str]:
    """Every sentence that is only ever counted."""
    folder = language.SENTENCES
    toml = [tomllib.loads(path.read_text(encoding="utf-8")) for path in folder.glob("sealed_*.toml")]
    lines = [path.read_text(encoding="utf-8").splitlines() for path in folder.glob("sealed_*/*.txt")]
    return {one["text"].lower() for file in toml for one in file["sentence"]} | {
        text.lower() for file in lines for text in file
    }


def test_the_file_was_learned_from_what_stands_beside_it() -> None:
    """Whoever changes a word or a sentence learns anew: `make language`."""
    kept = json.loads(language.WRITTEN.read_text(encoding="utf-8"))

    assert kept["learned_from"] == language.learned_from()


def test_no_sealed_sentence_is_learned_from() -> None:
    """Else nothing would say how good the checks are."""
    learned = {text.lower() for _, _, text in language.sentences()}

    assert len(learned) > 10_000
    assert len(sealed()) > 1_000
    assert not learned & sealed()


def test_every_sentence_is_made_of_what_the_checks_would_see() -> None:
    """What a misspelt and a right word share is in both: the letters."""
    right, wrong = (
        language.made_of(parts_of(text).sentences[0], frozenset())
        for text in ("She is promiscuous.", "She is promiscous.")
    )

    shared = {one for one in right.keys() & wrong.keys() if one[0] == "letters"}
    assert len(shared) > 0.7 * len({one for one in right if one[0] == "letters"})
    assert {("runs", "^ she"), ("cues", "at most 3 words")} <= right.keys()


def test_a_text_that_says_something_has_words_that_no_empty_note_has() -> None:
    """Whatever they are: nobody has to have used them before."""
    empty, full = (
        language.made_of(parts_of(text).sentences[0], weights().stock)
        for text in ("Checks done, no issues.", "Checks done, hamster and stepladder gone.")
    )

    assert not any(name.startswith("of its own") for _, name in empty)
    assert {("cues", f"of its own {step}") for step in (1, 2)} <= full.keys()


@pytest.mark.thorough
def test_a_writer_is_weighed_by_the_empty_notes_of_others() -> None:
    """A word that only one writer's empty notes have is new where that writer is weighed."""
    alone = next(one for one, writers in language.stock_words().items() if len(writers) == 1)
    [writer] = language.stock_words()[alone]

    assert alone not in language.stock_of_others(writer)
    assert alone in language.stock_of_others("nobody") == weights().stock


def test_how_much_is_enough_hears_every_writer_alike() -> None:
    """One who wrote a hundred texts like empty notes does not set the limit for all others."""
    weighed = [3.0] * 500 + [number / 100 for number in range(100)]
    writers = ["short"] * 500 + ["long"] * 100
    learning = language.Learning(
        [], [], None, ["neutral"] * 600, writers, list(range(600)), [False] * 600, [False] * 600
    )

    assert language.least_by_writer(learning, weighed, 0.52) < 1.0
    assert language.least(learning, weighed, 0.52) > 2.0
