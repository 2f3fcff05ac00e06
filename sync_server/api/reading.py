"""What came in a request, field by field. Whatever does not fit is a ``WireError`` naming the field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from booklets.errors import WireError
from sync_server.api.promises import Schema
from sync_server.identity.devices import from_b64url


def json_object(body: bytes) -> Mapping[str, Any]:
    """The JSON object in a body; an empty body is an empty object."""
    if not body:
        return {}
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise WireError("the body is not JSON") from None
    if not isinstance(content, dict):
        raise WireError("the body is not a JSON object")
    return content


def text(content: Mapping[str, Any], name: str, *, most: int = 200) -> str:
    """A field that must be text, printable and not too long."""
    value = content.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= most or not value.isprintable():
        raise WireError(f"{name} must be text of 1 to {most} characters")
    return value


def a_text(*, most: int = 200) -> Schema:
    """What ``text`` takes. ``printable`` is what Python calls so: no control characters, for one."""
    return {"type": "string", "minLength": 1, "maxLength": most, "format": "printable"}


def raw(content: Mapping[str, Any], name: str, *, size: int) -> bytes:
    """A field that must be so many bytes, in base64url."""
    try:
        value = from_b64url(text(content, name, most=4 * size))
    except ValueError:
        raise WireError(f"{name} must be base64url") from None
    if len(value) != size:
        raise WireError(f"{name} must be {size} bytes")
    return value


def some_bytes(*, size: int) -> Schema:
    """What ``raw`` takes: base64url, with or without padding."""
    letters = -(-size * 4 // 3)
    pattern = f"^[A-Za-z0-9_-]{{{letters}}}={{0,{-letters % 4}}}$"
    return {"type": "string", "format": f"base64url-{size}", "pattern": pattern}


def bytes_of_any_length(content: Mapping[str, Any], name: str, *, most: int) -> bytes:
    """A field that must be bytes in base64url, written with at most so many letters."""
    try:
        return from_b64url(text(content, name, most=most))
    except ValueError:
        raise WireError(f"{name} must be base64url") from None


def some_letters(*, most: int) -> Schema:
    """What ``bytes_of_any_length`` takes."""
    four = "[A-Za-z0-9_-]"
    return {"type": "string", "maxLength": most, "pattern": f"^({four}{{4}})*{four}{{2,4}}={{0,2}}$"}


def whole(content: Mapping[str, Any], name: str, *, most: int = 2**53) -> int:
    """A field that must be a whole number, zero or more. JSON knows no difference between 5 and 5.0."""
    value = content.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not int or not 0 <= value <= most:
        raise WireError(f"{name} must be a whole number")
    return value


def yes(content: Mapping[str, Any], name: str) -> bool:
    """A field that must be yes or no where it is there, and is no where it is not."""
    value = content.get(name, False)
    if type(value) is not bool:
        raise WireError(f"{name} must be true or false")
    return value


def a_whole(*, most: int = 2**53) -> Schema:
    """What ``whole`` and ``whole_in`` take."""
    return {"type": "integer", "minimum": 0, "maximum": most}


def whole_in(query: Mapping[str, str], name: str, *, otherwise: int, most: int = 2**53) -> int:
    """A whole number in the address, or ``otherwise`` when it is not there."""
    value = query.get(name)
    if value is None:
        return otherwise
    if not (value.isascii() and value.isdigit() and len(value) <= 16) or int(value) > most:  # noqa: PLR2004
        raise WireError(f"{name} must be a whole number of at most {most}")
    return int(value)
