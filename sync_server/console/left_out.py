"""Children with a social worker, or in care, whom the exploitation meeting does not look at.

They were missing, or somebody marked them for exploitation, and the last review of the missing and
exploitation team does not have them on the meeting's list; or there is no review. That somebody else looks
after a child is no reason to leave them out.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, or_
from starlette.responses import Response

from booklets import definitions
from booklets.answers import codes_of
from sync_server.across.months import ASSESSED, NONE_SEEN, TYPES
from sync_server.across.plans import REVIEW
from sync_server.across.seen import HORIZON, MISSING
from sync_server.console import words
from sync_server.console.care import STATUS, looked_after
from sync_server.console.doors import Seen
from sync_server.console.gathering import (
    Child,
    days_in,
    fact_of_child,
    gathered,
    listed_of_some_days,
    since,
)
from sync_server.console.overviews import GatheredRow
from sync_server.console.pages import Mark
from sync_server.db.tables import record
from sync_server.flags import SAID

MEETING, LEVEL = "mh.mace", "mh.exploitation_level"
ON_ITS_LIST = frozenset({"on_list", "referred", "discussed"})
NO_SIGN = "no_sign"
WORKERS = ("person.social_worker", "person.social_work_team")
PLANS = "person.plan_status"
WORKS_WITH_THEM = frozenset({"CIN", "CPP-P", "CPP-S", "CPP-E", "CPP-N", "PLO"})
"""Plans that a social worker has in hand."""
NOTES = (
    "Children in care or with a social worker who were missing or marked for exploitation, and whom the "
    "team’s last review does not have on the list of the exploitation meeting (MACE).",
    "On the list, referred or discussed counts as on it. A child who has died stands here no more.",
)


def show(seen: Seen) -> Response:
    """The list. That it was read is written down first."""
    days = days_in(seen.request.query_params.get("days", ""))
    reviews = (record.c.record_type == REVIEW) & since(seen, HORIZON.days)
    with seen.context.store.read() as db:
        found, _, _ = gathered(seen, db, or_(since(seen, days), reviews), perhaps=_may_have_somebody())
    rows = [row for one in found if (row := _row(one))]
    return listed_of_some_days(
        seen,
        days,
        rows,
        "left out read",
        heading="Not on the exploitation meeting’s list",
        notes=NOTES,
        action="/exploitation-meeting",
        columns=("Who works with the child", "Missing", "Exploitation", "What the last review says"),
        empty="Every child with a social worker who should be looked at is on the list.",
    )


def _may_have_somebody() -> ColumnElement[bool]:
    """What the database knows: that a mention of the child says something of care, a plan or a worker."""
    said = (fact_of_child(one) for one in (STATUS, *WORKERS, PLANS))
    return or_(*(one.is_not(None) for one in said))


def _row(child: Child) -> GatheredRow | None:
    care, missing, exploited = tuple(_care(child)), _times_missing(child), tuple(_exploited(child))
    review = next((row for row in child.rows if row["record_type"] == REVIEW), None)
    said = review["flags"].get(SAID, {}).get(MEETING, "") if review else ""
    if not care or not (missing or exploited) or said in ON_ITS_LIST:
        return None
    name, about = child.name
    times = Mark("1 time" if missing == 1 else f"{missing} times") if missing else Mark("–")
    if review is None:
        last = Mark("There is no review", "soon")
    else:
        says = _label(MEETING, said).partition(":")[0] if said else "It does not say"
        last = Mark(says, "", words.short(review["received_at"]))
    return GatheredRow(
        name, about, (care, (times,), exploited, (last,)), tuple(child.records()), child.marks
    )


def _care(child: Child) -> Iterator[Mark]:
    """Who works with the child, as far as anybody has written it down."""
    status = looked_after(child)
    if status:
        yield Mark(status)
    if any(map(child.word, WORKERS)):
        yield Mark("Has a social worker")
    plans = definitions.entity_form("person").field(PLANS)
    for code in codes_of(child.said(PLANS)):
        if code in WORKS_WITH_THEM:
            yield Mark(plans.label_of(code))


def _times_missing(child: Child) -> int:
    return len({row["episode"] for row in child.rows if row["record_type"] in MISSING})


def _exploited(child: Child) -> Iterator[Mark]:
    """Who marked the child for which exploitation: each kind once."""
    found: dict[str, None] = {}
    for row in child.rows:
        said = row["flags"].get(SAID, {})
        for name in TYPES:
            found |= {_label(name, code): None for code in said.get(name, "").split() if code != NONE_SEEN}
        found |= {_label(TYPES[0], code): None for name, code in ASSESSED.items() if said.get(name) == "yes"}
        if said.get(LEVEL, NO_SIGN) != NO_SIGN:
            found[_label(LEVEL, said[LEVEL])] = None
    yield from map(Mark, found)


def _label(question: str, code: str) -> str:
    return definitions.every_field()[question].label_of(code)
