"""A page is made ready by looking at what was put into it: the same as Flet finds, with less work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import flet as ft
import pytest
from flet.controls.base_control import BaseControl
from flet.controls.object_patch import DiffBuilder
from flet.controls.value_types import Prop

from field_app.ui import kit as k
from field_app.ui import quick_pages

Walk = Callable[..., Iterator[Any]]


@pytest.fixture(autouse=True)
def quick() -> None:
    """As in every window of the app."""
    quick_pages.are_turned_quickly()


def a_page() -> ft.Column:
    """Controls in lists, in single places and inside values that are no controls themselves."""
    spoken = ft.Text(spans=[ft.TextSpan("He gets ", ft.TextStyle(size=12)), ft.TextSpan("loud")])
    rows = [
        k.tap(f"row.{n}", f"Row {n}", ft.Row([ft.Icon(ft.Icons.PERSON), spoken]), print) for n in range(4)
    ]
    box = ft.TextField(value="Kit", border={ft.ControlState.DEFAULT: ft.OutlineInputBorder()})
    return ft.Column([*rows, ft.Container(box, border=ft.Border.all(1)), ft.Container()])


def found(walk: Walk, page: ft.Column, *more: Any) -> list[tuple[str, str]]:
    """What a walk comes to, each with what holds it, in order."""
    builder = DiffBuilder(None, page, control_cls=BaseControl)
    return [(one._c, one.parent._c if one.parent else "") for one in walk(builder, page, *more)]


def test_what_comes_is_what_flet_finds_and_in_the_same_order() -> None:
    """Each control has the parent that Flet would give it: touches find their way by it."""
    ours = getattr(DiffBuilder, quick_pages.CAME)

    mine = found(ours, a_page(), None, False)
    assert mine == found(getattr(ours, quick_pages.MARKED), a_page(), None, False)
    assert len(mine) > 20


def test_what_goes_is_what_flet_finds_and_in_the_same_order() -> None:
    """The inner before the outer, so that nothing is let go of twice."""
    ours = getattr(DiffBuilder, quick_pages.WENT)

    mine = found(ours, a_page(), True)
    assert mine == found(getattr(ours, quick_pages.MARKED), a_page(), True)
    assert len(mine) > 20


def test_what_was_never_set_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A control has some sixty properties, of which three or four were set."""
    asked: list[str] = []
    as_flet_has_it = Prop.__get__

    def noted(prop: Prop, control: Any, kind: Any = None) -> Any:
        asked.append(prop.name)
        return as_flet_has_it(prop, control, kind)

    ours = getattr(DiffBuilder, quick_pages.WENT)
    page = a_page()
    monkeypatch.setattr(Prop, "__get__", noted)
    found(ours, page, True)
    mine = len(asked)
    found(getattr(ours, quick_pages.MARKED), page, True)

    assert mine * 20 < len(asked)
