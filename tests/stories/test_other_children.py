"""Whoever else is a child in it: friends, brothers and sisters, a suspect's own, a nephew.

Found: two friends of a blackmailed boy whom nobody spoke to, and "no PPNs were submitted for either"; a
suspect who would "never do anything like this as I have children of my own", written in the detention log
and not followed up; a registered sex offender's new partner's daughter, two days late, and a nephew "never
recorded on a PPN"; children who are exploited and treated "as offenders" (Investigation; Managing those
posing a risk to children).

The night again: Amy names Jay and Ella, or Dean is asked about; Kit is found with somebody else's bag.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from booklets.answers import Answer, Gap, Moment, Why
from booklets.encounters import Encounter
from booklets.entities import Entity
from booklets.errors import NotAllowedNow
from booklets.forms import Effect, Stage
from tests.support.builders import NIGHT, a_person
from tests.support.colleagues import Colleague
from tests.support.ppns import PROTECTED, ppn_of, somebody
from tests.support.protection import END, part_of
from tests.support.story_nights import StoryNight, problem, said, speaks, stands
from tests.support.walks import AMY, HONEST, check_of

pytestmark = pytest.mark.thorough

REMARK = "I would never do anything like this as I have children of my own."
JAY = somebody(known_as="Jay", age_estimate="15", relationship="friend_child", ethnicity_sde="W1")
ELLA = somebody(known_as="Ella", age_estimate="11", relationship="friend_child", ethnicity_sde="W1")


def with_friends(*friends: Entity) -> dict[str, Answer]:
    """Amy was with these."""
    return {**HONEST, "pi.who": tuple(str(one.id) for one in friends)}


def test_each_friend_who_is_named_gets_a_ppn_or_a_reason(night: StoryNight) -> None:
    """Two friends known to children's services, and nobody went: each is asked about by name."""
    session = night.writes(check_of(with_friends(JAY, ELLA), AMY, JAY, ELLA))
    assert {one.entity for one in session.problems() if one.code == "R-13"} == {JAY.id, ELLA.id}
    with pytest.raises(NotAllowedNow):
        night.sends(session)

    session.put("person.ppn_decision", "no_ppn", JAY.id)
    session.put("person.ppn_decision_because", "At home in bed all night; his mother showed me.", JAY.id)
    session.put("person.ppn_decision", "ppn_done", ELLA.id)
    assert "R-13" not in stands(session)
    night.sends(session)
    assert [one.guide for one in night.phone.shift.home().drafts] == ["ppn"], "Ella's own, begun at once"


def test_a_child_nobody_knows_is_somebodys_to_find(night: StoryNight) -> None:
    """Not identified is no end: it is a task with a time."""
    boy = somebody(known_as="small boy", ethnicity_sde="NS", ethnicity_sde_not_stated_reason="N4")
    named: dict[str, Answer] = {"ppn.other_children": "yes", "ppn.other_children_who": (str(boy.id),)}
    session = night.writes(ppn_of(named, boy))
    assert "R-13" in stands(session)

    session.put("person.ppn_decision", "not_identified", boy.id)
    assert not stands(session)
    night.sends(session)
    assert night.tasks()["identify_child"]["status"] == "open"


def test_where_no_other_child_is_there_it_says_who_was_asked(night: StoryNight) -> None:
    """A plain no is an answer with its ground."""
    session = night.writes(ppn_of({"ppn.other_children_asked": None}))
    assert stands(session) == {"ppn.other_children_asked"}
    assert not stands(night.writes(ppn_of({})))


def test_a_suspects_remark_about_children_of_his_own_is_heard(
    night: StoryNight, sergeant: Colleague
) -> None:
    """The sentence of the detention log, in anybody's exact words, asks whose they are and where tonight."""
    words = ({"who": "Dean", "said": REMARK},)
    session = night.writes(ppn_of({"ppn.aware_words": words}))
    assert "whose children, and where are they tonight?" in said(session, "R-14")
    assert "R-14" not in speaks(night.writes(ppn_of({})))
    night.sends(session)
    assert sergeant.heard("review")[0]["flags"]["rules"] == ["R-14"], "and the sergeant is shown it"


