"""What the server says to anybody: the time, what it speaks, and its signed keys."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from booklets.answers import instant
from sync_server.api.answers import OURS, answer, bytes_answer
from sync_server.context import Context
from sync_server.limits import address_of, context_of, limits_of

KEYS_TYPE = "application/vnd.homeward.keys+json"
API_VERSIONS = (1,)


async def hello(request: Request) -> Response:
    """The time here, which versions are spoken, and the number of the key directory."""
    limits_of(request).by_address.take(address_of(request))
    context = context_of(request)
    return answer(
        {
            "time": instant(context.now()),
            "api": list(API_VERSIONS),
            "min_app": context.settings.min_app,
            "directory_number": context.keys.directory.number,
            "force": request.app.state.force,
        }
    )


async def keys(request: Request) -> Response:
    """The key directory, exactly as the root key signed it."""
    limits_of(request).by_address.take(address_of(request))
    return bytes_answer(context_of(request).keys.directory_bytes, KEYS_TYPE)


async def healthz(request: Request) -> Response:
    """Whether the database answers. For scripts; says nothing about what is in it."""
    context = context_of(request)
    await limits_of(request).pool.run(_ask_database, context)
    return JSONResponse({"ok": True}, headers=OURS)


def _ask_database(context: Context) -> None:
    with context.store.read() as db:
        db.exec_driver_sql("SELECT 1")
