"""A signature is drawn on the pad with a pointer, sealed as a photograph is, and taken away again."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from booklets.answers import Row, rows_of
from booklets.photos import attachment_of
from field_app.ui import late_answers, signing_words
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support import seen
from tests.support.asking import asks
from tests.support.browser import Phone, phone
from tests.support.handsets import an_offline_shift, files_under
from tests.support.stage import Stage, served

pytestmark = pytest.mark.journey

SIGNED = "ppe.now_signed"
WHOLE_JPEG = b"\xff\xd8\xff"
JFIF = b"\xe0\x00\x10JFIF"


def asks_who_signs(model: Model) -> None:
    """The page of the end of police protection on which whoever takes over the child's care may sign."""
    asks(model, "protection_end", SIGNED)
    model.at = At.PAGE
    model.redraw()


def test_a_signature_is_drawn_cleared_drawn_again_kept_and_removed(browser: Browser, tmp_path: Path) -> None:
    """A stroke downwards scrolls nothing away; what is kept is sealed, and no file in the clear."""
    late_answers.are_let_go()
    with an_offline_shift(tmp_path) as officer:
        stage = Stage(officer=officer)
        with served(stage.main) as url, phone(browser, url) as screen:
            stage.tell(asks_who_signs)
            screen.fill(f"{SIGNED}.name", "Karen Brook")
            screen.tap(f"{SIGNED}.sign")
            screen.sees(f"{SIGNED}.pad")
            assert not [fault for fault in seen.faults_of(seen.parts_of(screen.page)) if SIGNED in fault]
            screen.tap(f"{SIGNED}.keep")
            screen.expect_says(signing_words.NOTHING_YET)
            draws(screen)
            screen.tap(f"{SIGNED}.clear")
            screen.tap(f"{SIGNED}.keep")
            screen.sees(f"{SIGNED}.pad")
            draws(screen)
            screen.tap(f"{SIGNED}.keep")
            screen.sees(f"{SIGNED}.remove")
            [row] = kept(stage)
            assert (row["caption"], row["how"]) == ("Karen Brook", "drawn")
            drawing = attachment_of(row)
            assert drawing is not None
            assert (officer.shift.photos.whole(drawing) or b"").startswith(WHOLE_JPEG)
            held = files_under(tmp_path)
            assert held
            assert not [name for name in held if WHOLE_JPEG + JFIF in held[name]]
            screen.tap(f"{SIGNED}.remove")
            screen.sees(f"{SIGNED}.undo")
            assert kept(stage) == ({"caption": "Karen Brook"},)
            screen.tap(f"{SIGNED}.undo")
            screen.sees(f"{SIGNED}.remove")
            assert kept(stage) == (row,)


def draws(screen: Phone) -> None:
    """Three strokes, from the top of the pad to its foot."""
    box = screen.at(f"{SIGNED}.pad").bounding_box()
    assert box
    mouse = screen.page.mouse
    for stroke in range(3):
        left, top = box["x"] + 40 + 70 * stroke, box["y"] + 30
        mouse.move(left, top)
        mouse.down()
        for step in range(1, 9):
            mouse.move(left + 12 * (step % 3), top + 14 * step)
        mouse.up()


def kept(stage: Stage) -> tuple[Row, ...]:
    """What is answered."""
    return rows_of(stage.models[-1].open_session().value(SIGNED))
