"""R-14: which children somebody reaches is asked of whoever may reach some, wherever a record names them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from booklets.answers import Answer, Gap, Moment, Why
from booklets.entities import Entity, new_id
from booklets.forms import Effect
from tests.support import ppns
from tests.support.beside_the_report import looked_at as beside
from tests.support.missing import NOW, somebody
from tests.support.missing import said_of as reported
from tests.support.walks import HONEST, looked_at

MAN: Mapping[str, Answer] = {"known_as": "Baz", "age_estimate": "31", "ethnicity_sde": "W1"}
HELD: Mapping[str, Answer] = {"rhi.outcome": "held", "rhi.received_at": Moment(NOW)}
REACHES = ["known_offender", "adult_calls_self_partner", "suspected_exploiter"]
NOT_ASKED = ["friend_adult", "teacher", "aunt_uncle", "partner_child", "stranger"]


def man(relationship: str, **facts: Answer) -> Entity:
    """Baz, 31, and what he is to the child."""
    return somebody(**{**MAN, "relationship": relationship, **facts})


def said_of_each(*people: Entity) -> dict[str, list[tuple[str, Effect, object]]]:
    """What each record says of those whom it names beside the child, and nobody calls suspected."""
    ids = tuple(str(one.id) for one in people)
    decided = tuple(str(one.id) for one in people if one.word("ppn_decision"))
    enquired: Mapping[str, Answer] = {
        "act.last_witness": "under_way",
        "act.last_seen_with": ids,
        "act.other_children": decided,
    }
    found = {
        "lines of enquiry": beside("enquiries", enquired, *people),
        "return check": looked_at({**HONEST, "pi.who": ids}, *people),
        "left with": looked_at({**HONEST, "ret.left_with": ids}, *people),
        "missing report": reported({"mis.associates": ids}, *people),
        "ppn": ppns.said_of({"ppn.da": "yes", "ppn.da_victims": ids}, *people),
        "return home interview": beside("return_interview", {**HELD, "rhi.people": ids}, *people),
        "trigger plan": beside("trigger_plan", {"trg.associates": ids}, *people),
    }
    return {
        name: [
            (one.code, one.effect, one.entity) for one in problems if one.code in {"R-14a", "R-14b", "R-14c"}
        ]
        for name, problems in found.items()
    }


@pytest.mark.parametrize("relationship", REACHES)
def test_a_known_offender_and_an_adult_partner_are_asked_which_children_they_see(relationship: str) -> None:
    """Nobody has to suspect them tonight: an offender at the door may have a partner with a daughter."""
    baz = man(relationship)
    assert set(map(tuple, said_of_each(baz).values())) == {(("R-14a", Effect.ASK, baz.id),)}


@pytest.mark.parametrize("relationship", REACHES)
def test_that_nobody_knows_is_a_task_and_an_answer_ends_it(relationship: str) -> None:
    """Not known is no answer to rest on."""
    unknown, known = (
        man(relationship, children_access=Gap(Why.NOT_KNOWN)),
        man(relationship, children_access="no"),
    )

    assert set(map(tuple, said_of_each(unknown).values())) == {(("R-14b", Effect.TASK, unknown.id),)}
    assert not any(said_of_each(known).values())


@pytest.mark.parametrize("relationship", NOT_ASKED)
def test_nobody_else_is_asked(relationship: str) -> None:
    """Whoever is an aunt, a teacher or a friend is no danger by that."""
    assert not any(said_of_each(man(relationship)).values())


def test_of_several_each_is_asked_by_themselves() -> None:
    """One answered, one not known, one not asked, one who is nobody's concern."""
    answered = man("known_offender", children_access="no")
    unknown = man("adult_calls_self_partner", children_access=Gap(Why.NOT_KNOWN))
    blank, aunt = man("known_offender"), man("aunt_uncle")

    for found in said_of_each(answered, unknown, blank, aunt).values():
        assert set(found) == {("R-14b", Effect.TASK, unknown.id), ("R-14a", Effect.ASK, blank.id)}


def test_whoever_was_taken_out_of_every_answer_is_not_asked_about() -> None:
    """What is left of somebody on the handheld is no part of the record."""
    baz = man("known_offender")
    assert not [
        one for one in looked_at({**HONEST, "pi.who": (str(new_id()),)}, baz) if one.entity == baz.id
    ]


@pytest.mark.parametrize("relationship", REACHES)
def test_the_children_somebody_sees_are_named_so_that_each_is_decided_on(relationship: str) -> None:
    """His sister's boy stood in a sentence, and nobody decided about him: named, R-13 asks about the boy."""
    baz = man(relationship, children_access="yes", children_access_who="His sister's boy, on Sundays.")
    boy = somebody(known_as="Max", age_estimate="6", ethnicity_sde="W1", ppn_decision="ppn_done")

    for said, named in ((said_of_each(baz), {"R-14c"}), (said_of_each(baz, boy), set())):
        for record, problems in said.items():
            assert {code for code, _, who in problems if who == baz.id} == named, record


def test_nobody_is_asked_for_children_whom_they_do_not_see() -> None:
    """No is an answer, and whoever is not asked sees nobody."""
    for one in (man("known_offender", children_access="no"), man("aunt_uncle", children_access="yes")):
        assert not any(said_of_each(one).values())
