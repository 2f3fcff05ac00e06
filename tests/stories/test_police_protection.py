"""A child is taken into police protection: why, by whom, until when, and what ends it.

Found: circumstances that "aren't recorded at all or there is little detail"; in two of three cases neither
the transfer between designated officers nor the rescinding was recorded, so that the power may "simply drift
until the statutory maximum 72 hours have passed"; a record that "isn't always saved in the same place"; a
mother's neglect that the officers "didn't investigate" (Decision-making, "Records about the use of powers",
and the case study "officers protect children").

The night again: PC Sample takes Kit, 14, out of a kitchen; Inspector Farrow is the designated officer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from booklets.answers import Answer, Moment
from booklets.entities import new_id
from booklets.errors import NotAllowedNow
from booklets.forms import Effect, Stage
from booklets.records import reference_of
from booklets.school_days import LONDON
from field_app.capture.session import CaptureSession
from field_app.handset.returning import go_on
from sync_server.deciding import Standing
from sync_server.identity.accounts import Role
from tests.support.builders import NIGHT, PPN_SAID
from tests.support.colleagues import Colleague
from tests.support.protection import (
    ACCEPTED,
    AT_STATION,
    CHECKED,
    CONSTABLE_SAYS,
    END,
    END_SAYS,
    HANDED,
    KIT,
    LATER_SAYS,
    NO_CAUSE,
    OFFICER,
    PANEL_SAYS,
    PENDING,
    POWER,
    REVIEW,
    part_of,
)
from tests.support.story_nights import StoryNight, keeps, said, speaks, stands

pytestmark = pytest.mark.thorough

DANGER = "danger:E06000065"
SOON_OFF: dict[str, Answer] = {
    "ppd.on_duty_until": Moment(NIGHT + timedelta(minutes=30)),
    "ppd.handed_over": "yes",
}


def written(night: StoryNight, part: str, changed: dict[str, Answer | None] | None = None) -> CaptureSession:
    """One part of it, whole but for these answers."""
    return night.writes(part_of(part, changed or {}))


def test_the_circumstances_are_recorded_and_in_detail(night: StoryNight) -> None:
    """Not recorded, or with little detail: no grounds stop it, three words are asked about."""
    session = written(night, POWER, {"pp.grounds": None})
    assert stands(session) == {"pp.grounds"}

    session.put("pp.grounds", "Unsafe at home.")
    assert "Q-05" in stands(session)
    assert "What harm, why likely, why now?" in said(session, "Q-05")

    session.put("pp.grounds", CONSTABLE_SAYS["pp.grounds"])
    assert not stands(session)


def test_the_constable_is_never_the_designated_officer(night: StoryNight) -> None:
    """The second officer is there to look at what the first has done."""
    session = written(night, OFFICER, {"ppd.officer": "PC 2217 Okoro"})
    assert "R-21" in stands(session)

    session.put("ppd.officer", "Insp 88 Farrow")
    assert not stands(session)


def test_a_hand_over_counts_once_it_is_accepted_and_until_then_the_manager_hears(
    night: StoryNight, incident_manager: Colleague
) -> None:
    """The transfer was not recorded: here the one before stays responsible, and a manager hears."""
    session = written(night, OFFICER, {**SOON_OFF, "ppd.transfers": (HANDED,)})
    assert {"R-23a", "R-24"} <= speaks(session, Effect.SHOW)
    assert "Insp 91 Reed" in said(session, "R-24")

    night.sends(session)
    night.later(minutes=1)
    assert "hand_over_protection" in {one["what"] for one in incident_manager.heard("task")}


def test_an_accepted_hand_over_asks_nobody(night: StoryNight) -> None:
    """From whom, to whom, when, in which words, accepted when: then there is nothing to say."""
    session = written(night, OFFICER, {**SOON_OFF, "ppd.transfers": (ACCEPTED,)})
    assert not {"R-23a", "R-23b", "R-24", "R-24a"} & speaks(session)
    night.sends(session)
    assert "hand_over_protection" not in night.tasks()


def test_a_hand_over_without_its_reason_is_none(night: StoryNight) -> None:
    """Each cell that inspectors missed is needed."""
    bare = {name: cell for name, cell in ACCEPTED.items() if name != "because"}
    session = written(night, OFFICER, {"ppd.handed_over": "yes", "ppd.transfers": (bare,)})
    assert "cell_needed" in stands(session)
    with pytest.raises(NotAllowedNow):
        night.sends(session)


@pytest.mark.parametrize(
    "unsaid",
    ["ppe.end_reason_because", "ppe.end_decider", "ppe.plan_after", "ppe.now_decided_by", "ppe.now_basis"],
)
def test_the_end_is_a_decision_with_its_reason_and_a_plan(night: StoryNight, unsaid: str) -> None:
    """There was no record of the rationale: who, why, on what basis now, and what keeps Kit safe."""
    session = written(night, END, {unsaid: None})
    assert stands(session) == {unsaid}

    session.put(unsaid, END_SAYS[unsaid])
    assert not stands(session)


def test_the_hours_are_on_the_teams_list_and_a_missing_plan_is_the_managers(
    night: StoryNight, incident_manager: Colleague
) -> None:
    """Drift to 72 hours: reminders and the end are tasks; without a plan at 66 hours a person is told."""
    night.sends(written(night, POWER))
    theirs = night.tasks(owner_role="vat").keys()
    assert {"protection_first_alert", "protection_last_alert", "police_protection"} <= theirs

    night.sends(written(night, OFFICER))
    night.later(hours=67)
    assert "end_of_protection_planned" in {one["what"] for one in incident_manager.heard("task")}


def test_who_drifts_to_the_end_says_so_and_it_is_looked_into(night: StoryNight) -> None:
    """It is no ending like another: the record calls it what it was, and the team finds out why."""
    session = written(night, END, {"ppe.end_reason": "time_reached"})
    assert "R-52" in speaks(session, Effect.SHOW)
    night.sends(session)
    assert night.tasks()["review_protection_over_time"]["owner_role"] == "vat"


def test_an_end_that_was_decided_in_time_is_not_looked_into(night: StoryNight) -> None:
    """The court made its order at ten: nothing more is asked."""
    session = written(night, END)
    assert not stands(session)
    night.sends(session)
    assert "review_protection_over_time" not in night.tasks()


def test_no_reminder_outlives_the_end_and_what_is_still_owed_stays(night: StoryNight) -> None:
    """The end is a decision: three phones began the parts apart, and the hours of each are over with it."""
    power = night.sends(written(night, POWER))["ppr"]
    night.sends(written(night, OFFICER))
    night.looks_across()
    assert night.tasks()["protection_last_alert"]["status"] == "open", "nobody has ended it"

    kit = replace(KIT, id=new_id())
    end = night.sends(night.writes(part_of(END, {}, child=kit)))["ppe"]
    night.looks_across()
    after = night.tasks()
    because = f"PPE {reference_of(end.header.record)}"
    hours = {kind: one for kind, one in after.items() if kind.endswith(("police_protection", "_alert"))}
    assert {one["outcome"] for one in hours.values()} == {because}
    assert after["police_protection"]["status"] == "done"
    assert after["protection_last_alert"]["status"] == "stopped", "a reminder was not done: it is idle"
    assert after["ppn_submitted"]["status"] == "open"

    with night.at_the_console("mhet.hale", Role.MHET) as desk:
        assert because in desk.reads_record(power)


def test_the_end_of_another_childs_protection_ends_no_hours(night: StoryNight) -> None:
    """The other side: Kit's brother went home, and Kit's clock goes on."""
    night.sends(written(night, POWER))
    brother = replace(KIT, id=new_id(), facts={**KIT.facts, "person.given_names": "Ash"})
    night.sends(night.writes(part_of(END, {}, child=brother)))
    night.looks_across()
    assert night.tasks()["police_protection"]["status"] == "open"


def test_without_reasonable_cause_it_ends_now_and_not_at_72_hours(night: StoryNight) -> None:
    """The change that makes the child safe is what ends it: the review that finds it sets the end."""
    session = written(night, OFFICER, {"ppd.reviews": (NO_CAUSE,)})
    assert {"R-52c", "R-52d"} <= speaks(session)
    assert not {"R-52c", "R-52d"} & speaks(written(night, OFFICER))


def test_neglect_is_considered_before_it_closes(night: StoryNight) -> None:
    """Nobody investigated the mother: without offences it does not close; without neglect it is asked."""
    session = written(night, END, {"ppe.offences_considered": None, "ppe.offences": None})
    assert "R-26" in stands(session)

    session.put("ppe.offences_considered", ("assault",))
    session.put("ppe.offences", (END_SAYS["ppe.offences"][1],))  # type: ignore[index,arg-type]
    assert stands(session) == {"R-26a"}

    session.put("ppe.offences_considered", END_SAYS["ppe.offences_considered"])
    session.put("ppe.offences", END_SAYS["ppe.offences"])
    assert not stands(session)


def test_a_ppn_is_owed_and_is_begun_from_the_protection_itself(night: StoryNight) -> None:
    """Two children, and a PPN that must not be forgotten: it goes on from what was sent, about Kit."""
    power = night.sends(written(night, POWER))["ppr"]
    assert night.tasks()["ppn_submitted"]["status"] == "open"

    parcel = night.phone.shift.home().parcels[0]
    notice = go_on(night.phone.shift, parcel, "ppn")
    assert POWER in notice.guide.follows
    assert notice.encounter.subject == power.header.subject
    for name, answer in {**PPN_SAID, "ppn.incident_at": Moment(night.now)}.items():
        notice.put(name, answer)
    night.sends(notice)
    assert night.tasks()["ppn_submitted"]["status"] == "done"


@pytest.mark.thorough
def test_all_three_parts_stand_in_one_place_under_the_child(night: StoryNight) -> None:
    """Word files hung on the occurrence or on the person: whoever asks for the child finds every part."""
    for part in (POWER, OFFICER, END):
        night.sends(written(night, part))
    with night.at_the_console("mhet.hale", Role.MHET) as desk:
        found = desk.finds(name="Marlowe-Test")
        nobody = desk.finds(name="Nobody-Test")

    for part in ("Police protection", "designated officer", "End of police protection"):
        assert part.lower() in found.lower()
    assert "Marlowe-Test" not in nobody.replace("“Nobody-Test”", "")


def test_the_council_is_rung_first_and_told_when_it_arrives(night: StoryNight) -> None:
    """What went well stays so: no send without a call, or its reason; then before a sergeant has read it."""
    session = written(night, POWER, {"pp.la_told": None})
    assert "pp.la_told" in stands(session)
    assert "01632 960144" in said(session, "R-27a")

    session.put("pp.la_told", CONSTABLE_SAYS["pp.la_told"])
    assert "R-27a" not in speaks(session)
    night.sends(session)
    assert night.leaving()[DANGER] == "due"


@pytest.mark.parametrize(
    ("where", "rule", "right"),
    [("police_station", "R-27", AT_STATION), ("relative", "R-27d", CHECKED)],
)
def test_a_child_goes_to_a_proper_place(night: StoryNight, where: str, rule: str, right: Any) -> None:
    """The place of safety of 2021: no station without reason, inspector and hour; no relative unchecked."""
    session = written(night, POWER, {"pp.accommodation": where})
    assert rule in stands(session)

    for name, answer in right.items():
        session.put(name, answer)
    assert rule not in stands(session)


def test_every_use_is_read_by_the_vulnerability_team(
    night: StoryNight, sergeant: Colleague, vat: Colleague
) -> None:
    """The review that the force had begun is a gate: the end is not closed before the team has read it."""
    end = night.sends(written(night, END))["ppe"]
    words = "Used well: no other way that night, and neglect is recorded."
    assert vat.settles(end, words=words) == Standing(False, "not_a_supervisor")

    sergeant.decided(end)
    assert vat.settles(end, words=words) == Standing(True)


def test_the_inspectors_review_and_the_panel_have_their_own_record(
    night: StoryNight,
) -> None:
    """Good practice that lived in one inspector's head: asked within the week, and read at the meeting."""
    night.sends(written(night, POWER))
    night.sends(written(night, END))
    night.looks_across()
    assert night.tasks()["use_of_protection_reviewed"]["owner_role"] == "vat"

    review = written(night, REVIEW, {"ppv.offences_recorded": "no", "ppv.offences_missing": "Neglect."})
    assert "PV-02" in speaks(review, Effect.TASK)
    for name, answer in PANEL_SAYS.items():
        review.put(name, answer)
    night.sends(review)
    night.looks_across()

    assert night.tasks()["use_of_protection_reviewed"]["status"] == "done"
    assert night.tasks()["record_offences"]["owner_role"] == "supervisor"
    page = f"/police-protection?month={night.now.astimezone(LONDON):%Y-%m}"
    with night.at_the_console("vat.hale", Role.VAT, unit="vat") as desk:
        pack = desk.reads(page)
    assert "Monthly panel Both councils want to be rung" in pack
    assert "Offences not recorded Neglect." in pack
    assert "not looked at yet" not in pack


