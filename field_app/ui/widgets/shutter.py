"""Taking a photograph: what the camera sees, one touch to take it, and keep it or take it again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import cast

import flet as ft

from field_app.ui import camera as own
from field_app.ui import kit as k
from field_app.ui import photo_words
from field_app.ui import theme as t
from field_app.ui.guard import guarded
from field_app.ui.hooks import placed, use_kept, use_value

WIDE = 560
Took = Callable[[bytes], None]
_NOTHING_TAKEN: bytes | None = None


def shutter(
    name: str, keep: Callable[[bytes], Awaitable[None]], instead: k.Act, close: k.Act
) -> ft.AlertDialog:
    """The camera, over the page. ``keep`` is given what was taken; ``instead`` is the way to a file."""
    return ft.AlertDialog(
        content=ft.Container(placed(f"{name}.shutter", _Shutter, name, keep, instead, close), width=WIDE),
        on_dismiss=guarded(close),
        inset_padding=ft.Padding(t.ONE, t.TWO, t.ONE, t.TWO),
        content_padding=12,
        shape=ft.RoundedRectangleBorder(radius=t.RADIUS),
        bgcolor=t.CARD,
        scrollable=True,
    )


@ft.component
def _Shutter(
    name: str, keep: Callable[[bytes], Awaitable[None]], instead: k.Act, close: k.Act
) -> ft.Control:
    """What is seen, or what was taken. Each try has a camera of its own, let go while nobody looks by it."""
    taken, set_taken = use_value(_NOTHING_TAKEN)
    tries, set_tries = use_value(0)

    def again() -> None:
        set_taken(None)
        set_tries(tries + 1)

    rule = k.text(photo_words.NEVER, t.NOTE)
    if taken is None:
        seen = placed(f"{name}.live.{tries}", _Live, name, set_taken)
        out = [
            k.quiet_action(f"{name}.instead", photo_words.INSTEAD, instead),
            k.quiet_action(f"{name}.leave", photo_words.CLOSE, close),
        ]
        return k.column([rule, seen, k.line_of(out)], 12)
    picture = ft.Image(src=taken, fit=ft.BoxFit.CONTAIN, semantics_label=photo_words.JUST_TAKEN)
    ways: list[ft.Control] = [
        k.main_action(f"{name}.keep", photo_words.KEEP, partial(keep, taken)),
        k.line_of(
            [
                k.quiet_action(f"{name}.again", photo_words.AGAIN, again),
                k.quiet_action(f"{name}.leave", photo_words.CLOSE, close),
            ]
        ),
    ]
    return k.column([rule, picture, *ways], 12)


class _Lens:
    """The camera of one try, and what is done once it is on the screen.

    It is drawn once: a control that is given again, or made anew, is not the one that stands there.
    """

    def __init__(self) -> None:
        self.camera = own.Camera()
        self.folders: list[Path] = []
        self.begin: Callable[[], Awaitable[None]] | None = None


@ft.component
def _Preview(lens: _Lens) -> ft.Control:
    async def begin() -> None:
        if lens.begin is not None:
            await lens.begin()

    ft.use_effect(guarded(begin), [])
    return cast("ft.Control", lens.camera)


@ft.component
def _Live(name: str, took: Took) -> ft.Control:
    """The camera's own picture with the shutter under it, or why there is none."""
    lens = use_kept(_Lens)
    waits, set_waits = use_value(photo_words.STARTING)
    trouble, set_trouble = use_value("")

    async def begin() -> None:
        try:
            lens.folders = await own.begin(lens.camera)
        except own.NoCamera as why:
            set_trouble(str(why))
        else:
            set_waits("")

    async def take() -> None:
        set_waits(photo_words.TAKING)
        try:
            took(await own.take(lens.camera, lens.folders))
        except own.NoCamera as why:
            set_trouble(str(why))

    lens.begin = begin
    if trouble:
        return k.live(f"{name}.no_camera", k.text(trouble, t.BODY))
    preview = ft.Container(
        placed(f"{name}.lens", _Preview, lens), border_radius=t.RADIUS - 2, bgcolor=t.PAPER
    )
    shown: list[ft.Control] = [
        ft.Semantics(
            identifier=f"{name}.preview", label=photo_words.PREVIEW, container=True, content=preview
        )
    ]
    if waits:
        shown.append(k.live(f"{name}.waits", k.text(waits, t.NOTE, t.QUIET)))
    else:
        shown.append(k.main_action(f"{name}.shoot", photo_words.SHOOT, take))
        shown.append(placed(f"{name}.light", _Light, name, lens))
    return k.column(shown, 12)


@ft.component
def _Light(name: str, lens: _Lens) -> ft.Control:
    """The camera's light, on or off; that there is none is known once it was tried."""
    lit, set_lit = use_value(False)
    there, set_there = use_value(True)

    async def switch() -> None:
        if await own.light(lens.camera, on=not lit):
            set_lit(not lit)
        else:
            set_there(False)

    if not there:
        return k.text(photo_words.NO_TORCH, t.NOTE, t.QUIET)
    said = photo_words.TORCH_OFF if lit else photo_words.TORCH_ON
    return k.line_of([k.quiet_action(f"{name}.torch", said, switch)])
