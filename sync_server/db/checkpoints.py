"""Signed checkpoints of the audit, each over the entries since the one before."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, Table, Text

from sync_server.db.tables import metadata
from sync_server.db.types import Moment

checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    # The force whose server it is: entries of every force of that server are in it.
    Column("force", Text, nullable=False),
    # The audit's own number of the last entry that it covers.
    Column("upto", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("statement", LargeBinary, nullable=False),
)
