"""What is still coming in of a photograph lies where photographs lie, and no longer in the database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remove the pieces; whoever was bringing one is told to begin at its first byte, and has it still."""
    upload = sa.table("attachment_upload", sa.column("received"), sa.column("length"))
    op.execute(upload.update().where(upload.c.received < upload.c.length).values(received=0))
    op.drop_table("attachment_piece")


def downgrade() -> None:
    """What was kept is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
