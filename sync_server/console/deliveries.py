"""What is owed to other systems: how it stands with each, and what waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection, select
from starlette.responses import Response

from sync_server import audit
from sync_server.console import waiting, words
from sync_server.console.doors import Seen, go_to, page
from sync_server.console.listed import DeliveriesPage, LateRow, StuckRow, TargetRow
from sync_server.console.marks import NONE, target_of
from sync_server.console.pages import Mark, RefusedPage
from sync_server.db.owed import Owed, delivery
from sync_server.forwarding import standing
from sync_server.forwarding.standing import TargetOverview
from sync_server.identity.accounts import Role
from sync_server.notices import reference_of

RETRIERS = frozenset({Role.ADMIN, Role.INTEGRATOR})
"""Who has something tried again: whoever looks after the systems on the other side."""
COUNTED = (Owed.HELD, Owed.DUE, Owed.LEASED, Owed.DELIVERED, Owed.STOPPED)
AGAIN = "It will be tried again."
NOT_STUCK = "That delivery does not wait for a person any more. Nothing was done."
MOST_DIGITS = 9
SHOWN_FOR = timedelta(days=7)


def show(seen: Seen) -> Response:
    """Every target, and what waits for a person. Ids and states; no page of a record."""
    force = seen.account.person.force
    with seen.context.store.read() as db:
        targets = tuple(_target(one, seen) for one in standing.overview(db, force))
        late = tuple(_late(seen, db, force))
        stuck = tuple(_stuck(db, force, may_retry=bool(RETRIERS & seen.account.person.roles)))
    return page(
        DeliveriesPage(
            **seen.frame("deliveries"),
            asked_at=words.day_and_time(seen.now),
            targets=targets,
            stuck=stuck,
            late=late,
            said=AGAIN if "again" in seen.request.query_params else "",
        )
    )


def again(seen: Seen) -> Response:
    """Owe a delivery once more that was given up."""
    asked = seen.request.path_params["delivery"]
    id_ = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS else 0
    if not seen.context.store.write(lambda db: _again(seen, db, id_)):
        return page(RefusedPage(**seen.frame("deliveries"), says=NOT_STUCK, back="/deliveries"), 404)
    return go_to("/deliveries?again")


def _again(seen: Seen, db: Connection, id_: int) -> bool:
    """Whether there was such a one, of this force. Who asked for it stands in the record's history."""
    force = seen.account.person.force
    query = select(delivery).where(delivery.c.id == id_, delivery.c.force == force)
    row = db.execute(query).mappings().first()
    if row is None or not standing.try_again(db, id_, now=seen.now):
        return False
    audit.note(
        db,
        force=force,
        record=row["record"],
        who=seen.account.id,
        what="tried_again",
        at=seen.now,
        detail={"rev": row["rev"], "target": row["target"]},
    )
    return True


def _target(one: TargetOverview, seen: Seen) -> TargetRow:
    dead = one.counts.get(Owed.DEAD, 0)
    waits = NONE
    if one.waits_since is not None:
        said = f"{words.short(one.waits_since)}, {words.how_long(seen.now - one.waits_since)} ago"
        waits = Mark(said, "late" if one.last_error else "")
    return TargetRow(
        name=target_of(one.target),
        counts=tuple(str(one.counts.get(state, 0)) for state in COUNTED),
        dead=Mark(str(dead), "late") if dead else Mark("0"),
        oldest=waits,
        last=words.short(one.delivered_at) if one.delivered_at else "Never",
        error=_trouble(one),
    )


def _trouble(one: TargetOverview) -> Mark:
    """What stands against it, and when it is tried next without anybody's doing: now, or at a time."""
    if not one.last_error:
        return NONE
    if one.counts.get(Owed.LEASED):
        again = "Being tried now"
    else:
        again = f"Next try {words.short(one.next_try)}" if one.next_try else ""
    return Mark(words.plain_code(one.last_error), "", again)


def _late(seen: Seen, db: Connection, force: str) -> Iterator[LateRow]:
    """What waits although its time is over; then what left or was stopped lately without a decision."""
    policy = seen.context.policy(force)
    for row in standing.without_decision(db, force, since=seen.now - SHOWN_FOR):
        yield LateRow(
            to=target_of(row["target"]),
            what=f"{reference_of(UUID(row['record']))}, revision {row['rev']}",
            state=waiting.state_of(row, policy),
        )


def _stuck(db: Connection, force: str, *, may_retry: bool) -> Iterator[StuckRow]:
    for row in standing.listed(db, force, [Owed.DEAD]):
        yield StuckRow(
            to=target_of(row["target"]),
            what=f"{reference_of(UUID(row['record']))}, revision {row['rev']}",
            tries=str(row["tries"]),
            due=words.day_and_time(row["due_at"]),
            error=words.plain_code(row["last_error"]) or "–",
            again=f"/deliveries/{row['id']}/again" if may_retry else "",
        )
