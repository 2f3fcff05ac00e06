"""Flet's hooks with honest types. Each is called at the top of a component, always in the same order."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar, cast

import flet as ft

from field_app.ui.comfort import worn

T = TypeVar("T")


def use_value(first: T) -> tuple[T, Callable[[T], None]]:
    """A value of the component's own, and how to set it."""
    value, put = cast("Any", ft.use_state)(lambda: first)
    return cast("T", value), cast("Callable[[T], None]", put)


def use_draft(first: T) -> tuple[T, Callable[[Callable[[T], T]], None]]:
    """A value that is changed from what it is at that moment: for fields edited one after another."""
    value, put = cast("Any", ft.use_state)(lambda: first)
    return cast("T", value), cast("Callable[[Callable[[T], T]], None]", put)


class Now(Generic[T]):
    """A value of a component's own that counts from the moment of a touch.

    ``now`` is what stands there at this moment. A touch that comes before the last letter was drawn has to
    find that letter all the same: what it meets on the screen still shows, and would take, the one before.
    """

    def __init__(self, first: T) -> None:
        self.now = first
        self._draw: Callable[[T], None] = lambda _: None

    def put(self, value: T) -> None:
        """Something else stands there now."""
        self.now = value
        self._draw(value)

    def drawn_by(self, draw: Callable[[T], None]) -> None:
        """Who shows what stands there."""
        self._draw = draw


def use_now(first: T) -> Now[T]:
    """Such a value; the component is drawn again when it changes."""
    kept = use_kept(partial(Now[T], first))
    _, draw = use_value(first)
    kept.drawn_by(draw)
    return kept


def use_kept(make: Callable[[], T]) -> T:
    """Something made once and kept as long as the component is on screen; changing it draws nothing."""
    return cast("T", cast("Any", ft.use_ref)(make).current)


def is_in_sight() -> bool:
    """Whether the window that this runs for is still there: it may be closed while something waits."""
    with contextlib.suppress(RuntimeError):  # how Flet says that it is gone
        return bool(ft.context.page.session)
    return False


@ft.observable
@dataclass
class TextSize:
    """How large the phone shows text, as measured; one for each session."""

    scale: float = 1.0


LARGE = 1.45
"""From this text size on, things that stand side by side are put under each other."""
_TEXT_SIZE = "homeward.text_size"


def text_size() -> TextSize:
    """This session's text size."""
    store = ft.context.page.session.store
    found = store.get(_TEXT_SIZE)
    if not isinstance(found, TextSize):
        found = TextSize()
        store.set(_TEXT_SIZE, found)
    return found


@ft.observable
@dataclass
class Room:
    """How wide the screen is, as measured; one for each session."""

    width: int = 0


_ROOM = "homeward.room"


def room() -> Room:
    """This session's width of the screen."""
    store = ft.context.page.session.store
    found = store.get(_ROOM)
    if not isinstance(found, Room):
        found = Room()
        store.set(_ROOM, found)
    return found


def use_room() -> int:
    """How wide the screen is; the component is drawn again when that changes."""
    found, _ = cast("Any", ft.use_state)(room)
    return int(found.width)


SMALLEST_TABLET = 600
"""What is wider and taller than this is held in both hands, or stands on a desk."""


def is_large_screen() -> bool:
    """Whether this is no phone, however it is turned and however large its letters are."""
    page = ft.context.page
    return min(page.width or 0, page.height or 0) >= SMALLEST_TABLET


def use_tablet() -> bool:
    """A hook: whether there is room for more than a phone shows, beside another window as well."""
    width = use_room() or int(ft.context.page.width or 0)
    return width >= SMALLEST_TABLET and is_large_screen()


def letters() -> float:
    """How much larger than the phone's own letters are drawn: only where larger ones are wanted here."""
    wanted = worn().letters / 100
    return max(1.0, wanted / text_size().scale) if wanted > 1 else 1.0


def use_letters() -> float:
    """A hook: the same, drawn again when the phone's own letters change."""
    cast("Any", ft.use_state)(text_size)
    return letters()


def is_large_text() -> bool:
    """Whether text is large. The shell is drawn again when that changes, and with it what asks here."""
    return text_size().scale * letters() >= LARGE


def use_large_text() -> bool:
    """A hook: the same; the component is drawn again when that changes."""
    cast("Any", ft.use_state)(text_size)
    return is_large_text()


SHORT = 480
"""A phone that lies on its side is no taller than this."""


def use_lying() -> bool:
    """A hook: whether the phone lies on its side, so that height is what there is least of.

    Its width changes with its height when it is turned; the keyboard, which takes height alone, counts not.
    """
    page = ft.context.page
    width, height = use_room() or int(page.width or 0), int(page.height or 0)
    return 0 < height <= SHORT and width > height


def use_narrow(needs: int = 175) -> bool:
    """A hook: whether two buttons side by side would break a word, as letters and screen are.

    They do on a screen less wide than they ``need``, in letters as they come: as a rule for a word of seven.
    """
    cast("Any", ft.use_state)(text_size)
    use_room()
    return is_narrow(needs)


def is_narrow(needs: int) -> bool:
    """The same, within a screen that has asked with the hook and is drawn anew when the answer changes."""
    width = room().width or int(ft.context.page.width or 0)
    return bool(0 < width < needs * text_size().scale * letters())


def keyed(key: str, component: Callable[..., ft.Control], *args: object) -> ft.Control:
    """A component that is another one under each key: what one has kept is never another's."""
    return cast("ft.Control", cast("Any", component)(*args, key=key))


def placed(key: str, component: Callable[..., ft.Control], *args: object) -> ft.Control:
    """A component under its key, drawn again only when what it is given changes."""
    return cast("ft.Control", cast("Any", ft.memo)(component)(*args, key=key))
