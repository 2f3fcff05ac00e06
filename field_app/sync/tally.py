"""What one round did, and what it remembers for the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from booklets.batch import MOST_ITEMS
from field_app.sync.failures import SyncFailed


@dataclass(slots=True)
class Together:
    """How many records go with one question, and whether the server takes several.

    A batch that is cut goes again from its beginning. So each cut halves the next one, and each question
    that gets through doubles it. ``taken`` is no more true once a server, or something before it, has
    refused a batch as such: until the next greeting each goes alone.
    """

    most: int = MOST_ITEMS
    taken: bool = True

    def cut(self) -> None:
        """The line broke."""
        self.most = max(1, self.most // 2)

    def one_by_one(self) -> None:
        """Something is wrong with a batch as a whole: alone, it shows with which of them."""
        self.taken = False

    def got_through(self) -> None:
        """The line bears more."""
        self.most = min(MOST_ITEMS, self.most * 2)


@dataclass(slots=True)
class Memory:
    """What one round remembers for the next, while the app runs."""

    tries: dict[str, int] = field(default_factory=dict)
    together: Together = field(default_factory=Together)
    reported: Mapping[str, Any] | None = None
    greeted: datetime | None = None
    copied: Mapping[str, int] | None = None


@dataclass(slots=True)
class Round:
    """What one round did. ``ended_by`` is the last thing that went wrong, if anything did."""

    sent: int = 0
    refused: int = 0
    arrived: int = 0
    ended_by: SyncFailed | None = None

    @property
    def some_got_through(self) -> bool:
        """Whether the server took or gave anything."""
        return bool(self.sent or self.refused or self.arrived)

    def note_arrivals(self, count: int) -> None:
        """So much more news has been stored."""
        self.arrived += count
