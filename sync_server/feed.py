"""What goes back to phones: addressed to an officer, or to a role and unit, numbered without gaps.

Items are numbered when somebody asks for them (``numbering.py``), so none is ever
skipped and whoever adds one waits for nobody: a cursor over an ordinary sequence
lost 154 of 12,000 items for ever when eight wrote at once. Items lie here as ids;
what they say is put together, and sealed to the device that asks, when it asks.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, exists, false, insert, or_, select, update

from booklets import wire
from booklets.answers import instant
from booklets.errors import BookletError
from booklets.records import Record
from booklets.sealing import KemPublic, seal_return
from sync_server import audit, evidence, given, numbering, team_texts, withheld
from sync_server.context import Context
from sync_server.db.later import later
from sync_server.db.owed import feed_item, feed_mark, feed_withheld
from sync_server.db.tables import decision, person
from sync_server.db.types import HIGHEST, insert_if_new
from sync_server.keys import Safe
from sync_server.withheld import Asks

MOST = 100
MOST_DIGITS = 18
LONGEST_CURSOR = 1000
_PLACE = f"[0-9a-z]{{1,40}}[.][0-9]{{1,{MOST_DIGITS}}}"
CURSOR = f"({_PLACE}(~{_PLACE})*)?"
"""What a cursor looks like. It says no more than that: another server's is read, and begins anew."""
STATUS, REVIEW, DECISION, RETURNED = "status", "review", "decision", "returned"
TASK = "task"
GIVEN = "given"
OVER = "over"  # it keeps its number and says nothing
# These say what officers wrote, so that giving them to a handheld is disclosure.
DISCLOSES = (REVIEW, DECISION, RETURNED)
OFFERED = "offered"  # a draft that is given is in such news alone
OF_THE_FORCE = frozenset({"fim"})  # one desk for every unit
CONSOLE_WORDS = "decision"
OPEN = "open"
CALLED = frozenset({"known_as", "given_names", "surname", "sex", "dob", "age_estimate"})
"""What tells one child from another on a list: the name, and whether it is the girl or her brother."""


class CursorUnreadable(BookletError):
    """A cursor that we never gave. Start again without one: nothing is lost by that."""

    code = "cursor_unreadable"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks: a signed-in officer on one enrolled device, with the key their items are sealed to."""

    force: str
    device: str
    kem: KemPublic = field(repr=False)
    officer: str
    unit: str = ""
    roles: tuple[str, ...] = ()
    session: str = ""

    @property
    def own(self) -> str:
        """The address of this very officer."""
        return to_officer(self.force, self.officer)

    def addresses(self) -> tuple[str, ...]:
        """Every recipient whose items this officer may read."""
        return (
            self.own,
            *(to_role(self.force, one, self.unit) for one in self.roles),
        )


@dataclass(frozen=True, slots=True)
class Item:
    """One item: ``stream`` and ``seq`` show gaps, ``body`` is a sealed envelope for this device."""

    stream: str
    seq: int
    kind: str
    record: str
    rev: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """A handful of items, the cursor that asks for what follows, and whether there is more."""

    items: tuple[Item, ...]
    next: str
    more: bool


def to_officer(force: str, officer: str) -> str:
    """The address of one officer."""
    return f"{force}/officer/{officer}"


def to_role(force: str, role: str, unit: str) -> str:
    """The address of whoever has this role in this unit tonight; the incident manager has every unit."""
    return f"{force}/role/{role}" if role in OF_THE_FORCE else f"{force}/role/{role}/{unit}"


def add(
    connection: Connection,
    *,
    force: str,
    recipient: str,
    kind: str,
    at: datetime,
    record: str = "",
    rev: int = 0,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add an item, to be numbered when its recipient asks. ``detail`` holds codes and times, no answers."""
    item = {
        "force": force,
        "recipient": recipient,
        "kind": kind,
        "record": record,
        "rev": rev,
        "detail": dict(detail or {}),
        "added_at": at,
    }
    later(connection, _ADD, item)


_ADD = insert(feed_item)


def forget(connection: Connection, records: Collection[str]) -> None:
    """Let every item about these records keep its number and say nothing any more, to whoever asks."""
    about = or_(feed_item.c.record.in_(records), feed_item.c.detail["decision"].as_string().in_(records))
    over = {"kind": OVER, "record": "", "rev": 0, "detail": {}}
    connection.execute(update(feed_item).where(about).values(over))


def was_asked(connection: Connection, recipient: str, record: str) -> bool:
    """Whether a record was ever put before this recipient to be decided on."""
    asked = select(feed_item.c.id).where(
        feed_item.c.recipient == recipient, feed_item.c.kind == REVIEW, feed_item.c.record == record
    )
    return connection.execute(asked).first() is not None


