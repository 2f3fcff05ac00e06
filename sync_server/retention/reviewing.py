"""What somebody says of a file: that it is kept, destroyed, held, or that one of these is taken back.

Each is added and never changed, and stands in the history of every record of the file. What somebody has
not read does not count: the form says which revisions were before them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, insert

from booklets.answers import instant
from sync_server import audit, evidence
from sync_server.context import Context
from sync_server.db.retained import retention_act
from sync_server.retention.due import Hinders, Looked, keeping_of, look_at
from sync_server.retention.files import File, file_with, years_after

LONGEST: Final = 2000


class Kind(StrEnum):
    """What was said."""

    KEPT = "kept"
    TO_DESTROY = "to_destroy"
    TAKEN_BACK = "taken_back"
    HELD = "held"
    HOLD_LIFTED = "hold_lifted"


WHY: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.KEPT: ("child_at_risk", "danger_to_others", "inquiry", "other"),
    Kind.TO_DESTROY: ("no_purpose", "kept_elsewhere", "court_says", "other"),
    Kind.HELD: ("court", "inquiry", "complaint", "data_request", "other"),
}
"""Why, as codes; what is taken back or lifted says it in words alone."""


class Void(StrEnum):
    """Why it does not count. Nothing was changed."""

    NOT_THERE = "not_there"
    MOVED_ON = "moved_on"
    HINDERED = "hindered"
    NO_WORDS = "no_words"
    TOO_LONG = "too_long"
    NO_REASON = "no_reason"
    NO_DAY = "no_day"
    TOO_FAR = "too_far"
    NOTHING_WAITS = "nothing_waits"
    NO_SUCH_HOLD = "no_such_hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What somebody says of the file that ``record`` is in. ``seen`` is the mark of what they read."""

    force: str
    by: str
    record: str
    seen: str
    kind: Kind
    why: str = ""
    until: datetime | None = None
    lifts: int = 0
    words: str = field(default="", repr=False)


def words_beside(act: Mapping[str, Any] | RowMapping) -> str:
    """Under which name the words of an act are sealed."""
    return f"retention {act['kind']} {instant(act['at'])}"


def say(context: Context, connection: Connection, said: Saying) -> Void | None:
    """Keep it, in the caller's transaction; why it does not count, or None."""
    file = file_with(connection, said.force, said.record)
    if file is None:
        return Void.NOT_THERE
    looked = look_at(context, connection, file, said.force)
    void = _objection(context, looked, said)
    if void is None:
        _keep(context, connection, file, said)
    return void


def _objection(context: Context, looked: Looked, said: Saying) -> Void | None:
    """The first thing that is wrong with it."""
    file, because = looked.file, WHY.get(said.kind, ())
    wrong = (
        (file.mark != said.seen, Void.MOVED_ON),
        (not said.words.strip(), Void.NO_WORDS),
        (len(said.words) > LONGEST, Void.TOO_LONG),
        (bool(because) and said.why not in because, Void.NO_REASON),
        (said.kind is Kind.TO_DESTROY and bool(looked.hinders), Void.HINDERED),
        (said.kind is Kind.TAKEN_BACK and file.waits is None, Void.NOTHING_WAITS),
        (
            said.kind is Kind.HOLD_LIFTED and said.lifts not in {one["id"] for one in file.holds},
            Void.NO_SUCH_HOLD,
        ),
    )
    void = next((why for is_so, why in wrong if is_so), None)
    return void or (_day(context, looked, said) if said.kind is Kind.KEPT else None)


def _day(context: Context, looked: Looked, said: Saying) -> Void | None:
    """Until when it is kept: some day to come, and no later than the force looks at it again."""
    now, term = context.now(), keeping_of(context, said.force).terms[looked.group]
    if Hinders.NOT_DUE in looked.hinders or said.until is None or said.until <= now:
        return Void.NO_DAY
    return Void.TOO_FAR if said.until > years_after(now, term.again_years) else None


def _keep(context: Context, connection: Connection, file: File, said: Saying) -> None:
    now = context.now()
    until = said.until if said.kind is Kind.KEPT else None
    if said.kind is Kind.TO_DESTROY:
        until = now + keeping_of(context, said.force).take_back
    why = said.why if said.kind in WHY else ""
    act = {
        "force": said.force,
        "kind": said.kind.value,
        "record": said.record,
        "records": dict(file.revisions),
        "until": until,
        "why": why,
        "lifts": said.lifts if said.kind is Kind.HOLD_LIFTED else None,
        "by": said.by,
        "at": now,
    }
    sealed = evidence.seal_beside(
        connection,
        context.keys.safe,
        force=said.force,
        record=said.record,
        rev=file.revisions[said.record],
        what=words_beside(act),
        content={"words": said.words.strip()},
    )
    kept = insert(retention_act).values(**act, words_sealed=sealed).returning(retention_act.c.id)
    detail: dict[str, str | int | list[str]] = {"act": connection.execute(kept).scalar_one()}
    detail |= {"why": why} if why else {}
    detail |= {"until": until.date().isoformat()} if until else {}
    for record in file.names:
        audit.note(
            connection,
            force=said.force,
            record=record,
            who=said.by,
            what=f"retention_{said.kind.value}",
            at=now,
            detail=detail,
        )


def words_of(context: Context, connection: Connection, act: RowMapping) -> str:
    """What was written of it."""
    opened = evidence.open_beside(
        connection,
        context.keys.safe,
        record=act["record"],
        rev=act["records"][act["record"]],
        what=words_beside(act),
        sealed=act["words_sealed"],
    )
    return str(opened["words"])
