"""What the server kept, read from outside: its database by questions only, its drop folder as files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, NullPool, create_engine, text

Row = Mapping[str, Any]


class Kept:
    """What a server keeps: its data folder, and its database, a file there unless an address is given."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self._folder = folder
        self._database = database or f"sqlite:///file:{folder / 'homeward.sqlite'}?mode=ro&uri=true"

    @cached_property
    def _engine(self) -> Engine:
        return create_engine(self._database, poolclass=NullPool)

    def rows(self, query: str, *values: object) -> list[Row]:
        """The rows that a query finds; each ``?`` stands for the next value."""
        number = count()
        named = "".join(f":v{next(number)}" if one == "?" else one for one in query)
        with self._engine.connect() as connection:
            found = connection.execute(text(named), {f"v{at}": value for at, value in enumerate(values)})
            return [dict(row) for row in found.mappings()]

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
