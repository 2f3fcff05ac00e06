"""S-10: a child under ten is nobody's suspect. Whoever names one is asked in every record, never stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest

from booklets import definitions
from booklets.answers import Answer, frozen
from booklets.encounters import begin, review
from booklets.entities import Entity
from booklets.forms import Effect, Stage
from booklets.review import Problem
from booklets.stamps import Stamp
from tests.support.ppns import KIT, PROTECTED, somebody
from tests.support.ppns import said_of as said_of_ppn
from tests.support.walks import FORCE, NOW, WELLS

RULE = "S-10"
SUSPECTS: Mapping[str, tuple[str, Mapping[str, Answer]]] = {
    "ppn.suspects": ("ppn", {"ppn.suspect_known": "yes"}),
    "ppn.da_abusers": ("ppn", {"ppn.da": "yes"}),
    "enc.adult_abusers": ("encompass", {}),
    "pp.suspects": ("police_protection", {"pp.suspect_known": "yes"}),
    "pp.suspects_detained": ("police_protection", {"pp.suspect_known": "yes"}),
    "ppe.suspects": ("protection_end", {"ppe.suspect_known": "yes"}),
    "pi.stop_who": ("return_check", {"pi.disclosure_stop": "yes"}),
    "exp.person": ("exploiter", {}),
    "hot.adults": ("place_of_concern", {}),
    "mh.perp_links": ("mhet_review", {}),
    "trg.exploiters": ("trigger_plan", {}),
}
"""Every question whose answer makes somebody a suspect: the guide that asks it, and what it hangs on."""


def asked(guide_id: str, question: str, named: Entity, besides: Mapping[str, Answer]) -> list[Problem]:
    """What a record says that names somebody there, of this rule."""
    guide = definitions.guide(guide_id)
    field, name = guide.field(question), str(named.id)
    in_row = next((one.id for one in field.columns if one.kind.value == "person"), "")
    answer: Answer = name if field.kind.value == "person" else (name,)
    begun = begin(guide, officer=WELLS, force=FORCE, unit="scarborough", at=Stamp(NOW), subject=KIT)
    written = replace(
        begun,
        answers=frozen({**besides, question: ({in_row: name},) if in_row else answer}),
        entities=MappingProxyType({KIT.id: KIT, named.id: named}),
    )
    found = review(written, guide, definitions.force(FORCE), NOW, Stage.COMPLETE)
    return [one for one in found if one.code == RULE]


def test_no_question_that_makes_a_suspect_is_left_out_here() -> None:
    """A new form that names suspects is added above."""
    roles = {"suspect", "suspected_exploiter"}

    assert SUSPECTS.keys() == {name for name, one in definitions.every_field().items() if one.role in roles}


@pytest.mark.parametrize("question", SUSPECTS)
def test_a_child_under_ten_is_asked_about_wherever_suspects_are_named(question: str) -> None:
    """Asked, and kept with a reason: never a block. A child of ten is asked nothing of it."""
    guide, besides = SUSPECTS[question]
    max_ = somebody(known_as="Max", age_estimate="9")

    [found] = asked(guide, question, max_, besides)
    assert (found.effect, found.entity, found.fields) == (Effect.ASK, max_.id, ("person.known_as",))
    assert "child of concern" in found.says
    assert not asked(guide, question, somebody(known_as="Finn", age_estimate="10"), besides)


@pytest.mark.parametrize(
    ("facts", "is_asked"),
    [
        ({"dob": "2016-03-15"}, True),
        ({"dob": "2016-03-14"}, False),
        ({"dob": "2016-01-01", "age_estimate": "8"}, False),
        ({"dob": "2016"}, True),
        ({"dob": "2015"}, False),
        ({"age_estimate": "9"}, True),
        ({"age_estimate": "31"}, False),
        ({}, False),
    ],
)
def test_the_age_is_by_the_date_of_birth_or_as_estimated(
    facts: Mapping[str, Answer], is_asked: bool
) -> None:
    """The tenth birthday counts; a year alone may mean nine; an age that nobody knows says nothing."""
    guide, besides = SUSPECTS["ppn.suspects"]

    assert bool(asked(guide, "ppn.suspects", somebody(known_as="Max", **facts), besides)) is is_asked


@pytest.mark.parametrize(("link", "is_asked"), [("suspected_exploiter", True), ("friend_child", False)])
def test_who_is_called_an_exploiter_is_asked_about_under_any_question(link: str, is_asked: bool) -> None:
    """What somebody is to the child makes a suspect too, also in a report that asks for no suspect."""
    max_ = somebody(known_as="Max", age_estimate="9", relationship=link)

    assert bool(asked("missing", "mis.associates", max_, {})) is is_asked


def test_the_child_a_record_is_about_is_no_suspect_in_it_either() -> None:
    """Named under both, at nine."""
    kit = replace(KIT, facts=frozen({**KIT.facts, "person.dob": "2016-09-01"}))
    named: dict[str, Answer | None] = {**PROTECTED, "ppn.suspects": (str(kit.id),)}

    assert [one.entity for one in said_of_ppn(named, child=kit) if one.code == RULE] == [kit.id]


def test_a_child_who_is_no_suspect_is_asked_nothing_of_it() -> None:
    """Among the other children is where a child of nine belongs."""
    max_ = somebody(known_as="Max", age_estimate="9")

    assert not asked("ppn", "ppn.other_children_who", max_, {"ppn.other_children": "yes"})


@pytest.mark.parametrize(
    ("born", "kind", "is_asked"),
    [
        ("2017-05-02", "crime_suspect", True),
        ("2017-05-02", "neglect", False),
        ("2014-05-02", "crime_suspect", False),
    ],
)
def test_no_ppn_is_about_a_young_suspect(born: str, kind: str, is_asked: bool) -> None:
    """The kind of incident calls the child a suspect too: it is asked, and goes with a reason."""
    child = replace(KIT, facts=frozen({**KIT.facts, "person.dob": born}))

    found = [one for one in said_of_ppn({"ppn.incident_type": kind}, child=child) if one.code == RULE]

    assert [(one.effect, one.fields) for one in found] == (
        [(Effect.ASK, ("ppn.incident_type",))] if is_asked else []
    )
