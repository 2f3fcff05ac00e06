"""Somebody at a council signs in, reads what was delivered to it, and answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync_server.db.types import Moment

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add whose council an account is of, which nobody had, and what councils answer."""
    op.add_column("account", sa.Column("council", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "council_answer",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("council", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Integer(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery"], ["outbox_delivery.id"], name=op.f("fk_council_answer_delivery")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_answer")),
        sa.UniqueConstraint("delivery", "kind", name=op.f("uq_council_answer_delivery_kind")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_council_answer_record", "council_answer", ["record"])


def downgrade() -> None:
    """What was kept is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
