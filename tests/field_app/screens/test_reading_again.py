"""What was sent, read again on the sent screen once the copy on the phone is gone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from booklets.answers import instant
from booklets.records import Record
from booklets.wire import record_to_json
from field_app.store.outbox import Outbox, State
from field_app.ui import screen_words as words
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.field_app.screens.test_looking import JPEG, Line, drawn, with_a_photo
from tests.support.handsets import OnShift, an_offline_shift
from tests.support.screens import journey
from tests.support.sent_back import an_honest_check, newest_records
from tests.support.standing import standing_at


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal."""
    with an_offline_shift(tmp_path) as found:
        yield found


def sent_long_ago(officer: OnShift) -> tuple[Record, ...]:
    """A return check that the force has, and of which the copy on this phone is gone."""
    records = newest_records(officer, an_honest_check(officer).encounter.id)
    db, now = officer.shift._vault.db, officer.handset.clock.now()
    receipt = json.dumps({"receipt": {"received_at": instant(now)}})

    def settle() -> None:
        outbox = Outbox(db)
        for item in outbox.waiting():
            outbox.mark(item.id, State.SENDING, now=now)
            outbox.mark(item.id, State.ACCEPTED, now=now, receipt=receipt)
        db.drop_table("readable")

    officer.on_keeper(settle)
    return tuple(records)


def looking_at_it(model: Model, officer: OnShift) -> None:
    """The sent screen, as it is read from the store."""
    model.home = officer.shift.home()
    model.sent = model.home.parcels[0].encounter


def test_what_was_just_sent_is_read_from_the_phone_without_signal_and_leaves_no_draft(
    officer: OnShift,
) -> None:
    """Every answer as it was written, and the way back to what became of it."""
    an_honest_check(officer)

    async def walk() -> None:
        async with standing_at(At.SENT, officer, state=looking_at_it) as (app, _):
            await app.tap("read_sent")
            await app.until(lambda: app.says(words.AS_SENT))
            assert app.says("Came back alone")
            assert not officer.shift.home().drafts
            await app.tap("back")
            assert app.has("sent.state")

    journey(walk)


def test_without_signal_it_is_said_plainly_that_it_cannot_be_read_now(officer: OnShift) -> None:
    """And where it is: with the force."""
    sent_long_ago(officer)

    async def walk() -> None:
        async with standing_at(At.SENT, officer, state=looking_at_it) as (app, _):
            assert app.says(words.NOT_HERE_ANY_MORE)
            await app.tap("read_again")
            await app.settle()
            assert app.has("notice")
            assert app.says("There is no connection to the force")

    journey(walk)


def told_by(*records: Record) -> Callable[[str], Future[Any]]:
    """What the courier would fetch."""
    by_id = {str(one.header.record): one for one in records}

    def fetch(record: str) -> Future[Any]:
        fetched: Future[Any] = Future()
        fetched.set_result({"record": record, "content": record_to_json(by_id[record])})
        return fetched

    return fetch


def test_with_signal_it_is_shown_with_when_it_is_gone_again_and_nothing_to_change(officer: OnShift) -> None:
    """As the force has it, word for word."""
    officer.shift.reading._fetch = told_by(*sent_long_ago(officer))

    async def walk() -> None:
        async with standing_at(At.SENT, officer, state=looking_at_it) as (app, _):
            await app.tap("read_again")
            await app.settle()
            assert app.says("It is gone from this phone again at")
            assert app.says("Management of return")
            assert not app.has("read_again")
            assert not app.has("withdraw")

    journey(walk)


def test_a_photograph_is_gone_once_the_officer_turns_to_something_else(officer: OnShift) -> None:
    """Back at the record nothing is drawn that nobody asked for: each look is one that the force noted."""
    line, (first, *others) = Line(), sent_long_ago(officer)
    seen = with_a_photo(first)
    photo = f"photo.{seen.entities[0].id}.person.photo.0"
    officer.shift.reading._fetch = told_by(seen, *others)
    officer.shift.viewing._look = line.look

    async def walk() -> None:
        async with standing_at(At.SENT, officer, state=looking_at_it) as (app, model):
            await app.tap("read_again")
            await app.until(lambda: app.has(f"{photo}.show"))
            await app.tap(f"{photo}.show")
            await app.until(lambda: app.has(f"{photo}.close"))
            await app.tap(f"{photo}.close")
            (kept,) = officer.shift.viewing._wanted.values()
            model.go(At.SENT, notice="Something else is said meanwhile.")
            await app.settle()
            assert drawn(app) == [JPEG]

            await model.go_home()
            await app.settle()
            assert not any(kept.got)
            model.show_sent(model.home.parcels[0])
            await app.settle()
            assert app.has(f"{photo}.show")
            assert not drawn(app)
            assert len(line.asked) == 1

    journey(walk)
