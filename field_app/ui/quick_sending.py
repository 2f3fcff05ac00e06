"""A control is written for the screen by going through what it has, and not through what it is made like.

Flet 1.0.5 asks of each control, each time, what its kind is declared like, and of each thing in it whether
it is a dataclass: a fifth of the time in which a page is turned. What a kind is declared like never changes,
so it is found out once. What is written, and what is noted beside it, is what Flet writes and notes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from flet.controls.value_types import _UNSET, Value
from flet.messaging import protocol

Encoder = Callable[[Any], Any]
MADE, MARKED = "configure_encode_object_for_msgpack", "is_quick"
PLAIN = frozenset({bool, int, float, str})
IS_DATACLASS = "__dataclass_fields__"
NOTED_AT = ("__prev_lists", "__prev_dicts", "__prev_classes")
NOT_SET = object()


@dataclass(frozen=True, slots=True)
class Plan:
    """How one kind of control is written.

    ``usual`` is what the screen takes for granted, ``told`` what is only said to be there (what to do when
    something happens). ``besides`` is written although it was not set, and ``kept`` are lists and the like,
    each with what the screen takes for granted of it.
    """

    usual: Mapping[str, Any]
    told: frozenset[str]
    besides: tuple[tuple[str, Any], ...]
    kept: tuple[tuple[str, Any], ...]


def are_sent_quickly() -> None:
    """From now on, in every window of this process that has not been opened yet."""
    as_flet_has_it = getattr(protocol, MADE)
    if hasattr(as_flet_has_it, MARKED):
        return

    @cache  # it is asked for with each message
    def encoder_for(control_cls: type) -> Encoder:
        return _encoder(control_cls, as_flet_has_it(control_cls))

    setattr(encoder_for, MARKED, as_flet_has_it)
    for module in list(sys.modules.values()):  # whoever sends has it under a name of their own
        if getattr(module, "__dict__", {}).get(MADE) is as_flet_has_it:
            setattr(module, MADE, encoder_for)


def _encoder(control_cls: type, as_flet_has_it: Encoder) -> Encoder:
    plans: dict[type, Plan | None] = {}

    def encode(one: Any) -> Any:
        kind = type(one)
        if kind not in plans:
            is_known = issubclass(kind, control_cls) or issubclass(kind, Value)
            plans[kind] = _plan_of(kind) if is_known and hasattr(kind, "_structural_fields") else None
        plan = plans[kind]
        return as_flet_has_it(one) if plan is None else _written(one, plan)

    return encode


def _plan_of(kind: Any) -> Plan:
    usual = {name: value for name, value in kind._root_defaults.items() if value is not _UNSET}
    return Plan(
        usual=usual,
        told=kind._event_fields,
        besides=tuple((name, value) for name, value in kind._override_props.items() if value is not None),
        kept=tuple((name, _taken_for_granted(kind, name)) for name in kind._structural_fields),
    )


def _taken_for_granted(kind: Any, name: str) -> Any:
    """What the first kind in the line that has such a property says of it."""
    first = protocol._get_root_dataclass_field(kind, name)  # type: ignore[no-untyped-call]
    return NOT_SET if first is None else first.default


class Noted(NamedTuple):
    """What was in a control when it was written: the next time it is compared with what is in it then."""

    lists: dict[str, list[Any]]
    dicts: dict[str, dict[Any, Any]]
    others: dict[str, Any]


def _written(one: Any, plan: Plan) -> dict[str, Any]:
    written: dict[str, Any] = {}
    noted = Noted({}, {}, {})
    usual, told = plan.usual, plan.told
    for name, value in one._values.items():
        if value is None or (name in usual and value == usual[name]):
            continue
        kind = type(value)
        if kind in PLAIN:
            written[name] = True if name in told else value
        elif hasattr(kind, IS_DATACLASS):
            written[name] = noted.others[name] = value
        elif isinstance(value, list):
            written[name] = noted.lists[name] = value[:]
        elif isinstance(value, dict):
            written[name] = noted.dicts[name] = value.copy()
        else:
            written[name] = True if name in told else value
    for name, value in plan.besides:
        written.setdefault(name, value)
    for name, granted in plan.kept:
        _keep(name, getattr(one, name), granted, written, noted)
    if not hasattr(one, "_frozen"):
        for where, found in zip(NOTED_AT, noted, strict=True):
            setattr(one, where, found)
    return written


def _keep(name: str, value: Any, granted: Any, written: dict[str, Any], noted: Noted) -> None:
    """What a control has in any case: an empty list is noted, and not written."""
    kind = type(value)
    if kind in PLAIN:
        if value != granted:
            written[name] = value
    elif isinstance(value, list):
        noted.lists[name] = value[:]
        if value:
            written[name] = noted.lists[name]
    elif isinstance(value, dict):
        noted.dicts[name] = value.copy()
        if value:
            written[name] = noted.dicts[name]
    elif hasattr(kind, IS_DATACLASS):
        written[name] = noted.others[name] = value
    elif value is not None and value != granted:
        written[name] = value
