"""Whatever can be touched is named, large enough and guarded: once, in the kit."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import flet as ft
import pytest

from field_app.ui import frame as f
from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui.lettering import code
from tests.support.screens import Screens, journey, showing

UI = Path(f.__file__).parent


def nothing() -> None:
    """No action."""


TOUCHABLE: dict[str, Callable[[], ft.MergeSemantics]] = {
    "icon": lambda: k.icon_tap("x", "Menu", ft.Icons.MENU, nothing),
    "small icon": lambda: k.icon_tap("x", "Lock", ft.Icons.LOCK, nothing, size=t.LEAST_TARGET),
    "main": lambda: k.main_action("x", "Send", nothing),
    "main with more": lambda: k.main_action("x", "Send", nothing, under="to the sergeant"),
    "second": lambda: k.second_action("x", "Ring", nothing, name=ft.Icons.CALL),
    "quiet": lambda: k.quiet_action("x", "Later", nothing),
    "way out": lambda: k.way_out("x", "Can't answer: name", nothing),
    "soft": lambda: k.soft_action("x", "Child missing", nothing, name=ft.Icons.HOME),
    "row": lambda: k.row("x", "Ethnicity", nothing),
    "row with more": lambda: k.row("x", "Ethnicity", nothing, under="Or why not"),
    "fact": lambda: k.fact("x", "14 Saltern Row", "here", nothing, name=ft.Icons.PLACE),
    "pages": lambda: f.pages_bar("x", "Back", 0, 4, nothing),
}


def named(touched: ft.MergeSemantics) -> ft.Semantics:
    """What says its name and its role, merged with what it does."""
    assert isinstance(touched.content, ft.Semantics)
    return touched.content


def height_of(control: ft.Control | None) -> float:  # noqa: PLR0911 - one line a shape
    """How tall the kit's own shapes get at least, from text sizes and padding."""
    match control:
        case ft.Container(height=int() | float() as height):
            return float(height)
        case ft.Container():
            pad = control.padding
            room = pad.top + pad.bottom if isinstance(pad, ft.Padding) else 2.0 * float(pad or 0)
            return room + height_of(control.content if isinstance(control.content, ft.Control) else None)
        case ft.Semantics():
            return height_of(control.content if isinstance(control.content, ft.Control) else None)
        case ft.Column():
            gaps = control.spacing * max(len(control.controls) - 1, 0)
            return gaps + sum(height_of(one) for one in control.controls)
        case ft.Row():
            return max((height_of(one) for one in control.controls), default=0)
        case ft.Text():
            assert isinstance(control.style, ft.TextStyle)
            return float(control.style.size or 0) * float(control.style.height or 1)
        case ft.Icon():
            return float(control.size or 24)
        case _:
            return 0.0


@pytest.mark.parametrize("shape", sorted(TOUCHABLE))
def test_everything_touchable_is_named_and_large_enough_for_a_glove(shape: str) -> None:
    """48 dp is the least for anything; the name is what a screen reader and a test find it by."""
    touched = TOUCHABLE[shape]()
    control = named(touched)
    assert control.identifier == "x"
    assert control.label
    assert touched.key == "x"
    assert isinstance(control.content, ft.Container)
    assert control.content.on_click is not None
    assert height_of(control.content) >= t.LEAST_TARGET


@pytest.mark.parametrize("shape", sorted(TOUCHABLE))
def test_everything_touchable_can_be_reached_with_a_keyboard(shape: str) -> None:
    """Flet gives only what has ink a place in the order of the Tab key."""
    content = named(TOUCHABLE[shape]()).content
    assert isinstance(content, ft.Container)
    assert content.ink


def test_no_shape_of_words_has_a_fixed_height() -> None:
    """Text at 200 % needs room: only signs may have a fixed size."""
    for shape, make in TOUCHABLE.items():
        content = named(make()).content
        assert isinstance(content, ft.Container)
        assert content.height is None or "icon" in shape


