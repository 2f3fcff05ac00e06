"""One decision on the newest revisions of some records: it stands for all of them, or for none.

A decision that arrives is never refused: it is kept, and either stands or is void for a reason that
is told to whoever made it. It may have been made hours ago, offline, on what was the newest then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, insert

from booklets.decisions import Outcome
from booklets.definitions.leaving import Release
from booklets.records import Link
from sync_server import audit, corrections, evidence, feed, register
from sync_server.context import Context
from sync_server.db.tables import State
from sync_server.db.tables import decision as decisions
from sync_server.deciding import heads, telling, undecided
from sync_server.deciding.heads import Head
from sync_server.deciding.states import DECIDED_BY, Act, act_of, decides, goes_to_specialists, moved
from sync_server.encompass import ENC, limit_of
from sync_server.forwarding import outbox
from sync_server.identity import accounts, sessions
from sync_server.identity.accounts import Role
from sync_server.referrals import SCHOOL_TARGET

LEAVES_WHEN = frozenset({State.APPROVED, State.CLOSED})
TAKEN_BACK = "taken_back"
# Where whoever sent it back gave no time.
TIME_TO_ANSWER, TIME_TO_ANSWER_URGENT = timedelta(hours=12), timedelta(hours=1)


class Void(StrEnum):
    """Why a decision does not count."""

    NOT_A_SUPERVISOR = "not_a_supervisor"
    OTHER_UNIT = "other_unit"
    OWN_RECORD = "own_record"
    MOVED_ON = "moved_on"
    ALREADY_DECIDED = "already_decided"
    WITHDRAWN = "withdrawn"
    UNKNOWN_RECORD = "unknown_record"
    NO_MANAGER = "no_manager"
    BOTH_GATES = "both_gates"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What somebody has decided, in which role and for which unit.

    ``decision_record`` is the sealed record that says why. A decision at the console has none,
    and brings its ``words``. ``due_at`` is by when an answer is wanted. What closes a PPN without
    referring it says so by ``refers``. ``grade`` and ``quality`` are what the vulnerability team says of
    a notice, as codes of the form.
    """

    force: str
    by: str
    role: Role
    unit: str
    decides: tuple[Link, ...]
    outcome: Outcome
    decision_record: str | None
    at: datetime
    words: str = field(default="", repr=False)
    due_at: datetime | None = None
    refers: bool = True
    grade: str = ""
    quality: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a decision counts, and if not, why."""

    stands: bool
    why_void: str = ""


@dataclass(frozen=True, slots=True)
class _Move:
    """One record as it stands, what the person saw of it, where it goes, and whose turn it is then."""

    link: Link
    head: Head
    to: State
    assigned_to: str = ""
    due_at: datetime | None = None


def decide(context: Context, connection: Connection, verdict: Verdict) -> Standing:
    """Make the decision count, or keep it as void and say why. In the caller's transaction."""
    links = tuple(dict.fromkeys(verdict.decides))
    found = heads.held(connection, verdict.force, [str(link.record) for link in links])
    objections = (_objection(connection, verdict, link, found.get(str(link.record))) for link in links)
    why = next((one for one in objections if one is not None), None if links else Void.UNREADABLE)
    if why is not None:
        _keep_void(context, connection, verdict, found, why)
        return Standing(False, why.value)
    moves = [_move(context, connection, verdict, link, found[str(link.record)]) for link in links]
    for move in moves:
        _make(context, connection, verdict, move)
    _follow(context, connection, verdict, moves)
    return Standing(True)


def _objection(connection: Connection, verdict: Verdict, link: Link, head: Head | None) -> Void | None:
    """The first reason why this person cannot decide so on this revision of this record."""
    if verdict.role not in DECIDED_BY.values():
        return Void.NOT_A_SUPERVISOR
    if head is None or head.state == State.FILED:
        return Void.UNKNOWN_RECORD
    state = State(head.state)
    act = act_of(verdict.outcome, state, head.record_type)
    may = _who_decides(connection, head, state, act)
    reasons = (
        (verdict.role is Role.SUPERVISOR and head.unit != verdict.unit, Void.OTHER_UNIT),
        (verdict.by in heads.authors_of(connection, head.record), Void.OWN_RECORD),
        (state is State.WITHDRAWN, Void.WITHDRAWN),
        ((head.rev, head.digest) != (link.revision, link.digest), Void.MOVED_ON),
        (state is State.PENDING and verdict.role not in may, Void.NOT_A_SUPERVISOR),
        (verdict.role not in may, Void.ALREADY_DECIDED),
        (moved(state, act) is None, Void.ALREADY_DECIDED),
        (act is Act.CLOSE and verdict.by in heads.approvers_of(connection, head), Void.BOTH_GATES),
        (act is Act.ESCALATE and not _somebody_above(connection, verdict), Void.NO_MANAGER),
    )
    return next((why for objects, why in reasons if objects), None)


