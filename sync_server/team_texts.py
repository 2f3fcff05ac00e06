"""Q-02 against the team: which answer of a record stands, mostly word for word, in another of the unit.

A handheld holds a text against its author's own last ones, and knows nobody else's. Here it is held against
those that the unit sent of other incidents in the last weeks, whoever wrote them. What is kept for that are
numbers (``sync_server.keys.sketching``), made before the record is written and compared when somebody reads
it. Whoever reviews is told; it names no officer, and holds nothing up.

A record that was withdrawn or is covert, or whose child has died (R-50), is like nothing, and nothing is
like it.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, and_, bindparam, delete, insert, or_, select

from booklets import definitions
from booklets.alike import Alike
from booklets.checks.likeness import FEWEST_RUNS, runs_read_once, share, unlike_own_texts
from booklets.checks.supervising import says_something, unlike_earlier
from booklets.checks.wording import more_than_stock_phrases
from booklets.forms import Kind
from booklets.records import Header, Record
from booklets.signs import says_dead
from sync_server.context import Context
from sync_server.db.later import later
from sync_server.db.sketches import text_sketch
from sync_server.db.tables import State, record_key
from sync_server.db.tables import record as register
from sync_server.flags import Risk
from sync_server.keys import Sketcher

MOST_HELD = 200
"""So many of a unit's last records of the same form are looked at [SEED]."""
DAYS, DAYS_OTHERWISE = "days_texts_are_held_against", 28
PERCENT, PERCENT_OTHERWISE = "percent_alike_to_ask", 80
OWN_WORDS = frozenset(
    one.__name__ for one in (unlike_own_texts, more_than_stock_phrases, says_something, unlike_earlier)
)
"""The checks of what has to be about this child and nobody else: the texts they look at are compared."""


def sketched(record: Record, flags: Mapping[str, Any], pepper: bytes) -> dict[str, str]:
    """The record's own texts as numbers, by question; nothing of those that give nothing away."""
    header = record.header
    if header.void_reason or header.covert or says_dead(flags):
        return {}
    texts = ((name, record.answers.get(name)) for name in compared(header))
    runs = {name: runs_read_once(text) for name, text in texts if isinstance(text, str)}
    own = {name: found for name, found in runs.items() if len(found) >= FEWEST_RUNS}
    if not own:
        return {}
    sketcher = Sketcher.of(pepper, force=header.force, unit=header.unit)
    return {name: _packed(sketcher.numbers(found)) for name, found in own.items()}


def compared(header: Header) -> Iterator[str]:
    """The questions whose answers are held against others: long texts, and never anybody's exact words."""
    form = definitions.form_of(header)
    names = {name for rule in form.rules if rule.check in OWN_WORDS for name in rule.fields}
    for one in form.fields():
        if one.id in names and one.kind is Kind.LONG_TEXT and not one.verbatim:
            yield one.id


def keep(connection: Connection, record: Record, texts: Mapping[str, str], at: datetime) -> None:
    """Keep what a revision's texts are like, in place of those of the one before it."""
    header = record.header
    if header.revision > 1:
        later(connection, _FORGET, {"of": str(header.record)})
    if texts:
        row = {
            "force": header.force,
            "unit": header.unit,
            "form": header.form,
            "record": str(header.record),
            "rev": header.revision,
            "incident": str(header.incident),
            "received_at": at,
            "texts": dict(texts),
        }
        later(connection, _KEEP, row)


_KEEP = insert(text_sketch)
_FORGET = delete(text_sketch).where(text_sketch.c.record == bindparam("of"))


def forget_old(context: Context, connection: Connection) -> None:
    """Forget what has had its time in its force, and whatever belongs to a record whose key is destroyed."""
    c, now = text_sketch.c, context.now()
    for force in connection.execute(select(c.force).distinct()).scalars().all():
        since = _since(context.policy(force).settings, now)
        connection.execute(delete(text_sketch).where(c.force == force, c.received_at <= since))
    connection.execute(delete(text_sketch).where(c.record.not_in(select(record_key.c.record))))


def forget(connection: Connection, records: Collection[str]) -> None:
    """Forget what these records were like."""
    connection.execute(delete(text_sketch).where(text_sketch.c.record.in_(records)))


