"""How long records are kept: what is due for review, what people said of it, and what was destroyed."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, LargeBinary, Table, Text

from sync_server.db.tables import metadata
from sync_server.db.types import Moment

due_record = Table(
    "retention_due",
    metadata,
    Column("force", Text, nullable=False),
    # What belongs together has one word: the smallest of its records.
    Column("file", Text, nullable=False),
    Column("record", Text, primary_key=True),
    Column("group", Text, nullable=False),
    Column("due_at", Moment, nullable=False),
    Index("ix_retention_due_file", "force", "due_at", "file"),
)

retention_act = Table(
    "retention_act",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("force", Text, nullable=False),
    Column("kind", Text, nullable=False),
    # Under whose key the words lie; and what it was said of: each record and the revision that was read.
    Column("record", Text, nullable=False),
    Column("records", JSON, nullable=False),
    # Until when it is kept, or before when it is not destroyed.
    Column("until", Moment),
    # Why, as a code; and of a hold that is lifted, which one that was.
    Column("why", Text, nullable=False),
    Column("lifts", Integer),
    Column("words_sealed", LargeBinary, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_retention_act_force", "force", "kind"),
    sqlite_autoincrement=True,
)

destroyed = Table(
    "destroyed_record",
    metadata,
    # What remains of a record: when it was there, and by which rule and whose word it is not any more.
    Column("force", Text, nullable=False),
    Column("record", Text, primary_key=True),
    Column("record_type", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("revisions", Integer, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("rule", Text, nullable=False),
    Column("act", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("decided_at", Moment, nullable=False),
    Column("destroyed_at", Moment, nullable=False),
    Index("ix_destroyed_record_at", "force", "destroyed_at"),
)
