"""Where a record may go from where it stands. A move that is not in the table is not made.

    pending_supervisor --approve--> approved          (a PPN: specialist_review --approve--> closed)
    pending_supervisor --escalate--> escalated --approve, return--> ...
    pending_supervisor, escalated --escalate to the vulnerability team--> specialist_review
    pending_supervisor, escalated, specialist_review --return--> returned --revise--> pending_supervisor
    returned, escalated --recall--> pending_supervisor
    any --revise--> pending_supervisor                any --withdraw--> withdrawn

A new revision has been read by nobody, so it begins anew wherever the one before it stood.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from booklets import definitions
from booklets.decisions import Outcome
from sync_server.db.tables import State
from sync_server.identity.accounts import Role


@cache
def goes_to_specialists(record_type: str) -> bool:
    """Whether specialists decide on a record of this type once its supervisor has, as its form says."""
    forms = map(definitions.form, definitions.form_ids())
    return any(one.record_type == record_type and bool(one.filing.specialists) for one in forms)


class Act(StrEnum):
    """What can happen to a record."""

    REVISE = "revise"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REFER = "refer"
    CLOSE = "close"
    RETURN = "return"
    ESCALATE = "escalate"
    RECALL = "recall"


UNDECIDED = (State.PENDING, State.ESCALATED)

MOVES: Mapping[tuple[State, Act], State] = {
    **{(state, Act.REVISE): State.PENDING for state in State if state is not State.FILED},
    **{(state, Act.WITHDRAW): State.WITHDRAWN for state in State if state is not State.FILED},
    **{(state, Act.APPROVE): State.APPROVED for state in UNDECIDED},
    **{(state, Act.REFER): State.SPECIALIST for state in UNDECIDED},
    **{(state, Act.RETURN): State.RETURNED for state in (*UNDECIDED, State.SPECIALIST)},
    (State.PENDING, Act.ESCALATE): State.ESCALATED,
    **{(state, Act.RECALL): State.PENDING for state in (State.RETURNED, State.ESCALATED)},
    (State.SPECIALIST, Act.CLOSE): State.CLOSED,
    # A decision is filed once and for all; what is said again of it is filed too.
    (State.FILED, Act.REVISE): State.FILED,
    (State.FILED, Act.WITHDRAW): State.FILED,
}

# Who decides on a record that stands there. Nobody decides on any other. What was sent back waits for an
# officer, and all that its supervisors can do is take it back.
DECIDED_BY: Mapping[State, Role] = {
    State.PENDING: Role.SUPERVISOR,
    State.ESCALATED: Role.FIM,
    State.SPECIALIST: Role.VAT,
    State.RETURNED: Role.SUPERVISOR,
}


def decides(state: State, act: Act) -> Role | None:
    """Who may do this to a record that stands there: what was passed upwards is taken back from below."""
    return Role.SUPERVISOR if act is Act.RECALL and state is State.ESCALATED else DECIDED_BY.get(state)


def moved(state: State, act: Act) -> State | None:
    """Where a record stands after this, or None when it cannot happen to it there."""
    return MOVES.get((state, act))


def act_of(outcome: Outcome, state: State, record_type: str) -> Act:
    """What an outcome does to a record: approving a PPN passes it on to the specialists, who close it."""
    match outcome:
        case Outcome.RETURN | Outcome.RETURN_URGENT:
            return Act.RETURN
        case Outcome.ESCALATE:
            return Act.ESCALATE
        case Outcome.RECALL:
            return Act.RECALL
        case Outcome.ESCALATE_VAT:
            return Act.REFER
        case Outcome.APPROVE if state is State.SPECIALIST:
            return Act.CLOSE
        case Outcome.APPROVE:
            return Act.REFER if goes_to_specialists(record_type) else Act.APPROVE
