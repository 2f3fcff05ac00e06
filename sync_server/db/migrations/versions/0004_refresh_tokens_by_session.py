"""An index for what every request asks: which refresh tokens of its session still wait."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Find a session's refresh tokens without reading everybody's."""
    op.create_index("ix_refresh_token_session", "refresh_token", ["session"])


def downgrade() -> None:
    """What was kept is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
