"""Evidence, register, decisions, audit. Only what SQLite and PostgreSQL share; every row has its force.

``evidence_*`` is as it came and cannot be changed. ``register_*`` is what people
read and search; it can be thrown away and projected again. What is still to be
done about it is in ``owed``.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase

from sync_server.db.types import Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Base(DeclarativeBase):
    """For tables that are read as objects: devices, accounts, sessions."""

    metadata = metadata
    # Text has no length: SQLite would ignore one and PostgreSQL would not.
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Moment, dict[str, Any]: JSON, str: Text}


class Kept(StrEnum):
    """Whether a submission counts, or waits for a person to look at it."""

    STORED = "stored"
    QUARANTINED = "quarantined"


class State(StrEnum):
    """Where a record stands among the people who decide on it.

    ``FILED`` waits for nobody: a decision is itself a record, and is not decided on.
    """

    PENDING = "pending_supervisor"
    ESCALATED = "escalated"
    RETURNED = "returned"
    APPROVED = "approved"
    SPECIALIST = "specialist_review"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    FILED = "filed"


submission = Table(
    "evidence_submission",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("force", Text, nullable=False),
    # Empty strings and zeros where an unreadable arrival did not say.
    Column("record", Text, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("base_rev", Integer, nullable=False),
    Column("device", Text, nullable=False),
    Column("officer", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("form_version", Text, nullable=False),
    Column("env_sha256", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("body_sealed", LargeBinary, nullable=False),
    Column("receipt", LargeBinary, nullable=False),
    # The same bytes may first wait in quarantine and later, once understood, be stored.
    UniqueConstraint("record", "rev", "env_sha256", "state", name="uq_evidence_submission_once"),
    sqlite_autoincrement=True,
)
Index(
    "uq_evidence_submission_head",
    submission.c.record,
    submission.c.rev,
    unique=True,
    sqlite_where=submission.c.state == Kept.STORED.value,
    postgresql_where=submission.c.state == Kept.STORED.value,
)
Index("ix_evidence_submission_env_sha256", submission.c.env_sha256)

record_key = Table(
    "evidence_record_key",
    metadata,
    Column("force", Text, nullable=False),
    Column("record", Text, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)

record = Table(
    "register_record",
    metadata,
    Column("force", Text, nullable=False),
    Column("record", Text, primary_key=True),
    Column("rev", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("record_type", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("form_version", Text, nullable=False),
    Column("incident", Text, nullable=False),
    Column("episode", Text, nullable=False),
    Column("encounter", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("gsc", Text, nullable=False),
    Column("covert", Boolean, nullable=False),
    Column("flags", JSON, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    # 0 is the gravest. Whose turn it is: an account after it was sent back, "" for the whole unit.
    Column("risk", Integer, nullable=False),
    Column("due_at", Moment),
    Column("assigned_to", Text, nullable=False),
    Column("decided_at", Moment),
    # What the vulnerability team says of this revision, as codes of the form; "" until it has.
    Column("vat_grade", Text, nullable=False),
    Column("vat_quality", Text, nullable=False),
    Index("ix_register_record_queue", "force", "unit", "state", "received_at"),
    Index("ix_register_record_episode", "force", "episode"),
    # The orders in which the console lists records, and what its filters offer.
    Index("ix_register_record_received", "force", "received_at", "record"),
    Index("ix_register_record_due", "force", "due_at", "record"),
    Index("ix_register_record_risk", "force", "risk", "record"),
    Index("ix_register_record_kinds", "force", "unit", "record_type", "form"),
    Index("ix_register_record_graded", "force", "vat_grade", "vat_quality"),
    # All that decides what the vulnerability team may read, so that no row is opened to find it out.
    Index(
        "ix_register_record_assessed",
        "force",
        "record_type",
        "risk",
        "state",
        "subject",
        "episode",
        "record",
        "unit",
        "form",
        "vat_quality",
    ),
)

RETURNED = text("state = 'returned'")
"""Of a record: it was sent back. In these words, so that a database knows which index has them."""
Index(
    "ix_register_record_returned",
    record.c.received_at,
    sqlite_where=RETURNED,
    postgresql_where=RETURNED,
)


def _mention(name: str, *columns: Column[str]) -> Table:
    """A table of persons, places or objects as officers mentioned them."""
    return Table(
        name,
        metadata,
        Column("force", Text, primary_key=True),
        Column("id", Text, primary_key=True),
        Column("record", Text, nullable=False),
        Column("rev", Integer, nullable=False),
        Column("edited_at", Moment, nullable=False),
        *columns,
        Column("facts", JSON, nullable=False),
    )


person = _mention(
    "register_person",
    Column("surname", Text, nullable=False),
    Column("given_names", Text, nullable=False),
    Column("born", Text, nullable=False),
)
location = _mention(
    "register_location", Column("address", Text, nullable=False), Column("postcode", Text, nullable=False)
)
thing = _mention(
    "register_object",
    Column("object_type", Text, nullable=False),
    Column("identifier", Text, nullable=False),
)

happening = Table(
    "register_event",
    metadata,
    Column("force", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("record", Text, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("began_at", Moment),
    Column("ended_at", Moment),
    Column("attributes", JSON, nullable=False),
)

link = Table(
    "register_link",
    metadata,
    Column("force", Text, nullable=False),
    Column("record", Text, primary_key=True),
    Column("from_class", Text, nullable=False),
    Column("from_id", Text, primary_key=True),
    Column("type", Text, primary_key=True),
    Column("to_class", Text, nullable=False),
    Column("to_id", Text, primary_key=True),
    Index("ix_register_link_to", "to_id"),
)

REGISTER = (link, happening, thing, location, person, record)

decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("force", Text, nullable=False),
    # What was decided on, as the person who decided saw it.
    Column("record", Text, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("stands", Boolean, nullable=False),
    Column("why_void", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("role", Text, nullable=False),
    # The record that says why; empty for a decision made at the console, whose words lie sealed here.
    Column("decision_record", Text, nullable=False),
    Column("content_sealed", LargeBinary, nullable=False),
    # What came of it: where the record then stood, whose turn it then was, and by when.
    Column("state", Text, nullable=False),
    Column("assigned_to", Text, nullable=False),
    Column("due_at", Moment),
    Column("at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    # Where the vulnerability team sends it and how good they find it; "" of every other decision.
    Column("grade", Text, nullable=False),
    Column("quality", Text, nullable=False),
    Index("ix_decision_record", "record", "rev"),
    Index("ix_decision_decision_record", "decision_record"),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("force", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("prev_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    UniqueConstraint("record", "seq"),
    Index("ix_audit_what", "force", "what", "id"),
    sqlite_autoincrement=True,
)
