"""Devices, accounts, sign-ins and sessions. What is secret is here only as a hash."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from sync_server.db.tables import metadata
from sync_server.db.types import Moment

device = Table(
    "device",
    metadata,
    Column("id", Text, primary_key=True),
    Column("force", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("app_version", Text, nullable=False),
    Column("sign_pub", LargeBinary, nullable=False, unique=True),
    Column("kem_pubs", JSON, nullable=False),  # {"1": base64url, "2": base64url}
    Column("state", Text, nullable=False),  # active, suspended, revoked
    Column("enrolled_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("report", JSON, nullable=False),  # what the device last said of itself
)

enrolment_code = Table(
    "enrolment_code",
    metadata,
    Column("code_hash", Text, primary_key=True),
    Column("force", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("device", Text, ForeignKey("device.id")),
)

account = Table(
    "account",
    metadata,
    Column("id", Text, primary_key=True),
    Column("force", Text, nullable=False),
    Column("username", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("rank", Text, nullable=False),
    Column("shoulder_no", Text, nullable=False),
    Column("station", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("roles", JSON, nullable=False),
    # trained for work with children.
    Column("works_with_children", Boolean, nullable=False),
    # Whose somebody is who works for a council, by its code: they see what was delivered there.
    Column("council", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Moment),
)

sign_in_flow = Table(
    "sign_in_flow",
    metadata,
    Column("id", Text, primary_key=True),
    Column("force", Text, nullable=False),
    Column("device", Text, ForeignKey("device.id"), nullable=False),
    Column("user_code", Text, nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("state", Text, nullable=False),  # pending, allowed, denied, over
    Column("account", Text, ForeignKey("account.id")),
    Column("failures", Integer, nullable=False),
)

# A sign-in with a force account, between this server and the force's provider: ten minutes, once.
force_sign_in = Table(
    "force_sign_in",
    metadata,
    Column("state_hash", Text, primary_key=True),
    Column("force", Text, nullable=False),
    Column("browser_hash", Text, nullable=False),  # of the cookie that the browser was given with it
    Column("sealed", Text, nullable=False),  # what has to be known when it comes back (``Slips``)
    Column("begun_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

# Whose force account an account was first used with: the provider's own, unchanging name of that person.
force_person = Table(
    "force_person",
    metadata,
    Column("account", Text, ForeignKey("account.id"), primary_key=True),
    Column("force", Text, nullable=False),
    Column("subject_hash", Text, nullable=False),
    Column("first_at", Moment, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("id", Text, primary_key=True),
    Column("force", Text, nullable=False),
    Column("device", Text, ForeignKey("device.id"), nullable=False),
    Column("account", Text, ForeignKey("account.id"), nullable=False),
    Column("unit", Text, nullable=False),  # the officer's when they signed in; they may have another since
    Column("begun_at", Moment, nullable=False),
    Column("access_hash", Text, nullable=False, unique=True),
    Column("access_until", Moment, nullable=False),
    Column("refresh_until", Moment, nullable=False),
    Column("offline_until", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_because", Text, nullable=False),
    Index("ix_session_account", "account", "device"),
)

refresh_token = Table(
    "refresh_token",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("force", Text, nullable=False),
    Column("session", Text, ForeignKey("session.id"), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("used_at", Moment),
    Index("ix_refresh_token_session", "session"),  # looked at with every request
)

seen_nonce = Table(
    "seen_nonce",
    metadata,
    Column("force", Text, nullable=False),
    Column("device", Text, primary_key=True),
    Column("nonce", Text, primary_key=True),
    Column("seen_at", Moment, nullable=False),
    Index("ix_seen_nonce_seen_at", "seen_at"),
)

console_session = Table(
    "console_session",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("force", Text, nullable=False),
    Column("account", Text, ForeignKey("account.id"), nullable=False),
    Column("form_token", Text, nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)
