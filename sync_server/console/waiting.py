"""What waits for a decision, and what left without one: the force's limits in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import RowMapping

from booklets.definitions.leaving import Then
from sync_server.console import words
from sync_server.console.marks import delivery_mark
from sync_server.console.pages import Mark
from sync_server.db.owed import Owed
from sync_server.forwarding.outbox import output_of
from sync_server.settings import ForcePolicy

WHOSE: Mapping[str, str] = {
    "supervisor": "a supervisor’s",
    "fim": "the incident manager’s",
    "vat": "the vulnerability team’s",
}
BY_SETTING = "by the force’s setting"
LATE = "Late: nobody has decided"


def state_of(row: RowMapping, policy: ForcePolicy) -> Mark:
    """Where a delivery stands, and what its limit does or has done."""
    state = Owed(row["state"])
    tone = delivery_mark(row).tone
    if row["undecided_at"] is not None:
        return Mark(words.OWED[state], tone, ended(row))
    if state is not Owed.HELD or row["limit_at"] is None:
        return Mark(words.OWED[state], tone)
    if row["escalated_at"] is None:
        return Mark(words.OWED[state], tone, f"Late from {words.day_and_time(row['limit_at'])}")
    return Mark(LATE, "late", ends(row, policy))


def ends(row: RowMapping, policy: ForcePolicy) -> str:
    """What will happen by itself, and when."""
    then = policy.leaving[output_of(row["target"])].then
    what = "Leaves without a decision" if then is Then.RELEASE else "Is stopped"
    at, told = words.day_and_time(row["limit_at"]), words.day_and_time(row["escalated_at"])
    return f"{what} at {at}, {BY_SETTING}. The incident manager knows since {told}"


def ended(row: RowMapping) -> str:
    """That nobody decided, whose decision is missing, and what happened when."""
    whose = WHOSE.get(row["undecided_by"], "a")
    did = "Stopped" if row["state"] == Owed.STOPPED.value and not row["tries"] else "Left"
    return f"{did} without {whose} decision, {BY_SETTING}, at {words.day_and_time(row['undecided_at'])}"


def since(owed: Iterable[RowMapping], at: datetime, now: datetime, policy: ForcePolicy) -> Mark:
    """How long a record has waited, and what happens by itself where that is too long, or has happened."""
    waited = f"{words.how_long(now - at)}, since {words.short(at)}"
    for row in owed:
        if row["state"] == Owed.HELD.value and row["escalated_at"] is not None:
            return Mark(waited, "late", ends(row, policy))
        if row["undecided_at"] is not None:
            return Mark(waited, "late", ended(row))
    return Mark(waited)
