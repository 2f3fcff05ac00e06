"""TinyDB over sealed rows: the same tables and queries, but a change touches only its own rows.

TinyDB hands a storage the whole database at every write. ``SealedTable`` gives TinyDB's own
operations a view instead, which opens a row when it is looked at and writes back what was changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager
from typing import Any, cast

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document, Table

from field_app.store.bodies import decoded, encoded
from field_app.store.sealed_rows import SealedRows


class SealedTable(Table):
    """A TinyDB table whose documents lie one by one in sealed rows."""

    def __init__(
        self, storage: Storage, name: str, cache_size: int = 0, persist_empty: bool = False
    ) -> None:
        """As TinyDB's, but without a cache: it would keep what officers wrote after it was erased."""
        super().__init__(storage, name, cache_size=cache_size, persist_empty=persist_empty)

    @property
    def rows(self) -> SealedRows:
        """The open store that this table is part of."""
        return cast(SealedRows, self._storage)

    def rid_for(self, name: str) -> int:
        """The document id under which a document of that name lies. It tells nobody the name."""
        return self.rows.seal.rid_for(self.name, name)

    def put(self, document: Document) -> None:
        """Keep a document under its id, in place of what was there. Nothing else is read."""
        self.rows.put(self.name, document.doc_id, encoded(document))
        self._next_id = None

    def __len__(self) -> int:
        return self.rows.count(self.name)

    def get(self, cond: Any = None, doc_id: int | None = None, doc_ids: Any = None) -> Any:
        """As TinyDB's ``get``; several documents by id are fetched without opening the others."""
        if doc_id is not None or doc_ids is None:
            return super().get(cond, doc_id)
        wanted = set(doc_ids)
        view = _View(self.rows, self.name)
        return [Document(view[rid], rid) for rid in self.rows.rids(self.name) if rid in wanted]

    def _read_table(self) -> Any:
        return _ByText(_View(self.rows, self.name))

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        view = _View(self.rows, self.name)
        updater(view)
        view.write_back()
        self.clear_cache()


class VaultDB(TinyDB):
    """A TinyDB over one open vault."""

    table_class = SealedTable

    def __init__(self, rows: SealedRows) -> None:
        super().__init__(storage=lambda: rows)

    @property
    def rows(self) -> SealedRows:
        """The open store underneath."""
        return cast(SealedRows, self.storage)

    @property
    def read_only(self) -> bool:
        """Whether this store can only be looked at, because an older copy was put back."""
        return self.rows.rolled_back is not None

    def sealed(self, name: str) -> SealedTable:
        """A table of this vault, by name."""
        return cast(SealedTable, self.table(name))

    def transaction(self) -> AbstractContextManager[None]:
        """Several changes, in any tables, that happen together or not at all."""
        return self.rows.transaction()

    def tables(self) -> set[str]:
        """The tables that hold at least one document, without opening any."""
        return self.rows.names()

    def drop_table(self, name: str) -> None:
        """Erase every document of a table."""
        self._tables.pop(name, None)
        with self.transaction():
            for rid in self.rows.rids(name):
                self.rows.erase(name, rid)

    def drop_tables(self) -> None:
        """Erase every document of every table. Sealed envelopes are no documents: they stay."""
        with self.transaction():
            for name in self.tables():
                self.drop_table(name)
        self._tables.clear()


class _View(MutableMapping[int, Any]):
    """A table as TinyDB's operations want to see it. Rows are opened when looked at."""

    def __init__(self, rows: SealedRows, tbl: str) -> None:
        self._rows = rows
        self._tbl = tbl
        self._opened: dict[int, tuple[bytes, dict[str, Any]]] = {}
        self._put: dict[int, Mapping[str, Any]] = {}
        self._gone: set[int] = set()

    def __getitem__(self, rid: int) -> Any:
        if rid in self._put:
            return self._put[rid]
        if rid in self._opened:
            return self._opened[rid][1]
        body = None if rid in self._gone else self._rows.body(self._tbl, rid)
        if body is None:
            raise KeyError(rid)
        self._opened[rid] = (body, decoded(body))
        return self._opened[rid][1]

    def __setitem__(self, rid: int, document: Any) -> None:
        self._put[rid] = document
        self._gone.discard(rid)

    def __delitem__(self, rid: int) -> None:
        if rid not in self:
            raise KeyError(rid)
        self._put.pop(rid, None)
        self._opened.pop(rid, None)
        self._gone.add(rid)

    def __contains__(self, rid: object) -> bool:
        if rid in self._put:
            return True
        return isinstance(rid, int) and rid not in self._gone and self._rows.has(self._tbl, rid)

    def __iter__(self) -> Iterator[int]:
        for rid in self._rows.rids(self._tbl):
            if rid not in self._gone:
                yield rid
        yield from [rid for rid in self._put if not self._rows.has(self._tbl, rid)]

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def clear(self) -> None:
        """Every document is to go; none needs opening for that."""
        self._put.clear()
        self._opened.clear()
        self._gone.update(self._rows.rids(self._tbl))

    def peek(self, rid: int) -> Any:
        """A document that is only looked at: it is not kept for writing back."""
        return decoded(self._rows.body(self._tbl, rid) or b"{}")

    def write_back(self) -> None:
        """Write what was changed, and nothing else, in one transaction."""
        changed = {rid: encoded(document) for rid, document in self._put.items()}
        for rid, (body, document) in self._opened.items():
            if rid not in changed and (now := encoded(document)) != body:
                changed[rid] = now
        if not changed and not self._gone:
            return
        with self._rows.transaction():
            for rid in self._gone:
                self._rows.erase(self._tbl, rid)
            for rid, body in changed.items():
                self._rows.put(self._tbl, rid, body)


class _ByText(Mapping[str, Any]):
    """The same table with ids as text, as TinyDB's reading side wants it. Opens one row at a time."""

    def __init__(self, view: _View) -> None:
        self._view = view

    def __getitem__(self, rid: str) -> Any:
        if not self.__contains__(rid):
            raise KeyError(rid)
        return self._view.peek(int(rid))

    def __contains__(self, rid: object) -> bool:
        return isinstance(rid, str) and rid.lstrip("-").isdigit() and int(rid) in self._view

    def __iter__(self) -> Iterator[str]:
        return (str(rid) for rid in self._view)

    def __len__(self) -> int:
        return len(self._view)
