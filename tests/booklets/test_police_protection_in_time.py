"""Reviews, hand-overs, the 72 hours and the end: what is asked of the designated officer, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booklets.answers import Answer, Moment, Row
from booklets.forms import Stage
from booklets.review import NEEDED
from tests.support.builders import NIGHT
from tests.support.encounters import answers as any_answer
from tests.support.protection import (
    ACCEPTED,
    AFTER_73_HOURS,
    END,
    HANDED,
    OFFICER,
    PLANNED,
    POWER,
    REVIEWED,
    USED,
    guide_of,
    part_of,
    said_of,
)
from tests.support.walks import found_by


def test_twelve_hours_without_a_review_are_a_task_and_ask_for_the_reason() -> None:
    """R-23 and R-59: since the last one, and between two; who has signed off owes no further one."""
    soon, late = NIGHT + timedelta(hours=11), NIGHT + timedelta(hours=13)
    again: Row = {**REVIEWED, "at": Moment(NIGHT + timedelta(hours=10))}
    gone = {"ppd.on_duty_until": Moment(NIGHT + timedelta(hours=30))}

    assert not {"R-23", "R-59"} & found_by(said_of(OFFICER, gone, now=soon))
    assert {"R-23", "R-59"} <= found_by(said_of(OFFICER, gone, now=late))
    assert not {"R-23", "R-59"} & found_by(
        said_of(OFFICER, {**gone, "ppd.reviews": (REVIEWED, again)}, now=late)
    )
    assert not {"R-23", "R-59"} & found_by(said_of(OFFICER, {**gone, **PLANNED}, now=late))


def test_a_review_without_its_reason_or_its_answer_is_no_review() -> None:
    """R-52: still reasonable cause, and why, each time."""
    for cell in ("cause", "because", "by", "at"):
        bare = {name: said for name, said in REVIEWED.items() if name != cell}
        assert [one.code for one in said_of(OFFICER, {"ppd.reviews": (bare,)}) if one.stands] == [
            "cell_needed"
        ]


def test_a_review_says_when_the_next_one_is() -> None:
    """R-23: within the force's hours, until it ends."""
    bare: Row = {name: said for name, said in REVIEWED.items() if name != "next_at"}

    assert "R-23c" in found_by(said_of(OFFICER, {"ppd.reviews": (bare,)}))
    assert "R-23c" not in found_by(said_of(OFFICER, {"ppd.reviews": (bare,), **PLANNED}))
    assert "R-23c" not in found_by(said_of(OFFICER, {}))


def test_a_child_is_always_somebodys() -> None:
    """R-23 and R-24: until the next officer has accepted, the one before stays responsible."""
    soon_off: dict[str, Answer | None] = {
        "ppd.on_duty_until": Moment(NIGHT + timedelta(minutes=30)),
        "ppd.handed_over": "yes",
    }

    assert {"R-23a", "R-24"} <= found_by(said_of(OFFICER, {**soon_off, "ppd.transfers": (HANDED,)}))
    assert not {"R-23a", "R-23b", "R-24", "R-24a"} & found_by(
        said_of(OFFICER, {**soon_off, "ppd.transfers": (ACCEPTED,)})
    )
    [shown] = [
        one for one in said_of(OFFICER, {**soon_off, "ppd.transfers": (HANDED,)}) if one.code == "R-24"
    ]
    assert "Insp 91 Reed" in shown.says


def test_without_a_plan_at_66_hours_the_incident_manager_hears_of_it() -> None:
    """R-25: a plan answers it."""
    just, before = USED + timedelta(hours=66), USED + timedelta(hours=65)

    assert {"R-25", "R-25a"} <= found_by(said_of(OFFICER, {}, now=just))
    assert not {"R-25", "R-25a"} & found_by(said_of(OFFICER, {}, now=before))
    assert not {"R-25", "R-25a"} & found_by(
        said_of(OFFICER, {"ppd.end_plan": PLANNED["ppd.end_plan"]}, now=just)
    )


@pytest.mark.parametrize("part", [POWER, OFFICER])
def test_at_72_hours_the_power_has_ended_in_law(part: str) -> None:
    """R-52: until then it is said when it will; afterwards that it has."""
    before = found_by(said_of(part, {}, now=USED + timedelta(hours=71, minutes=59)))
    after = said_of(part, {}, now=AFTER_73_HOURS)

    assert ("R-20" in before, "R-52" in before) == (True, False)
    assert ("R-20" in found_by(after), "R-52" in found_by(after)) == (False, True)
    [shown] = [one for one in after if one.code == "R-52"]
    assert "The power has ended in law: 20:24, Tue 17 March" in shown.says


def test_after_72_hours_the_designated_officer_says_where_the_child_is_and_who_decided_it() -> None:
    """R-52: asked of the officer, set to the incident manager; not of one who signed off in time."""
    demanded = {"R-52a", "R-52b"}

    assert demanded <= found_by(said_of(OFFICER, {}, now=AFTER_73_HOURS))
    assert not demanded & found_by(said_of(OFFICER, {}))
    assert not demanded & found_by(said_of(OFFICER, PLANNED, now=AFTER_73_HOURS))


def test_no_record_says_that_it_was_longer_than_72_hours() -> None:
    """R-25: what ended later ran to its end, and says so."""
    late = {"ppe.ended_at": Moment(AFTER_73_HOURS)}

    assert "R-52a" in found_by(said_of(END, late, now=AFTER_73_HOURS))
    assert "R-52a" not in found_by(
        said_of(END, {**late, "ppe.end_reason": "time_reached"}, now=AFTER_73_HOURS)
    )
    assert "R-52a" not in found_by(said_of(END, {}))


def test_the_offences_are_considered_recorded_or_explained() -> None:
    """R-26: each way out is an answer, and an emergency still sends."""
    explained = {"ppe.offences_because": "A fall on ice before two witnesses; nobody did it."}

    for considered in (("none",), ("neglect",)):
        bare = {"ppe.offences_considered": considered, "ppe.offences": None}
        [found] = [one for one in said_of(END, bare) if one.code == "R-26"]
        assert found.fields == ("ppe.offences_because",)
        assert found.override
        assert "R-26" not in found_by(said_of(END, {**bare, **explained}))
    assert "R-26a" not in found_by(said_of(END, {}))


@st.composite
def walks(draw: st.DrawFn, part: str) -> dict[str, Answer | None]:
    """A few questions answered in any way at all: well, with a gap, or with what does not belong there."""
    chosen = draw(st.lists(st.sampled_from(list(guide_of(part).fields())), max_size=10))
    found: dict[str, Answer | None] = {}
    for one in chosen:
        codes = [choice.code for choice in one.codes] or ["A row at six."]
        several: st.SearchStrategy[Answer] = st.lists(st.sampled_from(codes), min_size=1).map(tuple)
        found[one.id] = draw(st.none() | several | st.sampled_from(codes) | any_answer)
    return found


@pytest.mark.thorough
@pytest.mark.parametrize("part", [POWER, OFFICER, END])
@settings(max_examples=40)
@given(data=st.data(), stage=st.sampled_from(Stage))
def test_no_answers_whatever_stop_the_review(part: str, data: st.DataObject, stage: Stage) -> None:
    """Three in the morning, a thumb on the wrong line: the app says what is wrong, and goes on."""
    changed = data.draw(walks(part))
    problems = said_of(part, changed, stage=stage)

    answered = part_of(part, changed).answers
    assert not {name for one in problems if one.code == NEEDED for name in one.fields} & set(answered)
    assert problems == said_of(part, changed, stage=stage)
