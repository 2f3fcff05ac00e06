"""What a screen offers to a hand, be it the real one in a browser or the app's own in this process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

Seen = Callable[[list[str]], bool]
"""Whether something is true of the identifiers on screen."""


class Hand(Protocol):
    """What a screen offers to a hand, whichever screen it is."""

    def identifiers(self) -> list[str]:
        """Every identifier on screen, in order."""
        ...

    def has(self, identifier: str) -> bool:
        """Whether something with this identifier is on screen."""
        ...

    def texts(self) -> list[str]:
        """All the words on screen, in order."""
        ...

    async def tap(self, identifier: str, brings: Seen | None = None) -> None:
        """Touch what has this identifier. ``brings`` says by what one sees that the screen has turned."""
        ...

    async def choose(self, identifier: str) -> None:
        """Touch a choice, and see it chosen."""
        ...

    def awaits(self, holds: Seen) -> None:
        """Wait until this is true of the identifiers on screen, where a screen takes its time."""
        ...

    async def type(self, identifier: str, words: str) -> None:
        """Replace the text of a field."""
        ...