def was_told_of(connection: Connection, recipient: str, number: int) -> bool:
    """Whether this recipient ever heard of a task."""
    told = select(feed_item.c.id).where(
        feed_item.c.recipient == recipient,
        feed_item.c.kind == TASK,
        feed_item.c.detail["task"].as_integer() == number,
    )
    return connection.execute(told).first() is not None


def pull(context: Context, reader: Reader, cursor: str = "", limit: int = MOST) -> Page:
    """What came for this officer after ``cursor``, sealed to the device that asks.

    Whoever asks on from there has kept all before it, also where the acknowledgement was lost: else what
    became of a record would be withheld from the handheld that shows it as waiting.
    """
    places = places_of(cursor, reader)
    most = max(1, min(limit, MOST))
    _number(context, reader, places)
    if _is_beyond_the_marks(context, reader, places):
        acknowledge(context, reader, cursor)
    with context.store.read() as connection:
        rows = connection.execute(_after(places, most + 1)).mappings().all()
        asks = Asks(reader.officer, reader.device, reader.own, _since(context, reader))
        over = withheld.over_among(connection, asks, rows[:most])
        given = (_over(row) if (row["recipient"], row["n"]) in over else dict(row) for row in rows[:most])
        items = tuple(_sealed(context, connection, reader, row) for row in given)
    if over:  # before it is answered, so that nothing is taken for disclosed that was not given
        context.store.write(lambda db: withheld.note(db, reader.force, reader.device, over))
    for row in rows[:most]:
        places[row["recipient"]] = max(places[row["recipient"]], row["n"])
    return Page(items, cursor_of(places), len(rows) > most)


def _number(context: Context, reader: Reader, recipients: Iterable[str]) -> None:
    """Number what came for this reader since somebody last asked."""
    with context.store.read() as connection:
        waiting = numbering.without_number(connection, recipients)
    if waiting:
        context.store.write(lambda db: numbering.give_numbers(db, reader.force, waiting))


def _is_beyond_the_marks(context: Context, reader: Reader, places: Mapping[str, int]) -> bool:
    """Whether the device has kept more than it was heard to."""
    c = feed_mark.c
    with context.store.read() as connection:
        mine = select(c.recipient, c.n).where(c.device == reader.device, c.recipient.in_(sorted(places)))
        marks = {row.recipient: row.n for row in connection.execute(mine)}
        return any(
            number > marks.get(to, 0) and numbering.numbered(connection, to) > marks.get(to, 0)
            for to, number in places.items()
        )


def _since(context: Context, reader: Reader) -> datetime:
    return withheld.since(context.policy(reader.force).settings, context.now())


def _over(row: RowMapping) -> dict[str, Any]:
    """What stands in the place of an item that is over."""
    return {**row, "kind": OVER, "record": "", "rev": 0, "detail": {}}


def acknowledge(context: Context, reader: Reader, cursor: str) -> None:
    """Note that everything up to ``cursor`` lies safely on the device: it was disclosed to that officer."""
    places = places_of(cursor, reader)
    now = context.now()
    context.store.write(lambda connection: _mark(connection, reader, places, now))


def _mark(connection: Connection, reader: Reader, places: Mapping[str, int], now: datetime) -> None:
    for recipient, place in places.items():
        number = min(place, numbering.numbered(connection, recipient))
        key = {"force": reader.force, "recipient": recipient, "device": reader.device}
        insert_if_new(connection, feed_mark, key | {"n": 0, "acknowledged_at": now}, [feed_mark.c.recipient])
        mine = and_(feed_mark.c.recipient == recipient, feed_mark.c.device == reader.device)
        before = connection.execute(select(feed_mark.c.n).where(mine)).scalar_one()
        if number <= before:
            continue
        connection.execute(update(feed_mark).where(mine).values(n=number, acknowledged_at=now))
        disclosed = select(feed_item.c.record, feed_item.c.rev).where(
            feed_item.c.recipient == recipient,
            feed_item.c.n > before,
            feed_item.c.n <= number,
            or_(feed_item.c.kind.in_(DISCLOSES), _NAMES_A_CHILD, _GIVES_A_DRAFT),
            ~exists().where(
                feed_withheld.c.recipient == feed_item.c.recipient,
                feed_withheld.c.device == reader.device,
                feed_withheld.c.n == feed_item.c.n,
            ),
        )
        for row in connection.execute(disclosed).all():
            audit.note(
                connection,
                force=reader.force,
                record=row.record,
                who=reader.officer,
                what="disclosed",
                at=now,
                detail={"device": reader.device, "rev": row.rev},
            )


_NAMES_A_CHILD = and_(feed_item.c.kind == TASK, feed_item.c.detail["status"].as_string() == OPEN)


