"""Where a child lives, and who has parental responsibility, each record asks that a council acts on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Why, frozen
from booklets.encounters import review
from booklets.entities import Entity, new_id
from booklets.forms import Stage
from booklets.prefill import following_on
from booklets.review import Problem
from booklets.stamps import Stamp
from tests.support import ppns, protection
from tests.support.walks import AMY, FORCE, HOME, HONEST, MUM, NOW, WELLS, check_of, guide, needed

Says = Callable[[Entity, Stage], list[Problem]]

HOME_AND_FAMILY = {"person.addresses", "person.parental_responsibility"}
LIVES: tuple[Answer, Answer] = (
    (MappingProxyType({"place": str(HOME.id), "type": "home"}),),
    (MappingProxyType({"person": str(MUM.id), "how_known": "Karen says so"}),),
)
NOBODY_KNOWS = Gap(Why.NOT_KNOWN, "Kit would not say, and nobody else was there")


def known_of(child: Entity, lives: Answer | None, responsible: Answer | None) -> Entity:
    """The child, of whom this is known, or nothing yet."""
    said = dict(child.facts) | {"person.addresses": lives, "person.parental_responsibility": responsible}
    return replace(child, facts=frozen({name: one for name, one in said.items() if one is not None}))


def of_ppn(child: Entity, stage: Stage = Stage.COMPLETE) -> list[Problem]:
    """What is said of a PPN that follows from no other record."""
    return ppns.said_of({}, child=child, stage=stage)


def of_custody(child: Entity, stage: Stage = Stage.COMPLETE) -> list[Problem]:
    """What is said of a PPN about a child whom nobody met at a door: what brought police was a crime."""
    met = {"ppn.incident_type": "crime_suspect", "ppn.child_seen": "no"}
    return ppns.said_of({**met, "ppn.child_seen_because": "In custody."}, child=child, stage=stage)


def of_abuse_online(child: Entity, stage: Stage = Stage.COMPLETE) -> list[Problem]:
    """What is said of a PPN about a child who is harmed online."""
    return ppns.said_of({"ppn.incident_type": "online_abuse"}, child=child, stage=stage)


def of_protection(child: Entity, stage: Stage = Stage.COMPLETE) -> list[Problem]:
    """What is said of the constable's part of a police protection."""
    return protection.said_of(protection.POWER, {}, child=child, stage=stage)


EACH = pytest.mark.parametrize("says", [of_ppn, of_custody, of_abuse_online, of_protection])


@EACH
def test_home_and_parental_responsibility_are_asked_whatever_brought_police(says: Says) -> None:
    """B.7, B.8: nobody has to have written a missing report first."""
    assert needed(says(known_of(ppns.KIT, None, None), Stage.COMPLETE)) >= HOME_AND_FAMILY


@EACH
@pytest.mark.parametrize("said", [LIVES, (NOBODY_KNOWS, NOBODY_KNOWS)], ids=["known", "nobody knows"])
def test_what_is_known_or_why_nobody_knows_is_an_answer(says: Says, said: tuple[Answer, Answer]) -> None:
    """Nobody is asked twice."""
    assert not HOME_AND_FAMILY & needed(says(known_of(ppns.KIT, *said), Stage.COMPLETE))


@EACH
def test_neither_holds_up_what_leaves_at_the_door(says: Says) -> None:
    """It is found out later in the shift."""
    assert not HOME_AND_FAMILY & needed(says(known_of(ppns.KIT, None, None), Stage.CAPTURE))


@pytest.mark.parametrize("record", ["ppn", "police_protection"])
def test_what_the_return_check_knew_is_not_asked_again(record: str) -> None:
    """The address, the mother and the school stand there, with the place and the person they name."""
    school = new_id()
    amy = known_of(replace(AMY, facts=frozen({**AMY.facts, "person.school": str(school)})), *LIVES)
    pages = definitions.guide(record)

    begun = following_on(
        check_of(HONEST, amy, MUM, HOME),
        guide(),
        child=amy.id,
        next_guide=pages,
        officer=WELLS,
        at=Stamp(NOW),
    )
    found = review(begun, pages, definitions.force(FORCE), NOW, Stage.COMPLETE)

    assert not {*HOME_AND_FAMILY, "person.school"} & needed(found)
    assert not [one for one in found if one.code == "I-06"]
    assert {MUM.id, HOME.id} <= set(begun.entities)


@pytest.mark.parametrize("record", ["ppn", "police_protection"])
def test_all_three_stand_on_a_page(record: str) -> None:
    """Under "Later this shift", where the officer finds them."""
    [later] = [page for page in definitions.guide(record).pages if page.id == "later"]

    assert {*HOME_AND_FAMILY, "person.school"} <= set(later.fields())
