"""A control is made of what it was given, and not of everything that could have been given.

Flet 1.0.5 makes a control as a dataclass: each of its some fifty properties is set to what it has anyway,
through a descriptor that finds out that nothing has to be done. On a page of two thousand controls that is
an eighth of the time in which it is turned. A kind of control that a page has shown is made this way from
then on; one that is made in a way of its own is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, InitVar, dataclass, fields
from typing import Any

from flet.controls.base_control import BaseControl
from flet.controls.value_types import Prop

GENERATED = "<string>"
"""Where Python says that a function was written which ``dataclass`` has made."""
MARKED = "is_quick"
_KNOWN: set[type] = set()


@dataclass(frozen=True, slots=True)
class Plan:
    """How one kind of control is made.

    ``place`` is the place of each thing that can be given; ``by_place`` those that may be given without
    their names; ``needed`` those that have to be. ``always`` is what is set on each, with a new value or the
    same; ``told`` is what only ``__post_init__`` is told.
    """

    place: Mapping[str, int]
    by_place: tuple[str, ...]
    needed: frozenset[str]
    always: tuple[tuple[str, Callable[[], Any] | None, Any], ...]
    told: Mapping[str, Any]


def is_made_quickly(kind: type) -> None:
    """From now on each control of this kind, and of no kind that is derived from it."""
    if kind in _KNOWN:
        return
    _KNOWN.add(kind)
    as_flet_has_it = kind.__dict__.get("__init__")
    code = getattr(as_flet_has_it, "__code__", None)
    if issubclass(kind, BaseControl) and code is not None and code.co_filename == GENERATED:
        made = _made_by(kind, plan_of(kind), as_flet_has_it)
        setattr(made, MARKED, as_flet_has_it)
        setattr(kind, "__init__", made)  # noqa: B010 - mypy forbids to say it otherwise


def plan_of(kind: type) -> Plan:
    """What the dataclass says about making it."""
    kept = fields(kind)
    told = [one for one in _declared(kind) if InitVar.__name__ in str(one.type)]
    given = [one for one in _declared(kind) if (one.init and one in kept) or one in told]
    always = [
        (one.name, None if one.default_factory is MISSING else one.default_factory, one.default)
        for one in kept
        if not _stands_by_itself(kind, one)
    ]
    return Plan(
        place={one.name: place for place, one in enumerate(given)},
        by_place=tuple(one.name for one in given if not one.kw_only),
        needed=frozenset(one.name for one in given if one.default is one.default_factory is MISSING),
        always=tuple(one for one in always if one[1] is not None or one[2] is not MISSING),
        told={one.name: one.default for one in told},
    )


def _declared(kind: type) -> list[Field[Any]]:
    """Its own properties, what only ``__post_init__`` is told, and what belongs to the kind as such."""
    return list(kind.__dataclass_fields__.values())  # type: ignore[attr-defined]


def _stands_by_itself(kind: type, one: Field[Any]) -> bool:
    """Whether a property that nobody has set says the same as one that was set to its default."""
    prop = next((vars(base)[one.name] for base in kind.__mro__ if one.name in vars(base)), None)
    return isinstance(prop, Prop) and one.default is prop.default


def _made_by(kind: Any, plan: Plan, as_flet_has_it: Any) -> Any:
    place, by_place, needed, always, told = plan.place, plan.by_place, plan.needed, plan.always, plan.told

    def made(self: Any, *args: Any, **given: Any) -> None:
        named = dict(zip(by_place, args, strict=False)) | given if args else given
        wrong = len(named) != len(args) + len(given)
        if type(self) is not kind or wrong or not named.keys() <= place.keys() or not needed <= named.keys():
            as_flet_has_it(self, *args, **given)  # which says what is wrong, and knows what is derived
            return
        for name, new, same in always:
            if name not in named:
                setattr(self, name, same if new is None else new())
        for name in sorted(named, key=place.__getitem__):
            if name not in told:
                setattr(self, name, named[name])
        self.__post_init__(*[named.get(name, default) for name, default in told.items()])

    return made
