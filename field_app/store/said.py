"""What was said of tasks: kept until the force has answered, and a while longer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from tinydb.table import Document

from field_app.store.sealed_table import VaultDB

SAID: Final = "said"
WAITING: Final = "waiting"
KEPT_AFTER_ANSWER: Final = timedelta(days=7)


class SaidOfTasks:
    """Everything that was said of tasks in one open vault, in the order it was said."""

    def __init__(self, db: VaultDB) -> None:
        self._table = db.sealed(SAID)
        self._db = db

    def put(self, message: Mapping[str, Any]) -> None:
        """Keep something new until it is sent. ``message`` has an ``id`` and goes as it is."""
        kept = {"message": dict(message), "way": WAITING, "why": ""}
        self._table.put(Document(kept, self._table.rid_for(str(message["id"]))))

    def all(self) -> list[dict[str, Any]]:
        """Everything, oldest first."""
        return [dict(found) for found in self._table]

    def waiting(self) -> list[dict[str, Any]]:
        """The messages that are still to be sent."""
        return [found["message"] for found in self.all() if found["way"] == WAITING]

    def answered(self, id_: str, way: str, why: str, *, at: datetime) -> None:
        """The force has answered: it counts, or not and why."""
        place = self._table.rid_for(id_)
        found = self._table.get(doc_id=place)
        if found is not None:
            said = {"message": found["message"], "way": way, "why": why, "until": _until(at)}
            self._table.put(Document(said, place))

    def erase_due(self, *, now: datetime) -> int:
        """Erase what was answered long ago."""
        if self._db.read_only:
            return 0
        over = [
            found.doc_id
            for found in self._table
            if found.get("until") and datetime.fromisoformat(found["until"]) <= now
        ]
        return len(self._table.remove(doc_ids=over)) if over else 0


def _until(at: datetime) -> str:
    return (at + KEPT_AFTER_ANSWER).isoformat()
