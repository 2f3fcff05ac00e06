"""What the app fills in by itself: what follows from answers that are there, and is therefore never asked.

Worked out anew from the answers each time, and never kept beside them: what has gone with a changed
answer goes with it. A question that only another system can answer is left empty (``Field.awaits``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from uuid import UUID

from booklets import form_names
from booklets.answers import NOTHING, Answer, Answers, Moment, codes_of, said
from booklets.checks.choices import child_has_died, not_back_alive
from booklets.checks.risk import in_great_danger
from booklets.records import reference_of

HOURS, INTERVIEW, ASKED_FOR = "pi.hours_since_return", "ret.prevention_interview", "ret.rhi_request"
OWNER, NEXT_LOOK = "ra.owner_role", "ra.next_review_at"
PRIORITY = "mis.priority_missing"
FILLED = frozenset({HOURS, INTERVIEW, ASKED_FOR, OWNER, NEXT_LOOK, PRIORITY})
OWNERS: Mapping[str, str] = MappingProxyType({"high": "fim", "medium": "cii"})
"""Who owns a missing child of this risk; below that the sergeant does."""
MINUTES_TO: Mapping[str, int] = MappingProxyType(
    {"half_hour": 30, "one_hour": 60, "two_hours": 120, "four_hours": 240, "eight_hours": 480}
)
"""How soon a risk is looked at again, by the choices of the list ``review_in``."""


def filled(
    answers: Answers,
    records: Mapping[str, UUID],
    child: Answers = NOTHING,
    force: Mapping[str, object] = NOTHING,
) -> dict[str, Answer]:
    """What follows from these answers, from what is known of the child, and from what the force has set.

    ``records`` has the id of each form's record.
    """
    returned, interview = records.get(form_names.RETURN), records.get(form_names.INTERVIEW)
    found: dict[str, Answer] = {}
    found |= _of_a_risk(answers)
    if form_names.REPORT in records and in_great_danger(child, force):
        found[PRIORITY] = "yes"
    hours = _hours_since_return(answers)
    if hours is not None:
        found[HOURS] = str(hours)
    if interview is not None and said(answers.get("pi.engaged")):
        found[INTERVIEW] = reference_of(interview)
    if returned is not None and not not_back_alive(
        answers.get("ret.found_at"), answers.get("ret.found_how"), answers.get("ret.condition")
    ):
        found[ASKED_FOR] = reference_of(
            returned
        )  # under this reference the notice of the return asks for it
    return found


def _of_a_risk(answers: Answers) -> dict[str, Answer]:
    """Who owns a risk of this level, and when it is looked at again."""
    found: dict[str, Answer] = {}
    for level in codes_of(answers.get("ra.level")):
        found[OWNER] = OWNERS.get(level, "sergeant")
    assessed = answers.get("ra.assessed_at")
    for soon in codes_of(answers.get("ra.review_in")):
        if isinstance(assessed, Moment) and soon in MINUTES_TO:
            found[NEXT_LOOK] = Moment(assessed.at + timedelta(minutes=MINUTES_TO[soon]))
    return found


def _hours_since_return(answers: Answers) -> int | None:
    """Whole hours from the return, or from when the child was found, until the talk; never before it."""
    spoken = answers.get("pi.at")
    starts = (answers.get(name) for name in ("ret.returned_at", "ret.found_at"))
    back = next((one.at for one in starts if isinstance(one, Moment)), None)
    if back is None or not isinstance(spoken, Moment) or spoken.at < back or child_has_died(answers):
        return None
    return (spoken.at - back) // timedelta(hours=1)
