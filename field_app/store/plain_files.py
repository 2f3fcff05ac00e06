"""Files that stand in no vault: written over before they go, and settled in their folder."""

from __future__ import annotations

import os
from pathlib import Path


def write_over(path: Path) -> None:
    """Write over what a file holds, durably, then remove it. Raises OSError; then it is still there."""
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    settle(path.parent)


def take_away(path: Path, gone: Path) -> None:
    """Nothing lies under that name any more, durably; only then is what it held written over and removed.

    Cut short, ``gone`` is what is left to be written over: never half of it under its own name.
    Raises OSError.
    """
    path.replace(gone)
    settle(path.parent)
    write_over(gone)


def settle(folder: Path) -> None:
    """Make new names survive a power cut too: a file's name lies in its folder."""
    directory = getattr(os, "O_DIRECTORY", None)
    if directory is None:  # Windows does not open folders
        return
    descriptor = os.open(folder, directory)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
