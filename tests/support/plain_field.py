"""The smallest Flet app with a text field in it: what ours is held against. Served as ours is."""

from __future__ import annotations

import sys

import flet as ft
import uvicorn

FIELD = "plain"


def main(page: ft.Page) -> None:
    """One field; what is typed goes to Python and nowhere further."""
    typed: list[str] = []

    def changed(event: ft.Event[ft.TextField]) -> None:
        typed[:] = [event.control.value or ""]

    box = ft.TextField(on_change=changed, multiline=True, min_lines=4)
    page.add(ft.MergeSemantics(ft.Semantics(identifier=FIELD, label="Plain", content=box)))


if __name__ == "__main__":
    app = ft.run(main, export_asgi_app=True, no_cdn=True)
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_level="warning",
        access_log=False,
        ws="websockets-sansio",
    )
