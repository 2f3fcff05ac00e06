"""What phones hear of a decision: the author, the supervisors of the unit, and whoever is next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from booklets.answers import instant
from booklets.decisions import Outcome
from booklets.records import Link
from booklets.signs import DEATH_RULE
from sync_server import feed
from sync_server.db.tables import State
from sync_server.deciding import heads
from sync_server.deciding.heads import Head
from sync_server.flags import SAID
from sync_server.forwarding import outbox
from sync_server.identity import accounts
from sync_server.identity.accounts import Role

# What a phone is told: a PPN that goes on to the specialists was approved, as far as its author cares.
STATES: Mapping[Outcome, str] = {
    Outcome.APPROVE: "approved",
    Outcome.RETURN: "returned",
    Outcome.RETURN_URGENT: "returned",
    Outcome.ESCALATE: "escalated",
    Outcome.RECALL: "recalled",
    Outcome.ESCALATE_VAT: "referred",
}
AUTHOR, UNIT = "author", "unit"
NOBODY_TRAINED = "nobody_trained"
# Who is asked to decide once a record was passed upwards, or taken back.
ASKS_AGAIN: Mapping[Outcome, Callable[[Head], str]] = {
    Outcome.ESCALATE: lambda head: feed.to_role(head.force, Role.FIM, ""),
    Outcome.RECALL: lambda head: feed.to_role(head.force, Role.SUPERVISOR, head.unit),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A decision, as far as phones are told: by whom, in which role, what, and in which record."""

    by: str
    role: Role
    outcome: Outcome
    decision: str
    at: datetime


def review(
    connection: Connection, recipient: str, head: Head, at: datetime, *, died: bool, **more: Any
) -> None:
    """Ask whoever has this address to decide on the newest revision of a record.

    ``died``: a record of the episode says that the child has died, so that nothing leaves by itself (R-50).
    """
    detail = {
        "state": State.PENDING.value,
        "flags": {name: one for name, one in head.flags.items() if name != SAID}
        | ({"escalated": True} if head.state == State.ESCALATED else {}),
        "risk": head.risk,
        "due_at": _instant(head.due_at),
        "received_at": instant(head.received_at),
        "encounter": head.encounter,
    } | ({"rule": DEATH_RULE} if died else {})
    _add(connection, head, recipient, feed.REVIEW, detail=detail | more, at=at)


def review_anew(connection: Connection, head: Head, at: datetime, *, died: bool) -> None:
    """Put a record that waits before whoever has it once more: a death is known now, or was none."""
    asked: Mapping[str, Callable[[], tuple[str, ...]]] = {
        State.PENDING.value: lambda: queues(connection, head),
        State.ESCALATED.value: lambda: (feed.to_role(head.force, Role.FIM, ""),),
    }
    for recipient in asked.get(head.state, tuple)():
        review(connection, recipient, head, at, died=died)


def decided(connection: Connection, said: Said, head: Head, to: State) -> None:
    """Tell the author what was decided and what leaves because of it; take it out of every queue it was in.

    ``head`` is the record as it stood before.
    """
    to_author = feed.to_officer(head.force, head.author)
    if said.role is Role.VAT:
        passed = {"state": "vat_passed" if to is State.CLOSED else "vat_returned"}
        _add(connection, head, to_author, feed.STATUS, detail=passed, at=said.at)
        if to is State.RETURNED:  # its supervisors can take it back, so they hear where it is
            _add_to(connection, queues(connection, head), head, _outcome(said, to.value), said.at)
        return
    heard = (to_author, *queues(connection, head), *_offered_to(head))
    left = outbox.left_at(connection, head.record, said.at)
    outcome: dict[str, Any] = {**_outcome(said, STATES[said.outcome]), **({"leaves": left} if left else {})}
    _add_to(connection, heard, head, outcome, said.at)
    if said.outcome in ASKS_AGAIN:
        now = heads.held(connection, head.force, [head.record])[head.record]
        died = heads.of_a_child_who_has_died(connection, head)
        review(connection, ASKS_AGAIN[said.outcome](head), now, said.at, died=died)


def _offered_to(head: Head) -> tuple[str, ...]:
    """The officers of the unit, while they are asked to take a record over."""
    offered = head.state == State.RETURNED and not head.assigned_to
    return (feed.to_role(head.force, Role.OFFICER, head.unit),) if offered else ()


