"""The one spelling of a JSON object that may be signed or sealed.

UTF-8; keys sorted by code point; no spaces; no floats, no ``NaN``; nothing escaped that need not be. A
reader accepts that spelling only: what it decodes must encode to the very bytes it was given, so two
readers can never see different values behind one signature (repeated keys, ``1.0`` for ``1``, …).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)


def encode(fields: Mapping[str, object]) -> bytes:
    """The canonical bytes of ``fields``. Raises ValueError for what JSON cannot say exactly."""
    spelt = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return spelt.encode()


def decode(data: bytes, *, limit: int) -> dict[str, object]:
    """The object that ``data`` spells canonically. Raises ValueError, at once above ``limit``."""
    if len(data) > limit:
        raise ValueError("longer than allowed")
    try:
        fields = json.loads(data.decode(), parse_float=_no_floats)
        spelled_well = isinstance(fields, dict) and encode(fields) == data
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not spelled_well:
        raise ValueError("not one canonical JSON object")
    return dict(fields)


def _no_floats(_text: str) -> object:
    raise ValueError("a number with a fraction has no single spelling")


def text(value: object) -> str:
    """A value that has to be a text. Raises ValueError for any other."""
    if not isinstance(value, str):
        raise ValueError("not a text")  # noqa: TRY004  # to the reader it is one thing: not what was expected
    return value


def whole(value: object) -> int:
    """A value that has to be a whole number from 0; ``true`` is none. Raises ValueError for any other."""
    if type(value) is not int or value < 0:
        raise ValueError("not a whole number")
    return value


def unhex(value: object) -> bytes:
    """The bytes spelt in lower-case hexadecimal. Raises ValueError for any other spelling."""
    found = bytes.fromhex(text(value))
    if found.hex() != value:
        raise ValueError("not lower-case hexadecimal")
    return found


def digest(value: object) -> str:
    """A SHA-256 spelt in hexadecimal, as it is. Raises ValueError for any other text."""
    if len(unhex(value)) != sha256().digest_size:
        raise ValueError("not a SHA-256")
    return text(value)


def instant(at: datetime) -> str:
    """The spelling of a moment: ISO 8601 in UTC, ending in Z. Raises ValueError without a time zone."""
    if at.utcoffset() is None:
        raise ValueError("a moment needs its time zone")
    return _in_utc(at).isoformat().replace("+00:00", "Z")


def moment(value: object) -> datetime:
    """The moment spelt there, with its offset. Raises ValueError if it is none."""
    if _INSTANT.fullmatch(text(value)) is None:
        raise ValueError("not an ISO 8601 instant with its offset")
    at = datetime.fromisoformat(text(value))
    _in_utc(at)
    return at


def _in_utc(at: datetime) -> datetime:
    """The same moment in UTC. Raises ValueError at the ends of the calendar, where there is none."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("no moment in UTC") from None
