"""An officer's own record, read again once the copy on this device is gone: fetched, shown, and not kept.

It lies in memory alone, for as long as the force lets a copy be re-read, and ends with the shift. Each
fetching is noted by the force.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from booklets.errors import BookletError
from booklets.records import Record
from booklets.wire import record_from_json
from field_app.capture.worklist import Parcel
from field_app.sync.errands import Fetched
from field_app.sync.failures import SignInAgain, TryLater

PATIENCE_S: Final = 60.0
NO_WAY: Final = (
    "There is no connection to the force, so it cannot be read just now. The force has it. Try later."
)
SIGN_IN: Final = "Sign in again first; then it can be read. The force has it."


class CannotReadNow(BookletError):
    """It cannot be fetched now. Nothing was changed."""

    code = "cannot_read_now"


@dataclass(frozen=True, slots=True)
class Copy:
    """What was fetched of one encounter, and until when it may be read here."""

    records: tuple[Record, ...] = field(repr=False)
    until: datetime


class ReadingAgain:
    """What an officer reads again during one shift."""

    def __init__(
        self,
        fetch: Callable[[str], Future[Fetched]],
        *,
        now: Callable[[], datetime],
        kept: timedelta,
        patience: float = PATIENCE_S,
    ) -> None:
        self._fetch = fetch
        self._now = now
        self._kept = kept
        self._patience = patience
        self._copies: dict[str, Copy] = {}

    def read(self, parcel: Parcel) -> Copy:
        """Fetch each record of what was sent. Raises CannotReadNow in words, and what the force refuses."""
        asked = [self._fetch(item.record) for item in parcel.items]
        try:
            found = [waiting.result(self._patience) for waiting in asked]
        except SignInAgain:
            raise CannotReadNow(SIGN_IN) from None
        except (TryLater, TimeoutError):
            raise CannotReadNow(NO_WAY) from None
        records = tuple(record_from_json(one.get("content")) for one in found)
        copy = Copy(records, self._now() + self._kept)
        self._copies[parcel.encounter] = copy
        return copy

    def copy_of(self, encounter: str) -> Copy | None:
        """What was fetched of an encounter, as long as it may be read."""
        copy = self._copies.get(encounter)
        if copy is not None and copy.until <= self._now():
            del self._copies[encounter]
            return None
        return copy
