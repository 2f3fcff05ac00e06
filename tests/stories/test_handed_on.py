"""What is known reaches whoever goes to the door, and what two people know otherwise stands side by side.

Found: what call handlers are told, and what police systems hold of a child, does not reach the officer who
is sent ("The force still needs to improve some control room practice"); trigger plans and the places of
earlier times lie where nobody on the street can read them.

The night again: Wren, 15, has a trigger plan and was found twice at the cove. Another officer is sent, and
the control room says that there is no plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from booklets.answers import Answer
from field_app.capture.known_card import card_of
from field_app.capture.known_children import KnownChild
from field_app.capture.session import CaptureSession
from field_app.capture.taking_over import take_over
from field_app.sync.desk import Arrival
from sync_server.identity.accounts import Role
from tests.support.builders import FORCE, UNIT, a_place, an_id
from tests.support.known_children import return_of
from tests.support.shift_packs import Pack, a_plan
from tests.support.story_nights import StoryNight

pytestmark = pytest.mark.thorough

COVE = a_place(an_id("cove"), name="Cornelian cove", street="Cornelian Drive", town="Scarborough")
WREN: Mapping[str, Answer] = {"given_names": "Wren", "surname": "Brook-Test", "dob": "2011-02-19"}


def known_to_the_force(night: StoryNight) -> None:
    """A plan that a colleague wrote, and a night on which she was found."""
    back = return_of("Wren", {"ret.found_place": str(COVE.id)}, **WREN)
    night.officer.sent(replace(back, entities=(*back.entities, COVE)))
    plan: dict[str, Answer] = {"trg.why_words": "Goes to a van at the cove.", "trg.places": (str(COVE.id),)}
    night.officer.sent(a_plan(back, plan, COVE))


def told_on_the_phone(night: StoryNight) -> KnownChild:
    """What the force tells the phone of the officer who is sent, for the shift."""
    pack = Pack(replace(night.officer.handheld, force=FORCE), unit=UNIT)
    arrivals = [Arrival("tonight", at, "shift_pack", "", 0, one) for at, one in enumerate(pack.pulls(), 1)]
    shift, until = night.phone.shift, night.phone.handset.clock.now() + timedelta(hours=8)
    night.phone.on_keeper(lambda: shift._known.take(arrivals, until))
    [child] = shift.home().known.children
    return child


def reported(night: StoryNight, child: KnownChild) -> CaptureSession:
    """The officer begins the report, and says that it is this child."""
    session = night.phone.shift.start("missing")
    take_over(session, child)
    return session


def test_plan_and_earlier_places_are_read_on_the_way_without_signal(night: StoryNight) -> None:
    """Nobody reads them out over the radio: they lie on the phone that has no signal."""
    known_to_the_force(night)

    card = card_of(told_on_the_phone(night), night.phone.shift.force)

    assert "Goes to a van at the cove." in card.plan[0].words
    assert any("Cornelian cove" in one.words for one in card.found)
    assert {one.id for one in card.ring} >= {"control_room", "duty_team"}


def test_what_the_control_room_says_and_what_the_force_has_reach_the_sergeant(
    night: StoryNight,
) -> None:
    """R-55: the officer writes what was said at the radio; what the register has stands beside it."""
    known_to_the_force(night)
    session = reported(night, told_on_the_phone(night))
    session.put("mis.trigger_plan", "no")
    session.put("person.surname", "Brooke-Test")

    sent = night.sends(session, emergency="She is by the water now.")["mis"]

    assert sent.answers["mis.trigger_plan"] == "no"
    with night.at_the_console("sgt.reads", Role.SUPERVISOR) as desk:
        page = desk.reads_record(sent)
    assert "Not settled. The force had on" in page
    assert "Yes, not seen yet" in page
    assert "Brook-Test" in page
    assert "Brooke-Test" in page


def test_nothing_is_taken_over_that_the_officer_has_typed(night: StoryNight) -> None:
    """What stands at the door goes before what stood in a record."""
    known_to_the_force(night)
    session = night.phone.shift.start("missing")
    session.put("person.surname", "Brooke-Test")

    take_over(session, told_on_the_phone(night))

    assert session.value("person.surname") == "Brooke-Test"
    assert session.value("person.dob") == "2011-02-19"
