"""Every shape of the kit and every widget in each of its states, to be looked at by people.

`python -m tests.support.gallery` serves it; `... shoot FOLDER` takes the pictures.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import flet as ft

from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui.frame import frame, pages_bar, status_line, top_bar

ROOT = Path(__file__).parents[2]


def nothing() -> None:
    """A gallery's action."""


def broken() -> None:
    """An action that fails, to see the guard's notice."""
    raise RuntimeError("Amy Brook")


def kit_page() -> ft.Control:
    """The kit's shapes."""
    return frame(
        top=top_bar(
            "Amy Brook", "girl, 15 · return check", on_menu=nothing, on_back=nothing, back="Back to tonight"
        ),
        status=status_line("Saved on this phone 02:41 · no signal", online=False, on_lock=nothing),
        under_status=pages_bar("pages", "Back", 0, 4, nothing),
        body=[
            k.heading("Before you send"),
            k.paragraph("Two answers are needed. Nothing has left this phone."),
            k.notice(
                ft.Icons.SCHEDULE_ROUNDED,
                "Soon: tell the council by 03:31",
                under="No signal, so this record has told nobody.",
                action=k.second_action("ring", "Ring the duty team", nothing, name=ft.Icons.CALL_OUTLINED),
            ),
            k.caption("Signs"),
            k.card([k.late("Late by 12 minutes"), k.soon("Due by 03:31"), k.received("Received 02:59")]),
            k.rows(
                [
                    k.row("one", "Ethnicity, in her own words", nothing, under="Or why she was not asked"),
                    k.row("two", "Who is she with now?", nothing, aside="Page 4"),
                ]
            ),
            k.fact(
                "where",
                "14 Saltern Row",
                "Scarborough · here, within 8 m",
                nothing,
                name=ft.Icons.PLACE_OUTLINED,
            ),
            ft.Row(
                [
                    k.soft_action(
                        "start.missing", "Child missing", nothing, name=ft.Icons.PERSON_SEARCH_ROUNDED
                    ),
                    k.soft_action("start.back", "Child is back", nothing, name=ft.Icons.HOME_OUTLINED),
                ]
            ),
            k.quiet_action("broken", "Break something", broken),
        ],
        actions=[k.main_action("send", "Answer the 2 needed", nothing, under="then send to duty sergeant")],
        above=k.quiet_action("emergency", "Cannot wait? Send as an emergency", nothing),
    )


PAGES: dict[str, Callable[[], ft.Control]] = {"kit": kit_page}


@ft.component
def gallery(name: str) -> ft.View:
    """One page of the gallery."""
    return ft.View(route=f"/{name}", padding=0, spacing=0, controls=[PAGES[name]()])


def main(page: ft.Page) -> None:
    """`/kit`, or `/kit/contrast` for high contrast."""
    name, *flags = page.route.strip("/").split("/")
    t.dress(page, high_contrast="contrast" in flags)
    page.render_views(lambda: [gallery(name if name in PAGES else "kit")])


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The gallery in a process of its own, on a free local port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "GALLERY_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "tests.support.gallery"], cwd=ROOT, env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _wait(url: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own loopback address
            return
        time.sleep(0.05)
    raise TimeoutError("the gallery did not start")


if __name__ == "__main__":
    ft.run(
        main,
        view=None,
        host="127.0.0.1",
        port=int(os.environ.get("GALLERY_PORT", "8550")),
        no_cdn=True,
        assets_dir=str(ROOT / "assets"),
    )