def _somebody_above(connection: Connection, verdict: Verdict) -> bool:
    """Whether this force has an incident manager, other than whoever passes a record upwards."""
    return bool(accounts.ids_of(connection, verdict.force, Role.FIM) - {verdict.by})


def _who_decides(connection: Connection, head: Head, state: State, act: Act) -> frozenset[Role]:
    """Whose turn it is; where no supervisor decided in time, the incident manager's as well."""
    own = decides(state, act)
    if state is State.PENDING and undecided.is_escalated(connection, head):
        return frozenset({Role.SUPERVISOR, Role.FIM})
    return frozenset({own} if own else ())


def _move(context: Context, connection: Connection, verdict: Verdict, link: Link, head: Head) -> _Move:
    to = moved(State(head.state), act_of(verdict.outcome, State(head.state), head.record_type))
    if to is None:
        raise ValueError(
            f"nobody may {verdict.outcome} what is {head.state}, and somebody should have objected"
        )
    if to is not State.RETURNED:
        return _Move(link, head, to)
    urgent = verdict.outcome is Outcome.RETURN_URGENT
    due = verdict.due_at or context.now() + (TIME_TO_ANSWER_URGENT if urgent else TIME_TO_ANSWER)
    return _Move(link, head, to, _whose_turn(context, connection, head), due)


def _whose_turn(context: Context, connection: Connection, head: Head) -> str:
    """The author, as long as they are on shift; after that "", which is anybody of the unit."""
    now = context.now()
    ends = heads.opened(connection, context.keys.safe, head).header.shift_ends_at
    over = ends is not None and ends <= now
    return "" if over or not sessions.is_on_shift(connection, head.author, now=now) else str(head.author)


def _make(context: Context, connection: Connection, verdict: Verdict, move: _Move) -> None:
    """Keep the decision, move the record, and write it into its history."""
    row = _row(context, connection, verdict, move.link, known=True) | {
        "stands": True,
        "state": move.to.value,
        "assigned_to": move.assigned_to,
        "due_at": move.due_at,
    }
    made = connection.execute(insert(decisions).values(row).returning(*decisions.c)).one()
    register.decided(connection, made)
    undecided.over(connection, [move.head.record], move.to.value)
    register.keep_due(connection, move.head.record)
    taken_back = verdict.outcome is Outcome.RECALL
    _audit(
        connection, verdict, move.link, at=context.now(), what=TAKEN_BACK if taken_back else move.to.value
    )


def _follow(context: Context, connection: Connection, verdict: Verdict, moves: list[_Move]) -> None:
    """Let leave what waited for this decision, and tell everybody whom it concerns."""
    now = context.now()
    _let_leave(context, connection, verdict, moves, now)
    for one in moves:
        if one.to is State.SPECIALIST:
            undecided.passed_on(connection, one.head, now)
    said = telling.Said(verdict.by, verdict.role, verdict.outcome, verdict.decision_record or "", now)
    for one in moves:
        telling.decided(connection, said, one.head, one.to)
    sent_back = [one for one in moves if one.to is State.RETURNED]
    for encounter in dict.fromkeys(one.head.encounter for one in sent_back):
        first = next(one for one in sent_back if one.head.encounter == encounter)
        telling.returned(
            connection,
            first.head,
            decision=said.decision,
            assigned_to=first.assigned_to,
            due_at=first.due_at,
            at=now,
        )


