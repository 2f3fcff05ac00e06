"""Whether the holder of an account is trained for work with children (R-58)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it. Whoever has an account already goes on with their work until the force says otherwise."""
    op.add_column(
        "account",
        sa.Column("works_with_children", sa.Boolean(), nullable=False, server_default=sa.true()),
    )


def downgrade() -> None:
    """What was kept is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
