"""How long records are kept (S-09): what is due for review, what was said of it, what was destroyed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync_server.db.triggers import never_changes
from sync_server.db.types import Moment

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the three. What people said, and what remains of what was destroyed, never changes."""
    op.create_table(
        "retention_due",
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("record", name=op.f("pk_retention_due")),
    )
    op.create_index("ix_retention_due_file", "retention_due", ["force", "due_at", "file"])
    op.create_table(
        "retention_act",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("records", sa.JSON(), nullable=False),
        sa.Column("until", Moment()),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("lifts", sa.Integer()),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_act")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_retention_act_force", "retention_act", ["force", "kind"])
    op.create_table(
        "destroyed_record",
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("record_type", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("revisions", sa.Integer(), nullable=False),
        sa.Column("first_at", Moment(), nullable=False),
        sa.Column("last_at", Moment(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("act", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.Column("destroyed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("record", name=op.f("pk_destroyed_record")),
    )
    op.create_index("ix_destroyed_record_at", "destroyed_record", ["force", "destroyed_at"])
    never_changes(op.get_bind(), "retention_act", "what was said about keeping cannot be changed")
    never_changes(op.get_bind(), "destroyed_record", "what remains of a record cannot be changed")


def downgrade() -> None:
    """What was decided about keeping is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
