"""The store, broken on purpose: killed in the middle of saves, and changed behind its back."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tinydb import TinyDB
from tinydb.table import Document

from field_app.store.drafts import DraftStore
from field_app.store.errors import StoreError
from field_app.store.files import SCHEMA, open_file
from field_app.store.sealed_rows import SealedRows
from field_app.store.sealed_table import VaultDB
from field_app.store.seals import Anchor, RowSeal
from field_app.vault.generations import Keys
from field_app.vault.keys import Stretching
from field_app.vault.secrets import DemoSecretStore
from field_app.vault.vaults import Vaults

CHEAP: Final = Stretching(memory=8, passes=1, lanes=1)
PIN: Final = "582014"
OTHERS: Final = 40
LARGE: Final = 200_000
"""So large that a kill reliably lands inside one of plain TinyDB's writes."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried how often, what came of it, and what the same did to something weak."""

    name: str
    tried: int
    lost: int
    accepted_wrongly: int
    control: str
    control_found: int


def run(full: bool) -> Iterator[dict[str, Any]]:
    """Every trial of the store; ``full`` asks for the large amounts."""
    yield asdict(killed_while_saving(1000 if full else 60, control=100 if full else 25))
    yield asdict(bytes_flipped(2000 if full else 400))
    yield asdict(rows_tampered_with(1400 if full else 420))


# ---- killed while saving ---------------------------------------------------------------------------


def killed_while_saving(kills: int, *, control: int) -> Trial:
    """At a random moment of saving comes kill -9: no confirmed save is lost, and nothing else either."""
    with tempfile.TemporaryDirectory() as folder:
        lost = sum(_kill(Path(folder), _Vault(Path(folder)), random.Random(n)) for n in range(kills))
    with tempfile.TemporaryDirectory() as folder:
        found = sum(_kill(Path(folder), _Plain(Path(folder)), random.Random(n)) for n in range(control))
    return Trial(
        name="store.killed_while_saving",
        tried=kills,
        lost=lost,
        accepted_wrongly=0,
        control=f"plain TinyDB JSONStorage, {control} kills",
        control_found=found,
    )


