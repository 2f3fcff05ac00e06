"""The disk under the store: power that goes (F2), no room (F3), writes that fail (F4), erased bytes (F16).

Power that goes: while the store saves and erases, every write, cut and sync of its files is remembered.
What a disk may look like after the power went is everything that was settled, and of the rest any sectors in
any order. From such remains the store is opened as the app opens it. The control does not wait for the disk.

No room, and writes that fail: at each call in turn the disk refuses, for good until there is room, or once.
Then whoever saves is told, nothing that was confirmed is missing and nothing that was erased is back. After
a write that failed nothing is saved until the store was opened again. The control does not listen.
"""

from __future__ import annotations

import os
import random
import tempfile
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, cast

import apsw

from faults.odd_disk import SECTOR, Disk, OddDisk, OnOddDisk, Step
from faults.prey import MemoryAnchor
from faults.trials import Trial
from field_app.store.errors import StoreBroken, StoreError, StoreFull
from field_app.store.files import open_file
from field_app.store.sealed_rows import SealedRows
from field_app.vault.generations import Keys
from field_app.vault.row_seal import VaultSeal

ROWS: Final = 25
SAVES: Final = 240
VAULT, VAULT_KEY, EPOCH_KEY = os.urandom(16), os.urandom(32), os.urandom(32)

State = dict[int, int]
"""Which version of each row was confirmed last; none of an erased one."""


def run(full: bool) -> Iterator[dict[str, Any]]:
    """Every trial of the disk; ``full`` asks for the large amounts."""
    yield asdict(power_gone(50_000 if full else 1_500, control=400 if full else 60))
    yield asdict(no_room(200 if full else 60))
    yield asdict(writes_that_fail(500 if full else 120))
    yield asdict(erased(500 if full else 120))


def _seal() -> VaultSeal:
    return Keys(bytearray(VAULT_KEY), bytearray(EPOCH_KEY)).seal(VAULT)


def _body(rid: int, version: int, chance: random.Random) -> bytes:
    return b"%d %d %s" % (rid, version, os.urandom(chance.randint(250, 4500)).hex().encode())


# ---- power that goes -----------------------------------------------------------------------------


@dataclass
class Evening:
    """What a store's disk was asked for, and what was confirmed after how many steps of it."""

    disk: Disk = field(default_factory=Disk)
    after: list[int] = field(default_factory=list)
    confirmed: list[State] = field(default_factory=list)
    remembered: list[int] = field(default_factory=list)

    def note(self, state: State, anchor: MemoryAnchor) -> None:
        """A save was confirmed just now."""
        self.after.append(len(self.disk.steps))
        self.confirmed.append(dict(state))
        self.remembered.append(anchor.counter)


def power_gone(states: int, *, control: int) -> Trial:
    """Open the store from as many remains: each confirmed save is there, and nothing is harmed."""
    with tempfile.TemporaryDirectory() as folder:
        lost = _lost_from(_an_evening(Path(folder), "waits"), states, Path(folder) / "remains")
    with tempfile.TemporaryDirectory() as folder:
        careless = _an_evening(Path(folder), "careless", "synchronous=NORMAL")
        found = _lost_from(careless, control, Path(folder) / "remains")
    weak = f"synchronous=NORMAL, {control} states"
    return Trial("F2 disk.power_gone", states, lost, 0, weak, found)


def _an_evening(folder: Path, name: str, *pragmas: str) -> Evening:
    """Save and erase for a while, on a disk that remembers."""
    evening, anchor, chance = Evening(), MemoryAnchor(), random.Random(7)
    watched = OddDisk(name, evening.disk)
    conn = OnOddDisk(folder / "store.db", name, *pragmas)
    rows = SealedRows.begun(cast(Any, conn), _seal(), anchor, meta={})
    state: State = {}
    evening.note(state, anchor)
    for number in range(SAVES):
        rid = chance.randint(1, ROWS)
        if rid in state and number % 12 == 0:
            rows.erase("drafts", rid)
            del state[rid]
        else:
            state[rid] = number
            rows.put("drafts", rid, _body(rid, number, chance))
        evening.note(state, anchor)
    conn.close()
    watched.unregister()
    return evening