def test_what_a_suspect_said_in_custody_is_heard_when_the_protection_ends(night: StoryNight) -> None:
    """The remark stood in another log: whoever copies it into the end of the protection is asked as well."""
    session = night.writes(part_of(END, {"ppe.end_reason_because": f"Dean, in custody at ten: {REMARK}"}))
    assert "R-14" in speaks(session)
    assert "R-14" not in speaks(night.writes(part_of(END, {})))


def test_friends_who_are_only_named_in_the_childs_words_are_asked_about(night: StoryNight) -> None:
    """Two of his named friends: a name in exact words that belongs to nobody recorded is pointed out."""
    words = ({"who": "Amy", "said": "He says he sends them to Jay and Ollie on Friday."},)
    session = night.writes(check_of({**HONEST, "pi.child_words": words}))
    assert {"Jay", "Ollie"} == {one.says.split()[0] for one in session.problems() if one.code == "Q-10"}

    for name in ("Jay", "Ollie"):
        friend = session.mention("pi.who")
        session.put("person.known_as", name, friend)
        session.put("person.age_estimate", "15", friend)
    assert "Q-10" not in speaks(session)
    assert "R-13" in stands(session), "and now a PPN is asked for each"


def suspected(**facts: Answer) -> tuple[Mapping[str, Answer | None], Entity]:
    """A PPN with a suspect."""
    dean = somebody(known_as="Dean", ethnicity_sde="W1", **facts)
    return {**PROTECTED, "ppn.suspects": (str(dean.id),)}, dean


def test_of_each_suspect_it_is_asked_which_children_they_reach(
    night: StoryNight, sergeant: Colleague
) -> None:
    """Bailed from one child and free to go home to others: yes, no, or a task to find out."""
    changed, dean = suspected()
    session = night.writes(ppn_of(changed, dean))
    assert "R-14a" in stands(session)

    session.put("person.children_access", Gap(Why.NOT_KNOWN), dean.id)
    assert not stands(session)
    night.sends(session)
    assert night.tasks()["find_children_at_risk"]["status"] == "open"
    night.later(hours=30)
    assert "find_children_at_risk" in {one["what"] for one in sergeant.heard("task")}


def test_the_nephew_is_named_and_gets_his_own_notice(night: StoryNight) -> None:
    """Two weeks, and never on a PPN: a yes asks which children, and each is decided on tonight."""
    changed, dean = suspected(children_access="yes")
    session = night.writes(ppn_of({**changed, "ppn.incident_type": "offender_visit"}, dean))
    assert "person.children_access_who" in stands(session)

    session.put("person.children_access_who", "His sister's boy Max, 6, on Sundays.", dean.id)
    max_ = session.mention("ppn.other_children_who")
    session.put("ppn.other_children", "yes")
    for name, answer in {"known_as": "Max", "age_estimate": "6", "ethnicity_sde": "W1"}.items():
        session.put(f"person.{name}", answer, max_)
    assert stands(session) == {"R-13"}

    session.put("person.ppn_decision", "ppn_done", max_)
    assert not stands(session)
    night.sends(session)
    assert {one.guide for one in night.phone.shift.home().drafts} == {"ppn"}


def test_a_suspect_who_reaches_no_child_asks_nothing_more(night: StoryNight) -> None:
    """The other side: asked, and no."""
    changed, dean = suspected(children_access="no")
    session = night.writes(ppn_of(changed, dean))
    assert not {"R-14a", "R-14b", "R-13"} & speaks(session)
    night.sends(session)
    assert "find_children_at_risk" not in night.tasks()


def with_dean(**decided: Answer) -> Encounter:
    """Dean is suspected, and this was decided about telling whoever can protect the child from him."""
    dean = somebody(known_as="Dean", children_access="no", ethnicity_sde="W1")
    named: dict[str, Answer | None] = {"ppn.suspect_known": "yes", "ppn.suspects": (str(dean.id),)}
    lena = somebody(known_as="Lena", relationship="mother")
    told = {f"ppn.{name}": answer for name, answer in decided.items()}
    if decided.get("protector_told") in {"told", "to_be_told", "not_told"}:
        told["ppn.protector"] = (str(lena.id),)
    return ppn_of({**named, **told}, dean, lena)


