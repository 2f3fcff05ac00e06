"""Where on the earth a place is, as a device found it: one row, kept with how far it may be off, and when.

    lat, lon    WGS 84, in degrees with five decimals, which is about a metre
    accuracy_m  the place lies within so many metres of it, as the device says
    at          when the device was asked

A device is asked once, by somebody who taps; nobody's way is ever recorded. It is found again by whoever may
read the record, and by nobody who only hears it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from booklets.answers import Answer, Moment, Row, rows_of

LAT, LON, ACCURACY, AT = "lat", "lon", "accuracy_m", "at"
OF_A_PLACE = "place.position"
"""The question that asks for it of a place."""
_DEGREES = re.compile(r"-?[0-9]{1,3}\.[0-9]{1,7}")
_MOST: Mapping[str, float] = {LAT: 90.0, LON: 180.0}
_METRES = re.compile(r"[0-9]{1,5}")


def position_row(lat: float, lon: float, within_m: float, at: datetime) -> Row:
    """The row of a position that was just found. Part of a metre counts as a whole one."""
    return MappingProxyType(
        {LAT: f"{lat:.5f}", LON: f"{lon:.5f}", ACCURACY: str(max(1, math.ceil(within_m))), AT: Moment(at)}
    )


def is_position(answer: Answer | None) -> bool:
    """Whether this is one whole position on the earth, and nothing besides."""
    rows = rows_of(answer)
    if len(rows) != 1 or rows[0].keys() != {LAT, LON, ACCURACY, AT}:
        return False
    (row,) = rows
    metres = row[ACCURACY]
    return (
        all(_on_earth(row[name], most) for name, most in _MOST.items())
        and isinstance(metres, str)
        and _METRES.fullmatch(metres) is not None
        and isinstance(row[AT], Moment)
    )


def _on_earth(cell: object, most: float) -> bool:
    return isinstance(cell, str) and _DEGREES.fullmatch(cell) is not None and abs(float(cell)) <= most


def position_of(facts: Mapping[str, Answer]) -> Row | None:
    """Where a place is, where somebody stood there and let the device say it."""
    answer = facts.get(OF_A_PLACE)
    return rows_of(answer)[0] if is_position(answer) else None