def _lost_from(evening: Evening, states: int, folder: Path) -> int:
    """How many of so many remains do not have what was confirmed."""
    folder.mkdir()
    chance, steps = random.Random(11), evening.disk.steps
    cuts = sorted(chance.randint(evening.after[0], evening.after[-1]) for _ in range(states))
    settled: dict[str, bytearray] = {}
    pending: dict[str, list[Step]] = {}
    lost, done = 0, 0
    for cut in cuts:
        for step in steps[done:cut]:
            _remember(step, settled, pending)
        done = cut
        at = bisect_right(evening.after, cut) - 1
        remains = _remains(settled, pending, chance)
        lost += not _holds(folder, remains, evening.confirmed[at], evening.remembered[at])
    return lost


def _remember(step: Step, settled: dict[str, bytearray], pending: dict[str, list[Step]]) -> None:
    file, waiting = settled.setdefault(step.file, bytearray()), pending.setdefault(step.file, [])
    if step.kind != "sync":
        waiting.append(step)
        return
    for one in waiting:
        _do(file, one)
    waiting.clear()


def _remains(
    settled: dict[str, bytearray], pending: dict[str, list[Step]], chance: random.Random
) -> dict[str, bytearray]:
    """What may be there: all that is settled, and any sectors of the rest."""
    found = {name: bytearray(data) for name, data in settled.items()}
    for name, waiting in pending.items():
        for step in waiting:
            if step.kind == "cut":
                if chance.random() < 0.5:
                    _do(found[name], step)
                continue
            for at in range(0, len(step.data), SECTOR):
                if chance.random() < 0.5:
                    part = Step(name, "write", step.at + at, step.data[at : at + SECTOR])
                    _do(found[name], part)
    return found


def _do(file: bytearray, step: Step) -> None:
    if step.kind == "cut":
        del file[step.at :]
        return
    file.extend(bytes(max(0, step.at - len(file))))
    file[step.at : step.at + len(step.data)] = step.data


def _holds(folder: Path, remains: dict[str, bytearray], confirmed: State, remembered: int) -> bool:
    """Whether the store opens from this, whole, with every confirmed save or a later one."""
    for old in folder.iterdir():
        old.unlink()
    for name, data in remains.items():
        if data and name:
            (folder / name).write_bytes(data)
    try:
        conn = open_file(folder / "store.db")
        try:
            rows = SealedRows.checked(conn, _seal(), MemoryAnchor(remembered))
            there = {rid: rows.body("drafts", rid) or b"" for rid in rows.rids("drafts")}
        finally:
            conn.close()
    except StoreError:
        return False
    newest = {rid: int(body.split(b" ", 2)[1]) for rid, body in there.items()}
    changed = {rid for rid in confirmed.keys() | newest.keys() if confirmed.get(rid) != newest.get(rid)}
    # One change may have been under way: of one row, and towards what is newer.
    forward = all(rid not in newest or newest[rid] > confirmed.get(rid, -1) for rid in changed)
    return rows.rolled_back is None and len(changed) <= 1 and forward


# ---- no room, and writes that fail ---------------------------------------------------------------


def no_room(levels: int) -> Trial:
    """Fill the disk at each call: the save is refused as full, and goes once there is room."""
    lost = sum(_refused_at(call, apsw.FullError, once=False) for call in range(1, levels + 1))
    deaf = sum(_refused_at(call, apsw.FullError, once=False, deaf=True) for call in range(1, 21))
    return Trial("F3 disk.no_room", levels, lost, 0, "refusals are not listened to, 20 levels", deaf)


def writes_that_fail(calls: int) -> Trial:
    """Fail each call once: no later save goes as if it had not happened, and what was confirmed is there."""
    lost = sum(_refused_at(call, apsw.IOError, once=True) for call in range(1, calls + 1))
    deaf = sum(_refused_at(call, apsw.IOError, once=True, deaf=True) for call in range(1, 21))
    return Trial("F4 disk.writes_that_fail", calls, lost, 0, "refusals are not listened to, 20 calls", deaf)


