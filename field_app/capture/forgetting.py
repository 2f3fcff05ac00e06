"""What a handheld need not hold any longer (S-09).

Records that are decided, once the time to re-read them is over; and of a task all but the newest, so that
whom it was about is not known here once it has ended.

Pure: stored news in, the places of what is to be erased out. What waits, was sent back or passed upwards
stays, with every revision of it, for it may come back and is then compared. So does a record on which a
decision is still being written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from booklets.answers import read_instant
from booklets.errors import WireError
from field_app.capture.cases import WITHDRAWN
from field_app.capture.duties import TASK
from field_app.capture.heard import DECISION, REVIEW

SETTLES = frozenset({"approved", WITHDRAWN})
Place = tuple[str, int]
"""A stream of news and a number in it."""


def forgettable(
    news: Iterable[Mapping[str, Any]], *, now: datetime, kept: timedelta, begun: Collection[str] = ()
) -> frozenset[Place]:
    """The news of records that were settled longer ago than ``kept``, in the streams that brought them here.

    ``begun`` are the records on which a decision is being written.
    """
    by_record: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for one in news:
        if one["kind"] in {REVIEW, DECISION}:
            by_record.setdefault((str(one["stream"]), str(one["record"])), []).append(one)
    return frozenset(
        (stream, int(one["seq"]))
        for (stream, record), said in by_record.items()
        if record not in begun and _is_settled(said, now - kept)
        for one in said
    )


def told_since(news: Iterable[Mapping[str, Any]]) -> frozenset[Place]:
    """The news of tasks of which the same stream has said more since."""
    by_task: dict[tuple[str, Any], list[int]] = {}
    for one in news:
        if one["kind"] == TASK and one["content"]:
            by_task.setdefault((str(one["stream"]), one["content"].get("task")), []).append(int(one["seq"]))
    return frozenset((stream, seq) for (stream, _), found in by_task.items() for seq in sorted(found)[:-1])


def _is_settled(said: list[Mapping[str, Any]], before: datetime) -> bool:
    """Whether the newest revision that came to be decided on was settled before then."""
    asked = [int(one["rev"]) for one in said if one["kind"] == REVIEW]
    if not asked:
        return False  # news of an officer's own record: it was never put before this tablet
    last = max(
        (one for one in said if one["kind"] == DECISION and int(one["rev"]) >= max(asked)),
        key=lambda one: int(one["seq"]),
        default=None,
    )
    content = (last["content"] or {}) if last else {}
    try:
        at = read_instant(content.get("added_at"))
    except WireError:
        return False
    return content.get("state") in SETTLES and at <= before
