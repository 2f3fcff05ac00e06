"""Drafts that one officer gives to another, and copies of what is unsent: sealed as they came."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, Table, Text

from sync_server.db.tables import metadata
from sync_server.db.types import Moment


class Giving(StrEnum):
    """Where a draft stands that was given."""

    WAITING = "waiting"
    TAKEN = "taken"
    TAKEN_BACK = "taken_back"


given_draft = Table(
    "given_draft",
    metadata,
    # Made on the handheld, so that what is sent twice is given once.
    Column("id", Text, primary_key=True),
    Column("force", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("encounter", Text, nullable=False),
    Column("giver", Text, nullable=False),
    # The one colleague it is for; empty for whoever of the unit takes it.
    Column("to_officer", Text, nullable=False),
    # As it came, sealed to the force; empty once it was taken a while ago, or back.
    Column("envelope", LargeBinary, nullable=False),
    Column("env_sha256", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("late_at", Moment, nullable=False),
    Column("told_late", Boolean, nullable=False),
    Column("ended_by", Text, nullable=False),
    Column("ended_at", Moment),
    Index("ix_given_draft_late", "state", "told_late", "late_at"),
    Index("ix_given_draft_encounter", "force", "encounter"),
)

draft_copy = Table(
    "draft_copy",
    metadata,
    # What an officer has not sent from a handheld, as it lay there when that was last in contact.
    Column("device", Text, primary_key=True),
    Column("officer", Text, primary_key=True),
    Column("encounter", Text, primary_key=True),
    Column("force", Text, nullable=False),
    Column("unit", Text, nullable=False),
    # The name in the envelope, made anew for each copy; and which saving of the draft it is.
    Column("given", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("env_sha256", Text, nullable=False),
    Column("kept_at", Moment, nullable=False),
    Index("ix_draft_copy_encounter", "force", "encounter"),
    Index("ix_draft_copy_kept_at", "kept_at"),
)
