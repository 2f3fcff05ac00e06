"""What is due, in the hands of one worker: claimed for the length of a lease, then settled or put off."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, not_, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from sync_server.db.later import first
from sync_server.db.owed import Owed, delivery

LEASE = timedelta(minutes=2)
FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=30)  # twenty tries outlast a night's outage of two hours
TRIES = 20


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
    takes_back: bool = False


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
    return first(connection, _TAKEN, {"number": claimed.id, "try": claimed.tries}) is not None


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
    """Wait for a person: shown in the console until somebody looks. False where it was stopped meanwhile."""
    return _settle(connection, claimed, state=Owed.DEAD, last_error=reason)


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
    ours: tuple[Owed, ...] = (Owed.LEASED,),
    **values: object,
) -> bool:
    to = {
        f"to_{name}": value for name, value in {"state": state.value, "lease_until": None, **values}.items()
    }
    of = {"number": claimed.id, "try": claimed.tries}
    return first(connection, _settling(tuple(values), ours), of | to) is not None


@cache
def _settling(names: tuple[str, ...], ours: tuple[Owed, ...]) -> ReturningUpdate[int]:
    to: dict[str, Any] = {name: bindparam(f"to_{name}") for name in ("state", "lease_until", *names)}
    is_ours = or_(*(delivery.c.state == one.value for one in ours))
    return update(delivery).where(_LEASE, is_ours).values(**to).returning(delivery.c.id)


# The number of tries tells our lease from a later one of the same row.
_LEASE = (delivery.c.id == bindparam("number")) & (delivery.c.tries == bindparam("try"))
_TAKEN = select(delivery.c.id).where(_LEASE, delivery.c.state == Owed.LEASED.value)
