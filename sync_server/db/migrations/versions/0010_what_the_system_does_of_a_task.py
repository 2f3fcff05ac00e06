"""What the system does of a task by itself: a school is told, and nobody rings for what is on its way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it: of what is open already the system does nothing."""
    op.add_column("task", sa.Column("by_system", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """What was kept is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
