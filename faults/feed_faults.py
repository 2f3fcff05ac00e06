"""News for handhelds while eight write at once (F23).

Two processes add items, four threads each, in transactions of any length, some of which are taken back. Two
handhelds, each in a process of its own, ask for what is new meanwhile, on a line that loses answers: of a
question, so that the same is asked again; and of an acknowledgement, or that is never made. Afterwards each
must have every item that was kept, once, under numbers without a gap, and both must know what they share
under the same numbers; and once an item was acknowledged it may not come again.

The control reads the same items meanwhile by what seems to do as well. On PostgreSQL that is their serial
number, which is given before an item is kept; on SQLite, where one writes at a time and the serial number
is as good, it is the time at which they were added. Either must skip some for ever.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Connection, select

from booklets.sealing import KemKey, open_return
from faults.trials import Trial
from house.postgres import one_of_our_own
from sync_server import feed
from sync_server.context import Context, open_context
from sync_server.db.owed import feed_item, feed_mark
from sync_server.feed import Item, Reader
from sync_server.settings import Settings
from tests.support.builders import FORCE, UNIT

WRITERS, THREADS, HANDHELDS = 2, 4, 2
MOST_TOGETHER: Final = 6
LONGEST_S: Final = 0.008
TAKEN_BACK: Final = 0.05
LOST: Final = 0.2
"""How often the line loses an answer, each time it is asked."""
OPENED: Final = 50
"""Of so many items one is opened: that each opens is tried elsewhere."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the data lies; the file ``written`` appears in it once everything was written."""

    folder: Path
    database: str

    def opened(self) -> Context:
        """The server's data, for one of the processes."""
        settings = Settings.of(
            self.folder, public_origin="http://127.0.0.1:8700", database_url=self.database
        )
        return open_context(settings)

    @property
    def written(self) -> Path:
        """What says that nothing more is written."""
        return self.folder / "written"


@dataclass(slots=True)
class Heard:
    """What one handheld has kept: every item by stream and number; and what came again, or did not open."""

    officer: str
    kept: dict[tuple[str, int], str] = field(default_factory=dict)
    repeated: int = 0
    cuts: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """One transaction: what it adds, when it was begun, how long it stays open, whether it is taken back."""

    at: datetime
    items: list[tuple[str, str]]
    pause_s: float
    back: bool


class TakenBack(Exception):
    """A transaction that came to nothing, as one does that was refused at its end."""


def run(full: bool) -> Iterator[dict[str, Any]]:
    """On both databases; ``full`` asks for the large amounts."""
    many = 100_000 if full else 12_000
    with tempfile.TemporaryDirectory(prefix="homeward-faults-") as folder:
        place = Place(Path(folder), "")
        yield asdict(
            eight_write("F23 feed.eight_write", place, many, feed_item.c.added_at, "the time of adding")
        )
    with (
        tempfile.TemporaryDirectory(prefix="homeward-faults-") as folder,
        one_of_our_own(durable=True) as ours,
    ):
        place = Place(Path(folder), ours.url)
        yield asdict(
            eight_write("F23 postgresql.eight_write", place, many, feed_item.c.id, "the serial number")
        )


