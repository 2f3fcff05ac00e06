"""One data folder, one Homeward: the second to come is refused in words."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from field_app.vault.errors import FolderInUse

LOCK_NAME: Final = "homeward.lock"


class FolderClaim:
    """Holds a data folder for this process. The system lets go of it when the process dies."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._descriptor: int | None = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            self._descriptor = None
            raise FolderInUse from error

    def release(self) -> None:
        """Let another Homeward have the folder."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
