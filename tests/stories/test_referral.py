"""Telling children's services: whether a PPN is written, how soon, and what stands in it.

Found: a supervisor wrote "PPN to be completed once warrant executed", and it cost 42 days; "unnecessary
delays" in five of six online cases (Investigation, "Supervision of child protection investigations has
improved"); PPNs that response officers did not complete "when other concerns are established" or without
"enough detail about the child's vulnerability"; ethnicity that officers "don't always record" and that
nobody queried; children at risk online who "weren't included in PPNs" (Initial contact, and Assessment and
help); a boy of 14 whose PPN said nothing of his trauma or his worries, and a family who "weren't told about
support" (case study, "ineffective safeguarding and missed investigative opportunities").

The night again: PC Sample writes about Kit, 14, or comes back from a return check of Amy, 15.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from booklets.answers import Answer, Gap, Moment, Why
from booklets.decisions import Outcome
from booklets.errors import NotAllowedNow
from booklets.forms import Effect
from tests.support.builders import CARER, NIGHT, PPN_SAID, a_person
from tests.support.colleagues import Colleague
from tests.support.ppns import ppn_of
from tests.support.story_nights import StoryNight, said, speaks, stands
from tests.support.walks import HONEST, check_of

pytestmark = pytest.mark.thorough

WARRANT = (
    "PPN to be completed once warrant executed, unable to do this in advance of the attendance at the "
    "property as we risk alerting the household and losing evidence."
)
ABUSE: dict[str, Answer] = {
    "ppn.da_victims": (str(CARER),),
    "ppn.da_abusers": Gap(Why.NOT_KNOWN, "A man who had gone"),
    "ppn.da_level": "standard",
    "ppn.da_child_victim": "yes",
}
PARTNER = "partner:E06000065"


def without(*names: str) -> dict[str, Answer]:
    """The honest return check of Amy, without these answers."""
    return {name: answer for name, answer in HONEST.items() if name not in names}


def test_a_ppn_does_not_wait_for_a_warrant(night: StoryNight, sergeant: Colleague) -> None:
    """The 42 days: the report's very sentence is asked about, and a talk with the council is due today."""
    late: dict[str, Answer] = {"ppn.late_reason": "other", "ppn.late_reason_other": WARRANT}
    session = night.writes(ppn_of({**late, "ppn.operation_pending": "yes"}))

    assert "R-15a" in stands(session)
    assert "Mark it covert, speak with the council today, and send it now" in said(session, "R-15a")
    with pytest.raises(NotAllowedNow):
        night.sends(session)

    session.put("ppn.late_reason", None)
    session.put("ppn.late_reason_other", None)
    night.sends(session)
    night.later(minutes=1)
    assert "strategy_discussion" in {one["what"] for one in sergeant.heard("task")}


@pytest.mark.parametrize("reason", ["covert", "forensic_advice"])
def test_secrecy_and_forensic_advice_are_no_reasons_to_wait_either(night: StoryNight, reason: str) -> None:
    """Chosen from the list they are refused outright; a dead phone at the lake is a reason."""
    session = night.writes(ppn_of({"ppn.late_reason": reason}))
    assert "R-15" in stands(session)

    session.put("ppn.late_reason", "no_signal")
    assert not stands(session)


def test_a_ppn_that_comes_late_says_what_held_it_up_and_the_sergeant_hears(
    night: StoryNight, sergeant: Colleague
) -> None:
    """Five of six were late and nobody had asked why: the reason is asked, and the lateness stays known."""
    two_days = Moment(NIGHT - timedelta(days=2))
    session = night.writes(ppn_of({"ppn.incident_at": two_days}))
    assert "R-16" in stands(session)

    session.put("ppn.late_reason", "no_signal")
    assert not stands(session)
    night.sends(session)
    night.later(minutes=1)
    assert "ppn_late" in {one["what"] for one in sergeant.heard("task")}