def eight_write(name: str, place: Place, many: int, by: Column[Any], called: str) -> Trial:
    """Write so many while two ask, and count what is missing, and what came again."""
    context = place.opened()
    try:
        with ProcessPoolExecutor(WRITERS + HANDHELDS, get_context("spawn")) as pool:
            begun = time.monotonic()
            asking = [pool.submit(_asks, place, f"officer-{number}") for number in range(HANDHELDS)]
            writing = [pool.submit(_writes, place, number, many // WRITERS) for number in range(WRITERS)]
            try:
                seen = _control(context, by, writing)
                committed = [kept for one in writing for kept in one.result()]
            finally:
                place.written.touch()  # or those who ask would ask for ever
            wrote_s = time.monotonic() - begun
            heard = [one.result() for one in asking]
        lost, wrongly = _examined(context, committed, heard)
        skipped = len({item for _, item in committed} - seen)
    finally:
        context.close()
    cuts, given = sum(one.cuts for one in heard), sum(len(one.kept) for one in heard)
    said = f"{given} given, {cuts} answers lost; written in {wrote_s:.0f} s"
    return Trial(name, len(committed), lost, wrongly, f"a cursor by {called}", skipped, said)


# ---- those who write -----------------------------------------------------------------------------------


def _writes(place: Place, number: int, many: int) -> list[tuple[str, str]]:
    """One process of four threads; recipient and name of each item that was kept."""
    context = place.opened()
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            some = [
                pool.submit(_write, context, f"{number}.{thread}", many // THREADS)
                for thread in range(THREADS)
            ]
            return [kept for one in some for kept in one.result()]
    finally:
        context.close()


def _write(context: Context, writer: str, many: int) -> list[tuple[str, str]]:
    chance, kept = random.Random(writer), list[tuple[str, str]]()
    shared = feed.to_role(FORCE, "supervisor", UNIT)
    to = [shared, shared, *(feed.to_officer(FORCE, f"officer-{one}") for one in range(HANDHELDS))]
    while len(kept) < many:
        together = min(chance.randint(1, MOST_TOGETHER), many - len(kept))
        items = [(chance.choice(to), f"{writer}.{len(kept) + one}") for one in range(together)]
        pause_s, back = chance.random() ** 4 * LONGEST_S, chance.random() < TAKEN_BACK
        try:
            context.store.write(partial(_add, work=Work(context.now(), items, pause_s, back)))
        except TakenBack:
            continue
        kept += items
    return kept


def _add(db: Connection, work: Work) -> None:
    """What one transaction does. It waits before its last item, when the others have their numbers."""
    for place, (to, item) in enumerate(work.items, 1):
        if place == len(work.items):
            time.sleep(work.pause_s)
        feed.add(db, force=FORCE, recipient=to, kind="message", at=work.at, record=item)
    if work.back:
        raise TakenBack


# ---- those who ask -------------------------------------------------------------------------------------


def _asks(place: Place, officer: str) -> Heard:
    """One handheld: asks, keeps, acknowledges, on a bad line, until it has all that was written."""
    context, heard, chance = place.opened(), Heard(officer), random.Random(officer)
    kem = KemKey.generate(1)
    reader = Reader(FORCE, f"handheld-{officer}", kem.public, officer, UNIT, ("supervisor",))
    cursor, over = "", False
    try:
        while not over:
            over = place.written.exists()
            page = feed.pull(context, reader, cursor, chance.randint(1, feed.MOST))
            over = over and not page.items
            if _is_lost(heard, chance):
                over = False
                continue
            for item in page.items:
                _keep(context, heard, item, reader, kem)
            cursor = page.next
            if _is_lost(heard, chance):  # it died before it said so; the items are kept
                continue
            feed.acknowledge(context, reader, cursor)
            if _is_lost(heard, chance):
                feed.acknowledge(context, reader, cursor)
        feed.acknowledge(context, reader, cursor)
    finally:
        context.close()
    return heard


def _is_lost(heard: Heard, chance: random.Random) -> bool:
    lost = chance.random() < LOST
    heard.cuts += lost
    return lost


def _keep(context: Context, heard: Heard, item: Item, reader: Reader, kem: KemKey) -> None:
    heard.repeated += (item.stream, item.seq) in heard.kept
    heard.kept[item.stream, item.seq] = item.record
    if item.seq % OPENED == 0:
        open_return(item.body, device=reader.device, key=kem, directory=context.keys.directory)


# ---- what came of it -----------------------------------------------------------------------------------


def _examined(context: Context, committed: list[tuple[str, str]], heard: list[Heard]) -> tuple[int, int]:
    """How many items a handheld lacks, and how many stand where they should not."""
    lost = wrongly = 0
    for one in heard:
        mine = {feed.to_officer(FORCE, one.officer), feed.to_role(FORCE, "supervisor", UNIT)}
        expected = {item for to, item in committed if to in mine}
        got = Counter(one.kept.values())
        lost += len(expected - got.keys()) + _gaps(one)
        wrongly += one.repeated + len(got.keys() - expected) + sum(times - 1 for times in got.values())
    first, second = (one.kept for one in heard)
    wrongly += sum(first[place] != second[place] for place in first.keys() & second.keys())
    with context.store.read() as db:
        marks = db.execute(select(feed_mark.c.n)).scalars().all()
    lost += sum(len(one.kept) for one in heard) - sum(marks)
    return lost, wrongly


def _gaps(heard: Heard) -> int:
    highest = Counter[str]()
    for stream, number in heard.kept:
        highest[stream] = max(highest[stream], number)
    return highest.total() - len(heard.kept)


def _control(context: Context, by: Column[Any], writing: list[Future[Any]]) -> set[str]:
    """What a reader has seen who asks all the while for what lies after the last it saw, by this column."""
    seen, last = set[str](), None
    going = True
    while going:
        going = not all(one.done() for one in writing)
        query = select(by, feed_item.c.record).order_by(by)
        with context.store.read() as db:
            rows = db.execute(query if last is None else query.where(by > last)).all()
        if rows:
            last = rows[-1][0]
            seen |= {row[1] for row in rows}
        time.sleep(0.005)
    return seen
