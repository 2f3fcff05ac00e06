"""The frame of every screen: top bar, status line, content that scrolls, bottom bar that does not.

With large text, or on a phone that lies on its side, the frame gives way: what stands above the main action
moves to the end of the content or beside it, and the place among the pages scrolls, so that the words keep
about half of the screen. What must be at hand at any moment is
`pinned` and stays.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import flet as ft

from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui import words
from field_app.ui.comfort import at_hand, sides
from field_app.ui.guard import guarded
from field_app.ui.hooks import (
    use_kept,
    use_large_text,
    use_lying,
    use_narrow,
    use_room,
    use_tablet,
)
from field_app.ui.rulers import rulers


def top_bar(
    title: str,
    under: str | None = None,
    *,
    on_menu: k.Act,
    on_back: k.Act | None = None,
    back: str = words.BACK,
    big: bool = False,
) -> ft.Container:
    """Where we are. `back` says where it leads ("Back to tonight"); nothing important stands in it."""
    bar = cast("Any", _TopBar)(title, under, on_menu=on_menu, on_back=on_back, back=back, big=big)
    return cast("ft.Container", bar)


@ft.component
def _TopBar(
    title: str, under: str | None, *, on_menu: k.Act, on_back: k.Act | None, back: str, big: bool
) -> ft.Control:
    lines = None if use_large_text() or use_narrow() else 2  # large letters are there to be read
    said: list[ft.Control] = [
        ft.Semantics(
            header=True,
            heading_level=1,
            content=k.text(title, t.TITLE if big or not under else t.STRONG, lines=lines),
        )
    ]
    if under:
        said.append(k.text(under, t.NOTE, t.QUIET, lines=lines))
    told = ft.Container(k.column(said, 0), expand=True)
    ways: list[ft.Control] = [k.icon_tap("menu", words.MENU, ft.Icons.MENU_ROUNDED, on_menu)]
    if on_back:
        ways.insert(0, k.icon_tap("back", back, ft.Icons.ARROW_BACK_ROUNDED, on_back))
    if use_narrow() and on_back:  # beside both signs a name would have a line for each of its parts
        apart = ft.Row(at_hand(ways), alignment=ft.MainAxisAlignment.SPACE_BETWEEN)
        told = ft.Container(k.column(said, 0), padding=sides(t.EDGE, 0, t.HALF, t.HALF))
        return ft.Container(k.column([apart, told], 0), padding=sides(t.HALF, 0, t.HALF, 0))
    inside = [*ways[:-1], told, ways[-1]]
    near = t.HALF if on_back else t.EDGE + t.HALF
    return ft.Container(
        ft.Row(at_hand(inside), spacing=0, vertical_alignment=k.CENTRE),
        padding=sides(near, t.HALF, t.HALF, 0),
    )


def status_line(
    said: str, *, on_lock: k.Act | None = None, short: str = "", marking: str = ""
) -> ft.Container:
    """Where the data is, signal, lock: on every screen, in the same place, read aloud when it changes.

    ``short`` is what is shown of it where text is large; it is read aloud whole. The ``marking`` stands
    beside it where there is more room than on a phone.
    """
    line = cast("Any", _StatusLine)(said, short or said, on_lock=on_lock, marking=marking)
    return cast("ft.Container", line)


@ft.component
def _StatusLine(said: str, short: str, *, on_lock: k.Act | None, marking: str) -> ft.Control:
    roomy = use_tablet()
    shown = short if use_large_text() else said
    # It is kept here whether there is signal or not: a cloud would say that it has been sent. On a narrow
    # screen with large letters the words, which say the same, have the room.
    sign = [] if use_narrow() else [k.icon(ft.Icons.SMARTPHONE_ROUNDED, t.QUIET, 18)]
    spoken = ft.Semantics(
        identifier="status",
        label=said,
        live_region=True,
        exclude_semantics=True,
        expand=True,
        content=ft.Row(
            [*sign, k.text(shown, t.NOTE, t.QUIET, expand=True)],
            spacing=t.ONE,
            vertical_alignment=k.CENTRE,
        ),
    )
    inside: list[ft.Control] = [spoken]
    if marking and roomy:
        inside.append(k.text(marking, t.CAPTION, t.QUIET))
    if on_lock:
        inside.append(
            k.icon_tap(
                "lock",
                words.LOCK,
                ft.Icons.LOCK_OPEN_ROUNDED,
                on_lock,
                colour=t.QUIET,
                size=t.LEAST_TARGET,
                sign=20,
            )
        )
    far = t.ONE if on_lock else t.EDGE + t.HALF
    below = 0 if on_lock else 10
    return ft.Container(
        ft.Row(at_hand(inside), spacing=t.ONE, vertical_alignment=k.CENTRE),
        padding=sides(t.EDGE + t.HALF, 0, far, below),
    )


def pages_bar(identifier: str, title: str, here: int, parts: int, on_tap: k.Act) -> ft.MergeSemantics:
    """Where this page lies among the others; tapping it opens the list of pages with what is left."""
    place = words.page_of(here + 1, parts)
    line = ft.Row(
        [
            k.text(title, t.TITLE),
            ft.Row(
                [k.text(place, t.NOTE, t.QUIET), k.icon(ft.Icons.EXPAND_MORE_ROUNDED)],
                spacing=t.HALF,
                tight=True,
                vertical_alignment=k.CENTRE,
            ),
        ],
        spacing=t.ONE,
        run_spacing=0,
        wrap=True,
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=k.CENTRE,
    )
    return k.tap(
        identifier,
        f"{title}. {place}. {words.SHOW_ALL_PAGES}",
        k.column([line, k.bar_of(parts, here, here)], t.ONE),
        on_tap,
        radius=0,
        pad=ft.Padding(t.EDGE + t.HALF, 6, t.EDGE + t.HALF, 14),
    )


def bottom_bar(
    actions: Sequence[ft.Control],
    above: ft.Control | None = None,
    *,
    left_handed: bool = False,
    side: int = 0,
    narrow: bool = False,
    lying: bool = False,
) -> ft.Container:
    """The main action is last, under the right thumb; left-handers get the mirror image.

    Where it is too ``narrow`` for words side by side, they stand under each other, the main one lowest. On a
    phone ``lying`` on its side what stands above moves beside them.
    """
    if narrow and len(actions) > 1:
        line: ft.Control = k.column([_of_its_own(one) for one in actions], t.ONE)
    else:
        beside = [ft.Container(above, expand=True)] if above and lying else []
        shown = [*beside, *actions]
        line = ft.Row(
            list(reversed(shown)) if left_handed else shown, spacing=t.ONE, vertical_alignment=k.CENTRE
        )
        above = None if lying else above
    tight = above or lying
    return ft.Container(
        k.column([above, line] if above else [line], 2),
        bgcolor=t.CARD,
        padding=ft.Padding(t.EDGE + side, 2 if tight else 12, t.EDGE + side, t.HALF if lying else t.TWO),
        border=ft.Border(top=ft.BorderSide(t.HAIR, t.LINE)),
    )


def _of_its_own(action: ft.Control) -> ft.Control:
    """An action that shares its line with no other."""
    action.expand = None
    return action


Jump = tuple[str, int]
"""Where to scroll: the name of a mark, and a number that is another one each time."""
NOWHERE: Jump = ("", 0)
_READING_MS = 5000
_ANSWERS_S = 5.0
_LAID_OUT_S = (0.12, 0.5)
"""A mark can be scrolled to only once the client has laid it out, and nobody says when: so twice."""


def mark(name: str) -> ft.Control:
    """A place in the content that can be scrolled to. It takes no room and is never read aloud."""
    return ft.Container(height=0, key=ft.ScrollKey(name))  # type: ignore[call-arg]  # Flet hides its arguments


def use_jump(to: Jump) -> ft.Ref[ft.Column]:
    """A hook: scrolls the content to a mark, once for each jump."""
    drawn: ft.Ref[ft.Column] = use_kept(ft.Ref)

    async def jump() -> None:
        for wait_s in _LAID_OUT_S if to[0] else ():
            await asyncio.sleep(wait_s)
            if drawn.current is not None:
                # The page may be turned meanwhile, and then nobody answers.
                with contextlib.suppress(RuntimeError, TimeoutError):
                    await asyncio.wait_for(drawn.current.scroll_to(scroll_key=to[0], duration=0), _ANSWERS_S)

    ft.use_effect(jump, [to], lambda: None)
    return drawn


@ft.component
def frame(
    *,
    top: ft.Control,
    body: Sequence[ft.Control],
    status: ft.Control | None = None,
    under_status: ft.Control | None = None,
    news: ft.Control | None = None,
    actions: Sequence[ft.Control] = (),
    above: ft.Control | None = None,
    pinned: ft.Control | None = None,
    foremost: ft.Control | None = None,
    glance: Sequence[ft.Control] = (),
    left_handed: bool = False,
    spacing: int = t.TWO,
    name: str = "content",
    to: Jump = NOWHERE,
    head_goes: bool = False,
) -> ft.Control:
    """Every screen. `actions` form the bottom bar with the main one last, `above` a quiet one over it.

    `pinned` stands over it however large the letters are, and on a tablet so does the `glance`: what is
    still needed before the main action, for which a phone has no room. What is `foremost` stands there as
    well, and with large letters before everything else in the content, where it is found without scrolling.
    `news` is a line that may come while the content is looked at: it stands below it, and moves none of it.
    Where the actions need the room, the title `head_goes` with the content, and the status line stays.
    `name` is the key of the scrolling part: a new name starts a page at its top, or at the `mark` that
    `to` names.
    """
    content = use_jump(to)
    large, narrow, lying = use_large_text(), use_narrow(), use_lying()
    side, roomy = use_side(), use_tablet()
    inside = [*([foremost] if large and foremost else []), *body, *([above] if large and above else [])]
    shape = Shape(large=large, narrow=narrow, lying=lying)
    head, gone_in = _parted(top, status, under_status, side, shape, head_goes=head_goes)
    gives_way = () if large else (foremost, above)
    over = [part for part in (*_glance(glance, roomy=roomy), pinned, *gives_way) if part]
    bar = bottom_bar(
        actions,
        k.column(over, 0) if over else None,
        left_handed=left_handed,
        side=side,
        narrow=narrow or (large and not all(getattr(one, "expand", None) for one in actions)),
        lying=lying,
    )
    middle = scrolling(inside, spacing, name, side, first=gone_in, drawn=content)
    below = [part for part in (news, bar if actions else None) if part]
    parts = [*rulers(), *head, middle, *below]
    return ft.SafeArea(expand=True, content=_over_another(parts))


def _over_another(parts: list[ft.Control]) -> ft.Control:
    return ft.Column(parts, spacing=0, expand=True, horizontal_alignment=k.WIDE)


class Shape(NamedTuple):
    """What there is little of: room for large letters, width, or height."""

    large: bool
    narrow: bool
    lying: bool


def _parted(
    top: ft.Control,
    status: ft.Control | None,
    under: ft.Control | None,
    side: int,
    shape: Shape,
    *,
    head_goes: bool,
) -> tuple[list[ft.Control], ft.Control | None]:
    """What stands above the content for good, and what goes with it."""
    scrolls = shape.large or shape.lying
    went = [under] if under and scrolls else []
    if head_goes and status and not shape.narrow:
        return [_head([status], side)], k.column([_head([top], side), *went], 0)
    head: ft.Control = _headed(top, status, None if scrolls else under, side, lying=shape.lying)
    if shape.narrow:  # so few lines are left that even where one is has to scroll away
        return [], k.column([head, *went], 0)
    return [head], went[0] if went else None


def _headed(
    top: ft.Control, status: ft.Control | None, under: ft.Control | None, side: int, *, lying: bool
) -> ft.Control:
    """Where one is, and where what is written lies: in one line on a phone that lies on its side."""
    parts = [_in_one_line(top, status)] if lying and status else [one for one in (top, status, under) if one]
    return _head(parts, side)


def _glance(lines: Sequence[ft.Control], *, roomy: bool) -> list[ft.Control]:
    """What is said over the bar of a tablet."""
    room_ = ft.Padding(t.HALF, 10, t.HALF, t.HALF)
    return [ft.Container(k.column(lines, 0), padding=room_)] if lines and roomy else []


def _in_one_line(top: ft.Control, status: ft.Control) -> ft.Control:
    """Both beside each other, where there is more width than height."""
    parts = at_hand([ft.Container(top, expand=3), ft.Container(status, expand=2)])
    return ft.Row(parts, spacing=0, vertical_alignment=k.CENTRE)


def _head(parts: Sequence[ft.Control], side: int) -> ft.Container:
    """What stands above the content and does not scroll."""
    return ft.Container(
        k.column(parts, 0),
        bgcolor=t.CARD,
        border=ft.Border(bottom=ft.BorderSide(t.HAIR, t.LINE)),
        padding=ft.Padding(side, 0, side, 0),
    )


def scrolling(
    body: Sequence[ft.Control],
    spacing: int,
    name: str,
    side: int = 0,
    *,
    first: ft.Control | None = None,
    drawn: ft.Ref[ft.Column] | None = None,
) -> ft.Column:
    """Content that scrolls, as wide as reading allows. ``first`` has an edge of its own."""
    edge = t.EDGE + side
    content = ft.Container(
        k.column([k.drawn_apart(one) for one in body], spacing),
        padding=ft.Padding(edge, 12, edge, t.THREE),
        key=f"{name}.body",
    )
    above = [ft.Container(first, padding=ft.Padding(side, 0, side, 0))] if first else []
    return read_through([*above, content], key=name, drawn=drawn)


def read_through(
    inside: Sequence[ft.Control],
    *,
    key: str | None = None,
    bar: ft.ScrollMode = ft.ScrollMode.HIDDEN,
    expand: bool = True,
    drawn: ft.Ref[ft.Column] | None = None,
) -> ft.Column:
    """The only way to make something that scrolls: reading on is a touch, so a long read is not locked."""
    return ft.Column(
        list(inside),
        ref=drawn,
        expand=expand or None,
        spacing=0,
        scroll=bar,
        on_scroll=guarded(_reading),
        scroll_interval=_READING_MS,
        horizontal_alignment=k.WIDE,
        key=key,
    )


def _reading() -> None:
    """Whoever scrolls is there, and the handheld stays open: the guard has noted it."""


def use_side() -> int:
    """A hook: what is left free at each side, so that lines stay short enough to read on a tablet."""
    free = use_room() - t.MEASURE - 2 * t.EDGE
    return max(0, free // 2)
