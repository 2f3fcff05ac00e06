"""What the exploitation team saw last comes to the phone with the child, and counts there as well."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from booklets import definitions
from booklets.forms import Effect, Stage
from field_app.capture.force_has import FLAGS, all_of
from field_app.capture.known_card import card_of
from field_app.capture.known_children import KnownChild, Pack, child_from
from field_app.capture.taking_over import take_over
from tests.support.handsets import OnShift
from tests.support.shift_packs_told import DAY, a_child
from tests.support.walks import FORCE


def una(level: str, **more: Any) -> KnownChild:
    """A child of whom the pack has this level, or none."""
    told = a_child("Una") | more
    if level:
        told["facts"]["person.exploitation_level"] = [level, DAY]
    found = child_from(told)
    assert found is not None
    return found


@pytest.mark.parametrize(("level", "priority"), [("significant", True), ("emerging", False), ("", False)])
def test_a_child_in_great_danger_is_said_to_be_a_priority_once_it_is_known_who_it_is(
    officer: OnShift, level: str, *, priority: bool
) -> None:
    """Nobody has read out a marker, and the handheld says so all the same (R-32, PM-1)."""
    session = officer.shift.start("missing")
    take_over(session, una(level))

    shown = {one.code for one in session.problems(Stage.CAPTURE) if one.effect is Effect.SHOW}
    assert ("PM-1" in shown) is priority


@pytest.mark.parametrize(("level", "words"), [("significant", [("Significant",)]), ("", [])])
def test_the_level_stands_on_the_card_beside_that_nobody_looked_for_markers(
    level: str, words: list[tuple[str, ...]]
) -> None:
    """A level is no marker: that nobody looked is still said."""
    card = card_of(una(level), definitions.force(FORCE))

    assert [one.words for one in card.exploitation] == words
    assert card.markers == ()


@pytest.mark.parametrize(("force", "often"), [("north_yorkshire", False), ("seaborough", True)])
def test_how_often_stands_out_to_the_team_is_the_forces_own(
    officer: OnShift, force: str, *, often: bool
) -> None:
    """Twice in 90 days: enough for one force, and not for the other."""
    child = una("", times={"30": 1, "90": 2, "all": 2})
    shift = officer.shift
    shift.officer = replace(shift.officer, roles=("mhet",))
    session = shift.start("mhet_review")
    session.force = definitions.force(force)
    take_over(session, child)

    has = all_of(session, Pack(children=(child,)))[FLAGS].value
    assert isinstance(has, tuple)
    assert ("often_missing" in has) is often
