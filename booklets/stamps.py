"""When the device says something happened, and how far that may be believed.

A phone's clock can be wrong by years. A stamp therefore keeps what the clock on
the wall said, how far off the device believed itself to be (learnt from the
server's answers), and the time since the device started, which nobody can set.
Clocks such as the 72 hours run on ``Stamp.instant``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from booklets.answers import instant, read_instant
from booklets.errors import WireError


class Confidence(StrEnum):
    """Where the offset comes from."""

    DEVICE = "device"  # never heard a server: the phone's own clock
    ESTIMATED = "estimated"  # offset learnt from an earlier answer of the server
    SERVER = "server"  # the server's own clock


@dataclass(frozen=True, slots=True)
class Stamp:
    """One event's time as the device knew it."""

    wall: datetime
    offset_ms: int = 0
    monotonic_ms: int = 0
    confidence: Confidence = Confidence.DEVICE

    @property
    def instant(self) -> datetime:
        """The best estimate of the true instant, in UTC."""
        return (self.wall + timedelta(milliseconds=self.offset_ms)).astimezone(UTC)


def stamp_to_json(stamp: Stamp) -> dict[str, Any]:
    """A stamp as JSON can hold it."""
    return {
        "wall": instant(stamp.wall),
        "offset_ms": stamp.offset_ms,
        "monotonic_ms": stamp.monotonic_ms,
        "confidence": stamp.confidence.value,
    }


def stamp_from_json(value: object) -> Stamp:
    """Read what ``stamp_to_json`` wrote."""
    match value:
        case {
            "wall": wall,
            "offset_ms": int(offset),
            "monotonic_ms": int(monotonic),
            "confidence": str(confidence),
        } if (
            confidence in set(Confidence)
            and not isinstance(offset, bool)
            and not isinstance(monotonic, bool)
        ):
            return _possible(Stamp(read_instant(wall), offset, monotonic, Confidence(confidence)))
        case _:
            raise WireError("not a stamp")


def _possible(stamp: Stamp) -> Stamp:
    """The stamp, if the instant it means lies within the calendar."""
    try:
        _ = stamp.instant
    except OverflowError:
        raise WireError("not a stamp") from None
    return stamp
