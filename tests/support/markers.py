"""Words that occur nowhere else, and the search for them in every shape that a leak could have.

All markers begin with the same syllables, so that one search finds any of them, also one that was cut
short. They are made of letters alone, so that nothing which tidies names, addresses or texts changes them.
"""

from __future__ import annotations

import base64
import re
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psutil

STEM = "Qxzkestrel"
_HEAD = STEM[:8]
_LETTERS = "bcdfghjklmnprstvwz"
_MARKER = re.compile(rf"{STEM}[a-z]{{2}}", re.IGNORECASE)
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_MOST_INFLATED = 4 << 20


def marker(number: int) -> str:
    """The marker of this number: another word for each."""
    first, second = divmod(number, len(_LETTERS))
    return f"{STEM}{_LETTERS[first]}{_LETTERS[second]}"


@dataclass
class Planted:
    """Which marker was written where."""

    where: dict[str, str] = field(default_factory=dict)

    def word(self, place: str) -> str:
        """A new marker for this place, to stand as a name."""
        assert place not in self.where, f"{place} is planted twice"
        self.where[place] = marker(len(self.where))
        return self.where[place]

    def sentence(self, place: str) -> str:
        """A new marker for this place, in the middle of a sentence."""
        return f"On the night it was {self.word(place)}, and that was said twice."

    def missing_from(self, text: str) -> list[str]:
        """The places whose markers this text does not hold."""
        found = {one.group().casefold() for one in _MARKER.finditer(text)}
        return sorted(place for place, word in self.where.items() if word.casefold() not in found)


@cache
def needles() -> Mapping[str, tuple[bytes, ...]]:
    """What any marker looks like, by the name of the shape. All but base64 are compared in small letters."""
    plain = _HEAD.lower().encode()
    cases = {_HEAD, _HEAD.lower(), _HEAD.upper()}
    return {
        "plain": (plain,),
        "utf-16": (plain.decode().encode("utf-16-le"),),  # big-endian holds the same, one byte later
        "utf-32": (plain.decode().encode("utf-32-le"),),
        "json": tuple("".join(f"\\u{ord(letter):04x}" for letter in one).encode() for one in cases),
        "hex": tuple(one.encode().hex().encode() for one in cases),
        "base64": tuple(_in_base64(one.encode(), shift) for one in cases for shift in range(3)),
    }


def _in_base64(words: bytes, shift: int) -> bytes:
    """The characters that do not depend on what stands before and behind."""
    encoded = base64.b64encode(bytes(shift) + words)
    whole = (shift + len(words)) * 8 // 6
    return encoded[-(-shift * 8 // 6) : whole]


def shapes_in(data: bytes) -> list[str]:
    """In which shapes a marker stands in these bytes, packed ones included. An empty list is good."""
    packed = any(_shapes(_inflated(data, start.start())) for start in _ZLIB.finditer(data))
    return [*_shapes(data), *(["packed"] if packed else [])]


def _shapes(data: bytes) -> list[str]:
    lower = data.lower()
    return [
        shape
        for shape, looks in needles().items()
        if any(one in (data if shape == "base64" else lower) for one in looks)
    ]


def _inflated(data: bytes, start: int) -> bytes:
    """As much as can be unpacked from here; most places that look like a beginning are none."""
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(
            memoryview(data)[start:], _MOST_INFLATED
        )
    except zlib.error:
        return b""


@dataclass(frozen=True, slots=True)
class Found:
    """A marker where it was found: never the words around it."""

    place: str
    shapes: tuple[str, ...]


def in_files(folder: Path) -> Iterator[Found]:
    """Every file below a folder that holds a marker, in its bytes or in its name."""
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if shapes := shapes_in(name.encode()):
            yield Found(f"the name of {name}", tuple(shapes))
        with suppress(FileNotFoundError):  # a database's own files beside it come and go
            if path.is_file() and (shapes := shapes_in(path.read_bytes())):
                yield Found(name, tuple(shapes))


def in_tables(database: Path) -> Iterator[Found]:
    """Every table of an SQLite file that holds a marker."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        for name in sorted(names):
            held = table_text(connection, name)
            if shapes := shapes_in(held):
                yield Found(name, tuple(shapes))


def table_text(connection: sqlite3.Connection, name: str) -> bytes:
    """Every cell of a table, one after the other."""
    rows = connection.execute(f'select * from "{name}"')  # noqa: S608 - a name out of the file itself
    cells = (cell for row in rows for cell in row if cell is not None)
    return b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells)


def in_command_lines(*pids: int) -> Iterator[Found]:
    """Every one of these processes, and of those that they started, whose command or environment tells."""
    for pid in pids:
        parent = psutil.Process(pid)
        for one in (parent, *parent.children(recursive=True)):
            said = "\0".join([*one.cmdline(), *(f"{key}={value}" for key, value in one.environ().items())])
            if shapes := shapes_in(said.encode()):
                yield Found(f"process {one.name()}", tuple(shapes))