def _refused_at(call: int, error: type[Exception], *, once: bool, deaf: bool = False) -> bool:
    """Whether anything confirmed is missing, anything erased is back, or nobody was told.

    After the disk refused at this call. Where it was full, the next save goes once there is room. Where it
    failed, no later save goes before the store was opened again: nobody knows what the disk has kept.
    """
    disk, anchor, chance = Disk(), MemoryAnchor(), random.Random(call)
    with tempfile.TemporaryDirectory() as name:
        folder, watched = Path(name), OddDisk("refusing", disk)
        conn = OnOddDisk(folder / "store.db", "refusing")
        rows = SealedRows.begun(cast(Any, conn), _seal(), anchor, meta={})
        state: State = {}
        with rows.transaction():
            for number in range(ROWS):
                _save(rows, state, number, chance)
        disk.fails_from, disk.fails_once, disk.with_error = disk.calls + call, once, error
        refused, in_doubt = None, set[int]()
        for number in range(ROWS + 2, 200):  # the first of these erases a row
            try:
                _save(rows, state, number, chance)
            except StoreError as why:
                refused = refused or why
                in_doubt = {number % ROWS} if once else set()
                if deaf:
                    state[number % ROWS], in_doubt = number, set()
            if disk.calls >= disk.fails_from and (refused or once):
                break
        disk.fails_from = None
        told = deaf or isinstance(refused, StoreBroken if once else StoreFull) or (once and refused is None)
        goes_on = deaf or _goes_on(rows, state, chance) is not once
        conn.close()
        watched.unregister()
        return not (told and goes_on and _all_there(folder, state, anchor, in_doubt))


def _save(rows: SealedRows, state: State, number: int, chance: random.Random) -> None:
    rid = number % ROWS
    if rid in state and number % 9 == 0:
        rows.erase("drafts", rid)
        state.pop(rid)
    else:
        rows.put("drafts", rid, _body(rid, number, chance))
        state[rid] = number


def _goes_on(rows: SealedRows, state: State, chance: random.Random) -> bool:
    try:
        _save(rows, state, 1000, chance)
    except StoreError:
        return False
    return True


def _all_there(folder: Path, state: State, anchor: MemoryAnchor, in_doubt: set[int]) -> bool:
    """Whether the store opens with just these rows; of one in doubt, what was refused may be there too."""
    try:
        conn = open_file(folder / "store.db")
        try:
            rows = SealedRows.checked(conn, _seal(), anchor)
            there = {rid: rows.body("drafts", rid) or b"" for rid in rows.rids("drafts")}
        finally:
            conn.close()
    except StoreError:
        return False
    newest = {rid: int(body.split(b" ", 2)[1]) for rid, body in there.items()}
    changed = {rid for rid in state.keys() | newest.keys() if state.get(rid) != newest.get(rid)}
    return rows.rolled_back is None and changed <= in_doubt


# ---- erased bytes --------------------------------------------------------------------------------


def erased(number: int) -> Trial:
    """Erase every second row: no file holds its wrapped key, its body or an earlier version of it."""
    left, traces = _left_over(number, "ON")
    careless, _ = _left_over(number, "OFF")
    return Trial("F16 disk.erased", traces, left, 0, "secure_delete=OFF", careless)


def _left_over(number: int, secure_delete: str) -> tuple[int, int]:
    """How many traces of erased rows lie in the files, and how many there were to look for."""
    traces: list[bytes] = []
    with tempfile.TemporaryDirectory() as name:
        conn = open_file(Path(name) / "store.db")
        conn.execute(f"PRAGMA secure_delete = {secure_delete}")
        rows = SealedRows.begun(conn, _seal(), MemoryAnchor(), meta={})
        for length in (3000, 2500):
            with rows.transaction():
                for rid in range(number):
                    rows.put("drafts", rid, bytes(length))
            for wrapped, body in conn.execute("SELECT wk, ct FROM rows WHERE rid % 2 = 0").fetchall():
                traces += [wrapped[12:40], body[100:140]]
        with rows.transaction():
            for rid in range(0, number, 2):
                rows.erase("drafts", rid)
        lying_about = b"".join(file.read_bytes() for file in Path(name).iterdir())
        rows.close()
    return sum(trace in lying_about for trace in traces), len(traces)
