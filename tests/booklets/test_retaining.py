"""How long a force keeps what it was sent, as its file says it (S-09)."""

from __future__ import annotations

from typing import Any

import pytest

from booklets import definitions
from booklets.definitions.retaining import DELIVERED, Group
from booklets.errors import DefinitionError


def test_a_force_that_says_nothing_has_what_the_product_delivers() -> None:
    """Nothing is kept without a time after which somebody looks."""
    assert definitions.retaining({}) is DELIVERED


def test_a_record_has_the_gravest_group_of_its_type_its_signs_and_its_header() -> None:
    """A return is in the last group, until it shows harm or the handheld has said so."""
    here = definitions.retaining(definitions.force("north_yorkshire"))

    assert here.group_of("RET", signs=False) is Group.FOUR
    assert here.group_of("RET", signs=True) is Group.ONE
    assert here.group_of("RET", signs=False, said="group_2") is Group.TWO
    assert here.group_of("RET", signs=False, said="nonsense") is Group.FOUR
    assert here.group_of("PPR", signs=False, said="group_4") is Group.ONE


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"otherwise": "group_5"}, "otherwise is never 'group_5'"),
        ({"of": {"PNP": "group_1"}}, "'PNP' is no record type"),
        ({"group_4": {"years": 0}}, "from 1 to 120"),
        ({"group_1": {"to_age": 500}}, "at most 120"),
        ({"group_4": {"yeras": 6}}, "'yeras' is not a setting here"),
        ({"days_to_take_back": 0}, "at least one day"),
    ],
)
def test_what_a_force_has_set_wrongly_is_refused(said: dict[str, Any], why: str) -> None:
    """A time that does not run would keep everything for ever, or nothing."""
    with pytest.raises(DefinitionError, match=why):
        definitions.retaining({"retention": said})
