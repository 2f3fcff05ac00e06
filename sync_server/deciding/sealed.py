"""A decision that arrived as a record: sealed and signed on a handheld, perhaps hours ago and offline.

Who decided is proven by the handheld's signature and by an account that was signed in there. Whether
they may decide is asked now, when it arrives: a role that was taken away counts no more.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from booklets.decisions import Decision, Outcome, decision_of
from booklets.errors import WireError
from booklets.records import Record
from sync_server import audit, feed
from sync_server.context import Context
from sync_server.db.tables import State
from sync_server.deciding import heads, undecided
from sync_server.deciding.verdicts import Standing, Verdict, Void, decide
from sync_server.identity import accounts, sessions
from sync_server.identity.accounts import Account, Role


def take(context: Context, connection: Connection, record: Record, at: datetime) -> Standing:
    """Let a decision count that has just been stored, or keep it as void. Its history says which."""
    try:
        made = decision_of(record)
    except WireError:
        standing = Standing(False, Void.UNREADABLE.value)
        _tell_unreadable(connection, record, at)
    else:
        standing = decide(context, connection, _verdict(connection, record, made))
    audit.note(
        connection,
        force=record.header.force,
        record=str(record.header.record),
        who=record.header.author.id,
        what="decision_stands" if standing.stands else "decision_void",
        at=at,
        detail={"rev": record.header.revision, "why": standing.why_void},
    )
    return standing


def _verdict(connection: Connection, record: Record, made: Decision) -> Verdict:
    header = record.header
    account = accounts.by_id(connection, header.author.id)
    there = account is not None and sessions.was_signed_in(connection, account.id, header.device)
    proven = account if there and account is not None and account.person.force == header.force else None
    escalated = any(
        head.state == State.ESCALATED
        or (head.state == State.PENDING and undecided.is_escalated(connection, head))
        for head in heads.held(
            connection, header.force, [str(link.record) for link in made.decides]
        ).values()
    )
    return Verdict(
        force=header.force,
        by=header.author.id,
        role=_role(proven, above=escalated and made.outcome is not Outcome.RECALL),
        unit=proven.person.unit if proven else "",
        decides=made.decides,
        outcome=made.outcome,
        decision_record=str(header.record),
        at=made.at,
        due_at=made.due_at,
    )


def _role(account: Account | None, *, above: bool) -> Role:
    """The role in which somebody decides: of those they have, the one that these records wait for."""
    roles = account.person.roles if account is not None and account.active else frozenset()
    if Role.FIM in roles and (above or Role.SUPERVISOR not in roles):
        return Role.FIM
    return Role.SUPERVISOR if Role.SUPERVISOR in roles else Role.OFFICER


def _tell_unreadable(connection: Connection, record: Record, at: datetime) -> None:
    header = record.header
    feed.add(
        connection,
        force=header.force,
        recipient=feed.to_officer(header.force, header.author.id),
        kind=feed.DECISION,
        at=at,
        record=str(header.record),
        rev=header.revision,
        detail={
            "state": "void",
            "outcome": "",
            "decision": "",
            "by": header.author.id,
            "why_void": Void.UNREADABLE.value,
        },
    )
