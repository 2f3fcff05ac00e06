"""The handhelds' addresses in the same OpenAPI document as everything else.

They are plain endpoints, because what they take is signed bytes and not a model. So the document is written
from the same table as the routes, and cannot fall behind it.
"""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from sync_server.api.answers import PROTOCOL_HEADER
from sync_server.api.routes import ADDRESSES, Address

TITLE = "Homeward"
REFUSAL = {
    "type": "object",
    "required": ["code", "says"],
    "properties": {
        "code": {"type": "string", "description": "What is wrong, in a word that never changes."},
        "says": {"type": "string", "description": "What is wrong, in words for a person."},
    },
}
_REFUSED = {"schema": {"type": "string"}, "description": "The code, for an answer that has no body."}
_HEADERS = {PROTOCOL_HEADER: {"schema": {"const": "1"}, "description": "On every answer of this server."}}


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the whole application."""
    made = get_openapi(title=TITLE, version="1", routes=app.routes)
    made.setdefault("components", {}).setdefault("schemas", {})["Refusal"] = REFUSAL
    for address in ADDRESSES:
        made["paths"].setdefault(address.path, {})[address.method.lower()] = _operation(address)
    return made


def _operation(address: Address) -> dict[str, Any]:
    answers: dict[str, Any] = {
        str(status): {"description": "Done.", "headers": _HEADERS} for status in address.statuses
    }
    answers["default"] = {
        "description": "Refused, with what is wrong.",
        "headers": {**_HEADERS, "Homeward-Refused": _REFUSED},
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
    }
    needs = ["Signed by the device (RFC 9421)."] if address.signed else []
    needs += ["Needs a signed-in officer."] if address.session else []
    named = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", address.path)
    ]
    said = {"summary": address.says, "description": " ".join(needs), "responses": answers}
    return said | ({"parameters": named} if named else {})
