"""A return check as officers walk it at night: what is needed, what is not, what follows."""

from __future__ import annotations

import pytest

from booklets import definitions
from booklets.answers import Answer, Moment
from booklets.encounters import facts_of
from booklets.filling import FILLED
from booklets.forms import Effect, Kind, Stage
from booklets.sending import Sending, records_of
from booklets.stamps import Stamp
from tests.support.walks import (
    AMY,
    ASLEEP,
    BACK,
    CLOSE,
    EIGHT,
    FORCE,
    HONEST,
    NOW,
    SAW,
    SEEN,
    TALK,
    check_of,
    found_by,
    guide,
    looked_at,
    needed,
)


# -- how long it is ------------------------------------------------------------------------------------
def test_an_honest_check_of_a_child_who_talks_goes_out() -> None:
    """Amy is home, awake and talks: nothing stands against sending."""
    problems = looked_at(HONEST)

    assert [(one.code, one.fields, one.says) for one in problems if one.stands] == []


def test_an_honest_check_takes_about_forty_taps() -> None:
    """Corrections, section 6. Words, people and calls count as one tap to open; nothing is prefilled."""
    about_amy = [name for name in guide().pages[0].fields() if name in AMY.facts]

    assert len(HONEST) + len(about_amy) - 1 <= 50
    assert (
        sum(1 for name in HONEST if guide().field(name).kind in {Kind.YES_NO, Kind.ONE_OF, Kind.DECISION})
        <= 30
    )


def test_the_first_part_is_five_answers_and_goes_at_once() -> None:
    """A sleeping child must not hold up the council."""
    assert needed(looked_at({}, stage=Stage.FOUND)) == {
        "ret.found_at",
        "ret.found_place",
        "ret.condition",
        "ret.left_with",
        "ret.la_informed",
    }


def test_a_sleeping_child_is_not_asked_and_not_counted_as_well() -> None:
    """The eight questions wait; a task says that somebody tries again."""
    problems = looked_at(ASLEEP)

    assert not [one.says for one in problems if one.stands]
    assert "R-45" in found_by(problems, Effect.TASK)
    asked = facts_of(check_of(ASLEEP), guide(), definitions.force(FORCE), NOW).asked
    assert not asked & set(EIGHT[:-1])


def test_everything_but_facts_of_the_clock_may_wait_or_stay_open() -> None:
    """A gap answers every needed question at the door that is not the officer's own doing."""
    own = {name for name in HONEST if not guide().field(name).gaps}

    assert own == {
        "pi.face_to_face",
        "pi.engaged",
        "pi.seen_alone",
        "pi.bwv",
        "pi.home_safe",
        "pi.ppn_needed",
        "pi.ppn_needed_because",
    }


@pytest.mark.parametrize("question", EIGHT)
def test_a_yes_opens_its_own_row_and_no_other(question: str) -> None:
    """Any yes opens that row only, and "no" opens nothing."""
    page = next(page for page in guide().pages if page.id == "eight").fields()
    at_no = facts_of(check_of(HONEST), guide(), definitions.force(FORCE), NOW).asked
    at_yes = facts_of(check_of({**HONEST, question: "yes"}), guide(), definitions.force(FORCE), NOW).asked

    opened = [name for name in page if name in at_yes - at_no - {"pi.offence_told"}]
    start = page.index(question) + 1

    assert opened
    assert set(opened) <= set(page[start : start + 5])
    assert not [name for name in page[start : page.index(opened[-1])] if name in EIGHT]


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({}, False),
        *(({question: "yes"}, question not in {"pi.self_harm_now", "ret.new_items"}) for question in EIGHT),
    ],
)
def test_whatever_may_be_a_crime_asks_whether_one_was_told(answers: dict[str, Answer], asked: bool) -> None:
    """Pressure, debt and pictures are crimes as well as hurt: first words and number have their place."""
    found = facts_of(check_of({**HONEST, **answers}), guide(), definitions.force(FORCE), NOW).asked

    assert ("pi.offence_told" in found) is asked
    told = facts_of(
        check_of({**HONEST, **answers, "pi.offence_told": "yes"}), guide(), definitions.force(FORCE), NOW
    ).asked
    assert ("pi.offence" in told) is asked


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({}, False),
        ({"ret.found_how": "unsafe_address"}, True),
        ({"pi.engaged": "too_unwell"}, True),
        ({"pi.engaged": "no"}, True),
    ],
)
def test_who_was_with_a_child_who_does_not_talk_is_asked_where_somebody_saw_it(
    answers: dict[str, Answer], asked: bool
) -> None:
    """Two men in the flat where a child lay drunk are named, whether or not the child speaks."""
    facts = facts_of(check_of({**ASLEEP, **answers}), guide(), definitions.force(FORCE), NOW)

    assert ({"pi.where", "pi.who"} <= facts.asked) is asked
    problems = looked_at({**ASLEEP, **answers})
    assert ({"pi.where", "pi.who"} <= needed(problems)) is asked


