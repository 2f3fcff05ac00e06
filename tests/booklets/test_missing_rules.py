"""What a report of a missing child asks, shows and sets: each rule where it speaks and where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from booklets.answers import Answer, Gap, Moment, Scalar, Why
from booklets.forms import Effect, Stage
from tests.support.missing import (
    CARE,
    HEARD,
    HONEST,
    NOT_KNOWN,
    NOW,
    a_row,
    said_of,
    yes,
)
from tests.support.walks import found_by

LATE = NOW + timedelta(hours=2)
ACTION = {"who": "PC Wells", "by": "immediate"}
Row = tuple[Mapping[str, Answer | None], str, Effect]
UNTRAINED = a_row(system="pnd", by="Robin Hale, call handler", trained="no", status="nothing_found")
TRAINED = a_row(
    system="pnd",
    by="Dana Reid, intelligence",
    trained="yes",
    status="something_found",
    result="Two calls in May",
)
FOUND_BUT_NOT_WHAT = a_row(system="pnc", by="Dana Reid", trained="yes", status="something_found")
PHONE = {**yes("f21_online"), "mis.device_retained": "yes"}
UNSAID: Mapping[str, Scalar] = {"with": "gp", "at": Moment(NOW), "outcome": "accepted"}
"""Somebody was rung whose name and words nobody wrote down."""
TAKEN: Mapping[str, Answer | None] = {"mis.abduction_suspected": "yes"}
"""Said in the report alone: whether it could be a serious crime now is answered with no."""
OF_THE_REPORT: list[Row] = [
    ({"mis.returned_before_report": "dead"}, "R-50", Effect.SHOW),
    ({"mis.returned_before_report": "dead"}, "R-50a", Effect.TASK),
    ({"mis.abduction_suspected": "yes"}, "R-36", Effect.SHOW),
    ({"mis.abduction_suspected": "yes"}, "R-36a", Effect.TASK),
    ({"mis.returned_before_report": "yes"}, "R-05", Effect.SHOW),
    ({"mis.returned_before_report": "yes"}, "R-05a", Effect.TASK),
    ({"mis.trigger_plan": "yes_not_seen"}, "R-60", Effect.SHOW),
    ({"mis.trigger_plan": "not_checked"}, "R-60a", Effect.TASK),
    ({"mis.systems_checked": UNTRAINED}, "I-01a", Effect.TASK),
    ({"mis.systems_checked": Gap(Why.NOT_ASKED, "nobody free")}, "I-01a", Effect.TASK),
    ({**PHONE, "mis.dfu_priority": NOT_KNOWN}, "F-01a", Effect.TASK),
    ({**PHONE, "mis.dfu_priority": "yes", "mis.dfu_priority_answer": "waiting"}, "F-02", Effect.TASK),
    ({"mis.la_informed": Gap(Why.PENDING, "ringing", LATE.isoformat())}, "R-08a", Effect.SHOW),
    ({"ra.f22_abduction_fm_fgm": NOT_KNOWN}, "R-51", Effect.SHOW),
    ({"mis.covert": "yes"}, "R-51", Effect.SHOW),
    ({"mis.covert": "yes"}, "R-51a", Effect.ASK),
    (HEARD, "R-53", Effect.SHOW),
    (HEARD, "R-53a", Effect.TASK),
    ({"mis.intentions": "he has kids of his own to see"}, "R-14", Effect.WARN),
    ({"mis.la_informed": a_row(**{**UNSAID, "with": "other"})}, "W-01", Effect.ASK),
    ({"mis.la_informed": a_row(**{**UNSAID, "outcome": "disagreed"})}, "W-02", Effect.ASK),
    ({**PHONE, "mis.identifiers": a_row(platform="other")}, "W-03", Effect.ASK),
    ({"mis.noticed_at": Moment(LATE)}, "T-01", Effect.WARN),
    ({"mis.last_seen_at": Moment(NOW)}, "T-02", Effect.WARN),
    ({"mis.noticed_at": Moment(NOW)}, "T-02a", Effect.WARN),
    ({"mis.circumstances": "Leo is streetwise and left at nine by the back door."}, "Q-01", Effect.ASK),
    ({"mis.circumstances": "Leo absconded at nine by the back door."}, "Q-01a", Effect.WARN),
    ({"mis.circumstances": "No concerns."}, "Q-04", Effect.ASK),
    ({"mis.circumstances": "Leo claims that his mother hit him on the arm."}, "Q-06", Effect.WARN),
    ({"mis.circumstances": "House dirty. Two rooms seen, heating on in both of them."}, "Q-07", Effect.WARN),
    ({"mis.circumstances": "He left at nine with Tyrone after a row."}, "Q-10", Effect.WARN),
]
LATER_IN_THE_REPORT: list[Row] = [
    ({"mis.care_profile_form": "elsewhere"}, "R-43", Effect.TASK),
    ({"mis.exploitation_types": ("CCE",)}, "R-40", Effect.SHOW),
    ({"mis.trafficking_uasc": "yes"}, "R-40", Effect.SHOW),
    ({"mis.exploitation_types": ("CCE",)}, "R-40a", Effect.TASK),
    ({"mis.trafficking_uasc": "yes"}, "R-40a", Effect.TASK),
    ({"mis.previous_30d": "2"}, "R-31", Effect.TASK),
    ({"mis.systems_checked": UNTRAINED}, "I-01", Effect.ASK),
    ({"mis.systems_checked": FOUND_BUT_NOT_WHAT}, "I-01b", Effect.ASK),
    ({"mis.systems_again_at": Moment(NOW + timedelta(hours=5))}, "I-02", Effect.ASK),
    ({**PHONE, "mis.dfu_priority": "no"}, "F-01", Effect.ASK),
    *(
        ({**sign, "mis.ppn_needed": "no", "mis.ppn_needed_because": "None needed."}, "R-12", Effect.ASK)
        for sign in (yes("f18_cse"), TAKEN)
    ),
]
OF_THE_RISK: list[Row] = [
    (yes("f27_associates"), "R-02", Effect.ASK),
    (yes("f27_associates"), "R-02a", Effect.TASK),
    (TAKEN, "R-02", Effect.ASK),
    (TAKEN, "R-02a", Effect.TASK),
    ({CARE: NOT_KNOWN}, "R-03", Effect.TASK),
    ({"ra.rationale": "Medium because of his age, not out of character."}, "R-06", Effect.ASK),
    (
        {"ra.level_before": "high", "ra.level_change_reason": "Always comes back, not out of character."},
        "R-06a",
        Effect.ASK,
    ),
    ({"ra.factors_relied_on": ("f05",)}, "R-06b", Effect.ASK),
    ({"ra.factors_relied_on": ("f05", "f18")}, "R-06b", Effect.ASK),
    ({"ra.factors_relied_on": ("none",), "ra.no_factor_because": "The hour."}, "R-06b", Effect.ASK),
    (
        {"ra.trigger": "new_fact", "ra.new_facts": "A friend saw Leo by the beck at one."},
        "R-07",
        Effect.TASK,
    ),
    (
        {"ra.trigger": "new_fact", "ra.new_facts": "A friend saw Leo by the beck at one."},
        "R-07b",
        Effect.TASK,
    ),
    ({"ra.level": "high"}, "R-09", Effect.SHOW),
    ({"ra.level": "high"}, "R-37", Effect.SHOW),
    ({"ra.actions": a_row(what="Usual enquiries.", **ACTION)}, "R-11a", Effect.ASK),
    (yes("f04_suicide_selfharm"), "R-12", Effect.SHOW),
    (yes("f21_online"), "R-17", Effect.SHOW),
    (yes("f21_online"), "R-17a", Effect.TASK),
    (yes("f03_crime_in_progress"), "R-36", Effect.SHOW),
    (yes("f03_crime_in_progress"), "R-36a", Effect.TASK),
    (yes("f19_cce"), "R-40", Effect.SHOW),
    (yes("f19_cce"), "R-40a", Effect.TASK),
    (yes("f18_cse"), "R-40a", Effect.TASK),
    (yes("f26_danger_to_others", "f20_weapons"), "R-41", Effect.SHOW),
    ({"ra.f22_abduction_fm_fgm": NOT_KNOWN}, "R-42", Effect.SHOW),
    (
        {"ra.level_before": "high", "ra.level_change_reason": "Seen at one by the beck with a friend."},
        "R-54",
        Effect.ASK,
    ),
    ({"ra.assessed_at": Moment(LATE)}, "T-01", Effect.WARN),
    ({"ra.level": "high", "ra.review_in": "four_hours"}, "T-04", Effect.ASK),
    ({"ra.rationale": f"{HONEST['ra.rationale']} He is a prolific misper."}, "Q-01", Effect.ASK),
    ({"ra.rationale": f"{HONEST['ra.rationale']} He absconded."}, "Q-01a", Effect.WARN),
    ({"ra.new_facts": "No concerns.", "ra.trigger": "new_fact"}, "Q-04", Effect.ASK),
    ({"ra.rationale": "Leo cannot swim and the becks are in flood."}, "Q-05", Effect.ASK),
    ({"ra.rationale": f"{HONEST['ra.rationale']} Leo claims he was hit."}, "Q-06", Effect.WARN),
    ({"ra.rationale": f"{HONEST['ra.rationale']} Father aggressive."}, "Q-07", Effect.WARN),
    ({"ra.rationale": f"{HONEST['ra.rationale']} Seen with Tyrone."}, "Q-10", Effect.WARN),
]


@pytest.mark.parametrize(("changed", "rule", "effect"), OF_THE_REPORT + OF_THE_RISK)
def test_what_is_written_leads_to_what_follows(
    changed: Mapping[str, Answer | None], rule: str, effect: Effect
) -> None:
    """Each rule speaks on its sign, and is silent on the honest report."""
    assert rule in found_by(said_of(changed), effect)
    assert rule not in found_by(said_of({}))


@pytest.mark.parametrize(("changed", "rule", "effect"), LATER_IN_THE_REPORT)
def test_later_in_the_shift_more_is_looked_at(
    changed: Mapping[str, Answer | None], rule: str, effect: Effect
) -> None:
    """What rests on questions of the stage "complete" is silent at the door."""
    assert rule in found_by(said_of(changed, stage=Stage.COMPLETE), effect)
    assert rule not in found_by(said_of({}, stage=Stage.COMPLETE))


@pytest.mark.parametrize(
    "changed",
    [
        {"mis.systems_checked": TRAINED},
        {"mis.systems_checked": (*UNTRAINED, *TRAINED)},
        {"mis.systems_checked": UNTRAINED, "mis.systems_again_at": Moment(NOW + timedelta(hours=3))},
        {"mis.returned_before_report": "yes", "mis.systems_checked": UNTRAINED},
    ],
)
def test_systems_that_somebody_trained_has_searched_or_will_are_asked_about_no_more(
    changed: Mapping[str, Answer | None],
) -> None:
    """I-01, I-02: searched, or with a time within the force's; and no child who is back is looked for."""
    assert not {"I-01", "I-01a", "I-01b", "I-02"} & found_by(said_of(changed, stage=Stage.COMPLETE))
