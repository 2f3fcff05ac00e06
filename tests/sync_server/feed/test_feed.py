"""Each recipient hears everything once, in order, without a gap, sealed to the device that asks."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from booklets import wire
from booklets.sealing import KemKey, NotForThisKey, open_return
from sync_server import audit, feed
from sync_server.context import Context
from sync_server.db.owed import feed_mark
from sync_server.feed import CursorUnreadable, Item
from sync_server.intake import take_in
from tests.support.builders import FORCE, NIGHT, UNIT, a_return, an_id, an_interview
from tests.support.server_data import Handheld, rows


def test_the_author_hears_that_the_record_arrived(context: Context, handheld: Handheld) -> None:
    """Beside the receipt: on any handheld the officer is signed in on."""
    take_in(context, handheld.seal(a_return()), sender=handheld.sender)

    [item] = feed.pull(context, handheld.reader()).items

    said = _opened(context, handheld, item)
    assert (item.kind, item.seq, said["state"]) == ("status", 1, "received")
    assert said["record"] == str(a_return().header.record)


def test_a_supervisor_gets_the_whole_record_to_decide_on(context: Context, handheld: Handheld) -> None:
    """To whoever supervises this unit tonight, with what the rules found."""
    take_in(context, handheld.seal(a_return()), sender=handheld.sender)
    sergeant = replace(handheld, device="tablet-1", officer="NYP-0071", kem=KemKey.generate(1))

    [item] = feed.pull(context, sergeant.reader("supervisor")).items

    said = _opened(context, sergeant, item)
    assert item.kind == "review"
    assert wire.record_from_json(said["content"]) == a_return()
    assert "ret.medical_needed" in said["flags"]["gaps"]


@pytest.mark.parametrize(
    ("roles", "unit"),
    [
        pytest.param((), UNIT, id="without the role"),
        pytest.param(("supervisor",), "york_response", id="of another unit"),
    ],
)
def test_nobody_else_gets_it(
    context: Context, handheld: Handheld, roles: tuple[str, ...], unit: str
) -> None:
    """Another unit's supervisor, or a colleague, has no business with it here."""
    take_in(context, handheld.seal(a_return()), sender=handheld.sender)
    other = replace(handheld, device="tablet-1", officer="NYP-0071")

    assert feed.pull(context, other.reader(*roles, unit=unit)).items == ()


def test_an_item_opens_on_no_other_device(context: Context, handheld: Handheld) -> None:
    """It is sealed when it is asked for, to the handheld that asks."""
    take_in(context, handheld.seal(a_return()), sender=handheld.sender)
    [item] = feed.pull(context, handheld.reader()).items

    with pytest.raises(NotForThisKey):
        _opened(context, replace(handheld, kem=KemKey.generate(1)), item)


def test_a_cursor_goes_on_where_it_ended(context: Context, handheld: Handheld) -> None:
    """Page by page, nothing twice and nothing left out, over several addresses at once."""
    for number in range(7):
        record = a_return(record=an_id(f"record {number}"), episode=an_id(f"episode {number}"))
        take_in(context, handheld.seal(record), sender=handheld.sender)
    reader = handheld.reader("supervisor")

    seen: list[tuple[str, int]] = []
    cursor, more = "", True
    while more:
        page = feed.pull(context, reader, cursor, limit=3)
        seen += [(item.stream, item.seq) for item in page.items]
        cursor, more = page.next, page.more

    assert len(seen) == len(set(seen)) == 14
    for stream in {stream for stream, _ in seen}:
        assert [number for one, number in seen if one == stream] == list(range(1, 8))
    assert feed.pull(context, reader, cursor).items == ()


def test_who_asks_while_eight_write_misses_nothing(context: Context, handheld: Handheld) -> None:
    """A cursor over an ordinary sequence lost 154 of 12,000 items for ever."""
    reader = handheld.reader()

    def some(_: int) -> None:
        for _ in range(25):
            context.store.write(
                lambda db: feed.add(db, force=FORCE, recipient=reader.own, kind="message", at=NIGHT)
            )

    numbers: list[int] = []
    cursor = ""
    with ThreadPoolExecutor(8) as pool:
        writing = [pool.submit(some, number) for number in range(8)]
        while (going := any(not one.done() for one in writing)) or len(numbers) < 200:
            page = feed.pull(context, reader, cursor)
            numbers += [item.seq for item in page.items]
            cursor = page.next
            assert going or page.items, f"{len(numbers)} of 200"

    assert numbers == list(range(1, 201))


