"""Whoever does not sign on the glass is named all the same, with the reason, without a finger."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from booklets.answers import rows_of
from booklets.forms import Kind
from field_app.capture.signatures import Stroke
from field_app.ui import signing_words
from field_app.ui.widgets import FieldView
from field_app.ui.widgets.signature import NARROWEST, TALL, WIDEST, Sheet, pad_width
from tests.support.answering import answering
from tests.support.screens import Screens, journey
from tests.support.signatures import DRAWN_BY_KAREN

WHO = FieldView(id="ppe.now_signed", kind=Kind.SIGNATURE, label="Who takes over?")


def test_a_name_and_what_stands_instead_are_typed_and_touched_and_taken_back() -> None:
    """The name stays whatever is chosen; touching the chosen one takes it back; nothing typed is lost."""

    async def walk() -> None:
        async with answering(WHO) as (app, held):
            assert not app.has("ppe.now_signed.sign"), "no pad where nothing can be drawn"
            await app.type("ppe.now_signed.name", "Karen Brook")
            assert rows_of(held.answers["ppe.now_signed"]) == ({"caption": "Karen Brook"},)
            await app.tap("ppe.now_signed.cannot")
            await app.type("ppe.now_signed.because", "Her hand is bandaged.")
            [row] = rows_of(held.answers["ppe.now_signed"])
            assert row.items() >= {"how": "cannot", "caption": "Karen Brook"}.items()
            assert row["because"] == "Her hand is bandaged."
            await app.tap("ppe.now_signed.on_paper")
            assert not app.has("ppe.now_signed.because")
            await app.tap("ppe.now_signed.on_paper")
            assert rows_of(held.answers["ppe.now_signed"]) == ({"caption": "Karen Brook"},)
            await app.type("ppe.now_signed.name", "")
            assert "ppe.now_signed" not in held.answers

    journey(walk)


def test_a_signature_that_is_put_back_takes_nothing_that_was_written_since() -> None:
    """The name written since stays; a reason for not signing is taken away first, by whoever wrote it."""

    async def walk() -> None:
        async with answering(WHO, now_signed=(DRAWN_BY_KAREN,)) as (app, held):
            await app.tap(f"{WHO.id}.remove")
            await app.type(f"{WHO.id}.name", "Karen Brook-Sample")
            await app.tap_faster_than_drawn(f"{WHO.id}.cannot", f"{WHO.id}.undo")
            await app.type(f"{WHO.id}.because", "Her hand is bandaged.")
            assert not app.has(f"{WHO.id}.undo")
            [row] = rows_of(held.answers[WHO.id])
            assert (row["how"], row["because"]) == ("cannot", "Her hand is bandaged.")
            await app.tap(f"{WHO.id}.cannot")
            await app.tap(f"{WHO.id}.undo")
            assert rows_of(held.answers[WHO.id]) == ({**DRAWN_BY_KAREN, "caption": "Karen Brook-Sample"},)

    journey(walk)


def test_what_could_not_be_kept_is_still_on_the_pad() -> None:
    """Nobody is asked to sign twice; what was closed without keeping it is another's paper."""
    came: list[int] = []

    async def refuses(_name: str, strokes: Sequence[Stroke], _size: tuple[int, int]) -> str:
        came.append(len(strokes))
        return "This device is full." if len(came) == 1 else ""

    async def walk() -> None:
        async with answering(WHO, sign=refuses) as (app, _):
            await app.tap(f"{WHO.id}.sign")
            await draws(app)
            await app.event(
                app.one(ft.AlertDialog), "dismiss"
            )  # heard late, once it has closed for another reason
            await app.tap(f"{WHO.id}.sign")
            await app.tap(f"{WHO.id}.keep")
            assert app.says(f"This device is full. {signing_words.STILL_ON_THE_PAD}")
            await app.tap(f"{WHO.id}.sign")
            await app.tap_faster_than_drawn(f"{WHO.id}.keep", f"{WHO.id}.keep")
            assert came == [1, 1]
            await app.tap(f"{WHO.id}.sign")
            await app.tap(f"{WHO.id}.keep")
            assert app.says(signing_words.NOTHING_YET)
            await draws(app)
            await app.tap(f"{WHO.id}.close")
            await app.tap(f"{WHO.id}.sign")
            await app.tap(f"{WHO.id}.keep")
            assert came == [1, 1]

    journey(walk)


async def draws(app: Screens) -> None:
    """One stroke."""
    hand = app.one(ft.GestureDetector, lambda one: one.on_pan_update is not None)
    for name, x in (("pan_start", 20.0), ("pan_update", 90.0)):
        spot = {"x": x, "y": 40.0}
        await app.event(hand, name, {"k": "touch", "l": spot, "g": spot})


def test_a_line_that_leaves_the_pad_runs_along_its_edge() -> None:
    """Nothing is drawn outside the picture; before the finger is down nothing is drawn at all."""
    sheet = Sheet()
    sheet.goes(5, 5)
    assert sheet.points == 0
    sheet.starts(10, 10)
    sheet.goes(-40, 9_999)
    assert sheet.strokes == [[(10, 10), (0, TALL)]]
    sheet.clear()
    assert sheet.points == 0


def test_the_pad_is_as_wide_as_the_window_allows() -> None:
    """On the smallest phone it still fits; on a tablet a name is no metre long."""
    assert pad_width(320) == 256
    assert pad_width(1180) == WIDEST
    assert pad_width(None) == pad_width(200) == NARROWEST
