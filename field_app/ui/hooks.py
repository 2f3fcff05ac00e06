"""Flet's hooks with honest types. Each is called at the top of a component, always in the same order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import flet as ft

T = TypeVar("T")


def use_value(first: T) -> tuple[T, Callable[[T], None]]:
    """A value of the component's own, and how to set it."""
    value, put = cast("Any", ft.use_state)(lambda: first)
    return cast("T", value), cast("Callable[[T], None]", put)


def use_draft(first: T) -> tuple[T, Callable[[Callable[[T], T]], None]]:
    """A value that is changed from what it is at that moment: for fields edited one after another."""
    value, put = cast("Any", ft.use_state)(lambda: first)
    return cast("T", value), cast("Callable[[Callable[[T], T]], None]", put)


def use_kept(make: Callable[[], T]) -> T:
    """Something made once and kept as long as the component is on screen; changing it draws nothing."""
    return cast("T", cast("Any", ft.use_ref)(make).current)


def placed(key: str, component: Callable[..., ft.Control], *args: object) -> ft.Control:
    """A component under its key, drawn again only when what it is given changes."""
    return cast("ft.Control", cast("Any", ft.memo)(component)(*args, key=key))
