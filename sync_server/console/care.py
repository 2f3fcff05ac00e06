"""Which children are looked after by a council (R-38), by what is known of them last."""

from __future__ import annotations

from functools import cache

from booklets import definitions
from sync_server.console.gathering import Child

STATUS, RULE = "person.care_status", "R-38"


@cache
def statuses() -> frozenset[str]:
    """The legal statuses of a child in council care: those that the rule of the missing report names."""
    [rule] = [one for one in definitions.form("mis").rules if one.id == RULE]
    named = rule.args["statuses"]
    return frozenset(map(str, named)) if isinstance(named, (list, tuple)) else frozenset()


def looked_after(child: Child) -> str:
    """The status of a child in council care in words, or nothing."""
    status = child.word(STATUS)
    return definitions.entity_form("person").field(STATUS).label_of(status) if status in statuses() else ""
