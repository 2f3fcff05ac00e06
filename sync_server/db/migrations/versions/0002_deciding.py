"""Who decided what about which record, and where a record stands since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync_server.db.types import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LEAST_GRAVE = "9"


def upgrade() -> None:
    """Add the table of decisions, and what the register says of them.

    Records that are there already come last in the queue until they are projected again.
    """
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("why_void", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("decision_record", sa.Text(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("assigned_to", sa.Text(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decision_record", "decision", ["record", "rev"])
    op.create_index("ix_decision_decision_record", "decision", ["decision_record"])
    for column in (
        sa.Column("risk", sa.Integer(), nullable=False, server_default=LEAST_GRAVE),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("assigned_to", sa.Text(), nullable=False, server_default=""),
        sa.Column("decided_at", Moment(), nullable=True),
    ):
        op.add_column("register_record", column)


def downgrade() -> None:
    """What was decided is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
