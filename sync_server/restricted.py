"""Restricted children: of whom only those who are named may read (S-08), and whoever opened one in need.

A restriction knows its child by words: the ids of mentions, and names with a full date of birth in one form.
What arrives about a mention with one of them adds its others, so that a new mention is restricted as it
comes, and no list has to be kept by hand. Who is held out is asked once, when somebody comes to a page.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Text, bindparam, select, true, union
from sqlalchemy.dialects.postgresql import Insert as InsertInPostgresql
from sqlalchemy.dialects.sqlite import Insert as InsertInSqlite

from sync_server.db.later import later
from sync_server.db.restrictions import restricted_word, restriction, restriction_reader
from sync_server.db.types import insert_in, put_if_new

OPENED_IN_NEED = "restricted_opened"
"""The task that tells the missing team that somebody has; its rule ends in the number of the opening."""
RULE = "RC"
_word = restricted_word.alias()


def reference_of(number: int) -> str:
    """How a restriction is spoken of: it names nobody."""
    return f"RC-{number}"


def number_in(given: str) -> int:
    """The number of a reference as it is written, or 0."""
    digits = given.strip().upper().removeprefix("RC").removeprefix("-").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= len("999999999") else 0


def opening_in(rule: str) -> int:
    """Which opening a task tells of, or 0."""
    begins, _, number = rule.partition("/")
    return int(number) if begins == RULE and number.isdigit() else 0


def stands_in(force: str) -> Select[int]:
    """The restrictions of a force that have not ended."""
    return select(restriction.c.id).where(restriction.c.force == force, restriction.c.ended_at.is_(None))


def held_out_of(connection: Connection, force: str, account: str, now: datetime) -> frozenset[int]:
    """The restrictions that hold somebody out now: neither are they named, nor have they opened it."""
    c = restriction_reader.c
    theirs = select(c.restriction).where(
        c.account == account, c.removed_at.is_(None), c.until.is_(None) | (c.until > now)
    )
    query = stands_in(force).where(restriction.c.id.not_in(theirs))
    return frozenset(connection.execute(query).scalars())


def words_of(force: str, numbers: Collection[int] | None) -> Select[str]:
    """By which words the children of these restrictions are known; of every one that stands for None."""
    of = stands_in(force) if numbers is None else sorted(numbers)
    return select(_word.c.word).where(_word.c.force == force, _word.c.restriction.in_(of))


def hidden_from(connection: Connection, force: str, account: str) -> frozenset[str]:
    """The words for every child who is told to nobody's handheld but to those who are named."""
    c = restriction_reader.c
    named = select(c.restriction).where(c.account == account, c.removed_at.is_(None), c.until.is_(None))
    of = stands_in(force).where(restriction.c.id.not_in(named))
    query = select(_word.c.word).where(_word.c.force == force, _word.c.restriction.in_(of))
    return frozenset(connection.execute(query).scalars())


def of_words(connection: Connection, force: str, words: Collection[str]) -> frozenset[int]:
    """The restrictions whose child is known by one of these words."""
    known = select(_word.c.restriction).where(_word.c.force == force, _word.c.word.in_(sorted(words)))
    return frozenset(connection.execute(known.distinct()).scalars())


def opener_of(connection: Connection, rule: str) -> str:
    """Who opened it, by the rule of the task that tells so; "" where there is none."""
    query = select(restriction_reader.c.account).where(restriction_reader.c.id == opening_in(rule))
    return str(connection.execute(query).scalar() or "")


def came(connection: Connection, force: str, subject: str, known_by: str) -> None:
    """A record about this mention is kept: where one of its words is a restricted child's, both are."""
    values = {"of_force": force, "of_subject": subject, "of_names": known_by}
    later(connection, _widened(connection.dialect.name), values)


def add_word(connection: Connection, force: str, number: int, word: str) -> None:
    """One more word by which the child of a restriction is known."""
    put_if_new(connection, restricted_word, {"force": force, "restriction": number, "word": word})


@cache
def _widened(dialect: str) -> InsertInPostgresql | InsertInSqlite:
    subject, names = (bindparam(name, type_=Text) for name in ("of_subject", "of_names"))
    fresh = union(select(subject.label("word")), select(names.label("word"))).subquery()
    each = select(_word.c.force, _word.c.restriction, fresh.c.word).join_from(_word, fresh, true())
    known = each.where(
        _word.c.force == bindparam("of_force", type_=Text),
        _word.c.word.in_([subject, names]),
        fresh.c.word != "",
    )
    statement: Any = insert_in(dialect, restricted_word).from_select(["force", "restriction", "word"], known)
    widened: InsertInPostgresql | InsertInSqlite = statement.on_conflict_do_nothing()
    return widened
