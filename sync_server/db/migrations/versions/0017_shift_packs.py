"""What handhelds are given of the children who are known in their unit (the shift pack)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync_server.db.types import Moment

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables. They are filled from what arrives, and from all evidence by ``rebuild-register``."""
    op.create_table(
        "shift_brief",
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("known_by", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("encounter", sa.Text(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("episode", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("covert", sa.Boolean(), nullable=False),
        sa.Column("died", sa.Boolean(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("record", name=op.f("pk_shift_brief")),
    )
    op.create_index("ix_shift_brief_subject", "shift_brief", ["force", "subject"])
    op.create_index("ix_shift_brief_known_by", "shift_brief", ["force", "known_by"])
    op.create_index("ix_shift_brief_episode", "shift_brief", ["force", "episode"])
    op.create_table(
        "shift_changed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("was_known_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_changed")),
    )
    op.create_index("ix_shift_changed_force", "shift_changed", ["force"])
    op.create_table(
        "shift_known_child",
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("child", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("first_n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("force", "unit", "child", name=op.f("pk_shift_known_child")),
    )
    op.create_index("ix_shift_known_child_n", "shift_known_child", ["force", "unit", "n"])


def downgrade() -> None:
    """What was kept is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
