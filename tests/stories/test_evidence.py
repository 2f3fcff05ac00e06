"""Harm over a phone: what is kept, who is asked for help, and what the child is going through.

Found: a boy of 14, blackmailed with pictures of himself, who "had talked about suicide"; neither call
handler nor officer advised his mother "to preserve the images"; the phone "wasn't taken"; a check of the
user name was dropped because a colleague said it needed a screenshot; an offer of help by a specialist
"wasn't taken up" (Investigation, case study "ineffective safeguarding and missed investigative
opportunities", and "There are excessive delays in obtaining digital forensic evidence").

The night again: Amy is back, and somebody called moss_17 has pictures of her and wants more.
"""

from __future__ import annotations

import pytest

from booklets.answers import Answer, Gap, Moment, Row, Why
from booklets.forms import Effect, Stage
from booklets.margin import About, margin
from tests.support.colleagues import Colleague
from tests.support.ppns import ppn_of
from tests.support.story_nights import StoryNight, said, speaks, stands
from tests.support.walks import HONEST, NOW, check_of

pytestmark = pytest.mark.thorough

ONLINE: dict[str, Answer] = {
    **HONEST,
    "pi.online": "yes",
    "pi.online_detail": "moss_17 has three pictures and sends them to two friends of hers on Friday.",
    "pi.offence_told": "no",
    "pi.evidence_advice": "given",
    "pi.evidence_given_to": ("parent_carer", "child"),
    "pi.immediate_action": ("safety_plan",),
    "pi.immediate_action_detail": "Karen keeps both phones tonight; Amy sleeps in her room.",
    "pi.ppn_needed": "yes",
}
ONLINE.pop("pi.ppn_needed_because")
NAMED: tuple[Row, ...] = ({"platform": "snapchat", "username": "moss_17", "at": Moment(NOW)},)


def test_the_officer_is_told_what_to_say_and_says_whether_it_was_said(night: StoryNight) -> None:
    """Nobody told the mother: the card is on the screen, and its question has no default."""
    unsaid = {name: one for name, one in ONLINE.items() if not name.startswith("pi.evidence")}
    session = night.writes(check_of(unsaid))
    assert "Delete nothing" in said(session, "R-17")
    assert stands(session) == {"pi.evidence_advice"}

    session.put("pi.evidence_advice", "not_given")
    assert stands(session) == {"pi.evidence_advice_because"}
    session.put("pi.evidence_advice", "given")
    session.put("pi.evidence_given_to", ("parent_carer", "child"))
    assert not stands(session)


def test_where_nothing_happened_online_no_card_is_shown(night: StoryNight) -> None:
    """The other side: one "no", and not a word of phones."""
    session = night.writes(check_of(HONEST))
    assert "R-17" not in speaks(session)
    assert not stands(session)


def test_whether_the_phone_was_taken_and_why_is_asked(night: StoryNight) -> None:
    """It wasn't taken, and nobody said why: the same shift asks for both, and the sergeant sees it open."""
    session = night.writes(check_of(ONLINE))
    assert "pi.device_retained" in stands(session, Stage.COMPLETE)
    sent = night.sends(session)["pvi"]
    still_open = {one.question for one in margin(sent, session.force, night.now) if one.about is About.LATER}
    assert "pi.device_retained" in still_open

    session.put("pi.device_retained", "no")
    assert "pi.device_retained_because" in stands(session, Stage.COMPLETE)
    session.put("pi.device_retained_because", "Amy agreed to hand it in at ten, with Karen; switched off.")
    assert not {"pi.device_retained", "pi.device_retained_because"} & stands(session, Stage.COMPLETE)


def test_a_user_name_is_enough_and_nobody_waits_for_a_screenshot(night: StoryNight) -> None:
    """A colleague said it could not be done without one: the question says that it can."""
    session = night.writes(check_of(ONLINE))
    assert "Do not wait for a screenshot" in session.field("pi.identifiers").help
    assert "pi.identifiers" in stands(session, Stage.COMPLETE)

    session.put("pi.identifiers", NAMED)
    assert "pi.identifiers" not in stands(session, Stage.COMPLETE)
    assert not any(one.id == "screenshot" for one in session.field("pi.identifiers").columns)


def test_whether_a_specialist_offered_help_is_asked_and_declining_has_its_reason(night: StoryNight) -> None:
    """An offer in a log went unread: it is a question, and "not taken up" says why."""
    session = night.writes(check_of(ONLINE))
    assert "pi.specialist_offer" in stands(session, Stage.COMPLETE)

    session.put("pi.specialist_offer", "declined")
    assert "pi.specialist_offer_because" in stands(session, Stage.COMPLETE)
    session.put("pi.specialist_offer", "accepted")
    assert not {one for one in stands(session, Stage.COMPLETE) if one.startswith("pi.specialist")}


def test_digital_forensics_stay_an_open_task_until_somebody_says_what_came_of_it(
    night: StoryNight, sergeant: Colleague
) -> None:
    """Two of three offers were never answered: here the sergeant hears when nobody has closed it in time."""
    night.sends(night.writes(check_of(ONLINE)))
    assert night.tasks()["tell_digital_forensics"]["status"] == "open"
    night.later(hours=30)
    assert "tell_digital_forensics" in {one["what"] for one in sergeant.heard("task")}


