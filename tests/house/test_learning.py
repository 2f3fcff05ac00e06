"""What was learned comes from the sentences and words that stand beside it, and from no sealed one."""

from __future__ import annotations

import json
import tomllib

from booklets.checks.judging import parts_of
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
        language.made_of(parts_of(text).sentences[0])
        for text in ("She is promiscuous.", "She is promiscous.")
    )

    shared = {one for one in right.keys() & wrong.keys() if one[0] == "letters"}
    assert len(shared) > 0.7 * len({one for one in right if one[0] == "letters"})
    assert {("runs", "^ she"), ("cues", "at most 3 words")} <= right.keys()
