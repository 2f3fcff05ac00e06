"""One data folder, one Homeward: the second to come is refused in words."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from field_app.vault.errors import FolderInUse

LOCK_NAME: Final = "homeward.lock"
_TRIES: Final = 10  # ours: whoever takes the lock file away so often means it


class FolderClaim:
    """Holds a data folder for this process. The system lets go of it when the process dies."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / LOCK_NAME
        self._descriptor: int | None = None
        self.hold()

    def hold(self) -> None:
        """Hold the folder; claim it anew where the lock file was taken away. Raises FolderInUse.

        Else a second Homeward could start meanwhile, and each would count a thief's tries for itself.
        """
        if self._descriptor is not None and _is_still(self._path, self._descriptor):
            return
        for _ in range(_TRIES):
            claimed = _claimed(self._path)
            if claimed is not None:
                self.release()
                self._descriptor = claimed
                return
        raise FolderInUse

    def release(self) -> None:
        """Let another Homeward have the folder."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _claimed(path: Path) -> int | None:
    """The lock file, locked; None where it was taken away meanwhile: then another may lock a new one."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor)
    except OSError as error:
        os.close(descriptor)
        raise FolderInUse from error
    if _is_still(path, descriptor):
        return descriptor
    os.close(descriptor)
    return None


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether this is the file that lies under that name now."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
