"""What follows from a report of a missing child: owners, markers, friends, lateness, often missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Why
from booklets.checks.likeness import runs_of
from booklets.decisions import deciding
from booklets.definitions.tables import Table
from booklets.encounters import review
from booklets.entities import Entity
from booklets.errors import DefinitionError
from booklets.facts import Earlier
from booklets.forms import Effect, Stage
from booklets.prefill import following_on
from booklets.sending import Sending, records_of
from booklets.stamps import Stamp
from tests.support.encounters import answers as any_answer
from tests.support.missing import (
    CARE,
    HEARD,
    HONEST,
    LEO,
    LEO_KNOWN,
    NOT_KNOWN,
    NOW,
    REPORTED,
    a_row,
    guide,
    said_of,
    somebody,
    written,
    yes,
)
from tests.support.walks import FORCE, WELLS, found_by, needed

LATE = NOW + timedelta(hours=2)
ACTION = {"who": "PC Wells", "by": "immediate"}


@pytest.mark.parametrize("level", ["low", "very_low"])
def test_a_child_is_never_graded_lower_than_the_force_allows(level: str) -> None:
    """R-01: only medium and high are offered, and nothing else is taken."""
    field = guide().field("ra.level")
    [refused] = [one for one in said_of({"ra.level": level}) if one.code == "not_a_choice"]

    assert {one.code for one in field.offered(definitions.force(FORCE))} == {"medium", "high"}
    assert refused.fields == ("ra.level",)


def test_a_young_child_who_can_keep_safe_alone_is_asked_about() -> None:
    """Under thirteen is flagged; what the officer says stands with its reason."""
    young = somebody(**{**LEO_KNOWN, "dob": "2015-06-02"})

    assert "R-01" in found_by(said_of({}, child=young), Effect.ASK)
    assert "R-01" not in found_by(said_of(yes("f01_age_infirmity"), child=young))
    assert "R-01" not in found_by(said_of({}))


def test_what_weighs_little_and_is_not_known_sets_no_task() -> None:
    """R-03: one task for all that is critical or strong, none for the rest."""
    several = said_of({CARE: NOT_KNOWN, "ra.f20_weapons": NOT_KNOWN, "ra.f23_radicalisation": NOT_KNOWN})
    [task] = [one for one in several if one.code == "R-03"]

    assert set(task.fields) == {CARE, "ra.f20_weapons"}
    assert "R-03" not in found_by(said_of({"ra.f16_school_work_money": NOT_KNOWN}))


def marked(*codes: str) -> Entity:
    """Leo, with these warning markers."""
    rows = tuple(MappingProxyType({"marker": code}) for code in codes)
    return somebody(**LEO_KNOWN, markers_checked="yes", warning_markers=rows)


def test_a_marker_is_shown_at_once_and_holds_up_approval_until_it_was_considered() -> None:
    """R-60 on the first screen; R-04 as a warning now, and as a block before approval."""
    weighed = a_row(marker="WE", effect="Leo carried a penknife in May: two officers go.")
    both = (
        *weighed,
        MappingProxyType({"marker": "SH", "effect": "Cut himself in March: crisis team told."}),
    )

    def found(rows: Answer, stage: Stage = Stage.CAPTURE) -> set[str]:
        return found_by(said_of({"ra.markers_considered": rows}, child=marked("WE", "SH"), stage=stage))

    assert {"R-60b", "R-04a"} <= found(weighed)
    assert "R-04" not in found(weighed)
    assert "R-04" in found(weighed, Stage.APPROVE)
    assert not {"R-04", "R-04a"} & found(both, Stage.APPROVE)
    assert "R-60b" not in found_by(said_of({}))


def test_high_and_medium_go_to_their_owners() -> None:
    """R-09 and R-11: in a new assessment as tasks, in a first one as clocks from the report."""
    again = said_of({"ra.level": "high", "ra.level_before": "high"}, name="risk_again")

    assert [one.task.owner for one in again if one.code == "R-09a" and one.task] == ["fim"]
    assert "R-11" in found_by(said_of({}, name="risk_again"), Effect.TASK)
    assert not {"R-09a", "R-11"} & found_by(said_of({"ra.level": "high"}))


def test_there_is_always_something_that_somebody_does() -> None:
    """R-11: one specific action at least, at every level."""
    for level in ("medium", "high"):
        assert "ra.actions" in needed(said_of({"ra.actions": None, "ra.level": level}))
    search = a_row(what="Search the garage and the loft of the house, then the bins", **ACTION)
    assert "R-11a" not in found_by(said_of({"ra.actions": search}))


def test_a_risk_that_is_lowered_has_a_second_person_and_a_reason() -> None:
    """R-54: raised by one, lowered by two."""
    lowered: dict[str, Answer | None] = {"ra.level_before": "high"}
    agreed = {
        **lowered,
        "ra.agreed_by": "Insp Hall",
        "ra.level_change_reason": "Seen at one by a friend who is with him.",
    }
    raised = said_of({"ra.level": "high"})

    assert "ra.level_change_reason" in needed(said_of(lowered))
    assert "R-54" not in found_by(said_of(agreed))
    assert "ra.level_change_reason" in needed(raised)
    assert "R-54" not in found_by(raised)


def test_a_high_risk_is_looked_at_again_sooner() -> None:
    """T-04: the force's two hours, and eight for medium."""
    high = {"ra.level": "high", "ra.review_in": "two_hours"}

    assert "T-04" not in found_by(said_of(high))
    assert "T-04" not in found_by(said_of({"ra.review_in": "eight_hours"}))


