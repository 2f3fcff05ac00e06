"""The store, broken on purpose: killed in the middle of saves, and changed behind its back."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from tinydb import TinyDB
from tinydb.table import Document

from faults.prey import OTHERS, Attack, NakedSeal, Prey
from faults.trials import Trial
from field_app.store.drafts import DraftStore
from field_app.store.errors import StoreError
from field_app.store.sealed_table import VaultDB
from field_app.vault.generations import Keys
from field_app.vault.keys import Stretching
from field_app.vault.secrets import DemoSecretStore
from field_app.vault.vaults import Vaults

CHEAP: Final = Stretching(memory=8, passes=1, lanes=1)
PIN: Final = "582014"
LARGE: Final = 200_000
"""So large that a kill reliably lands inside one of plain TinyDB's writes."""


def run(full: bool) -> Iterator[dict[str, Any]]:
    """Every trial of the store; ``full`` asks for the large amounts."""
    yield asdict(killed_while_saving(1000 if full else 300, control=100 if full else 40))
    yield asdict(bytes_flipped(12000 if full else 580))
    yield asdict(rows_tampered_with(8400 if full else 420))


# ---- killed while saving ---------------------------------------------------------------------------


def killed_while_saving(kills: int, *, control: int) -> Trial:
    """At a random moment of saving comes kill -9: no confirmed save is lost, and nothing else either."""
    with tempfile.TemporaryDirectory() as folder:
        lost = sum(_kill(Path(folder), _Vault(Path(folder)), random.Random(n)) for n in range(kills))
    with tempfile.TemporaryDirectory() as folder:
        found = sum(_kill(Path(folder), _Plain(Path(folder)), random.Random(n)) for n in range(control))
    return Trial(
        name="F1 store.killed_while_saving",
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


def bytes_flipped(tries: int) -> Trial:
    """One bit of one row turned over: found when the vault is opened, or at the latest on reading."""
    return _attacked("F5 store.bytes_flipped", [_flip], tries, control_key=None)


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
    return _attacked("F5 store.rows_tampered_with", attacks, tries, control_key=bytes(32))


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
