"""The console's addresses, and which roles each is for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from sync_server.console import desks, handhelds
from sync_server.console.doors import HEADERS, Endpoint, for_roles
from sync_server.identity.accounts import CONSOLE_ROLES, Role

READERS = frozenset({Role.MHET, Role.ADMIN})
_STYLE = files("sync_server.console") / "static" / "console.css"


@dataclass(frozen=True, slots=True)
class Address:
    """One method and path, what answers it, and for whom. No roles: for anybody."""

    method: str
    path: str
    endpoint: Endpoint
    roles: frozenset[Role] = frozenset()


async def style(_request: Request) -> Response:
    """The one style sheet."""
    headers = {**HEADERS, "Cache-Control": "max-age=300"}
    return Response(_STYLE.read_bytes(), headers=headers, media_type="text/css")


ADDRESSES = (
    Address("GET", "/static/console.css", style),
    Address("GET", "/sign-in/{flow}", handhelds.show),
    Address("POST", "/sign-in/{flow}", handhelds.send),
    Address("GET", "/sign-in", desks.ask),
    Address("POST", "/sign-in", desks.send),
    Address("POST", "/sign-out", for_roles(CONSOLE_ROLES, desks.sign_out), CONSOLE_ROLES),
    Address("GET", "/", for_roles(READERS, desks.list_arrived), READERS),
    Address("GET", "/records/{record}", for_roles(READERS, desks.show_record), READERS),
)


def add_console(app: FastAPI) -> None:
    """Put the console's addresses into the application."""
    for address in ADDRESSES:
        app.add_route(address.path, address.endpoint, methods=[address.method], include_in_schema=False)
