"""The same child, the same place, the same man again: what no single record shows, and somebody has to see.

Found: a disused hotel "clearly well known to meeting attendees – but no one had dealt with it"; a profile of
exploitation that hasn't been updated since September 2020, of CSE alone; return home interviews that weren't
"escalated" to the managers of children's social care; children who are regularly missing, and a priority
child without a trigger plan (Assessment and help); no "good performance data" about those who exploit
children (Investigation).

The night again: Amy, 15, was at the Old Grand. Weeks later so was Ana, and no officer knew of the other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from booklets.answers import Answer, Gap, Moment, Why
from booklets.entities import Entity, EntityKind, new_id
from booklets.records import Record
from booklets.school_days import LONDON
from field_app.capture.session import CaptureSession
from field_app.handset.returning import go_on
from sync_server.cli import main
from sync_server.identity.accounts import Role
from tests.support.missing import HONEST as REPORT
from tests.support.missing import NOW, SEEN_LAST, a_row, known, somebody, written, yes
from tests.support.story_nights import StoryNight, keeps
from tests.support.walks import AMY, HONEST, check_of

pytestmark = pytest.mark.thorough

ANA = somebody(
    known_as="Ana",
    given_names="Ana",
    surname="Wold",
    dob="2012-09-30",
    sex="F",
    ethnicity_sde="W1",
)
HOTEL: dict[str, Answer] = {
    "name": "The Old Grand",
    "building": "The Old Grand",
    "street": "South Cliff",
    "town": "Scarborough",
    "postcode": "YO11 9ZZ",
    "place_type": "hotel",
}
LEE: dict[str, Answer] = {
    "known_as": "Lee",
    "given_names": "Lee",
    "surname": "Vance",
    "dob": "1994-01-20",
    "sex": "M",
    "relationship": "stranger",
    "has_phone": "no",
    "children_access": "no",
}


def again(one: Entity) -> Entity:
    """The same child as a phone that never met them writes it down: with another id."""
    return Entity(new_id(), one.kind, one.facts)


def back(
    night: StoryNight,
    child: Entity = AMY,
    *others: Entity,
    **changed: Answer,
) -> dict[str, Record]:
    """A child is back, and the officer sends an honest check; ``ret__x`` is the question ``ret.x``."""
    said = {name.replace("__", ".", 1): answer for name, answer in changed.items()}
    session = night.writes(check_of({**HONEST, **said}, again(child), *others))
    for rule in ("Q-02", "Q-10"):
        keeps(session, rule)
    return night.sends(session)


def back_from(night: StoryNight, child: Entity, place: Entity) -> dict[str, Record]:
    """A child was found at a place, and says so."""
    return back(night, child, place, ret__found_place=str(place.id), pi__where=(str(place.id),))


def a_hotel(**facts: Answer) -> Entity:
    """The disused hotel as one officer writes it down."""
    return known(EntityKind.PLACE, **HOTEL | facts)


def beside(night: StoryNight, child: Entity, man: Entity) -> dict[str, Record]:
    """A child is back, and says with whom they were."""
    return back(night, child, man, pi__who=(str(man.id),))


def put(session: CaptureSession, prefix: str, **answers: Answer) -> CaptureSession:
    """Answer questions of one form by their short names."""
    for name, answer in answers.items():
        session.put(f"{prefix}.{name}", answer)
    return session


# -- the disused hotel (R-33) ------------------------------------------------------------------------


def test_the_hotel_that_everybody_knows_is_somebodys_to_act_on(night: StoryNight) -> None:
    """No one had dealt with it: with the second child the team has to say who owns the place."""
    back_from(night, AMY, a_hotel())
    night.looks_across()
    assert "own_hotspot" not in night.tasks(), "one child, once"

    night.another_night(days=20)
    back_from(night, ANA, a_hotel(name="", building="THE OLD GRAND", postcode="yo119zz"))
    night.looks_across()
    with night.at_the_console("mhet.hale", Role.MHET) as desk:
        page = desk.reads("/tasks")
    assert "A place that comes up again" in page
    assert "South Cliff" in page

    night.looks_across(days=60)
    assert night.tasks()["own_hotspot"]["status"] == "open", "it does not go away by itself"


def test_a_hotel_that_somebody_owns_is_asked_about_no_more(night: StoryNight) -> None:
    """Once a record of the place names an owner, the task is over, and the next child opens no other."""
    back_from(night, AMY, a_hotel())
    back_from(night, ANA, a_hotel())
    night.looks_across()
    session = put(
        night.phone.shift.start("place_of_concern"),
        "hot",
        why=("adults_gathering",),
        words="Two children in three weeks, in the bar on the ground floor; the back door hangs open.",
        children=Gap(Why.NOT_APPLICABLE, "in the two return checks"),
        adults=Gap(Why.NOT_KNOWN, "nobody was seen"),
        owner="Insp 91 Reed",
        aim="No child gets in, and whoever meets them there is known.",
        actions=a_row(what="Board up the back door", who="The owner", by=Moment(night.now)),
        review_due=(night.now + timedelta(days=14)).date().isoformat(),
    )
    place = session.mention("hot.place")
    for name, fact in HOTEL.items():
        session.put(f"place.{name}", fact, place)
    night.sends(session, emergency="The place is what this is about; the children stand in their checks.")
    night.looks_across()
    assert night.tasks()["own_hotspot"]["status"] == "done"

    back_from(night, AMY, a_hotel())
    night.looks_across()
    assert not night.tasks(status="open", kind="own_hotspot")


@pytest.mark.parametrize("other", [{"place_type": "hospital"}, {"building": "Holbeck House"}])
def test_a_hospital_and_the_house_next_door_are_no_hotspot(
    night: StoryNight, other: dict[str, Answer]
) -> None:
    """The other side: where children are anyway, and two houses of one street, are nobody's to own."""
    back_from(night, AMY, a_hotel(**({} if "building" in other else other)))
    back_from(night, ANA, a_hotel(**other))
    night.looks_across()
    assert "own_hotspot" not in night.tasks()