def test_nobody_told_and_a_late_call_are_both_spoken_of() -> None:
    """R-08a until somebody answered, R-59 once the force's hour is over."""
    pending = {"mis.la_informed": Gap(Why.PENDING, "ringing", LATE.isoformat())}

    assert "R-59" not in found_by(said_of(pending))
    assert "R-59" in found_by(said_of(pending, now=LATE), Effect.ASK)
    assert not {"R-08a", "R-59"} & found_by(said_of({}, now=LATE))


def test_the_child_is_circulated_on_report_and_after_two_days_it_is_late() -> None:
    """R-35: forty-eight hours is only the backstop."""
    done: dict[str, Answer | None] = {"mis.circulated_at": Moment(NOW)}
    two_days = REPORTED + timedelta(hours=49)

    assert "R-35" in found_by(said_of({}), Effect.SHOW)
    assert "R-35" not in found_by(said_of(done))
    assert "R-35a" in found_by(said_of({}, now=two_days, stage=Stage.COMPLETE), Effect.ASK)
    assert "R-35a" not in found_by(said_of(done, now=two_days, stage=Stage.COMPLETE))


@pytest.mark.parametrize(
    ("counts", "rule"),
    [
        ({"mis.previous_30d": "1"}, False),
        ({"mis.previous_30d": "2"}, True),
        ({"mis.previous_90d": "4"}, False),
        ({"mis.previous_90d": "2", **yes("f19_cce")}, True),
        ({"mis.previous_90d": "1", **yes("f19_cce")}, False),
    ],
)
def test_often_missing_is_what_the_force_calls_often(
    counts: Mapping[str, Answer | None], rule: bool
) -> None:
    """R-31: so many times in so many days, and some of it only with signs of exploitation."""
    assert ("R-31" in found_by(said_of(counts, stage=Stage.COMPLETE))) is rule


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (None, "'repeat_missing' is missing: a list of { times, days }"),
        (3, "repeat_missing must be written as"),
        ([{"times": 3}], "a limit says how many times in how many days"),
        ([{"times": "3", "days": 30}], "times must be a whole number"),
        ([{"times": 3, "days": 30, "als": "exploitation"}], "'als' is not a setting here"),
    ],
)
def test_a_force_that_does_not_say_what_often_is_finds_out_at_once(limits: object, says: str) -> None:
    """R-31: a limit that is written wrongly would never be reached."""
    content = {**definitions.force(FORCE), "repeat_missing": limits}

    with pytest.raises(DefinitionError, match=says):
        definitions.check_force(Table("here.toml", content))


def test_a_looked_after_child_has_two_councils_and_a_social_worker() -> None:
    """R-38 with R-39."""
    in_care = somebody(**LEO_KNOWN, care_status="co")
    found = said_of({}, child=in_care, stage=Stage.COMPLETE)

    assert "R-38" in found_by(found, Effect.SHOW)
    assert {"mis.sw_informed", "mis.placing_la_informed"} <= needed(found)
    assert "R-38" not in found_by(said_of({}, stage=Stage.COMPLETE))


def test_a_grown_up_by_date_of_birth_is_worth_another_look() -> None:
    """T-03: the officer may be right and the date wrong."""
    assert "T-03" in found_by(said_of({}, child=somebody(**{**LEO_KNOWN, "dob": "1999-05-02"})), Effect.WARN)
    assert "T-03" not in found_by(said_of({}))


@pytest.mark.parametrize(
    ("friend", "rules"),
    [
        ({"ethnicity_sde": "W1"}, {"R-13"}),
        ({"ethnicity_sde": "W1", "ppn_decision": "not_identified"}, {"R-13a"}),
        ({"ppn_decision": "no_ppn", "ppn_decision_because": "At home in bed, seen there."}, {"R-10"}),
        ({"ethnicity_sde": "W1", "ppn_decision": "ppn_done"}, set()),
    ],
)
def test_every_friend_who_is_a_child_is_decided_and_asked_about(
    friend: Mapping[str, Answer], rules: set[str]
) -> None:
    """R-13 and R-10: whom Leo may be with is not only where Leo may be."""
    jay = somebody(known_as="Jay", age_estimate="14", relationship="friend_child", **friend)

    found = found_by(said_of({"mis.associates": (str(jay.id),)}, jay))

    assert found & {"R-10", "R-13", "R-13a"} == rules


