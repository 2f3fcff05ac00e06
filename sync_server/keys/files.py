"""Key files: one secret each, readable by the server's own account alone, written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from booklets.errors import BookletError

OWNER_ONLY = 0o600


class KeyFileUnsafe(BookletError):
    """Others on this machine can read a key file. The server does not start with it."""

    code = "key_file_unsafe"


def write_secret(path: Path, secret: bytes) -> None:
    """Keep a secret for good: never readable by others, not even for a moment, and on the disk on return."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(path.name + ".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_folder(path.parent)


def read_secret(path: Path) -> bytes:
    """A secret that was kept, or ``KeyFileUnsafe`` when others can read it too."""
    if stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileUnsafe(
            f"Others can read the key file {path.name}. Run: chmod 600 on it, then start again."
        )
    return path.read_bytes()


def sync_folder(folder: Path) -> None:
    """Make a file's new name durable: the name lives in the folder, which has its own buffers."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
