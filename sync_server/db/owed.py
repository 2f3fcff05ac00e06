"""The work: what is owed to other systems, to the local authority, to colleagues and to phones."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from sync_server.db.tables import metadata
from sync_server.db.types import Moment


class Owed(StrEnum):
    """Where a delivery stands. ``DEAD`` waits for a person, ``HELD`` for a supervisor.

    ``STOPPED`` will not be sent, because of what came to be known.
    """

    HELD = "held"
    DUE = "due"
    LEASED = "leased"
    DELIVERED = "delivered"
    DEAD = "dead"
    STOPPED = "stopped"


class TaskState(StrEnum):
    """Where a task stands. ``STOPPED`` was never done, because of what came to be known."""

    OPEN = "open"
    DONE = "done"
    STOPPED = "stopped"


delivery = Table(
    "outbox_delivery",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("force", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("lease_until", Moment),
    Column("once", Text, nullable=False, unique=True),
    Column("last_error", Text, nullable=False),
    Column("delivered_at", Moment),
    # What is held: when the force's limit is next over, and since when whoever is above knows of it.
    Column("limit_at", Moment),
    Column("escalated_at", Moment),
    # What left, or was stopped, without a decision: when, and whose it lacked.
    Column("undecided_at", Moment),
    Column("undecided_by", Text, nullable=False, server_default="", default=""),
    # It says that what an earlier revision said there holds no longer.
    Column("takes_back", Boolean, nullable=False),
    Index("ix_outbox_delivery_due", "state", "due_at"),
    Index("ix_outbox_delivery_limit", "state", "limit_at"),
    Index("ix_outbox_delivery_record", "record"),
    Index("ix_outbox_delivery_target", "force", "target", "state", "due_at", "delivered_at"),
    sqlite_autoincrement=True,
)

notice = Table(
    "notice",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("force", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("content_sealed", LargeBinary, nullable=False),
    Column("prepared_at", Moment, nullable=False),
    # A correction may have to go to more than one council.
    UniqueConstraint("record", "rev", "kind", "authority"),
    sqlite_autoincrement=True,
)

task = Table(
    "task",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("force", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("owner_role", Text, nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("accepted_at", Moment),
    Column("status", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("delay_reason", Text, nullable=False),
    # What whoever has to do it was told last, and when others were told that it is late.
    Column("told", Text, nullable=False, server_default="", default=""),
    Column("late_told_at", Moment),
    # What the system does of it by itself, or why it does not: a code of ``booklets.duties.BY_SYSTEM``.
    Column("by_system", Text, nullable=False, server_default="", default=""),
    UniqueConstraint("record", "kind", "rule", "subject"),
    sqlite_autoincrement=True,
)
_UNTOLD = text("told <> status")
_DUE = text("status = 'open' AND late_told_at IS NULL")
Index("ix_task_untold", task.c.id, sqlite_where=_UNTOLD, postgresql_where=_UNTOLD)
Index("ix_task_due", task.c.due_at, sqlite_where=_DUE, postgresql_where=_DUE)
Index("ix_task_owner", task.c.force, task.c.owner_role, task.c.status, task.c.due_at)

feed_counter = Table(
    "feed_counter",
    metadata,
    Column("force", Text, nullable=False),
    Column("recipient", Text, primary_key=True),
    Column("n", Integer, nullable=False),
)

feed_item = Table(
    "feed_item",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("force", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    # Nothing until somebody asks: whoever adds an item waits for nobody.
    Column("n", Integer, nullable=True),
    Column("kind", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("rev", Integer, nullable=False),
    # Words of ours only, never an answer: bodies are opened from evidence when a phone asks.
    Column("detail", JSON, nullable=False),
    Column("added_at", Moment, nullable=False),
    UniqueConstraint("recipient", "n"),
    Index("ix_feed_item_record", "recipient", "record"),
)
_UNNUMBERED = text("n IS NULL")
Index(
    "ix_feed_item_unnumbered", feed_item.c.recipient,
    sqlite_where=_UNNUMBERED, postgresql_where=_UNNUMBERED,
)  # fmt: skip

feed_withheld = Table(
    "feed_withheld",
    metadata,
    # What a device was not given, because it was over before the device asked: it was not disclosed to it.
    Column("force", Text, nullable=False),
    Column("recipient", Text, primary_key=True),
    Column("device", Text, primary_key=True),
    Column("n", Integer, primary_key=True),
)

feed_mark = Table(
    "feed_mark",
    metadata,
    Column("force", Text, nullable=False),
    Column("recipient", Text, primary_key=True),
    Column("device", Text, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("acknowledged_at", Moment, nullable=False),
)
