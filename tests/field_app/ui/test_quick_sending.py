"""What is written of a control quickly is what Flet writes, and so is what is noted for the next time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import flet as ft
import msgpack  # type: ignore[import-untyped]
import pytest
from flet.controls.base_control import BaseControl
from flet.messaging import protocol

from field_app.ui import quick_sending
from tests.field_app.ui.test_quick_making import every_kind
from tests.field_app.ui.test_quick_pages import a_page

NOTES = ("__prev_lists", "__prev_dicts", "__prev_classes")


@pytest.fixture
def both() -> tuple[Any, Any]:
    """Flet's way of writing, and ours."""
    quick_sending.are_sent_quickly()
    ours = getattr(protocol, quick_sending.MADE)
    return getattr(ours, quick_sending.MARKED)(BaseControl), ours(BaseControl)


def noted(one: Any) -> list[tuple[str, list[str]]]:
    """What was noted of a control, and of everything that it holds."""
    found = [(name, sorted(getattr(one, name))) for name in NOTES if hasattr(one, name)]
    held = [
        inner
        for name in NOTES
        for kept in getattr(one, name, {}).values()
        for inner in (
            kept.values() if isinstance(kept, dict) else kept if isinstance(kept, list) else [kept]
        )
    ]
    return found + [note for inner in held for note in noted(inner)]


def test_a_page_is_written_as_flet_writes_it(both: tuple[Any, Any]) -> None:
    """To the byte, with the notes by which the next change is found."""
    flets, ours = both
    page = a_page()
    as_flet_has_it = msgpack.packb(page, default=flets)
    its_notes = noted(page)
    assert msgpack.packb(page, default=ours) == as_flet_has_it
    assert noted(page) == its_notes
    assert len(its_notes) > 60


def test_every_kind_of_control_is_written_as_flet_writes_it(both: tuple[Any, Any]) -> None:
    """Those that can be made of nothing."""
    compared = 0
    for kind in every_kind():
        try:
            one = kind()
        except (TypeError, ValueError):  # it needs something
            continue
        try:
            as_flet_has_it = msgpack.packb(one, default=both[0])
        except (TypeError, RuntimeError):  # a page, or what holds one: it is never written
            continue
        assert msgpack.packb(one, default=both[1]) == as_flet_has_it, kind
        compared += 1
    assert compared > 90


@pytest.mark.parametrize(
    "one",
    [
        ft.FontWeight.BOLD,
        date(2026, 3, 14),
        datetime(2026, 3, 14, 2, 40, tzinfo=UTC),
        time(2, 40),
        ft.Duration(seconds=3),
        ft.TextStyle(size=12, color="red"),
        ft.Padding(1, 2, 3, 4),
        ft.Container(data={"a": [1]}, opacity=0.5, on_click=print, padding=ft.Padding.all(3)),
        ft.Text(spans=[]),
    ],
)
def test_whatever_else_is_written_as_flet_writes_it(one: Any, both: tuple[Any, Any]) -> None:
    """Times, styles, and what is set to what it would have been."""
    assert msgpack.packb(one, default=both[1]) == msgpack.packb(one, default=both[0])


def test_what_cannot_be_written_is_refused(both: tuple[Any, Any]) -> None:
    """A function is nothing that a screen can show."""
    for write in both:
        with pytest.raises(RuntimeError, match="Cannot serialize method"):
            msgpack.packb(print, default=write)
