"""How often Python looks for what nothing leads to any more.

A record is some ten thousand small values that all end with it, in no circle. As delivered Python looks
through the youngest of them once for every 700 that are made: a tenth of what judging a record takes.
"""

from __future__ import annotations

import gc
from typing import Final

SELDOM: Final = (5_000, 20, 20)
"""So many new values before the youngest are looked through, and so often before the older ones are."""


def is_seldom() -> None:
    """From now on, in this process."""
    gc.set_threshold(*SELDOM)