def _kill(folder: Path, store: _Vault | _Plain, chance: random.Random) -> bool:
    """Whether one kill lost anything."""
    if not any(folder.iterdir()):
        store.fill()
    command = [sys.executable, "-m", "faults.store_faults", type(store).__name__, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        out = child.stdout
        assert out is not None
        out.readline()
        time.sleep(chance.random() * 0.06)
        child.send_signal(signal.SIGKILL)
        confirmed = [int(line) for line in out.read().split(b"\n")[:-1] if line.isdigit()]
    try:
        whole = store.rev() >= max(confirmed, default=0) and store.others_whole()
    except (StoreError, ValueError, AttributeError):
        whole = False
    if not whole:
        shutil.rmtree(folder)
        folder.mkdir()
    return not whole


class _Vault:
    """The store as the app has it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _open(self) -> tuple[Vaults, VaultDB]:
        secrets = DemoSecretStore(self._folder / "secrets")
        vaults = Vaults(self._folder, secrets, weak_stretching_for_tests=CHEAP)
        listed = vaults.officers()
        if listed:
            return vaults, vaults.unlock(listed[0].vault, PIN).db
        return vaults, vaults.create(officer="o", display_name="PC Sample", pin=PIN).db

    def fill(self) -> None:
        """The documents that every kill must leave alone, and the one that is saved."""
        vaults, db = self._open()
        with vaults, db.transaction():
            for n in range(OTHERS):
                DraftStore(db).save({"id": f"other-{n}", "n": n})
            DraftStore(db).save({"id": "target", "rev": 0})

    def rev(self) -> int:
        """The last save that is there."""
        vaults, db = self._open()
        with vaults:
            return int((DraftStore(db).get("target") or {})["rev"])

    def others_whole(self) -> bool:
        """Whether nothing else was harmed."""
        vaults, db = self._open()
        with vaults:
            return all(
                DraftStore(db).get(f"other-{n}") == {"id": f"other-{n}", "n": n} for n in range(OTHERS)
            )

    def saves(self) -> Iterator[int]:
        """Save for ever, giving each number after its save is confirmed."""
        _, db = self._open()
        drafts = DraftStore(db)
        rev = int((drafts.get("target") or {})["rev"])
        while True:
            rev += 1
            drafts.save({"id": "target", "rev": rev, "pad": "x" * (LARGE * (rev % 2))})
            yield rev


class _Plain:
    """The control: TinyDB as it comes, which writes its one file in place."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "plain.json"

    def fill(self) -> None:
        """The same documents."""
        with TinyDB(self._file) as db:
            db.insert_multiple(Document({"n": n}, n) for n in range(2, OTHERS + 2))
            db.insert(Document({"rev": 0}, 1))

    def rev(self) -> int:
        """The last save that is there."""
        with TinyDB(self._file) as db:
            return int(db.get(doc_id=1)["rev"])

    def others_whole(self) -> bool:
        """Whether nothing else was harmed."""
        with TinyDB(self._file) as db:
            return len(db) == OTHERS + 1

    def saves(self) -> Iterator[int]:
        """Save for ever, giving each number after its save is confirmed."""
        db = TinyDB(self._file)
        rev = self.rev()
        while True:
            rev += 1
            db.update({"rev": rev, "pad": "x" * (LARGE * (rev % 2))}, doc_ids=[1])
            yield rev


def _child(kind: str, folder: str) -> None:
    store = _Vault(Path(folder)) if kind == _Vault.__name__ else _Plain(Path(folder))
    os.write(1, b"ready\n")
    for rev in store.saves():
        os.write(1, b"%d\n" % rev)


# ---- changed behind its back -----------------------------------------------------------------------

Attack = Callable[["Prey", random.Random], None]
_COLUMNS: Final = "ver, wk, ct"


class MemoryAnchor:
    """An anchor that lasts as long as the trial."""

    def __init__(self, counter: int = 0) -> None:
        self.counter = counter

    def highest(self) -> int:
        """The highest counter remembered."""
        return self.counter

    def remember(self, counter: int) -> None:
        """Remember a counter."""
        self.counter = max(counter, self.counter)


class NakedSeal:
    """The control: seals without binding a row to its place, and without a sum over all rows.

    ``key`` None leaves the bodies open altogether.
    """

    schema = SCHEMA

    def __init__(self, key: bytes | None) -> None:
        self._key = key

    def new_key(self, tbl: str, rid: int) -> bytes:
        """No key of its own."""
        return bytes(60)

    def seal(self, tbl: str, rid: int, ver: int, wrapped: bytes, body: bytes) -> bytes:
        """Sealed, but to no place."""
        nonce = os.urandom(12)
        return body if self._key is None else nonce + AESGCM(self._key).encrypt(nonce, body, None)

    def open(self, tbl: str, rid: int, ver: int, wrapped: bytes, sealed: bytes) -> bytes:
        """Opened, wherever it lay."""
        return sealed if self._key is None else AESGCM(self._key).decrypt(sealed[:12], sealed[12:], None)

    def share(self, tbl: str, rid: int, ver: int, key_tag: bytes, body_tag: bytes) -> int:
        """Nothing is counted."""
        return 0

    def seal_head(self, counter: int, total: int) -> bytes:
        """Nothing is remembered."""
        return b"head"

    def open_head(self, sealed: bytes) -> tuple[int, int]:
        """Nothing is compared."""
        return 0, 0

    def rid_for(self, tbl: str, name: str) -> int:
        """Not used here."""
        return int(name)

    def scrub(self) -> None:
        """Nothing to forget."""


class Prey:
    """A store file with a past: its rows as they were, its head as it was, the whole file as it was."""

    def __init__(self, folder: Path, seal: Callable[[], RowSeal], *, anchored: bool = True) -> None:
        self._seal = seal
        self._anchor = MemoryAnchor()
        self._path = folder / "prey.db"
        rows = SealedRows.begun(open_file(self._path), seal(), self._anchor, meta={})
        self._save_all(rows, "first")
        rows.close()
        self.older = self._path.read_bytes()
        with sqlite3.connect(self._path) as conn:
            self.old_rows = conn.execute(f"SELECT {_COLUMNS}, rid FROM rows").fetchall()  # noqa: S608
            self.old_head = conn.execute("SELECT k, ct FROM head").fetchall()
        conn.close()
        rows = SealedRows.checked(open_file(self._path), seal(), MemoryAnchor())
        self._save_all(rows, "second")
        self._anchor.remember(rows.counter)
        rows.close()
        if not anchored:
            self._anchor = MemoryAnchor()
        self._whole = self._path.read_bytes()
        self.file = folder / "attacked.db"

    def _save_all(self, rows: SealedRows, word: str) -> None:
        with rows.transaction():
            for rid in range(1, OTHERS + 1):
                rows.put("drafts", rid, f"{word} {rid} ".encode() * 20)

    def noticed(self, attack: Attack, chance: random.Random) -> bool:
        """Attack a copy, open it, and read everything: whether anything was refused or pointed out."""
        for old in self.file.parent.glob("attacked.db*"):
            old.unlink()
        self.file.write_bytes(self._whole)
        attack(self, chance)
        anchor: Anchor = MemoryAnchor(self._anchor.counter)
        conn = open_file(self.file)
        try:
            rows = SealedRows.checked(conn, self._seal(), anchor)
            for rid in rows.rids("drafts"):
                rows.body("drafts", rid)
        except (StoreError, InvalidTag):
            return True
        else:
            return rows.rolled_back is not None
        finally:
            conn.close()

    def change(self, statement: str, *values: Any) -> None:
        """What an attacker does with the file in hand."""
        conn = sqlite3.connect(self.file)
        with conn:
            conn.execute(statement, values)
        conn.close()

    def row(self, rid: int) -> tuple[Any, ...]:
        """One row as it lies."""
        conn = sqlite3.connect(self.file)
        found = conn.execute(f"SELECT {_COLUMNS} FROM rows WHERE rid = ?", (rid,)).fetchone()  # noqa: S608
        conn.close()
        return tuple(found)


def bytes_flipped(tries: int) -> Trial:
    """One bit of one row turned over: found when the vault is opened, or at the latest on reading."""
    return _attacked("store.bytes_flipped", [_flip], tries, control_key=None)


def rows_tampered_with(tries: int) -> Trial:
    """Rows given another version, swapped, dropped, put back, doubled; heads dropped and put back."""
    attacks = [
        _other_version,
        _swap,
        _drop,
        _put_back,
        _double,
        _no_head,
        _old_head,
        _nothing_left,
        _whole_file,
    ]
    return _attacked("store.rows_tampered_with", attacks, tries, control_key=bytes(32))


def _attacked(name: str, attacks: Sequence[Attack], tries: int, *, control_key: bytes | None) -> Trial:
    vault, key, epoch = os.urandom(16), os.urandom(32), os.urandom(32)
    with tempfile.TemporaryDirectory() as folder:
        prey = Prey(Path(folder), lambda: Keys(bytearray(key), bytearray(epoch)).seal(vault))
        unseen = sum(not prey.noticed(attacks[n % len(attacks)], random.Random(n)) for n in range(tries))
    with tempfile.TemporaryDirectory() as folder:
        prey = Prey(Path(folder), lambda: NakedSeal(control_key), anchored=False)
        few = max(20, 2 * len(attacks))
        found = sum(not prey.noticed(attacks[n % len(attacks)], random.Random(n)) for n in range(few))
    bare = "rows in the clear" if control_key is None else "rows sealed without place and sum"
    return Trial(name, tries, 0, unseen, f"{bare}, {few} attacks", found)


def _flip(prey: Prey, chance: random.Random) -> None:
    rid, column = chance.randint(1, OTHERS), chance.choice(("wk", "ct"))
    found = bytearray(prey.row(rid)[1 if column == "wk" else 2])
    found[chance.randrange(len(found))] ^= 1 << chance.randrange(7)
    prey.change(f"UPDATE rows SET {column} = ? WHERE rid = ?", bytes(found), rid)  # noqa: S608


def _other_version(prey: Prey, chance: random.Random) -> None:
    prey.change("UPDATE rows SET ver = ver + ? WHERE rid = ?", chance.choice((-1, 1, 7)), _any(chance))


def _swap(prey: Prey, chance: random.Random) -> None:
    one, other = chance.sample(range(1, OTHERS + 1), 2)
    ones, others = prey.row(one), prey.row(other)
    prey.change("UPDATE rows SET ver = ?, wk = ?, ct = ? WHERE rid = ?", *others, one)
    prey.change("UPDATE rows SET ver = ?, wk = ?, ct = ? WHERE rid = ?", *ones, other)


def _drop(prey: Prey, chance: random.Random) -> None:
    prey.change("DELETE FROM rows WHERE rid = ?", _any(chance))


def _put_back(prey: Prey, chance: random.Random) -> None:
    prey.change("UPDATE rows SET ver = ?, wk = ?, ct = ? WHERE rid = ?", *chance.choice(prey.old_rows))


def _double(prey: Prey, chance: random.Random) -> None:
    row, rid = prey.row(_any(chance)), 1000 + _any(chance)
    prey.change("INSERT INTO rows (tbl, ver, wk, ct, rid) VALUES ('drafts', ?, ?, ?, ?)", *row, rid)


def _no_head(prey: Prey, chance: random.Random) -> None:
    prey.change("DELETE FROM head")


def _old_head(prey: Prey, chance: random.Random) -> None:
    prey.change("INSERT OR REPLACE INTO head VALUES (?, ?)", *prey.old_head[0])


def _nothing_left(prey: Prey, chance: random.Random) -> None:
    prey.change("DELETE FROM head")
    prey.change("DELETE FROM rows")


def _whole_file(prey: Prey, chance: random.Random) -> None:
    prey.file.write_bytes(prey.older)


def _any(chance: random.Random) -> int:
    return chance.randint(1, OTHERS)


if __name__ == "__main__":
    _child(*sys.argv[1:])
