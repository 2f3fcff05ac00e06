"""In a domestic incident it is said apart which adult is the victim and which is the abuser (B.7, B.10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Why, frozen
from booklets.carrying import in_current_editions
from booklets.entities import Entity
from booklets.prefill import following_on
from booklets.review import Problem
from booklets.sending import records_of
from booklets.stamps import Stamp
from tests.support.beside_the_report import looked_at
from tests.support.builders import CARER, NIGHT, an_author
from tests.support.encounters import a_sending
from tests.support.ppns import KIT, ppn_guide, ppn_of, said_of, somebody
from tests.support.walks import needed

DEAN = somebody(known_as="Dean", relationship="step_parent", ethnicity_sde="W1")
NEIGHBOUR = somebody(known_as="Ann", relationship="friend_adult")
ABUSE: Mapping[str, Answer] = {
    "ppn.da": "yes",
    "ppn.da_level": "medium",
    "ppn.da_child_victim": "yes",
}
APART = {"ppn.da_victims", "ppn.da_abusers"}


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ({}, APART),
        ({"ppn.da_victims": (str(CARER),)}, {"ppn.da_abusers"}),
        ({"ppn.da_victims": (str(CARER),), "ppn.da_abusers": (str(DEAN.id),)}, set()),
        ({"ppn.da_victims": (str(CARER),), "ppn.da_abusers": Gap(Why.NOT_KNOWN, "He had gone")}, set()),
        ({name: (str(CARER), str(DEAN.id)) for name in APART}, set()),
    ],
)
def test_a_ppn_asks_for_both_apart(said: Mapping[str, Answer], left: set[str]) -> None:
    """Two names in one list do not say who is in danger from whom; where each did it, both stand in both."""
    assert APART & needed(said_of({**ABUSE, **said}, DEAN)) == left


def test_where_there_is_no_domestic_abuse_nobody_is_asked_for() -> None:
    """The other side."""
    assert not APART & needed(said_of({"ppn.da": "no"}))


def test_the_notice_to_the_school_begins_with_what_the_ppn_said_of_them() -> None:
    """Nobody names them twice, and the two lists stay apart."""
    both = {"ppn.da_victims": (str(CARER),), "ppn.da_abusers": (str(DEAN.id),)}
    pages = definitions.guide("encompass")

    begun = following_on(
        ppn_of({**ABUSE, **both}, DEAN),
        ppn_guide(),
        child=KIT.id,
        next_guide=pages,
        officer=an_author(),
        at=Stamp(NIGHT),
    )

    assert begun.answers["enc.adult_victims"] == (str(CARER),)
    assert begun.answers["enc.adult_abusers"] == (str(DEAN.id),)
    assert DEAN.id in begun.entities


def test_a_notice_to_a_school_asks_for_both_apart() -> None:
    """Or why one of them is not known."""
    apart = ("enc.adult_victims", "enc.adult_abusers")
    nobody = Gap(Why.NOT_KNOWN, "A neighbour heard it; both had gone")

    assert set(apart) <= needed(looked_at("encompass", {}))
    assert not set(apart) & needed(looked_at("encompass", dict.fromkeys(apart, (str(CARER),))))
    assert not set(apart) & needed(looked_at("encompass", dict.fromkeys(apart, nobody)))


def test_a_draft_with_one_list_of_adults_opens_and_its_list_is_sent_along() -> None:
    """What was begun before is asked for both, and whoever reads it reads the old list too."""
    pages, one_list = ppn_guide(), (str(CARER), str(DEAN.id))
    then = ppn_of({**ABUSE, "ppn.da_adults": one_list}, DEAN)
    then = replace(
        then, guide_version="2026.5", editions=MappingProxyType({**pages.editions(), "ppn": "2026.6"})
    )

    now = in_current_editions(then, pages)

    assert now.begun_in["ppn"] == "2026.6"
    whole = replace(now, answers=frozen({**now.answers, **dict.fromkeys(APART, (str(CARER),))}))
    [sent] = records_of(whole, pages, a_sending())
    assert sent.answers["ppn.da_adults"] == one_list
    assert sent.answers["ppn.da_victims"] == (str(CARER),)


# -- whoever does it is suspected --------------------------------------------------------------------
REACHES = {"R-14a", "R-14b", "R-14c"}


def said_where(record: str, abuser: Entity, *others: Entity, victim: Entity = DEAN) -> list[Problem]:
    """What is said where ``abuser`` hurts ``victim``, in the PPN or in the notice to the school."""
    parties = {"victims": (str(victim.id),), "abusers": (str(abuser.id),)}
    if record == "ppn":
        said = {**ABUSE, "ppn.suspect_known": "no"} | {f"ppn.da_{one}": ids for one, ids in parties.items()}
        return said_of(said, abuser, victim, *others)
    told: dict[str, Answer] = {f"enc.adult_{one}": ids for one, ids in parties.items()}
    told["enc.other_children_who"] = tuple(str(one.id) for one in others)
    return looked_at("encompass", told, abuser, victim, *others)


def of_(problems: list[Problem], who: Entity) -> set[str]:
    """Which rules speak of this person."""
    return {one.code for one in problems if one.entity == who.id}


@pytest.mark.parametrize("record", ["ppn", "encompass"])
def test_of_whoever_does_it_it_is_asked_which_other_children_they_reach(record: str) -> None:
    """His own boy lives with somebody else; nobody had called the stepfather a suspect, so nobody asked."""
    lee = somebody(known_as="Lee", relationship="partner_of_parent", ethnicity_sde="W1")
    unknown = lee.changed("person.children_access", Gap(Why.NOT_KNOWN), at=NIGHT, by="NYP-1187")
    none = lee.changed("person.children_access", "no", at=NIGHT, by="NYP-1187")

    assert REACHES & of_(said_where(record, lee), lee) == {"R-14a"}
    assert REACHES & of_(said_where(record, unknown), lee) == {"R-14b"}
    assert not REACHES & of_(said_where(record, none), lee)


@pytest.mark.parametrize("record", ["ppn", "encompass"])
def test_whoever_is_hurt_is_not_asked_it(record: str) -> None:
    """The other side: she is suspected of nothing, and her ethnicity is nobody's question here."""
    lee = somebody(known_as="Lee", relationship="partner_of_parent", ethnicity_sde="W1")
    dawn = somebody(known_as="Dawn", relationship="mother")

    assert not {*REACHES, "R-10a"} & of_(said_where(record, lee, victim=dawn), dawn)