@pytest.mark.parametrize(("sees", "rule"), [(None, "R-14a"), (NOT_KNOWN, "R-14b"), ("no", ""), ("yes", "")])
def test_of_every_suspected_exploiter_it_is_asked_which_children_they_reach(
    sees: Answer | None, rule: str
) -> None:
    """R-14: asked is not enough, not known is a task."""
    facts: dict[str, Answer] = {"children_access": sees} if sees else {}
    dean = somebody(known_as="Dean", age_estimate="31", relationship="suspected_exploiter", **facts)

    found = found_by(said_of({"mis.associates": (str(dean.id),)}, dean))

    assert found & {"R-14a", "R-14b"} == ({rule} if rule else set())


def test_a_reason_written_for_another_child_is_asked_about() -> None:
    """Q-02 on the device: against what the same author wrote lately, and against stock phrases."""
    text = str(HONEST["ra.rationale"])
    earlier = {"ra.rationale": (Earlier(NOW - timedelta(days=3), runs_of(text)),)}
    went = str(HONEST["mis.circumstances"])
    before = {"mis.circumstances": (Earlier(NOW - timedelta(days=3), runs_of(went)),)}
    force = definitions.force(FORCE)

    def found(known: Mapping[str, tuple[Earlier, ...]]) -> set[str]:
        return found_by(review(written(HONEST), guide(), force, NOW, Stage.CAPTURE, earlier=known))

    assert "Q-02" in found(earlier)
    assert "Q-02" in found(before)
    assert "Q-02" not in found({})
    assert "Q-02a" in found_by(said_of({"ra.rationale": "Own bedroom, plenty of food."}), Effect.ASK)
    assert "Q-02a" not in found_by(said_of({}))


def test_many_gaps_are_listed_for_the_sergeant() -> None:
    """R-19: each gap is honest, many of them are another kind of answer."""
    open_ = dict.fromkeys(("mis.intentions", "mis.clothing", "mis.dangers", "mis.noticed_at"), NOT_KNOWN)

    assert "R-19" not in found_by(said_of({}))
    assert "R-19" in found_by(said_of(open_), Effect.WARN)


def test_exact_words_are_never_commented_on() -> None:
    """Q-09: what the reporter says, what Leo writes and what stands on the note."""
    exact: dict[str, Answer | None] = {
        "mis.reporter_concern": "no concerns, he is streetwise and a liar",
        "mis.note_or_message": "yes",
        "mis.note_words": "she claims i am dirty",
    }

    assert not {one for one in found_by(said_of({**exact, **HEARD})) if one.startswith("Q-")}


def test_only_approval_is_blocked_by_a_rule() -> None:
    """R-04 before approval; nothing keeps a missing child's report on a phone."""
    blocking = {
        (form, rule.id, rule.stage)
        for form in ("mis", "rsk")
        for rule in definitions.form(form).rules
        if rule.effect is Effect.BLOCK
    }

    assert blocking == {("rsk", "R-04", Stage.APPROVE)}


def test_the_level_is_what_a_supervisor_judges() -> None:
    """B.12: is the risk right? Asked of the level that the assessment says."""
    sending = Sending(
        at=Stamp(NOW),
        device="handheld-1",
        app_version="0.1.0",
        stage=Stage.CAPTURE,
        force=definitions.force(FORCE),
        clocks=definitions.clocks(),
    )
    records = records_of(written(HONEST), guide(), sending)
    judged = deciding(records, definitions.guide("supervision"), officer=WELLS, at=Stamp(NOW))

    assert judged.answers["sup.level"] == "medium"


EVERY = [one for one in guide().fields() if not one.system]


@st.composite
def walks(draw: st.DrawFn) -> dict[str, Answer | None]:
    """A few questions answered in any way at all: well, with a gap, or with what does not belong there."""
    found: dict[str, Answer | None] = {}
    for one in draw(st.lists(st.sampled_from(EVERY), max_size=12)):
        codes = [choice.code for choice in one.codes]
        fits: st.SearchStrategy[Answer] = st.sampled_from(codes or ["A row about homework at nine."])
        found[one.id] = draw(st.none() | fits | any_answer)
    return found


@pytest.mark.thorough
@settings(max_examples=60)
@given(walks(), st.sampled_from(Stage))
def test_no_answers_whatever_stop_the_review(changed: dict[str, Answer | None], stage: Stage) -> None:
    """A thumb on the wrong line: the app says what is wrong, and goes on."""
    assert said_of(changed, stage=stage) == said_of(changed, stage=stage)


@pytest.mark.parametrize(("taken", "begins"), [("yes", "yes"), ("no", None), (Gap(Why.NOT_KNOWN), None)])
def test_an_assessment_made_again_begins_with_what_the_report_said_of_an_abduction(
    taken: Answer, begins: Answer | None
) -> None:
    """R-02: what weighs critically does not get lost between two assessments; nothing is begun with a no."""
    begun = following_on(
        written({**HONEST, "mis.abduction_suspected": taken}),
        guide(),
        child=LEO.id,
        next_guide=guide("risk_again"),
        officer=WELLS,
        at=Stamp(NOW),
    )

    assert begun.answers.get("ra.f03_crime_in_progress") == begins
