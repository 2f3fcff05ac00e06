"""How far a session has read its pack, as a part of a cursor."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sync_server.db.types import HIGHEST
from sync_server.feed import MOST_DIGITS


@dataclass(frozen=True, slots=True)
class Place:
    """Up to which change of the unit somebody has read, and how many items that made."""

    n: int = 0
    given: int = 0


def stream_of(session: str) -> str:
    """The name of a session's pack in cursors: another shift reads it from its beginning."""
    return hashlib.sha256(b"hwd/pack/1" + session.encode()).hexdigest()[:12]


def place_in(cursor: str, session: str) -> Place:
    """How far a cursor has come in this session's pack; a cursor of another session not at all."""
    stream = stream_of(session)
    parts = dict(part.split(".", 1) for part in cursor.split("~") if "." in part)
    numbers = (parts.get(f"{stream}{one}", "0") for one in "nk")
    n, given = (
        min(int(one), HIGHEST) if one.isdecimal() and len(one) <= MOST_DIGITS else 0 for one in numbers
    )
    return Place(n, given)


def reached(read: str, place: Place, session: str) -> str:
    """The cursor of what was ``read`` of everything else, with the place in this session's pack."""
    stream = stream_of(session)
    return f"{read}~{stream}n.{place.n}~{stream}k.{place.given}".strip("~")
