"""What the server kept, read from outside: its database read-only, its drop folder as files."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]


class Kept:
    """What a server's data folder holds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def rows(self, query: str, *values: object) -> list[Row]:
        """The rows that a query finds."""
        address = f"file:{self._folder / 'homeward.sqlite'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(query, values)]

    def evidence_after(self, seq: int) -> list[Row]:
        """Submissions kept after this one, in the order they came."""
        return self.rows("select * from evidence_submission where seq > ? order by seq", seq)

    def last_seq(self) -> int:
        """The number of the newest submission, 0 when there is none."""
        return int(self.rows("select coalesce(max(seq), 0) as last from evidence_submission")[0]["last"])

    def delivered_to_force(self, record: str) -> list[dict[str, Any]]:
        """The documents in the drop folder that stands for the force record system."""
        return self._documents(f"drop/north_yorkshire/{record}-*.json")

    def delivered_to_council(self, record: str) -> list[dict[str, Any]]:
        """The notices in the drop folder that stands for the local authority."""
        return self._documents(f"drop/local_authority/*/{record}-*.json")

    def _documents(self, pattern: str) -> list[dict[str, Any]]:
        return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(self._folder.glob(pattern))]