def test_what_is_saved_here_says_so_at_every_size_and_has_no_sign_of_something_sent() -> None:
    """A cloud with a tick looked as if it had been uploaded, and large letters said "Saved 02:41"."""
    said = "Saved on this phone 02:41 · online"

    def screen() -> ft.Control:
        return f.frame(top=f.top_bar("Amy", on_menu=nothing), status=f.status_line(said), body=[])

    async def walk() -> None:
        async with showing(screen) as app:
            for _ in range(2):
                assert app.says(said)
                signs = {one.icon for one in app.all(ft.Icon)}
                assert signs == {ft.Icons.SMARTPHONE_ROUNDED, ft.Icons.MENU_ROUNDED}
                await app.letters_at_200()

    journey(walk)


def test_large_text_gives_the_words_room_and_keeps_in_sight_what_must_be_at_hand() -> None:
    """At 200 % a whole head and foot would leave three lines for the questions."""

    def page() -> ft.Control:
        return f.frame(
            top=f.top_bar("Amy Brook", on_menu=nothing),
            status=f.status_line("Saved on this phone 02:41 · online"),
            under_status=f.pages_bar("pages", "Back", 0, 4, nothing),
            body=[k.text("A question")],
            actions=[k.main_action("send", "Send", nothing)],
            above=k.quiet_action("emergency", "Send as an emergency", nothing),
            pinned=k.quiet_action("stop", "Stop", nothing),
        )

    async def walk() -> None:
        async with showing(page) as app:
            order = app.identifiers()
            assert order.index("status") < order.index("pages") < order.index("emergency")
            assert not any(map(app.scrolls, ("status", "pages", "stop", "emergency", "send")))
            await app.letters_at_200()
            assert all(map(app.scrolls, ("pages", "emergency")))
            assert not any(map(app.scrolls, ("status", "stop", "send")))
            assert app.at("status").label == "Saved on this phone 02:41 · online"

    journey(walk)


def test_left_handed_officers_get_the_main_action_under_the_left_thumb() -> None:
    """The mirror image, not another layout."""
    one, other = k.quiet_action("more", "More", nothing), k.main_action("send", "Send", nothing)
    bar = f.bottom_bar([one, other], left_handed=True)
    assert isinstance(bar.content, ft.Column)
    line = bar.content.controls[-1]
    assert isinstance(line, ft.Row)
    assert line.controls == [other, one]


def test_only_the_guard_catches_everything_and_only_the_kit_makes_things_touchable() -> None:
    """Two promises a reader can rely on: looked for in the source of every screen."""
    for path in UI.rglob("*.py"):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and path.name != "guard.py":
                assert ast.unparse(node.type or ast.Name("Exception")) not in (
                    "Exception",
                    "BaseException",
                ), path
            if isinstance(node, ast.keyword) and node.arg == "on_click":
                assert path.name == "kit.py", path


def test_a_telephone_number_and_a_code_are_never_broken_in_two() -> None:
    """At the end of a line "01632" stood above "960144", and a code to compare was cut at its hyphen."""

    async def walk() -> None:
        async with showing(lambda: code("WDJB-MJHT")) as app:
            assert "-" not in app.texts()[-1].replace("\u2060-\u2060", "")

    for said, shown in (
        (
            "Ring the emergency duty team 01632 960144 now",
            "Ring the emergency duty team 01632\u00a0960144 now",
        ),
        ("07700 900123", "07700\u00a0900123"),
        ("020 7946 0999", "020\u00a07946\u00a00999"),
        ("Sat 14 March 2026, 20 of 36", "Sat 14 March 2026, 20 of 36"),
    ):
        assert k.text(said).value == shown
    journey(walk)


def test_a_sign_that_is_touched_grows_with_the_words() -> None:
    """The arrow back, the menu and the lock stayed small beside letters of twice their size."""
    assert all(
        one.apply_text_scaling for one in Screens.walk(TOUCHABLE["icon"]()) if isinstance(one, ft.Icon)
    )
