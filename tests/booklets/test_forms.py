"""Forms: what is asked, in which order, and by when."""

from __future__ import annotations

import pytest

from booklets.answers import Gap, Moment, Why
from booklets.conditions import Condition, Expectation
from booklets.errors import UnknownForm
from booklets.forms import CHOSEN, IN_ROWS, MENTIONS, SEVERAL, Code, Field, Kind, Stage
from tests.support.builders import NIGHT
from tests.support.encounters import the_guide

RISK = Field(
    id="x.risk",
    kind=Kind.ONE_OF,
    label="Risk",
    limit="allowed",
    codes=(Code("high", "High"), Code("low", "Low"), Code("absent", "Absent", withdrawn=True)),
)


def test_an_answer_is_read_without_what_it_asks_for() -> None:
    """Whoever chooses "Not told: say why" is told what to add; whoever reads it is not."""
    assert Code("not_told", "Not told: say why").said == "Not told"
    assert Code("bus", "Bus: note the route").said == "Bus"
    assert Code("told", "Told: safe, and no more").said == "Told: safe, and no more"


def test_stages_follow_one_another() -> None:
    """Found, before sending, later the same shift, approval, closing."""
    assert list(Stage) == sorted(Stage, key=lambda stage: stage.rank)
    assert Stage.FOUND.reached_by(Stage.CAPTURE)
    assert not Stage.CLOSE.reached_by(Stage.CAPTURE)


@pytest.mark.parametrize("stage", Stage)
def test_only_what_belongs_to_found_goes_with_found(stage: Stage) -> None:
    """Later, whatever has been said goes, due or not."""
    field = Field(id="x.y", kind=Kind.TEXT, label="Y", stage=stage)

    assert field.goes_at(Stage.FOUND) is (stage is Stage.FOUND)
    assert field.goes_at(Stage.CAPTURE)


@pytest.mark.parametrize(
    ("force", "offered"),
    [
        ({}, ["high", "low"]),
        ({"allowed": ["high"]}, ["high"]),
        ({"allowed": ["high", "very_high", "absent"]}, ["high"]),
    ],
)
def test_a_force_may_limit_choices_and_never_add_one(force: dict[str, object], offered: list[str]) -> None:
    """What was withdrawn is offered by nobody."""
    assert [one.code for one in RISK.offered(force)] == offered


def test_a_code_is_shown_in_words() -> None:
    """Withdrawn or not; what is no code of ours is shown as it is."""
    assert [RISK.label_of(one) for one in ("high", "absent", "x")] == ["High", "Absent", "x"]


def test_a_question_that_does_not_exist_is_said_not_to() -> None:
    """Rather than answered with nothing."""
    form = the_guide().forms[0]

    assert form.has("ret.found_at")
    with pytest.raises(UnknownForm, match=r"no field 'ret\.nothing'"):
        form.field("ret.nothing")
    with pytest.raises(UnknownForm, match=r"asks no 'ret\.nothing'"):
        the_guide().field("ret.nothing")


def test_conditions_look_upwards_and_one_pass_decides() -> None:
    """What is hidden hides what hangs on it, all the way down."""
    form = the_guide().forms[0]
    said = {"ret.medical_needed": "yes", "ret.medical_offered": "yes", "ret.medical_accepted": "no"}

    assert form.asked(said) == said
    assert form.asked(said | {"ret.medical_needed": "no"}) == {"ret.medical_needed": "no"}
    assert list(form.asked(said | {"ret.medical_needed": Gap(Why.REFUSED)})) == ["ret.medical_needed"]
    assert form.asked({"ret.found_at": Moment(NIGHT), "pi.at": Moment(NIGHT)}) == {
        "ret.found_at": Moment(NIGHT)
    }


def test_every_sort_of_question_is_of_one_family() -> None:
    """Chosen, mentioned, in rows, or plain: a shape for each."""
    assert not CHOSEN & IN_ROWS
    assert not MENTIONS.keys() & (CHOSEN | IN_ROWS)
    assert {Kind.PEOPLE, Kind.PLACES, Kind.OBJECTS} < SEVERAL


def test_a_needed_question_says_when() -> None:
    """By its own condition and nothing else."""
    field = Field(
        id="x.y", kind=Kind.TEXT, label="Y", required=Condition(((Expectation("x.risk", ("high",)),),))
    )

    assert field.is_required({"x.risk": "high"})
    assert not field.is_required({"x.risk": Gap(Why.NOT_KNOWN)})
