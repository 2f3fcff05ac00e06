"""What goes back to phones is numbered when it is asked for, and not while it is added."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync_server.db.types import Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

COLUMNS = "force, recipient, n, kind, record, rev, detail, added_at"


def upgrade() -> None:
    """Make the table anew with what is in it: every number that a phone knows stays."""
    op.execute("CREATE TABLE feed_item_before AS SELECT * FROM feed_item")
    op.drop_table("feed_item")
    op.create_table(
        "feed_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_item")),
        sa.UniqueConstraint("recipient", "n", name=op.f("uq_feed_item_recipient_n")),
    )
    op.execute(
        f"INSERT INTO feed_item ({COLUMNS}) SELECT {COLUMNS} FROM feed_item_before "  # noqa: S608 - fixed words
        "ORDER BY added_at, recipient, n"
    )
    op.drop_table("feed_item_before")
    op.create_index("ix_feed_item_record", "feed_item", ["recipient", "record"])
    unnumbered = sa.text("n IS NULL")
    op.create_index(
        "ix_feed_item_unnumbered",
        "feed_item",
        ["recipient"],
        sqlite_where=unnumbered,
        postgresql_where=unnumbered,
    )


def downgrade() -> None:
    """What was kept is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
