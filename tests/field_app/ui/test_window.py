"""A handheld that nobody touches saves and locks, as soon as the force wants it to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import flet as ft
import pytest

from field_app.handset.policy import Policy
from field_app.store.drafts import DraftStore
from field_app.ui import entering
from field_app.ui import window as window_module
from field_app.ui.guard import last_touched
from field_app.ui.places import At
from field_app.ui.window import Seat, Window
from tests.support.handsets import OnShift, an_offline_shift
from tests.support.screens import Replies, Screens, journey, running
from tests.support.vaults import PIN

USUAL = Policy().lock_after.total_seconds()


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal."""
    with an_offline_shift(tmp_path) as found:
        yield found


@asynccontextmanager
async def a_window(
    officer: OnShift, seat: Seat | None = None, replies: Replies | None = None
) -> AsyncIterator[tuple[Screens, Window]]:
    """The app's own window on this handset, before a seat that may be taken."""
    windows: list[Window] = []

    def main(page: ft.Page) -> None:
        windows.append(Window(page, officer.handset, seat or Seat()))
        windows[0].open()

    async with running(main, replies=replies) as app:
        yield app, windows[0]


async def is_refused(app: Screens, window: Window) -> None:
    """It has been told that another one lies open."""
    async with asyncio.timeout(10):
        while window._model.at is not At.REFUSED:
            await app.settle()


def is_open(officer: OnShift) -> bool:
    """Whether a vault is open on the handset."""
    return officer.handset.shift is not None


async def unlocked(app: Screens, window: Window) -> None:
    """The first screen has come up, and the officer has typed the PIN."""
    async with asyncio.timeout(10):
        while window._model.at is not At.LOCK:
            await app.settle()
    assert await entering.unlock(window._model, PIN)
    await app.settle()


def test_what_is_typed_is_saved_and_the_vault_closed_once_nobody_is_there(officer: OnShift) -> None:
    """The phone lies on a car seat: after two minutes it shows the PIN pad; the sentence is on the disk."""
    officer.handset.lock()

    async def walk() -> None:
        async with a_window(officer) as (app, window):
            await unlocked(app, window)
            await app.tap("start.return_check")
            await app.type("person.known_as", "Amy")
            draft = str(window._model.open_session().encounter.id)

            await window.lock_if_left(time.monotonic() + USUAL - 1)
            assert is_open(officer), "a second too early"
            await window.lock_if_left(time.monotonic() + USUAL + 1)
            await app.settle()

            assert not is_open(officer)
            assert window._model.at is At.LOCK
            assert not app.says("Amy")
            officer.handset.listen(officer.heard.listening())
            officer.handset.unlock(window._model.vault, PIN)
            kept = officer.on_keeper(lambda: DraftStore(officer.shift._vault.db).get(draft))
            assert kept is not None
            assert "Amy" in str(kept)

    journey(walk)


def test_a_photograph_that_a_kill_left_in_the_app_s_folder_is_gone_at_the_next_start(
    officer: OnShift, tmp_path: Path
) -> None:
    """Also where nobody unlocks, and nobody opens the camera again."""
    left = tmp_path / "CAP00001.jpg"
    left.write_bytes(b"a face")
    officer.handset.lock()

    async def walk() -> None:
        async with a_window(officer, replies={"get_temporary_directory": str(tmp_path)}) as (app, _):
            await app.until(lambda: not left.exists())

    journey(walk)


def test_every_touch_keeps_it_open_and_what_comes_by_itself_does_not(officer: OnShift) -> None:
    """The courier hears something every few seconds: that is nobody's thumb."""
    officer.handset.lock()

    async def walk() -> None:
        async with a_window(officer) as (app, window):
            await unlocked(app, window)
            before = last_touched(app.page)
            window._model.bridge.post(window._model.redraw)
            await app.settle()
            assert last_touched(app.page) == before
            await app.tap("menu")
            after = last_touched(app.page)
            assert after > before
            (content,) = app.all(ft.Column, lambda one: one.on_scroll is not None)
            assert content.on_scroll is not None
            assert window.left_open_for(after) == pytest.approx(USUAL)
            await entering.lock(window._model)
            await app.settle()

    journey(walk)


def test_a_window_waits_for_the_one_that_was_just_closed(officer: OnShift) -> None:
    """Whoever closes the tab and opens it again meets the PIN pad, and no refusal."""
    seat = Seat()
    seat.take("the one that saves and locks")

    async def walk() -> None:
        async with a_window(officer, seat) as (app, window):
            seat.leave("the one that saves and locks")
            async with asyncio.timeout(10):
                while window._model.at not in {At.REFUSED, At.HOME, At.LOCK}:
                    await app.settle()
            assert window._model.at is not At.REFUSED
            await app.settle()

    journey(walk)


