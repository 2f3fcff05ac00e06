"""The shift pack as a part of what is new: which children, to whom, sealed to the device that asks.

It begins anew with each session, because a handheld forgets it at the end of the shift; within one it goes
on where it ended. A child of whom nothing may be told any longer comes once more, as gone. That somebody was
given it is written down before it is answered, with every record that anything is from. A restricted child
is told to nobody but those who are on its list by name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from booklets import wire
from booklets.answers import instant
from booklets.sealing import seal_return
from sync_server import audit, feed, restricted
from sync_server.context import Context
from sync_server.db.closings import episode_act
from sync_server.db.packs import brief, known_child
from sync_server.feed import Item, Page, Reader
from sync_server.shift_pack.children import entry
from sync_server.shift_pack.known import same_children, work_out
from sync_server.shift_pack.lists import SEES_COVERT, known_for, list_for
from sync_server.shift_pack.looking import nothing_new
from sync_server.shift_pack.places import Place, place_in, reached, stream_of

SHIFT_PACK = "shift_pack"
GIVEN = "shift pack given"


def news(context: Context, reader: Reader, cursor: str, limit: int) -> Page:
    """What came for this officer after ``cursor``, with the pack behind everything else."""
    if nothing_new(context, reader, cursor):
        return Page((), cursor, more=False)
    return after(context, reader, feed.pull(context, reader, cursor, limit), cursor, limit)


def after(context: Context, reader: Reader, page: Page, cursor: str, limit: int) -> Page:
    """The page, with the pack behind everything else that is new; its cursor goes on in both."""
    of_list = list_for(reader.roles, reader.unit)
    if not reader.session or of_list is None:
        return page
    stream, place = stream_of(reader.session), place_in(cursor, reader.session)
    room = 0 if page.more else limit - len(page.items)
    if room > 0:
        work_out(context, reader.force)
    with context.store.read() as connection:
        rows = _changed(connection, reader, of_list, place, room + 1) if room > 0 else []
        children = list(_children(context, connection, reader, rows[:room], place))
    if any(child for _, child in children):
        _note(context, reader, [child for _, child in children if child])
    bodies = [_sealed(context, reader, row["child"], child) for row, child in children]
    items = tuple(
        Item(stream, number, SHIFT_PACK, "", 0, body) for number, body in enumerate(bodies, place.given + 1)
    )
    place = Place(max((row["n"] for row in rows[:room]), default=place.n), place.given + len(items))
    ends = reached(page.next, place, reader.session)
    return Page((*page.items, *items), ends, page.more or len(rows) > room > 0)


def _changed(
    connection: Connection, reader: Reader, of_list: str, place: Place, most: int
) -> Sequence[RowMapping]:
    c = known_child.c
    query = select(known_child).where(c.force == reader.force, c.unit == of_list, c.n > place.n)
    return connection.execute(query.order_by(c.n).limit(most)).mappings().all()


def _children(
    context: Context, connection: Connection, reader: Reader, rows: Sequence[RowMapping], place: Place
) -> Iterator[tuple[RowMapping, dict[str, Any] | None]]:
    """Each of these children as it is told now; None for one that was, and may not be told any longer."""
    if not rows:  # as it is almost every time that somebody asks
        return
    now, settings = context.now(), context.policy(reader.force).settings
    leads = same_children(connection, reader.force, [row["child"] for row in rows])
    briefs = _briefs(connection, reader.force, leads)
    closed = _closed(connection, reader.force, {one["episode"] for of in briefs.values() for one in of})
    hidden = restricted.hidden_from(connection, reader.force, reader.officer)
    restricted_ones = {lead for one, lead in leads.items() if one in hidden}
    for row in rows:
        told = None
        if leads[row["child"]] == row["child"] and row["child"] not in restricted_ones:
            told = entry(
                briefs.get(row["child"], []),
                closed=closed,
                covert_too=bool(SEES_COVERT & set(reader.roles)),
                since=now - known_for(settings, row["unit"]),
                now=now,
            )
        if told is not None or row["first_n"] <= place.n:
            yield row, told


def _briefs(
    connection: Connection, force: str, leads: Mapping[str, str]
) -> Mapping[str, Sequence[RowMapping]]:
    query = select(brief).where(brief.c.force == force, brief.c.subject.in_(sorted(leads)))
    found: dict[str, list[RowMapping]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(leads[row["subject"]], []).append(row)
    return found


def _closed(connection: Connection, force: str, episodes: Collection[str]) -> frozenset[str]:
    """Those of the episodes that are closed: what was done last with each says so."""
    c = episode_act.c
    query = select(c.episode, c.kind).where(
        c.force == force, c.episode.in_(sorted(episodes)), c.kind.in_(("closed", "reopened"))
    )
    last = {row.episode: row.kind for row in connection.execute(query.order_by(c.n))}
    return frozenset(episode for episode, kind in last.items() if kind == "closed")


def _note(context: Context, reader: Reader, children: Sequence[Mapping[str, Any]]) -> None:
    records = sorted({record for child in children for record in child["from"]})
    context.store.write(
        lambda connection: audit.note(
            connection,
            force=reader.force,
            record=f"account:{reader.officer}",
            who=reader.officer,
            what=GIVEN,
            at=context.now(),
            detail={"device": reader.device, "rows": len(children), "records": records},
        )
    )


def _sealed(context: Context, reader: Reader, id_: str, child: Mapping[str, Any] | None) -> bytes:
    now = context.now()
    said = {name: told for name, told in (child or {"gone": True}).items() if name != "from"}
    return seal_return(
        wire.told({"kind": SHIFT_PACK, "child": id_, "as_of": instant(now), **said}),
        force=reader.force,
        device=reader.device,
        created=now,
        to=reader.kem,
        signer=context.keys.command,
    )
