"""What a review says first: what cannot wait, with its numbers, and what is needed for what goes now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from booklets import definitions
from booklets.clocks import RETURN_CLOCK
from booklets.forms import AfterStop
from field_app.ui import at_once, review_words, ringing, ringing_words
from field_app.ui import theme as t
from field_app.ui.places import At
from field_app.ui.screens import calls
from tests.support.handsets import OnShift
from tests.support.screens import Screens, fill_of, journey
from tests.support.seldom import SELDOM, only_found, stopped_in_danger
from tests.support.standing import standing_at


def order(app: Screens, *parts: str) -> list[int]:
    """Where the first identifier with each of these parts stands on the screen."""
    shown = app.identifiers()
    return [next(at for at, one in enumerate(shown) if part in one) for part in parts]


def test_after_a_disclosure_calls_and_traces_come_before_every_question(officer: OnShift) -> None:
    """They stood last, under "Good to know", below thirty questions that can wait."""

    async def walk() -> None:
        async with standing_at(At.REVIEW, officer, state=stopped_in_danger) as (app, model):
            session = model.open_session()
            assert app.says(f"{review_words.DO_AT_ONCE} (3)")
            said = str(app.at("disclosure.supervisor").label), str(app.at("disclosure.ring").label)
            assert all("01632" in one for one in said)
            first = order(
                app, "disclosure.ring", "R-53b", "pi.stop_danger_detail", "person.given_names", "R-08:"
            )
            assert first == sorted(first)
            assert app.says(review_words.REST_CAN_FOLLOW)
            assert "needed now" in str(app.at("needed").label)
            await app.tap("needed")
            at = model.returning.jump[0].removeprefix("asked.")
            assert session.field(at).after_stop is AfterStop.NEEDED_NOW

    journey(walk)


def test_after_a_disclosure_the_call_that_comes_first_is_the_main_thing(officer: OnShift) -> None:
    """Three calls looked alike, and the filled button led to eight answers that are written after them."""

    async def walk() -> None:
        async with standing_at(At.REVIEW, officer, state=stopped_in_danger) as (app, _):
            filled = [one.identifier for one in app.touched() if fill_of(one) == t.ACTION]
            assert filled == ["disclosure.supervisor"]
            assert "01632" in str(app.at("disclosure.supervisor").label)
            assert "the rest can follow" in str(app.at("needed").label)
            assert "unfinished, as an emergency" in str(app.at("emergency").label), "what it means, in words"
            await app.letters_at_200()
            found = order(app, "disclosure.supervisor", "emergency")
            assert found == sorted(found), "in large letters too the call is what is seen first"

    journey(walk)


def test_once_nothing_is_needed_the_way_to_send_is_the_main_one(officer: OnShift) -> None:
    """One thing is filled, whatever stands above it."""

    async def walk() -> None:
        async with standing_at(At.REVIEW, officer, state=only_found) as (app, model):
            model.put("ret.condition", ("awake_talking",))
            await app.settle()
            assert [one.identifier for one in app.touched() if fill_of(one) == t.ACTION] == ["send"]

    journey(walk)


def test_before_found_goes_alone_it_says_what_goes_and_that_the_check_goes_on(officer: OnShift) -> None:
    """It looked like the review of the whole check, and its button named the sergeant, not the council."""

    async def walk() -> None:
        async with standing_at(At.REVIEW, officer, state=only_found) as (app, model):
            assert app.says(review_words.ONLY_FOUND_HELP)
            assert app.says(f"{review_words.NEEDED_FOR_FOUND} (1)")
            assert sum("council" in one for one in app.texts()) == 1, (
                "it said twice that the council is told"
            )
            assert str(app.at("needed").label).endswith("then send “found” now")
            model.put("ret.condition", ("awake_talking",))
            await app.settle()
            assert app.at("send").label == "Send “found” now. the rest of the check goes on here"
            await app.tap("send", lambda seen: "go_on" in seen)
            assert model.session is not None

    journey(walk)


def test_what_is_to_be_done_at_once_is_known_by_rules_that_there_are() -> None:
    """A rule that is called otherwise one day would fall back to the end of the review, unseen."""
    every = {
        rule.id
        for guide in definitions.guide_ids()
        for form in definitions.guide(guide).forms
        for rule in form.rules
    }
    assert every >= at_once.NOW
    assert set(calls.AT_ONCE) == at_once.NOW, "each says whom to ring"


FORCE = definitions.force("north_yorkshire")


@pytest.mark.parametrize(
    ("rules", "rung"),
    [
        ({"R-09"}, ["supervisor", "incident_manager"]),
        ({"R-12a", "R-36"}, ["control_room"]),
        ({"R-50", "R-08a"}, ["control_room", "incident_manager"]),
        ({"R-27a", "R-61"}, [""]),
        ({"R-99"}, []),
    ],
)
def test_what_cannot_wait_has_the_numbers_of_those_it_names(rules: set[str], rung: list[str]) -> None:
    """That the control room is to be told now stood there without its number, which the force has set."""
    found = drawn(FORCE, rules)
    assert list(found) == [f"ring.{one}".rstrip(".") for one in rung]
    assert all("01632" in said for said in found.values())


def test_after_a_disclosure_nobody_is_offered_twice() -> None:
    """The supervisor and the specialists stand there already; that traces are lost asks for them again."""
    found = drawn(FORCE, {"R-53", "R-53b", "R-12a"}, stopped=True)
    assert list(found) == ["disclosure.supervisor", "disclosure.ring", "ring.control_room"]


@pytest.mark.parametrize("force", definitions.force_ids())
def test_the_councils_duty_team_has_one_name(force: str) -> None:
    """A button called it otherwise than the task above it and the question below."""
    settings = definitions.force(force)
    who, number = ringing.duty_team(settings)
    assert drawn(settings, {"R-61"}) == {"ring": f"Ring the {who} {number}"}
    said = {
        rule.says
        for guide in ("return_check", "missing")
        for form in definitions.guide(guide).forms
        for rule in form.rules
        if rule.id == "R-08a"
    }
    to_ring = next(one.title for one in definitions.clocks() if one.id == RETURN_CLOCK)
    assert all(who in one.replace("'", "’") for one in (*said, to_ring, ringing_words.CALL_NOW))


def test_a_number_that_the_force_has_not_set_draws_nothing() -> None:
    """Nobody is sent to a button that rings nobody."""
    assert drawn({**FORCE, "control_room_phone": ""}, {"R-12", "R-09"}).keys() == {
        "ring.incident_manager",
        "ring.supervisor",
    }
    assert not drawn({"emergency_duty_team_phone": "01632 960144"}, {"R-61"}), "nor to a team without a name"


def drawn(force: Mapping[str, object], rules: set[str], *, stopped: bool = False) -> dict[str, str]:
    """The calls that stand there, by their identifier, as they are read aloud."""
    shown = calls.at_once(force, rules, stopped=stopped)
    inside: list[Any] = [getattr(one, "content", None) for one in shown]
    return {str(one.identifier): str(one.label) for one in inside}


def test_who_is_told_to_ring_while_the_check_goes_on_has_the_number(officer: OnShift) -> None:
    """It said "Ring the duty team now", without signal at 3 am, and no number on the whole screen."""

    async def walk() -> None:
        async with standing_at(At.SENT, officer, state=SELDOM["sent-still-talking"][1]) as (app, model):
            _, number = ringing.duty_team(model.shift.force)
            assert number in str(app.at("ring").label)
            assert app.at("go_on") is not None

    journey(walk)
