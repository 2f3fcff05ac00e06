"""What the vulnerability team says of a notice, as codes that can be searched and counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add where a notice goes and how good it is, to each decision and to what the register shows.

    What was graded before has its codes in the audit chain alone, and is found there.
    """
    for table, names in (
        ("decision", ("grade", "quality")),
        ("register_record", ("vat_grade", "vat_quality")),
    ):
        for name in names:
            op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_register_record_graded", "register_record", ["force", "vat_grade", "vat_quality"])


def downgrade() -> None:
    """What was decided is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
