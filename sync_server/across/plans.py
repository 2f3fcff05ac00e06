"""R-32: a child in great danger of exploitation has a trigger plan, and nobody follows one that is too old.

In great danger is whom the exploitation team's last review says so of, or who has the marker for it. The
team is asked for the plan; once a plan is there that holds, nobody is asked any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from booklets.answers import answers_from_plain
from booklets.checks.risk import PRIORITY_MARKER, levels_in_great_danger, markers_in
from booklets.school_days import LONDON
from sync_server.across import same
from sync_server.across.asked import Over
from sync_server.across.findings import Finding
from sync_server.across.seen import Filed, Seen, done_with
from sync_server.identity.accounts import Role

RULE, KIND = "R-32", "make_trigger_plan"
REVIEW, PLAN = "MHR", "TRG"
LOOKED_AT = frozenset({"updated", "unchanged"})
"""What a return says of a plan that was looked at then."""


def owed_plans(seen: Seen) -> Iterator[Finding]:
    """One finding for each such child without a plan, and for any child's whose day of review has passed."""
    for child, records in sorted(seen.of_child.items()):
        why = why_in_danger(seen, child, records)
        plan = _plan(records)
        on = plan or why
        if on is None or (plan is not None and not is_old(seen, plan)):
            continue
        rule = RULE if plan is None else f"{RULE}/{plan.subject}/{review_day(seen, plan).isoformat()}"
        yield Finding(
            rule=rule,
            kind=KIND,
            owner=Role.MHET.value,
            on=on,
            due=seen.now + timedelta(minutes=seen.number("minutes_to_find_out", 1440)),
            about=frozenset(one.subject for one in records),
            event=frozenset() if plan else frozenset(one.record for one in records if _together(one, on)),
        )


def ended_plans(seen: Seen) -> Iterator[Over]:
    """What had asked for a plan is over once one is there that was made since and holds."""
    for one in seen.asked:
        if not one.is_open or one.kind != KIND or one.base != RULE:
            continue
        plan = _plan(seen.of_child.get(seen.person.get(one.about, one.about), ()))
        if plan is not None and plan.arrived >= one.set_at and not is_old(seen, plan):
            yield done_with(one, plan)


def why_in_danger(seen: Seen, child: str, records: tuple[Filed, ...]) -> Filed | None:
    """The record that says that this child is in great danger, if one does."""
    levels = levels_in_great_danger(seen.settings)
    reviews = [one for one in records if one.type == REVIEW]
    if reviews and reviews[-1].said("mh.exploitation_level") in levels:
        return reviews[-1]
    ids = {one.subject for one in records}
    marked = any(_is_marked(seen.people.get(id_)) for id_ in ids | {child})
    return records[-1] if marked else None


def _is_marked(row: Any) -> bool:
    """Whether the child's warning markers name them a priority when missing."""
    return bool(row) and PRIORITY_MARKER in markers_in(answers_from_plain(row["facts"]))


def _plan(records: tuple[Filed, ...]) -> Filed | None:
    return next((one for one in reversed(records) if one.type == PLAN), None)


def is_old(seen: Seen, plan: Filed) -> bool:
    """Whether the day on which it was to be looked at again has passed."""
    return review_day(seen, plan) < seen.now.astimezone(LONDON).date()


def review_day(seen: Seen, plan: Filed) -> date:
    """When it is to be looked at again: as the plan or the force says, and after each episode."""
    latest = plan.arrived.astimezone(LONDON).date() + timedelta(
        days=seen.number("days_to_trigger_plan_review", 92)
    )
    said = same.day_in(plan.said("trg.review_due"))
    return min(day for day in (latest, said, _after_an_episode(seen, plan)) if day)


def _after_an_episode(seen: Seen, plan: Filed) -> date | None:
    """B.11: the day by which it is looked at after the child was missing, unless the return did that."""
    records = seen.of_child.get(seen.child_of(plan), ())
    since = (one for one in records if one.says_back and one.arrived > plan.arrived)
    left = [one.arrived for one in since if one.said("ret.trigger_plan_action") not in LOOKED_AT]
    days = timedelta(days=seen.number("days_to_plan_after_episode", 1))
    return (min(left).astimezone(LONDON).date() + days) if left else None


def _together(one: Filed, other: Filed) -> bool:
    return one.episode == other.episode