def test_a_ppn_in_time_is_asked_nothing(night: StoryNight) -> None:
    """The other side of all of it: written tonight, about tonight, it goes in one tap."""
    session = night.writes(ppn_of({}))
    assert not stands(session)
    night.sends(session)
    assert not {"ppn_late", "strategy_discussion"} & night.tasks().keys()


def test_what_the_household_must_not_know_goes_covert_and_not_late(
    night: StoryNight, sergeant: Colleague, vat: Colleague
) -> None:
    """They would be alerted: the PPN goes tonight, and says first of all who must not know."""
    covert: dict[str, Answer] = {
        "ppn.covert": "yes",
        "ppn.do_not_disclose_who": (str(CARER),),
        "ppn.do_not_disclose": "Robin would wipe the computers; the search is on Thursday.",
        "ppn.family_told": "not_told",
        "ppn.family_told_because": "The search would find nothing, and Kit would be alone with Robin.",
    }
    session = night.writes(ppn_of(covert))
    assert not stands(session)
    ppn = night.sends(session)["ppn"]
    sergeant.decided(ppn)
    vat.settles(ppn, words="Passed to the council's named manager; no call to the house.")

    assert night.leaving()[PARTNER] == "due"
    assert "DO NOT CONTACT" in night.told_in(ppn, "referral")
    again = replace(ppn_of({}), incident=session.encounter.incident)  # so the same words may stand again
    told = night.sends(night.writes(again))["ppn"]
    assert "DO NOT CONTACT" not in night.told_in(told, "referral")


@pytest.mark.parametrize(("danger", "owed"), [("yes", "due"), ("no", None)])
def test_danger_reaches_the_council_before_anybody_has_read_it(
    night: StoryNight, danger: str, owed: str | None
) -> None:
    """Children were left at risk while records waited: danger waits for nobody, and all else does."""
    said = {"ppn.immediate_danger_detail": "Dean has a key and is on his way."} if danger == "yes" else {}
    night.sends(night.writes(ppn_of({"ppn.immediate_danger": danger, **said})))
    assert night.leaving().get("danger:E06000065") == owed
    assert night.leaving()[PARTNER] == "held"


def test_harm_that_was_told_at_the_door_makes_a_ppn_or_a_reason(night: StoryNight) -> None:
    """Concerns were established and no PPN was written: a yes and "no PPN" do not go together unsaid."""
    harmed: dict[str, Answer] = {
        **HONEST,
        "pi.pressured": "yes",
        "pi.pressured_acts": ("carry",),
        "pi.pressured_detail": "He gave me a bag for Ripon, Amy says.",
        "pi.ppn_needed_because": "No need.",
    }
    session = night.writes(check_of(harmed))
    assert "R-12" in stands(session)

    session.put("pi.ppn_needed", "yes")
    session.put("pi.ppn_needed_because", None)
    assert "R-12" not in stands(session)


def test_the_ppn_begins_by_itself_and_is_chased_by_the_clock_and_not_by_the_team(
    night: StoryNight, sergeant: Colleague
) -> None:
    """Asked for after the event: here the draft lies on the phone, and the sergeant hears of lateness."""
    session = night.writes(check_of(without("pi.ppn_needed_because") | {"pi.ppn_needed": "yes"}))
    night.sends(session)

    assert [one.guide for one in night.phone.shift.home().drafts] == ["ppn"]
    assert night.tasks()["ppn_submitted"]["status"] == "open"
    night.later(hours=30)
    assert "ppn_submitted" in {one["what"] for one in sergeant.heard("task")}


def test_no_ppn_is_begun_where_none_is_needed(night: StoryNight) -> None:
    """Asked alone, no to each of the eight: nothing follows."""
    night.sends(night.writes(check_of(HONEST)))
    assert night.phone.shift.home().drafts == ()
    assert "ppn_submitted" not in night.tasks()


