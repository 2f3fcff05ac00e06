"""Flags: the server looks at whom and what a record mentions as the device does, and refuses nothing."""

from __future__ import annotations

from typing import Any

from booklets.answers import Gap, Row, Why, frozen
from booklets.entities import Entity, EntityKind
from booklets.forms import Stage
from booklets.records import Record
from sync_server.flags import flags_of, still_seen
from tests.support.builders import HOME, NIGHT, PEOPLE, a_carer, a_person, a_return, an_interview
from tests.support.server_data import at_submission


def flagged(record: Record) -> dict[str, Any]:
    """What a supervisor would see at once."""
    return flags_of(record, at_submission(record.header.force), NIGHT)


def test_a_place_that_nobody_can_find_is_flagged() -> None:
    """The device held it up; a device that did not is no reason to let it pass unseen."""
    nowhere = Entity(HOME, EntityKind.PLACE, frozen({"place.place_type": "home"}))
    lost = a_return(entities=(*PEOPLE[:3], nowhere), stage=Stage.CAPTURE)

    assert "B-04" in flagged(lost)["standing"]
    assert "B-04" not in flagged(a_return(stage=Stage.CAPTURE))["rules"]


def test_what_is_missing_about_somebody_is_missing_here_too() -> None:
    """By the question; whose answer it is stands in the record."""
    other = a_carer(relationship="other")
    entities = (PEOPLE[0], other, *PEOPLE[2:])

    assert (
        "person.relationship_other" in flagged(a_return(entities=entities, stage=Stage.COMPLETE))["missing"]
    )
    assert "person.relationship_other" not in flagged(a_return(entities=entities))["missing"]


def test_an_odd_number_of_the_child_is_a_rule_that_spoke() -> None:
    """Nothing stands against it."""
    odd = (a_person(nhs_no="943 476 5918"), *PEOPLE[1:])
    found = flagged(a_return(entities=odd, stage=Stage.CAPTURE))

    assert "B-02" in found["rules"]
    assert "B-02" not in found["standing"]


def test_half_a_call_and_a_wait_without_end_are_flagged() -> None:
    """They looked like answers."""
    half: Row = {"with": "edt_north_yorkshire"}
    found = flagged(
        a_return({"ret.la_informed": (half,), "ret.handling": Gap(Why.PENDING)}, stage=Stage.CAPTURE)
    )
    assert "cell_needed" in found["standing"]

    waiting = a_return({"ret.la_informed": Gap(Why.PENDING)}, stage=Stage.CAPTURE)
    assert "no_time" in flagged(waiting)["standing"]


def test_wording_is_judged_when_somebody_reads_and_holds_up_nobody_before() -> None:
    """Nothing is decided by it, and judging every sentence is most of the work."""
    blaming = an_interview({"pi.demeanour": "A streetwise girl who is putting herself at risk."})
    sent = at_submission(blaming.header.force)

    assert not {"Q-01", "Q-01a"} & set(flagged(blaming)["rules"])
    assert any("streetwise" in said for said in still_seen(blaming, sent, NIGHT))
    assert still_seen(blaming, sent, NIGHT) != still_seen(an_interview(), sent, NIGHT)
