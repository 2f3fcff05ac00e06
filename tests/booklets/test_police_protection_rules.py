"""What police protection shows, asks, sets and stops: each rule where it speaks and where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Row, Why
from booklets.forms import Effect, Stage
from tests.support.builders import CARER, NIGHT, RUNG, a_person
from tests.support.protection import (
    ACCEPTED,
    ALWAYS,
    AT_STATION,
    CHECKED,
    END,
    HANDED,
    LATE,
    LATER_SAYS,
    NO_CAUSE,
    OFFICER,
    PENDING,
    POWER,
    UNREACHED,
    USED,
    guide_of,
    said_of,
)
from tests.support.walks import found_by

CONSTABLE: list[tuple[Mapping[str, Answer | None], str, Effect]] = [
    ({}, "R-20", Effect.SHOW),
    ({}, "R-61", Effect.SEND),
    ({}, "R-61a", Effect.TASK),
    ({}, "R-16", Effect.TASK),
    ({"pp.la_told": (UNREACHED,)}, "R-27a", Effect.SHOW),
    ({"pp.la_told": (LATE,)}, "R-59", Effect.ASK),
    ({"pp.la_told": ({**RUNG, "with": "other"},)}, "W-01", Effect.ASK),
    ({"pp.la_told": ({**RUNG, "outcome": "disagreed"},)}, "W-02", Effect.ASK),
    ({"pp.accommodation": "police_station"}, "R-27", Effect.BLOCK),
    ({"pp.accommodation": "police_station"}, "R-27e", Effect.SHOW),
    ({"pp.accommodation": "relative"}, "R-27d", Effect.BLOCK),
    ({"pp.accommodation": "family_friend"}, "R-27d", Effect.BLOCK),
    ({**CHECKED, "pp.check_pnc": "not_checked"}, "R-27d", Effect.BLOCK),
    ({**CHECKED, "pp.check_pnc": PENDING}, "R-27d", Effect.BLOCK),
    ({**CHECKED, "pp.check_pnc": "something_found"}, "R-27d", Effect.BLOCK),
    ({"pp.parents_informed": Gap(Why.PENDING)}, "R-27b", Effect.ASK),
    ({"pp.child_words": Gap(Why.NOT_ASKED)}, "R-27b", Effect.ASK),
    ({"pp.child_told": "no", "pp.child_told_because": "Asleep."}, "R-27h", Effect.TASK),
    ({"pp.epo_in_force": "yes"}, "E-01", Effect.SHOW),
    ({"pp.entry_power": "other"}, "E-02", Effect.WARN),
    ({"pp.disclosure_stop": "yes"}, "R-53", Effect.SHOW),
    ({"pp.disclosure_stop": "yes"}, "R-53a", Effect.TASK),
    ({"pp.disclosure_stop": "yes"}, "R-53b", Effect.SHOW),
    ({"pp.child_words": ({"who": "Dean", "said": "I have kids of my own"},)}, "R-14", Effect.WARN),
    ({"pp.hbv_fm_fgm": Gap(Why.NOT_KNOWN)}, "R-42", Effect.SHOW),
    ({"pp.hbv_fm_fgm": "yes"}, "R-51", Effect.SHOW),
    ({"pp.covert": "yes"}, "R-51", Effect.SHOW),
    ({"pp.suspect_known": "yes", "pp.suspects": (str(CARER),)}, "R-51", Effect.SHOW),
    ({"pp.covert": "yes"}, "R-51a", Effect.ASK),
    ({"pp.suspect_known": Gap(Why.NOT_KNOWN)}, "R-03", Effect.TASK),
    ({"pp.started_at": Moment(NIGHT + timedelta(hours=1))}, "T-01", Effect.WARN),
    ({"pp.grounds": "Unsafe at home."}, "Q-05", Effect.ASK),
    ({"pp.alternatives_because": "Kit is streetwise and came back."}, "Q-01", Effect.ASK),
    ({"pp.alternatives_because": "Kit refused to engage with us at the station."}, "Q-01a", Effect.WARN),
    ({"pp.alternatives_because": "House clean and tidy, plenty of food."}, "Q-02", Effect.ASK),
    ({"pp.alternatives_because": "No concerns."}, "Q-04", Effect.ASK),
    ({"pp.alternatives_because": "Kit claims that he was hit on the arm."}, "Q-06", Effect.WARN),
    ({"pp.alternatives_because": "House dirty."}, "Q-07", Effect.WARN),
    ({"pp.alternatives_because": "There was nobody but Tyrone at nine."}, "Q-10", Effect.WARN),
]
INSPECTORS: list[tuple[Mapping[str, Answer | None], str, Effect]] = [
    ({}, "R-20", Effect.SHOW),
    ({"ppd.officer": "Insp 2217 Okoro"}, "R-21", Effect.BLOCK),
    ({"ppd.officer_rank": "below_inspector"}, "R-22", Effect.WARN),
    ({"ppd.officer_listed": "no"}, "R-22a", Effect.WARN),
    ({"ppd.reviews": (NO_CAUSE,)}, "R-52c", Effect.SHOW),
    ({"ppd.reviews": (NO_CAUSE,)}, "R-52d", Effect.TASK),
    ({"ppd.on_duty_until": Moment(NIGHT + timedelta(minutes=30))}, "R-23a", Effect.SHOW),
    ({"ppd.on_duty_until": Moment(NIGHT + timedelta(minutes=30))}, "R-23b", Effect.TASK),
    ({"ppd.handed_over": "yes", "ppd.transfers": (HANDED,)}, "R-24", Effect.SHOW),
    ({"ppd.handed_over": "yes", "ppd.transfers": (HANDED,)}, "R-24a", Effect.TASK),
    ({"ppd.strategy": "no", "ppd.strategy_because": "Set for ten."}, "R-49", Effect.TASK),
    ({"ppd.epo": "not_considered"}, "E-03", Effect.WARN),
    ({"ppd.covert": Gap(Why.NOT_KNOWN)}, "R-51", Effect.SHOW),
    ({"ppd.hbv_fm_fgm": "yes"}, "R-51", Effect.SHOW),
    ({"ppd.strategy_decisions": "Dean told the ward that he has kids of his own."}, "R-14", Effect.WARN),
    ({"ppd.strategy_at": Moment(NIGHT + timedelta(hours=2))}, "T-01", Effect.WARN),
    ({"ppd.enquiry_started_at": Moment(USED - timedelta(hours=1))}, "T-02", Effect.WARN),
    ({"ppd.strategy_decisions": "Kit is streetwise and goes home."}, "Q-01", Effect.ASK),
    ({"ppd.strategy_decisions": "Kit refused to engage with the ward."}, "Q-01a", Effect.WARN),
    ({"ppd.strategy_decisions": "House clean and tidy, plenty of food."}, "Q-02", Effect.ASK),
    ({"ppd.strategy_decisions": "No concerns."}, "Q-04", Effect.ASK),
    ({"ppd.strategy_decisions": "Kit claims that he was hit on the arm."}, "Q-06", Effect.WARN),
    ({"ppd.strategy_decisions": "House dirty."}, "Q-07", Effect.WARN),
    ({"ppd.strategy_decisions": "There was nobody but Tyrone at nine."}, "Q-10", Effect.WARN),
]
ENDING: list[tuple[Mapping[str, Answer | None], str, Effect]] = [
    ({"ppe.offences_considered": None}, "R-26", Effect.BLOCK),
    ({"ppe.la_told": ({**RUNG, "with": "other"},)}, "W-01", Effect.ASK),
    ({"ppe.la_told": ({**RUNG, "outcome": "disagreed"},)}, "W-02", Effect.ASK),
    ({"ppe.offences_considered": ("none",)}, "R-26", Effect.BLOCK),
    ({"ppe.offences": None}, "R-26", Effect.BLOCK),
    ({"ppe.offences_considered": ("assault",)}, "R-26a", Effect.ASK),
    ({"ppe.end_reason_because": "Dean said in custody: I have children of my own."}, "R-14", Effect.WARN),
    ({"ppe.end_reason": "time_reached"}, "R-25", Effect.TASK),
    ({"ppe.end_reason": "time_reached"}, "R-52", Effect.SHOW),
    ({"ppe.now_basis": Gap(Why.NOT_KNOWN)}, "R-52b", Effect.ASK),
    ({"ppe.now_basis": Gap(Why.NOT_KNOWN)}, "R-52c", Effect.TASK),
    ({"ppe.la_told": (UNREACHED,)}, "R-27a", Effect.SHOW),
    ({"ppe.parents_informed": Gap(Why.NOT_APPLICABLE)}, "R-27b", Effect.ASK),
    ({"ppe.covert": Gap(Why.NOT_KNOWN)}, "R-51", Effect.SHOW),
    ({"ppe.covert": "yes"}, "R-51a", Effect.ASK),
    ({"ppe.hbv_fm_fgm": Gap(Why.NOT_KNOWN)}, "R-51", Effect.SHOW),
    ({"ppe.hbv_fm_fgm": "yes"}, "R-51a", Effect.ASK),
    ({"ppe.ended_at": Moment(NIGHT + timedelta(hours=1))}, "T-01", Effect.WARN),
    ({"ppe.ended_at": Moment(USED - timedelta(hours=1))}, "T-02", Effect.WARN),
    ({"ppe.plan_after": "Kit is streetwise and goes home."}, "Q-01", Effect.ASK),
    ({"ppe.plan_after": "Kit refused to engage with the ward."}, "Q-01a", Effect.WARN),
    ({"ppe.plan_after": "House clean and tidy, plenty of food."}, "Q-02", Effect.ASK),
    ({"ppe.plan_after": "No concerns."}, "Q-04", Effect.ASK),
    ({"ppe.plan_after": "Kit claims that he was hit on the arm."}, "Q-06", Effect.WARN),
    ({"ppe.plan_after": "House dirty."}, "Q-07", Effect.WARN),
    ({"ppe.plan_after": "There is nobody but Tyrone at nine."}, "Q-10", Effect.WARN),
]
TURNED_ON = [
    (part, *one) for part, rows in ((POWER, CONSTABLE), (OFFICER, INSPECTORS), (END, ENDING)) for one in rows
]


@pytest.mark.parametrize("part", ALWAYS)
def test_a_whole_part_with_nothing_alarming_leads_to_no_more_than_it_always_does(part: str) -> None:
    """The control to every rule below: this is what silence looks like."""
    assert found_by(said_of(part, {})) == ALWAYS[part]


@pytest.mark.parametrize(("part", "changed", "rule", "effect"), TURNED_ON)
def test_what_is_written_leads_to_what_follows(
    part: str, changed: Mapping[str, Answer | None], rule: str, effect: Effect
) -> None:
    """The whole part is silent but for what it always says, so this answer alone made the rule speak."""
    assert rule in found_by(said_of(part, changed), effect)
    assert not changed or rule not in ALWAYS[part]


def test_what_always_follows_has_its_other_side() -> None:
    """No power used: nothing ends, is sent or asked for; a PPN that is written is asked for no more."""
    nothing = said_of(POWER, {"pp.started_at": None, "pp.power": None})
    written = said_of(POWER, {"pp.ppn": "PPN-0001"})

    assert not found_by(nothing) & ALWAYS[POWER]
    assert not found_by(said_of(OFFICER, {"ppd.started_at": None})) & ALWAYS[OFFICER]
    assert "R-16" not in found_by(written)


# -- two officers --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("officer", "blocked"),
    [("PC 2217 Okoro", True), ("Insp Okoro", True), ("Insp 88 Farrow", False), ("Insp 88 Okoro", False)],
)
def test_the_constable_is_not_the_designated_officer(officer: str, blocked: bool) -> None:
    """R-21: two people, in the constable's part once somebody is named and in the designated officer's."""
    [*named] = [
        one
        for one in said_of(POWER, {**LATER_SAYS, "pp.do": officer}, stage=Stage.COMPLETE)
        if one.code == "R-21"
    ]
    [*says] = [one for one in said_of(OFFICER, {"ppd.officer": officer}) if one.code == "R-21"]

    assert bool(named) is bool(says) is blocked
    assert all(one.override and one.effect is Effect.BLOCK for one in (*named, *says))


def test_nobody_hands_over_to_the_constable() -> None:
    """R-21 holds for whoever takes over later as well."""
    back: Row = {**ACCEPTED, "to": "A/Insp 2217 Okoro"}

    assert "R-21a" in found_by(said_of(OFFICER, {"ppd.handed_over": "yes", "ppd.transfers": (back,)}))
    assert "R-21a" not in found_by(
        said_of(OFFICER, {"ppd.handed_over": "yes", "ppd.transfers": (ACCEPTED,)})
    )


def test_a_designated_officer_who_is_named_late_is_asked_about() -> None:
    """R-59: within the hour nothing is; a name is the answer."""
    nobody: dict[str, Answer | None] = {**LATER_SAYS, "pp.do": PENDING, "pp.do_told_at": None}
    late = USED + timedelta(minutes=61)

    assert "R-59a" in found_by(said_of(POWER, nobody, stage=Stage.COMPLETE, now=late))
    assert "R-59a" not in found_by(said_of(POWER, nobody, stage=Stage.COMPLETE))
    assert "R-59a" not in found_by(said_of(POWER, LATER_SAYS, stage=Stage.COMPLETE, now=late))


# -- where the child stays -----------------------------------------------------------------------------
def test_a_police_station_goes_with_a_reason_an_inspector_and_a_time() -> None:
    """R-27: each of the three is missed, a reason of two words is none, and an emergency still sends."""
    for lacking in ("pp.station_reason", "pp.station_inspector", "pp.station_until"):
        [found] = [one for one in said_of(POWER, {**AT_STATION, lacking: None}) if one.code == "R-27"]
        assert found.fields == (lacking,)
        assert found.override

    assert "R-27" in found_by(said_of(POWER, {**AT_STATION, "pp.station_reason": "No place."}))
    assert found_by(said_of(POWER, AT_STATION)) == ALWAYS[POWER] | {"R-27e"}


def test_a_relative_goes_with_three_checks_and_what_they_found() -> None:
    """R-27d: national computer, force records, social care; what was found needs its words."""
    found = {**CHECKED, "pp.check_records": "something_found"}
    because = {"pp.checks_found": "Two calls to a party in 2019; the duty team agreed all the same."}

    assert found_by(said_of(POWER, CHECKED)) == ALWAYS[POWER]
    assert "R-27d" in found_by(said_of(POWER, found))
    assert "R-27d" not in found_by(said_of(POWER, {**found, **because}))
    assert all(one.override for one in said_of(POWER, found) if one.code == "R-27d")


# -- who is told ---------------------------------------------------------------------------------------
def test_the_duty_teams_number_is_there_before_anything_is_sent() -> None:
    """R-27a: a record that waits for signal tells nobody, so the screen says whom to ring."""
    [shown] = [one for one in said_of(POWER, {"pp.la_told": None}) if one.code == "R-27a"]

    assert "Council’s duty team, 01632 960144" in shown.says


def test_a_council_not_reached_in_an_hour_is_rung_again() -> None:
    """R-27a: within the hour nothing is late; afterwards it is a task, and the reason is asked."""
    nobody: dict[str, Answer | None] = {"pp.la_told": PENDING}
    soon, later = NIGHT, USED + timedelta(minutes=61)

    assert not {"R-27f", "R-59"} & found_by(said_of(POWER, nobody, now=soon))
    assert {"R-27f", "R-59"} <= found_by(said_of(POWER, nobody, now=later))
    assert not {"R-27f", "R-59"} & found_by(said_of(POWER, {}, now=later))


def test_a_gap_goes_with_a_word_why_or_a_time() -> None:
    """R-27b: asleep, abroad, at ten tomorrow are answers; a bare "not asked" is none."""
    asleep = Gap(Why.NOT_ASKED, "asleep; foster carer tells Kit in the morning")
    nobody_else = {**LATER_SAYS, "pp.pr_informed": Gap(Why.NOT_APPLICABLE, "only Robin has it")}
    bare = {**LATER_SAYS, "pp.pr_informed": Gap(Why.NOT_APPLICABLE)}

    assert "R-27b" not in found_by(said_of(POWER, {"pp.child_words": asleep}))
    assert "R-27b" not in found_by(said_of(POWER, {"pp.child_told": PENDING}))
    assert "R-27g" in found_by(said_of(POWER, bare, stage=Stage.COMPLETE))
    assert "R-27g" not in found_by(said_of(POWER, nobody_else, stage=Stage.COMPLETE))


def test_nobody_of_the_family_is_told_where_telling_is_not_safe() -> None:
    """R-51: the default is not to tell; a carer who is suspected is told nothing either."""
    safe: dict[str, Answer | None] = {
        "pp.hbv_fm_fgm": "yes",
        "pp.parents_informed": "not_told",
        "pp.parents_informed_because": "Kit fears a flight tomorrow; the specialist decides at eight.",
    }
    suspected: dict[str, Answer | None] = {"pp.suspect_known": "yes", "pp.suspects": (str(CARER),)}
    others = {**safe, **LATER_SAYS, "pp.parents_told": None}

    assert "R-51a" not in found_by(said_of(POWER, safe))
    assert "R-51a" in found_by(said_of(POWER, suspected))
    assert [one.fields for one in said_of(POWER, others, stage=Stage.COMPLETE) if one.code == "R-51a"] == [
        ("pp.pr_informed",),
        ("pp.lived_with_informed",),
    ]


# -- what is odd ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("part", ALWAYS)
def test_a_grown_up_by_date_of_birth_is_worth_another_look(part: str) -> None:
    """The officer may be right and the date wrong."""
    assert "T-03" in found_by(said_of(part, {}, child=a_person(known_as="Kit", dob="1999-05-02")))
    assert "T-03" not in found_by(said_of(part, {}))


def test_the_designated_officer_cannot_have_had_it_before_it_began() -> None:
    """A slip of the hour moves every clock."""
    early = {**LATER_SAYS, "pp.do_told_at": Moment(USED - timedelta(hours=1))}

    assert "T-02" in found_by(said_of(POWER, early, stage=Stage.COMPLETE))
    assert "T-02" not in found_by(said_of(POWER, LATER_SAYS, stage=Stage.COMPLETE))


def test_what_is_still_to_come_may_lie_ahead() -> None:
    """The next review, the end of the shift, the end of a stay at a station."""
    assert "T-01" not in found_by(said_of(OFFICER, {}))
    assert "T-01" not in found_by(said_of(POWER, AT_STATION))


def test_many_gaps_are_listed_for_whoever_reads_it() -> None:
    """R-19: each gap is honest, many of them are another kind of answer."""
    later = Gap(Why.PENDING, "at the hospital", due="2026-03-15T09:00:00Z")
    names = {
        POWER: ("la_told", "child_told", "accommodation", "parents_informed", "other_children", "handling"),
        OFFICER: ("contact_asked", "epo_at", "end_plan", "signed_off_at", "covert", "officer_listed"),
    }
    for part, six in names.items():
        prefix = guide_of(part).forms[0].prefix
        some: dict[str, Answer | None] = {f"{prefix}.{name}": later for name in six}
        some |= {"pp.covert": "yes"} if part == POWER else {}
        found = found_by(said_of(part, some))
        assert "R-19" in found, part
        assert "R-19" not in found_by(said_of(part, dict(list(some.items())[:3]))), part


def test_exact_words_are_never_measured_or_corrected() -> None:
    """Q-09: a child may say one word, and any word."""
    rude: dict[str, Answer | None] = {
        "pp.child_words": ({"who": "Kit", "said": "no. she claims I am streetwise, dirty"},)
    }

    assert {one for one in found_by(said_of(POWER, rude)) if one.startswith("Q-")} == set()


def test_the_hard_blocks_are_these_and_no_others() -> None:
    """Corrections, section 3: each gives way to an emergency with a reason."""
    blocking = {
        (form.id, rule.id)
        for form in map(definitions.form, ("ppr", "ppd", "ppe", "ppv"))
        for rule in form.rules
        if rule.effect is Effect.BLOCK and rule.override
    }

    assert blocking == {
        *(("ppr", "R-21"), ("ppr", "R-27"), ("ppr", "R-27d")),
        *(("ppd", "R-21"), ("ppd", "R-21a"), ("ppd", "R-22b"), ("ppd", "R-22c"), ("ppe", "R-26")),
    }
