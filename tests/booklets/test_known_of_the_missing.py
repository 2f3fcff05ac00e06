"""What whoever searches has to know of a missing child: no blank is taken for "none"."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booklets.answers import Answer, Gap, Why
from booklets.forms import Effect
from tests.support.missing import LEO_KNOWN, NOW, said_of, somebody
from tests.support.walks import found_by

SEEN: dict[str, Answer] = {
    "markers_checked": "no",
    "markers_checked_by": "PC Wells 4417",
    "height_band": "150_159",
    "build": "slim",
    "hair_colour": "brown",
    "photo": ("a photo",),
}


def still_open(**changed: Answer | None) -> set[str]:
    """What there is to find out or to look at again of Leo, by the rule that says so."""
    known = {name: said for name, said in {**SEEN, **changed}.items() if said is not None}
    problems = said_of({}, child=somebody(**LEO_KNOWN, **known))
    return {rule for rule in found_by(problems, Effect.TASK, Effect.WARN) if rule.startswith("I-")}


@pytest.mark.parametrize(
    ("blank", "rule"),
    [
        ("markers_checked", "I-03"),
        ("height_band", "I-04"),
        ("build", "I-04"),
        ("hair_colour", "I-04"),
        ("photo", "I-04"),
    ],
)
def test_a_blank_is_to_be_found_out_and_a_reason_ends_it(blank: str, rule: str) -> None:
    """Whether it is answered, or said that nobody knows: neither is a task any more."""
    assert still_open(**{blank: None}) == {rule}
    assert still_open(**{blank: Gap(Why.NOT_KNOWN, "Nobody at the home could say")}) == set()
    assert still_open() == set()


def test_one_task_names_everything_that_nobody_has_written_down() -> None:
    """In the words of whoever searches, once and not four times."""
    bare = somebody(**LEO_KNOWN, markers_checked="no")
    [asked] = [one for one in said_of({}, child=bare) if one.code == "I-04"]

    assert "height, build, hair, a photo." in asked.says
    assert asked.fields == ("person.height_band",)


def test_nothing_of_it_holds_up_what_is_sent_and_a_child_who_is_back_is_not_described() -> None:
    """The report goes without it; whoever is back is looked at instead."""
    bare = somebody(**LEO_KNOWN)
    early = [one for one in said_of({}, child=bare) if one.code in {"I-03", "I-04"}]
    back = said_of({"mis.returned_before_report": "yes"}, child=bare)

    assert len(early) == 2
    assert not any(one.stands for one in early)
    assert not {"I-03", "I-04"} & found_by(back)


@pytest.mark.parametrize(("months", "old"), [(5, False), (6, True), (30, True)])
def test_an_old_photo_is_pointed_out_after_as_long_as_the_force_says(months: int, old: bool) -> None:
    """Six months as delivered; a month or a year alone is no day, and is left alone."""
    taken = (NOW - timedelta(days=months * 30.5 + 2)).date()

    assert ("I-05" in still_open(photo_taken_on=taken.isoformat())) is old
    assert "I-05" not in still_open(photo_taken_on=str(taken.year - 5))
