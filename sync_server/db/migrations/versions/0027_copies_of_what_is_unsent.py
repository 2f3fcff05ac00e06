"""Copies of what officers have not sent, kept until it is sent or its handheld is lost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync_server.db.types import Moment

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. A handheld sends what it has unsent at its next contact."""
    op.create_table(
        "draft_copy",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("encounter", sa.Text(), nullable=False),
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("env_sha256", sa.Text(), nullable=False),
        sa.Column("kept_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("device", "officer", "encounter", name=op.f("pk_draft_copy")),
    )
    op.create_index("ix_draft_copy_encounter", "draft_copy", ["force", "encounter"])
    op.create_index("ix_draft_copy_kept_at", "draft_copy", ["kept_at"])


def downgrade() -> None:
    """What was kept is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