_GIVES_A_DRAFT = and_(feed_item.c.kind == GIVEN, feed_item.c.detail["state"].as_string() == OFFERED)


def _after(places: Mapping[str, int], most: int) -> Any:
    # By recipient and number, never by time: a page must end where a recipient's next page begins.
    newer = [and_(feed_item.c.recipient == to, feed_item.c.n > number) for to, number in places.items()]
    return (
        select(feed_item)
        .where(or_(false(), *newer))
        .order_by(feed_item.c.recipient, feed_item.c.n)
        .limit(most)
    )


def _sealed(context: Context, connection: Connection, reader: Reader, row: Mapping[str, Any]) -> Item:
    said: dict[str, Any] = {
        "kind": row["kind"],
        "record": row["record"],
        "rev": row["rev"],
        "added_at": instant(row["added_at"]),
        **row["detail"],
    }
    if row["kind"] in DISCLOSES:
        said["content"] = _content(connection, context.keys.safe, row)
    if row["kind"] == GIVEN and row["detail"]["state"] == OFFERED:
        said["content"] = given.draft_for(context, connection, row["detail"]["given"], reader.officer)
    if row["kind"] == REVIEW:
        settings, now = context.policy(row["force"]).settings, context.now()
        found = team_texts.alike(connection, row["record"], row["rev"], settings, now)
        said["alike"] = [one.to_json() for one in found]
    if row["kind"] == TASK and row["detail"]["status"] == OPEN:
        said["child"] = _called(connection, row)
    body = seal_return(
        wire.told(said),
        force=reader.force,
        device=reader.device,
        created=context.now(),
        to=reader.kem,
        signer=context.keys.command,
        record=row["record"],
        rev=row["rev"],
    )
    return Item(_stream(row["recipient"]), row["n"], row["kind"], row["record"], row["rev"], body)


def _content(connection: Connection, safe: Safe, row: Mapping[str, Any]) -> Any:
    """The records that an item is about, opened for the handheld that asks."""
    detail = row["detail"]
    match row["kind"]:
        case "review":
            return _record(evidence.record_of(connection, safe, row["record"], row["rev"]))
        case "decision":
            return _record(evidence.record_as_of(connection, safe, detail["decision"], row["added_at"]))
        case _:
            return {
                "decision": _record(
                    evidence.record_as_of(connection, safe, detail["decision"], row["added_at"])
                ),
                "words": _words_at_console(connection, safe, row),
                "records": [
                    _record(evidence.record_of(connection, safe, record, rev))
                    for record, rev in detail["of"]
                ],
            }


def _called(connection: Connection, row: Mapping[str, Any]) -> dict[str, Any]:
    """Whom an open task is about, as the register has them; it is put together here and kept nowhere."""
    about = and_(person.c.force == row["force"], person.c.id == row["detail"]["subject"])
    facts = connection.execute(select(person.c.facts).where(about)).scalar() or {}
    return {name: said for name, said in facts.items() if name.removeprefix("person.") in CALLED}


def _record(found: Record | None) -> dict[str, Any] | None:
    return wire.record_to_json(found) if found else None


def _words_at_console(connection: Connection, safe: Safe, row: Mapping[str, Any]) -> str:
    """What was written by somebody who decides at the console and seals no record."""
    if row["detail"]["decision"]:
        return ""
    query = (
        select(decision.c.content_sealed)
        .where(decision.c.record == row["record"], decision.c.rev == row["rev"], decision.c.stands)
        .order_by(decision.c.id.desc())
    )
    sealed = connection.execute(query).scalars().first()
    if not sealed:
        return ""
    opened = evidence.open_beside(
        connection, safe, record=row["record"], rev=row["rev"], what=CONSOLE_WORDS, sealed=sealed
    )
    return str(opened["words"])


def _stream(recipient: str) -> str:
    """A recipient's short name in cursors: long enough not to clash for one officer, saying nothing."""
    return hashlib.sha256(b"hwd/feed/1" + recipient.encode()).hexdigest()[:12]


def cursor_of(places: Mapping[str, int]) -> str:
    """The cursor of whoever has read so far."""
    return "~".join(f"{_stream(to)}.{number}" for to, number in sorted(places.items()))


def places_of(cursor: str, reader: Reader) -> dict[str, int]:
    """How far each of the reader's recipients has been read. A new role starts at its beginning."""
    numbers: dict[str, int] = {}
    if len(cursor) > LONGEST_CURSOR or not re.fullmatch(CURSOR, cursor):
        raise CursorUnreadable("This is not a cursor of this server. Ask again without one.")
    for part in cursor.split("~") if cursor else ():
        stream, _, number = part.partition(".")
        numbers[stream] = min(int(number), HIGHEST)
    return {to: numbers.get(_stream(to), 0) for to in reader.addresses()}
