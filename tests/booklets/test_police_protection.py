"""Police protection from the doorstep to its end: what each officer needs to say, and the 72 hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Row, Why
from booklets.checks.dates import uk_time
from booklets.clocks import Running, running
from booklets.definitions.tables import Table
from booklets.encounters import as_far_as_it_goes
from booklets.errors import DefinitionError
from booklets.forms import Kind, Sign, Stage
from booklets.prefill import following_on
from booklets.stamps import Stamp
from tests.support.builders import FORCE, NIGHT
from tests.support.ppns import ppn_of
from tests.support.protection import (
    CONSTABLE_SAYS,
    END,
    END_SAYS,
    INSPECTOR,
    INSPECTOR_SAYS,
    KIT,
    LATER_SAYS,
    OFFICER,
    PLANNED,
    POWER,
    REVIEWED,
    USED,
    WHOLE,
    guide_of,
    part_of,
    said_of,
    sent,
)
from tests.support.walks import needed

PARTS = (POWER, OFFICER, END)
ONE_TAP = {Kind.YES_NO, Kind.ONE_OF, Kind.DECISION}


# -- what each officer needs to say --------------------------------------------------------------------
@pytest.mark.parametrize("part", PARTS)
def test_an_honest_part_goes_out(part: str) -> None:
    """Nothing stands against sending what an officer wrote with care."""
    assert [(one.code, one.fields) for one in said_of(part, {}) if one.stands] == []


@pytest.mark.parametrize("part", PARTS)
def test_everything_that_the_part_is_made_of_here_is_needed_or_hangs_on_an_answer(part: str) -> None:
    """The whole examples hold no more than an officer has to say: each answer taken away is missed."""
    spare = {
        name
        for name in WHOLE[part]
        if not any(one.stands for one in said_of(part, {name: None})) and not name.endswith("_because")
    }

    assert spare == set()


def test_the_constables_part_is_short_enough_for_three_in_the_morning() -> None:
    """25 answers before sending, half of them one tap, and what is asked about the child."""
    about_kit = [one for one in guide_of(POWER).about_the_child() if one.stage is Stage.CAPTURE]
    taps = [name for name in CONSTABLE_SAYS if guide_of(POWER).field(name).kind in ONE_TAP]

    assert (len(CONSTABLE_SAYS), len(taps)) == (25, 13)
    assert len(about_kit) <= 10


def test_what_comes_later_holds_up_nothing() -> None:
    """Supervisor, designated officer, councils, others with parental responsibility, PPN: the same shift."""
    before = needed(said_of(POWER, {}))
    later = needed(said_of(POWER, {}, stage=Stage.COMPLETE))
    guide = guide_of(POWER)
    stage, left = as_far_as_it_goes(said_of(POWER, {}, stage=Stage.COMPLETE), guide, Stage.COMPLETE)

    assert before == set()
    assert {"pp.supervisor_told", "pp.do", "pp.la_found", "pp.pr_informed", "pp.ppn"} <= later
    assert not [name for name in later if name.startswith("pp.") and name in CONSTABLE_SAYS]
    assert stage is Stage.CAPTURE
    assert not [one for one in left if one.stands]


def test_the_constables_part_is_complete_once_the_rest_is_there() -> None:
    """What is still missing then is asked of the child and kept with the child."""
    missing = needed(said_of(POWER, LATER_SAYS, stage=Stage.COMPLETE))

    assert not [name for name in missing if name.startswith("pp.")]


def test_the_designated_officers_part_is_complete_with_a_plan_and_a_signature() -> None:
    """The plan for the end and the sign-off come later, in the last revision."""
    assert needed(said_of(OFFICER, {}, stage=Stage.COMPLETE)) >= {"ppd.end_plan", "ppd.signed_off_at"}
    assert not [one for one in needed(said_of(OFFICER, PLANNED, stage=Stage.COMPLETE)) if "ppd." in one]


def test_no_answer_but_facts_of_the_power_is_demanded_without_a_way_round() -> None:
    """Corrections, section 2: no gap on when the power was used and on what ground."""
    guide = guide_of(POWER)

    assert not guide.field("pp.started_at").gaps
    assert not guide.field("pp.grounds").gaps
    for name in ("pp.la_told", "pp.parents_informed", "pp.child_told", "pp.accommodation"):
        assert Why.PENDING in guide.field(name).gaps, name


def test_what_an_answer_opens_is_needed() -> None:
    """B.8: the reason where it was not done, the name where somebody asked, the reference of force used."""
    opened: dict[str, Mapping[str, Answer]] = {
        "pp.medical_detail": {"pp.medical_needed": "yes"},
        "pp.child_told_because": {"pp.child_told": "no"},
        "pp.sw_request_who": {"pp.sw_request": "yes"},
        "pp.sw_request_said": {"pp.sw_request": "yes"},
        "pp.epo_in_force_because": {"pp.epo_in_force": "yes"},
        "pp.entry_power_other": {"pp.entry_power": "other"},
        "pp.accommodation_other": {"pp.accommodation": "other_suitable"},
        "pp.handling": {"pp.covert": "yes"},
        "pp.parents_informed_because": {"pp.parents_informed": "not_told"},
        "pp.suspects": {"pp.suspect_known": "yes"},
    }

    for name, said in opened.items():
        assert name in needed(said_of(POWER, said)), name
        assert name not in needed(said_of(POWER, {})), name
    force = {"pp.force_used": "yes", **LATER_SAYS}
    assert "pp.force_ref" in needed(said_of(POWER, force, stage=Stage.COMPLETE))


def test_after_a_disclosure_only_what_is_needed_now_is_needed() -> None:
    """R-53: no officer is led through thirty questions."""
    told = {**dict.fromkeys(CONSTABLE_SAYS, None), "pp.disclosure_stop": "yes"}
    missing = needed(said_of(POWER, told))

    assert {
        "pp.stop_where",
        "pp.stop_when",
        "pp.stop_danger",
        "pp.stop_specialist",
        "pp.suspects",
    } <= missing
    assert "pp.child_words" in missing


# -- the 72 hours --------------------------------------------------------------------------------------
def the_clock(name: str, answers: Mapping[str, Answer]) -> Running:
    """One clock of those that run."""
    [one] = [
        one
        for one in running(definitions.clocks(), answers, definitions.force(FORCE))
        if one.clock.id == name
    ]
    return one


@pytest.mark.parametrize(
    ("used", "hours"),
    [
        pytest.param(datetime(2026, 3, 27, 22, 30, tzinfo=UTC), (22, 23), id="the clocks go forward"),
        pytest.param(datetime(2026, 10, 23, 22, 30, tzinfo=UTC), (23, 22), id="the clocks go back"),
        pytest.param(datetime(2026, 1, 5, 22, 30, tzinfo=UTC), (22, 22), id="any other night"),
    ],
)
def test_seventy_two_hours_are_counted_and_not_read_off_a_wall(
    used: datetime, hours: tuple[int, int]
) -> None:
    """The wall shows another hour after a clock change; the power lasts no longer and no shorter."""
    due = the_clock("police_protection", {"pp.started_at": Moment(used)}).due

    assert due - used == timedelta(hours=72)
    assert (uk_time(used).hour, uk_time(due).hour) == hours


@pytest.mark.parametrize(("part", "owner"), [(POWER, "vat"), (OFFICER, "author")])
def test_the_alerts_come_at_24_48_60_and_70_hours_to_both(part: str, owner: str) -> None:
    """R-20: the designated officer and the vulnerability team's inspector; at 72 it ends."""
    due = sorted(
        (one.due_at - USED).total_seconds() / 3600
        for one in sent(part_of(part, {})).tasks
        if one.due_at and one.owner_role == owner and one.rule.endswith(("alert", "police_protection"))
    )

    assert due == [24, 48, 60, 70, 72]


