"""What a system that we deliver to must be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol


class NotNow(Exception):
    """The system is down or busy. Trying again later is right, and not before ``after``, when it said so."""

    def __init__(self, reason: str, after: timedelta = timedelta(0)) -> None:
        super().__init__(reason)
        self.after = after


class Never(Exception):
    """The system will not take this. A person has to look."""


class ForceSystem(Protocol):
    """A place that records or notices are delivered to."""

    def deliver(self, content: Mapping[str, Any], *, once: str) -> None:
        """Hand the content over, or raise ``NotNow`` or ``Never``.

        ``once`` is the same for every attempt at one delivery, so that a system
        which recognises repeats files it only once. Reasons hold no word of the
        content, nor of what the other system said of it: they are logged and shown.
        """
        ...
