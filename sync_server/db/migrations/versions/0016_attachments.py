"""Attachments: which a record lists, what of them is still coming in, and which are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync_server.db.types import Moment

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables. No record that came before lists any attachment."""
    _add_listed()
    _add_kept()
    _add_uploads()


def _add_listed() -> None:
    op.create_table(
        "attachment_listed",
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("attachment", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("listed_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("record", "rev", "attachment", name=op.f("pk_attachment_listed")),
    )
    op.create_index("ix_attachment_listed_attachment", "attachment_listed", ["attachment"])
    op.create_index("ix_attachment_listed_due", "attachment_listed", ["due_at"])


def _add_kept() -> None:
    op.create_table(
        "attachment_kept",
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("attachment", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("arrived_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("record", "attachment", "sha256", name=op.f("pk_attachment_kept")),
    )
    op.create_index("ix_attachment_kept_sha256", "attachment_kept", ["force", "sha256"])
    op.create_index("ix_attachment_kept_arrived_at", "attachment_kept", ["arrived_at"])


def _add_uploads() -> None:
    op.create_table(
        "attachment_upload",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("attachment", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_upload")),
    )
    unique = ["device", "record", "attachment", "sha256"]
    op.create_index("uq_attachment_upload_one", "attachment_upload", unique, unique=True)
    op.create_index("ix_attachment_upload_expires_at", "attachment_upload", ["expires_at"])
    op.create_table(
        "attachment_piece",
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("upload", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload"],
            ["attachment_upload.id"],
            name=op.f("fk_attachment_piece_upload"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("upload", "start", name=op.f("pk_attachment_piece")),
    )


def downgrade() -> None:
    """What was kept is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
