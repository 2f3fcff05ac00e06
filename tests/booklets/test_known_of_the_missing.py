"""What whoever searches has to know of a missing child: no blank is taken for "none"."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Why
from booklets.encounters import facts_of
from booklets.entities import Entity
from booklets.forms import Effect, Stage
from booklets.review import Problem
from tests.support.beside_the_report import tasks_of
from tests.support.missing import (
    BACK,
    HONEST,
    LEO_KNOWN,
    NOW,
    PARK,
    a_row,
    guide,
    known,
    said_of,
    somebody,
    written,
)
from tests.support.walks import FORCE, found_by, needed

SEEN: dict[str, Answer] = {
    "markers_checked": "no",
    "markers_checked_by": "PC Wells 4417",
    "height_band": "150_159",
    "build": "slim",
    "hair_colour": "brown",
    "facial_hair": "none",
    "glasses": "no",
    "complexion": "Freckled",
    "photo": ("a photo",),
    "school": str(PARK.id),
}


@pytest.mark.parametrize(
    ("facts", "silent"),
    [({}, False), ({"has_phone": "no"}, True), ({"phones": ({"number": "01632 960411"},)}, True)],
)
@pytest.mark.parametrize("question", ["mis.reporter", "mis.last_seen_by", "mis.nok_family_liaison"])
def test_whoever_is_to_be_rung_has_a_number_or_none(
    question: str, facts: dict[str, Answer], silent: bool
) -> None:
    """I-07: a report went with nobody who could be rung at four in the morning."""
    nan = somebody(known_as="Nan", relationship="grandparent", **facts)
    found = [
        one for one in said_of({question: str(nan.id)}, nan, stage=Stage.COMPLETE) if one.code == "I-07"
    ]
    assert (
        not found
        if silent
        else [one.says for one in found] == ["No number for Nan. Under which is it best to ring?"]
    )


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({"relationship": "sibling"}, True),
        ({"relationship": "online_not_met"}, True),
        ({}, True),
        ({"relationship": "sibling", "age_estimate": "22"}, False),
        ({"relationship": "neighbour"}, False),
        ({"relationship": "sibling", "ppn_decision": "not_identified"}, False),
    ],
)
def test_of_whoever_may_be_a_child_the_age_is_asked(facts: dict[str, Answer], asked: bool) -> None:
    """R-13c: a brother without an age was passed over, and nobody decided on a PPN for him."""
    jaz = somebody(known_as="Jaz", **facts)
    found = said_of({"mis.associates": (str(jaz.id),)}, jaz)
    assert ("R-13c" in found_by(found, Effect.WARN)) is asked


def still_open(**changed: Answer | None) -> set[str]:
    """What there is to find out or to look at again of Leo, by the rule that says so."""
    told = {name: said for name, said in {**SEEN, **changed}.items() if said is not None}
    problems = said_of({}, child=somebody(**LEO_KNOWN, **told))
    return {rule for rule in found_by(problems, Effect.TASK, Effect.WARN) if rule.startswith("I-")}


@pytest.mark.parametrize(
    ("blank", "rule"),
    [
        ("markers_checked", "I-03"),
        ("height_band", "I-04"),
        ("build", "I-04"),
        ("hair_colour", "I-04"),
        ("facial_hair", "I-04"),
        ("glasses", "I-04"),
        ("complexion", "I-04"),
        ("photo", "I-04"),
        ("school", "I-06"),
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

    assert "height, build, hair, facial hair, glasses, complexion, a photo." in asked.says
    assert asked.fields == ("person.height_band",)


def test_nothing_of_it_holds_up_what_is_sent_and_a_child_who_is_back_is_not_described() -> None:
    """The report goes without it; whoever is back is looked at instead."""
    bare = somebody(**LEO_KNOWN)
    early = [one for one in said_of({}, child=bare) if one.code in {"I-03", "I-04", "I-06"}]
    back = said_of({"mis.returned_before_report": "yes"}, child=bare)

    assert len(early) == 3
    assert not any(one.stands for one in early)
    assert not {"I-03", "I-04", "I-06"} & found_by(back)


@pytest.mark.parametrize(("months", "old"), [(5, False), (6, True), (30, True)])
def test_an_old_photo_is_pointed_out_after_as_long_as_the_force_says(months: int, old: bool) -> None:
    """Six months as delivered; a month or a year alone is no day, and is left alone."""
    taken = (NOW - timedelta(days=months * 30.5 + 2)).date()

    assert ("I-05" in still_open(photo_taken_on=taken.isoformat())) is old
    assert "I-05" not in still_open(photo_taken_on=str(taken.year - 5))


def test_nobody_asks_for_the_beard_of_a_small_child() -> None:
    """Of whoever is known to be under thirteen; an age that nobody knows is no reason not to ask."""

    def asked(**born: Answer) -> str:
        child = somebody(**{**LEO_KNOWN, "dob": "", **born})
        return next(one.says for one in said_of({}, child=child) if one.code == "I-04")

    assert "facial hair" not in asked(dob="2017-06-02")
    assert "facial hair" in asked(dob="2011-06-02")
    assert "facial hair" in asked()


MARKED: dict[str, Answer] = {"markers_checked": "yes", "warning_markers": a_row(marker="PMISS")}


def priority(child: Entity, answers: dict[str, Answer] | None = None) -> Answer | None:
    """What the report of this child says by itself."""
    encounter = written({**(answers or HONEST)}, child=child)
    return facts_of(encounter, guide(), definitions.force(FORCE), NOW).answers.get("mis.priority_missing")


def test_a_child_with_the_marker_is_reported_as_a_priority_without_anybody_saying_so() -> None:
    """It follows from the marker, goes with it, and is nobody's guess at the door."""
    other = somebody(**LEO_KNOWN, markers_checked="yes", warning_markers=a_row(marker="WE"))

    assert priority(somebody(**LEO_KNOWN, **MARKED)) == "yes"
    assert priority(other) is None
    assert priority(somebody(**LEO_KNOWN)) is None
    assert not definitions.form("mis").field("mis.priority_missing").awaits


