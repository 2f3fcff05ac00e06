"""A page is looked through for what was put into it, and not for everything that could have been.

Flet 1.0.5 asks each control that comes or goes for each of its sixty properties, one generator inside the
other, though most of them were never set: three quarters of the time in which a page is turned. What was set
it knows (``_values``), and what can hold other controls without being set it lists as well.

And Python looks through everything there is for what nobody holds any more, a tenth of a second each time,
as often as a page has brought a few thousand things. It does so less often here, and always at the lock
(``vault.sweeping``).
"""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from dataclasses import fields
from types import NoneType
from typing import Any

from flet.controls import object_patch

from field_app.ui.quick_making import is_made_quickly
from field_app.ui.quick_sending import are_sent_quickly

CAME, WENT, MARKED = "_configure_dataclass", "_removed_controls", "is_quick"
SELDOM = (5_000, 20, 20)
"""After how many new things Python looks through the newest, and after how many such looks through more."""
LEAVES = frozenset({NoneType, bool, int, float, str})
"""In these there is nothing to be looked for."""


def are_turned_quickly() -> None:
    """From now on, in every window that this process serves."""
    gc.set_threshold(*SELDOM)
    are_sent_quickly()
    builder = object_patch.DiffBuilder
    if hasattr(getattr(builder, CAME), MARKED):
        return
    for name, ours in ((CAME, _came), (WENT, _went)):
        setattr(ours, MARKED, getattr(builder, name))
        setattr(builder, name, ours)


def _came(
    builder: Any, item: Any, parent: Any, frozen: bool, configure_setattr_only: bool = False
) -> Iterator[Any]:
    """Every control in what has come, made ready to be drawn, the outer before the inner."""
    found: list[Any] = []
    _make_ready(builder, item, parent, frozen, found, deep=not configure_setattr_only)
    return iter(found)


def _make_ready(
    builder: Any, item: Any, parent: Any, frozen: bool, found: list[Any], *, deep: bool = True
) -> None:
    kind = type(item)
    if kind is list or kind is dict:
        for one in list(item.values()) if kind is dict else list(item):
            if type(one) not in LEAVES:
                _make_ready(builder, one, parent, frozen, found)
        return
    if not hasattr(kind, "__dataclass_fields__"):
        return
    parent = _set_parent(item, parent)
    if hasattr(item, "_frozen"):
        frozen = item._frozen
    elif frozen:
        item._frozen = frozen
    if getattr(kind, "__flet_control_cls__", None) is None:
        kind.__flet_control_cls__ = builder.control_cls
    is_control = bool(builder.control_cls) and isinstance(item, builder.control_cls)
    if is_control:
        if deep:
            item.build()
            item._before_update_safe()
            object.__setattr__(item, "_initialized", True)
            is_made_quickly(kind)
        found.append(item)
    if deep:
        for one in _set_in(item):
            _make_ready(builder, one, item if is_control else parent, frozen, found)
    if not frozen:
        _count_changes_from_here(item)


def _set_parent(item: Any, parent: Any) -> Any:
    """Who holds it: whoever is said to, or else whoever did."""
    if parent is None:
        held = getattr(item, "_parent", None)
        parent = held() if held else None
    if parent:
        if parent is item:
            raise object_patch.ObjectPatchException(f"Parent is the same as item: {item}")
        item._parent = weakref.ref(parent)
    return parent


def _count_changes_from_here(item: Any) -> None:
    changed = getattr(item, "_dirty", None)
    if changed is not None:
        changed.clear()
        return
    type(item).__setattr__ = object_patch._control_setattr  # type: ignore[assignment]
    object.__setattr__(item, "__changes", {})


def _set_in(item: Any) -> list[Any]:
    """What was put into it that can hold a control: what it always has, then what was set."""
    own = getattr(item, "_values", None)
    if own is None:
        every = [getattr(item, one.name) for one in fields(item) if not one.metadata.get("skip", False)]
    else:
        every = [*(getattr(item, name, None) for name in type(item)._structural_fields), *own.values()]
    return [one for one in every if type(one) not in LEAVES]


def _went(builder: Any, item: Any, recurse: bool) -> Iterator[Any]:
    """Every control in what has gone, the inner before the outer."""
    found: list[Any] = []
    _take_down(builder, item, recurse, found)
    return iter(found)


def _take_down(builder: Any, item: Any, recurse: bool, found: list[Any]) -> None:
    kind = type(item)
    if kind is list or kind is dict:
        for one in item.values() if kind is dict else item:
            if type(one) not in LEAVES:
                _take_down(builder, one, recurse, found)
    elif builder.control_cls and isinstance(item, builder.control_cls):
        inside: list[Any] = []
        if hasattr(item, "__prev_lists"):
            for name in ("__prev_lists", "__prev_dicts", "__prev_classes"):
                inside += getattr(item, name, {}).values()
        elif recurse:
            inside = _set_in(item)
        for one in inside:
            _take_down(builder, one, recurse, found)
        found.append(item)