def returned(
    connection: Connection,
    head: Head,
    *,
    decision: str,
    assigned_to: str,
    due_at: datetime | None,
    at: datetime,
) -> None:
    """Give an encounter back: to its author while on shift, and otherwise to the officers of the unit."""
    newest = heads.of_encounter(connection, head)
    recipient = (
        feed.to_officer(head.force, assigned_to)
        if assigned_to
        else feed.to_role(head.force, Role.OFFICER, head.unit)
    )
    detail = {
        "state": State.RETURNED.value,
        "due_at": _instant(due_at),
        "assigned": AUTHOR if assigned_to else UNIT,
        "decision": decision,
        "encounter": head.encounter,
        "of": [[one.record, one.rev] for one in newest],
    }
    _add(connection, head, recipient, feed.RETURNED, detail=detail, at=at)
    if not assigned_to and not accounts.any_for_children(connection, head.force, head.unit):
        _nobody_trained(connection, head, due_at, at)


def _nobody_trained(connection: Connection, head: Head, due_at: datetime | None, at: datetime) -> None:
    """R-58: tell the unit's supervisors that nobody of it may be offered this: they find somebody."""
    supervisors = feed.to_role(head.force, Role.SUPERVISOR, head.unit)
    detail = {"state": NOBODY_TRAINED, "due_at": _instant(due_at)}
    _add(connection, head, supervisors, feed.STATUS, detail=detail, at=at)


def answered(connection: Connection, before: Head, rev: int, at: datetime, *, by: str) -> None:
    """Tell whoever else was asked that somebody has answered: the unit, or the one officer it waited for.

    A colleague who took over what that officer had begun answers in their place.
    """
    waited_for = (feed.to_officer(before.force, before.assigned_to),)
    others = before.state == State.RETURNED and before.assigned_to not in {"", by}
    for recipient in waited_for if others else _offered_to(before):
        feed.add(
            connection,
            force=before.force,
            recipient=recipient,
            kind=feed.STATUS,
            at=at,
            record=before.record,
            rev=rev,
            detail={"state": "answered"},
        )


def late(connection: Connection, head: Head, at: datetime) -> None:
    """Tell the supervisors of the unit that nobody has answered in time what was sent back."""
    detail = {"state": "answer_late", "due_at": _instant(head.due_at)}
    _add(
        connection,
        head,
        feed.to_role(head.force, Role.SUPERVISOR, head.unit),
        feed.STATUS,
        detail=detail,
        at=at,
    )


def acted_on_danger(connection: Connection, head: Head, done: Iterable[str], at: datetime) -> None:
    """Tell the author and the unit's supervisors what the vulnerability team did, and none of its words."""
    detail = {"danger_acted_at": instant(at), "danger_done": list(done), "danger_rev": head.rev}
    supervisors = feed.to_role(head.force, Role.SUPERVISOR, head.unit)
    for recipient in (feed.to_officer(head.force, head.author), supervisors):
        _add(connection, head, recipient, feed.STATUS, detail=detail, at=at)


def void(connection: Connection, said: Said, force: str, decides: Iterable[Link], why: str) -> None:
    """Tell whoever decided that it does not count, and why."""
    detail = _outcome(said, "void") | {"why_void": why}
    for link in decides:
        feed.add(
            connection,
            force=force,
            recipient=feed.to_officer(force, said.by),
            kind=feed.DECISION,
            at=said.at,
            record=str(link.record),
            rev=link.revision,
            detail=detail,
        )


def withdrawn(connection: Connection, head: Head, at: datetime) -> None:
    """Tell everybody that the author has taken a record back; ``head`` is the record as it stood before."""
    detail = {
        "state": State.WITHDRAWN.value,
        "outcome": "",
        "decision": "",
        "by": head.author,
        "why_void": "",
    }
    _add_to(connection, queues(connection, head), head, detail, at)


def queues(connection: Connection, head: Head) -> tuple[str, ...]:
    """The addresses where a record lay to be decided on.

    The incident manager may have had it at an earlier revision: what was passed upwards, and every death.
    """
    supervisors = feed.to_role(head.force, Role.SUPERVISOR, head.unit)
    manager = feed.to_role(head.force, Role.FIM, "")
    return (supervisors, manager) if feed.was_asked(connection, manager, head.record) else (supervisors,)


def _outcome(said: Said, state: str) -> dict[str, str]:
    return {
        "state": state,
        "outcome": said.outcome.value,
        "decision": said.decision,
        "by": said.by,
        "why_void": "",
    }


def _add_to(
    connection: Connection, recipients: Iterable[str], head: Head, detail: Mapping[str, Any], at: datetime
) -> None:
    for recipient in recipients:
        _add(connection, head, recipient, feed.DECISION, detail=detail, at=at)


def _add(
    connection: Connection, head: Head, recipient: str, kind: str, *, detail: Mapping[str, Any], at: datetime
) -> None:
    feed.add(
        connection,
        force=head.force,
        recipient=recipient,
        kind=kind,
        at=at,
        record=head.record,
        rev=head.rev,
        detail=detail,
    )


def _instant(at: datetime | None) -> str:
    return instant(at) if at else ""
