"""Schools, strategy meetings and the exploitation team: who else has to know, and where it is found again.

Found: of schools told of domestic abuse, that "some calls may not be made at all because there is no system
to check these are done"; decisions from strategy meetings that the force "wasn't consistent in where it
stored"; referrals to exploitation meetings that have to be made "at the right time" (Assessment and help).

The night again: Kit's PPN has gone, and from it the school, the meeting and the team come next.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from booklets.answers import Answer, Gap, Moment, Row, Why
from booklets.forms import Effect
from field_app.capture.session import CaptureSession
from field_app.handset.returning import go_on
from sync_server.forwarding.postman import deliver_due
from sync_server.identity.accounts import Role
from tests.support.builders import CARER
from tests.support.colleagues import Colleague
from tests.support.ppns import ppn_of
from tests.support.story_nights import StoryNight, speaks, stands

pytestmark = pytest.mark.thorough

ABUSE: dict[str, Answer] = {
    "ppn.da_victims": (str(CARER),),
    "ppn.da_abusers": Gap(Why.NOT_KNOWN, "A man who had gone"),
    "ppn.da_level": "standard",
    "ppn.da_child_victim": "yes",
}
NOTE = "Kit was at the bus station on both Fridays that the blue van was; his nan wants to be rung first."


def after_the_ppn(night: StoryNight, guide: str) -> CaptureSession:
    """What comes next of Kit's PPN, of which there is one tonight, on the phone that sent it."""
    shift = night.phone.shift
    if not shift.home().parcels:
        night.sends(night.writes(ppn_of({})))
    notice = next(one for one in shift.home().parcels if one.guide == "ppn")
    return go_on(shift, notice, guide)


def to_school(night: StoryNight, **changed: Answer) -> CaptureSession:
    """The school's notice about Kit, with these answers."""
    session = after_the_ppn(night, "encompass")
    said: dict[str, Answer] = {
        "incident_at": Moment(night.now - timedelta(minutes=40)),
        "circumstances": "Kit was upstairs while his mother was hit in the kitchen at nine last night.",
        **dict.fromkeys(("adult_victims", "adult_abusers"), Gap(Why.NOT_APPLICABLE, "named in the PPN")),
        "place": Gap(Why.NOT_APPLICABLE, "named in the PPN"),
        "child_present": "yes",
        "child_where": "On the stairs",
        "child_spoken": "no",
        "setting": "home_educated",
        "adult_at_school": "no",
        "blocked": "is_told",
    }
    for name, answer in {**said, **changed}.items():
        session.put(f"enc.{name}", answer)
    return session


def test_the_school_is_told_before_its_next_day_begins_or_it_is_seen(
    night: StoryNight, sergeant: Colleague
) -> None:
    """Nobody checked whether the calls were made: the next school day's morning is when it is late."""
    session = to_school(night)
    assert not stands(session)
    night.sends(session)
    due = night.tasks()["school_told"]["due_at"]
    assert str(due) > str(night.now)

    night.later(days=25)
    assert "school_told" in {one["what"] for one in sergeant.heard("task")}


def at_a_school(night: StoryNight, **facts: str) -> CaptureSession:
    """Kit goes to a school, which the officer writes down so; nobody who was involved works there."""
    session = to_school(night, setting="school")
    place = session.mention("enc.setting_name")
    for name, fact in {"name": "Harrowfield Academy", "place_type": "school", **facts}.items():
        session.put(f"place.{name}", fact, place)
    return session


def test_the_school_is_told_by_the_system_and_nobody_has_to_ring(
    night: StoryNight, sergeant: Colleague
) -> None:
    """Told by telephone, one call after the other: the notice leaves once it was read, and ends the task."""
    night.sends(night.writes(ppn_of({"ppn.da": "yes", **ABUSE})))
    session = at_a_school(night, postcode="HG1 9ZZ")
    assert not stands(session)
    record = night.sends(session)["enc"]
    assert night.leaving()["school:900001"] == "held"
    assert {one["by_system"] for one in night.tasks(status="open").values()} >= {"on_its_way"}

    sergeant.decided(record)
    deliver_due(night.context)

    assert night.leaving()["school:900001"] == "delivered"
    assert not {"school_told", "operation_encompass"} & night.tasks(status="open").keys()
    told = night.told_in(record, "school_notice")
    assert "Kit was upstairs while his mother was hit" in told
    assert "Do not speak with the child’s parents" in told
    assert "Carer-Test" not in told
    with night.at_the_console("mhet.hale", Role.MHET) as desk:
        page = desk.reads_record(record)
    assert "Operation Encompass, to Harrowfield Academy" in page
    assert "Be there for the child today" in page