@pytest.mark.parametrize(
    "answers",
    [
        {"pi.hbv_fm_fgm": "yes"},
        {"ret.condition": ("asleep", "sexually_assaulted_suspected")},
        {"ret.condition": ("asleep", "self_harmed")},
    ],
)
def test_what_was_done_at_once_is_asked_wherever_harm_is_near(answers: dict[str, Answer]) -> None:
    """Also of a child who sleeps, and where the home is called safe."""
    assert "pi.immediate_action" not in needed(looked_at(ASLEEP))
    assert "pi.immediate_action" in needed(looked_at({**ASLEEP, **answers}))


@pytest.mark.parametrize("sign", ["pi.harm", "pi.home_afraid", "pi.danger_now", "pi.hbv_fm_fgm"])
def test_a_home_that_is_called_safe_after_harm_says_why(sign: str) -> None:
    """Without harm one tap is enough."""
    assert "pi.home_safe_because" not in needed(looked_at(HONEST))
    assert "pi.home_safe_because" in needed(looked_at({**HONEST, sign: "yes"}))


@pytest.mark.parametrize(
    "sign",
    [
        {"pi.indicators": ("I09",)},
        {"pi.push_pull": ("exploiter",)},
        {"ret.found_how": "unsafe_address"},
        {"ret.condition": ("awake_talking", "injured_hospital")},
    ],
)
def test_a_sign_of_exploitation_without_a_ppn_is_asked_about(sign: dict[str, Answer]) -> None:
    """R-12: what is ticked later in the shift points to harm as much as a yes at the door."""
    brief = {**HONEST, "pi.ppn_needed_because": "Fine."}
    assert "R-12" not in found_by(looked_at(brief, stage=Stage.COMPLETE))
    assert "R-12" in found_by(looked_at({**brief, **sign}, stage=Stage.COMPLETE))


# -- disclosure ----------------------------------------------------------------------------------------
def test_after_a_disclosure_only_what_is_needed_now_is_needed() -> None:
    """R-53: no officer is led through thirty questions."""
    told = {
        **BACK,
        **SEEN,
        "pi.disclosure_stop": "yes",
        "pi.at": Moment(NOW),
        "pi.seen_alone": "yes",
        **SAW,
        **CLOSE,
    }
    missing = needed(looked_at(told))

    assert {
        "pi.stop_danger",
        "pi.stop_injuries",
        "pi.stop_who",
        "pi.stop_where",
        "pi.stop_when",
        "pi.stop_supervisor",
        "pi.offence",
        "pi.immediate_action",
    } <= missing
    assert not missing & {*TALK, *EIGHT} - {"pi.self_harm_now", "ret.new_items"}


def test_the_stop_shows_what_to_do_and_sets_the_specialist_task() -> None:
    """R-53: supervisor, traces, specialist."""
    problems = looked_at({**HONEST, "pi.disclosure_stop": "yes"})

    assert {"R-53", "R-53b"} <= found_by(problems, Effect.SHOW)
    assert "R-53a" in found_by(problems, Effect.TASK)
    assert not {"R-53", "R-53a", "R-53b"} & found_by(looked_at(HONEST))


def test_what_was_already_told_stays_in_the_record_after_the_stop() -> None:
    """Nothing that was written is lost by the stop."""
    before = facts_of(check_of(HONEST), guide(), definitions.force(FORCE), NOW).answers
    after = facts_of(
        check_of({**HONEST, "pi.disclosure_stop": "yes"}), guide(), definitions.force(FORCE), NOW
    ).answers

    assert set(before) <= set(after)


def test_one_encounter_becomes_two_records_and_nothing_stands_in_both() -> None:
    """Return and interview: what one knows the other shows."""
    force = definitions.force(FORCE)
    sending = Sending(
        at=Stamp(NOW),
        device="handheld-1",
        app_version="0.1.0",
        stage=Stage.CAPTURE,
        force=force,
        clocks=definitions.clocks(),
    )

    returned, interview = records_of(check_of(HONEST), guide(), sending)

    assert (returned.header.record_type, interview.header.record_type) == ("RET", "PVI")
    assert not set(returned.answers) & set(interview.answers)
    said = {
        name: answer for name, answer in {**returned.answers, **interview.answers}.items() if name in HONEST
    }
    assert said == dict(HONEST)
    assert {*returned.answers, *interview.answers} - set(HONEST) <= FILLED
