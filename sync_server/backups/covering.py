"""What of a handheld's sealed copies the server needs no more, and what it needs again.

A handheld keeps the sealed copy of what was received. Once a backup that was found whole has it as well, the
copy may go. And a server that was put back from an older backup lacks what came after it: it asks for that
again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from sync_server.db.backups import backup
from sync_server.db.tables import submission


@dataclass(frozen=True, slots=True)
class Covered:
    """Of the copies that a handheld has, by the sum of their bytes: what is safe, and what is not here."""

    safe: tuple[str, ...]
    missing: tuple[str, ...]


def covered(connection: Connection, sums: Collection[str], *, device: str) -> Covered:
    """How it stands with these. Of what another handheld sent nothing is said: it counts as missing."""
    upto = connection.execute(select(func.max(backup.c.covers))).scalar() or 0
    c = submission.c
    query = select(c.env_sha256, func.min(c.seq)).where(c.env_sha256.in_(sums), c.device == device)
    first = {row[0]: row[1] for row in connection.execute(query.group_by(c.env_sha256))}
    return Covered(
        safe=tuple(one for one in sums if one in first and first[one] <= upto),
        missing=tuple(one for one in sums if one not in first),
    )
