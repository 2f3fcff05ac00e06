"""How a field that is being edited lives with a store that answers later."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")
_MOST = 500


class Echo(Generic[T]):
    """What a field shows: its own edits first, and news from the store when it is really news.

    Every edit is reported and comes back a little later, when two more may have been made. Taking what
    comes back at face value would fight the typing thumb, so returning edits are recognised and let pass.
    """

    def __init__(self, shown: T) -> None:
        self.shown = shown
        self._sent: list[T] = []
        self._last = shown

    def edited(self, value: T) -> T:
        """The officer's own change: shown at once, and expected back."""
        self.shown = value
        self._sent.append(value)
        del self._sent[:-_MOST]
        return value

    def arrived(self, value: T, held: T | None = None) -> T:
        """What the store says now; returns what to show.

        ``held`` is what the box on screen holds at this moment. It may be further on than the last edit
        that was heard of: letters whose event has not run yet. Drawing what was heard would take them away.
        """
        if held is not None and held != self.shown:
            self.edited(held)
        if value == self._last:
            return self.shown
        self._last = value
        if value in self._sent:
            del self._sent[: self._sent.index(value) + 1]
        else:
            self._sent.clear()
            self.shown = value
        return self.shown
