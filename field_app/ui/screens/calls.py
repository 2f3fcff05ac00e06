"""Whom a duty has to be told by voice, and the number: a call is made, not written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import flet as ft

from booklets.clocks import RETURN_CLOCK
from field_app.ui import kit as k
from field_app.ui import screen_words as words
from field_app.ui import theme as t
from field_app.ui.model import Model
from field_app.ui.screens.standing import ring

Whom = tuple[str, str]
"""What somebody is called, and the number to ring; each empty where the force has given none."""


def duty_team(force: Mapping[str, object]) -> Whom:
    """Whom to ring at the council at night."""
    return str(force.get("emergency_duty_team", "")), str(force.get("emergency_duty_team_phone", ""))


def incident_manager(force: Mapping[str, object]) -> Whom:
    """Who runs the force's incidents tonight."""
    return words.INCIDENT_MANAGER, str(force.get("force_incident_manager_phone", ""))


def call_because(identifier: str, whom: Whom, why: str) -> ft.Control:
    """The call with why it is still to be made, where a tick beside it could be taken for one."""
    who, number = whom
    said = words.ring_team(who, number)
    call = k.row(
        identifier, said, partial(ring, number), under=why, name=ft.Icons.CALL_OUTLINED, colour=t.ACTION
    )
    return k.rows([call], edge=t.EDGE_LINE)


SUPERVISOR = "supervisor_phone"
"""The force's setting for whoever supervises tonight, at any station."""


def after_disclosure(force: Mapping[str, object], *, supervisor: bool = True) -> list[ft.Control]:
    """R-53: the calls once a child has begun to tell; the ``supervisor`` where no main action is that."""
    supervises = str(force.get(SUPERVISOR, "")) if supervisor else ""
    found = [
        ("disclosure.supervisor", words.ring_supervisor, supervises),
        ("disclosure.ring", words.ring_specialists, str(force.get("specialist_interview_phone", ""))),
    ]
    return [
        k.second_action(name, said(number), partial(ring, number), name=ft.Icons.CALL_OUTLINED)
        for name, said, number in found
        if number
    ]


CALLS = {
    RETURN_CLOCK: duty_team,
    "council_told_of_missing": duty_team,
    "council_told_of_protection": duty_team,
    "high_risk_taken_on": incident_manager,
}
"""The duties that are over once somebody was rung, by their clock."""


def whom_to_ring(model: Model, clock: str) -> Whom | None:
    """Whom this duty is about to be told to; nothing for another duty, or where the number is not known."""
    found = CALLS[clock](model.shift.force) if clock in CALLS else None
    return found if found and all(found) else None


def main_call(identifier: str, whom: Whom, *, expand: bool | None = True) -> ft.Control:
    """The call as the one thing to do now."""
    who, number = whom
    return k.main_action(identifier, words.ring(who), partial(ring, number), under=number, expand=expand)


def second_call(identifier: str, whom: Whom) -> ft.Control:
    """The call beside something else that comes first."""
    who, number = whom
    return k.second_action(
        identifier, words.ring_team(who, number), partial(ring, number), name=ft.Icons.CALL_OUTLINED
    )