def test_a_ppn_without_detail_is_asked_what_would_have_to_be_known(night: StoryNight) -> None:
    """Not "enough detail about the child's vulnerability": a few words in a section are asked about."""
    session = night.writes(ppn_of({"ppn.aware_environment": "Normal home."}))
    assert {"Q-05"} <= stands(session)

    session.put("ppn.aware_environment", PPN_SAID["ppn.aware_environment"])
    assert not stands(session)


def test_each_section_of_aware_is_written_or_says_why_not(night: StoryNight) -> None:
    """AWARE was used inconsistently: no box is left empty without its reason."""
    session = night.writes(ppn_of({"ppn.aware_activity": None}))
    assert stands(session) == {"ppn.activity_not_observed"}

    session.put("ppn.activity_not_observed", "asleep")
    assert not stands(session)


def test_what_the_child_is_worried_about_is_asked_for(night: StoryNight) -> None:
    """The boy's trauma and worries were missing: the question has an answer, or a reason why none."""
    session = night.writes(ppn_of({"ppn.worries": None, "ppn.impact": None}))
    assert stands(session) == {"ppn.worries", "ppn.impact"}

    session.put("ppn.worries", "that the two boys in his class get the pictures")
    session.put("ppn.impact", Gap(Why.NOT_ASKED, "Asleep in his mother's arms; the day team asks him."))
    assert not stands(session)


def test_ethnicity_is_the_childs_own_answer_or_why_it_was_not_asked(night: StoryNight) -> None:
    """Not recorded and not queried: without it nothing goes, and no "not known" takes its place."""
    session = night.writes(ppn_of({}, child=a_person(known_as="Kit", ethnicity_sde=Gap(Why.NOT_KNOWN))))
    with pytest.raises(NotAllowedNow):
        night.sends(session)

    session.put("person.ethnicity_sde", "NS")
    session.put("person.ethnicity_sde_not_stated_reason", "N1")
    assert not stands(session)


def test_the_vulnerability_team_can_query_it_and_the_officer_hears(
    night: StoryNight, sergeant: Colleague, vat: Colleague
) -> None:
    """What came without it before is sent back in words, and nothing reaches the council meanwhile."""
    ppn = night.sends(night.writes(ppn_of({})))["ppn"]
    sergeant.decided(ppn)

    vat.settles(
        ppn, Outcome.RETURN, words="Kit's mother is from Bradford; ask Kit how he describes himself."
    )
    assert "how he describes himself" in night.officer.heard("returned")[0]["content"]["words"]
    assert night.leaving()[PARTNER] == "held"


def test_every_child_is_asked_about_what_happens_online(night: StoryNight) -> None:
    """Children at risk online were left out: the question has no default, and a yes asks for the PPN."""
    session = night.writes(check_of(without("pi.online")))
    assert "pi.online" in stands(session)

    session.put("pi.online", "yes")
    session.put("pi.ppn_needed_because", "No need.")
    assert "R-12" in stands(session)
    assert "R-12" not in stands(night.writes(check_of(HONEST)))


def test_the_family_is_told_of_support_or_it_is_said_why_not(night: StoryNight) -> None:
    """The family "weren't told about support": what was offered is a question of its own."""
    session = night.writes(ppn_of({"ppn.support_given": None}))
    assert stands(session) == {"ppn.support_given"}

    session.put("ppn.support_given", ("childline",))
    assert not stands(session)


def test_the_school_of_a_child_who_lives_with_abuse_is_somebodys_task(night: StoryNight) -> None:
    """Some were rung, with "no system to check these are done": it is a task, open until it is done."""
    session = night.writes(ppn_of({"ppn.da": "yes", **ABUSE}))
    assert "R-46" in speaks(session, Effect.TASK)
    assert not stands(session)
    night.sends(session)
    assert night.tasks()["operation_encompass"]["owner_role"] == "vat"


def test_no_school_is_rung_where_there_was_no_abuse(night: StoryNight) -> None:
    """The other side."""
    night.sends(night.writes(ppn_of({})))
    assert "operation_encompass" not in night.tasks()
