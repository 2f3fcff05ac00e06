"""What a supervisor writes is read before it counts: filler is refused, whatever says something passes.

The sentences in ``supervision_said.toml`` were written and labelled by somebody who had not seen the
check. Its sealed half is only ever counted: nobody looks at it to make the check better.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booklets.answers import Answers, Moment, Scalar, frozen
from booklets.checks.registry import Spot
from booklets.checks.saying import Known, said_in
from booklets.checks.supervising import (
    directions_are_owned,
    markers_are_seen,
    says_enough,
    says_something,
    somebody_directed,
    unlike_earlier,
)
from booklets.checks.vocabulary import root
from booklets.facts import Facts
from tests.support.builders import CHILD, NIGHT, a_carer, a_person, a_place
from tests.support.steps import steps_of

SAID = tomllib.loads((Path(__file__).parents[1] / "supervision_said.toml").read_text(encoding="utf-8"))
CHILDREN = Known(child=frozenset({"amy", "cal", "josh", "noor"}))
LEAST = {"open": 0.95, "sealed": 0.9, "ours": 0.95}
"""The check was made better on the open half alone, so the sealed half may lag behind it."""


def wrote(text: str, field: str = "sup.rationale") -> Facts:
    """A supervisor wrote this about a record on Kit, a carer and the bus station."""
    people = {one.id: one for one in (a_person(known_as="Kit"), a_carer(), a_place())}
    return Facts(answers=frozen({field: text}), entities=people, subject=CHILD)


@pytest.mark.parametrize("half", SAID)
def test_filler_is_caught_and_what_says_something_passes(
    half: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A "noted" left children unsupervised; a check that cries wolf would be worked around."""
    filler, specific = SAID[half]["filler"], SAID[half]["specific"]
    caught = sum(not says_enough(text, CHILDREN) for text in filler)
    passed = sum(says_enough(text, CHILDREN) for text in specific)
    wrongly = len(specific) - passed
    let_through = len(filler) - caught
    with capsys.disabled():
        print(  # noqa: T201 - the rates are to be seen in every run
            f"\n{half}: filler recall {caught}/{len(filler)} = {caught / len(filler):.2f},"
            f" precision {caught}/{caught + wrongly} = {caught / (caught + wrongly):.2f};"
            f" specific recall {passed}/{len(specific)} = {passed / len(specific):.2f},"
            f" precision {passed}/{passed + let_through} = {passed / (passed + let_through):.2f}"
        )

    assert caught >= LEAST[half] * len(filler)
    assert passed >= LEAST[half] * len(specific)


@pytest.mark.parametrize(
    "text",
    [
        "noted",
        "all in order",
        "reviewed and agreed",
        "reviewed by phone",
        "no further action, thanks",
        "as above",
        "In order, all of it.",
        "Reveiwed, agred, no futher acton",
        "NOTED. APPROVED. THANKS.",
        "Reviewed. Agreed. As above. No further action, thanks, all in order, crack on.",
        "Kit: all in order, reviewed and agreed",
        "Thanks Wells, seen 21:15 by PS 417",
        "Nothing missing, no issues, no gaps.",
        "medium due to age",
    ],
)
def test_filler_is_filler_in_every_form_and_order(text: str) -> None:
    """Inflection, order, spelling, capitals, strings of phrases, a name, a signature: it is still filler."""
    assert says_something(wrote(text), field="sup.rationale")


@pytest.mark.parametrize(
    "text",
    [
        "Aunt's address must be checked before 9, BWV seen",
        "Who is Danny?",
        "Ethnicity missing",
        "bruse on his arm not phtographed",
        "What did she mean by “the lads at the flat”?",
        "Noted and agreed. Robin has not said who drove.",
        "Bus station: who was there?",
        "",
    ],
)
def test_what_says_something_passes_however_short_or_misspelt(text: str) -> None:
    """A sergeant at four in the morning writes four words, and they can be the right ones."""
    assert not says_something(wrote(text), field="sup.rationale")


def test_the_refusal_quotes_what_was_written() -> None:
    """The supervisor sees which of the texts is meant; a long one is cut."""
    (spot,) = says_something(wrote("noted " * 40), field="sup.rationale")

    assert spot.fields == ("sup.rationale",)
    assert spot.words.startswith("“noted noted")
    assert spot.words.endswith("noted…”")


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("The PPN of tonight carries what has to be done for Kit.", True),
        ("She is with her aunt.", True),
        ("nobody asked about school", True),
        ("none needed", False),
        ("Agreed, nothing further.", False),
        ("Everything has already been completed as appropriate.", False),
    ],
)
def test_words_beside_the_reason_are_refused_only_when_they_name_nothing(text: str, passes: bool) -> None:
    """Why there is no direction may be said by pointing at another record; "none needed" says nothing."""
    found = says_something(wrote(text, "sup.voice_missing"), field="sup.voice_missing", lightly=True)

    assert (not found) is passes


