"""Attachments in a folder of this machine: there whole, under the name of their sum, or not at all.

    <folder>/<force>/<first two digits>/<sha256>     what is kept
    <folder>/<force>/coming/<upload>.part            what is still coming in

Written beside its place, brought to the disk, then moved there in one step, and the folder brought to the
disk as well. What a crash leaves half-written ends in ``.part`` and is read by nobody.

What is coming in grows in a file of its own, which is moved to its place once it has the sum that was said:
each byte is written once. How much of it counts is not for the file to say, so what lies behind that, after
a crash or a retry, is written over. Who writes there holds a lock on the file, which the system lets go of
with the process, and looks whether it still lies under its name: what was moved is never written to again.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sync_server.keeping.place import (
    COMING,
    KeepingUnavailable,
    NotKept,
    OtherBytes,
    name_of,
    name_of_coming,
    sum_of,
    summed,
)
from sync_server.keys.files import sync_folder

# On Windows there is no such lock, and nothing that is open can be moved: there one process serves a folder.
SEVERAL_MAY_WRITE = sys.platform != "win32"
if sys.platform != "win32":
    import fcntl

OWNER_ONLY = 0o600
PART = ".part"


@dataclass(frozen=True, slots=True)
class KeptInFiles:
    """Keeps under one folder, which it makes at the first need."""

    folder: Path

    def keep(self, force: str, total: str, pieces: Iterable[bytes]) -> None:
        """Keep these bytes for good. What lies there already is written anew, which also mends it."""
        target = self.folder / name_of(force, total)
        beside = target.with_name(f"{total}.{secrets.token_hex(4)}{PART}")
        with _in_words():
            self._make(target.parent)
            try:
                self._write(beside, summed(pieces, total))
                beside.replace(target)
            finally:
                beside.unlink(missing_ok=True)
            sync_folder(target.parent)

    def open(self, force: str, total: str) -> BinaryIO:
        """The file."""
        with _in_words():
            try:
                return (self.folder / name_of(force, total)).open("rb")
            except FileNotFoundError:
                raise NotKept("No bytes of that sum are kept here.") from None

    def forget(self, force: str, total: str) -> None:
        """Remove the file."""
        target = self.folder / name_of(force, total)
        with _in_words(), contextlib.suppress(FileNotFoundError):
            target.unlink()
            sync_folder(target.parent)

    def add(self, force: str, upload: str, offset: int, content: bytes) -> None:
        """Write on at an offset of the upload's file, and bring it to the disk."""
        part = self._part(force, upload)
        with _in_words():
            if not offset:
                self._make(part.parent)
            with _held(part, new=not offset) as file:
                if os.fstat(file.fileno()).st_size < offset:
                    raise NotKept("What came before is not here.")
                file.seek(offset)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if not offset:
                sync_folder(part.parent)

    def gather(self, force: str, upload: str, total: str, length: int) -> None:
        """Move the upload's file to its place."""
        part, target = self._part(force, upload), self.folder / name_of(force, total)
        with _in_words(), _held(part) as file:
            if (size := os.fstat(file.fileno()).st_size) < length:
                raise NotKept("Not all of it is here.")
            if size > length:
                file.truncate(length)
                os.fsync(file.fileno())
            if sum_of(file) != total:
                part.unlink()
                raise OtherBytes(
                    "The bytes that came are not the ones that were announced. Nothing was kept."
                )
            self._make(target.parent)
            if SEVERAL_MAY_WRITE:
                part.replace(target)
        with _in_words():
            if not SEVERAL_MAY_WRITE:
                part.replace(target)
            sync_folder(target.parent)

    def drop(self, force: str, upload: str) -> None:
        """Remove the upload's file."""
        with _in_words():
            self._part(force, upload).unlink(missing_ok=True)

    def coming(self) -> Iterator[tuple[str, str]]:
        """By the names of the files."""
        with _in_words():
            parts = [*self.folder.glob(f"*/{COMING}/*{PART}")]
        for part in parts:
            yield part.parent.parent.name, part.name.removesuffix(PART)

    def _part(self, force: str, upload: str) -> Path:
        name = name_of_coming(force, upload)
        return (self.folder / name).with_name(f"{upload}{PART}")

    def _make(self, folder: Path) -> None:
        """Make the folders above a file, each with its name on the disk."""
        missing = [one for one in (folder, *folder.parents) if not one.exists()]
        for one in reversed(missing):
            with contextlib.suppress(FileExistsError):
                one.mkdir(mode=0o700)
            sync_folder(one.parent)

    @staticmethod
    def _write(path: Path, pieces: Iterable[bytes]) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())


@contextlib.contextmanager
def _held(part: Path, *, new: bool = False) -> Iterator[BinaryIO]:
    """The file of an upload, with everybody else kept from it; ``NotKept`` where it is there no more."""
    flags = os.O_RDWR | (os.O_CREAT if new else 0)
    try:
        file = os.fdopen(os.open(part, flags, OWNER_ONLY), "r+b")
    except FileNotFoundError:
        raise NotKept("Nothing of it is here.") from None
    with file:
        if sys.platform != "win32":
            fcntl.flock(file, fcntl.LOCK_EX)
        if not _lies_under(part, file):
            raise NotKept("It was moved or removed meanwhile.")
        yield file


def _lies_under(part: Path, file: BinaryIO) -> bool:
    try:
        return os.path.samestat(part.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    """What the disk refuses, in our words."""
    try:
        yield
    except OSError as error:
        raise KeepingUnavailable(_unavailable(error)) from error


def _unavailable(error: OSError) -> str:
    return f"The server's folder for attachments cannot be used ({type(error).__name__}). Nothing was lost."
