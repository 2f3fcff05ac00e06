"""Small things the app must remember inside the vault: the feed's cursor, the session, the policy."""

from __future__ import annotations

from typing import Any, Final

from tinydb.table import Document

from field_app.store.sealed_table import VaultDB

NOTES: Final = "notes"


class Notes:
    """Named values, each sealed like any other row."""

    def __init__(self, db: VaultDB) -> None:
        self._table = db.sealed(NOTES)

    def get(self, name: str) -> Any:
        """The value, or None when nothing was noted under that name."""
        found = self._table.get(doc_id=self._table.rid_for(name))
        return None if found is None else found["value"]

    def set(self, name: str, value: Any) -> None:
        """Note a value (anything JSON can say) in place of the one before."""
        self._table.put(Document({"name": name, "value": value}, self._table.rid_for(name)))

    def remove(self, name: str) -> bool:
        """Forget a value. False when there was none."""
        return bool(self._table.remove(doc_ids=[self._table.rid_for(name)]))
