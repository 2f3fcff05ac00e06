"""Dip samples: which records of a unit were drawn, by what, and what was written back about each."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from sync_server.db.tables import metadata
from sync_server.db.types import Moment

dip_sample = Table(
    "dip_sample",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("force", Text, nullable=False),
    Column("unit", Text, nullable=False),
    # The records of this month, 2026-03, in the order that the seed gives them.
    Column("month", Text, nullable=False),
    Column("seed", Text, nullable=False),
    # Each as its id and the revision that was there when it was drawn.
    Column("records", JSON, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_dip_sample_unit", "force", "unit", "at"),
    sqlite_autoincrement=True,
)

dip_feedback = Table(
    "dip_feedback",
    metadata,
    # Of the page it was written on and of the words, so that a button that is pressed twice writes once.
    Column("id", Text, primary_key=True),
    Column("force", Text, nullable=False),
    Column("sample", Integer, ForeignKey("dip_sample.id"), nullable=False),
    Column("record", Text, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("by", Text, nullable=False),
    # What was written, sealed under the record's key.
    Column("words_sealed", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_dip_feedback_sample", "sample"),
)