def test_a_school_that_the_system_cannot_be_sure_of_is_rung(night: StoryNight, vat: Colleague) -> None:
    """The other side: only a name, of which there may be two. It is somebody's to ring, and says why."""
    session = at_a_school(night, street="School Lane")
    assert not stands(session)
    record = night.sends(session)["enc"]

    assert not [to for to in night.leaving() if to.startswith("school:")]
    assert night.tasks()["school_told"]["by_system"] == "not_listed"
    with night.at_the_console("vat.hale", Role.VAT) as desk:
        assert "not for certain one of those" in desk.reads("/tasks")
        assert "not for certain one of those" in desk.reads_record(record)


def test_telling_a_school_that_must_not_know_is_no_duty(night: StoryNight) -> None:
    """The other side: where it would not be safe, the reason stands there and no clock runs."""
    session = to_school(night, blocked="safety")
    assert stands(session) == {"enc.blocked_because"}

    session.put("enc.blocked_because", "His uncle is the caretaker there and was the one who hit her.")
    night.sends(session)
    assert "school_told" not in night.tasks()


def test_no_school_known_is_a_task_and_no_reason_to_drop_it(night: StoryNight) -> None:
    """Dropped because nobody knew which: somebody finds out."""
    session = to_school(night, setting="none_known")
    assert "R-48" in speaks(session, Effect.SHOW)
    night.sends(session)
    assert night.tasks()["school_found_out"]["status"] == "open"
    assert "R-48" not in speaks(to_school(night))


def test_a_child_taught_at_home_is_the_councils_to_look_after(night: StoryNight) -> None:
    """R-47: there is no school that would notice, so the council's officer is told before the day begins."""
    night.sends(to_school(night, setting="home_educated", blocked="council_instead"))
    assert night.tasks()["home_education_told"]["owner_role"] == "vat"


def at_the_meeting(night: StoryNight) -> CaptureSession:
    """A strategy meeting about Kit, whole."""
    session = after_the_ppn(night, "strategy")
    nurse: Row = {
        "what": "See Kit at his nan's with the nurse",
        "who": "Priya Shah",
        "by": Moment(night.now),
    }
    said: dict[str, Answer] = {
        "at": Moment(night.now),
        "how": "call",
        "attendees": ({"name": "Priya Shah", "agency": "edt_north_yorkshire"},),
        "shared": "The council has two referrals about shouting at night; the school saw a bruise in May.",
        "decision": ("s47",),
        "decision_because": "Kit named the man, the bruise fits, and Robin let him back in on Monday.",
        "actions": (nurse,),
        "disagreed": "no",
    }
    for name, answer in said.items():
        session.put(f"str.{name}", answer)
    return session


@pytest.mark.thorough
def test_what_a_strategy_meeting_decided_stands_under_the_childs_name(night: StoryNight) -> None:
    """Hung in one place or another: it is begun from the PPN, and read under the child by whoever looks."""
    session = at_the_meeting(night)
    assert not stands(session)
    meeting = night.sends(session)["str"]
    with night.at_the_console("mhet.hale", Role.MHET) as desk:
        assert "Strategy meeting" in desk.finds(name="Marlowe-Test")
        page = desk.reads_record(meeting)

    assert "See Kit at his nan's with the nurse" in page
    assert "Priya Shah" in page


def test_a_decision_without_an_action_is_asked_about(night: StoryNight) -> None:
    """What was decided, and nobody to do it by any time: each line says who, and by when."""
    session = at_the_meeting(night)
    session.put("str.actions", ({"what": "See Kit at his nan's with the nurse", "who": "Priya Shah"},))
    assert "STR-1" in stands(session)
    assert "STR-1" not in stands(at_the_meeting(night))


def test_the_teams_note_is_about_this_child(night: StoryNight) -> None:
    """In a log, no concerns: what could stand under any record is asked about."""
    session = night.phone.shift.start("mhet_review")
    session.put("mh.note", "Noted.")
    assert {"Q-02", "Q-03"} & stands(session)

    session.put("mh.note", NOTE)
    assert not {"Q-02", "Q-03"} & stands(session)


def test_each_review_says_whether_the_meeting_looks_at_the_child(night: StoryNight) -> None:
    """Referred too late: no review of the team is sent without saying it, and "declined" has its reason."""
    session = night.phone.shift.start("mhet_review")
    assert "mh.mace" in stands(session)

    session.put("mh.mace", "declined")
    assert "mh.mace_because" in stands(session)
    session.put("mh.mace", "referred")
    assert not {"mh.mace", "mh.mace_because"} & stands(session)
