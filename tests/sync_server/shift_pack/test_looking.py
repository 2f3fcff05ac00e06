"""That nothing is new is said in one look, and only where putting it together would find nothing either."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync_server import feed
from sync_server.context import Context
from sync_server.db.owed import feed_mark
from sync_server.feed import CursorUnreadable, Reader
from sync_server.shift_pack import giving
from sync_server.shift_pack.looking import nothing_new
from tests.support.builders import a_return
from tests.support.colleagues import Colleague
from tests.support.known_children import report_of
from tests.support.server_data import Handheld, rows


@pytest.fixture
def reader(handheld: Handheld) -> Reader:
    """The officer who sent, on shift with a pack, who also supervises."""
    return replace(handheld.reader("officer", "supervisor"), session="shift of the evening")


def _caught_up(context: Context, reader: Reader, cursor: str = "") -> str:
    more = True
    while more:
        page = giving.news(context, reader, cursor, feed.MOST)
        cursor, more = page.next, page.more
    giving.news(context, reader, cursor, feed.MOST)  # which says that all before it is kept
    return cursor


def test_who_has_heard_everything_is_answered_in_one_look(
    context: Context, officer: Colleague, reader: Reader
) -> None:
    """The same nothing, and the same cursor, as when it is put together; and nothing is written down."""
    officer.sent(report_of("Amy"))
    cursor = _caught_up(context, reader)
    marks = rows(context, feed_mark)

    assert nothing_new(context, reader, cursor)
    page = giving.after(context, reader, feed.pull(context, reader, cursor), cursor, feed.MOST)
    assert (page.items, page.next, page.more) == ((), cursor, False)
    assert rows(context, feed_mark) == marks


def test_who_has_heard_nothing_yet_is_not(context: Context, officer: Colleague, reader: Reader) -> None:
    """Asking without a cursor is asking from the beginning."""
    officer.sent(report_of("Amy"))

    assert not nothing_new(context, reader, "")
    assert giving.news(context, reader, "", feed.MOST).items


def test_an_item_that_nobody_has_numbered_is_new(
    context: Context, officer: Colleague, reader: Reader
) -> None:
    """As it is kept when a record arrives."""
    cursor = _caught_up(context, reader)

    officer.sent(a_return())

    assert not nothing_new(context, reader, cursor)
    assert giving.news(context, reader, cursor, feed.MOST).items


def test_an_item_that_was_numbered_for_another_tablet_is_new(
    context: Context, officer: Colleague, reader: Reader
) -> None:
    """Two sergeants of one unit read the same list, each as far as they have come."""
    cursor = _caught_up(context, reader)
    officer.sent(a_return())

    _caught_up(context, replace(reader, device="tablet-2"))

    assert not nothing_new(context, reader, cursor)
    assert giving.news(context, reader, cursor, feed.MOST).items


def test_a_child_who_changed_is_new_before_and_after_it_is_worked_out(
    context: Context, officer: Colleague, reader: Reader
) -> None:
    """The pack counts its changes once any handheld of the force asks."""
    pack_only = replace(reader, roles=("officer",), officer="NYP-4432")
    cursor = _caught_up(context, pack_only)
    officer.sent(report_of("Amy"))

    assert not nothing_new(context, pack_only, cursor)
    _caught_up(context, replace(pack_only, device="handheld-2"))
    assert not nothing_new(context, pack_only, cursor)
    [child] = giving.news(context, pack_only, cursor, feed.MOST).items
    assert child.kind == giving.SHIFT_PACK


def test_who_reads_no_pack_does_not_hear_that_a_child_changed(
    context: Context, officer: Colleague, reader: Reader
) -> None:
    """An incident manager has no list of children: what changes in one is no news to them."""
    manager = replace(reader, roles=("fim",), officer="NYP-0071")
    cursor = _caught_up(context, manager)

    officer.sent(report_of("Amy"), covert=True)

    assert nothing_new(context, manager, cursor) == (not feed.pull(context, manager, cursor).items)


def test_that_all_before_lies_on_the_handheld_is_noted_before_nothing_is_said(
    context: Context, officer: Colleague, reader: Reader
) -> None:
    """Its acknowledgement was lost; whoever asks on from there has kept it, and that is disclosure."""
    officer.sent(a_return())
    cursor = giving.news(context, reader, "", feed.MOST).next

    assert not nothing_new(context, reader, cursor)
    giving.news(context, reader, cursor, feed.MOST)

    assert {one["n"] for one in rows(context, feed_mark) if one["device"] == reader.device} - {0}
    assert nothing_new(context, reader, cursor)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"session": "shift of the night"}, id="another shift"),
        pytest.param({"roles": ("officer",)}, id="fewer roles"),
        pytest.param({"roles": ("officer", "supervisor", "fim")}, id="one more role"),
        pytest.param({"unit": "york_response"}, id="another unit"),
        pytest.param({"officer": "NYP-4432"}, id="another officer"),
    ],
)
def test_the_cursor_of_somebody_else_or_of_another_shift_is_put_together_anew(
    context: Context, officer: Colleague, reader: Reader, other: dict[str, str | tuple[str, ...]]
) -> None:
    """A handheld forgets its pack at the end of the shift."""
    officer.sent(report_of("Amy"))
    cursor = _caught_up(context, reader)

    assert not nothing_new(context, replace(reader, **other), cursor)  # type: ignore[arg-type]


def test_what_is_no_cursor_is_refused(context: Context, reader: Reader) -> None:
    """As it is where news is put together."""
    with pytest.raises(CursorUnreadable):
        nothing_new(context, reader, "yesterday")
