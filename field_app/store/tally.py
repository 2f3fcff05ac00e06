"""What the open store knows about its rows without opening any: where each lies, and their sum."""

from __future__ import annotations

from typing import Final, NamedTuple

MODULUS: Final = 1 << 256


class Mark(NamedTuple):
    """Where a row lies, which version it is, and what it adds to the sum."""

    at: int
    ver: int
    share: int


class Tally:
    """Every row's mark, the sum of their shares and the count of changes; changes can be undone.

    ``erased``: something was erased since the keys were last changed, so they have to be.
    """

    def __init__(self) -> None:
        self.total = 0
        self.counter = 0
        self.erased = False
        self._marks: dict[str, dict[int, Mark]] = {}
        self._before: list[tuple[str, int, Mark | None]] = []
        self._start = (0, 0, False)

    def of(self, tbl: str) -> dict[int, Mark]:
        """A table's marks by row number, in the order in which its rows were first put."""
        return self._marks.get(tbl, {})

    def tables(self) -> set[str]:
        """The tables that hold at least one row."""
        return {tbl for tbl, marks in self._marks.items() if marks}

    def load(self, tbl: str, rid: int, mark: Mark) -> None:
        """Count a row that was found in the file."""
        self._marks.setdefault(tbl, {})[rid] = mark
        self.total = (self.total + mark.share) % MODULUS

    def begin(self) -> None:
        """From here on changes are remembered, so that they can be undone."""
        self._before = []
        self._start = (self.total, self.counter, self.erased)

    @property
    def changed(self) -> bool:
        """Whether anything was changed since ``begin``."""
        return bool(self._before)

    def set(self, tbl: str, rid: int, mark: Mark | None) -> None:
        """A row is now this version, or, with None, gone."""
        marks = self._marks.setdefault(tbl, {})
        old = marks.get(rid)
        self._before.append((tbl, rid, old))
        if mark is None:
            marks.pop(rid, None)
        else:
            marks[rid] = mark
        self.total = (self.total - (old.share if old else 0) + (mark.share if mark else 0)) % MODULUS

    def undo(self) -> None:
        """As it was at ``begin``, the order of the rows included."""
        for tbl, rid, old in reversed(self._before):
            marks = self._marks[tbl]
            if old is None:
                marks.pop(rid, None)
            elif rid in marks:
                marks[rid] = old
            else:  # it had been erased: back to its place, which is the order of birth
                marks[rid] = old
                self._marks[tbl] = dict(sorted(marks.items(), key=lambda entry: entry[1].at))
        self.total, self.counter, self.erased = self._start
        self._before = []

    def clear(self) -> None:
        """Forget everything."""
        self._marks.clear()
        self._before = []
        self.total = 0
