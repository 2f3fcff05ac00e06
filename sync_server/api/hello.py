"""What the server says to anybody: the time, what it speaks, and its signed keys."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from booklets.answers import instant
from sync_server.api.answers import answer, bytes_answer
from sync_server.api.promises import (
    COUNT,
    INSTANT,
    TEXT,
    Gives,
    Promise,
    a_list,
    an_object,
    promises,
)
from sync_server.limits import TooOften, address_of, context_of, limits_of

KEYS_TYPE = "application/vnd.homeward.keys+json"
API_VERSIONS = (1,)


@promises(
    Promise(
        gives={
            200: Gives(
                an_object(
                    {
                        "time": INSTANT,
                        "api": a_list({"enum": list(API_VERSIONS)}),
                        "min_app": TEXT,
                        "directory_number": COUNT,
                        "force": TEXT,
                    }
                )
            )
        },
        refuses=(TooOften,),
    )
)
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


@promises(
    Promise(
        gives={
            200: Gives(
                an_object(
                    {
                        "v": {"const": 1},
                        "number": COUNT,
                        "issued": INSTANT,
                        "keys": a_list({"type": "object"}),
                        "sig": TEXT,
                    }
                ),
                media_type=KEYS_TYPE,
            )
        },
        refuses=(TooOften,),
    )
)
async def keys(request: Request) -> Response:
    """The key directory, exactly as the root key signed it."""
    limits_of(request).by_address.take(address_of(request))
    return bytes_answer(context_of(request).keys.directory_bytes, KEYS_TYPE)
