"""Whose list a child is on: the unit's that wrote of them, and the team's that works with such children.

A team works for the whole force, so its list goes by what was written and not by where (S-08): the missing
and exploitation team has every child, the vulnerability team the children of public protection notices and
of police protection.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final

from booklets import form_names as forms
from sync_server.roles import Role

_UNIT_READERS: Final = frozenset({Role.OFFICER.value, Role.SUPERVISOR.value})
_ASSESSED: Final = frozenset(
    {
        forms.NOTICE,
        *(
            name.lower()
            for name in (
                forms.PROTECTION_USED,
                forms.PROTECTION_ENQUIRED,
                forms.PROTECTION_ENDED,
                forms.PROTECTION_REVIEWED,
            )
        ),
    }
)
SEES_COVERT: Final = frozenset({Role.SUPERVISOR.value, Role.VAT.value, Role.MHET.value})
"""Who is told of what is covert: whoever decides on it, and the teams that work with it."""
_TEAM: Final = "team:"
_DAYS_OTHERWISE: Final = {"days_children_are_known_here": 184, "days_children_are_known_to_teams": 28}


def lists_of(unit: str, form: str) -> frozenset[str]:
    """Every list that a record of this form, written in this unit, puts its child on."""
    teams = {Role.MHET.value, *((Role.VAT.value,) if form in _ASSESSED else ())}
    return frozenset({unit, *(f"{_TEAM}{one}" for one in teams)})


def list_for(roles: Collection[str], unit: str) -> str | None:
    """The list that somebody with these roles is given, or None where there is none for them.

    Who is in both teams, or in a team and a unit, has the longest of their lists.
    """
    for team in (Role.MHET.value, Role.VAT.value):
        if team in roles:
            return f"{_TEAM}{team}"
    return unit if _UNIT_READERS & set(roles) else None


def known_for(settings: Mapping[str, object], of_list: str) -> timedelta:
    """For so long after the last record a child stays on a list, as the force has set."""
    name = (
        "days_children_are_known_to_teams" if of_list.startswith(_TEAM) else "days_children_are_known_here"
    )
    days = settings.get(name)
    return timedelta(days=days if isinstance(days, int) else _DAYS_OTHERWISE[name])
