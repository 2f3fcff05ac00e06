"""R-28: when a return home interview is chased and taken up, by the force's own times."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from booklets.answers import Gap, Moment, codes_of, rows_of, said
from booklets.checks.registry import Spot, record_check
from booklets.facts import Facts
from booklets.school_days import SETTING, read_school_days, working_days_after

CAME = frozenset({"held", "declined", "not_contactable", "already_held"})
"""What can have come of it. Not offered is no end unless it is closed: a child has a right to the offer."""
HELD = frozenset({"held"})
"""Of this the report is still to come."""
LEVELS = ("team_manager", "service_manager", "director")
"""How far up it is taken, one after the other, from when the interview is due."""


def stages(
    back: datetime, *, chase: int, due: int, service: int, director: int, closed: Collection[date]
) -> tuple[datetime, ...]:
    """When it is chased, and taken to each level: minutes from the return, then working days."""
    late = back + timedelta(minutes=due)
    return (
        back + timedelta(minutes=chase),
        late,
        working_days_after(late, service, closed),
        working_days_after(late, director, closed),
    )


@record_check
def late_interview_is_chased(facts: Facts, *, chase: int) -> Sequence[Spot]:
    """Once the force's time to chase is over, it is written who was chased, or why nobody was."""
    back, until = _back(facts), _until(facts)
    if back is None or until is None or until < back + timedelta(minutes=chase):
        return []
    return (
        [] if "rhi.chases" in facts.answers else [Spot(("rhi.chases",), words=_for_how_long(until - back))]
    )


@record_check
def late_interview_is_taken_up(
    facts: Facts, *, chase: int, due: int, service: int, director: int
) -> Sequence[Spot]:
    """Once a level is reached, it is written that it was taken there, or why it was not."""
    back, until = _back(facts), _until(facts)
    if back is None or until is None or isinstance(facts.answers.get("rhi.escalations"), Gap):
        return []
    calendar = facts.force.get(SETTING)
    closed = read_school_days(calendar).closed if calendar is not None else frozenset[date]()
    at = stages(back, chase=chase, due=due, service=service, director=director, closed=closed)
    reached = [level for level, when in zip(LEVELS, at[1:], strict=True) if when <= until]
    rows = rows_of(facts.answers.get("rhi.escalations"))
    taken = [LEVELS.index(code) for row in rows for code in codes_of(row.get("level")) if code in LEVELS]
    if not reached or max(taken, default=-1) >= len(reached) - 1:
        return []
    return [Spot(("rhi.escalations",), words=reached[-1].replace("_", " "))]


def _back(facts: Facts) -> datetime | None:
    returned = facts.answers.get("rhi.returned_at")
    return returned.at if isinstance(returned, Moment) else None


def _until(facts: Facts) -> datetime | None:
    """Until when nothing had come of it; None where it came or was closed, and nobody knows when."""
    outcome = set(codes_of(facts.answers.get("rhi.outcome")))
    report = facts.answers.get("rhi.received_at")
    if isinstance(report, Moment):
        return report.at
    if outcome & (CAME - HELD) or said(facts.answers.get("rhi.closed_reason")):
        return None
    return facts.now


def _for_how_long(late: timedelta) -> str:
    days = late // timedelta(days=1)
    return f"{days} days" if days > 1 else f"{late // timedelta(hours=1)} hours"