def test_by_66_hours_the_end_is_planned_or_the_incident_manager_hears_of_it() -> None:
    """R-25: the plan stops the clock."""
    [asked] = [one for one in sent(part_of(OFFICER, {})).tasks if one.kind == "end_of_protection_planned"]
    planned = sent(part_of(OFFICER, PLANNED))

    assert (asked.owner_role, asked.due_at) == ("fim", USED + timedelta(hours=66))
    assert "end_of_protection_planned" not in {one.kind for one in planned.tasks}


def test_nothing_is_left_to_warn_of_once_the_designated_officer_has_signed_off() -> None:
    """A clock that runs after the end is noise."""
    assert not [one.kind for one in sent(part_of(OFFICER, PLANNED)).tasks if "designated" in one.kind]


def test_the_council_the_designated_officer_and_the_first_review_have_their_time() -> None:
    """C.6 and B.8: an hour for the council, an hour for a name, eight for the first review."""
    nobody: dict[str, Answer | None] = {
        "pp.la_told": Gap(Why.PENDING, "engaged", due="2026-03-14T21:30:00Z")
    }
    power = {one.kind: one.due_at for one in sent(part_of(POWER, nobody)).tasks}
    unreviewed = {one.kind: one.due_at for one in sent(part_of(OFFICER, {"ppd.reviews": None})).tasks}

    assert power["council_told_of_protection"] == USED + timedelta(hours=1)
    assert power["designated_officer_named"] == USED + timedelta(hours=1)
    assert "council_told_of_protection" not in {one.kind for one in sent(part_of(POWER, {})).tasks}
    assert unreviewed["first_protection_review"] == NIGHT - timedelta(minutes=20) + timedelta(hours=8)
    assert "first_protection_review" not in {one.kind for one in sent(part_of(OFFICER, {})).tasks}


