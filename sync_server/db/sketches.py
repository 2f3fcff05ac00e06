"""What the long texts of a record are like, for as long as others are held against them (Q-02)."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, Table, Text

from sync_server.db.tables import metadata
from sync_server.db.types import Moment

text_sketch = Table(
    "text_sketch",
    metadata,
    Column("force", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("record", Text, primary_key=True),
    Column("rev", Integer, nullable=False),
    Column("incident", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
    # By question, numbers made with a key that is not here: no word can be read out of them.
    Column("texts", JSON, nullable=False),
    Index("ix_text_sketch_team", "force", "unit", "form", "received_at"),
    Index("ix_text_sketch_received_at", "received_at"),
)
