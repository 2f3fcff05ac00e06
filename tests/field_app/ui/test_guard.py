"""A failing handler costs nobody their text, and says nothing about anybody."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import cast

import flet as ft
import pytest
from flet.utils import get_param_count

from field_app.ui import kit as k
from field_app.ui import words
from field_app.ui.bridge import UiBridge
from field_app.ui.guard import drawn, guarded
from tests.support.screens import journey, running, showing


class Unexpected(Exception):
    """Something no screen foresaw, with a name in its message."""


def fail() -> None:
    """A handler that quotes an answer when it fails."""
    raise Unexpected("He gets loud so I go out")


def test_a_failing_handler_becomes_a_quiet_notice_and_the_screen_stays() -> None:
    """Flet would replace everything by a red box, and the text would be gone."""

    async def walk() -> None:
        async with showing(lambda: k.quiet_action("go", "Go", fail)) as app:
            await app.tap("go")
            assert app.says(words.SOMETHING_WENT_WRONG)
            assert app.has("go")

    journey(walk)


def test_a_failing_async_handler_is_held_too_even_inside_a_partial() -> None:
    """Sync engines, pickers and clipboards are all awaited."""

    async def later(_name: str) -> None:
        raise Unexpected("later")

    async def walk() -> None:
        async with showing(lambda: k.quiet_action("go", "Go", functools.partial(later, "x"))) as app:
            await app.tap("go")
            assert app.says(words.SOMETHING_WENT_WRONG)

    journey(walk)


def test_the_log_gets_the_kind_and_the_line_and_never_the_message(caplog: pytest.LogCaptureFixture) -> None:
    """An exception's message may quote a child."""
    with caplog.at_level(logging.ERROR):
        guarded(fail)()
    written = "\n".join(f"{record.getMessage()} {record.exc_info}" for record in caplog.records)
    assert "Unexpected at test_guard:" in written
    assert "loud" not in written


def test_the_guard_keeps_the_parameters_flet_counts() -> None:
    """Flet passes the event only to handlers that take one."""

    def with_event(event: ft.Event[ft.Container]) -> None:
        """Takes the event."""

    count = cast("Callable[[object], int]", get_param_count)
    assert count(guarded(with_event)) == count(with_event) == 1
    assert count(guarded(fail)) == 0


def test_guarding_twice_changes_nothing() -> None:
    """Screens pass guarded handlers to the kit, which guards again: one notice, not two."""
    once = guarded(fail)
    assert guarded(once) is once


def test_a_part_that_cannot_be_drawn_is_replaced_and_the_rest_stays() -> None:
    """A broken row must not take the page with it."""

    def broken() -> ft.Control:
        raise Unexpected("row")

    shown = drawn(broken, lambda: ft.Text(words.CANNOT_SHOW))
    assert isinstance(shown, ft.Text)


def test_work_from_elsewhere_reaches_the_screen_on_its_own_loop() -> None:
    """A step posted by the courier runs in the page's context, and failing there is held as well."""
    done: list[str] = []

    async def walk() -> None:
        async with running(lambda page: page.render_views(lambda: [ft.View(route="/")])) as app:
            bridge = UiBridge(app.page)
            bridge.post(done.append, "told")
            bridge.post(fail)
            await app.settle()
            assert app.says(words.SOMETHING_WENT_WRONG)

    journey(walk)
    assert done == ["told"]
