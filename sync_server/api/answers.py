"""One shape for every answer to a handheld.

A phone on a train is often answered by somebody else: a hotel's sign-in page, a proxy's warning. The header
``Homeward-Protocol`` is on every answer of ours, and an app believes no answer without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.responses import JSONResponse, Response

from booklets.answers import instant

PROTOCOL_HEADER = "Homeward-Protocol"
PROTOCOL = "1"
OURS = {PROTOCOL_HEADER: PROTOCOL, "Cache-Control": "no-store"}


def answer(content: Mapping[str, Any], status: int = 200, **headers: str) -> Response:
    """A JSON answer of ours."""
    extra = {name.replace("_", "-"): value for name, value in headers.items()}
    return JSONResponse(dict(content), status, headers={**OURS, **extra})


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
