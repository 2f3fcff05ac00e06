"""What the long texts of a record are like, so that another of the unit can be held against them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync_server.db.types import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. What arrived before is held against nothing: its texts are not opened for this."""
    op.create_table(
        "text_sketch",
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("record", name=op.f("pk_text_sketch")),
    )
    op.create_index("ix_text_sketch_team", "text_sketch", ["force", "unit", "form", "received_at"])
    op.create_index("ix_text_sketch_received_at", "text_sketch", ["received_at"])


def downgrade() -> None:
    """What was kept is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
