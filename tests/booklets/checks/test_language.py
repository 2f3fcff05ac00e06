"""What officers write is judged by what it means: how much of it is caught, and what is left alone.

The sentences of ``tests/language`` were written and labelled by somebody who had seen neither the words nor
the checks. The open part is learned from; the sealed part is only ever counted, and so is what two other
writers wrote later, who are no writers of anything learned from (``again`` and ``third``). The ``fourth``
part is by a writer who went on to write sentences that are learned from, in other voices. The ``fifth`` was
written last, when nothing was changed any more, and counted once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path

import pytest

from booklets.checks import phrase_book, pieces
from booklets.checks.judging import LONGEST_READ, parts_of
from booklets.checks.meanings import phrase_entries, spelling
from booklets.checks.quoting import own_words
from booklets.checks.registry import Spot
from booklets.checks.stems import reading_of
from booklets.checks.wording import (
    forget_texts,
    more_than_no_concerns,
    more_than_stock_phrases,
    no_bare_opinion,
    no_blaming_words,
)
from booklets.facts import Facts
from tests.support.steps import steps_of

SENTENCES = Path(__file__).parents[2] / "language"
PARTS = ("open", "sealed", "again", "third", "fourth", "fifth")
LEFT_ALONE = ("neutral", "lookalike", "quoted")
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|‘[^‘]*?’(?!\w)|(?<!\w)'.*?[^s\s]'(?!\w)", re.DOTALL)
"""What stands in quotation marks, found more simply than the checks find it."""
RECALL: Mapping[str, Mapping[str, float]] = {
    "open": {"blaming": 0.97, "opinion": 0.95, "template": 0.97, "empty": 0.95},
    "sealed": {"blaming": 0.84, "opinion": 0.95, "template": 0.91, "empty": 0.93},
    "again": {"blaming": 0.95, "opinion": 0.9, "template": 0.98, "empty": 0.98},
    "third": {"blaming": 0.97, "opinion": 0.92, "template": 0.9, "empty": 0.93},
    "fourth": {"blaming": 0.9, "opinion": 0.98, "template": 0.98, "empty": 0.87},
    "fifth": {"blaming": 0.98, "opinion": 0.94, "template": 0.92, "empty": 0.94},
}
ALARMS = {
    "open": {"neutral": 0.03, "lookalike": 0.03},
    "sealed": {"neutral": 0.035, "lookalike": 0.1},
    "again": {"neutral": 0.014, "lookalike": 0.11},
    "third": {"neutral": 0.035, "lookalike": 0.12},
    "fourth": {"neutral": 0.025, "lookalike": 0.225},
    "fifth": {"neutral": 0.02, "lookalike": 0.02},
}
GOAL, MOST_ALARMS = 0.9, 0.03
"""What was reached. The goal was 0.9 caught and 0.03 false alarms: the open part is learned from, and only
the sealed parts say how far we are. See docs/decisions/0017-language-help.md before any of it is moved."""


@dataclass(frozen=True)
class Sentence:
    """One labelled sentence."""

    label: str
    text: str


@cache
def sentences(part: str) -> Sequence[Sentence]:
    """Everything in one part."""
    if part in {"again", "third", "fourth", "fifth"}:
        files = sorted(SENTENCES.glob(f"sealed_{part}/*.txt"))
        return tuple(
            Sentence(path.stem, text) for path in files for text in path.read_text("utf-8").splitlines()
        )
    entries = [
        one
        for path in sorted(SENTENCES.glob(f"{part}_*.toml"))
        for one in tomllib.loads(path.read_text(encoding="utf-8"))["sentence"]
    ]
    return tuple(Sentence(one["label"], one["text"]) for one in entries)


def wrote(text: str) -> Facts:
    """An officer wrote this in own words."""
    return Facts(answers={"pi.demeanour": text})


def blame_in(facts: Facts) -> Sequence[Spot]:
    """Blame of either severity."""
    return [
        spot for how in ("high", "middle") for spot in no_blaming_words(facts, prefix="pi", severity=how)
    ]


CHECKS: Mapping[str, Callable[[Facts], Sequence[Spot]]] = {
    "blaming": blame_in,
    "opinion": lambda facts: no_bare_opinion(facts, prefix="pi"),
    "template": lambda facts: more_than_stock_phrases(facts, prefix="pi"),
    "empty": lambda facts: more_than_no_concerns(facts, prefix="pi"),
}


@cache
def caught(part: str, check: str) -> Sequence[bool]:
    """For every sentence of a part whether one check remarks on it."""
    return tuple(bool(CHECKS[check](wrote(one.text))) for one in sentences(part))


def remarked(part: str, check: str, label: str) -> tuple[int, int]:
    """How many sentences of a label one check remarks on, and how many there are."""
    own = [hit for one, hit in zip(sentences(part), caught(part, check), strict=True) if one.label == label]
    return sum(own), len(own)


def alarmed(part: str, label: str) -> tuple[int, int]:
    """How many sentences of a label any check remarks on, and how many there are."""
    hits = zip(sentences(part), *(caught(part, check) for check in CHECKS), strict=True)
    own = [any(each) for one, *each in hits if one.label == label]
    return sum(own), len(own)


def interval(hits: int, all_: int, z: float = 1.96) -> str:
    """A share with its 95 % interval after Wilson."""
    share = hits / all_ if all_ else 0.0
    middle = (share + z * z / (2 * all_)) / (1 + z * z / all_) if all_ else 0.0
    far = (
        z * sqrt(share * (1 - share) / all_ + z * z / (4 * all_ * all_)) / (1 + z * z / all_) if all_ else 0
    )
    return f"{hits}/{all_} = {share:.3f} [{max(middle - far, 0):.3f}, {min(middle + far, 1):.3f}]"


def reported(part: str) -> str:
    """Recall and precision by class, and false alarms by label."""
    lines = [f"\n{part} part, {len(sentences(part))} sentences"]
    for check in CHECKS:
        found, all_ = remarked(part, check, check)
        wrong = sum(remarked(part, check, label)[0] for label in LEFT_ALONE)
        said = sum(caught(part, check))
        lines.append(
            f"  {check}: recall {interval(found, all_)};"
            f" precision {interval(found, found + wrong)} against what should be left alone,"
            f" {interval(found, said)} against every other label"
        )
    lines += [f"  false alarms on {label}: {interval(*alarmed(part, label))}" for label in LEFT_ALONE]
    return "\n".join(lines)


@pytest.mark.thorough
@pytest.mark.parametrize("part", PARTS)
def test_most_is_caught_and_nearly_nothing_that_should_be_left_alone(
    part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A check that misses helps no child; one that cries wolf is switched off."""
    with capsys.disabled():
        print(reported(part))  # noqa: T201 - the rates are to be seen in every run

    for check, least in RECALL[part].items():
        found, all_ = remarked(part, check, check)
        assert found >= least * all_, f"{check} of the {part} part"
    for label in ("neutral", "lookalike"):
        found, all_ = alarmed(part, label)
        assert found <= ALARMS[part][label] * all_, f"{label} of the {part} part"


