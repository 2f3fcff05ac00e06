"""What is asked of one person by name, and not of a role: the task's rule ends in their account."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Row

NAMED: Final = "incoming_officer"
"""Whose such a task is, where other tasks have a role."""
ACCEPT_PROTECTION: Final = "accept_protection"
"""R-24: take a police protection over as designated officer."""


def person_named(row: Row[Any]) -> str:
    """The account of whoever a task is asked of by name; "" where it is asked of a role."""
    return str(row.rule).partition("/")[2] if row.owner_role == NAMED else ""
