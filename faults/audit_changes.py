"""What somebody with the whole database can do to the audit: every kind of change, one at random each time.

They know how the sums are made and make them anew where that helps. They have neither the key that signs
the checkpoints nor the copy of them that is kept elsewhere.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, text, update

from sync_server.audit import FIRST, hash_of
from sync_server.db.checkpoints import checkpoint
from sync_server.db.tables import audit

Row = dict[str, Any]
OUT_OF_THE_WAY: Final = 1_000_000
"""Added to a number while two change places: no two rows may have the same one in between."""


@dataclass(frozen=True, slots=True)
class Audit:
    """The audit as it was: every entry in order, and the checkpoints that lie beside the database."""

    rows: tuple[Row, ...] = field(repr=False)
    beside: tuple[bytes, ...] = field(repr=False)

    def chain(self, record: str) -> list[Row]:
        """The entries of one record, oldest first."""
        return sorted((row for row in self.rows if row["record"] == record), key=lambda row: int(row["seq"]))


@dataclass(slots=True)
class Hand:
    """Somebody at work on one connection. ``beside`` is what is left of the file with the checkpoints."""

    db: Connection
    was: Audit = field(repr=False)
    chance: random.Random = field(repr=False)
    beside: list[bytes] = field(default_factory=list, repr=False)

    def any_row(self) -> Row:
        """One entry, whichever."""
        return dict(self.chance.choice(self.was.rows))

    def any_chain(self, *, of_at_least: int = 1) -> list[Row]:
        """The entries of one record that has so many."""
        row = self.any_row()
        while len(chain := self.was.chain(row["record"])) < of_at_least:
            row = self.any_row()
        return [dict(one) for one in chain]

    def sets(self, row: Row, **values: Any) -> None:
        """Write other values into one entry."""
        self.db.execute(update(audit).where(audit.c.id == row["id"]).values(**values))

    def takes_out(self, rows: Iterable[Row]) -> None:
        """Remove entries."""
        self.db.execute(delete(audit).where(audit.c.id.in_([row["id"] for row in rows])))

    def writes_anew(self, chain: Iterable[Row]) -> None:
        """Put a whole chain in the place of what stands there, numbered and summed as if it had grown so."""
        entries = list(chain)
        self.takes_out(entries)
        previous = FIRST
        for seq, entry in enumerate(entries, 1):
            entry |= {"seq": seq, "prev_hash": previous}
            entry["hash"] = previous = hash_of(entry)
        if entries:
            self.db.execute(insert(audit), entries)


Change = Callable[[Hand], None]


# ---- one entry, said otherwise -----------------------------------------------------------------------


def other_number(hand: Hand) -> None:
    """The audit's own number of an entry."""
    hand.sets(hand.any_row(), id=hand.chance.choice((0, -7, OUT_OF_THE_WAY)))


def other_force(hand: Hand) -> None:
    """As if it were another force's."""
    hand.sets(hand.any_row(), force="elsewhere")


def other_record(hand: Hand) -> None:
    """Moved to another record, where its number is free or not."""
    row = hand.any_row()
    other = hand.any_chain()
    while other[0]["record"] == row["record"]:
        other = hand.any_chain()
    hand.sets(row, record=other[0]["record"], seq=len(other) + 1)


def other_place(hand: Hand) -> None:
    """Later in its chain than it happened."""
    row = hand.any_row()
    hand.sets(row, seq=row["seq"] + hand.chance.randint(100, 200))


def other_time(hand: Hand) -> None:
    """By the least that is kept, or by hours."""
    row = hand.any_row()
    hand.sets(row, at=row["at"] + timedelta(microseconds=hand.chance.choice((1, -1, 3_600_000_000))))


def other_person(hand: Hand) -> None:
    """Somebody else did it."""
    hand.sets(hand.any_row(), who=hand.chance.choice(("NYP-0000", "")))


def other_act(hand: Hand) -> None:
    """Something else was done."""
    hand.sets(hand.any_row(), what="kept")


def other_details(hand: Hand) -> None:
    """One more, one less, or another."""
    row = hand.any_row()
    said = dict(row["detail"])
    if said and hand.chance.random() < 0.5:
        said.popitem()
    else:
        said["rev"] = -1
    hand.sets(row, detail=said)


def other_link(hand: Hand) -> None:
    """It is said to follow from another entry."""
    hand.sets(hand.any_row(), prev_hash=f"{hand.chance.getrandbits(256):064x}")


