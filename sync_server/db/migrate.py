"""Brings a database up to the tables of this version, step by step, and says when it cannot."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

MIGRATIONS = "sync_server.db:migrations"


def configuration() -> Config:
    """Alembic's settings, the same as in ``alembic.ini`` beside this package."""
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    return config


def migrate(connection: Connection) -> None:
    """Take every step that this database has not taken yet, in the caller's transaction."""
    config = configuration()
    newest = ScriptDirectory.from_config(config).get_current_head()
    if MigrationContext.configure(connection).get_current_revision() == newest:
        return
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