def test_no_force_may_let_it_last_longer_than_the_law() -> None:
    """72 hours is the longest: a shorter time is the force's business, a longer one is refused."""
    ours = dict(definitions.force(FORCE))

    definitions.check_force(Table("f.toml", {**ours, "minutes_of_police_protection": 4000}))
    with pytest.raises(DefinitionError, match="lasts 4320 minutes in law, and no longer"):
        definitions.check_force(Table("f.toml", {**ours, "minutes_of_police_protection": 4321}))


# -- what a record is ----------------------------------------------------------------------------------
def test_three_officers_write_three_records_and_nothing_stands_in_two_of_them() -> None:
    """Each is signed by whoever is answerable for it."""
    made = [sent(part_of(part, {})) for part in PARTS]

    assert [one.header.record_type for one in made] == ["PPR", "PPD", "PPE"]
    assert [one.header.author.rank for one in made] == ["PC", "Insp", "Insp"]
    for record, part in zip(made, PARTS, strict=True):
        assert dict(record.answers) == dict(WHOLE[part])


def test_a_child_in_police_protection_is_a_child_in_danger() -> None:
    """It is read first, and the council is told before a supervisor has read it."""
    assert definitions.form("ppr").signs_in(CONSTABLE_SAYS) == {Sign.DANGER}
    assert definitions.form("ppd").signs_in(INSPECTOR_SAYS) == {Sign.HARM}
    assert definitions.form("ppe").signs_in(END_SAYS) == frozenset()
    assert definitions.form("ppe").signs_in({**END_SAYS, "ppe.end_reason": "time_reached"}) == {Sign.HARM}


def test_what_one_officer_wrote_the_next_one_starts_with() -> None:
    """The time, the constable and who must not know are taken over; every judgement is made again."""
    covert = {"pp.covert": "yes", "pp.handling": "Robin, who has threatened to come."}
    said = {**LATER_SAYS, **covert, "pp.hbv_fm_fgm": "yes"}
    power = part_of(POWER, said)
    begun = following_on(
        power,
        guide_of(POWER),
        child=KIT.id,
        next_guide=guide_of(OFFICER),
        officer=INSPECTOR,
        at=Stamp(NIGHT),
    )
    taken_over = {
        "ppd.started_at": "pp.started_at",
        "ppd.init_officer": "pp.init_officer",
        "ppd.officer": "pp.do",
        "ppd.hbv_fm_fgm": "pp.hbv_fm_fgm",
        "ppd.covert": "pp.covert",
        "ppd.handling": "pp.handling",
    }

    assert dict(begun.answers) == {mine: power.answers[theirs] for mine, theirs in taken_over.items()}
    assert begun.incident == power.incident
    assert [one.kind for one in begun.linked] == ["follows_from"]


def test_the_end_starts_with_what_the_designated_officer_wrote() -> None:
    """When it began and who is answerable; not how it ended, and no "no"."""
    begun = following_on(
        part_of(OFFICER, {}),
        guide_of(OFFICER),
        child=KIT.id,
        next_guide=guide_of(END),
        officer=INSPECTOR,
        at=Stamp(NIGHT),
    )

    assert set(begun.answers) == {"ppe.started_at", "ppe.end_decider"}


def test_a_constable_who_wrote_a_ppn_first_is_not_asked_the_same_again() -> None:
    """The child's words, the other children and the place are there already."""
    ppn = ppn_of({"ppn.other_children": "yes", "ppn.other_children_who": (str(KIT.id),)})
    begun = following_on(
        ppn,
        definitions.guide("ppn"),
        child=KIT.id,
        next_guide=guide_of(POWER),
        officer=INSPECTOR,
        at=Stamp(NIGHT),
    )

    assert {"pp.child_words", "pp.found_place", "pp.other_children"} <= begun.answers.keys()
    assert not {"pp.grounds", "pp.hbv_fm_fgm", "pp.started_at", "pp.accommodation"} & begun.answers.keys()


def test_a_review_is_a_row_that_is_added_and_the_record_goes_again() -> None:
    """What was reviewed before stays as it was; the next revision has one more."""
    again: Row = MappingProxyType({**REVIEWED, "at": Moment(NIGHT + timedelta(hours=8))})
    first = sent(part_of(OFFICER, {}))
    encounter = part_of(OFFICER, {"ppd.reviews": (REVIEWED, again)})
    sent_once = {form: replace(one, revision=1, digest="d") for form, one in encounter.sent.items()}
    second = sent(replace(encounter, sent=MappingProxyType(sent_once)), at=NIGHT + timedelta(hours=8))

    assert (first.header.revision, second.header.revision) == (1, 2)
    assert second.answers["ppd.reviews"] == (REVIEWED, again)
