"""A server that has kept many records: those that were taken in for true, copied under other names.

What a submission has left is copied whole, in evidence, register, audit, outbox, feed, tasks and sketches,
so that every table and every index is as large as if all of it had come by itself. Only that is asked of it:
the copies' seals open under no key, and their chains are not verified.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, Integer, Table, func, insert, select

from sync_server.db.owed import Owed, delivery, feed_item, notice, task
from sync_server.db.packs import brief
from sync_server.db.sketches import text_sketch
from sync_server.db.tables import REGISTER, audit, record_key, submission

LEFT: Final = (
    submission, record_key, *reversed(REGISTER), audit, delivery, feed_item, notice, task, text_sketch, brief
)  # fmt: skip
NAMES: Final = frozenset(
    {"record", "id", "incident", "episode", "encounter", "subject", "from_id", "to_id", "once", "reference"}
)
SUMS: Final = frozenset({"env_sha256", "hash"})
UUID: Final = re.compile(r"[0-9a-f]{8}(?=-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")
STANDS: Final[Mapping[Table, Mapping[str, Any]]] = {
    delivery: {"state": Owed.DELIVERED.value},
    feed_item: {"n": None},
}
"""What is otherwise of a copy: nobody delivers it, and nobody has asked for its news yet."""
AT_ONCE: Final = 2_000


def multiplied(connection: Connection, stored: int) -> int:
    """Copy what was taken in until so many submissions are there; how many there are."""
    rows = {table: [dict(one) for one in connection.execute(select(table)).mappings()] for table in LEFT}
    each = len(rows[submission])
    for number in range(1, -(-stored // each)):
        for table, there in rows.items():
            copies = [*_copies(table, there, number)]
            for start in range(0, len(copies), AT_ONCE):
                connection.execute(insert(table), copies[start : start + AT_ONCE])
    return connection.execute(select(func.count()).select_from(submission)).scalar_one()


def _copies(table: Table, rows: list[dict[str, Any]], number: int) -> Iterator[Mapping[str, Any]]:
    counted = {one.name for one in table.primary_key if isinstance(one.type, Integer)}
    for row in rows:
        copy = {name: value for name, value in row.items() if name not in counted}
        copy |= {name: _other(copy[name], number) for name in NAMES & copy.keys()}
        copy |= {name: sha256(f"{number} {copy[name]}".encode()).hexdigest() for name in SUMS & copy.keys()}
        yield {**copy, **STANDS.get(table, {})}


def _other(name: object, number: int) -> object:
    """Another name for each name, the same wherever it stands."""
    if not isinstance(name, str):
        return name
    return UUID.sub(lambda found: f"{int(found[0], 16) ^ number:08x}", name)
