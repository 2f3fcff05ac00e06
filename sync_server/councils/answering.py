"""What somebody at a council answers: that it was read, and what the council decided on a referral.

Both stand in the record's history and on its page. A decision to do something ends asking the council what
it decided (``across.councils``); one to do nothing more is for the vulnerability team to read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection, RowMapping, select

from sync_server import audit, evidence
from sync_server.context import Context
from sync_server.db.council_answers import council_answer
from sync_server.db.types import insert_if_new
from sync_server.identity.accounts import Account
from sync_server.referrals import PARTNER_TARGET

MOST_WORDS: Final = 2000
NO_FURTHER: Final = "no_further"
DECISIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "protect": "The child needs protecting at once, and we act now",
        "strategy": "A strategy discussion is held",
        "assess": "We assess what the child needs",
        "early_help": "Early help, or another service",
        "already_open": "The child has a social worker, who goes on with it",
        NO_FURTHER: "Nothing more from us",
    }
)
"""Codes of our own."""


class Kind(StrEnum):
    """What is said."""

    READ = "read"
    DECIDED = "decided"


WHAT: Final[Mapping[Kind, str]] = MappingProxyType(
    {Kind.READ: "council_confirmed", Kind.DECIDED: "council_decided"}
)
"""Each as it stands in the record's history."""


def asks_for_a_decision(row: RowMapping) -> bool:
    """Whether a council is asked to decide because of this: a referral that stands."""
    return row["target"].startswith(PARTNER_TARGET) and not row["takes_back"]


def say(
    context: Context,
    connection: Connection,
    row: RowMapping,
    kind: Kind,
    *,
    by: Account,
    decision: str = "",
    words: str = "",
) -> bool:
    """Keep what was said of a delivery, in the caller's transaction. Whether it is the first of its kind."""
    of = {"force": row["force"], "record": row["record"], "rev": row["rev"]}
    what, at = _sealed_as(row["id"], kind), context.now()
    sealed = (
        evidence.seal_beside(connection, context.keys.safe, **of, what=what, content={"words": words})
        if words
        else b""
    )
    values = {
        **of,
        "council": by.person.council,
        "delivery": row["id"],
        "kind": kind.value,
        "decision": decision,
        "by": by.id,
        "words_sealed": sealed,
        "at": at,
    }
    if insert_if_new(connection, council_answer, values, [council_answer.c.id]) is None:
        return False
    audit.note(
        connection,
        force=row["force"],
        record=row["record"],
        who=by.id,
        what=WHAT[kind],
        at=at,
        detail={"rev": row["rev"], "target": row["target"], **({"decision": decision} if decision else {})},
    )
    return True


def answers_to(connection: Connection, deliveries: Sequence[int]) -> Mapping[int, Mapping[Kind, RowMapping]]:
    """What was said of each of these deliveries."""
    query = select(council_answer).where(council_answer.c.delivery.in_(list(deliveries)))
    found: dict[int, dict[Kind, RowMapping]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["delivery"], {})[Kind(row["kind"])] = row
    return found


def answers_about(connection: Connection, record: str) -> Sequence[RowMapping]:
    """What councils have said because of a record, the newest first."""
    query = select(council_answer).where(council_answer.c.record == record)
    return connection.execute(query.order_by(council_answer.c.id.desc())).mappings().all()


def words_of(context: Context, connection: Connection, row: RowMapping) -> str:
    """What was written with it."""
    if not row["words_sealed"]:
        return ""
    opened = evidence.open_beside(
        connection,
        context.keys.safe,
        record=row["record"],
        rev=row["rev"],
        what=_sealed_as(row["delivery"], Kind(row["kind"])),
        sealed=row["words_sealed"],
    )
    return str(opened["words"])


def _sealed_as(delivery: int, kind: Kind) -> str:
    return f"council {kind} {delivery}"
