"""The log of what was done with records here (S-01): a chain of sealed rows, until the force has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tinydb.table import Document

from booklets.errors import WireError
from booklets.handheld_log import FIRST, MOST_AT_ONCE, Done, Entry, link_of, links
from field_app.store.notes import Notes
from field_app.store.sealed_table import VaultDB

LOG: Final = "log"
HEAD, GONE = "log.head", "log.gone"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Entries up to a number, the link that the first of them follows, and the link of the last."""

    before: str
    entries: tuple[Entry, ...]
    last: str
    upto: int


class Log:
    """The chain of one open vault. Numbers and links go on when entries are erased."""

    def __init__(self, db: VaultDB) -> None:
        self._db = db
        self._table = db.sealed(LOG)

    def add(
        self, done: Done, about: str, *, at: datetime, rev: int = 0, questions: Sequence[str] = ()
    ) -> None:
        """Add one entry, durably."""
        notes = Notes(self._db)
        number, before = notes.get(HEAD) or (0, FIRST)
        entry = Entry(number=number + 1, at=at, done=done, about=about, rev=rev, questions=tuple(questions))
        with self._db.transaction():
            self._table.put(Document(entry.to_json(), self._table.rid_for(str(entry.number))))
            notes.set(HEAD, [entry.number, link_of(before, entry)])

    def waiting(self) -> Stretch | None:
        """The oldest entries that the force has not got; None where it has them all."""
        notes = Notes(self._db)
        gone, before = notes.get(GONE) or (0, FIRST)
        head = (notes.get(HEAD) or (0, FIRST))[0]
        numbers = range(gone + 1, min(head, gone + MOST_AT_ONCE) + 1)
        if not numbers:
            return None
        entries = tuple(filter(None, map(self._entry, numbers)))
        return Stretch(before, entries, [before, *links(before, entries)][-1], upto=numbers[-1])

    def taken(self, some: Stretch) -> None:
        """The force has these: erase them here."""
        with self._db.transaction():
            gone = (Notes(self._db).get(GONE) or (0, FIRST))[0]
            self._table.remove(
                doc_ids=[self._table.rid_for(str(number)) for number in range(gone + 1, some.upto + 1)]
            )
            Notes(self._db).set(GONE, [some.upto, some.last])

    def _entry(self, number: int) -> Entry | None:
        """One entry; None where another version of the app wrote it, which keeps no other one back."""
        try:
            return Entry.from_json(self._table.get(doc_id=self._table.rid_for(str(number))))
        except WireError:
            return None