# -- one man beside several children (R-34) ----------------------------------------------------------


def test_one_man_beside_two_children_is_looked_into(night: StoryNight) -> None:
    """Amy names Lee, and months later Ana does: neither officer knew, and the team reads his name."""
    beside(night, AMY, somebody(**LEE))
    night.looks_across()
    assert "adult_beside_several" not in night.tasks()

    night.another_night(days=100)
    beside(night, ANA, somebody(**LEE))
    night.looks_across()
    with night.at_the_console("mhet.hale", Role.MHET) as desk:
        page = desk.reads("/tasks")
    assert "abduction notice" in page
    assert "Lee Vance" in page


@pytest.mark.parametrize("who", [{"relationship": "residential_worker"}, {"relationship": "aunt_uncle"}])
def test_a_carer_and_an_uncle_are_beside_children_for_good_reasons(
    night: StoryNight, who: dict[str, Answer]
) -> None:
    """The other side: who works in the home, and who is family, is looked into by nobody."""
    beside(night, AMY, somebody(**LEE | who))
    beside(night, ANA, somebody(**LEE | who))
    night.looks_across()
    assert "adult_beside_several" not in night.tasks()


# -- a child who is missing again and again (R-31) ---------------------------------------------------


def test_the_third_time_in_a_month_is_counted_by_nobodys_memory(night: StoryNight) -> None:
    """Regularly missing: each officer saw one night, and the register counts three."""
    for days in (0, 9, 9):
        assert "repeat_missing" not in night.tasks()
        night.another_night(days=days)
        back(night, AMY)
        night.looks_across()

    asked = night.tasks()["repeat_missing"]
    assert (asked["owner_role"], asked["rule"], asked["status"]) == ("mhet", "R-31", "open")