@pytest.mark.thorough
def test_the_goal_is_reached_over_everything_that_nobody_learned_from() -> None:
    """Of each sort nine in ten, with three false alarms in a hundred plain sentences."""
    sealed = PARTS[1:]

    for check in CHECKS:
        found, all_ = map(sum, zip(*(remarked(part, check, check) for part in sealed), strict=True))
        assert found >= GOAL * all_, f"{check}: {interval(found, all_)}"
    found, all_ = map(sum, zip(*(alarmed(part, "neutral") for part in sealed), strict=True))
    assert found <= MOST_ALARMS * all_, interval(found, all_)


@pytest.mark.thorough
@pytest.mark.parametrize("part", PARTS)
def test_no_remark_points_into_a_quotation(part: str) -> None:
    """What a child, a carer or a neighbour said is not an officer's style."""
    pointed = 0
    for one in sentences(part):
        left = QUOTED.sub(" ", one.text)
        for check in CHECKS.values():
            for spot in check(wrote(one.text)):
                words = spot.words[1:].partition("”: ")[0] if check is blame_in else spot.words
                pointed += sum(piece not in left for piece in words.split(" … ") if left != one.text)

    assert pointed == 0


@pytest.mark.parametrize("part", PARTS)
def test_the_phrases_alone_would_miss_most(part: str) -> None:
    """The control: letter by letter, as they stand in the list, the phrases find few of the sentences."""
    phrases = phrase_book.pattern_of_any(one for entry in phrase_entries() for one in entry["avoid"])
    blaming = [one.text for one in sentences(part) if one.label == "blaming"]

    assert sum(bool(phrases.search(text)) for text in blaming) < 0.4 * len(blaming)


