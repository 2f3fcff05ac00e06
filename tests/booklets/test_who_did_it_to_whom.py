"""In a domestic incident it is said apart which adult is the victim and which is the abuser (B.7, B.10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Why, frozen
from booklets.carrying import in_current_editions
from booklets.prefill import following_on
from booklets.sending import records_of
from booklets.stamps import Stamp
from tests.support.beside_the_report import looked_at
from tests.support.builders import CARER, NIGHT, an_author
from tests.support.encounters import a_sending
from tests.support.ppns import KIT, ppn_guide, ppn_of, said_of, somebody
from tests.support.walks import needed

DEAN = somebody(known_as="Dean", relationship="step_parent", ethnicity_sde="W1")
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