def test_two_handhelds_that_ask_at_once_see_the_same_numbers(context: Context, handheld: Handheld) -> None:
    """Two tablets of a unit: each has every item once, under one number."""
    readers = [replace(handheld.reader(), device=f"tablet-{number}") for number in range(4)]
    add = partial(feed.add, force=FORCE, recipient=readers[0].own, kind="message", at=NIGHT)
    for number in range(20):
        context.store.write(partial(add, rev=number))

    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(lambda reader: feed.pull(context, reader).items, readers))

    for page in pages:
        assert [(item.seq, item.rev) for item in page] == [(number + 1, number) for number in range(20)]


def test_a_new_role_starts_at_its_beginning(context: Context, handheld: Handheld) -> None:
    """An acting sergeant at two in the morning sees what already waits for the unit."""
    take_in(context, handheld.seal(a_return()), sender=handheld.sender)
    before = feed.pull(context, handheld.reader())

    promoted = feed.pull(context, handheld.reader("supervisor"), before.next)

    assert [item.kind for item in promoted.items] == ["review"]


def test_what_a_device_has_kept_is_noted_as_disclosed_once(context: Context, handheld: Handheld) -> None:
    """Section 62: who was shown which record, and when. Asking again is no second disclosure."""
    take_in(context, handheld.seal(a_return()), sender=handheld.sender)
    reader = handheld.reader("supervisor")
    cursor = feed.pull(context, reader).next

    for _ in range(2):
        feed.acknowledge(context, reader, cursor)

    with context.store.read() as connection:
        entries = audit.entries_of(connection, str(a_return().header.record))
    assert [entry["who"] for entry in entries if entry["what"] == "disclosed"] == ["NYP-2217"]
    assert sorted(row["n"] for row in rows(context, feed_mark)) == [1, 1]  # type: ignore[type-var]


def test_a_cursor_from_the_future_hides_no_disclosure(context: Context, handheld: Handheld) -> None:
    """Acknowledging more than there is counts as far as there is."""
    reader = handheld.reader("supervisor")
    feed.acknowledge(context, reader, feed.pull(context, reader).next.replace(".0", ".99"))
    take_in(context, handheld.seal(a_return()), sender=handheld.sender)

    feed.acknowledge(context, reader, feed.pull(context, reader).next)

    with context.store.read() as connection:
        entries = audit.entries_of(connection, str(a_return().header.record))
    assert [entry["what"] for entry in entries][-1] == "disclosed"


@pytest.mark.parametrize("cursor", ["nonsense", "a.b", "abc.-1", "~", "abc.1e3", "abc.²"])
def test_a_cursor_that_is_not_ours_is_refused_in_words(
    context: Context, handheld: Handheld, cursor: str
) -> None:
    """The phone starts again without one, and loses nothing by it."""
    with pytest.raises(CursorUnreadable):
        feed.pull(context, handheld.reader(), cursor)


def test_the_feed_lies_on_the_server_without_answers(context: Context, handheld: Handheld) -> None:
    """Items are ids until a device asks."""
    marker = "a phrase nobody else would write"
    record = an_interview({"pi.demeanour": marker})
    take_in(context, handheld.seal(record), sender=handheld.sender)

    page = feed.pull(context, handheld.reader("supervisor"))

    assert marker in json.dumps(_opened(context, handheld, page.items[1]))
    assert marker not in repr(page)


def test_a_case_costs_a_tablet_a_few_kilobytes(context: Context, handheld: Handheld) -> None:
    """Written out it is three times as much; and what is as long says little of what is in it."""
    record = an_interview(
        {"pi.demeanour": "She sat by the door with her coat on and asked twice what time it was."}
    )
    take_in(context, handheld.seal(record), sender=handheld.sender)

    [item] = [one for one in feed.pull(context, handheld.reader("supervisor")).items if one.kind == "review"]

    assert 2 * len(item.body) < len(json.dumps(_opened(context, handheld, item)))
    assert len(_open(context, handheld, item)) % wire.PAD == 0


def _opened(context: Context, handheld: Handheld, item: Item) -> dict[str, Any]:
    return wire.heard(_open(context, handheld, item))


def _open(context: Context, handheld: Handheld, item: Item) -> bytes:
    _, body = open_return(
        item.body, device=handheld.device, key=handheld.kem, directory=context.keys.directory
    )
    return body