def test_a_window_that_was_refused_closes_nobody_s_vault(
    officer: OnShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second tab, opened by mistake and forgotten or closed, leaves the first as it was."""
    monkeypatch.setattr("field_app.ui.window.LEAVES_WITHIN_S", 0.0)
    seat = Seat()
    seat.take("the first window")

    async def walk() -> None:
        async with a_window(officer, seat) as (app, second):
            await is_refused(app, second)
            await second.lock_if_left(time.monotonic() + 10 * USUAL)
            assert is_open(officer), "left alone for long"
            await second._lock_after(0)
            assert is_open(officer), "out of sight"
            await app.tap("again")
            assert second._model.at is At.REFUSED, "asking again is no way in"
            assert is_open(officer), "asked again"
            await second._gone()
            assert is_open(officer), "closed"

            seat.leave("the first window")
            await second._come_back()
            await second._gone()
            assert not is_open(officer), "and the one that sits there does close it"

    journey(walk)


def test_a_window_that_was_refused_opens_once_the_other_is_closed(
    officer: OnShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Saving and locking may take long on a slow handheld: nobody has to tap for it."""
    monkeypatch.setattr("field_app.ui.window.LEAVES_WITHIN_S", 0.0)
    seat = Seat()
    seat.take("the first window")

    async def walk() -> None:
        async with a_window(officer, seat) as (app, second):
            await is_refused(app, second)
            seat.leave("the first window")
            async with asyncio.timeout(10):
                while app.says("already open in another window"):
                    await app.settle()
            assert seat.is_taken_by(app.page.session.id)

    journey(walk)


def test_a_window_that_lies_behind_another_takes_nobody_s_seat(officer: OnShift) -> None:
    """Whoever loads the page in hand again is let in, and not a tab that was forgotten."""
    seat = Seat()
    seat.take("the first window")

    async def walk() -> None:
        async with a_window(officer, seat) as (app, second):
            await second._life(a_life(ft.AppLifecycleState.HIDE))
            seat.leave("the first window")
            await asyncio.sleep(1)
            assert seat.take("the first window, loaded again")
            seat.leave("the first window, loaded again")
            await second._life(a_life(ft.AppLifecycleState.SHOW))
            async with asyncio.timeout(10):
                while not seat.is_taken_by(app.page.session.id):
                    await app.settle()

    journey(walk)


def test_a_window_that_hides_as_it_is_loaded_again_is_let_in_at_once(officer: OnShift) -> None:
    """A browser says that it goes out of sight, and of the page that comes instead nothing."""
    officer.handset.lock()
    seat = Seat()

    async def walk() -> None:
        async with a_window(officer, seat) as (app, window):
            await unlocked(app, window)
            await window._life(a_life(ft.AppLifecycleState.HIDE))
            await window._gone()
            assert not is_open(officer)
            await window._come_back()
            assert seat.is_taken_by(app.page.session.id)
            assert window._model.at is At.LOCK

    journey(walk)


def test_a_window_that_lay_behind_another_lies_there_still_once_its_line_is_back(
    officer: OnShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its line was cut long after it went out of sight: nobody has loaded it again."""
    monkeypatch.setattr(window_module, "HIDES_ON_ITS_WAY_S", 0.0)
    seat = Seat()
    seat.take("the first window")

    async def walk() -> None:
        async with a_window(officer, seat) as (app, second):
            await second._life(a_life(ft.AppLifecycleState.HIDE))
            await asyncio.sleep(0.05)
            await second._gone()
            back = asyncio.create_task(second._come_back())
            seat.leave("the first window")
            await asyncio.sleep(1)
            assert not seat.is_taken_by(app.page.session.id)
            await second._life(a_life(ft.AppLifecycleState.SHOW))
            async with asyncio.timeout(10):
                await back
            assert seat.is_taken_by(app.page.session.id)

    journey(walk)


def a_life(state: ft.AppLifecycleState) -> ft.AppLifecycleStateChangeEvent:
    """The window goes out of sight, or comes back."""
    return cast("ft.AppLifecycleStateChangeEvent", SimpleNamespace(state=state))


def test_a_vault_that_was_just_being_opened_is_closed_behind_a_window_that_went(officer: OnShift) -> None:
    """The right PIN, and the tab closed before the screen came: nobody is left to lock it."""
    officer.handset.lock()
    seat = Seat()

    async def walk() -> None:
        async with a_window(officer, seat) as (app, window):
            await app.settle()
            unlocking = asyncio.create_task(entering.unlock(window._model, PIN))
            await asyncio.sleep(0)
            assert window._model.busy
            await window._gone()
            await unlocking
            assert not is_open(officer)
            assert seat.take("the next window")
            await app.settle()

    journey(walk)