def _since(settings: Mapping[str, object], now: datetime) -> datetime:
    return now - timedelta(days=_number(settings, DAYS, DAYS_OTHERWISE))


def _number(settings: Mapping[str, object], name: str, otherwise: int) -> int:
    found = settings.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) else otherwise


def alike(
    connection: Connection, record: str, rev: int, settings: Mapping[str, object], now: datetime
) -> tuple[Alike, ...]:
    """Which answers of a record's newest revision are mostly another record's: of each the nearest."""
    since = _since(settings, now)
    own = connection.execute(_OWN, {"of": record, "rev": rev, "since": since}).first()
    if own is None:
        return ()
    least = _number(settings, PERCENT, PERCENT_OTHERWISE)
    found = list(_held_against(connection, own, since, least))
    counts = (
        _that_count(connection, own.force, {record, *(str(one.record) for one in found)}) if found else ()
    )
    if record not in counts:
        return ()
    nearest: dict[str, Alike] = {}
    for one in sorted(found, key=lambda one: (one.percent, one.received_at, str(one.record))):
        if str(one.record) in counts:
            nearest[one.question] = one
    return tuple(nearest[name] for name in own.texts if name in nearest)


_OWN = select(text_sketch).where(
    text_sketch.c.record == bindparam("of"),
    text_sketch.c.rev == bindparam("rev"),
    text_sketch.c.received_at > bindparam("since"),
)
_OTHERS = (
    select(text_sketch.c.record, text_sketch.c.received_at, text_sketch.c.texts)
    .where(
        text_sketch.c.force == bindparam("force"),
        text_sketch.c.unit == bindparam("unit"),
        text_sketch.c.form == bindparam("form"),
        text_sketch.c.incident != bindparam("incident"),
        text_sketch.c.received_at > bindparam("since"),
    )
    .order_by(text_sketch.c.received_at.desc())
    .limit(MOST_HELD)
)


def _held_against(connection: Connection, own: Row[Any], since: datetime, least: int) -> Iterator[Alike]:
    """Each answer with each other record's answer to the same question, where that is enough of it."""
    mine = {name: (_unpacked(packed), len(packed) * least // 100) for name, packed in own.texts.items()}
    of = {name: getattr(own, name) for name in ("force", "unit", "form", "incident")}
    for other in connection.execute(_OTHERS, of | {"since": since}):
        for name, (numbers, enough) in mine.items():
            packed = other.texts.get(name, "")
            if len(packed) < enough:  # too short to have so much of this one in it
                continue
            percent = round(share(numbers, _unpacked(packed)) * 100)
            if percent >= least:
                of_record = UUID(other.record)
                yield Alike(question=name, percent=percent, record=of_record, received_at=other.received_at)


def _that_count(connection: Connection, force: str, names: Iterable[str]) -> frozenset[str]:
    """Those of the records of which anything may be said: not withdrawn, not covert, the child alive."""
    c = register.c
    counts = and_(c.force == force, c.state != State.WITHDRAWN.value)
    of = select(c.record, c.episode, c.subject).where(counts, c.record.in_(sorted(names)), ~c.covert)
    there = connection.execute(of).all()
    about = {one.subject for one in there} - {""}
    same_child = or_(c.episode.in_(sorted({one.episode for one in there})), c.subject.in_(sorted(about)))
    # Whoever is said to have died is among the gravest: of all the others nothing has to be read.
    gravest = select(c.episode, c.subject, c.flags).where(counts, same_child, c.risk == int(Risk.DEATH))
    told = connection.execute(gravest).all()
    dead = {id_ for one in told if says_dead(one.flags) for id_ in (one.episode, one.subject)} - {""}
    return frozenset(one.record for one in there if not dead & {one.episode, one.subject})


def _packed(numbers: frozenset[int]) -> str:
    return base64.b64encode(struct.pack(f">{len(numbers)}H", *sorted(numbers))).decode("ascii")


def _unpacked(text: str) -> frozenset[int]:
    packed = base64.b64decode(text)
    return frozenset(struct.unpack(f">{len(packed) // 2}H", packed))