def _let_leave(
    context: Context, connection: Connection, verdict: Verdict, moves: list[_Move], now: datetime
) -> None:
    """What waited leaves; and whoever had an earlier revision of a PPN hears what of it holds no longer.

    What was sent back waits for the next decision, and for no limit; so does what is about a child who has
    died (R-50).
    """
    leaving = [one.head for one in moves if one.to in LEAVES_WHEN]
    amended = [one for one in leaving if goes_to_specialists(one.record_type)]
    for head in amended if not verdict.refers else ():
        record = heads.opened(connection, context.keys.safe, head)
        died = heads.of_a_child_who_has_died(connection, head)
        corrections.newest_is_not_referred(context, connection, record, now, died=died)
    outbox.release(connection, [one.record for one in leaving], now)
    for head in amended if verdict.refers else ():
        if head.rev > 1:
            record = heads.opened(connection, context.keys.safe, head)
            corrections.newest_leaves(context, connection, record, now)
    passed_on = [one.head.record for one in moves if one.to is State.SPECIALIST]
    for output, leaves in context.policy(verdict.force).leaving.items():
        if passed_on and leaves.when is Release.SUPERVISOR:
            outbox.release(connection, passed_on, now, target=outbox.TARGETS[output])
    for head in (one.head for one in moves if one.head.record_type == ENC and one.head.rev > 1):
        record = heads.opened(connection, context.keys.safe, head)
        corrections.newest_leaves(context, connection, record, now, SCHOOL_TARGET)
    outbox.without_limit(connection, [one.head.record for one in moves if one.to is State.RETURNED])
    taken_back = [
        one.head.record
        for one in moves
        if one.to is State.PENDING and not heads.of_a_child_who_has_died(connection, one.head)
    ]
    policy = context.policy(verdict.force)
    for output in policy.leaving if taken_back else ():
        outbox.limit_anew(connection, taken_back, outbox.TARGETS[output], limit_of(policy, output, now))


def _keep_void(
    context: Context, connection: Connection, verdict: Verdict, found: Mapping[str, Head], why: Void
) -> None:
    """Keep a decision that does not count, and tell whoever made it."""
    now = context.now()
    for link in verdict.decides:
        known = str(link.record) in found
        row = _row(context, connection, verdict, link, known=known) | {"why_void": why.value}
        connection.execute(insert(decisions).values(row))
        if known:
            _audit(connection, verdict, link, at=now, what="decision_void", why=why.value)
    if verdict.decision_record:
        said = telling.Said(verdict.by, verdict.role, verdict.outcome, verdict.decision_record, now)
        telling.void(connection, said, verdict.force, verdict.decides, why.value)


def _row(
    context: Context, connection: Connection, verdict: Verdict, link: Link, *, known: bool
) -> dict[str, object]:
    """A decision on one record, void until somebody says otherwise."""
    sealed = b""
    if verdict.words and known:
        sealed = evidence.seal_beside(
            connection,
            context.keys.safe,
            force=verdict.force,
            record=str(link.record),
            rev=link.revision,
            what=feed.CONSOLE_WORDS,
            content={"words": verdict.words},
        )
    return {
        "force": verdict.force,
        "record": str(link.record),
        "rev": link.revision,
        "digest": link.digest,
        "outcome": verdict.outcome.value,
        "stands": False,
        "why_void": "",
        "by": verdict.by,
        "role": verdict.role.value,
        "decision_record": verdict.decision_record or "",
        "content_sealed": sealed,
        "state": "",
        "assigned_to": "",
        "due_at": verdict.due_at,
        "at": verdict.at,
        "received_at": context.now(),
        "grade": verdict.grade,
        "quality": verdict.quality,
    }


def _audit(
    connection: Connection, verdict: Verdict, link: Link, *, at: datetime, what: str, why: str = ""
) -> None:
    audit.note(
        connection,
        force=verdict.force,
        record=str(link.record),
        who=verdict.by,
        what=what,
        at=at,
        detail={
            "rev": link.revision,
            "role": verdict.role.value,
            "outcome": verdict.outcome.value,
            "decision": verdict.decision_record or "",
            **({"why": why} if why else {}),
        },
    )


def words_of(connection: Connection, context: Context, made: RowMapping) -> str:
    """What was written at the console about a decision, a row of the table; "" where a record says it."""
    if not made["content_sealed"]:
        return ""
    opened = evidence.open_beside(
        connection,
        context.keys.safe,
        record=made["record"],
        rev=made["rev"],
        what=feed.CONSOLE_WORDS,
        sealed=made["content_sealed"],
    )
    return str(opened["words"])
