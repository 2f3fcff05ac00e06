"""What somebody at a council says of what was delivered to it: that it was read, and what it decided."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from sync_server.db.tables import metadata
from sync_server.db.types import Moment

council_answer = Table(
    "council_answer",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("force", Text, nullable=False),
    Column("council", Text, nullable=False),
    Column("delivery", Integer, ForeignKey("outbox_delivery.id"), nullable=False),
    Column("record", Text, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("kind", Text, nullable=False),  # read, or decided
    Column("decision", Text, nullable=False),  # a code of ``councils.answering``; "" where it was only read
    Column("by", Text, nullable=False),
    # What was written to the police about it, sealed under the record's key.
    Column("words_sealed", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
    # The first counts: a button that is pressed twice says it once.
    UniqueConstraint("delivery", "kind"),
    Index("ix_council_answer_record", "record"),
    sqlite_autoincrement=True,
)
