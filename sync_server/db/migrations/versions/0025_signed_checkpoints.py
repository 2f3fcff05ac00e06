"""Signed checkpoints of the audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync_server.db.triggers import never_changes
from sync_server.db.types import Moment

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. The first checkpoints will cover what is there already."""
    op.create_table(
        "audit_checkpoint",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_checkpoint")),
    )
    never_changes(op.get_bind(), "audit_checkpoint", "a checkpoint cannot be changed")


def downgrade() -> None:
    """What was signed is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