def direction(what: str, **cells: Scalar) -> Facts:
    """One direction, owned unless a cell is taken away."""
    row: dict[str, Scalar] = {"what": what, "who": "PC Okoro", "by": Moment(NIGHT), **cells}
    return Facts(answers=frozen({"sup.directions": ({k: v for k, v in row.items() if v},)}))


def test_a_short_direction_with_an_owner_and_a_time_is_one() -> None:
    """Once it says who rings and by when, "ring mum" says enough."""
    assert not says_something(direction("Ring mum"), field="sup.directions")
    assert says_something(direction("Usual enquiries"), field="sup.directions")
    assert says_something(direction("Ring mum", who=""), field="sup.directions")


def test_a_direction_needs_somebody_and_a_time() -> None:
    """What nobody owns is not done."""
    assert not directions_are_owned(direction("Ring the aunt"), field="sup.directions")
    (spot,) = directions_are_owned(direction("Ring the aunt", who="", by=""), field="sup.directions")

    assert spot.words == "direction 1 does not say who or by when."


def test_an_offence_still_to_be_recorded_needs_a_direction() -> None:
    """Offences were found and nobody was told to record them."""
    assert not somebody_directed("to_record", None)
    assert somebody_directed("to_record", ({"what": "Crime it", "who": "PC Okoro"},))
    assert somebody_directed("recorded", None)
    assert somebody_directed(None, None)


def test_one_text_under_six_records_supervises_none_of_them() -> None:
    """Q-03: like one of the previous five. What was written before those may come back."""
    text, other = "The bruise was seen by Dr Shah, and mother was rung.", "Robin has not said who drove."
    again = wrote(text)
    five_others = tuple(frozen({"sup.rationale": other}) for _ in range(5))
    copied = frozen({"sup.rationale": text.replace("Shah", "Patel"), "sup.return_words": other})

    def found(*earlier: Answers) -> list[Spot]:
        facts = replace(again, decided=earlier)
        return list(unlike_earlier(facts, field="sup.rationale", alike=0.9, decisions=5))

    assert [spot.fields for spot in found(copied)] == [("sup.rationale",)]
    assert found(*five_others[:4], copied)
    assert not found(*five_others, copied)
    assert not found()
    assert not unlike_earlier(
        replace(wrote(""), decided=(copied,)), field="sup.rationale", alike=0.9, decisions=5
    )


def test_a_marker_that_the_record_names_is_there() -> None:
    """R-04: "there are none" beside a marker means that nobody looked."""
    kit = a_person(warning_markers=({"marker": "SH"},))
    facts = Facts(answers=frozen({"sup.markers": "none_there"}), entities={kit.id: kit}, subject=kit.id)
    plain = replace(facts, entities={kit.id: a_person()})
    considered = replace(facts, answers=frozen({"sup.markers": "considered"}))

    assert markers_are_seen(facts, field="sup.markers", none="none_there")
    assert not markers_are_seen(plain, field="sup.markers", none="none_there")
    assert not markers_are_seen(considered, field="sup.markers", none="none_there")


@pytest.mark.parametrize(
    ("forms", "one"),
    [
        (("review", "reviews", "reviewed", "reviewing"), "review"),
        (("enquiry", "enquiries"), "enquiry"),
        (("note", "notes", "noted", "noting"), "note"),
        (("satisfy", "satisfied", "satisfies"), "satisfy"),
        (("stop", "stopped", "stopping"), "stop"),
        (("address", "addresses", "addressed"), "address"),
    ],
)
def test_every_form_of_a_word_has_one_root(forms: tuple[str, ...], one: str) -> None:
    """Otherwise a list would need every ending."""
    assert {root(form) for form in forms} == {one}


def test_the_longest_text_is_read_while_somebody_types() -> None:
    """Eight thousand letters without a full stop are twice the work of four thousand, and not four times."""
    said_in("not quite zzyx", CHILDREN)  # the lists are made ready when they are first looked into
    half, whole = (
        steps_of(lambda n=n: said_in("not quite zzyx " * n, CHILDREN))  # type: ignore[misc]
        for n in (266, 533)
    )
    assert whole < 3 * half


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    """People type anything; the check answers and never fails."""
    assert said_in(text, CHILDREN).weight >= 0
