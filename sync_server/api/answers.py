"""One shape for every answer to a handheld.

A phone on a train is often answered by somebody else: a hotel's sign-in page, a proxy's warning. The header
``Homeward-Protocol`` is on every answer of ours, and an app believes no answer without it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from booklets.answers import instant
from booklets.batch import DEFLATED, deflated

PROTOCOL_HEADER = "Homeward-Protocol"
PROTOCOL = "1"
WORTH_PACKING = 200
"""Bytes. Shorter is what is answered all night, that there is nothing new: packing it would save none."""
OURS = {PROTOCOL_HEADER: PROTOCOL, "Cache-Control": "no-store"}


def answer(content: Mapping[str, Any], status: int = 200, **headers: str) -> Response:
    """A JSON answer of ours."""
    extra = {name.replace("_", "-"): value for name, value in headers.items()}
    return JSONResponse(dict(content), status, headers={**OURS, **extra})


def packed_answer(request: Request, content: Mapping[str, Any], status: int = 200) -> Response:
    """A JSON answer that may be long, in fewer bytes where whoever asks can read those.

    What is sealed in it gets no smaller; the letters it is written in do, by a quarter.
    """
    body = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    if len(body) < WORTH_PACKING or DEFLATED not in request.headers.get("accept-encoding", ""):
        return Response(body, status, headers=OURS, media_type="application/json")
    packed = {**OURS, "Content-Encoding": DEFLATED}
    return Response(deflated(body), status, headers=packed, media_type="application/json")


def bytes_answer(content: bytes, media_type: str, status: int = 200) -> Response:
    """Bytes that are signed, and so must arrive as they are."""
    return Response(content, status, headers=OURS, media_type=media_type)


def refusal(code: str, says: str, status: int, *, now: datetime | None = None, **more: Any) -> Response:
    """What is wrong, in a word for the app and in words for a person.

    The word stands in a header as well, because the answer to HEAD has no body.
    """
    retry_after = more.pop("retry_after", None)
    content = {"code": code, "says": says, **more}
    if now is not None:
        content["time"] = instant(now)
    headers = {} if retry_after is None else {"Retry_After": str(retry_after)}
    return answer(content, status, Homeward_Refused=code, **headers)
