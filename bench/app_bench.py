"""The app in a browser beside a bare Flet app with one text field: keys, first screen, memory.

Both are processes of their own, served alike, shown by the same browser, and asked in turns, so that
whatever else the machine does hits both. Times are taken inside the page: from the key to the moment at
which Flutter hands the browser the next picture. Between keys neither app draws anything; a picture that
was still on its way would make a sample too short, never too long.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser

from bench.full_check import full_check
from bench.much_stored import fill_of_app
from house.run import Program, answers, free_port
from tests.support.browser import Phone, chromium, phone
from tests.support.night import THE_PHONE, Night, a_night
from tests.support.people import PIN, Officer
from tests.support.plain_field import FIELD

MIB = 1 << 20
QUESTION = "pi.why_left"
LETTERS = "she walked along the sea front until it got cold "
PAUSE_MS = 120
"""Between two keys: a fast typist, and time enough for the picture to be there."""
KEY_RATIO, KEY_MS = 1.5, 100.0
DRAFTS, SENT = 50, 4_950
PAINT_RATIO = 1.5
MOST_MIB = 190.0
"""200 MB, with 5,000 records stored."""
# Notes every key and every picture, with the page's own clock.
WATCH = """() => {
window.keys = []; window.pictures = [];
addEventListener('keydown', () => keys.push(performance.now()), true);
const show = ImageBitmapRenderingContext.prototype.transferFromImageBitmap;
ImageBitmapRenderingContext.prototype.transferFromImageBitmap = function (picture) {
  show.call(this, picture);
  if (picture) pictures.push(performance.now());
};
}"""
# Asks for the accessibility tree as soon as it can be had, and notes when the first screen is in it.
FIRST_SCREEN = """
new MutationObserver((_, self) => {
  const placeholder = document.querySelector('flt-semantics-placeholder');
  if (placeholder && !window.asked) { window.asked = true; placeholder.click(); }
  const screen = document.querySelector('[flt-semantics-identifier="IDENTIFIER"]');
  if (screen) { window.firstScreen = performance.now(); self.disconnect(); }
}).observe(document, {childList: true, subtree: true, attributes: true});
"""
ECHOES = """() => keys.map(key => pictures.find(picture => picture > key) - key)"""


def run(full: bool) -> Iterator[dict[str, Any]]:
    """First screens while nobody is signed in, then 5,000 records stored, a draft, memory and keys."""
    with (
        tempfile.TemporaryDirectory() as temporary,
        a_night(Path(temporary)) as night,
        chromium() as browser,
    ):
        plain, plain_url = _plain_app(Path(temporary))
        try:
            yield _first_screens(browser, night.urls[THE_PHONE], plain_url, 7 if full else 3)
            yield from _while_writing(browser, night, plain, plain_url, 300 if full else 80)
        finally:
            plain.stop()


def _plain_app(folder: Path) -> tuple[Program, str]:
    port = free_port(0)
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tests.support.plain_field", str(port)]
    program = Program("plain app", command, {}, folder / "plain.log")
    program.start()
    program.until(partial(answers, url))
    return program, url


# -- the first screen --------------------------------------------------------------------------------
def _first_screens(browser: Browser, ours: str, plain: str, times: int) -> dict[str, Any]:
    """From the address to the first screen, in a browser that has kept nothing."""
    mine, others = [], []
    for _ in range(times + 1):  # the first of each is practice
        mine.append(_first_screen(browser, ours, "enrol.code"))
        others.append(_first_screen(browser, plain, FIELD))
    value, anchor = statistics.median(mine[1:]), statistics.median(others[1:])
    return {
        "name": "app.first_paint_p50", "value": round(value), "unit": "ms",
        "anchor": {"bare Flet text field": round(anchor), "ratio": round(value / anchor, 2)},
        "goal": f"<= {PAINT_RATIO} x the bare app", "ok": value <= PAINT_RATIO * anchor,
        "samples": [round(one) for one in mine[1:]], "load": _load(),
    }  # fmt: skip


def _first_screen(browser: Browser, url: str, identifier: str) -> float:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    try:
        context.add_init_script(FIRST_SCREEN.replace("IDENTIFIER", identifier))
        page = context.new_page()
        page.goto(url, wait_until="commit")
        found: float = page.wait_for_function("() => window.firstScreen", timeout=60_000).json_value()
        return found
    finally:
        context.close()


# -- with a draft open -------------------------------------------------------------------------------
def _while_writing(
    browser: Browser, night: Night, plain: Program, plain_url: str, keys: int
) -> Iterator[dict[str, Any]]:
    with phone(browser, night.urls[THE_PHONE]) as ours:
        Officer(ours, night).sets_up_the_handheld()
    night.apps[THE_PHONE].stop()
    night.stop_server()  # without signal: else what the server does not know of it is sent to it once more
    fill_of_app(night.folder_of(THE_PHONE), PIN, full_check(), drafts=DRAFTS, sent=SENT)
    night.start_app()
    with phone(browser, night.urls[THE_PHONE]) as ours, phone(browser, plain_url) as bare:
        _opens_a_draft(Officer(ours, night))
        yield _memory_figure(night.apps[THE_PHONE], plain)
        mine, others = _typed_in_turns(ours, bare, keys)
    value, anchor = _p95(mine), _p95(others)
    yield {
        "name": "app.keypress_p95", "value": value, "unit": "ms",
        "anchor": {
            "bare Flet text field": anchor,
            "ratio": round(value / anchor, 2),
            "median here and there": [round(statistics.median(one), 1) for one in (mine, others)],
            "records stored": DRAFTS + SENT,
        },
        "goal": f"<= {KEY_RATIO} x the bare field and < {KEY_MS:.0f} ms",
        "ok": value <= KEY_RATIO * anchor and value < KEY_MS,
        "samples": [round(one, 1) for one in mine], "load": _load(),
    }  # fmt: skip


def _opens_a_draft(officer: Officer) -> None:
    """As far as the page with the most to write."""
    officer.unlocks()
    officer.starts_a_return_check()
    officer.writes("person.known_as", "Amy")
    officer.opens_page("talk")
    officer.chooses("pi.face_to_face.yes", "pi.engaged.yes")


def _typed_in_turns(ours: Phone, bare: Phone, keys: int) -> tuple[list[float], list[float]]:
    for one, question in ((ours, QUESTION), (bare, FIELD)):
        one.editing(question)
        one.page.evaluate(WATCH)
    for number in range(keys):
        for one in (ours, bare):
            one.page.keyboard.type(LETTERS[number % len(LETTERS)])
            one.page.wait_for_timeout(PAUSE_MS)
    mine, others = (_echoes(one) for one in (ours, bare))
    assert len(mine) == len(others) == keys, "every key has its echo"
    return mine, others


def _echoes(screen: Phone) -> list[float]:
    found: list[float] = screen.page.evaluate(ECHOES)
    return found


def _memory_figure(app: Program, plain: Program) -> dict[str, Any]:
    value, anchor = _memory(app), _memory(plain)
    return {
        "name": "app.memory_rss", "value": value, "unit": "MiB",
        "anchor": {"bare Flet text field": anchor, "more": round(value - anchor, 1)},
        "goal": f"< {MOST_MIB:.0f}", "ok": value < MOST_MIB,
        "samples": [value], "load": _load(),
    }  # fmt: skip


def _memory(program: Program) -> float:
    """Resident memory of a program and everything that it has started."""
    process = psutil.Process(program.pid)
    resident: int = sum(one.memory_info().rss for one in (process, *process.children(recursive=True)))
    return round(resident / MIB, 1)


def _p95(samples: Sequence[float]) -> float:
    return round(statistics.quantiles(samples, n=20)[18], 1)


def _load() -> list[float]:
    return [round(one, 2) for one in os.getloadavg()]
