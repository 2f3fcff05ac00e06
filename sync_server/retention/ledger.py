"""What was destroyed, written down outside the database as well, a line each: ids, times and the rule.

A copy of the database from before still has the record and its key. Whoever puts such a copy back finds here
what must not come back with it, and ``destroying`` destroys it again. The file belongs into every backup of
the data folder, and is never shortened.

    {"force", "record", "record_type", "form", "rule", "act", "by", "decided_at", "destroyed_at"}
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from booklets.answers import instant, read_instant
from booklets.errors import WireError

FILE = "destroyed.jsonl"
OWNER_ONLY = 0o600
TEXTS = ("force", "record", "record_type", "form", "rule", "by")
TIMES = ("decided_at", "destroyed_at")


@dataclass(frozen=True, slots=True)
class Ledger:
    """The list in a data folder."""

    folder: Path
    name: str = FILE

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.folder / self.name

    def known(self) -> Mapping[str, Mapping[str, Any]]:
        """What stands there, by the record. Half a line, from a process that died, is not there."""
        if not self.path.exists():
            return {}
        found = {}
        for line in self.path.read_text(encoding="utf-8").splitlines():
            one = _read(line)
            if one is not None:
                found[one["record"]] = one
        return found

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add what is not there yet, and return once it is on the disk."""
        known = self.known()
        lines = [_line(row) for row in rows if row["record"] not in known]
        if not lines:
            return
        # A line of its own, whatever half a line stands before it.
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWNER_ONLY)
        with os.fdopen(handle, "ab") as file:
            file.write(b"\n" + b"\n".join(lines) + b"\n")
            file.flush()
            os.fsync(file.fileno())


def _line(row: Mapping[str, Any]) -> bytes:
    said = {name: row[name] for name in (*TEXTS, "act")} | {name: instant(row[name]) for name in TIMES}
    return json.dumps(said, sort_keys=True).encode()


def _read(line: str) -> dict[str, Any] | None:
    try:
        one = json.loads(line)
        return {name: one[name] for name in (*TEXTS, "act")} | {
            name: read_instant(one[name]) for name in TIMES
        }
    except (ValueError, KeyError, TypeError, WireError):
        return None
