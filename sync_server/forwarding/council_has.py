"""What a council has had of a child: what a notice is headed as, and which call still waits (R-08a).

And of a danger: whether everybody who is told of it has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from booklets.clocks import MISSING_CLOCK, RETURN_CLOCK
from booklets.duties import COUNCIL_HAS_MISSING, COUNCIL_HAS_NOTICE
from sync_server import notices
from sync_server.db.later import asked, first
from sync_server.db.owed import Owed, TaskState, delivery, task
from sync_server.forwarding.claiming import Claimed
from sync_server.forwarding.outbox import NOT_OVER
from sync_server.referrals import COUNCIL_TARGET, DANGER_TARGET, MISSING_TARGET, UNDECIDED
from sync_server.register import keep_due, of_one_doorstep

CALLS: Mapping[str, tuple[str, str]] = {
    COUNCIL_TARGET: (RETURN_CLOCK, COUNCIL_HAS_NOTICE),
    MISSING_TARGET: (MISSING_CLOCK, COUNCIL_HAS_MISSING),
}
"""By the beginning of a target: which task asks for the call, and what it says once the notice is there."""
ADDS_TO: Mapping[str, str] = {
    notices.ADDITION: notices.RETURN,
    notices.MISSING_ADDITION: notices.MISSING,
}
"""What an addition adds to."""


def call_still_waits(connection: Connection, claimed: Claimed) -> None:
    """The notice has arrived, and the task says so: told is only who has answered a call."""
    call = next((found for to, found in CALLS.items() if claimed.target.startswith(to)), None)
    if call is None or claimed.takes_back:
        return
    kind, by_system = call
    waiting = asked(connection, _WAITS, {"of": claimed.record, "of_kind": kind, "says": by_system})
    for name in sorted({one.record for one in waiting}):
        keep_due(connection, name)


_WAITS = (
    update(task)
    .where(
        task.c.record.in_(of_one_doorstep(bindparam("of"))),
        task.c.kind == bindparam("of_kind"),
        task.c.status == TaskState.OPEN.value,
        task.c.by_system != bindparam("says"),
    )
    .values(by_system=bindparam("says"), told="")
    .returning(task.c.record)
)


def somebody_waits(connection: Connection, claimed: Claimed) -> bool:
    """Whether another council is still to be told of the same danger: then "told" would be half true.

    Asked once the arrival is in the record's history: two that add to that in one moment take turns.
    """
    if not claimed.target.startswith(DANGER_TARGET):
        return False
    return connection.execute(_STILL_TO_HAVE, {"of": claimed.record, "rev": claimed.rev}).first() is not None


_STILL_TO_HAVE = select(delivery.c.id).where(
    delivery.c.record == bindparam("of"),
    delivery.c.rev == bindparam("rev"),
    delivery.c.target.startswith(DANGER_TARGET),
    ~delivery.c.takes_back,
    delivery.c.state.in_([one.value for one in NOT_OVER]),
)


def headed(connection: Connection, content: Mapping[str, Any], claimed: Claimed) -> Mapping[str, Any]:
    """An addition adds to what this council has had: where nothing has gone there, it is the notice itself.

    What it is headed as was written when it was prepared. What it adds to may be held or put off since, and
    this one, which says all of both, is released or arrives before it.
    """
    first = ADDS_TO.get(str(content.get("kind")))
    if first is None or _has_had_it(connection, claimed):
        return content
    return {**content, **notices.headed(first, content["reference"])}


def _has_had_it(connection: Connection, claimed: Claimed) -> bool:
    of = {"of": claimed.record, "target": claimed.target, "number": claimed.id}
    return first(connection, _HAS_HAD_IT, of) is not None


# What went before it in the same turn has arrived, and is settled with it.
_HAS_HAD_IT = select(delivery.c.id).where(
    delivery.c.record.in_(of_one_doorstep(bindparam("of"))),
    delivery.c.target == bindparam("target"),
    ~delivery.c.takes_back,
    (delivery.c.state == Owed.DELIVERED.value)
    | ((delivery.c.state == Owed.LEASED.value) & (delivery.c.id < bindparam("number"))),
    delivery.c.id != bindparam("number"),
)


def unreviewed(content: Mapping[str, Any], undecided_by: str) -> Mapping[str, Any]:
    """What left without a decision says so to whoever reads it, and to a system that sorts."""
    if not undecided_by:
        return content
    return {
        **content,
        "fields": [{"title": "Review", "words": UNDECIDED}, *content["fields"]],
        "text": f"REVIEW\n{UNDECIDED}\n\n{content['text']}",
        "data": {**content.get("data", {}), "reviewed": False},
    }
