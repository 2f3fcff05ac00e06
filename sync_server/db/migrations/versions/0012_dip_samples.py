"""Dip samples of a unit's records, and what was written back about each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync_server.db.types import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what was drawn, and the feedback on it."""
    op.create_table(
        "dip_sample",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("records", sa.JSON(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dip_sample")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_dip_sample_unit", "dip_sample", ["force", "unit", "at"])
    op.create_table(
        "dip_feedback",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("sample", sa.Integer(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["sample"], ["dip_sample.id"], name=op.f("fk_dip_feedback_sample")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dip_feedback")),
    )
    op.create_index("ix_dip_feedback_sample", "dip_feedback", ["sample"])


def downgrade() -> None:
    """What was written back is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
