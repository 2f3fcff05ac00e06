"""Checks that look at more than whether a field was answered. Definitions name them; tests prove them.

There are three sorts, and definitions cannot tell them apart by mistake:

* a *check* is a pure function of the answers a rule names (``None`` when not yet
  answered); ``True`` means all is well or nothing follows. It passes when an
  answer is missing: absence is the business of ``required``, and one mistake
  must never produce two complaints;
* an *entity check* looks at one person, place or object at a time;
* a *record check* looks at the whole record and returns the spots it means.

For rules that show, send or set a task, "well" means "nothing follows".
Fields marked verbatim are never linted; only checks that look for a child or a
danger read them, and nothing ever rewrites them.
"""

from __future__ import annotations

from booklets.checks import (
    after_return,
    aware,
    choices,
    dates,
    describing,
    enquiries,
    formats,
    interviews,
    likeness,
    marks,
    people,
    protecting,
    risk,
    supervising,
    things,
    wording,
)
from booklets.checks.registry import (
    CHECKS,
    ENTITY_CHECKS,
    RECORD_CHECKS,
    Check,
    EntityCheck,
    RecordCheck,
    Spot,
    check,
    entity_check,
    record_check,
)

__all__ = [
    "CHECKS",
    "ENTITY_CHECKS",
    "RECORD_CHECKS",
    "Check",
    "EntityCheck",
    "RecordCheck",
    "Spot",
    "after_return",
    "aware",
    "check",
    "choices",
    "dates",
    "describing",
    "enquiries",
    "entity_check",
    "formats",
    "interviews",
    "likeness",
    "marks",
    "people",
    "protecting",
    "record_check",
    "risk",
    "supervising",
    "things",
    "wording",
]
