"""Which backups were made and found whole."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync_server.db.triggers import never_changes
from sync_server.db.types import Moment

revision = "0024"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. What was backed up when is never said otherwise later."""
    op.create_table(
        "backup_made",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("verified_at", Moment(), nullable=False),
        sa.Column("covers", sa.Integer(), nullable=False),
        sa.Column("submissions", sa.Integer(), nullable=False),
        sa.Column("attachments", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_made")),
        sqlite_autoincrement=True,
    )
    never_changes(op.get_bind(), "backup_made", "what was backed up cannot be changed")


def downgrade() -> None:
    """What was backed up is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
