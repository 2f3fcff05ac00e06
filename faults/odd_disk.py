"""A disk under sqlite that remembers every write, or fails at the one it was told to (apsw's VFS).

The app's own store runs on it through ``OnOddDisk``, which speaks to apsw as the store speaks to sqlite3.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import apsw

from field_app.store.files import _PRAGMAS, _TABLES, SCHEMA

SECTOR: Final = 512
"""What a disk writes as a whole: half of a larger write may be there after the power went."""

Kind = Literal["write", "cut", "sync"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a disk was asked for: bytes written at a place, a file cut there, all of it settled."""

    file: str
    kind: Kind
    at: int = 0
    data: bytes = b""


@dataclass
class Disk:
    """What the disk was asked for, in order; and the call from which on it fails, and how."""

    steps: list[Step] = field(default_factory=list)
    fails_from: int | None = None
    fails_once: bool = False
    with_error: type[Exception] = apsw.IOError
    calls: int = 0

    def called(self) -> None:
        """Count a call that changes something; fail if it is one of those that fail."""
        self.calls += 1
        at = self.fails_from
        if at is not None and (self.calls == at or (self.calls > at and not self.fails_once)):
            raise self.with_error("the disk")


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        self._disk = disk
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._name = Path(path).name if path else ""
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - sqlite's own name
        """Write, and remember it."""
        self._disk.called()
        self._disk.steps.append(Step(self._name, "write", offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        """Cut the file, and remember it."""
        self._disk.called()
        self._disk.steps.append(Step(self._name, "cut", newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        """Settle the file, and remember it."""
        self._disk.called()
        self._disk.steps.append(Step(self._name, "sync"))
        super().xSync(flags)


class OddDisk(apsw.VFS):
    """Files on a disk that is watched."""

    def __init__(self, name: str, disk: Disk) -> None:
        self._disk = disk
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> _File:  # noqa: N802
        """Open a file on it."""
        return _File(self._disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        """Remove a file, which is as good as cut to nothing; only the first journal is."""
        self._disk.called()
        name = Path(filename).name
        self._disk.steps += [Step(name, "cut"), Step(name, "sync")]
        super().xDelete(filename, syncdir)


class _Result:
    def __init__(self, connection: apsw.Connection, cursor: apsw.Cursor) -> None:
        self._cursor = cursor
        self.lastrowid = connection.last_insert_rowid()

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row."""
        return next(self._cursor, None)

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Every row."""
        return list(self._cursor)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._cursor)


def _code_of(error: apsw.Error) -> int:
    """What sqlite3 would say; an error that the disk itself has raised carries no number."""
    own = {apsw.FullError: sqlite3.SQLITE_FULL, apsw.IOError: sqlite3.SQLITE_IOERR}
    return getattr(error, "extendedresult", 0) or own.get(type(error), sqlite3.SQLITE_ERROR)


class OnOddDisk:
    """A connection as the store knows it, with its own settings but for ``pragmas``, on such a disk."""

    def __init__(self, path: Path, disk: str, *pragmas: str) -> None:
        self._connection = apsw.Connection(str(path), vfs=disk)
        for pragma in (*_PRAGMAS, *pragmas):
            self.execute(f"PRAGMA {pragma}").fetchall()
        if not self.execute("SELECT name FROM sqlite_master").fetchall():
            for statement in _TABLES.values():
                self.execute(statement)
            self.execute(f"PRAGMA user_version={SCHEMA}")

    def execute(self, statement: str, values: tuple[Any, ...] = ()) -> _Result:
        """Run a statement; what goes wrong is said as sqlite3 says it."""
        try:
            return _Result(self._connection, self._connection.execute(statement, values))
        except apsw.Error as error:
            raised = sqlite3.OperationalError("the disk")
            raised.sqlite_errorcode = _code_of(error)
            raise raised from error

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._connection.in_transaction

    def close(self) -> None:
        """Close the file, however the disk is."""
        try:
            self._connection.close(True)
        except apsw.Error:
            return
