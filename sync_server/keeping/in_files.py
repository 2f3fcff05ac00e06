"""Attachments in a folder of this machine: there whole, under the name of their sum, or not at all.

    <folder>/<force>/<first two digits>/<sha256>

Written beside its place, brought to the disk, then moved there in one step, and the folder brought to the
disk as well. What a crash leaves half-written ends in ``.part`` and is read by nobody.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sync_server.keeping.place import KeepingUnavailable, NotKept, name_of, summed
from sync_server.keys.files import sync_folder

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
        try:
            self._make(target.parent)
            try:
                self._write(beside, summed(pieces, total))
                beside.replace(target)
            finally:
                beside.unlink(missing_ok=True)
            sync_folder(target.parent)
        except OSError as error:
            raise KeepingUnavailable(_unavailable(error)) from error

    def open(self, force: str, total: str) -> BinaryIO:
        """The file."""
        try:
            return (self.folder / name_of(force, total)).open("rb")
        except FileNotFoundError:
            raise NotKept("No bytes of that sum are kept here.") from None
        except OSError as error:
            raise KeepingUnavailable(_unavailable(error)) from error

    def forget(self, force: str, total: str) -> None:
        """Remove the file."""
        target = self.folder / name_of(force, total)
        try:
            target.unlink()
            sync_folder(target.parent)
        except FileNotFoundError:
            return
        except OSError as error:
            raise KeepingUnavailable(_unavailable(error)) from error

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


def _unavailable(error: OSError) -> str:
    return f"The server's folder for attachments cannot be used ({type(error).__name__}). Nothing was lost."