@pytest.mark.parametrize("record", ["ppn", "encompass"])
def test_the_ethnicity_of_whoever_does_it_is_answered_or_why_not(record: str) -> None:
    """R-10: of a suspect too."""
    blank = somebody(known_as="Lee", relationship="partner_of_parent")
    known = somebody(known_as="Lee", relationship="partner_of_parent", ethnicity_sde="W1")

    assert "R-10a" in of_(said_where(record, blank), blank)
    assert "R-10a" not in of_(said_where(record, known), known)


def test_the_children_whom_whoever_does_it_sees_are_named_and_decided_on() -> None:
    """In the notice to the school too; what the PPN has named is there already."""
    seen = {"children_access": "yes", "children_access_who": "His own boy, at weekends."}
    lee = somebody(known_as="Lee", relationship="partner_of_parent", ethnicity_sde="W1", **seen)
    max_ = somebody(known_as="Max", age_estimate="6", ethnicity_sde="W1")

    assert REACHES & of_(said_where("encompass", lee), lee) == {"R-14c"}
    named = said_where("encompass", lee, max_)
    assert not REACHES & of_(named, lee)
    assert "R-13" in of_(named, max_)
    decided = max_.changed("person.ppn_decision", "ppn_done", at=NIGHT, by="NYP-1187")
    assert "R-13" not in of_(said_where("encompass", lee, decided), max_)

    other: Mapping[str, Answer] = {"ppn.other_children": "yes", "ppn.other_children_who": (str(max_.id),)}
    begun = following_on(
        ppn_of({**ABUSE, **other, "ppn.da_abusers": (str(lee.id),)}, lee, max_),
        ppn_guide(),
        child=KIT.id,
        next_guide=definitions.guide("encompass"),
        officer=an_author(),
        at=Stamp(NIGHT),
    )
    assert begun.answers["enc.other_children_who"] == (str(max_.id),)


@pytest.mark.parametrize(
    ("relationship", "shown"), [("father", True), ("partner_of_parent", True), ("friend_adult", False)]
)
def test_where_a_parent_or_carer_does_it_the_family_is_not_told_without_a_specialist(
    relationship: str, shown: bool
) -> None:
    """R-51: also where nobody has written the same name once more under "suspected"."""
    lee = somebody(known_as="Lee", relationship=relationship, ethnicity_sde="W1")
    assert ("R-51" in {one.code for one in said_where("ppn", lee, victim=NEIGHBOUR)}) is shown
