"""Which school was written down: one that is there for certain, or none."""

from __future__ import annotations

from typing import Any

import pytest

from booklets import definitions
from booklets.answers import frozen
from booklets.definitions.tables import Table
from booklets.entities import Entity, EntityKind, new_id
from booklets.errors import DefinitionError
from booklets.schools import SETTING, found, read_schools

LISTED = read_schools(
    {
        "900001": {"name": "Harrowfield Academy", "town": "Harrogate", "postcode": "HG1 9ZZ"},
        "900002": {"name": "St Hild's Primary School", "town": "Scarborough", "postcode": "YO11 9ZZ"},
        "900003": {"name": "St Hild's Primary School", "town": "Ripon", "postcode": "HG4 9ZZ"},
        "900004": {"name": "St Hild's Infant School", "town": "Ripon", "postcode": "HG4 9ZZ"},
    }
)
ST_HILDS = "St Hild's Primary School"


def a_school(**facts: str) -> Entity:
    """A place as an officer wrote it down."""
    return Entity(new_id(), EntityKind.PLACE, frozen({f"place.{name}": one for name, one in facts.items()}))


@pytest.mark.parametrize(
    ("facts", "urn"),
    [
        ({"name": "harrowfield  academy.", "postcode": "hg19zz"}, "900001"),
        ({"building": "Harrowfield Academy", "town": "HARROGATE"}, "900001"),
        ({"name": "St Hilds Primary School", "postcode": "YO11 9ZZ"}, "900002"),
        ({"name": ST_HILDS, "town": "Ripon"}, "900003"),
        ({"name": ST_HILDS}, ""),
        ({"name": ST_HILDS, "town": "Thirsk"}, ""),
        ({"name": ST_HILDS, "town": "Ripon", "postcode": "YO1 1ZZ"}, ""),
        ({"name": "St Hild's", "postcode": "HG4 9ZZ"}, ""),
        ({"postcode": "HG1 9ZZ"}, ""),
        ({"name": "", "town": ""}, ""),
    ],
)
def test_a_name_and_where_it_stands_are_one_school_or_none(facts: dict[str, str], urn: str) -> None:
    """There are many St Hild's, and what the wrong one is told cannot be taken back."""
    school = found(LISTED, urn="", place=a_school(**facts))

    assert (school.urn if school else "") == urn


@pytest.mark.parametrize(
    ("urn", "facts", "known"),
    [
        ("900003", {"name": ST_HILDS}, True),
        ("900004", {"postcode": "HG4 9ZZ"}, True),
        (" 900 003 ", {"name": ST_HILDS}, True),
        ("900003", {"name": ST_HILDS, "postcode": "YO11 9ZZ"}, False),
        ("900001", {"name": ST_HILDS, "town": "Ripon"}, False),
        ("900003", {"name": "The Hild's"}, False),
        ("900004", {"name": ST_HILDS, "town": "Ripon"}, False),
        ("900004", {"name": ST_HILDS, "postcode": "HG4 9ZZ"}, False),
        ("900004", {"name": "St Hild's", "postcode": "HG4 9ZZ"}, True),
        ("999999", {"name": ST_HILDS, "town": "Ripon"}, False),
    ],
)
def test_a_number_needs_one_thing_beside_it_and_nothing_against_it(
    urn: str, facts: dict[str, str], known: bool
) -> None:
    """One digit that is wrong is another school."""
    school = found(LISTED, urn=urn, place=a_school(**facts))

    assert (school is not None) is known
    assert school is None or school.urn == urn.replace(" ", "")


def test_a_number_without_a_place_is_no_school() -> None:
    """Nothing agrees with it."""
    assert found(LISTED, urn="900001", place=None) is None


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (["900001"], "a list of schools"),
        ({"90001": {"name": "A", "town": "B", "postcode": "C"}}, "six digits"),
        ({"900001": {"name": "A", "town": "B"}}, "name, town and postcode"),
        ({"900001": {"name": "A", "town": "B", "postcode": " "}}, "none is empty"),
        ({"900001": {"name": "A", "town": "B", "postcode": 7}}, "are words"),
        ({"900001": "A"}, "name, town and postcode"),
    ],
)
def test_a_list_that_is_wrong_says_what_is_wrong(said: Any, says: str) -> None:
    """A force's file is refused at the start, and not in the night in which a school has to be told."""
    with pytest.raises(ValueError, match=says):
        read_schools(said)
    settings = {**definitions.force("north_yorkshire"), SETTING: said}
    with pytest.raises(DefinitionError, match=says):
        definitions.check_force(Table("forces/north_yorkshire.toml", settings))


def test_a_force_that_lists_none_has_none_and_each_force_has_its_own() -> None:
    """Where none is listed, all of them are rung."""
    assert read_schools(None) == {}
    here, there = (definitions.schools(force) for force in ("north_yorkshire", "seaborough"))
    assert here
    assert there
    assert not here.keys() & there.keys()
