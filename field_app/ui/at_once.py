"""What of a review cannot wait: who is in danger, what is lost within hours, and whom to ring."""

from __future__ import annotations

from collections.abc import Sequence

from booklets.forms import AfterStop, Effect
from booklets.review import Problem
from field_app.capture.session import CaptureSession

NOW = frozenset({"R-08a", "R-09", "R-12", "R-12a", "R-27a", "R-36", "R-50", "R-53", "R-53b", "R-61"})
"""The rules that say what to do at once: stop, ring, keep traces, stay with the child."""


def to_do(problems: Sequence[Problem]) -> list[Problem]:
    """What is to be done at once, whatever is still to be written; in the order of the rules."""
    return [one for one in problems if one.code in NOW and one.effect in {Effect.SHOW, Effect.SEND}]


def to_write(session: CaptureSession, problems: Sequence[Problem]) -> list[Problem]:
    """R-53: after a stop, the answers that are needed now; of any other record none comes first."""
    return [one for one in problems if _is_needed_now(session, one)] if session.stopped else []


def _is_needed_now(session: CaptureSession, problem: Problem) -> bool:
    asked = "".join(problem.fields[:1])
    known = problem.entity in {None, session.encounter.subject} and session.guide.asks(asked)
    return known and session.field(asked).after_stop is AfterStop.NEEDED_NOW