def test_a_use_that_nobody_has_looked_at_says_so(night: StoryNight) -> None:
    """The other side: it is over, and the meeting reads that its review is owed."""
    night.sends(written(night, POWER))
    night.sends(written(night, END))
    page = f"/police-protection?month={night.now.astimezone(LONDON):%Y-%m}"
    with night.at_the_console("vat.hale", Role.VAT, unit="vat") as desk:
        assert "not looked at yet by the vulnerability team’s inspector" in desk.reads(page)


def test_a_designated_officer_who_is_named_late_is_asked_about(night: StoryNight) -> None:
    """Nobody had looked for hours: after the force's hour the constable says what holds it up."""
    early = Moment(NIGHT - timedelta(minutes=100))
    nobody = {**LATER_SAYS, "pp.do": PENDING, "pp.do_told_at": None, "pp.started_at": early}
    assert "R-59a" in speaks(written(night, POWER, nobody), stage=Stage.COMPLETE)
    assert "R-59a" not in speaks(written(night, POWER, dict(LATER_SAYS)), stage=Stage.COMPLETE)


def test_the_monthly_meeting_reads_every_use_and_what_was_late(night: StoryNight) -> None:
    """The good practice gets its pack: the parts as one use, in the officers' words, to read and take."""
    late = Moment(NIGHT - timedelta(minutes=100))
    power = written(night, POWER, {"pp.started_at": late})
    keeps(power, "R-59")
    night.sends(power)
    night.sends(written(night, END))
    used = night.now - timedelta(minutes=100)
    page = f"/police-protection?month={used.astimezone(LONDON):%Y-%m}"

    with night.at_the_console("vat.hale", Role.VAT, unit="vat") as desk:
        pack = desk.reads(page)
        assert "1 use of the power" in pack
        assert str(CONSTABLE_SAYS["pp.grounds"])[:60] in pack
        assert "The council was told late" in pack
        assert "How it ended Emergency protection order" in pack
        taken = desk.takes(page, "For the panel of this month")
        assert "Emergency protection order" in taken
        assert "The council was told late" in taken
