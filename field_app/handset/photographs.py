"""The photographs of what an officer is writing: made small, sealed at once, shown again, taken away."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from booklets.answers import Row
from booklets.entities import new_id
from booklets.photos import photo_row
from field_app.capture.pictures import prepared
from field_app.store.keeper import Keeper
from field_app.store.photos import Photos
from field_app.store.sealed_table import VaultDB


class PictureSource(Protocol):
    """Where a photograph comes from: the device's camera, a file that was chosen, or a test."""

    async def pick(self) -> bytes | None:
        """The bytes of a photograph; ``None`` where nobody took or chose one. Raises BookletError."""
        ...


class Photographs:
    """What can be done with photographs while the vault is open. Each waits for the keeper's thread."""

    def __init__(self, db: VaultDB, *, keeper: Keeper, now: Callable[[], datetime]) -> None:
        self._db = db
        self._keeper = keeper
        self._now = now

    def add(self, draft: UUID, file: bytes) -> Row:
        """Make a photograph of a file and keep it for a draft; the row that names it.

        It is sealed and durable before this returns. Raises NoPicture where the file is none, StoreFull
        where there is no room; then nothing of it is kept.
        """
        made = prepared(file)
        photo = new_id()
        self._keeper.call(lambda: Photos(self._db).put(photo, made.picture, draft=str(draft))).result()
        return photo_row(photo, added=self._now(), taken=made.taken)

    def small(self, photo: UUID) -> bytes | None:
        """The small picture of it, as a JPEG; None where it is not on this device."""
        return self._keeper.call(lambda: Photos(self._db).small(photo)).result()

    def whole(self, photo: UUID) -> bytes | None:
        """All of it, as a JPEG; None where it is not on this device."""
        return self._keeper.call(self._whole, photo).result()

    def _whole(self, photo: UUID) -> bytes | None:
        file = Photos(self._db).opened(photo)
        return file.readall() if file else None

    def keep_only(self, draft: UUID, named: Collection[UUID]) -> None:
        """Erase what was taken away from a draft and can no longer be put back."""
        self._keeper.call(lambda: Photos(self._db).keep_only(str(draft), named)).result()

    def bytes_kept(self) -> int:
        """How much room photographs take on this device, in bytes."""
        return self._keeper.call(lambda: Photos(self._db).bytes_kept()).result()