def other_sum(hand: Hand) -> None:
    """The sum of one entry, by a single letter."""
    row = hand.any_row()
    at = hand.chance.randrange(64)
    letter = "0" if row["hash"][at] != "0" else "1"
    hand.sets(row, hash=row["hash"][:at] + letter + row["hash"][at + 1 :])


# ---- entries that go, come, or change places -----------------------------------------------------------


def left_out(hand: Hand) -> None:
    """One entry, wherever it stands."""
    hand.takes_out([hand.any_row()])


def chain_left_out(hand: Hand) -> None:
    """Everything about one record."""
    hand.takes_out(hand.any_chain())


def chain_cut(hand: Hand) -> None:
    """The end of one chain: nothing in it misses it."""
    chain = hand.any_chain(of_at_least=2)
    hand.takes_out(chain[hand.chance.randrange(1, len(chain)) :])


def end_cut(hand: Hand) -> None:
    """The last of the whole audit, one entry or many."""
    hand.takes_out(hand.was.rows[-hand.chance.randint(1, len(hand.was.rows) // 2) :])


def beginning_cut(hand: Hand) -> None:
    """The first of it."""
    hand.takes_out(hand.was.rows[: hand.chance.randint(1, len(hand.was.rows) // 2)])


def places_changed(hand: Hand) -> None:
    """Two entries of one chain, each in the other's place."""
    one, other = hand.chance.sample(hand.any_chain(of_at_least=2), 2)
    hand.sets(one, seq=one["seq"] + OUT_OF_THE_WAY)
    hand.sets(other, seq=one["seq"])
    hand.sets(one, seq=other["seq"])


def numbers_changed(hand: Hand) -> None:
    """Two entries, each under the other's number in the audit."""
    one, other = hand.chance.sample(hand.was.rows, 2)
    away = {"id": one["id"] + OUT_OF_THE_WAY}
    hand.sets(one, **away)
    hand.sets(other, id=one["id"])
    hand.sets(away, id=other["id"])


def contents_changed(hand: Hand) -> None:
    """Two entries say what the other said."""
    one, other = hand.chance.sample(hand.was.rows, 2)
    while (one["who"], one["what"]) == (other["who"], other["what"]):
        one, other = hand.chance.sample(hand.was.rows, 2)
    hand.sets(one, who=other["who"], what=other["what"])
    hand.sets(other, who=one["who"], what=one["what"])


def put_in_twice(hand: Hand) -> None:
    """An entry stands once more, at the end of its chain, as it is."""
    row = hand.any_row()
    more = {"id": hand.was.rows[-1]["id"] + 1, "seq": len(hand.was.chain(row["record"])) + 1}
    hand.db.execute(insert(audit), [row | more])


def put_in_before_all(hand: Hand) -> None:
    """An invented entry, well summed, under a number below all that are given."""
    chain = hand.any_chain()
    entry = chain[-1] | {"seq": len(chain) + 1, "prev_hash": chain[-1]["hash"], "what": "viewed"}
    entry |= {"id": -hand.chance.randint(0, 9), "detail": {}}
    hand.db.execute(insert(audit), [entry | {"hash": hash_of(entry)}])


# ---- the past, written anew from one entry on ----------------------------------------------------------


def said_anew(hand: Hand) -> None:
    """One entry is another, and every later one of its chain follows from it."""
    chain = hand.any_chain()
    hand.chance.choice(chain)["who"] = "NYP-0000"
    hand.writes_anew(chain)


def left_out_anew(hand: Hand) -> None:
    """One entry is gone, and the later ones of its chain close up."""
    chain = hand.any_chain(of_at_least=2)
    gone = chain.pop(hand.chance.randrange(len(chain)))
    hand.takes_out([gone])
    hand.writes_anew(chain)


def places_changed_anew(hand: Hand) -> None:
    """Two entries of a chain happened the other way round."""
    chain = hand.any_chain(of_at_least=2)
    one, other = hand.chance.sample(range(len(chain)), 2)
    chain[one]["id"], chain[other]["id"] = chain[other]["id"], chain[one]["id"]
    chain[one], chain[other] = chain[other], chain[one]
    hand.writes_anew(chain)


def moved_anew(hand: Hand) -> None:
    """An entry is another record's, and both chains close up."""
    here, there = hand.any_chain(of_at_least=2), hand.any_chain()
    while here[0]["record"] == there[0]["record"]:
        there = hand.any_chain()
    moved = here.pop(hand.chance.randrange(len(here)))
    hand.takes_out([moved])
    hand.writes_anew(here)
    hand.writes_anew([*there, moved | {"record": there[0]["record"]}])


def renamed_anew(hand: Hand) -> None:
    """A whole chain is another record's, that nobody has heard of."""
    chain = hand.any_chain()
    hand.writes_anew([row | {"record": "0" * 32} for row in chain])


# ---- the checkpoints as well -----------------------------------------------------------------------------


def checkpoint_left_out(hand: Hand) -> None:
    """One signed checkpoint, out of the database."""
    hand.db.execute(delete(checkpoint).where(checkpoint.c.number == _any_checkpoint(hand)))


def checkpoint_changed(hand: Hand) -> None:
    """A single letter of one, in the database."""
    number = _any_checkpoint(hand)
    line = hand.was.beside[number - 1]
    at = hand.chance.randrange(len(line))
    other = bytes([line[at] ^ 1])
    statement = line[:at] + other + line[at + 1 :]
    hand.db.execute(update(checkpoint).where(checkpoint.c.number == number).values(statement=statement))


def end_cut_with_checkpoints(hand: Hand) -> None:
    """The end of the audit, and every checkpoint over it that is in the database."""
    _cut_back(hand)


def end_cut_everywhere(hand: Hand) -> None:
    """That, and out of the file beside it too: only the copy that is kept elsewhere still has them."""
    number = _cut_back(hand)
    del hand.beside[number - 1 :]


def _any_checkpoint(hand: Hand) -> int:
    return hand.chance.randint(1, len(hand.was.beside))


def _cut_back(hand: Hand) -> int:
    """Cut off what this checkpoint and all later ones are over, and those as well."""
    number = _any_checkpoint(hand)
    upto = 0
    if number > 1:
        before = hand.db.execute(checkpoint.select().where(checkpoint.c.number == number - 1)).one()
        upto = before.upto
    hand.db.execute(delete(audit).where(audit.c.id > upto))
    hand.db.execute(delete(checkpoint).where(checkpoint.c.number >= number))
    return number


# ---- what no reader expects, where a database takes it ---------------------------------------------------


def no_details(hand: Hand) -> None:
    """Details that are no JSON at all."""
    _raw(hand, "detail", "{not JSON")


def details_of_another_kind(hand: Hand) -> None:
    """Details that are JSON, and name nothing."""
    _raw(hand, "detail", hand.chance.choice(("17", "null", '"env_sha256"', "[[]]")))


def no_time(hand: Hand) -> None:
    """A time that is none."""
    _raw(hand, "at", hand.chance.choice(("yesterday", "2026-13-41 25:00:00.000000", "")))


def bytes_for_words(hand: Hand) -> None:
    """Bytes where words belong."""
    _raw(hand, hand.chance.choice(("who", "what", "force", "hash")), b"\xff\x00")


def bytes_that_are_no_words(hand: Hand) -> None:
    """Text of which no letter can be read."""
    _raw(hand, hand.chance.choice(("who", "record", "hash", "detail")), b"\xff\xfe", as_text=True)


def checkpoint_in_words(hand: Hand) -> None:
    """Words in the place of a signed checkpoint."""
    other = text("UPDATE audit_checkpoint SET statement = 'nothing' WHERE number = :number")
    hand.db.execute(other, {"number": _any_checkpoint(hand)})


def words_for_a_number(hand: Hand) -> None:
    """A word where a number belongs."""
    _raw(hand, "seq", "first")


def _raw(hand: Hand, column: str, value: object, *, as_text: bool = False) -> None:
    said = "CAST(:value AS TEXT)" if as_text else ":value"
    statement = text(f"UPDATE audit SET {column} = {said} WHERE id = :id")  # noqa: S608 - our own names
    hand.db.execute(statement, {"value": value, "id": hand.any_row()["id"]})


EVERYWHERE: Final[tuple[Change, ...]] = (
    *(other_number, other_force, other_record, other_place, other_time),
    *(other_person, other_act, other_details, other_link, other_sum),
    *(left_out, chain_left_out, chain_cut, end_cut, beginning_cut),
    *(places_changed, numbers_changed, contents_changed, put_in_twice, put_in_before_all),
    *(said_anew, left_out_anew, places_changed_anew, moved_anew, renamed_anew),
    *(checkpoint_left_out, checkpoint_changed, end_cut_with_checkpoints, end_cut_everywhere),
)
ON_SQLITE: Final[tuple[Change, ...]] = (
    *EVERYWHERE,
    *(no_details, details_of_another_kind, no_time, bytes_for_words, bytes_that_are_no_words),
    *(words_for_a_number, checkpoint_in_words),
)
"""SQLite keeps whatever is written into a column; PostgreSQL refuses what is of another kind."""
