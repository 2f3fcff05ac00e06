"""Backups made while records come in, and put back (F28).

A real server takes in what eight handhelds send. Beside it the command ``sync-server backup`` runs in a
process of its own; in every third of them the server is killed meanwhile and started anew, in every third
the backup itself, which is then made once more. Each backup is put back into an empty place by
``sync-server restore --verify``. It has to end well; whatever had a receipt before the backup began must
stand there once wherever it is to stand; and up to the number that the backup says it covers, both must have
the same submissions: handhelds let go of their copies by that number.

The control is what seems to do as well. Of a file it is a copy of it as it lies, without what SQLite has
written beside it; of PostgreSQL it is one table after the other, each as it is when its turn comes.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import create_engine, make_url, select

from faults.fault_proxy import FaultProxy
from faults.night_out import Handheld, Night, a_night, places
from faults.trials import Trial
from house.postgres import one_of_our_own
from sync_server import audit, checkpoints
from sync_server.backups.contents import DATABASE, read_contents, whole_ones
from sync_server.context import Context, open_context
from sync_server.db.copies import read_copy, rows_into
from sync_server.db.tables import Kept, submission
from sync_server.settings import Settings

UNCUT: Final = 1 << 40
BEFORE: Final = 6
"""So many more have a receipt before the next backup begins."""
LONGEST_PAUSE_S: Final = 1.5
"""Between two records of a handheld, so that backups have something of the processor."""
MOST_CONTROLS: Final = 12
PATIENCE_S: Final = 120.0


@dataclass(slots=True)
class Round:
    """What one backup, put back, came to."""

    lost: int = 0
    wrongly: int = 0
    submissions: int = 0


@dataclass(slots=True)
class Load:
    """Every handheld sends all the while; ``acknowledged`` are sums of what has a receipt, by record."""

    night: Night
    acknowledged: dict[str, str] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def sends(self, handheld: Handheld) -> None:
        """One handheld, until it is enough."""
        while not self.over.is_set():
            sent = self.night.send_one(handheld)
            self.acknowledged[sent.record] = sha256(sent.envelope).hexdigest()
            self.over.wait(random.random() * LONGEST_PAUSE_S)

    def waits_for_more(self) -> None:
        """Until some more have a receipt."""
        enough, until = len(self.acknowledged) + BEFORE, time.monotonic() + PATIENCE_S
        while len(self.acknowledged) < enough:
            if time.monotonic() > until:
                raise AssertionError("nothing is received any more")
            time.sleep(0.05)


def run(full: bool) -> Iterator[dict[str, Any]]:
    """On both databases; ``full`` asks for the large amounts."""
    with a_night(proxy=_uncut()) as night:
        yield asdict(made_under_load("F28 backup.made_under_load", night, 20 if full else 3))
    with one_of_our_own(durable=True) as ours, a_night(ours.url, _uncut()) as night:
        yield asdict(made_under_load("F28 postgresql.backup_under_load", night, 20 if full else 2))


def _uncut() -> FaultProxy:
    return FaultProxy(seed=28, up_bytes=UNCUT, down_bytes=UNCUT)


def made_under_load(name: str, night: Night, times: int) -> Trial:
    """Make so many while records come in, put each back, and count what is missing or too much."""
    load, control = Load(night), _tables_in_turn if night.database_url else _file_as_it_lies
    with TemporaryDirectory(prefix="homeward-backups-") as folder, ThreadPoolExecutor(8) as pool:
        sending = [pool.submit(load.sends, one) for one in night.handhelds]
        try:
            rounds = [_round(load, Path(folder), number) for number in range(times)]
            load.waits_for_more()
            found, number = 0, 0
            while number < 3 or (not found and number < MOST_CONTROLS):
                found += control(load, Path(folder) / f"control-{number}")
                number += 1
        finally:
            load.over.set()
        for one in sending:
            one.result()
    lost, wrongly = sum(one.lost for one in rounds), sum(one.wrongly for one in rounds)
    said = "submissions in each: " + ", ".join(str(one.submissions) for one in rounds)
    return Trial(name, times, lost, wrongly, _CONTROLS[control], found, said)


# ---- one backup ------------------------------------------------------------------------------------------


def _round(load: Load, folder: Path, number: int) -> Round:
    load.waits_for_more()
    before, backups, keys = dict(load.acknowledged), folder / "backups", folder / "keys"
    begun = _program(load.night.settings(), "backup", str(backups), "--keys", str(keys))
    if number % 3 == 1:
        _in_the_midst(backups, begun)
        load.night.killed()
    if number % 3 == 2:
        _in_the_midst(backups, begun)
        begun.send_signal(signal.SIGKILL)
        begun.wait()
        begun = _program(load.night.settings(), "backup", str(backups), "--keys", str(keys))
    _must_end_well(begun)
    newest = whole_ones(backups)[-1]
    load.waits_for_more()
    with _an_empty_place(load.night, folder / f"restored-{number}") as settings:
        _must_end_well(_program(settings, "restore", str(newest), "--verify", "--keys", str(keys)))
        return _held_against(load.night, settings, newest, before)


def _program(settings: Settings, command: str, *arguments: str) -> subprocess.Popen[str]:
    environ = {**os.environ, "HOMEWARD_PUBLIC_ORIGIN": settings.public_origin}
    environ["HOMEWARD_DATABASE_URL"] = settings.database_url
    line = [sys.executable, "-m", "sync_server.cli", command, *arguments, "--data", str(settings.data)]
    return subprocess.Popen(line, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _must_end_well(program: subprocess.Popen[str]) -> None:
    said, _ = program.communicate(timeout=PATIENCE_S * 5)
    if program.returncode:
        raise AssertionError(f"it ended with {program.returncode}: {said[-2000:]}")


def _in_the_midst(backups: Path, program: subprocess.Popen[str]) -> None:
    """Wait until a backup has begun to be written, and a moment that nobody chose."""
    while program.poll() is None and not list(backups.glob("*.part")):
        time.sleep(0.005)
    time.sleep(random.random() * 0.3)


@contextlib.contextmanager
def _an_empty_place(night: Night, data: Path) -> Iterator[Settings]:
    """A place for what is put back: an empty folder, with a new database where that is not a file."""
    url = ""
    if night.database_url:
        name = f"restored_{uuid4().hex}"
        engine = create_engine(night.database_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as db:
            db.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        url = make_url(night.database_url).set(database=name).render_as_string(hide_password=False)
    yield Settings.of(data, public_origin=night.origin, database_url=url)


def _held_against(night: Night, settings: Settings, backup: Path, before: dict[str, str]) -> Round:
    """What the place has that was put back, and what it should have."""
    contents = read_contents(backup)
    with _opened(night.settings()) as live:
        kept = _sums(live, upto=contents.covers)
    with _opened(settings) as restored:
        sums, found = _sums(restored), places(restored)
        broken = [*audit.verify_audit(restored).broken, *checkpoints.check(restored).broken]
    missing = sum(1 for record in before for counted in found if not counted[record])
    doubled = sum(1 for counted in found for times in counted.values() if times > 1)
    differ = len(kept ^ sums) + abs(len(sums) - contents.submissions)
    if broken:
        print(f"  {len(broken)} places of the audit do not hold, the first: {broken[0]}")
    lost = len(set(before.values()) - sums) + missing + len(kept - sums)
    return Round(lost, doubled + len(broken) + differ, contents.submissions)


@contextlib.contextmanager
def _opened(settings: Settings) -> Iterator[Context]:
    context = open_context(settings)
    try:
        yield context
    finally:
        context.close()


def _sums(context: Context, upto: int | None = None) -> Set[str]:
    query = select(submission.c.env_sha256).where(submission.c.state == Kept.STORED.value)
    if upto is not None:
        query = query.where(submission.c.seq <= upto)
    with context.store.read() as db:
        return set(db.execute(query).scalars())


# ---- what seems to do as well ----------------------------------------------------------------------------


def _file_as_it_lies(load: Load, target: Path) -> int:
    """How many receipts a copy of the file alone knows nothing of; all of them where it cannot be read."""
    load.waits_for_more()
    before = set(load.acknowledged.values())
    shutil.copy(load.night.folder / DATABASE, target)
    try:
        with contextlib.closing(sqlite3.connect(target)) as db:
            there = {row[0] for row in db.execute("SELECT env_sha256 FROM evidence_submission")}
    except sqlite3.DatabaseError:
        return len(before)
    return len(before - there)


def _tables_in_turn(load: Load, target: Path) -> int:
    """How much does not hold in a copy whose tables are each of their own moment."""
    load.waits_for_more()
    engine = create_engine(load.night.database_url, isolation_level="READ COMMITTED")
    try:
        with engine.connect() as db:
            rows_into(db, target)
    finally:
        engine.dispose()
    with read_copy(target) as copy:
        return len(audit.verified(copy).broken)


Control = Callable[[Load, Path], int]
_CONTROLS: Final[dict[Control, str]] = {
    _file_as_it_lies: "a copy of the file as it lies",
    _tables_in_turn: "a copy of one table after the other",
}
