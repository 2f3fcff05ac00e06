"""What was delivered to one council and still holds, in the words in which it was delivered.

Of everything that went there under one reference only the newest stands: a notice says all that those before
it said, and a correction says what holds no longer. What was withdrawn, or is about to be taken back, is not
there any more even before its correction has arrived.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, func, or_, select

from sync_server import notices
from sync_server.db.owed import Owed, delivery, notice
from sync_server.db.tables import State, record
from sync_server.forwarding import council_has
from sync_server.keys import Safe
from sync_server.notices import TAKEN_BACK, WITHDRAWN
from sync_server.referrals import (
    COUNCIL_TARGET,
    DANGER_TARGET,
    KINDS,
    MISSING_TARGET,
    PARTNER_TARGET,
)
from sync_server.register import of_one_doorstep

TO_COUNCILS: Final = (MISSING_TARGET, COUNCIL_TARGET, DANGER_TARGET, PARTNER_TARGET)


def delivered(force: str, council: str) -> Select[Any]:
    """What this council has had and may rely on, joined with the register's row of its record."""
    c, n = delivery.c, notice.c
    ranked = _ranked(force, council)
    columns = [c[name] for name in ("id", "force", "target", "record", "rev", "takes_back", "undecided_by")]
    return (
        select(*columns, c.delivered_at, n.id.label("notice"), n.kind, n.reference, n.subject, n.prepared_at)
        .join(ranked, ranked.c.delivery == c.id)
        .join(notice, n.id == ranked.c.notice)
        .join(record, record.c.record == c.record)
        .where(ranked.c.place == 1, c.state == Owed.DELIVERED.value)
        .where(or_(c.takes_back, record.c.state != State.WITHDRAWN.value))
    )


def _ranked(force: str, council: str) -> Any:
    """Everything that went there or is about to take it back, the newest of each reference in first place.

    A reference has few letters, so that the doorstep is asked as well: two that are alike hide nothing.
    """
    c, n = delivery.c, notice.c
    made = (
        select(c.id.label("delivery"), func.max(n.id).label("notice"))
        .join(notice, and_(n.force == c.force, n.record == c.record, n.rev == c.rev, _is_of(council)))
        .where(c.force == force, c.target.in_(_targets(council)), n.authority == council, _there())
        .group_by(c.id)
        .subquery()
    )
    same = (c.target, n.reference, record.c.episode, record.c.encounter)
    place = func.row_number().over(partition_by=same, order_by=c.id.desc())
    return (
        select(made.c.delivery, made.c.notice, place.label("place"))
        .join(delivery, c.id == made.c.delivery)
        .join(notice, n.id == made.c.notice)
        .join(record, record.c.record == c.record)
        .subquery()
    )


def _targets(council: str) -> list[str]:
    """Where everything goes that is for this council."""
    return [f"{begins}{council}" for begins in TO_COUNCILS]


def _there() -> ColumnElement[bool]:
    """It has arrived; or it takes back what has, and will arrive."""
    arrived = delivery.c.state == Owed.DELIVERED.value
    return or_(arrived, and_(delivery.c.takes_back, delivery.c.state != Owed.STOPPED.value))


def _is_of(council: str) -> ColumnElement[bool]:
    """That a notice is the one of a delivery: of its kind, and taking back where that one does."""
    kind = notice.c.kind
    takes_back = or_(kind.endswith(WITHDRAWN, autoescape=True), kind.endswith(TAKEN_BACK, autoescape=True))
    of_kind = (
        and_(delivery.c.target == f"{begins}{council}", kind.startswith(KINDS[begins], autoescape=True))
        for begins in TO_COUNCILS
    )
    return and_(
        or_(*of_kind),
        or_(and_(delivery.c.takes_back, takes_back), and_(~delivery.c.takes_back, ~takes_back)),
    )


def words(db: Connection, safe: Safe, row: RowMapping) -> Mapping[str, Any]:
    """One of them as it was delivered: headed as it then was, and saying so where nobody had decided."""
    content: Mapping[str, Any] = notices.words_of(db, safe, row["notice"])
    first = council_has.ADDS_TO.get(str(content["kind"]))
    if first is not None and not _had_before(db, row):
        content = {**content, **notices.headed(first, content["reference"])}
    return council_has.unreviewed(content, row["undecided_by"])


def _had_before(db: Connection, row: RowMapping) -> bool:
    """Whether something that this adds to had arrived when it did."""
    c = delivery.c
    before = or_(
        c.delivered_at < row["delivered_at"], and_(c.delivered_at == row["delivered_at"], c.id < row["id"])
    )
    query = select(c.id).where(
        c.record.in_(of_one_doorstep(row["record"])),
        c.target == row["target"],
        c.state == Owed.DELIVERED.value,
        ~c.takes_back,
        before,
    )
    return db.execute(query.limit(1)).first() is not None
