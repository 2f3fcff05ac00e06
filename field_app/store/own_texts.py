"""What an officer's own texts were like: the last few of each question, as numbers and never as words.

Kept so that the next text can be held against them when the words themselves are long
sealed and gone. Only texts that a rule compares are kept, sealed like every other row of
the vault; the oldest go when there are more than twenty, or after four weeks.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tinydb.table import Document

from booklets.facts import Earlier
from field_app.store.sealed_table import VaultDB

OWN_TEXTS: Final = "own_texts"
MOST_KEPT: Final = 20
KEPT_FOR: Final = timedelta(days=28)


class OwnTexts:
    """The officer's last texts of each question, by the numbers that stand for their runs of words."""

    def __init__(self, db: VaultDB) -> None:
        self._db = db
        self._table = db.sealed(OWN_TEXTS)

    def keep(self, texts: Mapping[str, frozenset[int]], *, incident: str, at: datetime) -> None:
        """Keep what was written of an incident, by question, in place of what was kept of it before."""
        if not texts:
            return
        with self._db.transaction():
            for field, runs in texts.items():
                place = self._table.rid_for(field)
                found = self._table.get(doc_id=place)
                others = [one for one in (found["kept"] if found else []) if one["incident"] != incident]
                newest = {"at": at.astimezone(UTC).isoformat(), "incident": incident, "runs": _packed(runs)}
                document = {"field": field, "kept": [*others, newest][-MOST_KEPT:]}
                self._table.put(Document(document, place))

    def forget_old(self, *, now: datetime) -> None:
        """Erase what has had its time. A store that can only be looked at keeps everything."""
        if self._db.read_only:
            return
        over = [found for found in self._table if not all(_still(one, now) for one in found["kept"])]
        if not over:
            return
        with self._db.transaction():
            for found in over:
                kept = [one for one in found["kept"] if _still(one, now)]
                if kept:
                    self._table.put(Document({"field": found["field"], "kept": kept}, found.doc_id))
                else:
                    self._table.remove(doc_ids=[found.doc_id])

    def earlier(self, *, than: str, now: datetime) -> Mapping[str, tuple[Earlier, ...]]:
        """What was written of other incidents than this one, by question, the newest last."""
        return {
            str(found["field"]): tuple(
                Earlier(datetime.fromisoformat(one["at"]), _unpacked(one["runs"]))
                for one in found["kept"]
                if one["incident"] != than and _still(one, now)
            )
            for found in self._table
        }


def _still(one: Mapping[str, Any], now: datetime) -> bool:
    return datetime.fromisoformat(one["at"]) > now - KEPT_FOR


def _packed(runs: frozenset[int]) -> str:
    return base64.b64encode(struct.pack(f">{len(runs)}I", *sorted(runs))).decode("ascii")


def _unpacked(text: str) -> frozenset[int]:
    packed = base64.b64decode(text)
    return frozenset(struct.unpack(f">{len(packed) // 4}I", packed))
