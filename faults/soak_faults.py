"""A night of many handhelds, compressed, on a line that is cut all the while (F29).

A hundred handhelds, ten of them supervisors' tablets, go through eight hours in twenty minutes
(``through_the_night``), or twenty of them through half a minute of the same. Afterwards every record must
stand once wherever it is to stand; its handheld must have a receipt for it, and the news that it was
received, once; every tablet must have every record; and nothing may have come again. The server is weighed
meanwhile: its memory and what it holds open must be flat once it is warm, and at the end nobody may be
connected any more.

The control is a handheld that makes a new record of every attempt, and a process that lets go of nothing:
both have to be found, or neither the cuts nor the scales prove anything.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from subprocess import PIPE
from typing import Any, Final

from faults.fault_proxy import FaultProxy
from faults.night_out import Night, a_night
from faults.through_the_night import Carried, carried_through, shifts
from faults.trials import Trial
from faults.weighing import Scales, Weight, grew
from house.postgres import one_of_our_own

CONTROL: Final = "a handheld that makes a new record of every attempt"
UP_BYTES, DOWN_BYTES = 20_000, 80_000
"""Enough for some questions, and for a page of records that a tablet asks for: half of all lines are cut."""
LETS_GO_S: Final = 30.0
WARMING_UP: Final = 0.25
"""How much half a minute may add: twenty minutes are held to a tenth."""
LEAK: Final = """
import sys
kept = []
for number in range(240):
    kept.append((open("/dev/null"), bytearray(100_000)))
    if number % 8 == 7:
        print(len(kept), flush=True)
        sys.stdin.readline()
"""
"""A program that lets go of nothing, says so thirty times, and goes on each time it has been looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a night is: how many go through it, how long it takes here, and how much each does."""

    handhelds: int
    supervisors: int
    seconds: float
    records: float
    asked: float
    weighed_every_s: float
    flat: float


SHORT: Final = Size(
    handhelds=20, supervisors=2, seconds=30, records=6, asked=15, weighed_every_s=0.25, flat=WARMING_UP
)
WHOLE: Final = Size(
    handhelds=100, supervisors=10, seconds=1200, records=8, asked=96, weighed_every_s=1, flat=0.1
)


def run(full: bool) -> Iterator[dict[str, Any]]:
    """On a file, and with ``full`` the whole night, on PostgreSQL as well."""
    size, found = WHOLE if full else SHORT, _control(30)
    with _a_night(size) as night:
        yield asdict(gone_through("F29 soak.night", night, size, found))
    if full:
        with one_of_our_own(durable=True) as ours, _a_night(size, ours.url) as night:
            yield asdict(gone_through("F29 postgresql.night", night, size, found))


@contextmanager
def _a_night(size: Size, database_url: str = "") -> Iterator[Night]:
    proxy = FaultProxy(seed=29, up_bytes=UP_BYTES, down_bytes=DOWN_BYTES)
    with tempfile.TemporaryDirectory(prefix="homeward-faults-") as folder:
        night = Night(
            Path(folder), proxy, database_url, handhelds=size.handhelds, supervisors=size.supervisors
        )
        try:
            night.begin()
            yield night
        finally:
            night.stop()


def gone_through(name: str, night: Night, size: Size, control_found: int) -> Trial:
    """One whole night, and what came of it."""
    plan = shifts(
        size.handhelds, size.seconds, records=size.records, asked=size.asked, chance=random.Random(29)
    )
    scales = Scales(night.pid, size.weighed_every_s)
    weighing = threading.Thread(target=scales.go_on)
    weighing.start()
    try:
        carried = carried_through(night, plan)
    finally:
        scales.stop()
        weighing.join()
    held = _still_connected(scales)
    night.stop()
    sent = [one for each in carried for one in each.sent]
    lost, doubled = night.examine(sent)
    unheard, repeated = _heard(carried, size)
    swollen = grew(scales.looks, size.flat)
    for what in swollen:
        print(f"  grew: {what}")
    missing = sum(len(shift.sends) for shift in plan) - len(sent)
    wrongly = doubled + repeated + len(swollen) + held
    said = f"{_figures(carried, scales)}; {night.proxy.cuts} cuts"
    return Trial(name, len(sent), lost + unheard + missing, wrongly, CONTROL, control_found, said)


def _still_connected(scales: Scales) -> int:
    """How many lines the server holds once everybody has hung up, after as long as it keeps one open."""
    until = time.monotonic() + LETS_GO_S
    while (held := scales.weigh().lines) and time.monotonic() < until:
        time.sleep(0.2)
    return held


def _heard(carried: list[Carried], size: Size) -> tuple[int, int]:
    """How much news somebody lacks, and how much came again."""
    everything = {sent.record for one in carried for sent in one.sent}
    unheard = repeated = 0
    for one in carried:
        mine = [sent.record for sent in one.sent]
        unheard += sum(one.received[record] == 0 for record in mine)
        repeated += one.repeated + sum(max(0, one.received[record] - 1) for record in mine)
    for tablet in carried[-size.supervisors :]:
        reviews = [record for kind, record in tablet.kept.values() if kind == "review"]
        unheard += len(everything - set(reviews))
        repeated += len(reviews) - len(set(reviews))
    return unheard, repeated


def _figures(carried: list[Carried], scales: Scales) -> str:
    waits = [1000 * wait for one in carried for wait in one.waits_s]
    memory, files = ([getattr(one, what) for one in scales.looks] for what in ("memory_mib", "files"))
    return (
        f"receipt after {median(waits):.0f} ms at the median, {quantiles(waits, n=20)[18]:.0f} at the 95th "
        f"percentile; {sum(len(one.kept) for one in carried)} items of news; memory "
        f"{memory[len(memory) // 3]:.0f} MiB a third in, {memory[-1]:.0f} at the end, "
        f"files {files[len(files) // 3]} and {files[-1]}"
    )


def _looked_at(leaking: subprocess.Popen[bytes]) -> Iterator[Weight]:
    """One look for each time that it says so, before it goes on: nothing hangs on how fast either is."""
    assert leaking.stdout is not None, "it was asked for"
    assert leaking.stdin is not None, "it was asked for"
    for _ in islice(leaking.stdout, 30):
        yield Scales(leaking.pid, 0).weigh()
        leaking.stdin.write(b"\n")
        leaking.stdin.flush()


def _control(cuts: int) -> int:
    """How many records too many a careless handheld leaves; none, if the scales do not find a leak."""
    with a_night() as night:
        night.careless = True
        sent = night.send(until=lambda: night.proxy.cuts >= cuts)
        night.stop()
        too_many = night.stored() - len(sent)
    with subprocess.Popen([sys.executable, "-c", LEAK], stdin=PIPE, stdout=PIPE) as leaking:
        looks = list(_looked_at(leaking))
        leaking.kill()
    return too_many if len(grew(looks)) == 2 else 0
