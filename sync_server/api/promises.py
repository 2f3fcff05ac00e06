"""What an address promises: what it reads of a request, what it answers, and what it refuses.

It stands as a decorator on the function that does so, and the OpenAPI document is made of nothing else. Two
things hold it to the truth: every answer to a handheld of the tests is compared with the document
(`tests/support/promised.py`), and F20 of `make faults` asks at random by it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from booklets.errors import BookletError

Schema = Mapping[str, Any]
Work = TypeVar("Work", bound=Callable[..., Any])

JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Gives:
    """One good answer: its body, if it has one, and the headers that are always on it."""

    schema: Schema | None = None
    media_type: str = JSON
    headers: Mapping[str, Schema] = field(default_factory=dict)
    more_headers: Mapping[str, Schema] = field(default_factory=dict)
    """Those that are on it only sometimes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """All of it for one address, but for what every signed one has in common (``document`` adds that)."""

    gives: Mapping[int, Gives]
    reads: Schema | None = None
    media_type: str = JSON
    query: Mapping[str, Schema] = field(default_factory=dict)
    headers: Mapping[str, Schema] = field(default_factory=dict)
    """Headers of the request that it cannot do without."""
    more_headers: Mapping[str, Schema] = field(default_factory=dict)
    refuses: Collection[type[BookletError]] = ()
    also: Mapping[str, int] = field(default_factory=dict)
    """Codes of refusals that are no exception, with their status."""


_KEPT: dict[Callable[..., Any], Promise] = {}


def promises(promise: Promise) -> Callable[[Work], Work]:
    """Say what this endpoint, or this work of one, promises."""

    def keep(work: Work) -> Work:
        _KEPT[work] = promise
        return work

    return keep


def promise_of(work: Callable[..., Any]) -> Promise:
    """What it promises. Raises LookupError where nobody has said it: no address goes without."""
    if work not in _KEPT:
        raise LookupError(f"{work.__module__}.{work.__qualname__} has to say what it promises")
    return _KEPT[work]


def an_object(fields: Mapping[str, Schema], *, may: Mapping[str, Schema] | None = None) -> Schema:
    """A JSON object that we answer: these fields, perhaps those, and no others."""
    return {
        "type": "object",
        "required": list(fields),
        "properties": {**fields, **(may or {})},
        "additionalProperties": False,
    }


def a_message(fields: Mapping[str, Schema], *, may: Mapping[str, Schema] | None = None) -> Schema:
    """A JSON object that we read: what a newer app says besides is passed over."""
    return {"type": "object", "required": list(fields), "properties": {**fields, **(may or {})}}


def a_list(of: Schema, **limits: int) -> Schema:
    """A JSON list."""
    return {"type": "array", "items": of, **limits}


TEXT: Final[Schema] = {"type": "string"}
YES_OR_NO: Final[Schema] = {"type": "boolean"}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
ID: Final[Schema] = {"type": "string", "format": "uuid"}
INSTANT: Final[Schema] = {"type": "string", "format": "date-time"}
SUM: Final[Schema] = {"type": "string", "format": "sha256", "pattern": "^[0-9a-f]{64}$"}
SEALED: Final[Schema] = {"type": "string", "format": "binary"}
BYTES: Final[Schema] = {"type": "string", "pattern": "^[A-Za-z0-9_-]*$"}
"""Bytes in base64url without padding, as we write them."""
DIGITS: Final[Schema] = {"type": "string", "pattern": "^(0|[1-9][0-9]{0,15})$"}
"""A whole number in a header."""