def test_a_task_that_was_done_in_time_is_told_to_nobody_above(
    night: StoryNight, sergeant: Colleague
) -> None:
    """The other side: PC Sample rang, and says what came of it."""
    night.sends(night.writes(check_of(ONLINE)))
    night.closes("tell_digital_forensics", "Rang the unit at 02:50; Lena has the name.")
    night.later(hours=30)
    assert "tell_digital_forensics" not in {one["what"] for one in sergeant.heard("task")}


def test_talk_of_suicide_does_not_wait_for_a_form(night: StoryNight) -> None:
    """He had talked about suicide: somebody stays with the child, and doing nothing needs its reason."""
    speaks_of_it: dict[str, Answer] = {
        **ONLINE,
        "pi.self_harm_now": "yes",
        "pi.self_harm_detail": "Amy says: if they see them I am done.",
        "pi.immediate_action": ("none_because",),
        "pi.immediate_action_detail": "Nothing yet.",
    }
    session = night.writes(check_of(speaks_of_it))
    assert "Stay with {name}" in said(session, "R-12a")
    assert "R-12b" in stands(session)

    session.put("pi.immediate_action", ("ambulance",))
    session.put("pi.immediate_action_detail", "Crisis team on the line with Amy, PC Amin sits beside her.")
    assert not {"R-12b"} & stands(session)
    assert not {"R-12a", "R-12b"} & speaks(night.writes(check_of(HONEST)))


def test_a_child_who_begins_to_tell_is_stopped_for_and_not_questioned(
    night: StoryNight, sergeant: Colleague
) -> None:
    """Evidence was lost by those who did not know how: one tap leaves the account to a specialist."""
    session = night.writes(check_of(HONEST))
    assert "R-53" not in speaks(session)

    session.stop_for_disclosure()
    assert {"R-53", "R-53b"} <= speaks(session, Effect.SHOW)
    assert "pi.stop_danger" in stands(session)
    assert not {"pi.harm", "pi.online"} & stands(session)


def test_a_ppn_about_harm_online_has_its_evidence_told_of_too(night: StoryNight) -> None:
    """A PPN alone, without a return check: the same card, the same task."""
    session = night.writes(ppn_of({"ppn.online_abuse": "yes"}))
    assert "R-17" in speaks(session, Effect.SHOW)
    assert "R-17a" in speaks(session, Effect.TASK)
    assert not {"R-17", "R-17a"} & speaks(night.writes(ppn_of({})))


KEPT: dict[str, Answer] = {
    "pi.device_retained": "yes",
    "pi.device_retained_because": "Amy and Karen agreed; switched off at 02:50.",
}


def test_nobody_waits_a_year_for_want_of_asking(night: StoryNight, sergeant: Colleague) -> None:
    """Priority could be had and nobody asked: a phone that was kept asks for it, and "no" says why."""
    session = night.writes(check_of({**ONLINE, **KEPT}))
    assert "pi.dfu_priority" in stands(session, Stage.COMPLETE)

    session.put("pi.dfu_priority", "no")
    assert "F-01" in stands(session, Stage.COMPLETE)
    session.put("pi.dfu_priority", "yes")
    assert {"pi.dfu_priority_because", "pi.dfu_priority_answer"} <= stands(session, Stage.COMPLETE)
    assert "F-01" not in stands(session, Stage.COMPLETE)

    session.put(
        "pi.dfu_priority_because", "moss_17 sends the pictures on Friday, and has two friends' names."
    )
    session.put("pi.dfu_priority_answer", "waiting")
    night.sends(session)
    assert night.tasks()["chase_digital_forensics"]["owner_role"] == "author"
    night.later(hours=50)
    assert "chase_digital_forensics" in {one["what"] for one in sergeant.heard("task")}


def test_a_request_that_was_answered_is_chased_by_nobody(night: StoryNight) -> None:
    """The other side: it goes first, and by whose word. A phone that was left is not asked about."""
    asked: dict[str, Answer] = {
        "pi.dfu_priority": "yes",
        "pi.dfu_priority_because": "moss_17 sends the pictures on Friday.",
        "pi.dfu_priority_answer": "goes_first",
    }
    session = night.writes(check_of({**ONLINE, **KEPT, **asked}))
    assert "pi.dfu_priority_answer_words" in stands(session, Stage.COMPLETE)
    night.sends(session)
    assert not {"chase_digital_forensics", "ask_for_priority"} & night.tasks().keys()

    left = night.writes(check_of({**ONLINE, "pi.device_retained": "no"}))
    assert "pi.dfu_priority" not in stands(left, Stage.COMPLETE)


def test_whether_priority_was_asked_for_is_left_open_to_nobody(night: StoryNight) -> None:
    """On the evidence card too: not known is a task to ask, and a card without a phone asks nothing."""
    session = night.phone.shift.start("evidence_card")
    session.put("ev.device_retained", "taken")
    session.put("ev.dfu_priority", Gap(Why.NOT_KNOWN))
    assert "F-01a" in speaks(session, Effect.TASK)
    session.put("ev.dfu_priority", "no")
    assert "F-01" in stands(session, Stage.COMPLETE)
    session.put("ev.dfu_priority", "yes")
    session.put("ev.dfu_priority_answer", "waiting")
    assert "F-02" in speaks(session, Effect.TASK)

    session.put("ev.device_retained", "left")
    assert not {"F-01", "F-01a", "F-02"} & speaks(session, stage=Stage.COMPLETE)
