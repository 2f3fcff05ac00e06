"""The console's addresses."""

from __future__ import annotations

from importlib.resources import files

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from sync_server.console import handhelds
from sync_server.console.doors import HEADERS

_STYLE = files("sync_server.console") / "static" / "console.css"


async def style(_request: Request) -> Response:
    """The one style sheet."""
    headers = {**HEADERS, "Cache-Control": "max-age=300"}
    return Response(_STYLE.read_bytes(), headers=headers, media_type="text/css")


def add_console(app: FastAPI) -> None:
    """Put the console's addresses into the application."""
    app.add_route("/static/console.css", style, methods=["GET"], include_in_schema=False)
    app.add_route("/sign-in/{flow}", handhelds.show, methods=["GET"], include_in_schema=False)
    app.add_route("/sign-in/{flow}", handhelds.send, methods=["POST"], include_in_schema=False)
