"""Items of the feed are numbered when somebody asks for them: without gaps, in the order they were kept.

A number that is given while an item is added has to be held until that is kept, and whoever adds another
for the same people waits for it: of the handhelds of one unit only one at a time was taken anything from.
Nobody needs one before a phone asks. By then the item is kept, and none that is kept later comes before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, select, update

from sync_server.db.owed import feed_counter, feed_item
from sync_server.db.types import insert_if_new

_NEW = feed_item.c.n.is_(None)


def without_number(connection: Connection, recipients: Iterable[str]) -> Sequence[str]:
    """Which of these recipients have items that nobody has asked for yet."""
    waiting = select(feed_item.c.recipient).where(_NEW, feed_item.c.recipient.in_(sorted(recipients)))
    return connection.execute(waiting.distinct().order_by(feed_item.c.recipient)).scalars().all()


def give_numbers(connection: Connection, force: str, recipients: Iterable[str]) -> None:
    """Number what waits for these recipients. Whoever else does so meanwhile waits until that is kept."""
    for recipient in sorted(recipients):
        counted = {"force": force, "recipient": recipient, "n": 0}
        insert_if_new(connection, feed_counter, counted, [feed_counter.c.n])
        last = connection.execute(_HELD, {"to": recipient}).scalar_one()
        # In the order they were added, which is the order in which what follows from what was kept.
        waiting = connection.execute(_WAITING, {"to": recipient}).scalars().all()
        if waiting:
            numbered = [{"item": one, "number": last + place} for place, one in enumerate(waiting, 1)]
            connection.execute(_NUMBER, numbered)
            connection.execute(_COUNT, {"to": recipient, "number": last + len(waiting)})


def numbered(connection: Connection, recipient: str) -> int:
    """How many of a recipient's items have their number."""
    return connection.execute(_NUMBERED, {"to": recipient}).scalar() or 0


_NUMBERED = select(feed_counter.c.n).where(feed_counter.c.recipient == bindparam("to"))
_HELD = _NUMBERED.with_for_update()
_WAITING = (
    select(feed_item.c.id).where(_NEW, feed_item.c.recipient == bindparam("to")).order_by(feed_item.c.id)
)
_NUMBER = update(feed_item).where(feed_item.c.id == bindparam("item")).values(n=bindparam("number"))
_COUNT = (
    update(feed_counter).where(feed_counter.c.recipient == bindparam("to")).values(n=bindparam("number"))
)
