"""Attachments in an S3-compatible bucket, through obstore: for a server of several machines.

Nothing is sent before all of it was read once and has the sum that was said, so a bucket never holds other
bytes under a name. What is on its way lies sealed in a temporary file once it is more than a little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, TypeVar, cast

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from sync_server.keeping.place import PIECE, KeepingUnavailable, NotKept, name_of, summed
from sync_server.settings import Bucket

T = TypeVar("T")
IN_MEMORY = 1024 * 1024
PART_BYTES = 5 * 1024 * 1024  # the least that S3 takes as a part of something larger
AT_ONCE = 2
PATIENCE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class KeptInBucket:
    """Keeps in one bucket, below one prefix."""

    store: S3Store = field(repr=False)

    @classmethod
    def at(cls, bucket: Bucket) -> KeptInBucket:
        """The place that the settings name. Without a key of its own the machine's is used."""
        said: dict[str, Any] = {"region": bucket.region}
        if bucket.endpoint:
            said["endpoint"] = bucket.endpoint
        if bucket.key is not None:
            said["access_key_id"], said["secret_access_key"] = bucket.key
        return cls(
            S3Store(
                bucket.name,
                prefix=bucket.prefix or None,
                client_options={
                    "allow_http": bucket.endpoint.startswith("http://"),
                    "timeout": PATIENCE,
                    "connect_timeout": PATIENCE / 3,
                },
                retry_config={"max_retries": 2, "retry_timeout": PATIENCE},
                **said,
            )
        )

    def keep(self, force: str, total: str, pieces: Iterable[bytes]) -> None:
        """Keep these bytes for good."""
        name = name_of(force, total)
        with SpooledTemporaryFile(max_size=IN_MEMORY) as spooled:
            try:
                for piece in summed(pieces, total):
                    spooled.write(piece)
                spooled.seek(0)
            except OSError as error:
                raise KeepingUnavailable(_unavailable(error)) from error
            file = cast(BinaryIO, spooled)
            try:
                _asked(
                    lambda: obstore.put(
                        self.store, name, file, chunk_size=PART_BYTES, max_concurrency=AT_ONCE
                    )
                )
            except NotKept as gone:  # said of the bucket, for a name that is written need not be there
                raise KeepingUnavailable(_unavailable(gone)) from None

    def open(self, force: str, total: str) -> BinaryIO:
        """The bytes in a file of their own, which goes when it is closed."""
        name = name_of(force, total)
        spooled = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever asked closes it
        try:
            _asked(lambda: self._fetch(name, spooled))
        except BaseException:
            spooled.close()
            raise
        spooled.seek(0)
        return cast(BinaryIO, spooled)

    def forget(self, force: str, total: str) -> None:
        """Remove the bytes."""
        name = name_of(force, total)
        try:
            _asked(lambda: obstore.delete(self.store, name))
        except NotKept:
            return

    def _fetch(self, name: str, into: SpooledTemporaryFile[bytes]) -> None:
        for piece in obstore.get(self.store, name).stream(min_chunk_size=PIECE):
            into.write(piece)


def _asked(work: Callable[[], T]) -> T:
    """Ask the bucket, and say in our words what is wrong: its own may hold its address and our key."""
    try:
        return work()
    except (NotFoundError, FileNotFoundError):
        raise NotKept("No bytes of that sum are kept here.") from None
    except (BaseError, OSError) as error:
        raise KeepingUnavailable(_unavailable(error)) from None


def _unavailable(error: Exception) -> str:
    return f"The server's bucket for attachments cannot be used ({type(error).__name__}). Nothing was lost."
