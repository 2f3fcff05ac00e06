"""One child as a handheld is given it: what is known, from the briefs of all records that may be told.

Pure: rows in, plain JSON out. Facts are what the newest record says of each; answers stay with the record
that has them, so that a screen can say where something is from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping

from booklets.answers import answers_from_plain, instant
from booklets.checks.choices import has_only_rung
from booklets.checks.risk import EXPLOITATION
from booklets.form_names import ASSESSMENT, INTERVIEW, RETURN
from sync_server.across.seen import HORIZON

REPORT, PLAN, REVIEW = "mis", "trg", "mh"
EXPLOITATION_SAID = "mh.exploitation_level"
BACK = "mis.returned_before_report"
MOST_EPISODES = 4
"""So many of the last times a child was missing are told."""
SPANS = (30, 90)


def entry(
    rows: Sequence[RowMapping], *, closed: Collection[str], covert_too: bool, since: datetime, now: datetime
) -> dict[str, Any] | None:
    """What is told of one child, or None where nothing is.

    ``rows`` are the briefs of every mention; ``closed`` the episodes that somebody has closed. Of a child
    who has died nothing is told (R-50). What is covert is left out with all of its encounter; that a child
    is back counts whoever may read it. ``from`` names every record that anything is from.
    """
    if any(row["died"] for row in rows):
        return None
    hidden = set() if covert_too else {row["encounter"] for row in rows if row["covert"]}
    seen = [row for row in rows if row["encounter"] not in hidden and row["at"] >= now - HORIZON]
    plan = _newest(seen, PLAN)
    if not seen or (plan is None and max(row["at"] for row in seen) < since):
        return None
    over = {*closed, *(row["episode"] for row in rows if row["form"] == RETURN and not _rang(row))}
    missing = _newest([row for row in seen if row["episode"] not in over and _awaits(row)], REPORT)
    told = [plan, missing, *_level(seen, missing), *_call(seen, missing), *_earlier(seen, missing)]
    return {
        "people": sorted({row["subject"] for row in seen}),
        "facts": _facts(seen) | _exploitation(seen),
        "at": instant(max(row["at"] for row in seen)),
        "missing": missing["record"] if missing else "",
        "covert": any(row["covert"] for row in seen),
        "times": _times(seen, now),
        "told": [_told(row) for row in told if row is not None],
        "from": sorted(row["record"] for row in seen),
    }


def _newest(rows: Iterable[RowMapping], form: str) -> RowMapping | None:
    return max((row for row in rows if row["form"] == form), key=_when, default=None)


def _when(row: RowMapping) -> tuple[datetime, str]:
    return row["at"], row["record"]


def _awaits(row: RowMapping) -> bool:
    """Whether the child was still missing when this report was written."""
    return bool(row["form"] != REPORT or row["said"]["answers"].get(BACK, "no") == "no")


def _rang(row: RowMapping) -> bool:
    """Whether this is the return of a child who has only rung: they are missing still (R-08b)."""
    return has_only_rung(answers_from_plain(row["said"]["answers"]))


def _facts(rows: Sequence[RowMapping]) -> dict[str, Any]:
    """Each fact as the newest record has it, with the day of that record."""
    facts: dict[str, Any] = {}
    for row in sorted(rows, key=_when):
        day = instant(row["at"])[:10]
        facts |= {name: [value, day] for name, value in row["said"]["child"].items()}
    return facts


def _exploitation(rows: Sequence[RowMapping]) -> dict[str, Any]:
    """How much exploitation the team's last review saw, with the day of that review (R-32)."""
    review = _newest(rows, REVIEW)
    level = review["said"]["answers"].get(EXPLOITATION_SAID) if review is not None else None
    return {EXPLOITATION: [level, instant(review["at"])[:10]]} if review is not None and level else {}


def _level(rows: Sequence[RowMapping], missing: RowMapping | None) -> list[RowMapping | None]:
    """The newest level of risk of the episode that is going on."""
    on = missing["episode"] if missing else None
    return [_newest([row for row in rows if row["episode"] == on], ASSESSMENT)]


def _call(rows: Sequence[RowMapping], missing: RowMapping | None) -> list[RowMapping | None]:
    """The newest word from a child who is missing and has rung."""
    on = missing["episode"] if missing else None
    return [_newest([row for row in rows if row["episode"] == on and _rang(row)], RETURN)]


def _earlier(rows: Sequence[RowMapping], missing: RowMapping | None) -> list[RowMapping]:
    """The last returns, each with what the child said of where and with whom, and nothing else."""
    on = missing["episode"] if missing else ""
    back = [
        row for row in rows if row["form"] in {RETURN, INTERVIEW} and row["episode"] != on and not _rang(row)
    ]
    last: dict[str, None] = dict.fromkeys(row["episode"] for row in sorted(back, key=_when, reverse=True))
    kept = list(last)[:MOST_EPISODES]
    return sorted((row for row in back if row["episode"] in kept), key=_when, reverse=True)


def _times(rows: Sequence[RowMapping], now: datetime) -> dict[str, int]:
    """How often the child was missing in the last days, by the records that are told."""
    first: dict[str, datetime] = {}
    for row in rows:
        if row["form"] in {REPORT, RETURN}:
            first[row["episode"]] = min(row["at"], first.get(row["episode"], row["at"]))
    spans = {str(days): sum(at >= now - timedelta(days=days) for at in first.values()) for days in SPANS}
    return {**spans, "all": len(first)}


def _told(row: RowMapping) -> dict[str, Any]:
    said = row["said"]
    return {
        "record": row["record"],
        "form": row["form"],
        "incident": row["incident"],
        "episode": row["episode"],
        "at": instant(row["at"]),
        "answers": said["answers"],
        "entities": said["entities"],
    }
