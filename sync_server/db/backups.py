"""Which backups were made and found whole: what they cover is what handhelds need to keep no longer."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from sync_server.db.tables import metadata
from sync_server.db.types import Moment

backup = Table(
    "backup_made",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    # The force whose server it is: a backup holds every force of that server.
    Column("force", Text, nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("verified_at", Moment, nullable=False),
    # The highest number of a submission in it: every submission up to it is in it, and it was read again.
    Column("covers", Integer, nullable=False),
    Column("submissions", Integer, nullable=False),
    Column("attachments", Integer, nullable=False),
    # Of the copied database, so that somebody who has a copy can tell which this row is about.
    Column("sha256", Text, nullable=False),
    sqlite_autoincrement=True,
)
