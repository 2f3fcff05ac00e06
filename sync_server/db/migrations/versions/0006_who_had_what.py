"""What takes back what had left, what a device was not given, and the unit in which somebody signed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is asked of each delivery, feed item and session.

    Who is signed in already has the unit of their account.
    """
    op.add_column(
        "outbox_delivery", sa.Column("takes_back", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(
        "UPDATE outbox_delivery SET takes_back = true WHERE EXISTS (SELECT 1 FROM notice "
        "WHERE notice.record = outbox_delivery.record AND notice.rev = outbox_delivery.rev "
        "AND notice.kind IN ('return_withdrawn', 'referral_withdrawn', 'danger_withdrawn'))"
    )
    op.add_column("session", sa.Column("unit", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE session SET unit = (SELECT unit FROM account WHERE account.id = session.account)")
    op.create_index("ix_session_account", "session", ["account", "device"])
    op.create_table(
        "feed_withheld",
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("recipient", "device", "n", name=op.f("pk_feed_withheld")),
    )
    with op.batch_alter_table("notice", table_kwargs={"sqlite_autoincrement": True}) as notice:
        notice.drop_constraint("uq_notice_record_rev_kind", type_="unique")
        notice.create_unique_constraint(
            "uq_notice_record_rev_kind_authority", ["record", "rev", "kind", "authority"]
        )


def downgrade() -> None:
    """What was kept is never migrated backwards; restore a backup instead."""
    raise NotImplementedError("restore a backup instead")
