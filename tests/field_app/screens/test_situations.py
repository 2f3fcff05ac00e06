"""A walk that does not say what it is told to say has counted something else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from field_app.ui.places import At
from tests.support.handsets import OnShift
from tests.support.screens import journey
from tests.support.situated import walk
from tests.support.situations import situation
from tests.support.standing import STATES, standing_at


def test_what_is_told_and_finds_no_question_stops_the_walk(officer: OnShift) -> None:
    """By its name, and it alone: all else that is told of this boy was asked for and said."""
    county_lines = situation("county-lines")
    check = county_lines.records[0]
    told = replace(check, chosen={**check.chosen, "ret.asked_by_nobody": "yes"})

    async def walks() -> None:
        async with standing_at(At.START, officer, state=STATES[At.START]) as (app, _):
            said = r"Ty, 15: nobody asked for \['chosen ret.asked_by_nobody'\]"
            with pytest.raises(AssertionError, match=said):
                await walk(replace(county_lines, records=(told,)), app)

    journey(walks)
