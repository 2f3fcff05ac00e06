"""A folder that another system empties: one file per delivery, there whole or not at all."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sync_server.forwarding.systems import Never, NotNow

_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
OWNER_ONLY = 0o600


_RECORD = 36  # a delivery's name begins with its record


def forget_files(folder: Path, records: Collection[str], *, only_look: bool = False) -> list[str]:
    """Remove what lies in any folder below and was made of these records; of which something lay there."""
    found = []
    for path in sorted(folder.rglob("*.json")) if records and folder.exists() else ():
        if path.name[:_RECORD] in records:
            found.append(path.name[:_RECORD])
            if not only_look:
                path.unlink(missing_ok=True)
    return found


@dataclass(frozen=True, slots=True)
class DropFolder:
    """Delivers by leaving ``<once>.json``. A repeat leaves what is there alone."""

    folder: Path

    def deliver(self, content: Mapping[str, Any], *, once: str) -> None:
        """Write the file beside its place, make it durable, then move it there in one step."""
        if not _SAFE_NAME.fullmatch(once):
            raise Never("a delivery whose name could not be a file's")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            target = self.folder / f"{once}.json"
            if not target.exists():
                self._write(target, json.dumps(content, ensure_ascii=False).encode())
        except OSError as error:
            raise NotNow(f"the folder cannot be written to ({type(error).__name__})") from error

    def _write(self, target: Path, data: bytes) -> None:
        # The emptying system looks for *.json only; a half-written file never has that name.
        beside = target.with_name(f".{target.name}.{os.getpid()}.part")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
