"""When what is held has waited too long, and what became of tasks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync_server.db.types import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the limits of deliveries and the acts of tasks.

    What is held already has no limit and goes on waiting for its decision; every open task is told once.
    """
    for column in (
        sa.Column("limit_at", Moment(), nullable=True),
        sa.Column("escalated_at", Moment(), nullable=True),
        sa.Column("undecided_at", Moment(), nullable=True),
        sa.Column("undecided_by", sa.Text(), nullable=False, server_default=""),
    ):
        op.add_column("outbox_delivery", column)
    op.create_index("ix_outbox_delivery_limit", "outbox_delivery", ["state", "limit_at"])
    op.add_column("task", sa.Column("told", sa.Text(), nullable=False, server_default=""))
    op.add_column("task", sa.Column("late_told_at", Moment(), nullable=True))
    op.execute("UPDATE task SET told = status WHERE status <> 'open'")
    for name, of, where in (
        ("ix_task_untold", "id", sa.text("told <> status")),
        ("ix_task_due", "due_at", sa.text("status = 'open' AND late_told_at IS NULL")),
    ):
        op.create_index(name, "task", [of], sqlite_where=where, postgresql_where=where)
    op.create_index("ix_task_owner", "task", ["force", "owner_role", "status", "due_at"])
    op.create_table(
        "task_act",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("task", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("delay_reason", sa.Text(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("why_void", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["task"], ["task.id"], name=op.f("fk_task_act_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_act")),
    )
    op.create_index("ix_task_act_task", "task_act", ["task"])


def downgrade() -> None:
    """What was kept is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