def test_a_priority_is_said_on_the_first_page_and_a_plan_that_is_not_there_as_well() -> None:
    """R-32: before anything else is tried; a plan that is there is read (R-60)."""
    marked = somebody(**LEO_KNOWN, **MARKED)
    without, read = said_of({}, child=marked), said_of({"mis.trigger_plan": "yes_read"}, child=marked)

    assert {"PM-1", "R-32"} <= found_by(without, Effect.SHOW)
    assert "PM-1" in found_by(read, Effect.SHOW)
    assert "R-32" not in found_by(read)
    assert not {"PM-1", "R-32"} & found_by(said_of({}))
    assert not {"PM-1", "R-32"} & found_by(said_of({**BACK}, child=marked))


def later(**facts: Answer) -> list[Problem]:
    """What is still wanted later in the shift, of a child of whom this is known."""
    return said_of({}, child=somebody(**{**LEO_KNOWN, **facts}), stage=Stage.COMPLETE)


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({}, True),
        ({"school": str(PARK.id)}, False),
        ({"school": Gap(Why.NOT_APPLICABLE, "Works since July")}, False),
        ({"home_educated": "yes"}, False),
        ({"dob": "2023-06-02"}, False),
        ({"dob": "2021-06-02"}, True),
        ({"dob": "", "age_estimate": "18"}, False),
        ({"dob": ""}, True),
    ],
)
def test_the_school_of_a_child_of_school_age_is_known_or_it_is_said_why_not(
    facts: dict[str, Answer], asked: bool
) -> None:
    """B.1.b: from four to seventeen, as a task that holds up nothing; a reason is an answer."""
    problems = said_of({}, child=somebody(**{**LEO_KNOWN, **facts}))

    assert ("I-06" in found_by(problems, Effect.TASK)) is asked
    assert not {"I-06"} & found_by([one for one in problems if one.stands])


@pytest.mark.parametrize(
    "facts", [{"plan_status": ("CPP-E",)}, {"plan_status": ("EHCP", "CIN")}, {"care_status": "s20"}]
)
def test_a_child_with_a_plan_or_in_care_has_a_social_worker_with_a_number(facts: dict[str, Answer]) -> None:
    """B.1.b: the condition, and the gap that answers it."""
    wanted = {"person.social_worker", "person.social_worker_phone"}
    nobody = Gap(Why.NOT_KNOWN, "The team has no worker for Leo yet")

    assert wanted <= needed(later(**facts))
    assert not wanted & needed(later(**facts, social_worker=nobody, social_worker_phone="01632 960118"))
    assert not wanted & needed(later(plan_status=("EHCP",), care_status="none"))


def test_what_a_missing_child_can_drive_or_ride_is_found_out() -> None:
    """B.1.b: whether there is one, and which it is."""
    assert "person.vehicle_access" in needed(later())
    assert "person.vehicles" in needed(later(vehicle_access="yes"))
    assert not {"person.vehicle_access", "person.vehicles"} & needed(later(vehicle_access="no"))
    assert "person.vehicle_access" not in needed(said_of({}))


@pytest.mark.parametrize("question", ["mis.contact_quarrel", "mis.bereavement"])
def test_quarrels_over_contact_and_a_death_are_asked_about_by_themselves(question: str) -> None:
    """B.2: each is one tap; a yes says who and what, and not knowing is an answer."""
    assert question in needed(said_of({question: None}))
    assert f"{question}_words" in needed(said_of({question: "yes"}))
    assert not {question, f"{question}_words"} & needed(said_of({question: "no"}))
    assert not {question} & needed(said_of({question: Gap(Why.NOT_SAFE_TO_ASK, "Father was in the room")}))


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, {"H-01"}),
        ({"is_hotspot_candidate": "no"}, set()),
        ({"is_hotspot_candidate": Gap(Why.NOT_KNOWN)}, set()),
        ({"is_hotspot_candidate": "yes"}, {"H-02"}),
        ({"place_type": "home"}, set()),
    ],
)
def test_of_a_place_where_a_child_was_found_before_it_is_asked_whether_to_watch_it(
    facts: dict[str, Answer], found: set[str]
) -> None:
    """B.1.c: a yes is the exploitation team's to look at, and nobody is asked about a home."""
    arcade = known(PARK.kind, **{"name": "The arcade", "place_type": "shop", **facts})
    answers: dict[str, Answer] = {"mis.previous_found_places": (str(arcade.id),)}
    problems = said_of(answers, arcade)

    assert {one for one in found_by(problems) if one.startswith("H-")} == found
    assert not [one for one in problems if one.code == "H-01" and one.effect is not Effect.WARN]
    assert not {one for one in found_by(said_of({}, arcade)) if one.startswith("H-")}
    if "H-02" in found:
        assert tasks_of(problems)["H-02"] == ("look_at_place", "mhet")
