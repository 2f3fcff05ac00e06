"""Whom a trigger plan says to ring stands on the child's card, by day and at night."""

from __future__ import annotations

from typing import Any

from booklets import definitions
from field_app.capture.known_card import card_of
from field_app.capture.known_children import child_from
from tests.support.shift_packs_told import amy
from tests.support.walks import FORCE


def rung_by_the_plan(*rows: dict[str, str]) -> list[tuple[str, str]]:
    """Whose number the plan gives, and which, where it names these."""
    told: dict[str, Any] = amy()
    for one in told["told"]:
        if one["form"] == "trg":
            one["answers"] = {**one["answers"], "trg.agencies": [{"row": row} for row in rows]}
    child = child_from(told)
    assert child is not None
    card = card_of(child, definitions.force(FORCE))
    return [(one.whose, one.number) for one in card.ring if one.id.startswith("plan.")]


def test_a_number_for_the_night_stands_beside_the_one_for_the_day() -> None:
    """At three in the morning nobody looks for it in the plan's own words."""
    [day, night] = rung_by_the_plan(
        {"with": "edt_north_yorkshire", "phone": "01632 960144", "night_phone": "01632 960145"}
    )

    assert (day[1], night) == ("01632 960144", (f"{day[0]}: Number at night", "01632 960145"))


def test_a_plan_of_an_earlier_edition_gives_its_numbers_as_before() -> None:
    """It was a log of calls then, and had one number in each line."""
    plan = {"with": "edt_north_yorkshire", "phone": "01632 960144", "outcome": "accepted"}

    assert [number for _, number in rung_by_the_plan(plan)] == ["01632 960144"]
