"""Indexes of what a server looks for by itself every few seconds, and with every decision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them: what was sent back, and what somebody was told of one record."""
    returned = sa.text("state = 'returned'")
    op.create_index(
        "ix_register_record_returned",
        "register_record",
        ["received_at"],
        sqlite_where=returned,
        postgresql_where=returned,
    )
    op.create_index("ix_feed_item_record", "feed_item", ["recipient", "record"])


def downgrade() -> None:
    """What was kept is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
