"""What was deleted from PostgreSQL, erased from its files as well, and from what the planner noted of it.

A table that is written anew still takes along what somebody may see who looks at an earlier state: a console
page that began before, or PostgreSQL's own look at a table (autovacuum). So those are waited for first. The
server's own log (WAL) is PostgreSQL's to recycle, and belongs to the backups.
"""

from __future__ import annotations

import time
from typing import Final

from sqlalchemy import Connection, text

WRITTEN_ANEW: Final = (
    *("evidence_record_key", "text_sketch", "register_link", "register_event", "register_object"),
    *("register_location", "register_person", "register_record", "feed_item"),
    *("shift_brief", "shift_changed", "given_draft", "draft_copy", "restricted_word"),
)
"""Where something readable lay. What else is deleted was sealed under a key that is gone.

Drafts that were given were sealed to the force's own key, which stays.
"""
TRIES, PAUSE_S = 60, 0.25

NOW: Final = text("SELECT CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS xid) AS text)")
LOOK_AT_EARLIER: Final = text(
    "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND ("
    "datname = current_database() AND age(backend_xmin) > age(CAST(:now AS xid)) "
    "OR age(backend_xid) > age(CAST(:now AS xid)))"
)
"""How many see a state from before ``now`` in this database, or have others see one by what they change."""
NOTED_OF_COLUMNS: Final = text(
    "SELECT format('ALTER %I TYPE %s', a.attname, format_type(a.atttypid, a.atttypmod)) FROM pg_stats AS s "
    "JOIN pg_attribute AS a ON a.attrelid = to_regclass(:table) AND a.attname = s.attname "
    "WHERE s.schemaname = current_schema() AND s.tablename = :table"
)
"""A column that is given the type it has: nothing is rewritten, and PostgreSQL forgets what it noted of it.

No other way does that before version 18 without being a superuser.
"""


def erase(connection: Connection) -> bool:
    """Write the tables anew, and what the planner noted of their columns; False where somebody looks on.

    The planner keeps the commonest values of a column, and of a table that is empty now it would keep them
    for good. ``connection`` begins no transaction by itself.
    """
    if not _all_look_at_now(connection):
        return False
    for table in WRITTEN_ANEW:
        noted = connection.execute(NOTED_OF_COLUMNS, {"table": table}).scalars().all()
        if noted:
            connection.exec_driver_sql(f"ALTER TABLE {table} {', '.join(noted)}")
        connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {table}")
    if not _all_look_at_now(connection):
        return False
    connection.exec_driver_sql("VACUUM (FULL) pg_statistic")
    return True


def _all_look_at_now(connection: Connection) -> bool:
    """Wait until nobody looks at a state from before this moment any more."""
    now = connection.execute(NOW).scalar_one()
    for _ in range(TRIES):
        if not connection.execute(LOOK_AT_EARLIER, {"now": now}).scalar_one():
            return True
        time.sleep(PAUSE_S)  # PostgreSQL tells nobody when a look ends
    return False
