"""What is owed to other systems, written down in the same transaction as what makes it owed.

held ──release──> due ──claim──> leased ──> delivered
                        ^               │
                        └── NotNow ─────┴── Never, or twenty tries ──> dead   (a person looks)
due, held ──(what came to be known forbids it)──> stopped
held ──(a later revision of the same is released)──> stopped
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, exists, or_, select, update

from sync_server.db.tables import Owed, delivery
from sync_server.db.types import insert_if_new

LEASE = timedelta(minutes=2)
FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=5)
TRIES = 20

FORCE_RECORDS = "force_records"
LOCAL_AUTHORITY = "local_authority:"
SUPERSEDED = "superseded"


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


def owe(
    connection: Connection,
    *,
    force: str,
    target: str,
    record: str,
    rev: int,
    at: datetime,
    held: bool = False,
) -> None:
    """Owe one revision to one target. Owing it again changes nothing."""
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
    }
    insert_if_new(connection, delivery, values, [delivery.c.id])


def stop(connection: Connection, *, records: Iterable[str], target: str, reason: str) -> None:
    """Do not send what has not been sent yet; ``reason`` is a rule's code."""
    connection.execute(
        update(delivery)
        .where(
            delivery.c.record.in_(list(records)),
            delivery.c.target.startswith(target, autoescape=True),
            delivery.c.state.in_([Owed.HELD.value, Owed.DUE.value]),
        )
        .values(state=Owed.STOPPED.value, last_error=reason)
    )


def release(connection: Connection, records: Iterable[str], at: datetime, target: str = "") -> int:
    """Let what waited for a decision leave, and say how many did; ``target`` limits it to one kind.

    Only the newest revision of a record was decided on, so an earlier one that still waits never leaves.
    """
    newer = delivery.alias()
    outdated = exists().where(
        newer.c.record == delivery.c.record,
        newer.c.target == delivery.c.target,
        newer.c.rev > delivery.c.rev,
    )
    waiting = (
        delivery.c.record.in_(list(records)),
        delivery.c.state == Owed.HELD.value,
        delivery.c.target.startswith(target, autoescape=True),
    )
    connection.execute(
        update(delivery).where(*waiting, outdated).values(state=Owed.STOPPED.value, last_error=SUPERSEDED)
    )
    leaves = update(delivery).where(*waiting).values(state=Owed.DUE.value, due_at=at)
    return len(connection.execute(leaves.returning(delivery.c.id)).all())


def claim(connection: Connection, *, now: datetime, most: int) -> list[Claimed]:
    """Take what is due, and what a worker that died had taken, for the length of a lease."""
    waiting = delivery.c.state == Owed.DUE.value
    abandoned = (delivery.c.state == Owed.LEASED.value) & (delivery.c.lease_until < now)
    due = (
        select(delivery.c.id)
        .where(or_(waiting & (delivery.c.due_at <= now), abandoned))
        .order_by(delivery.c.due_at, delivery.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)  # SQLite has one writer and leaves this out
    )
    ids = list(connection.execute(due).scalars())
    taken = (
        update(delivery)
        .where(delivery.c.id.in_(ids))
        .values(state=Owed.LEASED.value, lease_until=now + LEASE, tries=delivery.c.tries + 1)
        .returning(*(delivery.c[name] for name in Claimed.__slots__))
    )
    return sorted((Claimed(*row) for row in connection.execute(taken)), key=lambda one: one.id)


def delivered(connection: Connection, claimed: Claimed, *, now: datetime) -> bool:
    """Settle a delivery that arrived, unless its lease was lost to another worker meanwhile."""
    return _settle(connection, claimed, state=Owed.DELIVERED, delivered_at=now, last_error="")


def put_off(connection: Connection, claimed: Claimed, *, now: datetime, reason: str, chance: float) -> bool:
    """Try again later, or give up after twenty tries. Whether it was given up."""
    if claimed.tries >= TRIES:
        return set_aside(connection, claimed, reason=reason)
    due = now + wait_after(claimed.tries, chance)
    _settle(connection, claimed, state=Owed.DUE, due_at=due, last_error=reason)
    return False


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


def _settle(connection: Connection, claimed: Claimed, *, state: Owed, **values: object) -> bool:
    # The number of tries tells our lease from a later one of the same row.
    settled = (
        update(delivery)
        .where(
            delivery.c.id == claimed.id,
            delivery.c.state == Owed.LEASED.value,
            delivery.c.tries == claimed.tries,
        )
        .values(state=state.value, lease_until=None, **values)
        .returning(delivery.c.id)
    )
    return connection.execute(settled).first() is not None


def deliveries_of(connection: Connection, record: str) -> list[RowMapping]:
    """Everything owed because of one record, oldest first."""
    query = select(delivery).where(delivery.c.record == record).order_by(delivery.c.id)
    return list(connection.execute(query).mappings())


def stuck(connection: Connection, force: str = "") -> list[RowMapping]:
    """The deliveries that wait for a person, of one force or of all."""
    query = select(delivery).where(delivery.c.state == Owed.DEAD.value).order_by(delivery.c.id)
    if force:
        query = query.where(delivery.c.force == force)
    return list(connection.execute(query).mappings())


def try_again(connection: Connection, id_: int, *, now: datetime) -> bool:
    """Owe a dead delivery once more, from the beginning. Whether there was one."""
    again = (
        update(delivery)
        .where(delivery.c.id == id_, delivery.c.state == Owed.DEAD.value)
        .values(state=Owed.DUE.value, due_at=now, tries=0)
        .returning(delivery.c.id)
    )
    return connection.execute(again).first() is not None
