"""A missing child is back: who is told, who speaks with the child, and what is learnt for the next time.

Found: "delays in telling the local authority when a missing child is returned home" (Summary of findings);
children who were back before there was a report, "closed as 'concern for safety' incidents"; the
recommendation to investigate "where a child has been, and who with" and to conduct and record safe and well
checks; return home interviews that come late and were not "escalated"; booklets of paper, so that "vital
intelligence to help them in the future may be lost" (Assessment and help).

The night again: Amy, 15, is back at half past two, and PC Sample stands on the stairs.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from booklets.answers import Answer, Gap, Moment, Why
from booklets.errors import NotAllowedNow
from booklets.forms import Effect, Stage
from sync_server.identity import accounts
from sync_server.identity.accounts import Role
from tests.support.colleagues import Colleague
from tests.support.missing import BACK as BACK_ALREADY
from tests.support.missing import HONEST as REPORT
from tests.support.missing import written
from tests.support.story_nights import StoryNight, said, speaks, stands
from tests.support.walks import ASLEEP, BACK, CLOSE, FOUND, HONEST, call, check_of

pytestmark = pytest.mark.thorough

COUNCIL = "local_authority:E06000065"
FIRST: dict[str, Answer] = {
    **BACK,
    "ret.left_with": CLOSE["ret.left_with"],
    "ret.la_informed": call(),
}


def without(*names: str) -> dict[str, Answer]:
    """The honest return check of Amy, without these answers."""
    return {name: answer for name, answer in HONEST.items() if name not in names}


def test_the_council_is_told_at_once_and_before_anybody_has_decided(night: StoryNight) -> None:
    """Told late: the first five answers go alone, and the notice is due the moment they arrive."""
    session = night.writes(check_of({name: one for name, one in FIRST.items() if name != "ret.la_informed"}))
    assert "ret.la_informed" in stands(session, Stage.FOUND)
    with pytest.raises(NotAllowedNow):
        night.sends(session, Stage.FOUND)

    session.put("ret.la_informed", FIRST["ret.la_informed"])
    assert not stands(session, Stage.FOUND)
    night.sends(session, Stage.FOUND)
    assert night.leaving()[COUNCIL] == "due"


def test_nobody_has_been_told_until_somebody_has_answered(night: StoryNight) -> None:
    """A call that rang out is no call; after the force's hour it is asked what held it up."""
    rang_out: dict[str, Answer] = {
        **HONEST,
        "ret.found_at": Moment(FOUND - timedelta(hours=2)),
        "ret.la_informed": call("no_answer"),
    }
    session = night.writes(check_of(rang_out))
    assert "R-08a" in speaks(session, Effect.SHOW)
    assert "R-59" in stands(session)
    assert not {"R-08a", "R-59"} & speaks(night.writes(check_of(HONEST)))


def test_where_the_child_has_been_and_with_whom_is_asked(night: StoryNight) -> None:
    """The recommendation of 2021: two questions with people and places for answers, or a reason."""
    session = night.writes(check_of(without("pi.where", "pi.who")))
    assert stands(session) == {"pi.where", "pi.who"}

    session.put("pi.where", HONEST["pi.where"])
    session.put("pi.who", Gap(Why.REFUSED, "Amy says a friend, and no name: she is asked again on Monday."))
    assert not stands(session)


def test_a_child_who_is_not_seen_is_no_safe_child(night: StoryNight, sergeant: Colleague) -> None:
    """A safe and well check by telephone is read with those who may be hurt, before what can wait."""
    night.sends(night.writes(check_of(HONEST)))
    [usual] = {one["risk"] for one in sergeant.heard("review")}

    unseen = without("pi.bwv") | {
        "pi.face_to_face": "no",
        "pi.face_to_face_because": "An hour away, and Amy sleeps, says Karen; PC Amin goes at ten.",
        "pi.demeanour": "Heard Amy say 'night' to Karen behind a door; saw nothing of her.",
    }
    session = night.writes(check_of(unseen))
    assert "R-44a" in speaks(session, Effect.WARN)
    night.sends(session, emergency="The line is bad and Amy's mother has to sleep.")
    assert min(one["risk"] for one in sergeant.heard("review")) < usual


def test_a_child_who_sleeps_is_spoken_with_later_by_somebody(night: StoryNight, sergeant: Colleague) -> None:
    """The check was never done, and nobody knew: it is a task, told to the supervisor of the unit."""
    session = night.writes(check_of(ASLEEP))
    assert not stands(session)
    night.sends(session)
    night.later(minutes=1)
    assert "try_interview_again" in {one["what"] for one in sergeant.heard("task")}


def test_a_child_who_was_spoken_with_is_not_asked_for_again(night: StoryNight, sergeant: Colleague) -> None:
    """The other side: Amy talked, and nobody wakes her twice."""
    night.sends(night.writes(check_of(HONEST)))
    night.later(minutes=1)
    assert not {one["what"] for one in sergeant.heard("task")} & {
        "try_interview_again",
        "prevention_interview",
    }


def test_the_talk_with_the_child_is_for_somebody_who_is_trained_for_it(
    night: StoryNight, sergeant: Colleague
) -> None:
    """Staff without the skills: what PC Okoro may not do is offered to who may, or the sergeant is told."""
    trained(night, "pc.okoro", "sgt.marsh", yes=False)
    night.sends(night.writes(check_of(FIRST)), Stage.FOUND)
    night.later(minutes=1)
    assert night.officer.heard("task") == []
    [told] = [one for one in sergeant.heard("task") if one["what"] == "prevention_interview"]
    assert told["goes_to"] == "supervisor"

    night.another_night(days=1)
    colleague = night.colleague("pc.adeyemi")
    night.sends(night.writes(check_of(FIRST)), Stage.FOUND)
    night.later(minutes=1)
    assert [(one["what"], one["goes_to"]) for one in colleague.heard("task")] == [
        ("prevention_interview", "unit")
    ]


