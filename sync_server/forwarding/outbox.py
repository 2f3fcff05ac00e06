"""What is owed to other systems, written down in the same transaction as what makes it owed.

held ──release──> due ──claim──> leased ──> delivered
                        ^               │
                        └── NotNow ─────┴── Never, or twenty tries ──> dead   (a person looks)
held, due, leased, dead ──(what came to be known forbids it)──> stopped
held ──(a later revision of the record is released)──> stopped
held ──(nobody decided in time)──> due or stopped, as the force has set   (``deciding.undecided``)
stopped ──(it was under way, and arrived)──> delivered
stopped, held ──(the death that had stopped it was a mistake)──> due or held   (``take_up``)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, select, update

from booklets.definitions.leaving import Output, Release
from sync_server.db.owed import Owed, delivery
from sync_server.db.types import insert_if_new, put_if_new
from sync_server.encompass import limit_of
from sync_server.settings import ForcePolicy

FORCE_RECORDS = "force_records"
LOCAL_AUTHORITY = "local_authority:"
# What leaves, by the beginning of the targets it goes to.
TARGETS: Mapping[Output, str] = {
    Output.MISSING_NOTICE: "missing:",
    Output.RETURN_NOTICE: LOCAL_AUTHORITY,
    Output.DANGER: "danger:",
    Output.REFERRAL: "partner:",
    Output.SCHOOL_NOTICE: "school:",
    Output.FORCE_RECORDS: FORCE_RECORDS,
}
SUPERSEDED = "superseded"


_newer = delivery.alias()
OUTDATED = exists().where(_newer.c.record == delivery.c.record, _newer.c.rev > delivery.c.rev)
"""Of a delivery: something of a later revision of the same record is owed."""
WAITING = (Owed.DUE, Owed.LEASED)
NOT_OVER = (Owed.HELD, *WAITING, Owed.DEAD)


def output_of(target: str) -> Output:
    """What it is that leaves for this target."""
    return next(one for one, begins in TARGETS.items() if target.startswith(begins))


def owe(
    connection: Connection,
    *,
    force: str,
    target: str,
    record: str,
    rev: int,
    at: datetime,
    held: bool = False,
    limit_at: datetime | None = None,
    takes_back: bool = False,
) -> None:
    """Owe one revision to one target. Owing it again changes nothing.

    ``limit_at`` is when what is held has waited too long; None where only a person may let it leave.
    What ``takes_back`` an earlier one goes in the place of what this revision would have said there; where
    that has left already, it goes after it.
    """
    values = {
        "force": force,
        "target": target,
        "record": record,
        "rev": rev,
        "state": (Owed.HELD if held else Owed.DUE).value,
        "due_at": at,
        "tries": 0,
        "once": f"{record}-{rev}-{target}".replace(":", "."),
        "last_error": "",
        "limit_at": limit_at if held else None,
        "undecided_by": "",
        "takes_back": takes_back,
    }
    if not takes_back:
        put_if_new(connection, delivery, values)
        return
    if insert_if_new(connection, delivery, values, [delivery.c.id]) is not None:
        return
    there = connection.execute(select(delivery).where(delivery.c.once == values["once"])).one()
    if there.state in {Owed.HELD, Owed.STOPPED} and there.tries == 0:
        instead = {"state": Owed.DUE.value, "due_at": at, "last_error": "", "takes_back": True}
        decided = {"undecided_at": None, "undecided_by": ""}
        connection.execute(update(delivery).where(delivery.c.id == there.id).values(**instead, **decided))
    elif not there.takes_back:
        after = values | {"once": f"{values['once']}-taken-back"}
        insert_if_new(connection, delivery, after, [delivery.c.id])


def stop(connection: Connection, *, records: Iterable[str], target: str, reason: str) -> None:
    """Do not send what has not been sent yet; ``reason`` is a rule's code.

    What is under way is not tried again, and what waits for a person is nobody's to try again.
    """
    _stop(
        connection,
        delivery.c.record.in_(list(records)),
        delivery.c.target.startswith(target, autoescape=True),
        reason=reason,
    )


def stop_these(connection: Connection, ids: Iterable[int], *, reason: str) -> None:
    """The same of some deliveries by their numbers."""
    _stop(connection, delivery.c.id.in_(list(ids)), reason=reason)


def _stop(connection: Connection, *which: ColumnElement[bool], reason: str) -> None:
    connection.execute(
        update(delivery)
        .where(*which, delivery.c.state.in_([one.value for one in NOT_OVER]))
        .values(state=Owed.STOPPED.value, lease_until=None, last_error=reason)
    )


def without_limit(connection: Connection, records: Iterable[str]) -> None:
    """What is held of these records leaves only when a person says so: no time lets it go."""
    held = (delivery.c.record.in_(list(records)), delivery.c.state == Owed.HELD.value)
    connection.execute(update(delivery).where(*held).values(limit_at=None))


def limit_anew(connection: Connection, records: Iterable[str], target: str, at: datetime) -> None:
    """What is held of these records for such a target waits until then, and no longer."""
    held = (
        delivery.c.record.in_(list(records)),
        delivery.c.target.startswith(target, autoescape=True),
        delivery.c.state == Owed.HELD.value,
    )
    connection.execute(update(delivery).where(*held).values(limit_at=at, escalated_at=None))


def take_up(
    connection: Connection,
    record: str,
    rev: int,
    *,
    stopped_with: str,
    policy: ForcePolicy,
    waits: bool,
    at: datetime,
) -> int:
    """What was stopped, or lost its limit, for a reason that is none goes on; how much that was.

    What leaves as it arrives, or corrects what has left, is due. What a decision lets leave is held, with a
    limit, where the record ``waits`` for one; where it does not, it stays as whoever decided has left it.
    """
    stopped = (delivery.c.state == Owed.STOPPED.value) & (delivery.c.last_error == stopped_with)
    held = (delivery.c.state == Owed.HELD.value) & delivery.c.limit_at.is_(None)
    query = select(delivery).where(delivery.c.record == record, delivery.c.rev == rev, stopped | held)
    taken = 0
    for row in connection.execute(query.order_by(delivery.c.id).with_for_update()).all():
        output = output_of(row.target)
        by_itself = row.takes_back or policy.leaving[output].when is Release.SUBMISSION
        if not by_itself and not waits:
            continue
        now = (
            {"state": Owed.DUE.value, "due_at": at, "limit_at": None}
            if by_itself
            else {"state": Owed.HELD.value, "limit_at": limit_of(policy, output, at), "escalated_at": None}
            | {"undecided_at": None, "undecided_by": ""}
        )
        # What was tried may have arrived: the word stays, by which what comes after it is a correction.
        error = row.last_error if row.tries else ""
        connection.execute(
            update(delivery).where(delivery.c.id == row.id).values(**now, lease_until=None, last_error=error)
        )
        taken += 1
    return taken


def left_at(connection: Connection, record: str, at: datetime) -> list[str]:
    """Where what of a record goes that a decision has let leave at this instant."""
    c = delivery.c
    left = select(c.target).where(c.record == record, c.state == Owed.DUE.value, c.due_at == at)
    return list(connection.execute(left.order_by(c.target)).scalars())


def release(connection: Connection, records: Iterable[str], at: datetime, target: str = "") -> int:
    """Let what waited for a decision leave, and say how many did; ``target`` limits it to one kind.

    Only the newest revision of a record was decided on, so an earlier one that still waits never leaves:
    it may be for another place, and that it named the wrong one may be why it was sent back.
    """
    waiting = (
        delivery.c.record.in_(list(records)),
        delivery.c.state == Owed.HELD.value,
        delivery.c.target.startswith(target, autoescape=True),
    )
    connection.execute(
        update(delivery).where(*waiting, OUTDATED).values(state=Owed.STOPPED.value, last_error=SUPERSEDED)
    )
    leaves = update(delivery).where(*waiting).values(state=Owed.DUE.value, due_at=at)
    return len(connection.execute(leaves.returning(delivery.c.id)).all())
