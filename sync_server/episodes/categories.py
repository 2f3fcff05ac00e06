"""As what an episode may be closed: never as something that its own records deny. By its rows alone.

R-05: a child of whom nobody knew where they were was missing, also where they came back alone and before
there was a report. Only where every report and every return says plainly that somebody always knew, it
was a concern for safety. What is not said is no "no".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from sqlalchemy import RowMapping

from booklets import definitions
from booklets.checks.choices import not_closed_as_concern
from booklets.form_names import INTERVIEW, RETURN
from booklets.signs import only_rung, says_dead
from sync_server.across.seen import MISSING
from sync_server.flags import SAID

CONCERN, DEAD = "concern_for_safety", "found_dead"
INTERVIEWED = "returned_safe"
BACK = frozenset({INTERVIEWED, "returned_interview_pending", "returned_protected"})
OF_A_CHILD_WHO_DIED = frozenset({DEAD, "duplicate", "located_other_force"})


class Denied(StrEnum):
    """What the records say that an episode cannot be closed as this."""

    WHEREABOUTS = "whereabouts_unknown"
    TWO_VERSIONS = "two_versions"
    DIED = "child_has_died"
    NOT_DEAD = "no_death_recorded"
    NO_RETURN = "no_return_recorded"
    NO_INTERVIEW = "no_interview_recorded"


def categories() -> Mapping[str, str]:
    """As what an episode can be closed: the codes of the return form with their words."""
    codes = definitions.lists().by_name["closure_category"]
    return {one.code: one.said for one in codes if not one.withdrawn}


def denied(category: str, rows: Sequence[RowMapping], beside: Collection[str]) -> Denied | None:
    """Why the records of an episode do not let it be closed as this, or None where they do.

    ``beside`` are those of which there are two versions: the other may say that the child was missing.
    """
    died = any(says_dead(row["flags"]) for row in rows)
    forms = {row["form"] for row in rows if not only_rung(row["flags"])}
    refusals = (
        (died and category not in OF_A_CHILD_WHO_DIED, Denied.DIED),
        (category == CONCERN and _was_missing(rows), Denied.WHEREABOUTS),
        (category == CONCERN and bool(beside), Denied.TWO_VERSIONS),
        (category == DEAD and not died, Denied.NOT_DEAD),
        (category in BACK and RETURN not in forms, Denied.NO_RETURN),
        (category == INTERVIEWED and INTERVIEW not in forms, Denied.NO_INTERVIEW),
    )
    return next((why for holds, why in refusals if holds), None)


def _was_missing(rows: Sequence[RowMapping]) -> bool:
    return any(_says_missing(row) for row in rows if row["record_type"] in MISSING)


def _says_missing(row: RowMapping) -> bool:
    """Whether a report or a return leaves it open that nobody knew where the child was, or says so."""
    said, prefix = row["flags"].get(SAID, {}), row["form"]
    came_first = said.get(f"{prefix}.returned_before_report") == "yes"
    return not came_first or not not_closed_as_concern(
        CONCERN, said.get(f"{prefix}.whereabouts_unknown_at_call")
    )
