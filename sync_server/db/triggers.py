"""What the database itself refuses, whoever asks: changing the audit, or what came as evidence."""

from __future__ import annotations

from sqlalchemy import Connection

# The bodies may be emptied when a record is destroyed by law, the rest of the row never changes.
_FIXED = (
    "seq, force, record, rev, base_rev, device, officer, form, form_version, "
    "env_sha256, digest, received_at, state, reason"
)

SQLITE = (
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit cannot be changed'); END",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit cannot be changed'); END",
    f"CREATE TRIGGER evidence_no_update BEFORE UPDATE OF {_FIXED} ON evidence_submission "
    "BEGIN SELECT RAISE(ABORT, 'evidence cannot be changed'); END",
    "CREATE TRIGGER evidence_no_delete BEFORE DELETE ON evidence_submission "
    "BEGIN SELECT RAISE(ABORT, 'evidence cannot be changed'); END",
)
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'this cannot be changed'; END $$",
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    f"CREATE TRIGGER evidence_no_update BEFORE UPDATE OF {_FIXED} ON evidence_submission "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER evidence_no_delete BEFORE DELETE OR TRUNCATE ON evidence_submission "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)


def make_triggers(connection: Connection) -> None:
    """Put the refusals into the database, in its own dialect."""
    statements = POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE
    for statement in statements:
        connection.exec_driver_sql(statement)


def never_changes(connection: Connection, table: str, says: str) -> None:
    """Let the database refuse to change or delete any row of this table."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for done in ("UPDATE", "DELETE"):
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_no_{done.lower()} BEFORE {done} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
