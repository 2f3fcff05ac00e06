"""The duties that are over once somebody was rung: whom to ring, and by which number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from booklets.clocks import RETURN_CLOCK
from field_app.ui import screen_words as words

if TYPE_CHECKING:
    from field_app.ui.model import Model

Whom = tuple[str, str]
"""What somebody is called, and the number to ring; each empty where the force has given none."""


def duty_team(force: Mapping[str, object]) -> Whom:
    """Whom to ring at the council at night, where the force has said that there is a team.

    It has one name on every screen, as the questions and the tasks about it have, whatever it calls itself.
    """
    there = bool(force.get("emergency_duty_team"))
    return words.DUTY_TEAM if there else "", str(force.get("emergency_duty_team_phone", ""))


def incident_manager(force: Mapping[str, object]) -> Whom:
    """Who runs the force's incidents tonight."""
    return words.INCIDENT_MANAGER, str(force.get("force_incident_manager_phone", ""))


CALLS: Mapping[str, Callable[[Mapping[str, object]], Whom]] = {
    RETURN_CLOCK: duty_team,
    "council_told_of_missing": duty_team,
    "council_told_of_protection": duty_team,
    "high_risk_taken_on": incident_manager,
}
"""The duties that are over once somebody was rung, by their clock."""


def whom_to_ring(model: Model, clock: str) -> Whom | None:
    """Whom its author tells of this duty; nothing for another duty, or where the number is not known.

    Whoever owns the duty otherwise is the one who is rung, and is offered no call to themselves.
    """
    found = CALLS[clock](model.shift.force) if clock in CALLS else None
    return found if found and all(found) else None
