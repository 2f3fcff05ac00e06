"""What became of missing episodes: closed, refused, open again. A row is added and never changed."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from sync_server.db.tables import metadata
from sync_server.db.types import Moment

episode_act = Table(
    "episode_act",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("force", Text, nullable=False),
    Column("episode", Text, nullable=False),
    # The acts of one episode are numbered: of two at once only one can be the next.
    Column("n", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    # As what it was closed, or was to be: a code of the return form. "" where it was opened again.
    Column("category", Text, nullable=False),
    # Why a closing was refused, or that it was made although something was open, as a code.
    Column("why", Text, nullable=False),
    # What was open all the same, as codes.
    Column("still_open", JSON, nullable=False),
    # Under whose key the words lie; of an episode that was opened by a record, which record that was.
    Column("record", Text, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("words_sealed", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("force", "episode", "n"),
    Index("ix_episode_act_at", "force", "at"),
    sqlite_autoincrement=True,
)
