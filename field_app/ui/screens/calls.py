"""Whom a duty has to be told by voice, and the number: a call is made, not written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial

import flet as ft

from field_app.ui import kit as k
from field_app.ui import screen_words as words
from field_app.ui import theme as t
from field_app.ui.ringing import Whom, duty_team
from field_app.ui.screens.standing import ring


def call_because(identifier: str, whom: Whom, why: str) -> ft.Control:
    """The call with why it is still to be made, where a tick beside it could be taken for one."""
    who, number = whom
    said = words.ring_team(who, number)
    call = k.row(
        identifier, said, partial(ring, number), under=why, name=ft.Icons.CALL_OUTLINED, colour=t.ACTION
    )
    return k.rows([call], edge=t.EDGE_LINE)


NUMBERS = {
    "control_room": "control_room_phone",
    "supervisor": "supervisor_phone",
    "incident_manager": "force_incident_manager_phone",
    "duty_team": "emergency_duty_team_phone",
    "specialists": "specialist_interview_phone",
}
"""The force's setting with the number of each, whoever has the duty tonight, in the order they are rung."""
SENTENCES: Mapping[str, Callable[[str], str]] = {
    "control_room": partial(words.ring_number, words.CONTROL_ROOM),
    "incident_manager": partial(words.ring_number, words.INCIDENT_MANAGER),
    "supervisor": words.ring_supervisor,
    "specialists": words.ring_specialists,
}
AT_ONCE: Mapping[str, tuple[str, ...]] = {
    "R-08a": ("duty_team",),
    "R-09": ("supervisor", "incident_manager"),
    "R-12": ("control_room",),
    "R-12a": ("control_room",),
    "R-27a": ("duty_team",),
    "R-36": ("control_room",),
    "R-50": ("control_room", "incident_manager"),
    "R-53": ("control_room", "specialists"),
    "R-53b": ("specialists",),
    "R-61": ("duty_team",),
}
"""Whom a rule that cannot wait says to ring. An ambulance (R-12a) comes by way of the control room."""
DEATH = "R-50"
STOPPED = {"supervisor": "disclosure.supervisor", "specialists": "disclosure.ring"}
"""Who is rung once a child has begun to tell of a crime, in their order, and what each call is named."""


def call_to(
    identifier: str, force: Mapping[str, object], whom: str, *, main: bool = False
) -> list[ft.Control]:
    """The call to one of `NUMBERS`; nothing where the force has given no number or no name for it."""
    number = str(force.get(NUMBERS[whom], ""))
    team, _ = duty_team(force)
    if not number or (whom == "duty_team" and not team):
        return []
    said = partial(words.ring_team, team) if whom == "duty_team" else SENTENCES[whom]
    act = partial(ring, number)
    if main:
        return [k.main_action(identifier, said("").strip(), act, under=number, expand=None)]
    return [k.second_action(identifier, said(number), act, name=ft.Icons.CALL_OUTLINED)]


def after_disclosure(force: Mapping[str, object], *, supervisor: bool = True) -> list[ft.Control]:
    """R-53: the calls once a child has begun to tell; the ``supervisor`` where no main action is that."""
    asked = [one for one in STOPPED if supervisor or one != "supervisor"]
    return [call for one in asked for call in call_to(STOPPED[one], force, one)]


def at_once(
    force: Mapping[str, object], rules: Collection[str], *, stopped: bool, lead: bool = False
) -> list[ft.Control]:
    """Each call that these rules ask for, once. After a death nobody else is rung from here.

    Once a child has begun to tell (``stopped``), those of R-53 are the supervisor and the specialists, who
    come first. Where they ``lead``, the first is filled: it is what to do now.
    """
    if DEATH in rules:
        rules, stopped = {DEATH}, False
    asked = {whom for rule in rules if not (stopped and rule == "R-53") for whom in AT_ONCE.get(rule, ())}
    names = {one: "ring" if one == "duty_team" else f"ring.{one}" for one in NUMBERS if one in asked}
    shown: list[ft.Control] = []
    for whom, name in ({**STOPPED, **(names | STOPPED)} if stopped else names).items():
        shown += call_to(name, force, whom, main=lead and not shown)
    return shown


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
