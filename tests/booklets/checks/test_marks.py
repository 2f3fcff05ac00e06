"""Marks that are described where "no" was answered: found as officers write them, and not where denied."""

from __future__ import annotations

import pytest

from booklets.answers import Answer
from booklets.checks.marks import mark_in, no_marks_described
from booklets.facts import Facts

DENIED, TEXT = "ppn.injured", "ppn.aware_appearance"


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("School shirt. Left sleeve wet. Round red mark, 1 cm, on right wrist.", "red mark"),
        ("No coat, cut on left hand.", "cut"),
        ("No visible injuries but a cut on the lip.", "cut"),
        ("He didn't look up, bruise on one cheek.", "bruise"),
        ("He did not say how the bruise came.", "bruise"),
        ("T has scratches on both arms.", "scratches"),
        ("Bruising to the arm, not new.", "Bruising"),
        ("No marks on the face. Left eye swollen.", "swollen"),
        ("Bruise to left eye - no other injuries.", "Bruise"),
        ("Small cut on hand: no treatment needed.", "cut"),
        ("Bruising to the arm not seen before.", "Bruising"),
        ("Split lip, a bruise not seen by a doctor.", "Split lip"),
        ("No injury other than a bruise.", "bruise"),
        ("She did not explain bruising on her neck.", "bruising"),
        ("He would not say how he got bruises.", "bruises"),
        ("A cut across her palm.", "cut"),
        ("Cut in his eyebrow.", "Cut"),
    ],
)
def test_a_mark_that_is_described_is_found(text: str, mark: str) -> None:
    """A denial of something else beside it denies no mark."""
    assert mark_in(text) == mark


@pytest.mark.parametrize(
    "text",
    [
        "No marks or injuries seen.",
        "No cuts, bruises or burns.",
        "I could not see any bruises.",
        "There wasn't a scratch.",
        "No sign of any injury.",
        "Nil injuries.",
        "Marks on face and arms: none.",
        "Cuts and bruises were not seen.",
        "Injuries: no visible marks.",
        "Injuries: no.",
        "Injuries none.",
        "Injury free.",
        "Free from bruises.",
        "He denied any injuries.",
        "I cannot see injuries.",
        "He isnt injured.",
    ],
)
def test_a_mark_that_is_denied_is_none(text: str) -> None:
    """It says the same as the answer."""
    assert mark_in(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hair cut short.",
        "His hair was freshly cut.",
        "They cut across the park.",
        "A scratch card in one hand.",
        "Mark sat beside him.",
        "Clean, cold, tired.",
    ],
)
def test_other_uses_of_the_words_pass(text: str) -> None:
    """Hair is cut as well, and Mark is a name."""
    assert mark_in(text) == ""


def spots(injured: Answer | None, text: str) -> list[tuple[str, ...]]:
    """Where the check points, for this answer and this text beside it."""
    answers = {DENIED: injured, TEXT: text} if injured else {TEXT: text}
    return [one.fields for one in no_marks_described(Facts(answers=answers), denied=DENIED, fields=[TEXT])]


def test_only_a_plain_no_contradicts_a_described_mark() -> None:
    """Who has not answered, or said yes, contradicts nobody; it is asked at the answer."""
    bruised = "Bruise on the left arm."

    assert spots("no", bruised) == [(DENIED, TEXT)]
    assert spots("no", "Cold and tired.") == []
    assert spots("yes", bruised) == []
    assert spots(None, bruised) == []
