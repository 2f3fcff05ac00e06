"""What the force found in a record when it arrived, read from the flags that travel with it.

The server writes them (``sync_server/flags.py``) and the tablet of whoever decides reads them: what they
mean is said here once, so that the two never differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from booklets.forms import Sign

CHILD_HAS_DIED: Final = "child_has_died"
DEATH_RULE: Final = "R-50"
ONLY_RUNG: Final = "only_rung"
ONLY_RUNG_RULE: Final = "R-08b"
DANGER_RULE: Final = "R-61"


def in_danger(flags: Mapping[str, Any]) -> bool:
    """R-61: the record shows immediate danger or likely significant harm, which waits for no decision."""
    return bool(flags.get(Sign.DANGER.value)) or DANGER_RULE in flags.get("rules", ())


def says_dead(flags: Mapping[str, Any]) -> bool:
    """R-50: the record itself says that the child has died."""
    return bool(flags.get(CHILD_HAS_DIED))


def only_rung(flags: Mapping[str, Any]) -> bool:
    """R-08b: a return of a child who has rung and whom nobody has seen. A voice on a phone is no return.

    Where the record came before this was noted, the rule that asked about it says so.
    """
    return bool(flags.get(ONLY_RUNG)) or ONLY_RUNG_RULE in flags.get("rules", ())
