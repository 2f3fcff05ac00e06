"""One window on one handset: its look, its life, and that there is only one."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial

import flet as ft

from field_app.capture.pictures import MOST_FILE
from field_app.handset.comfort import Comfort
from field_app.handset.device import Handset
from field_app.ui import (
    broken_lines,
    camera,
    entering,
    key_store,
    late_answers,
    motion,
    quick_pages,
    theme,
    unspelt_lines,
)
from field_app.ui import screen_words as words
from field_app.ui.bridge import UiBridge
from field_app.ui.guard import guarded, last_touched
from field_app.ui.key_store import Reach
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.shell import Shell

HIDDEN_FOR_S = 30.0
"""Out of sight it locks after this, however long the force lets it lie open in the hand."""
HIDES_ON_ITS_WAY_S = 2.0
"""A window that is being loaded again says so long before it is gone, at most, that it goes out of sight."""
LEAVES_WITHIN_S = 2.0
"""A window that was just closed saves and locks before it leaves its seat to the next, on most handhelds
within this. After it the next is told why it waits, and waits on."""
LOOKS_FOR_SEAT_S = 0.2
LOOK_AGAIN_S = (5.0, 15.0)
SAVE_AGAIN_S = 5.0
GONE = frozenset({ft.AppLifecycleState.HIDE, ft.AppLifecycleState.PAUSE, ft.AppLifecycleState.DETACH})
BACK = frozenset({ft.AppLifecycleState.SHOW, ft.AppLifecycleState.RESUME})


class Seat:
    """The one place in front of a handset. Whoever comes second is told so."""

    def __init__(self) -> None:
        self._taken_by: str | None = None

    def take(self, window: str) -> bool:
        """Sit down, unless somebody else does already."""
        if self._taken_by not in {None, window}:
            return False
        self._taken_by = window
        return True

    def is_taken_by(self, window: str) -> bool:
        """Whether it is this window that sits there."""
        return self._taken_by == window

    def leave(self, window: str) -> None:
        """Stand up; nothing happens when somebody else sits there."""
        if self._taken_by == window:
            self._taken_by = None


def window_on(handset: Handset, reach: Reach | None = None) -> Callable[[ft.Page], None]:
    """What Flet is to run for each window on this handset; ``reach`` wants the key store that it shows."""
    late_answers.are_let_go()
    quick_pages.are_turned_quickly()
    seat = Seat()
    return lambda page: Window(page, handset, seat, reach).open()


class Window:
    """One window, from opening to closing."""

    def __init__(self, page: ft.Page, handset: Handset, seat: Seat, reach: Reach | None = None) -> None:
        self._page = page
        self._reach = reach
        self._seat = seat
        self._away = False
        self._model = Model(handset, UiBridge(page), set_look=partial(look, page), may_open=self._sits_down)
        self._hidden: asyncio.Task[None] | None = None
        self._hidden_at = self._gone_at = 0.0
        self._watching: Future[None] | None = None
        self._minding: Future[None] | None = None

    def open(self) -> None:
        """Draw the first screen, then find out how the handset stands."""
        page = self._page
        page.title = words.APP_NAME
        self._model.comfort = self._model.handset.comfort
        look(page, self._model.comfort)
        page.padding = 0
        page.on_disconnect = guarded(self._gone)
        page.on_connect = guarded(self._come_back)
        page.on_app_lifecycle_state_change = guarded(self._life)
        page.render(Shell, self._model)
        page.run_task(guarded(self._ask_the_phone))
        page.run_task(guarded(self._begin))
        page.run_task(guarded(camera.clean_up))
        self._watching = page.run_task(guarded(self._watch))
        self._minding = page.run_task(guarded(self._mind))

    async def _ask_the_phone(self) -> None:
        await motion.ask_the_phone(self._page)
        look(self._page, self._model.comfort)
        self._model.redraw()

    async def _watch(self) -> None:
        """While somebody looks at a screen with something waiting, look for the force every few seconds.

        Out of sight the courier keeps its own, longer pauses.
        """
        while True:
            await asyncio.sleep(random.uniform(*LOOK_AGAIN_S))  # noqa: S311 - only to spread the load
            shift = self._model.handset.shift
            if shift is not None and self._hidden is None and self._model.is_waiting:
                shift.look()

    async def _mind(self) -> None:
        """Lock once nobody has touched anything for as long as the force allows."""
        while True:
            await asyncio.sleep(max(SAVE_AGAIN_S, self.left_open_for(time.monotonic())))
            await self.lock_if_left(time.monotonic())

    def left_open_for(self, now: float) -> float:
        """For how many seconds more it stays open if nobody touches it."""
        return last_touched(self._page) + self._model.handset.policy.lock_after.total_seconds() - now

    async def lock_if_left(self, now: float) -> None:
        """Save and lock, if nobody has touched anything for too long. What is under way is let finish."""
        if self.left_open_for(now) <= 0 and not self._model.busy:
            await self._lock()

    async def _begin(self) -> None:
        """Wait for the seat while somebody looks at this window, then find out how the handset stands.

        One that lies behind another takes it from nobody who has only loaded theirs again.
        """
        until = time.monotonic() + LEAVES_WITHIN_S
        while not self._away and not self._is_in_front:
            waits_unsaid = time.monotonic() >= until and self._model.at is not At.REFUSED
            seated = self._sits_down()
            if seated and self._reach is not None:
                await key_store.hand_over(self._reach)
            if seated or waits_unsaid:
                await entering.open_handset(self._model)
            else:
                await asyncio.sleep(LOOKS_FOR_SEAT_S)

    def _sits_down(self) -> bool:
        return self._hidden is None and self._seat.take(self._page.session.id)

    # -- going away and coming back --------------------------------------------------------------
    async def _gone(self) -> None:
        """The browser's window is closed or cut off: nothing stays open behind it.

        What cannot be saved keeps the vault open, with its text, until it can be, and the seat with it.
        """
        self._away, self._gone_at = True, time.monotonic()
        if not self._is_in_front:
            return
        while self._away and self._model.busy:  # a vault that is just being opened cannot be closed yet
            await asyncio.sleep(LOOKS_FOR_SEAT_S)
        await entering.lock_when_saved(self._model, SAVE_AGAIN_S, still=lambda: self._away)
        if self._away:
            self._seat.leave(self._page.session.id)

    async def _come_back(self) -> None:
        """The same window has been loaded again, or its line is there again.

        Whoever loads it again hides it on the way, and nothing says afterwards that it is in sight. One that
        lay behind another long before its line was cut lies there still.
        """
        self._away = False
        if self._hidden_at > self._gone_at - HIDES_ON_ITS_WAY_S:
            self._in_sight()
        await self._begin()

    def _in_sight(self) -> None:
        if self._hidden is not None:
            self._hidden.cancel()
            self._hidden = None

    async def _life(self, event: ft.AppLifecycleStateChangeEvent) -> None:
        if event.state in GONE and self._hidden is None:
            self._hidden_at = time.monotonic()
            self._hidden = asyncio.create_task(guarded(self._lock_after)(HIDDEN_FOR_S))
        elif event.state in BACK:
            self._in_sight()
            if self._model.handset.shift is not None:
                self._model.handset.shift.look()

    async def _lock_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._lock()

    @property
    def _is_in_front(self) -> bool:
        """Whether the officer is at this window. One that was refused or left closes nobody's vault."""
        return self._seat.is_taken_by(self._page.session.id)

    async def _lock(self) -> None:
        if self._is_in_front and self._model.handset.shift is not None:
            await entering.lock(self._model)


