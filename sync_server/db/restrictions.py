"""Children of whom only named people may read: whom it is about, and who is on the list."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from sync_server.db.tables import metadata
from sync_server.db.types import Moment

restriction = Table(
    "restriction",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("force", Text, nullable=False),
    # The record it was set on: under its key lies why it was, and why it was ended.
    Column("record", Text, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("words_sealed", LargeBinary, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", Text, nullable=False),
    Column("ended_words_sealed", LargeBinary, nullable=False),
    Index("ix_restriction_force", "force", "ended_at"),
    sqlite_autoincrement=True,
)

restricted_word = Table(
    "restricted_word",
    metadata,
    # By which the child is known again: the id of a mention, or names and full date of birth in one form.
    # They go when the restriction ends.
    Column("force", Text, nullable=False),
    Column("restriction", Integer, primary_key=True, autoincrement=False),
    Column("word", Text, primary_key=True),
    Index("ix_restricted_word_word", "force", "word"),
)

restriction_reader = Table(
    "restriction_reader",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("force", Text, nullable=False),
    Column("restriction", Integer, nullable=False),
    Column("account", Text, nullable=False),
    # Nothing for whoever was named; of whoever opened it in need, until when, and why in their own words.
    Column("until", Moment),
    Column("words_sealed", LargeBinary, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("removed_at", Moment),
    Index("ix_restriction_reader_restriction", "restriction", "account"),
    sqlite_autoincrement=True,
)
