"""Whether a server has everything that it needs to take a record in and keep it."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from functools import cache
from typing import Final

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from booklets.sealing import usable_suites
from booklets.sealing.errors import DirectoryRefused
from sync_server.context import Context
from sync_server.db.migrate import configuration
from sync_server.db.store import BACKGROUND_WORK_GOES_ON

LEAST_FREE: Final = 256 * 1024 * 1024
OK: Final = "ok"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is needed, by its name: ``says`` is "ok", or in a few words why it is not."""

    name: str
    says: str

    @property
    def is_well(self) -> bool:
        """Whether it is there."""
        return self.says == OK


def look(context: Context) -> tuple[Check, ...]:
    """Everything that is needed, looked at now. Nothing in it is secret, and nothing is about anybody."""
    database, migrations = _database(context)
    return (
        Check("database", database),
        Check("migrations", migrations),
        Check("disk", _disk(context)),
        Check("keys", _keys(context)),
    )


def _database(context: Context) -> tuple[str, str]:
    try:
        with context.store.read() as db:
            return OK, _migrations(db)
    except BACKGROUND_WORK_GOES_ON:
        return "cannot be reached", "cannot be looked at"


def _migrations(db: Connection) -> str:
    there = MigrationContext.configure(db).get_current_revision()
    return OK if there == _newest() else "the database is of another version than this server"


@cache
def _newest() -> str | None:
    return ScriptDirectory.from_config(configuration()).get_current_head()


def _disk(context: Context) -> str:
    folder = context.settings.data
    if not os.access(folder, os.W_OK):
        return "the data folder cannot be written to"
    free = shutil.disk_usage(folder).free
    return OK if free >= LEAST_FREE else f"less than {LEAST_FREE // 1024 // 1024} MiB are free"


def _keys(context: Context) -> str:
    """Whether what phones are given is good now, and we hold what opens what they seal to it."""
    directory, now = context.keys.directory, context.now()
    try:
        for use in ("receipt", "command", "recovery"):
            directory.current(use, usable_suites() if use == "recovery" else None, at=now)
        current = directory.current("sealing", at=now)
    except DirectoryRefused:
        return "the key directory is over, or not good yet"
    return OK if current.kid in context.keys.sealing else "the current sealing key is not here"
