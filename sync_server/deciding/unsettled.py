"""Which records have a second version beside them, of which nobody has said yet whether it counts (S-06)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from sync_server.db.tables import audit

CONFLICT = "rev_conflict"
APART, SETTLED = "quarantined", "conflict_settled"


@dataclass(frozen=True, slots=True)
class Unsettled:
    """One revision that was kept beside its record, while nobody has said which of the two counts."""

    record: str
    env_sha256: str
    at: datetime


def why_apart(connection: Connection, record: str) -> Mapping[str, str]:
    """Why what was kept apart of a record is, by its bytes: as its history said last."""
    query = select(audit.c.detail).where(audit.c.record == record, audit.c.what == APART)
    said = connection.execute(query.order_by(audit.c.id)).scalars()
    return {str(one.get("env_sha256", "")): str(one.get("reason", "")) for one in said}


def unsettled(connection: Connection, force: str, records: Iterable[str] | None = None) -> list[Unsettled]:
    """Every conflict of a force, or of some ``records``, that waits for a person: the oldest first.

    As their history says.
    """
    query = select(audit.c.record, audit.c.what, audit.c.detail, audit.c.at).where(
        audit.c.force == force, audit.c.what.in_([APART, SETTLED])
    )
    if records is not None:
        query = query.where(audit.c.record.in_(sorted(set(records))))
    found: dict[str, Unsettled] = {}
    for row in connection.execute(query.order_by(audit.c.id)):
        sha = str(row.detail.get("env_sha256", ""))
        if row.what == SETTLED:
            found.pop(sha, None)
        elif row.detail.get("reason") == CONFLICT:
            found[sha] = Unsettled(row.record, sha, row.at)
    return list(found.values())
