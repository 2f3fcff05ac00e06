"""Who is known in which unit and to which team, and when that changed last.

With a record only its brief is kept, and that its child has changed: whoever keeps one waits for nobody.
Once a handheld asks, it is worked out which units know the child. Each unit counts its changes, and every
child has one row with the number of its last: whoever has read up to a number asks for what is above it, so
one changed child among many costs one row, and a device that starts anew gets each child once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, bindparam, delete, insert, select, update

from booklets.checks.choices import child_has_died
from booklets.decisions import is_decision
from booklets.records import Record
from sync_server import evidence, restricted
from sync_server.across import same
from sync_server.context import Context
from sync_server.db.later import later
from sync_server.db.owed import feed_counter
from sync_server.db.packs import brief, changed, known_child
from sync_server.db.types import insert_in
from sync_server.shift_pack.briefs import brief_of, known_by
from sync_server.shift_pack.lists import lists_of

Brief = Mapping[str, Any]
AT_ONCE = 500
"""So many changes are worked out in one transaction: there may be many where nobody has asked for long."""
_OF_FORCE = brief.c.force == bindparam("force")
_BEFORE = select(brief.c.subject, brief.c.known_by).where(brief.c.record == bindparam("of"))
_OF_EPISODE = select(brief.c.subject).where(_OF_FORCE, brief.c.episode == bindparam("of"))
_NAMES = (
    select(brief.c.subject, brief.c.known_by, brief.c.unit, brief.c.form)
    .where(_OF_FORCE, brief.c.subject.in_(bindparam("asked", expanding=True)))
    .distinct()
)
_NAMESAKES = select(brief.c.subject).where(
    _OF_FORCE, brief.c.known_by.in_(bindparam("asked", expanding=True))
)
_FORGET = delete(brief).where(brief.c.record == bindparam("of"))
_CHANGED = insert(changed)
_WAITING = (
    select(changed.c.id, changed.c.subject, changed.c.was_known_by)
    .where(changed.c.force == bindparam("force"))
    .order_by(changed.c.id)
    .limit(AT_ONCE)
)
_WORKED_OUT = delete(changed).where(changed.c.id.in_(bindparam("ids", expanding=True)))
_ROWS_OF = select(known_child.c.unit, known_child.c.child).where(
    known_child.c.force == bindparam("force"), known_child.c.child.in_(bindparam("asked", expanding=True))
)


def row_of(record: Record) -> Brief | None:
    """What packs may say of a record, as a row; None of a decision, and of a record about no child."""
    header = record.header
    if header.subject is None or is_decision(record):
        return None
    return {
        "force": header.force,
        "record": str(header.record),
        "subject": str(header.subject),
        "known_by": known_by(record),
        "unit": header.unit,
        "encounter": str(header.encounter),
        "incident": str(header.incident),
        "episode": str(header.episode),
        "form": header.form,
        "covert": header.covert,
        "died": child_has_died(record.answers),
        "at": header.submitted.instant,
        "said": brief_of(record),
    }


def came(connection: Connection, record: Record, row: Brief | None) -> None:
    """Keep what packs may say of a revision that was just stored, and that its child has changed."""
    if row is None:
        return
    header = record.header
    news = [{"force": row["force"], "subject": row["subject"], "was_known_by": ""}]
    if header.revision > 1:  # it may have been about another child, or about one of another name
        before = connection.execute(_BEFORE, {"of": row["record"]}).first()
        if before is not None and (before.subject, before.known_by) != (row["subject"], row["known_by"]):
            was = {"force": row["force"], "subject": before.subject, "was_known_by": before.known_by}
            news.append(was)
    _keep(connection, row, withdrawn=bool(header.void_reason))
    later(connection, _CHANGED, news)
    restricted.came(connection, row["force"], row["subject"], row["known_by"])


def episode_changed(connection: Connection, force: str, episode: str) -> None:
    """An episode was closed, or opened again: its child is missing no longer, or once more."""
    children_changed(
        connection, force, set(connection.execute(_OF_EPISODE, {"force": force, "of": episode}).scalars())
    )


def children_changed(connection: Connection, force: str, children: Collection[str]) -> None:
    """Something else that packs go by has changed of these children."""
    if children:
        news = [{"force": force, "subject": one, "was_known_by": ""} for one in sorted(children)]
        connection.execute(_CHANGED, news)


def forget(connection: Connection, names: Collection[str]) -> None:
    """Keep nothing of these records, which are destroyed; packs with their children change."""
    gone = brief.c.record.in_(sorted(names))
    children = connection.execute(select(brief.c.force, brief.c.subject).where(gone).distinct()).all()
    connection.execute(delete(brief).where(gone))
    about = changed.c.subject.in_(sorted({row.subject for row in children}))
    connection.execute(update(changed).where(about).values(was_known_by=""))
    news = [{"force": row.force, "subject": row.subject, "was_known_by": ""} for row in children]
    if news:
        connection.execute(_CHANGED, news)


def work_out(context: Context, force: str) -> None:
    """Work out which units know whoever has changed since somebody asked last."""
    with context.store.read() as connection:
        more = connection.execute(_WAITING, {"force": force}).first() is not None
    while more:
        more = context.store.write(lambda db: _work_out(db, force))


def _work_out(connection: Connection, force: str) -> bool:
    """The oldest changes; whether there may be more."""
    rows = connection.execute(_WAITING, {"force": force}).all()
    names = sorted({row.was_known_by for row in rows if row.was_known_by})
    asked = {row.subject for row in rows}
    if names:
        asked |= set(connection.execute(_NAMESAKES, {"force": force, "asked": names}).scalars())
    if asked:
        _count(connection, force, asked)
        connection.execute(_WORKED_OUT, {"ids": [row.id for row in rows]})
    return len(rows) == AT_ONCE


def _count(connection: Connection, force: str, asked: Collection[str]) -> None:
    """Give every unit that knows one of these mentions a new number for the child."""
    mentions = _Mentions.of(connection, force, asked)
    known = {(unit, mentions.leads[one]) for one, units in mentions.units.items() for unit in units}
    before = {"force": force, "asked": sorted(mentions.names)}
    known |= {(row.unit, row.child) for row in connection.execute(_ROWS_OF, before)}
    dialect = connection.dialect.name
    for unit, child in sorted(known):  # always in this order, so that two never wait for each other
        counted = {"force": force, "recipient": f"{force}/pack/{unit}", "n": 1}
        number = connection.execute(_raise(dialect), counted).scalar_one()
        row = {"force": force, "unit": unit, "child": child, "n": number, "first_n": number}
        connection.execute(_put_child(dialect), row)


def same_children(connection: Connection, force: str, asked: Collection[str]) -> Mapping[str, str]:
    """For these mentions, and whoever counts as the same child, the id that stands for all of them."""
    return _Mentions.of(connection, force, asked).leads


def words_for(connection: Connection, force: str, asked: Collection[str]) -> frozenset[str]:
    """The same mentions, and every name with a birthday by which their records know them."""
    names = _Mentions.of(connection, force, asked).names
    return frozenset(names).union(*names.values())


class _Mentions:
    """Mentions of children with the names that stand in their records, and the units that wrote those."""

    def __init__(self) -> None:
        self.names: dict[str, set[str]] = {}
        self.units: dict[str, set[str]] = {}

    @classmethod
    def of(cls, connection: Connection, force: str, asked: Iterable[str]) -> _Mentions:
        """Those that are asked for, and whoever has the same names and birthday, also by way of others."""
        found, waiting = cls(), set(asked)
        names: set[str] = set()
        while waiting:
            for one in waiting:
                found.names.setdefault(one, set())
            new: set[str] = set()
            for row in connection.execute(_NAMES, {"force": force, "asked": sorted(waiting)}):
                found.units.setdefault(row.subject, set()).update(lists_of(row.unit, row.form))
                if row.known_by:
                    found.names[row.subject].add(row.known_by)
                    new.add(row.known_by)
            new -= names
            names |= new
            asked_for = {"force": force, "asked": sorted(new)}
            alike = set(connection.execute(_NAMESAKES, asked_for).scalars()) if new else set()
            waiting = alike - found.names.keys()
        return found

    @property
    def leads(self) -> Mapping[str, str]:
        """To each mention the smallest id of those that count as the same child."""
        return same.groups(self.names)


def _keep(connection: Connection, row: Brief, *, withdrawn: bool) -> None:
    if withdrawn:
        later(connection, _FORGET, {"of": row["record"]})
    else:
        later(connection, _put_brief(connection.dialect.name), row)


@cache
def _raise(dialect: str) -> Any:
    """The next number of a unit; whoever works it out holds it until that is kept."""
    first = insert_in(dialect, feed_counter)
    raised = first.on_conflict_do_update(index_elements=["recipient"], set_={"n": feed_counter.c.n + 1})
    return raised.returning(feed_counter.c.n)


@cache
def _put_brief(dialect: str) -> Insert:
    statement = insert_in(dialect, brief)
    news = {one.name: statement.excluded[one.name] for one in brief.c if not one.primary_key}
    return statement.on_conflict_do_update(index_elements=["record"], set_=news)


@cache
def _put_child(dialect: str) -> Insert:
    statement = insert_in(dialect, known_child)
    return statement.on_conflict_do_update(
        index_elements=["force", "unit", "child"], set_={"n": statement.excluded["n"]}
    )


def rebuild(context: Context) -> None:
    """Make every brief again from evidence, and tell every unit that all its children have changed.

    The counters go on: a device that has read up to a number gets everything once more.
    """
    context.store.write(lambda connection: _rebuild(context, connection))


def _rebuild(context: Context, connection: Connection) -> None:
    connection.execute(delete(brief))
    for record, _ in evidence.every_record(connection, context.keys.safe):
        row = row_of(record)
        if row is not None:
            _keep(connection, row, withdrawn=bool(record.header.void_reason))
    everybody: set[tuple[str, str]] = set()
    for of, who in ((brief.c.force, brief.c.subject), (known_child.c.force, known_child.c.child)):
        everybody |= {(force, id_) for force, id_ in connection.execute(select(of, who).distinct())}
    if everybody:
        news = [{"force": force, "subject": id_, "was_known_by": ""} for force, id_ in sorted(everybody)]
        connection.execute(_CHANGED, news)
