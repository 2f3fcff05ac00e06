"""The shift pack of one open vault: kept as it comes, read once, and forgotten at the end of the shift."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from field_app.capture.known_children import Pack, pack_from
from field_app.store.sealed_table import VaultDB
from field_app.store.shift_pack import ShiftPackStore
from field_app.sync.desk import Arrival
from field_app.sync.hearing import SHIFT_PACK

__all__ = ["SHIFT_PACK", "KnownChildren"]


class KnownChildren:
    """What this officer may know of children tonight. Touched on the keeper's thread alone.

    It is read out of the vault once and kept open until the vault closes or something comes.
    """

    def __init__(self, db: VaultDB, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = ShiftPackStore(db)
        self._now = now
        self._open: Pack | None = None

    def take(self, arrivals: Sequence[Arrival], until: datetime | None) -> None:
        """Keep what the force has told of children, in the caller's transaction."""
        told = [one for one in arrivals if one.content is not None and one.content.get("child")]
        if told:
            self._open = None
            self._store.take(told[-1].stream, [one.content or {} for one in told], until)

    def here(self) -> Pack:
        """The pack as it stands; nothing once its shift is over, and then it is erased as well."""
        about = self._store.about()
        if about.is_over(self._now()):
            self.forget()
            return Pack()
        if self._open is None:
            self._open = pack_from(self._store.children(), as_of=about.as_of, until=about.until)
        return self._open

    def forget(self) -> None:
        """The shift is over."""
        self._open = None
        self._store.forget()