def test_a_mother_is_told_or_it_is_decided_who_tells_her_and_when(
    night: StoryNight, sergeant: Colleague
) -> None:
    """Slow to make sure that she knew: it is a decision with a name and an hour, and late it is told."""
    session = night.writes(with_dean())
    assert "ppn.protector_told" in stands(session)

    session = night.writes(with_dean(protector_told="to_be_told"))
    wanted = {"ppn.protector_told_by", "ppn.protector_tell_by", "ppn.protector_told_because"}
    assert stands(session) == wanted
    session.put("ppn.protector_told_by", "PC 2210 Sand, offender management")
    session.put("ppn.protector_told_because", "Lena is on a night shift until six.")
    session.put("ppn.protector_tell_by", Moment(night.now + timedelta(hours=30)))
    assert stands(session) == {"P-02"}, "two days were too long"

    by_then = night.now + timedelta(hours=3)
    session.put("ppn.protector_tell_by", Moment(by_then))
    assert not stands(session)
    night.sends(session)
    assert night.tasks()["protector_told"]["due_at"] == by_then
    night.later(hours=4)
    assert "protector_told" in {one["what"] for one in sergeant.heard("task")}


def test_where_nobody_has_decided_the_sergeant_does(night: StoryNight, sergeant: Colleague) -> None:
    """Not known whether she knows: that is the sergeant's to decide, and nothing is held up."""
    session = night.writes(with_dean(protector_told=Gap(Why.NOT_KNOWN)))
    assert not stands(session)
    night.sends(session)
    assert night.tasks()["decide_who_protects"]["owner_role"] == "supervisor"
    night.later(minutes=1)
    assert "decide_who_protects" in {one["what"] for one in sergeant.heard("task")}


def test_a_mother_who_knows_is_nobodys_task(night: StoryNight) -> None:
    """The other side: told, by whom and when; where nobody is suspected, nothing is asked."""
    told = with_dean(protector_told="told", protector_told_by="PC Okoro", protector_told_at=Moment(NIGHT))
    session = night.writes(told)
    assert not stands(session)
    night.sends(session)
    assert not {"protector_told", "decide_who_protects"} & night.tasks().keys()
    assert not night.writes(ppn_of({})).is_asked("ppn.protector_told")


def test_telling_her_is_weighed_where_telling_may_be_a_danger(night: StoryNight) -> None:
    """Somebody near the child must not know: who decided that she was told all the same is asked."""
    told = with_dean(protector_told="told", protector_told_by="PC Okoro", protector_told_at=Moment(NIGHT))
    session = night.writes(told)
    session.put("ppn.covert", "yes")
    session.put("ppn.family_told", "not_told")
    assert problem(session, "R-51a").fields == ("ppn.protector_told",)
    session.put("ppn.protector_told", "not_told")
    assert "R-51a" not in speaks(session)


def test_a_child_with_drugs_may_be_a_victim_first(night: StoryNight) -> None:
    """Treated as offenders: it is said before a question is asked, and how it was considered is asked."""
    session = night.writes(ppn_of({"ppn.incident_type": "crime_suspect"}))
    assert "may be a victim first" in said(session, "R-41")
    assert "ppn.victim_first" in stands(session, Stage.COMPLETE)
    assert "R-41" not in speaks(night.writes(ppn_of({})))

    carried: dict[str, Answer] = {**HONEST, "ret.crime_by_child": "yes"}
    later = night.writes(check_of({**carried, "pi.pressured": "yes"}))
    assert "R-41" in speaks(later, Effect.ASK, stage=Stage.COMPLETE)


def test_modern_slavery_is_decided_on_and_not_left_to_the_child(night: StoryNight) -> None:
    """Exploited by a line: a referral is decided, and the child need not agree to it."""
    session = night.writes(ppn_of({"ppn.exploitation_types": ("CCE",)}, child=a_person(known_as="Kit")))
    assert "R-40" in speaks(session, Effect.SHOW, stage=Stage.COMPLETE)
    assert "R-40" not in speaks(night.writes(ppn_of({})), stage=Stage.COMPLETE)
