"""Whoever does not sign on the glass is named all the same, with the reason, without a finger."""

from __future__ import annotations

from booklets.answers import rows_of
from booklets.forms import Kind
from field_app.ui.widgets import FieldView
from field_app.ui.widgets.signature import NARROWEST, TALL, WIDEST, Sheet, pad_width
from tests.support.answering import answering
from tests.support.screens import journey

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
