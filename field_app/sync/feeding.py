"""News as the server sends it: numbered pieces, each sealed to this device."""

from __future__ import annotations

from dataclasses import dataclass, field

from field_app.sync.enrolment import from_b64url
from field_app.sync.failures import NotOurServer
from field_app.sync.reading import Fields


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of news for this officer, still sealed to this device.

    Within a ``stream`` the numbers have no gaps: a missing one was lost on the way.
    """

    stream: str
    seq: int
    kind: str
    record: str
    rev: int
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Changes:
    """News after a cursor, and the cursor to go on from."""

    items: tuple[Item, ...]
    next: str
    more: bool


def item_from(value: object) -> Item:
    """One piece of news as the server sends it. Raises NotOurServer."""
    said = Fields(value)
    try:
        sealed = from_b64url(said.text_or_nothing("body"))
    except ValueError:
        raise NotOurServer("unreadable") from None
    return Item(
        stream=said.text_or_nothing("stream"),
        seq=said.whole("seq"),
        kind=said.text("kind", most=64),
        record=said.text_or_nothing("record"),
        rev=said.whole("rev"),
        sealed=sealed,
    )
