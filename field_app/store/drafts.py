"""Work that is not finished: drafts, each under its own id, saved as often as anyone likes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tinydb.table import Document

from field_app.store.errors import StoreTampered
from field_app.store.sealed_table import VaultDB

DRAFTS: Final = "drafts"


class DraftStore:
    """Every draft of one open vault. A save is durable when ``save`` returns."""

    def __init__(self, db: VaultDB) -> None:
        self._rows = db.rows
        self._table = db.sealed(DRAFTS)

    def save(self, document: Mapping[str, Any]) -> None:
        """Keep a draft, whole, in place of what was kept under its ``id``."""
        self._table.put(Document(document, self._table.rid_for(_id_of(document))))

    def get(self, draft_id: str) -> dict[str, Any] | None:
        """One draft, or None when there is none of that id."""
        found = self._table.get(doc_id=self._table.rid_for(draft_id))
        if found is None:
            return None
        if found.get("id") != draft_id:
            raise StoreTampered("a draft lies in another's place")
        return dict(found)

    def all(self) -> list[dict[str, Any]]:
        """Every draft, oldest first."""
        return [dict(self._rows.made_of(DRAFTS, rid, dict)) for rid in self._rows.rids(DRAFTS)]

    def forget(self, draft_id: str) -> bool:
        """Erase a draft for good. False when there was none."""
        return bool(self._table.remove(doc_ids=[self._table.rid_for(draft_id)]))

    def __len__(self) -> int:
        return len(self._table)


def _id_of(document: Mapping[str, Any]) -> str:
    draft_id = document.get("id")
    if not isinstance(draft_id, str) or not draft_id:
        raise ValueError("a draft needs an id, as text")
    return draft_id
