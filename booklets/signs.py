"""What the force found in a record when it arrived, read from the flags that travel with it.

The server writes them (``sync_server/flags.py``) and the tablet of whoever decides reads them: what they
mean is said here once, so that the two never differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from booklets.answers import Answers, codes_of
from booklets.forms import Sign

CHILD_HAS_DIED: Final = "child_has_died"
DEATH_RULE: Final = "R-50"
ONLY_RUNG: Final = "only_rung"
ONLY_RUNG_RULE: Final = "R-08b"
DANGER_RULE: Final = "R-61"
TELLING_WARNS: Final = "telling_warns"
TELLING_RULES: Final = frozenset({"R-51", "R-42"})
"""They find that telling may warn whoever does it; R-51 also speaks where a carer alone is suspected."""
BY_SYSTEM: Final = "councils_hear_of_missing_by_system"
"""The force's own: whether the system tells councils of a missing child, or only the officer's call."""


def in_danger(flags: Mapping[str, Any]) -> bool:
    """R-61: the record shows immediate danger or likely significant harm, which waits for no decision."""
    return bool(flags.get(Sign.DANGER.value)) or DANGER_RULE in flags.get("rules", ())


def says_dead(flags: Mapping[str, Any]) -> bool:
    """R-50: the record itself says that the child has died."""
    return bool(flags.get(CHILD_HAS_DIED))


def telling_warns(flags: Mapping[str, Any]) -> bool:
    """R-51: honour-based abuse, forced marriage, FGM or trafficking is not ruled out: telling may warn.

    Where the record came before this was noted, the rules that found a danger in telling say so.
    """
    noted = flags.get(TELLING_WARNS)
    return bool(noted) if noted is not None else not TELLING_RULES.isdisjoint(flags.get("rules", ()))


def councils_hear_of(report: Answers, force: Mapping[str, object]) -> bool:
    """E.3: whether councils are told by the system that this child is missing, beside the officer's call.

    Not of a child who was back before the report. Where somebody may have taken the child it is a crime in
    action (R-36), and the control room decides who is told what.
    """
    back = {"yes", "dead"}.intersection(codes_of(report.get("mis.returned_before_report")))
    taken = "yes" in codes_of(report.get("mis.abduction_suspected"))
    return force.get(BY_SYSTEM) is True and not back and not taken


def only_rung(flags: Mapping[str, Any]) -> bool:
    """R-08b: a return of a child who has rung and whom nobody has seen. A voice on a phone is no return.

    Where the record came before this was noted, the rule that asked about it says so.
    """
    return bool(flags.get(ONLY_RUNG)) or ONLY_RUNG_RULE in flags.get("rules", ())
