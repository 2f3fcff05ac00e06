"""A council reads where the child lives and who has parental responsibility, or that nobody knows."""

from __future__ import annotations

from booklets.answers import Gap, Why
from sync_server.wording import Words
from tests.support.builders import CARER, PEOPLE, a_person, a_ppn


def test_a_council_reads_where_the_child_lives_and_who_has_parental_responsibility() -> None:
    """By name and address, and how it is known."""
    child = a_person(parental_responsibility=({"person": str(CARER), "how_known": "Robin says so"},))
    read = Words([a_ppn(entities=(child, *PEOPLE[1:]))]).child().splitlines()

    assert "Who has parental responsibility?: Robin Carer-Test, Robin says so" in read
    assert [line for line in read if line.startswith("Addresses:") and "2 Invented Street" in line]


def test_that_nobody_knows_is_read_too() -> None:
    """With the reason."""
    child = a_person(parental_responsibility=Gap(Why.NOT_KNOWN, "Kit would not say"))

    read = Words([a_ppn(entities=(child, *PEOPLE[1:]))]).child().splitlines()

    assert "Who has parental responsibility?: Not known: Kit would not say" in read
