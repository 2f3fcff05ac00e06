"""What became of missing episodes: closed, refused, open again; nothing of it can be changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync_server.db.triggers import never_changes
from sync_server.db.types import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. Every episode that is there already is open: nobody has closed it."""
    op.create_table(
        "episode_act",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("episode", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("still_open", sa.JSON(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode_act")),
        sa.UniqueConstraint("force", "episode", "n", name=op.f("uq_episode_act_force_episode_n")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_episode_act_at", "episode_act", ["force", "at"])
    never_changes(op.get_bind(), "episode_act", "what became of an episode cannot be changed")


def downgrade() -> None:
    """What was kept is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
