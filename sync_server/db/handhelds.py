"""What handhelds are told besides news: orders, policies, and vault keys that two agree to give back."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, LargeBinary, Table, Text

from sync_server.db.tables import metadata
from sync_server.db.types import Moment

device_order = Table(
    "device_order",
    metadata,
    Column("device", Text, primary_key=True),
    Column("number", Integer, primary_key=True),  # counts the orders to one device
    Column("force", Text, nullable=False),
    Column("what", Text, nullable=False),  # suspend, revoke, wipe, let_in
    Column("reason", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("statement", LargeBinary, nullable=False),  # empty where there is nothing for the device to do
    Column("heard_at", Moment),
    Column("done_at", Moment),
)

handheld_policy = Table(
    "handheld_policy",
    metadata,
    Column("force", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("policy", JSON, nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("statement", LargeBinary, nullable=False),
)

vault_recovery = Table(
    "vault_recovery",
    metadata,
    Column("id", Text, primary_key=True),
    Column("force", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("vault", Text, nullable=False),
    Column("officer", Text, nullable=False),
    Column("kid", Text, nullable=False),  # which recovery key it was sealed to
    Column("sealed", LargeBinary, nullable=False),
    Column("code", Text, nullable=False),
    Column("state", Text, nullable=False),  # asked, approved_once, agreed, ready, refused, done, over
    Column("asked_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("checked", Text, nullable=False),  # how the first made sure who it is
    Column("first_by", Text, nullable=False),
    Column("first_at", Moment),
    Column("second_by", Text, nullable=False),
    Column("second_at", Moment),
    Column("suite", Integer, nullable=False),  # of the answer
    Column("answer", LargeBinary, nullable=False),  # sealed to the device; emptied when it is over
    Column("ended_at", Moment),
    Index("ix_vault_recovery_device", "device", "vault", "asked_at"),
    Index("ix_vault_recovery_state", "force", "state"),
)

handheld_log = Table(
    "handheld_log",
    metadata,
    # How far the log of one officer's vault has come here: the link that its next entry follows.
    Column("device", Text, primary_key=True),
    Column("officer", Text, primary_key=True),
    Column("force", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("came_at", Moment, nullable=False),
)
