"""Answers: whatever is said is read back equal, and whatever is not an answer is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booklets.answers import (
    Answer,
    Gap,
    Moment,
    Row,
    Why,
    answers_from_plain,
    codes_of,
    from_plain,
    frozen,
    instant,
    plain,
    read_instant,
    rows_of,
    said,
    words_in,
)
from booklets.errors import WireError
from tests.support import encounters as some

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


@given(some.answers)
def test_every_answer_survives_the_journey(answer: Answer) -> None:
    """Through JSON text and back, nothing is lost, added or taken for something else."""
    assert from_plain(json.loads(json.dumps(plain(answer)))) == answer


KEYS = st.sampled_from(["row", "gap", "note", "due", "at", "precision", "until", "x"])
JUNK = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
    max_leaves=8,
)


@given(JUNK)
def test_anything_else_is_refused_and_never_guessed(junk: object) -> None:
    """Either it is an answer that is written the same again, or a ``WireError``: nothing else escapes."""
    try:
        read = from_plain(junk)
    except WireError:
        return
    assert from_plain(plain(read)) == read


@pytest.mark.parametrize(
    "junk",
    [
        pytest.param({"gap": "unknown", "note": "", "due": ""}, id="a reason that is none"),
        pytest.param({"gap": "refused", "note": 3, "due": ""}, id="a note that is no text"),
        pytest.param({"gap": "pending", "note": "", "due": "soon"}, id="due at no time"),
        pytest.param({"at": "2026-03-14T12:00:00", "precision": "exact", "until": None}, id="no zone"),
        pytest.param({"at": "2026-03-14", "precision": "exactly", "until": None}, id="no such precision"),
        pytest.param({"at": 5, "precision": "exact", "until": None}, id="a number for a time"),
        pytest.param(
            {"at": "0001-01-01T00:00:00+14:00", "precision": "exact", "until": None},
            id="before the calendar",
        ),
        pytest.param([{"row": {"a": [{"row": {}}]}}], id="rows within rows"),
        pytest.param([{"row": []}], id="a row without cells"),
        pytest.param([{"row": {"a": 1}}], id="a number in a cell"),
        pytest.param(["code", {"row": {}}], id="codes and rows mixed"),
    ],
)
def test_what_is_nearly_an_answer_is_refused(junk: object) -> None:
    """Each of these looks right at a glance."""
    with pytest.raises(WireError):
        from_plain(junk)


def test_rows_nested_without_end_are_refused_like_any_others() -> None:
    """A message cannot be made too deep to be refused."""
    deep: object = "x"
    for _ in range(5000):
        deep = [{"row": {"a": deep}}]

    with pytest.raises(WireError, match="one level"):
        from_plain(deep)


@pytest.mark.parametrize("junk", [None, [], "answers", 3])
def test_answers_are_an_object(junk: object) -> None:
    """Nothing but field and answer."""
    with pytest.raises(WireError):
        answers_from_plain(junk)


def test_a_moment_has_a_zone() -> None:
    """A time of day without a zone is an hour wrong half the year."""
    with pytest.raises(ValueError, match="zone"):
        Moment(datetime(2026, 3, 14, 12))  # noqa: DTZ001 - that is what is refused


@given(some.moments_in_time, st.integers(-14, 14))
def test_an_instant_is_the_same_from_every_zone(moment: datetime, hours: int) -> None:
    """One spelling for one instant, or two devices would make two digests."""
    at = moment.astimezone(timezone(timedelta(hours=hours)))

    assert read_instant(instant(at)) == at
    assert instant(at) == instant(at.astimezone(UTC))
    assert instant(at).endswith("Z")


@pytest.mark.parametrize(
    ("answer", "is_said"),
    [
        pytest.param("yes", True, id="a code"),
        pytest.param(("a",), True, id="codes"),
        pytest.param(Moment(NOON), True, id="a moment"),
        pytest.param(None, False, id="nothing"),
        pytest.param("", False, id="a blank"),
        pytest.param((), False, id="no codes"),
        pytest.param(Gap(Why.REFUSED, "not now"), False, id="a gap"),
    ],
)
def test_a_gap_answers_the_question_and_says_nothing(answer: Answer | None, is_said: bool) -> None:
    """What is honestly not known is not something known."""
    assert said(answer) is is_said


def test_an_answer_is_seen_as_codes_as_rows_and_as_words() -> None:
    """Each reader takes what it understands and leaves the rest."""
    row: Row = {"who": "Kit", "at": Moment(NOON), "to": ("a", "b"), "why": Gap(Why.REFUSED, "tired")}

    assert codes_of(("a", "b")) == ("a", "b")
    assert codes_of("a") == ("a",)
    assert codes_of("") == codes_of(Gap(Why.REFUSED)) == codes_of((row,)) == ()
    assert rows_of((row,)) == (row,)
    assert rows_of("a") == rows_of(("a",)) == ()
    assert words_in((row,)) == ("Kit", "a", "b", "tired")
    assert words_in(Gap(Why.REFUSED)) == words_in(None) == words_in(Moment(NOON)) == words_in("") == ()


def test_frozen_answers_cannot_be_changed_from_outside() -> None:
    """What was signed is what stays."""
    row = {"who": "Kit"}
    kept = frozen({"pi.child_words": (row,), "ret.condition": ("asleep",)})
    row["who"] = "somebody else"

    assert rows_of(kept["pi.child_words"])[0]["who"] == "Kit"
    with pytest.raises(TypeError):
        kept["ret.condition"] = "no"  # type: ignore[index]


def test_what_an_officer_wrote_is_in_no_log() -> None:
    """A gap's note may name a child."""
    assert "Marlowe" not in repr(Gap(Why.REFUSED, "Kit Marlowe-Test said no"))
