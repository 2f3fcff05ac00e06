"""Facts: who is mentioned, in which role, and what a condition may look at."""

from __future__ import annotations

from booklets.answers import Answers, Gap, Why
from booklets.facts import Facts, ids_in, mentioned, roles_from
from booklets.forms import Column, Field, Kind
from tests.support.builders import CARER, CHILD, HOME, a_carer, a_person

WITH = Field(id="x.with", kind=Kind.PEOPLE, label="With", role="left_with")
TOLD = Field(
    id="x.told", kind=Kind.ROWS, label="Told", columns=(Column("whom", Kind.PERSON, "Whom"),), role="carer"
)
PLACE = Field(id="x.place", kind=Kind.PLACE, label="Where")
ANSWERS: Answers = {
    "x.with": (str(CHILD), str(CARER), "Robin"),
    "x.told": ({"whom": str(CARER)}, {"whom": Gap(Why.REFUSED)}, {}),
    "x.place": str(HOME),
}


def test_whoever_is_mentioned_is_found_in_answers_and_in_rows() -> None:
    """A name typed where a person belongs is nobody yet, and breaks nothing."""
    found = [(one.id, id_) for one, id_ in mentioned(iter((WITH, TOLD, PLACE)), ANSWERS)]

    assert found == [("x.with", CHILD), ("x.with", CARER), ("x.told", CARER), ("x.place", HOME)]
    assert list(ids_in(Gap(Why.REFUSED))) == []


def test_roles_come_from_the_questions_that_mention_somebody() -> None:
    """One person may have several; the child has the child's."""
    roles = roles_from(iter((WITH, TOLD, PLACE)), ANSWERS, CHILD, "missing_child")

    assert roles == {CHILD: {"missing_child", "left_with"}, CARER: {"left_with", "carer"}}
    assert roles_from(iter(()), {}, None, "missing_child") == {}


def test_people_are_found_by_role_each_once() -> None:
    """Whoever has two of the roles is still one person."""
    facts = Facts(
        entities={CHILD: a_person(), CARER: a_carer()}, roles={CARER: frozenset({"carer", "left_with"})}
    )

    assert list(facts.in_role("carer", "left_with")) == [a_carer()]


def test_a_condition_may_look_at_the_answers_and_at_the_child() -> None:
    """Without a child there are only the answers."""
    facts = Facts(answers={"x.y": "z"}, entities={CHILD: a_person()}, subject=CHILD)

    assert facts.known()["person.surname"] == "Marlowe-Test"
    assert facts.known()["x.y"] == "z"
    assert Facts(answers={"x.y": "z"}).known() == {"x.y": "z"}
    assert "Marlowe" not in repr(facts)
