"""Attachments: which a record lists, what of them is still coming in, and which are kept.

The bytes lie elsewhere (``sync_server.keeping``): of what is kept there is a sum here, and of what is still
coming in how much of it counts. So any process of the server goes on where another has stopped, and "this
many bytes are safe" is true once its transaction is.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text

from sync_server.db.tables import metadata
from sync_server.db.types import Moment

listed = Table(
    "attachment_listed",
    metadata,
    Column("force", Text, nullable=False),
    Column("record", Text, primary_key=True),
    Column("rev", Integer, primary_key=True),
    Column("attachment", Text, primary_key=True),
    # As the record's manifest says it, of the sealed bytes.
    Column("kind", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    # Where it was made: no other handheld may bring it.
    Column("device", Text, nullable=False),
    Column("listed_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Index("ix_attachment_listed_attachment", "attachment"),
    Index("ix_attachment_listed_due", "due_at"),
)

kept = Table(
    "attachment_kept",
    metadata,
    Column("force", Text, nullable=False),
    Column("record", Text, primary_key=True),
    Column("attachment", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("device", Text, nullable=False),
    Column("officer", Text, nullable=False),
    Column("arrived_at", Moment, nullable=False),
    Index("ix_attachment_kept_sha256", "force", "sha256"),
    Index("ix_attachment_kept_arrived_at", "arrived_at"),
)

upload = Table(
    "attachment_upload",
    metadata,
    Column("id", Text, primary_key=True),
    Column("force", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("attachment", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("length", Integer, nullable=False),
    # How many bytes are safe. All of them only once the whole has been held against its sum and kept.
    Column("received", Integer, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("uq_attachment_upload_one", "device", "record", "attachment", "sha256", unique=True),
    Index("ix_attachment_upload_expires_at", "expires_at"),
)
