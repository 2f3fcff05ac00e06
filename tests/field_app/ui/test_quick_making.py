"""A control that is made quickly is the control that Flet would have made."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import InitVar, field
from typing import Any

import flet as ft
import flet.controls
import pytest
from flet.controls.base_control import BaseControl
from flet.controls.value_types import Prop

from field_app.ui import quick_making

OF_THE_MOMENT = re.compile(r"_i=\d+|0x[0-9a-f]+|datetime\.\w+\([^)]*\)|'uid': '\w+'")
"""What two controls made one after the other never share."""


@pytest.fixture(autouse=True)
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """For this test alone everything is made as Flet makes it, whatever pages were shown before."""
    for kind in every_kind():
        made = vars(kind)["__init__"]
        monkeypatch.setattr(kind, "__init__", getattr(made, quick_making.MARKED, made))
    monkeypatch.setattr(quick_making, "_KNOWN", set())


def kinds_of(kind: type) -> Iterator[type]:
    """Every kind that is derived from it, in Flet's modules."""
    below: list[type] = type.__subclasses__(kind)
    for one in below:
        if one.__module__.startswith("flet.controls."):
            yield one
            yield from kinds_of(one)


def every_kind() -> list[type]:
    """Every kind of control that Flet has and dataclass makes."""
    for module in pkgutil.walk_packages(flet.controls.__path__, "flet.controls."):
        importlib.import_module(module.name)
    found = {one for one in kinds_of(BaseControl) if "__init__" in vars(one)}
    return sorted(found, key=lambda one: one.__qualname__)


def said_by(control: Any) -> dict[str, str]:
    """Everything that a control has, as text, in the order in which it was set where that shows."""
    said = {name: OF_THE_MOMENT.sub("…", repr(value)) for name, value in vars(control).items()}
    return said | {"_i": "…", "in order": repr(list(control._values))}


def test_every_kind_of_control_is_what_flet_makes_of_it() -> None:
    """Those that can be made of nothing: nothing is there that was not, and nothing is missing."""
    compared = 0
    for kind in every_kind():
        try:
            as_flet_has_it = kind()
        except (TypeError, ValueError):  # it needs something
            continue
        quick_making.is_made_quickly(kind)
        assert said_by(kind()) == said_by(as_flet_has_it), kind
        compared += 1
    assert compared > 100


GIVEN: list[Callable[[], BaseControl]] = [
    lambda: ft.Text("Kit", size=12, weight=ft.FontWeight.BOLD, color=None),
    lambda: ft.Text(size=12, value="Kit", spans=[ft.TextSpan("He gets "), ft.TextSpan("loud")]),
    lambda: ft.Icon(ft.Icons.PERSON, color="red"),
    lambda: ft.Container(ft.Text("Kit"), padding=3, ink=True, on_click=print, visible=True, opacity=1.0),
    lambda: ft.Row([ft.Text("one"), ft.Text("two")], key="row", data={"a": 1}, spacing=10),
    lambda: ft.TextField(value="", label="Name", multiline=True, on_change=print),
    lambda: ft.Semantics(content=ft.Text("Kit"), label="Kit", button=True),
]


@pytest.mark.parametrize("make", GIVEN)
def test_what_was_given_is_there_and_nothing_else(
    make: Callable[[], BaseControl],
) -> None:
    """By name or by place, also what is given as it would have been anyway."""
    as_flet_has_it = make()
    quick_making.is_made_quickly(type(as_flet_has_it))
    assert said_by(make()) == said_by(as_flet_has_it)


@pytest.mark.parametrize(
    ("args", "given"), [((), {"nonsense": 1}), (("a",), {"value": "b"}), ((), {"_i": 3}), (range(99), {})]
)
def test_what_flet_refuses_is_refused_in_the_same_words(args: Any, given: dict[str, Any]) -> None:
    """A mistake in a screen is found where it is made."""
    with pytest.raises(TypeError) as as_flet_has_it:
        ft.Text(*args, **given)
    quick_making.is_made_quickly(ft.Text)
    with pytest.raises(TypeError) as mine:
        ft.Text(*args, **given)
    assert str(mine.value) == str(as_flet_has_it.value)


def test_what_a_control_needs_is_asked_for() -> None:
    """An icon without a sign is no icon."""
    quick_making.is_made_quickly(ft.Icon)
    with pytest.raises(TypeError, match="missing 1 required"):
        ft.Icon()  # type: ignore[call-arg]


def test_whoever_asked_to_be_told_of_it_is_told() -> None:
    """A reference is no property: it is only told."""
    quick_making.is_made_quickly(ft.Text)
    told: ft.Ref[ft.Text] = ft.Ref()
    made = ft.Text("Kit", ref=told)
    assert told.current is made


@ft.control("Told", post_init_args=2)  # type: ignore[arg-type]  # as Flet declares its own page
class Told(ft.Control):
    """A control that is only told for whom it is made, by place and before everything else."""

    whom: InitVar[str]
    says: str = ""
    heard: list[str] = field(default_factory=list)

    def __post_init__(self, ref: Any, whom: str) -> None:  # type: ignore[override]  # told more
        """Keep what was told, so that it can be seen."""
        super().__post_init__(ref)
        self.heard.append(whom)


def test_what_is_only_told_has_its_place_as_well() -> None:
    """As a page is told of the line that it is drawn for."""
    as_flet_has_it = Told("Kit", "Hello")
    quick_making.is_made_quickly(Told)
    assert said_by(Told("Kit", "Hello")) == said_by(as_flet_has_it)
    assert Told("Kit", "Hello").heard == ["Kit"]
    with pytest.raises(TypeError, match="missing 1 required"):
        Told()  # type: ignore[call-arg]


def test_properties_that_nobody_gave_are_not_set_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """That is what takes the time."""
    asked: list[str] = []
    as_flet_has_it = Prop.__set__

    def noted(prop: Prop, control: Any, value: Any) -> None:
        asked.append(prop.name)
        as_flet_has_it(prop, control, value)

    monkeypatch.setattr(Prop, "__set__", noted)
    ft.Container(padding=3)
    before = len(asked)
    quick_making.is_made_quickly(ft.Container)
    ft.Container(padding=3)
    assert (len(asked) - before) * 20 < before
