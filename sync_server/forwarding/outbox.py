"""What is owed to other systems, written down in the same transaction as what makes it owed.

held ──release──> due ──claim──> leased ──> delivered
                        ^               │
                        └── NotNow ─────┴── Never, or twenty tries ──> dead   (a person looks)
held, due, leased, dead ──(what came to be known forbids it)──> stopped
held ──(a later revision of the record is released)──> stopped
held ──(nobody decided in time)──> due or stopped, as the force has set   (``deciding.undecided``)
stopped ──(it was under way, and arrived)──> delivered
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
    true,
    update,
)

from booklets.definitions.leaving import Output
from sync_server import audit
from sync_server.db.tables import Kept, Owed, delivery, submission
from sync_server.db.types import insert_if_new

LEASE = timedelta(minutes=2)
FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=30)  # twenty tries outlast a night's outage of two hours
TRIES = 20

FORCE_RECORDS = "force_records"
LOCAL_AUTHORITY = "local_authority:"
# What leaves, by the beginning of the targets it goes to.
TARGETS: Mapping[Output, str] = {
    Output.RETURN_NOTICE: LOCAL_AUTHORITY,
    Output.DANGER: "danger:",
    Output.REFERRAL: "partner:",
    Output.FORCE_RECORDS: FORCE_RECORDS,
}
SUPERSEDED = "superseded"


_newer = delivery.alias()
OUTDATED = exists().where(_newer.c.record == delivery.c.record, _newer.c.rev > delivery.c.rev)
"""Of a delivery: something of a later revision of the same record is owed."""
WAITING = (Owed.DUE, Owed.LEASED)
NOT_OVER = (Owed.HELD, *WAITING, Owed.DEAD)
MOST_LISTED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetOverview:
    """How one system stands that we deliver to: how many deliveries in each state, and its newest trouble.

    ``waits_since`` is when the oldest arrived here that is due or dead, ``next_try`` when the next attempt
    is made, ``last_error`` why an attempt failed at something that still waits.
    """

    force: str
    target: str
    counts: Mapping[Owed, int]
    waits_since: datetime | None
    next_try: datetime | None
    last_error: str
    delivered_at: datetime | None

    @property
    def in_trouble(self) -> bool:
        """Whether somebody should look."""
        return bool(self.last_error)


@dataclass(frozen=True, slots=True)
class Claimed:
    """One delivery that this worker alone may attempt until its lease runs out."""

    id: int
    force: str
    target: str
    record: str
    rev: int
    once: str
    tries: int
    undecided_by: str = ""


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
    What ``takes_back`` an earlier one goes in the place of what this revision would have said there.
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
        "takes_back": takes_back,
    }
    if insert_if_new(connection, delivery, values, [delivery.c.id]) is None and takes_back:
        never_left = delivery.c.state.in_([Owed.HELD.value, Owed.STOPPED.value]) & (delivery.c.tries == 0)
        connection.execute(
            update(delivery)
            .where(delivery.c.once == values["once"], never_left)
            .values(state=Owed.DUE.value, due_at=at, last_error="", takes_back=True)
        )


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


def claim(
    connection: Connection, *, now: datetime, most: int, busy: Iterable[tuple[str, str]] = ()
) -> list[Claimed]:
    """Take what is due, and what a worker that died had taken, for the length of a lease.

    Other processes may do the same at once: each takes rows that no other has locked.
    ``busy`` are forces and targets that this worker is still at.
    """
    waiting = delivery.c.state == Owed.DUE.value
    abandoned = (delivery.c.state == Owed.LEASED.value) & (delivery.c.lease_until < now)
    due = (
        select(delivery.c.id)
        .where(
            or_(waiting & (delivery.c.due_at <= now), abandoned),
            *(not_((delivery.c.force == force) & (delivery.c.target == target)) for force, target in busy),
        )
        .order_by(delivery.c.due_at, delivery.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)  # SQLite has one writer and leaves this out
    )
    ids = list(connection.execute(due).scalars())
    if not ids:
        return []
    taken = (
        update(delivery)
        .where(delivery.c.id.in_(ids))
        .values(state=Owed.LEASED.value, lease_until=now + LEASE, tries=delivery.c.tries + 1)
        .returning(*(delivery.c[name] for name in Claimed.__slots__))
    )
    return sorted((Claimed(*row) for row in connection.execute(taken)), key=lambda one: one.id)


def is_still_taken(connection: Connection, claimed: Claimed) -> bool:
    """Whether this worker is still to attempt what it took: nobody has stopped it meanwhile."""
    return connection.execute(_TAKEN, {"number": claimed.id, "try": claimed.tries}).first() is not None


def delivered(connection: Connection, claimed: Claimed, *, now: datetime) -> bool:
    """Settle a delivery that arrived, unless its lease was lost to another worker meanwhile.

    One that was stopped while it was under way has arrived all the same, and its history says so.
    """
    ours = (Owed.LEASED, Owed.STOPPED)
    return _settle(connection, claimed, state=Owed.DELIVERED, ours=ours, delivered_at=now, last_error="")


def put_off(
    connection: Connection,
    claimed: Claimed,
    *,
    now: datetime,
    reason: str,
    chance: float,
    after: timedelta = timedelta(0),
) -> bool:
    """Try again later, not before ``after``, or give up after twenty tries. Whether it was given up."""
    if claimed.tries >= TRIES:
        return set_aside(connection, claimed, reason=reason)
    due = now + max(wait_after(claimed.tries, chance), after)
    _settle(connection, claimed, state=Owed.DUE, due_at=due, last_error=reason)
    return False


def give_back(connection: Connection, claimed: Claimed, *, at: datetime) -> None:
    """It was taken and not tried: due again at ``at``, and no try was spent on it."""
    _settle(connection, claimed, state=Owed.DUE, due_at=at, tries=claimed.tries - 1)


def hurry(connection: Connection, claimed: Claimed, *, now: datetime) -> None:
    """The system took what it had put off before, so it is up again: the rest of what waits is due now."""
    if claimed.tries == 1:
        return
    connection.execute(
        update(delivery)
        .where(
            delivery.c.force == claimed.force,
            delivery.c.target == claimed.target,
            delivery.c.state == Owed.DUE.value,
            delivery.c.due_at > now,
        )
        .values(due_at=now)
    )


def set_aside(connection: Connection, claimed: Claimed, *, reason: str) -> bool:
    """Wait for a person: shown in the console until somebody looks."""
    _settle(connection, claimed, state=Owed.DEAD, last_error=reason)
    return True


def wait_after(tries: int, chance: float) -> timedelta:
    """How long to wait: anything up to a bound that doubles, so that many do not come back at once."""
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(tries, 16))) * chance


def any_chance() -> float:
    """A number between 0 and 1, for waiting."""
    return random.random()  # noqa: S311 - spreads retries, guards nothing


def _settle(
    connection: Connection,
    claimed: Claimed,
    *,
    state: Owed,
    ours: Collection[Owed] = (Owed.LEASED,),
    **values: object,
) -> bool:
    row = connection.execute(
        _SETTLED.values(state=state.value, lease_until=None, **values),
        {"number": claimed.id, "try": claimed.tries, "ours": [one.value for one in ours]},
    )
    return row.first() is not None


# The number of tries tells our lease from a later one of the same row.
_LEASE = (delivery.c.id == bindparam("number")) & (delivery.c.tries == bindparam("try"))
_TAKEN = select(delivery.c.id).where(_LEASE, delivery.c.state == Owed.LEASED.value)
_SETTLED = (
    update(delivery)
    .where(_LEASE, delivery.c.state.in_(bindparam("ours", expanding=True)))
    .returning(delivery.c.id)
)


def deliveries_of(connection: Connection, record: str) -> list[RowMapping]:
    """Everything owed because of one record, oldest first."""
    query = select(delivery).where(delivery.c.record == record).order_by(delivery.c.id)
    return list(connection.execute(query).mappings())


def try_again(connection: Connection, id_: int, *, now: datetime, who: str = "server") -> bool:
    """Owe a dead delivery once more, from the beginning. Whether there was one."""
    again = (
        update(delivery)
        .where(delivery.c.id == id_, delivery.c.state == Owed.DEAD.value)
        .values(state=Owed.DUE.value, due_at=now, tries=0)
        .returning(delivery.c.force, delivery.c.record, delivery.c.rev, delivery.c.target)
    )
    row = connection.execute(again).first()
    if row is None:
        return False
    audit.note(
        connection,
        force=row.force,
        record=row.record,
        who=who,
        what="delivery_owed_again",
        at=now,
        detail={"target": row.target, "rev": row.rev},
    )
    return True


def listed(
    connection: Connection, force: str = "", states: Collection[Owed] = NOT_OVER, most: int = MOST_LISTED
) -> list[RowMapping]:
    """Deliveries in these states, of one force or of all: first what waits longest."""
    query = select(delivery).where(delivery.c.state.in_([one.value for one in states]))
    if force:
        query = query.where(delivery.c.force == force)
    return list(connection.execute(query.order_by(delivery.c.id).limit(most)).mappings())


def without_decision(connection: Connection, force: str, *, since: datetime) -> list[RowMapping]:
    """What is held although its time is over, then what left or was stopped since then, undecided."""
    held = (delivery.c.state == Owed.HELD.value) & delivery.c.escalated_at.is_not(None)
    query = (
        select(delivery)
        .where(delivery.c.force == force, or_(held & not_(OUTDATED), delivery.c.undecided_at >= since))
        .order_by(delivery.c.undecided_at.is_not(None), delivery.c.limit_at, delivery.c.undecided_at.desc())
    )
    return list(connection.execute(query.limit(MOST_LISTED)).mappings())


def overview(connection: Connection, force: str = "") -> list[TargetOverview]:
    """Every system that something was ever owed to, of one force or of all."""
    of = (delivery.c.force == force) if force else true()
    counted = select(*_TARGET, delivery.c.state, func.count().label("number"), _NEXT, _LAST)
    found: dict[tuple[str, str], list[RowMapping]] = {}
    for row in connection.execute(counted.where(of).group_by(*_TARGET, delivery.c.state)).mappings():
        found.setdefault((row["force"], row["target"]), []).append(row)
    open_ = of & delivery.c.state.in_([one.value for one in (*WAITING, Owed.DEAD)])
    since = dict(_since(connection, open_))
    errors = dict(_errors(connection, open_))
    return [
        TargetOverview(
            force=key[0],
            target=key[1],
            counts={Owed(row["state"]): row["number"] for row in rows},
            waits_since=since.get(key),
            next_try=min((row["next_try"] for row in rows if row["state"] == Owed.DUE), default=None),
            last_error=errors.get(key, ""),
            delivered_at=max((row["last"] for row in rows if row["last"]), default=None),
        )
        for key, rows in sorted(found.items())
    ]


_TARGET = (delivery.c.force, delivery.c.target)
_NEXT = func.min(delivery.c.due_at).label("next_try")
_LAST = func.max(delivery.c.delivered_at).label("last")


def _since(connection: Connection, of: ColumnElement[bool]) -> Iterator[tuple[tuple[str, str], datetime]]:
    """Since when the oldest of what is not delivered has been here."""
    same = (submission.c.record == delivery.c.record) & (submission.c.rev == delivery.c.rev)
    stored = submission.c.state == Kept.STORED.value
    query = select(*_TARGET, func.min(submission.c.received_at)).join(submission, same & stored)
    for force, target, since in connection.execute(query.where(of).group_by(*_TARGET)):
        yield (force, target), since


def _errors(connection: Connection, of: ColumnElement[bool]) -> Iterator[tuple[tuple[str, str], str]]:
    """The newest trouble of each target: of what waits, whatever was put off last."""
    newest = func.max(delivery.c.due_at)
    query = (
        select(*_TARGET, delivery.c.last_error)
        .where(of, delivery.c.last_error != "")
        .group_by(*_TARGET, delivery.c.last_error)
        .order_by(newest)
    )
    for force, target, error in connection.execute(query):
        yield (force, target), error
