"""Bodies at rest open as what they were sealed as, or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete

from sync_server import evidence
from sync_server.context import Context
from sync_server.db.tables import record_key
from sync_server.intake import take_in
from sync_server.keys import BodyBroken, Safe
from tests.support.builders import a_return
from tests.support.server_data import Handheld

SAFE = Safe(bytes(range(32)))


def test_a_body_comes_back_as_it_was() -> None:
    """Twice the same body does not even look the same."""
    key = SAFE.new_key("record")
    sealed = [key.seal(b"words", what="body", rev=1) for _ in range(2)]

    assert sealed[0] != sealed[1]
    assert {key.open(one, what="body", rev=1) for one in sealed} == {b"words"}


@pytest.mark.parametrize(
    ("what", "rev"),
    [pytest.param("notice", 1, id="another part"), pytest.param("body", 2, id="another revision")],
)
def test_a_body_cannot_stand_in_for_another(what: str, rev: int) -> None:
    """Somebody with the database swaps two rows: neither opens."""
    key = SAFE.new_key("record")

    with pytest.raises(BodyBroken):
        key.open(key.seal(b"words", what="body", rev=1), what=what, rev=rev)


def test_every_altered_byte_is_noticed() -> None:
    """No byte of what is kept is outside the seal."""
    key = SAFE.new_key("record")
    sealed = key.seal(b"words", what="body", rev=1)

    for place in range(len(sealed)):
        altered = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(BodyBroken):
            key.open(altered, what="body", rev=1)


def test_a_wrapped_key_belongs_to_one_record_of_one_force() -> None:
    """A key row moved to another record opens nothing."""
    key = SAFE.new_key("record")
    wrapped = SAFE.wrap(key, force="here")

    assert SAFE.unwrap(wrapped, force="here", record="record") == key
    for force, record in (("there", "record"), ("here", "another")):
        with pytest.raises(BodyBroken):
            SAFE.unwrap(wrapped, force=force, record=record)
    with pytest.raises(BodyBroken):
        Safe(bytes(32)).unwrap(wrapped, force="here", record="record")


def test_no_key_is_shown_when_it_is_printed() -> None:
    """Tracebacks and logs print objects."""
    key = SAFE.new_key("record")

    assert key.secret.hex() not in repr(key)
    assert str(key.secret) not in repr(key)
    assert str(SAFE.kek) not in repr(SAFE)


def test_a_record_whose_key_is_destroyed_cannot_be_read_by_anybody(
    context: Context, handheld: Handheld
) -> None:
    """Destruction by law is the destruction of one key; every backup forgets with it."""
    record = a_return()
    take_in(context, handheld.seal(record), sender=handheld.sender)
    context.store.write(lambda connection: connection.execute(delete(record_key)))

    with pytest.raises(BodyBroken), context.store.read() as connection:
        evidence.record_of(connection, context.keys.safe, str(record.header.record), 1)


def test_a_database_without_the_key_file_says_nothing(context: Context, handheld: Handheld) -> None:
    """A stolen copy of the database alone does not open a single body."""
    record = a_return()
    take_in(context, handheld.seal(record), sender=handheld.sender)
    thief = replace(context.keys, safe=Safe(bytes(32)))

    with pytest.raises(BodyBroken), context.store.read() as connection:
        evidence.record_of(connection, thief.safe, str(record.header.record), 1)
