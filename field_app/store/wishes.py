"""What an officer wishes done with a draft that goes to a colleague, kept until the force has answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from tinydb.table import Document

from field_app.store.sealed_table import VaultDB

WISHES: Final = "wishes"
WAITING, COUNTS, VOID = "waiting", "counts", "void"
KEPT_AFTER: Final = timedelta(days=2)


class Wishes:
    """Every wish of one open vault, in the order they were made."""

    def __init__(self, db: VaultDB) -> None:
        self._table = db.sealed(WISHES)
        self._db = db

    def put(self, wish: Mapping[str, Any]) -> None:
        """Keep a new one, which has an ``id``, until it is answered."""
        kept = {**wish, "way": WAITING, "why": "", "tried": False}
        self._table.put(Document(kept, self._table.rid_for(str(wish["id"]))))

    def all(self) -> list[dict[str, Any]]:
        """Everything, oldest first."""
        return [dict(found) for found in self._table]

    def change(self, id_: str, **said: Any) -> dict[str, Any] | None:
        """Say something else of one; as it stands then, or None where there is none."""
        place = self._table.rid_for(id_)
        found = self._table.get(doc_id=place)
        if found is None:
            return None
        changed = {**found, **said}
        self._table.put(Document(changed, place))
        return changed

    def forget(self, id_: str) -> None:
        """Erase one."""
        self._table.remove(doc_ids=[self._table.rid_for(id_)])

    def erase_due(self, *, now: datetime) -> None:
        """Erase what is over for long enough."""
        if self._db.read_only:
            return
        for one in self.all():
            until = one.get("until")
            if until and datetime.fromisoformat(until) + KEPT_AFTER <= now:
                self.forget(str(one["id"]))
