"""How a document becomes bytes, the same way everywhere in the store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

_ENCODE: Final = json.JSONEncoder(separators=(",", ":")).encode
_DECODE: Final = json.JSONDecoder().decode


def encoded(document: Mapping[str, Any]) -> bytes:
    """A document as bytes."""
    return _ENCODE(document).encode("ascii")


def decoded(body: bytes) -> dict[str, Any]:
    """The document again."""
    document: dict[str, Any] = _DECODE(body.decode("ascii"))
    return document
