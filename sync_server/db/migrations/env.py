"""Alembic's way in: the server's own open connection, or the address in ``alembic.ini``."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, create_engine

import sync_server.db.acts
import sync_server.db.attachments
import sync_server.db.closings
import sync_server.db.giving
import sync_server.db.handhelds
import sync_server.db.identity
import sync_server.db.owed
import sync_server.db.packs
import sync_server.db.retained
import sync_server.db.samples
import sync_server.db.sketches  # noqa: F401 - their tables stand in the same metadata
from sync_server.db.tables import metadata


def run(connection: Connection) -> None:
    """Take the steps on this connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.begin() as fresh:
        run(fresh)
