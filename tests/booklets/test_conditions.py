"""The condition language: six sentences, and a gap is never a code."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from booklets.answers import Answer, Gap, Moment, Why
from booklets.conditions import ALWAYS, NEVER, Condition
from booklets.definitions.tables import Table
from booklets.errors import DefinitionError
from tests.support.builders import NIGHT

HIGH: Mapping[str, Answer] = {"x.risk": "high"}
GAP: Mapping[str, Answer] = {"x.risk": Gap(Why.NOT_KNOWN)}


def written(value: object) -> Condition:
    """The condition as it stands in a form with the prefix x."""
    return Table("f.toml", {"required": value}).condition("required", prefix="x", default=NEVER)


@pytest.mark.parametrize(
    ("condition", "answers", "holds"),
    [
        pytest.param({"risk": "high"}, HIGH, True, id="is exactly this code"),
        pytest.param({"risk": "low"}, HIGH, False, id="is another code"),
        pytest.param({"risk": "high"}, {}, False, id="nothing is no code"),
        pytest.param({"risk": ["high", "medium"]}, HIGH, True, id="is one of these codes"),
        pytest.param({"risk": ["low", "medium"]}, HIGH, False, id="is none of these codes"),
        pytest.param({"risk": True}, HIGH, True, id="has been answered"),
        pytest.param({"risk": True}, {}, False, id="has not been answered"),
        pytest.param({"risk": False}, {}, True, id="false is true of nothing"),
        pytest.param({"risk": False}, HIGH, False, id="false is not true of an answer"),
        pytest.param({"risk": "high", "seen": "no"}, {**HIGH, "x.seen": "no"}, True, id="both hold"),
        pytest.param({"risk": "high", "seen": "no"}, HIGH, False, id="one of both does not"),
        pytest.param([{"risk": "low"}, {"seen": "no"}], {"x.seen": "no"}, True, id="either holds"),
        pytest.param([{"risk": "low"}, {"seen": "no"}], HIGH, False, id="neither holds"),
        pytest.param(True, {}, True, id="always"),
        pytest.param(False, HIGH, False, id="never"),
        pytest.param({"risk": "not_known"}, GAP, False, id="a gap is never a code"),
        pytest.param({"risk": True}, GAP, False, id="a gap is no answer"),
        pytest.param({"risk": False}, GAP, True, id="false is true of a gap"),
        pytest.param({"risk": "b"}, {"x.risk": ("a", "b")}, True, id="of many codes, is means contains"),
        pytest.param({"risk": ["c", "d"]}, {"x.risk": ("a", "b")}, False, id="contains none of them"),
        pytest.param({"risk": True}, {"x.risk": ()}, False, id="no codes chosen is no answer"),
        pytest.param({"risk": True}, {"x.risk": Moment(NIGHT)}, True, id="a moment is an answer"),
        pytest.param({"risk": True}, {"x.risk": ({"a": "b"},)}, True, id="rows are an answer"),
        pytest.param({"risk": "b"}, {"x.risk": ({"a": "b"},)}, False, id="cells of rows are no codes"),
        pytest.param(
            {"risk": {"but": ["a"]}}, {"x.risk": ("a", "b")}, True, id="one that is anything but this"
        ),
        pytest.param({"risk": {"but": ["a"]}}, {"x.risk": ("a",)}, False, id="nothing but this"),
        pytest.param({"risk": {"but": ["a"]}}, {}, False, id="no answer is not anything but this"),
        pytest.param({"y.risk": "high"}, {"y.risk": "high"}, True, id="a field of another form in full"),
        pytest.param({"y.risk": "high"}, HIGH, False, id="the same short name elsewhere is another field"),
    ],
)
def test_a_condition_means_what_it_says(
    condition: object, answers: Mapping[str, Answer], holds: bool
) -> None:
    """The whole language, one line each."""
    assert written(condition).holds(answers) is holds


def test_every_field_of_a_condition_is_known() -> None:
    """The reader checks each of them, and so does the handbook."""
    condition = written([{"risk": "high", "seen": False}, {"y.harm": True}])

    assert list(condition.fields()) == ["x.risk", "x.seen", "y.harm"]


def test_always_and_never_are_conditions_too() -> None:
    """Nothing stands in for them."""
    assert written(True) == ALWAYS
    assert written(False) == NEVER
    assert Table("f.toml", {}).condition("required", prefix="x", default=ALWAYS) == ALWAYS


@pytest.mark.parametrize("junk", [[], {}, [{}], 3, "yes", {"risk": 3}, {"risk": []}, {"risk": [True]}])
def test_what_is_no_sentence_of_the_language_is_refused(junk: object) -> None:
    """An empty list would otherwise silently mean never."""
    with pytest.raises(DefinitionError, match=r"f\.toml: required"):
        written(junk)