def test_three_times_in_a_summer_are_not_three_in_a_month(night: StoryNight) -> None:
    """The other side: below the force's limit nobody is asked; nor do three children make one."""
    for child, days in ((AMY, 0), (AMY, 31), (ANA, 1), (AMY, 31)):
        night.another_night(days=days)
        back(night, child)
    night.looks_across()
    assert "repeat_missing" not in night.tasks()


# -- a trigger plan that is owed (R-32) --------------------------------------------------------------


def reviewed(night: StoryNight, level: str, child: Entity = AMY, mace: str = "on_list") -> Record:
    """The team reviews Amy's night: a plan is there, it believes."""
    back(night, child)
    session = go_on(night.phone.shift, night.phone.shift.home().parcels[0], "mhet_review")
    put(
        session,
        "mh",
        reviewed_at=Moment(night.now),
        flags=("exploitation",),
        exploitation_level=level,
        exploitation_types=("CCE",),
        note="Amy was driven to Leeds twice by the man she calls Lee; her aunt is to be rung first.",
        mace=mace,
        nrm="already_in",
        briefing_needed="no",
        trigger_plan="there",
    )
    return night.sends(session, emergency="The meeting begins in five minutes.")["mh"]


def a_plan(night: StoryNight, days: int) -> Record:
    """Amy's trigger plan, to be looked at again after so many days."""
    session = go_on(night.phone.shift, night.phone.shift.home().parcels[0], "trigger_plan")
    put(
        session,
        "trg",
        why=("exploitation",),
        why_words="Driven to Leeds twice.",
        level_if_missing="high",
        level_because="Taken by car within the hour, both times.",
        review_due=(night.now + timedelta(days=days)).date().isoformat(),
    )
    return night.sends(session, emergency="The first hour goes on from what the control room has.")["trg"]


def test_a_plan_that_everybody_believes_in_and_nobody_wrote_is_owed(night: StoryNight) -> None:
    """No trigger plan for a child in great danger: "there" is no plan; the plan itself ends the task."""
    reviewed(night, "significant")
    night.looks_across()
    assert night.tasks()["make_trigger_plan"]["status"] == "open"

    plan = a_plan(night, days=20)
    night.looks_across()
    assert night.tasks()["make_trigger_plan"]["status"] == "done"

    night.looks_across(days=22)
    again_asked = night.tasks(status="open")["make_trigger_plan"]
    assert again_asked["record"] == str(plan.header.record), "the day of its own review has passed"


def test_no_plan_is_owed_for_a_child_who_is_in_no_such_danger(night: StoryNight) -> None:
    """The other side: which levels want one is the force's, and this is none of them."""
    reviewed(night, "emerging")
    night.looks_across()
    assert "make_trigger_plan" not in night.tasks()


# -- the interview that does not come (R-28) ---------------------------------------------------------

STAGES = ("chase_interview", "interview_to_manager", "interview_to_service", "interview_to_director")


def open_stage(night: StoryNight) -> list[str]:
    """What the team is asked of the interview now."""
    return [kind for kind in night.tasks(status="open", owner_role="mhet") if kind in STAGES]


def test_a_late_interview_goes_up_the_council_one_stage_after_the_other(night: StoryNight) -> None:
    """Not escalated: it is chased before it is late, and then each stage of the council is a task.

    Nothing is sent to the council by itself: the team rings, and writes down what came of it.
    """
    back(night, AMY)
    before = night.leaving()
    for hours, stage in ((47, None), (49, 0), (73, 1), (73 + 13 * 24, 2), (73 + 24 * 24, 3)):
        night.looks_across(hours=hours)
        assert open_stage(night) == ([] if stage is None else [STAGES[stage]])
    assert night.leaving().keys() == before.keys()
    with night.at_the_console("mhet.hale", Role.MHET) as desk:
        assert "director" in desk.reads("/tasks")