@pytest.mark.parametrize("text", ["n't", "N'T:AA", "n’t n’t", "'s", "ent"])
def test_what_a_slipped_thumb_leaves_of_a_word_is_judged_all_the_same(text: str) -> None:
    """Half a short form stopped the review of a whole record."""
    assert not [spot for check in ("blaming", "opinion", "template") for spot in CHECKS[check](wrote(text))]


@pytest.mark.parametrize(
    "text",
    [
        "Choosing to stay with older males.",
        "At risk is where she puts herself.",
        "He has been putting hisself at risk.",
        "She is very promiscous.",
        "The choises she makes.",
        "Attension seeking again.",
        "Absconder.\nHe knows exactly what he is doing.",
    ],
)
def test_blame_is_blame_in_every_form_order_and_spelling(text: str) -> None:
    """Inflection, gaps, word order and misspelling: what phrase lists fail on."""
    assert blame_in(wrote(text))


@pytest.mark.parametrize(
    "text",
    [
        "It is not a lifestyle choice.",
        "She did not choose this and she is not to blame.",
        "He isn't streetwise.",
        "The word promiscuous was used in the referral; I have asked the writer what was seen.",
        "Her sister is nearly 18.",
        "Mum consented to a search of the room.",
        "A registered sex offender lives at number 9.",
        "The man escaped from lawful custody.",
        "The regular bus was late.",
        "They put him in danger by sending him there.",
    ],
)
def test_what_is_denied_put_right_or_said_of_somebody_else_passes(text: str) -> None:
    """The corrections, section 4: lawful uses pass, and so does whoever puts a wording right."""
    assert not blame_in(wrote(text))


def test_a_remark_points_at_words_of_the_text_and_asks() -> None:
    """It does not say that the officer is wrong: it asks what happened."""
    [spot] = blame_in(wrote("At 21:10 I rang the home. She is her own worst enemy. Her mum has her coat."))

    assert spot.words == "“own worst enemy”: Leave it out. What was done to the child, and by whom?"


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (
            'Mum said, "She\'s streetwise. She knows." I left.',
            'Mum said, "····· ··········· ··· ······" I left.',
        ),
        ("'the lads' house is bad' he said", "'··· ····· ····· ·· ···' he said"),
        ("'the copper told me \"you're a regular\", so' he said", None),
        ("“The worker goes 'poor choices' and I goes ‘what’.” End", None),
        (
            "It's her mum's. The lads' coats were wet. 'Til nine.",
            "It's her mum's. The lads' coats were wet. 'Til nine.",
        ),
        ('5\'6" tall, knife 12" long', '5\'6" tall, knife 12" long'),
        ("“one\n“two” three", "“···\n····” three"),
    ],
)
def test_what_is_quoted_is_taken_out_and_an_apostrophe_is_no_quotation_mark(
    text: str, own: str | None
) -> None:
    """Any marks, nested, over several sentences; the text keeps its length."""
    left = own_words(text)

    assert len(left) == len(text)
    assert left == own if own is not None else not re.search(r"regular|choices|what", left)


def test_a_text_without_end_is_judged_by_its_beginning() -> None:
    """What is too long to be sent must not keep the screen while it is read."""
    once = "She is her own worst enemy. "
    endless = once + "She sat by the door and said that the bus was late. " * 40_000

    assert [spot.words for spot in blame_in(wrote(endless))] == [
        spot.words for spot in blame_in(wrote(once))
    ]
    assert len(parts_of(endless).sentences) < LONGEST_READ / 20


def test_the_runs_that_are_weighed_are_those_that_are_learned_from() -> None:
    """They are made in two ways, since places are wanted of few texts and runs at each keystroke."""
    for text in ("", "Aye.", "She was asking for it, as usual. No concerns."):
        reading = reading_of(text, spelling())
        assert pieces._bare_runs(reading) == [run for run, _, _ in pieces.runs_of(reading)]


def test_a_text_is_read_with_little_work() -> None:
    """A phone checks while somebody types: some 150 calls a word, of which twice as many are allowed."""
    texts = [" ".join(one.text for one in sentences("open")[at : at + 5]) for at in range(0, 200, 5)]
    for text in texts:
        blame_in(wrote(text))  # each way of saying something is made ready when it is first looked for
    took = []
    for text in texts:
        forget_texts()
        took.append(steps_of(lambda text=text: blame_in(wrote(text))) / len(text.split()))  # type: ignore[misc]

    assert sorted(took)[len(took) // 2] < 300
