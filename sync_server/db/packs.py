"""What handhelds are given of the children known in their unit: briefs of records, who has changed."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, Table, Text

from sync_server.db.tables import metadata
from sync_server.db.types import Moment

brief = Table(
    "shift_brief",
    metadata,
    # What a pack may say of one record, as it stands in its newest revision; withdrawn ones have no row.
    Column("force", Text, nullable=False),
    Column("record", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    # Names and full date of birth in one form, by which two mentions count as the same child; "" otherwise.
    Column("known_by", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("encounter", Text, nullable=False),
    Column("incident", Text, nullable=False),
    Column("episode", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("covert", Boolean, nullable=False),
    Column("died", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Column("said", JSON, nullable=False),
    Index("ix_shift_brief_subject", "force", "subject"),
    Index("ix_shift_brief_known_by", "force", "known_by"),
    Index("ix_shift_brief_episode", "force", "episode"),
)

changed = Table(
    "shift_changed",
    metadata,
    # Of whom something was kept since a handheld asked last: whoever keeps it waits for nobody.
    Column("id", Integer, primary_key=True),
    Column("force", Text, nullable=False),
    Column("subject", Text, nullable=False),
    # The names by which the record was known before; "" where it says no others.
    Column("was_known_by", Text, nullable=False),
    Index("ix_shift_changed_force", "force"),
)

known_child = Table(
    "shift_known_child",
    metadata,
    # A child who is known in a unit: the unit's number at the last change, and at the first.
    Column("force", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("child", Text, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("first_n", Integer, nullable=False),
    Index("ix_shift_known_child_n", "force", "unit", "n"),
)
