"""Each widget by its accessible name, with keys only, and with a pointer: the same answer on each way.

A new kind joins by itself with its names, its targets and its order; what its answer is after one touch is a
line in `FIRST`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import flet as ft
import pytest
from playwright.sync_api import Browser, expect

from booklets.answers import Answer, Moment
from booklets.forms import Kind
from booklets.signatures import stands_instead
from field_app.ui import hooks
from field_app.ui import theme as t
from field_app.ui.widgets import WIDGETS, FieldActs, FieldView, draw
from field_app.ui.widgets.entry import entry
from tests.support import seen
from tests.support.browser import Phone, phone
from tests.support.gallery import GROUPS, NOW
from tests.support.positions import HARBOUR, found
from tests.support.signatures import draws
from tests.support.stage import STILL, Shown, served

pytestmark = pytest.mark.journey

VIEWS: dict[Kind, FieldView] = {}
for _view, _ in (one for group in GROUPS.values() for one in group):
    VIEWS.setdefault(
        _view.kind, replace(_view, gaps=(), lines=(), remark=None, opened=None, because="", care="")
    )
KINDS = [kind for kind in WIDGETS if kind in VIEWS]
TALL = (390, 2400)
BEFORE = "before"
"""A box that stands before the widget: from there the Tab key comes to its first part."""
_WITHIN_S = 20.0
_LOOK_MS = 50


@dataclass(frozen=True)
class First:
    """What is touched or typed into first, by the end of its identifier, and what is answered then."""

    ends: str
    answer: object = None
    typed: str = ""
    shows: str = ""
    """The end of the identifier of what is there then, where nothing is answered yet."""


FIRST: dict[Kind, First] = {
    Kind.TEXT: First(".suggest.Ames", "Ames"),
    Kind.LONG_TEXT: First("", "By the sea", "By the sea"),
    Kind.REFERENCE: First("", "NYP1", "NYP1"),
    Kind.NUMBER: First("", "15", "15"),
    Kind.DATE: First("", "2026-03-14", "14/03/2026"),
    Kind.ONE_OF: First(".police", "police"),
    Kind.MANY_OF: First(".sight", ("sight",)),
    Kind.YES_NO: First(".no", "no"),
    Kind.DECISION: First(".no", "no"),
    Kind.MOMENT: First(".now", Moment(NOW.replace(second=0))),
    Kind.PERSON: First(".p2", "p2"),
    Kind.PEOPLE: First(".p3", ("p3",)),
    Kind.PLACE: First(".l1", "l1"),
    Kind.PLACES: First(".new", "opens None"),
    Kind.OBJECT: First(".o1", "o1"),
    Kind.OBJECTS: First(".new", "opens None"),
    Kind.STAFF: First(".known.s1", "s1"),
    Kind.BODY_MAP: First(".front.face", ("front.face",)),
    Kind.SPEECH: First(".add", shows=".0.done"),
    Kind.CONTACTS: First(".add", shows=".0.done"),
    Kind.ROWS: First(".add", shows=".0.done"),
    Kind.POSITION: First(".here", (HARBOUR,)),
    Kind.SIGNATURE: First(".on_paper", (stands_instead("on_paper", {}, NOW),)),
}


@dataclass(kw_only=True)
class Workbench(Shown):
    """A window with one widget in it, and what was answered there."""

    view: FieldView = field(default_factory=lambda: VIEWS[Kind.TEXT])
    answers: dict[str, Answer] = field(default_factory=dict)
    redraw: Callable[[], None] = lambda: None
    laid: int = 0

    def main(self, page: ft.Page) -> None:
        """What Flet runs for the window."""
        self.pages.append(page)
        t.dress(page)
        page.render(on_the_bench, self)

    def lay(self, kind: Kind) -> None:
        """Put the widget of this kind on the bench, with no answer yet."""

        def work() -> None:
            self.view, self.answers, self.laid = VIEWS[kind], {}, self.laid + 1
            self.redraw()

        self.do(work)

    def put(self, name: str, answer: Answer | None) -> None:
        """What the widget answers."""
        if answer is None:
            self.answers.pop(name, None)
        else:
            self.answers[name] = answer
        self.redraw()

    def opens(self, name: str, entity: str | None) -> None:
        """Somebody is to be opened: that is what touching such a widget does first."""
        self.answers[name] = f"opens {entity}"

    def comes_to(self, screen: Phone, first: First) -> bool:
        """Whether what was to be answered, or to be shown, is there sooner or later."""
        until = time.monotonic() + _WITHIN_S
        while time.monotonic() < until:
            shown = bool(first.shows) and screen.at(self.view.id + first.shows).count() > 0
            if shown or (not first.shows and self.answers.get(self.view.id) == first.answer):
                return True
            screen.page.wait_for_timeout(_LOOK_MS)
        return False


@ft.component
def on_the_bench(bench: Workbench) -> ft.Control:
    """The widget, below a box to begin in."""
    _, again = hooks.use_draft(0)
    bench.redraw = lambda: again(lambda drawn: drawn + 1)
    act = hooks.use_kept(
        lambda: FieldActs(
            put=bench.put,
            now=lambda: NOW,
            open_entity=bench.opens,
            position=partial(found, bench.put),
            sign=partial(draws, bench.put),
        )
    )
    answer = bench.answers.get(bench.view.id)
    return ft.Column(
        [entry(BEFORE, BEFORE, "", lambda _: None), draw(bench.view, answer, act)], key=str(bench.laid)
    )


def by_name(screen: Phone, part: seen.Part, _: Sequence[seen.Part], typed: str) -> None:
    """As a screen reader does it: found by role and name, and told to act without a finger."""
    assert part.name
    found = screen.page.get_by_role(part.role, name=part.name, exact=not typed)  # type: ignore[arg-type]
    if typed:  # a unit joins the name once the box has focus
        found = screen.page.get_by_label(re.compile(re.escape(part.name)))
        found.focus()
        expect(found).to_have_attribute("data-editing", "")
        found.fill(typed)
    else:
        found.evaluate("one => one.click()")


def by_keys(screen: Phone, part: seen.Part, order: Sequence[seen.Part], typed: str) -> None:
    """With the Tab key from what stands before it, part by part in the order in which they are read."""
    screen.editing(BEFORE)
    for _ in range(1 + order.index(part)):
        screen.page.keyboard.press("Tab")
        screen.page.wait_for_timeout(_LOOK_MS)
    if typed:
        expect(screen.at(part.identifier).locator("input,textarea")).to_have_attribute("data-editing", "")
        screen.page.keyboard.type(typed)
    else:
        screen.page.keyboard.press("Space")


def by_pointer(screen: Phone, part: seen.Part, _: Sequence[seen.Part], typed: str) -> None:
    """With a finger or a mouse, where it stands."""
    screen.tap(part.identifier)
    if typed:
        expect(screen.at(part.identifier).locator("input,textarea")).to_have_attribute("data-editing", "")
        screen.page.keyboard.type(typed)


WAYS = {"by name": by_name, "by keys": by_keys, "by pointer": by_pointer}


@pytest.mark.timeout(280)
def test_each_widget_is_answered_by_its_name_with_keys_alone_and_with_a_pointer(browser: Browser) -> None:
    """And each of its parts is named, large enough for a glove, and read in order."""
    wrong: list[str] = []
    bench = Workbench()
    with served(bench.main) as url, phone(browser, url, size=TALL) as screen:
        for kind in KINDS:
            for way, act in WAYS.items():
                bench.lay(kind)
                bench.settled(screen)
                parts = seen.parts_of(screen.page)
                mine = [one for one in parts if one.identifier.startswith(bench.view.id)]
                order = [one for one in mine if one.role]  # what is only read takes no key
                wrong += [f"{kind}: {fault}" for fault in seen.faults_of(parts)]
                first = FIRST.get(kind)
                if first is None:
                    continue
                there = [one for one in order if one.identifier == bench.view.id + first.ends]
                if not there:
                    wrong.append(f"{kind}: no {first.ends!r} among {[one.identifier for one in order]}")
                    continue
                part = there[0]
                act(screen, part, order, first.typed)
                if not bench.comes_to(screen, first):
                    wrong.append(f"{kind} {way}: {bench.answers.get(bench.view.id)!r} and not {first}")
    assert not wrong, "\n".join(sorted(set(wrong)))


def test_a_box_of_one_line_shows_all_that_was_typed_and_takes_no_line_break(browser: Browser) -> None:
    """A long address would else show its end, and "2 Saltmarsh Lane" reads as well as "12"."""
    bench = Workbench()
    long = "Flat 3, 12 Saltmarsh Lane, behind the bowling green, Scarborough"
    with served(bench.main) as url, phone(browser, url, size=TALL) as screen:
        box = screen.at(BEFORE).locator("input,textarea")
        screen.editing(BEFORE)
        empty = box.bounding_box()
        screen.page.keyboard.type(long)
        screen.page.keyboard.press("Enter")
        screen.page.keyboard.type("!")
        expect(box).to_have_value(f"{long}!")
        screen.page.evaluate(STILL)
        full = box.bounding_box()
        assert empty is not None
        assert full is not None
        assert full["height"] > empty["height"] * 1.5
