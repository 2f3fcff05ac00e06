"""Whether anything is new for whoever asks, in one look.

Most questions of a night find nothing. Putting together what is new takes five looks; that there is nothing
shows in one, because all of it is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, exists, literal, select, union_all

from sync_server import feed
from sync_server.context import Context
from sync_server.db.owed import feed_counter, feed_item, feed_mark
from sync_server.db.packs import changed, known_child
from sync_server.feed import Reader
from sync_server.shift_pack.lists import list_for
from sync_server.shift_pack.places import place_in, reached

_NUMBERED, _HEARD, _NEWS = "numbered", "heard", "news"
_TO: BindParameter[Any] = bindparam("to", expanding=True)


def nothing_new(context: Context, reader: Reader, cursor: str) -> bool:
    """Whether asking from ``cursor`` would answer with nothing, write nothing down, and end where it began.

    In doubt, as of a cursor of another session or another set of roles, it says no.
    """
    places, of_list = feed.places_of(cursor, reader), list_for(reader.roles, reader.unit)
    has_pack = bool(reader.session) and of_list is not None
    place, read = place_in(cursor, reader.session), feed.cursor_of(places)
    if cursor != (reached(read, place, reader.session) if has_pack else read):
        return False
    asked = {
        "force": reader.force,
        "device": reader.device,
        "to": sorted(places),
        "unit": of_list or "",
        "read": place.n,
        "has_pack": has_pack,
    }
    with context.store.read() as connection:
        found = {(row.what, row.recipient): row.n for row in connection.execute(_LOOK, asked)}
    return not any(what == _NEWS for what, _ in found) and _all_heard(places, found)


def _all_heard(places: Mapping[str, int], found: Mapping[tuple[str, str], int]) -> bool:
    """Whether every number that was given has been read, and is known to lie on the device."""
    for to, place in places.items():
        numbered = found.get((_NUMBERED, to), 0)
        if place < numbered or found.get((_HEARD, to), 0) < min(place, numbered):
            return False
    return True


def _if(there: Select[int]) -> Select[str, str, int]:
    return select(literal(_NEWS), literal(""), literal(0)).where(exists(there))


_LOOK = union_all(
    select(literal(_NUMBERED).label("what"), feed_counter.c.recipient, feed_counter.c.n).where(
        feed_counter.c.recipient.in_(_TO)
    ),
    select(literal(_HEARD), feed_mark.c.recipient, feed_mark.c.n).where(
        feed_mark.c.device == bindparam("device"), feed_mark.c.recipient.in_(_TO)
    ),
    _if(select(feed_item.c.id).where(feed_item.c.n.is_(None), feed_item.c.recipient.in_(_TO))),
    _if(select(changed.c.id).where(bindparam("has_pack"), changed.c.force == bindparam("force"))),
    _if(
        select(known_child.c.n).where(
            bindparam("has_pack"),
            known_child.c.force == bindparam("force"),
            known_child.c.unit == bindparam("unit"),
            known_child.c.n > bindparam("read"),
        )
    ),
)