def trained(night: StoryNight, *users: str, yes: bool) -> None:
    """The force says of these officers whether they are trained for work with children."""
    for user in users:
        said = partial(accounts.say_trained, user=user, works_with_children=yes)
        assert night.context.store.write(said)


@pytest.mark.thorough
def test_a_return_home_interview_that_is_late_stands_where_the_team_sees_it(night: StoryNight) -> None:
    """Chased by hand: the 72 hours are the team's task by name, and late is written beside it."""
    night.sends(night.writes(check_of(HONEST)))
    assert night.tasks()["return_home_interview"]["owner_role"] == "mhet"
    with night.at_the_console("mhet.hale", Role.MHET) as desk:
        before = desk.reads("/tasks")
    night.later(hours=73)
    with night.at_the_console("mhet.late", Role.MHET) as desk:
        after = desk.reads("/tasks")

    assert "Return home interview" in before
    assert " late since " not in before
    assert " late since " in after


def test_back_before_the_report_is_a_missing_episode_all_the_same(night: StoryNight) -> None:
    """Closed as a concern for safety: a few answers make the missing record, and the team looks at it."""
    session = night.writes(written(BACK_ALREADY))
    assert "missing episode all the same" in said(session, "R-05")
    made = night.sends(session)
    assert made["mis"].header.record_type == "MIS"
    assert night.tasks()["returned_before_report"]["owner_role"] == "mhet"


@pytest.mark.thorough
def test_an_open_episode_is_never_closed_as_a_concern_for_safety(night: StoryNight) -> None:
    """Leo was back before the report: no reason helps, and the team reads who tried it."""
    report = night.sends(night.writes(written(BACK_ALREADY)))["mis"]
    why = "Leo came home alone at ten to two, and Carol put him to bed; PC Sample spoke with her."
    with night.at_the_console("sgt.desk", Role.SUPERVISOR) as desk:
        answer = desk.closes_the_episode(report, category="concern_for_safety", words=why, despite=why)
        assert "Not as a concern for safety" in answer
        assert "First somebody records the return: “Child is back” on a device" in answer
    with night.at_the_console("mhet.hale", Role.MHET) as desk:
        listed = desk.reads("/episodes")
        register = desk.finds(episode="open")

    assert "Leo Marsh Refused: Concern for safety, no missing report." in listed
    assert "No return recorded" in listed
    assert "Leo Marsh" in register


@pytest.mark.thorough
def test_an_episode_is_not_closed_in_silence_over_what_is_open(night: StoryNight) -> None:
    """Amy is back, and nobody has decided yet: what is open is closed over with a reason."""
    back = night.sends(night.writes(check_of(HONEST)))["ret"]
    why = "Amy was at her aunt's at 14 Saltern Row, and Karen has her back; the talk with her is recorded."
    with night.at_the_console("insp.desk", Role.FIM, unit="control_room") as desk:
        said = {"category": "returned_safe", "words": why}
        assert "Return home interview" in desk.reads(f"/episodes/{back.header.episode}")
        assert "say why it is closed all the same" in desk.closes_the_episode(back, **said)
        reason = "The interview is the council's on Monday; the team chases it, and Sgt Marsh decides today."
        assert "Closed: Back, prevention interview done" in desk.closes_the_episode(
            back, **said, despite=reason
        )
    with night.at_the_console("mhet.hale", Role.MHET) as desk:
        listed = desk.reads("/episodes")

    assert "Amy Brook Closed although something was open: Back, prevention interview done" in listed


@pytest.mark.thorough
def test_what_was_learnt_at_the_door_is_read_by_everybody_the_same_night(night: StoryNight) -> None:
    """Paper, scanned and attached: here the aunt, the row and Amy's words stand on a page, found by name."""
    interview = night.sends(night.writes(check_of(HONEST)))["pvi"]
    with night.at_the_console("mhet.hale", Role.MHET) as desk:
        assert "Amy" in desk.finds(name="Brook")
        page = desk.reads_record(interview)

    assert "I went to my auntie's, nobody rang me." in page
    assert "Jo" in page
    assert "14 Saltern Row" in page


@pytest.mark.thorough
def test_the_meeting_has_one_sheet_and_whoever_takes_it_says_what_for(night: StoryNight) -> None:
    """Three logs of the same children: one is drawn from what officers wrote, and nobody takes it unseen."""
    night.sends(night.writes(written(REPORT)))
    interview = night.sends(night.writes(check_of(HONEST)))["pvi"]
    night.later(hours=7)
    with night.at_the_console("mhet.hale", Role.MHET) as desk:
        sheet = desk.reads("/daily-meeting")
        with pytest.raises(AssertionError, match="Say what you take the file for"):
            desk.takes_the_sheet("")
        taken = desk.takes_the_sheet("The council reads along at nine")
        page = desk.reads_record(interview)

    assert "Amy Brook" in sheet
    assert "no return is recorded" in sheet[sheet.index("Leo Marsh") :]
    assert "Return home interview Missing-from-home team By" in sheet
    assert "Amy Brook" in taken
    assert "Leo Marsh" in taken
    assert "Taken from the console in a file for “The council reads along at nine”" in page


def test_no_concerns_is_no_answer(night: StoryNight) -> None:
    """Booklets said "no concerns": the officer is asked what was seen and asked."""
    session = night.writes(check_of({**HONEST, "pi.carer_view": "No concerns."}))
    assert "Q-04" in stands(session)

    session.put("pi.carer_view", HONEST["pi.carer_view"])
    assert not stands(session)