def look(page: ft.Page, comfort: Comfort) -> None:
    """High contrast where it was chosen here, or where the phone asks for it and nothing else was."""
    asked = comfort.look == "system" and motion.asks_for_contrast(page)
    theme.dress(page, high_contrast=asked or comfort.look == "contrast")
    modes = {"light": ft.ThemeMode.LIGHT, "dark": ft.ThemeMode.DARK}
    page.theme_mode = modes.get(comfort.look, ft.ThemeMode.SYSTEM)
    page.update()


def run(handset: Handset, reach: Reach | None = None) -> None:
    """The app's own window, on a phone or a desktop."""
    handset.watch.start()
    ft.run(window_on(handset, reach), assets_dir="assets")


def serve(handset: Handset, reach: Reach | None = None, *, port: int, assets: str) -> None:
    """The app in a browser on this machine, until the process is told to stop."""
    import uvicorn  # noqa: PLC0415 - no phone has it: only the web build serves

    broken_lines.end_quietly()
    handset.watch.start()
    unspelt_lines.stay_unspelt()
    app = ft.run(window_on(handset, reach), export_asgi_app=True, no_cdn=True, assets_dir=assets)
    # Its own way of logging would print the text of a mistake, which may quote an answer.
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        log_config=None,
        access_log=False,
        ws="websockets-sansio",
        ws_max_size=2 * MOST_FILE,  # a photograph comes in one message; a longer one would end the window
    )
