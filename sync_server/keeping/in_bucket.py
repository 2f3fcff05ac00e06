"""Attachments in an S3-compatible bucket, through obstore: for a server of several machines.

Nothing is sent before all of it was read once and has the sum that was said, so a bucket never holds other
bytes under a name. What is on its way lies sealed in a temporary file once it is more than a little.

What is still coming in lies piece by piece under ``<force>/coming/<upload>/<offset>``, because in a bucket
nothing is written on at its end. How much of it counts is not for the bucket to say: the piece that follows
another begins where that ends, and what else lies there, after a crash or a retry, goes with them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar, cast

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from sync_server.keeping.place import (
    COMING,
    PIECE,
    KeepingUnavailable,
    NotKept,
    OtherBytes,
    name_of,
    name_of_coming,
    summed,
)
from sync_server.settings import Bucket

if TYPE_CHECKING:
    from obstore import ObjectMeta

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
            _written(
                lambda: obstore.put(self.store, name, file, chunk_size=PART_BYTES, max_concurrency=AT_ONCE)
            )

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

    def add(self, force: str, upload: str, offset: int, content: bytes) -> None:
        """One piece more, under its offset."""
        name = f"{name_of_coming(force, upload)}/{offset:012d}"
        _written(lambda: obstore.put(self.store, name, content))

    def gather(self, force: str, upload: str, total: str, length: int) -> None:
        """Put the pieces together under their sum."""
        sizes = {int(one["path"].rpartition("/")[2]): one["size"] for one in self._pieces(force, upload)}
        starts, at = [], 0
        while at < length and at in sizes:
            starts.append(at)
            at += sizes[at]
        if at != length:
            raise NotKept("Not all of it is here.")
        try:
            self.keep(force, total, self._read(force, upload, starts))
        except OtherBytes:
            self.drop(force, upload)
            raise
        self.drop(force, upload)

    def drop(self, force: str, upload: str) -> None:
        """Remove every piece."""
        for one in self._pieces(force, upload):
            with contextlib.suppress(NotKept):
                _asked(partial(obstore.delete, self.store, one["path"]))

    def coming(self) -> Iterator[tuple[str, str]]:
        """By the names under which pieces lie."""
        for force in self._below(""):
            for upload in self._below(f"{force}/{COMING}/"):
                yield force, upload

    def _below(self, prefix: str) -> list[str]:
        found = _written(lambda: obstore.list_with_delimiter(self.store, prefix or None))
        return [path.rstrip("/").rpartition("/")[2] for path in found["common_prefixes"]]

    def _pieces(self, force: str, upload: str) -> list[ObjectMeta]:
        prefix = f"{name_of_coming(force, upload)}/"
        return _written(lambda: [one for some in obstore.list(self.store, prefix) for one in some])

    def _read(self, force: str, upload: str, starts: Iterable[int]) -> Iterator[bytes]:
        for start in starts:
            name = f"{name_of_coming(force, upload)}/{start:012d}"
            yield _asked(partial(self._piece, name))

    def _piece(self, name: str) -> bytes:
        return bytes(obstore.get(self.store, name).bytes())

    def _fetch(self, name: str, into: SpooledTemporaryFile[bytes]) -> None:
        for piece in obstore.get(self.store, name).stream(min_chunk_size=PIECE):
            into.write(piece)


def _written(work: Callable[[], T]) -> T:
    """Ask what needs no name to be there: what is not there is the bucket itself."""
    try:
        return _asked(work)
    except NotKept as gone:
        raise KeepingUnavailable(_unavailable(gone)) from None


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
