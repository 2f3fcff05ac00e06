"""What the force has told of the children known in the unit: one sealed row each, for one shift.

It is the only thing in a vault that ends by a time: ``until`` is when the shift in which it came is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tinydb.table import Document

from field_app.store.notes import Notes
from field_app.store.sealed_table import VaultDB

TABLE: Final = "shift_pack"
ABOUT: Final = "shift_pack.about"


@dataclass(frozen=True, slots=True)
class About:
    """Of which shift the pack is, how new it is, and when it is forgotten."""

    stream: str = ""
    as_of: datetime | None = None
    until: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether its shift is over, or nobody knows when that is."""
        return self.until is None or self.until <= now


class ShiftPackStore:
    """The pack of one open vault."""

    def __init__(self, db: VaultDB) -> None:
        self._db = db
        self._notes = Notes(db)

    def about(self) -> About:
        """What is known of the pack as a whole."""
        kept = self._notes.get(ABOUT) or {}
        return About(str(kept.get("stream", "")), _time(kept.get("as_of")), _time(kept.get("until")))

    def children(self) -> list[dict[str, Any]]:
        """Every child, as the force told of them."""
        return [dict(one) for one in self._db.sealed(TABLE)]

    def take(self, stream: str, told: Iterable[Mapping[str, Any]], until: datetime | None) -> None:
        """Keep what came: each child in the place of what was known, and without those who are gone.

        What came in another shift is forgotten first.
        """
        if self.about().stream not in {"", stream}:
            self.forget()
        table = self._db.sealed(TABLE)
        as_of = ""
        for one in told:
            place = table.rid_for(str(one["child"]))
            as_of = str(one.get("as_of", "")) or as_of
            if not one.get("gone"):
                table.put(Document(dict(one), place))
            elif table.get(doc_id=place) is not None:
                table.remove(doc_ids=[place])
        self._notes.set(
            ABOUT, {"stream": stream, "as_of": as_of, "until": until.isoformat() if until else ""}
        )

    def forget(self) -> bool:
        """Erase all of it. False when there was nothing."""
        if self._db.read_only or not self._notes.remove(ABOUT):
            return False
        self._db.drop_table(TABLE)
        return True


def _time(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None
