"""What a task is about besides a child: the place or adult of several records, or an opening in need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, select

from sync_server.across.hotspots import where
from sync_server.console import words
from sync_server.context import Context
from sync_server.db.identity import account
from sync_server.db.restrictions import restriction_reader
from sync_server.db.tables import location, person
from sync_server.duties import restriction
from sync_server.duties.passing import AT_PLACE
from sync_server.restricted import OPENED_IN_NEED, opening_in, reference_of

NAMED_IN: Mapping[str, Table] = {"R-33": location, "R-34": person, AT_PLACE: location}
NOT_NAMED = "somebody whose name is not known"


def names_of(db: Connection, tasks: Iterable[Mapping[str, Any] | RowMapping]) -> dict[int, str]:
    """For each task whose rule names a place or an adult after a slash, what that is called."""
    named: dict[int, str] = {}
    for one in tasks:
        rule, _, rest = str(one["rule"]).partition("/")
        id_ = rest.partition("/")[0]
        table = NAMED_IN.get(rule)
        if table is None or not id_:
            continue
        row = db.execute(select(table).where(table.c.force == one["force"], table.c.id == id_)).mappings()
        named[one["id"]] = _name(rule, row.first())
    return named


def openings(context: Context, db: Connection, tasks: Iterable[RowMapping]) -> Mapping[int, str]:
    """Of the tasks that tell of a restricted child who was opened: who did, until when, in which words."""
    told = {opening_in(one["rule"]): one["id"] for one in tasks if one["kind"] == OPENED_IN_NEED}
    if not told:
        return {}
    why = restriction.why_opened(context, db, told.keys())
    c = restriction_reader.c
    query = select(c.id, c.restriction, c.until, account.c.rank, account.c.name).join_from(
        restriction_reader, account, account.c.id == c.account
    )
    return {
        told[row.id]: f"{reference_of(row.restriction)}, by {row.rank} {row.name}, open until "
        f"{words.day_and_time(row.until)}: “{why[row.id]}”"
        for row in db.execute(query.where(c.id.in_(sorted(told))))
    }


def _name(rule: str, row: RowMapping | None) -> str:
    if row is None:
        return ""
    if NAMED_IN[rule] is location:
        if rule == AT_PLACE:  # read by those who may read of no child
            return where(row)
        return ", ".join(part for part in (row["address"], row["postcode"]) if part)
    called = row["facts"].get("person.known_as")
    names = (row["given_names"] or (called if isinstance(called, str) else ""), row["surname"])
    return " ".join(part for part in names if part) or NOT_NAMED