def test_an_interview_that_was_held_is_chased_by_nobody(night: StoryNight) -> None:
    """The other side: it was held the next day, and the ladder is never begun."""
    back(night, AMY)
    session = go_on(night.phone.shift, night.phone.shift.home().parcels[0], "return_interview")
    put(
        session,
        "rhi",
        responsible_la="E06000065",
        requested_at=Moment(night.now),
        route="secure_link",
        urgent="no",
        outcome="held",
        received_at=Moment(night.now),
    )
    night.sends(session)
    night.looks_across(days=20)
    assert not open_stage(night)
    assert night.tasks()["return_home_interview"]["status"] == "done"


# -- what a month shows (R-30) -----------------------------------------------------------------------


def a_month(night: StoryNight, data: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The file that the force's own command writes of the month in which the children went."""
    went = night.now - (NOW - SEEN_LAST)
    arguments = ["month", "--data", str(data), "--month", f"{went.astimezone(LONDON):%Y-%m}"]
    assert main(arguments, {}) == 0
    return capsys.readouterr().out


def reported(night: StoryNight, number: int, *exploited: str) -> None:
    """One of several children, last seen at the hotel, is reported missing."""
    hotel = a_hotel()
    child = somebody(
        known_as=f"Child{number}", given_names=f"Child{number}", surname="Test", dob="2011-06-02"
    )
    answers: dict[str, Answer | None] = {**REPORT, **yes(*exploited), "mis.last_seen_place": str(hotel.id)}
    session = night.writes(written(answers, hotel, child=child))
    night.sends(session, emergency="Five more reports wait tonight.")


def test_the_months_profile_counts_sexual_and_criminal_exploitation_apart(
    night: StoryNight, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Counted as one: six children, six times criminal, twice sexual too, and neither hides the other."""
    for number in range(6):
        reported(night, number, "f19_cce", *(["f18_cse"] if number < 2 else []))
    month = a_month(night, tmp_path / "server", capsys)

    assert ",exploitation,CCE,6,6" in month
    assert ",exploitation,CSE,fewer than 5,fewer than 5" in month
    assert '"YO11 9ZZ, Hotel or guest house",6,6' in month


def test_no_child_and_nobodys_words_are_in_the_months_profile(
    night: StoryNight, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other side: one child's night says that something was, and not whose; adults stand in no file."""
    reported(night, 1, "f18_cse")
    month = a_month(night, tmp_path / "server", capsys)

    assert ",missing,all,fewer than 5,fewer than 5" in month
    assert not any(word in month for word in ("Child1", "Test", "Old Grand", "Cliff", "YO11", "Carol"))


def test_who_is_behind_the_numbers_is_read_by_an_analyst_who_says_what_for(night: StoryNight) -> None:
    """An out-of-date profile names nobody: this month's has the man, and neither of the girls."""
    beside(night, AMY, somebody(**LEE))
    with night.at_the_console("ms.okafor", Role.ANALYST, unit="intelligence") as desk:
        assert "Lee Vance" not in desk.reads("/problem-profile")
        page = desk.profiles("For the tasking of the proactive team this month")
    assert "Lee Vance" in page
    assert "Amy" not in page


# -- children with a social worker, and the exploitation meeting ----------------------------------------


def test_a_child_with_a_social_worker_is_not_left_out_of_the_meeting_unseen(night: StoryNight) -> None:
    """That her own team has it left such children out: she is on a list until the meeting looks at her."""
    amy = replace(AMY, facts={**AMY.facts, "person.social_worker": "Jo Lin"})
    reviewed(night, "significant", amy, mace="not_needed")
    with night.at_the_console("mhet.hale", Role.MHET, unit="mhet") as desk:
        page = desk.reads("/exploitation-meeting")
        assert "Amy Brook" in page
        assert "Has a social worker" in page
        assert "Not needed" in page

    night.another_night(days=1)
    reviewed(night, "significant", amy, mace="referred")
    with night.at_the_console("mhet.again", Role.MHET, unit="mhet") as desk:
        assert "Amy Brook" not in desk.reads("/exploitation-meeting")
