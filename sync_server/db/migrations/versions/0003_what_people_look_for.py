"""Indexes for what people look for at the console, so that a long register stays quick."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the orders in which records, deliveries and looks are listed."""
    op.create_index("ix_register_record_received", "register_record", ["force", "received_at", "record"])
    op.create_index("ix_register_record_due", "register_record", ["force", "due_at", "record"])
    op.create_index("ix_register_record_risk", "register_record", ["force", "risk", "record"])
    op.create_index("ix_register_record_kinds", "register_record", ["force", "unit", "record_type", "form"])
    op.create_index("ix_outbox_delivery_record", "outbox_delivery", ["record"])
    op.create_index(
        "ix_outbox_delivery_target",
        "outbox_delivery",
        ["force", "target", "state", "due_at", "delivered_at"],
    )
    op.create_index("ix_audit_what", "audit", ["force", "what", "id"])


def downgrade() -> None:
    """What was kept is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
