"""How long a save takes, how long unlocking takes, and how large the file gets; beside what others need.

Each engine keeps the same 6 KB documents and does the same to them: read one, change it, write it
durably. They take turns, so that whatever else the disk is doing hits all of them alike, and of
three rounds the middle one counts.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as sqlcipher
from tinydb import TinyDB
from tinydb.table import Document

from field_app.store.files import open_file
from field_app.store.sealed_rows import SealedRows
from field_app.store.sealed_table import VaultDB
from field_app.vault.generations import Keys

SIZES: Final = (10, 1000, 5000)
ROUNDS: Final = 3
WORDS: Final = (
    *("seen", "near", "canal", "bridge", "wearing", "blue", "coat", "last", "spoke", "with", "foster"),
    *("carer", "school", "taxi", "phone", "off"),
)

Save = Callable[[int, int], object]


def run(full: bool) -> Iterator[dict[str, Any]]:
    """Every figure of the store; ``full`` takes more samples."""
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            engines = _Engines(Path(folder), size)
            rounds = [engines.round(400 if full else 120) for _ in range(ROUNDS)]
            middle = {name: _middle(rounds, name, 0.5) for name in rounds[0]}
            middle["tinydb"] = engines.tinydb(5 if size == max(SIZES) else 15)
            yield from _saves(size, rounds, middle)
            if size == max(SIZES):
                few = {"p50_10": middle["homeward_few"]}
                ratio = middle["homeward"] / middle["homeward_few"]
                yield _figure("save_flat", ratio, "ratio of p50 at 5,000 to p50 at 10", few, "<= 1.3")
                yield _file(engines)
                yield from _unlocking(engines)
            engines.close()


def _saves(
    size: int, rounds: list[dict[str, list[float]]], middle: dict[str, float]
) -> Iterator[dict[str, Any]]:
    ours, samples = middle["homeward"], [run for found in rounds for run in found["homeward"]]
    late = _middle(rounds, "homeward", 0.99)
    anchor = {name: round(value, 3) for name, value in middle.items() if "homeward" not in name}
    yield _figure(f"save_p50_{size}", ours, "ms", anchor, "<= 5", samples=samples)
    yield _figure(f"save_p99_{size}", late, "ms", {"sqlcipher": _middle(rounds, "sqlcipher", 0.99)}, "<= 50")
    yield _figure(f"save_to_sqlcipher_{size}", ours / middle["sqlcipher"], "ratio of p50", anchor, "<= 1.15")
    yield _figure(
        f"save_to_plain_rows_{size}", ours / middle["plain_rows"], "ratio of p50", anchor, "<= 1.45"
    )
    yield _figure(f"save_to_fdatasync_{size}", ours / middle["fdatasync"], "ratio of p50", anchor, "<= 4")
    if size > min(SIZES):
        goal = ">= 100" if size == SIZES[1] else ">= 500"
        yield _figure(f"tinydb_to_save_{size}", middle["tinydb"] / ours, "times as fast", anchor, goal)


def _file(engines: _Engines) -> dict[str, Any]:
    engines.checkpoint()
    written = sum(len(json.dumps(engines.table.get(doc_id=n + 1))) for n in range(engines.size))
    plain = engines.file.with_name("plain.db").stat().st_size
    anchor = {"json_bytes": written, "plain_rows_to_json": round(plain / written, 3)}
    return _figure("file_to_json", engines.file.stat().st_size / written, "ratio of bytes", anchor, "<= 1.1")


def _unlocking(engines: _Engines) -> Iterator[dict[str, Any]]:
    engines.rows.close()
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        rows = SealedRows.checked(open_file(engines.file), engines.seal(), engines.anchor)
        taken.append((time.perf_counter() - began) * 1e3)
        rows.close()
    value = statistics.median(taken)
    yield _figure(f"unlock_without_kdf_{engines.size}", value, "ms", {}, "<= 100", samples=taken)


def _figure(
    name: str,
    value: float,
    unit: str,
    anchor: object,
    goal: str,
    *,
    samples: Sequence[float] = (),
) -> dict[str, Any]:
    sign, limit = goal.split()
    return {
        "name": f"store.{name}",
        "value": round(value, 3),
        "unit": unit,
        "anchor": anchor,
        "goal": goal,
        "ok": value <= float(limit) if sign == "<=" else value >= float(limit),
        "samples": [round(sample, 3) for sample in samples],
        "load": [round(load, 2) for load in os.getloadavg()],
    }


def _middle(rounds: list[dict[str, list[float]]], name: str, part: float) -> float:
    return statistics.median(_at(found[name], part) for found in rounds)


def _at(samples: list[float], part: float) -> float:
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


class _NoAnchor:
    """Nothing is remembered outside the file: the others do not either."""

    def highest(self) -> int:
        """Nothing was."""
        return 0

    def remember(self, counter: int) -> None:
        """Nothing is."""


class _Engines:
    """The same documents in every engine, and how each saves one."""

    def __init__(self, folder: Path, size: int) -> None:
        chance = random.Random(7)
        self.size = size
        self.anchor = _NoAnchor()
        self._docs = [_document(n, chance) for n in range(size)]
        self._chance = chance
        self._keys = os.urandom(16), os.urandom(32), os.urandom(32)
        self.file = folder / "homeward.db"
        self._conns: list[Any] = []
        self._closing: list[Callable[[], object]] = []
        self._saves: dict[str, Save] = {
            "homeward_few": self._homeward(folder / "few.db", 10),
            "homeward": self._homeward(self.file, size),
            "sqlcipher": self._rows(folder / "sqlcipher.db", sqlcipher, key=True),
            "plain_rows": self._rows(folder / "plain.db", sqlite3, key=False),
            "fdatasync": self._fdatasync(folder / "raw"),
        }
        self._tinydb = self._plain_tinydb(folder / "plain.json")

    def seal(self) -> Any:
        """The seal of our own store."""
        vault, key, epoch = self._keys
        return Keys(bytearray(key), bytearray(epoch)).seal(vault)

    def round(self, saves: int) -> dict[str, list[float]]:
        """Everyone saves, in turn, in ever another order."""
        taken: dict[str, list[float]] = {name: [] for name in self._saves}
        for turn in range(saves):
            order = list(self._saves.items())
            self._chance.shuffle(order)
            which = self._chance.randrange(self.size)
            for name, save in order:
                began = time.perf_counter()
                save(which, turn)
                taken[name].append((time.perf_counter() - began) * 1e3)
        return taken

    def tinydb(self, saves: int) -> float:
        """Plain TinyDB on its own: it writes so much that it would slow the others' disk down."""
        taken = []
        for turn in range(saves):
            began = time.perf_counter()
            self._tinydb(self._chance.randrange(self.size), turn)
            taken.append((time.perf_counter() - began) * 1e3)
        return statistics.median(taken)

    def checkpoint(self) -> None:
        """Have every engine write what it has into its file."""
        for conn in [self.rows.connection, *self._conns]:
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close every engine."""
        for close in self._closing:
            close()

    def _change(self, turn: int) -> dict[str, Any]:
        return {"rev": turn, "answers": self._docs[turn % self.size]["answers"]}

    def _homeward(self, path: Path, size: int) -> Save:
        self.rows = SealedRows.begun(open_file(path), self.seal(), self.anchor, meta={})
        self.table = table = VaultDB(self.rows).sealed("drafts")
        table.insert_multiple(Document(doc, n + 1) for n, doc in enumerate(self._docs[:size]))
        self._closing.append(self.rows.close)
        return lambda which, turn: table.update(self._change(turn), doc_ids=[which % size + 1])

    def _rows(self, path: Path, engine: Any, *, key: bool) -> Save:
        conn = engine.connect(str(path), isolation_level=None)
        if key:
            conn.execute(f"PRAGMA key=\"x'{os.urandom(32).hex()}'\"")
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            conn.execute(f"PRAGMA {pragma}")
        conn.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT)")
        conn.execute("BEGIN")
        conn.executemany(
            "INSERT INTO rows VALUES (?, ?)", ((n, _json(doc)) for n, doc in enumerate(self._docs))
        )
        conn.execute("COMMIT")
        self._closing.append(conn.close)
        self._conns.append(conn)

        def save(which: int, turn: int) -> None:
            found = json.loads(conn.execute("SELECT body FROM rows WHERE id = ?", (which,)).fetchone()[0])
            found.update(self._change(turn))
            conn.execute("UPDATE rows SET body = ? WHERE id = ?", (_json(found), which))

        return save

    def _fdatasync(self, path: Path) -> Save:
        descriptor, block = os.open(path, os.O_RDWR | os.O_CREAT), os.urandom(6144)
        self._closing.append(lambda: os.close(descriptor))

        def save(which: int, turn: int) -> None:
            os.write(descriptor, block)
            os.fdatasync(descriptor)

        return save

    def _plain_tinydb(self, path: Path) -> Save:
        db = TinyDB(path)
        db.insert_multiple(Document(doc, n + 1) for n, doc in enumerate(self._docs))
        self._closing.append(db.close)
        return lambda which, turn: db.update(self._change(turn), doc_ids=[which + 1])


def _document(number: int, chance: random.Random) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": f"draft-{number}",
        "form": "return",
        "officer": "PC 4521",
        "answers": {},
    }
    while len(json.dumps(document)) < 6000:
        words = " ".join(chance.choices(WORDS, k=chance.randint(2, 14)))
        document["answers"][f"ret.question_{len(document['answers'])}"] = {"v": words, "t": 1790000000}
    return document


def _json(document: Any) -> str:
    return json.dumps(document, separators=(",", ":"))
