"""What people said of tasks. Kept like a decision: what does not count is kept too, with why."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from sync_server.db.tables import metadata
from sync_server.db.types import Moment

task_act = Table(
    "task_act",
    metadata,
    # Made by whoever acts, so that hearing the same again changes nothing.
    Column("id", Text, primary_key=True),
    Column("force", Text, nullable=False),
    Column("task", Integer, ForeignKey("task.id"), nullable=False),
    Column("act", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("delay_reason", Text, nullable=False),
    # What was written about it, sealed under the record's key.
    Column("words_sealed", LargeBinary, nullable=False),
    Column("stands", Boolean, nullable=False),
    Column("why_void", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    Index("ix_task_act_task", "task"),
)
