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

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)


def encode(fields: Mapping[str, object]) -> bytes:
    """The canonical bytes of ``fields``. Raises ValueError for what JSON cannot say exactly."""
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


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


def unhex(text: object) -> bytes:
    """The bytes that ``text`` spells in lower-case hexadecimal. Raises ValueError for any other spelling."""
    if not isinstance(text, str) or bytes.fromhex(text).hex() != text:
        raise ValueError("not lower-case hexadecimal")
    return bytes.fromhex(text)


def instant(at: datetime) -> str:
    """The spelling of a moment: ISO 8601 in UTC, ending in Z. Raises ValueError without a time zone."""
    if at.utcoffset() is None:
        raise ValueError("a moment needs its time zone")
    return _in_utc(at).isoformat().replace("+00:00", "Z")


def moment(text: object) -> datetime:
    """The moment spelt by ``text``, with its offset. Raises ValueError if it is none."""
    if not isinstance(text, str) or _INSTANT.fullmatch(text) is None:
        raise ValueError("not an ISO 8601 instant with its offset")
    at = datetime.fromisoformat(text)
    _in_utc(at)
    return at


def _in_utc(at: datetime) -> datetime:
    """The same moment in UTC. Raises ValueError at the ends of the calendar, where there is none."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("no moment in UTC") from None
