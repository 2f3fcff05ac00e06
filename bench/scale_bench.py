"""From which rate on does who comes wait: the knee of this machine, for records that are sent and for news.

More and more come a second, by nobody's plan, until one in twenty waits longer than half a second or is
refused. What is said is the last rate before that. The nation's busiest minute, as it is worked out in
``docs/scale.md``, then comes as a whole: a hundred handhelds a second ask for news, and one a second sends.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import psutil
import psycopg
from sqlalchemy import func, make_url, select

from bench import arriving, signed_load
from bench.arriving import Asks, Waited
from bench.signed_load import FORCE
from faults.through_the_night import arrivals
from house.postgres import a_postgresql
from house.run import Program, announced, answers, free_port, server_program
from sync_server import demo
from sync_server.context import Context, open_context
from sync_server.db.tables import audit, submission
from sync_server.settings import Settings

MOST_MS: Final = 500.0
MORE: Final = 1.5
FIRST_RECORDS, FIRST_QUESTIONS = 8.0, 25.0
MOST_STEPS: Final = 14
RECORDS_A_SECOND, QUESTIONS_A_SECOND = 1.1, 100.0
"""The nation's busiest minute (``docs/scale.md``)."""
RECORDS_A_YEAR, MOST_A_YEAR = 3_500_000, 100e9
HEADROOM_RECORDS, HEADROOM_QUESTIONS = 100, 10
ASKING: Final = 60
"""Handhelds of another unit than the one that sends: each has ten questions a second, and 200 in stock."""
Made = Callable[[int], list[bytes]]


@dataclass(slots=True)
class Machine:
    """A server under load on this machine: its data, its address, its processes."""

    context: Context
    url: str
    program: Program
    database: str
    asking: Sequence[Asks] = field(repr=False)
    empty: int
    """The bytes of its database before anything was sent."""

    def records(self, count: int) -> list[bytes]:
        """So many records, each sealed and signed."""
        host = self.url.removeprefix("http://")
        return [one.bytes_for(host) for one in signed_load.signed(self.context, self.url, count)]

    def questions(self, count: int) -> list[bytes]:
        """So many questions for news by handhelds that have heard everything."""
        for one in self.asking:
            one.catches_up(self.url)
        return list(arriving.questions(self.asking, self.url, count))

    def cpu_s(self) -> float:
        """What server and database have used of the processor so far."""
        firsts = [psutil.Process(self.program.pid)]
        if self.database:
            address = make_url(self.database).set(drivername="postgresql")
            with psycopg.connect(address.render_as_string(hide_password=False)) as asked:
                own = psutil.Process(asked.info.backend_pid).parent()
                firsts += [own] if own else []
        every = [one for first in firsts for one in (first, *first.children(recursive=True))]
        return float(sum(times.user + times.system for times in (one.cpu_times() for one in every)))


def run(full: bool) -> Iterator[dict[str, Any]]:
    """Both databases, one after the other."""
    seconds = 20.0 if full else 5.0
    yield from _on("sqlite", "", seconds)
    with a_postgresql(durable=True) as url:
        yield from _on("postgresql", url, seconds)


def _on(name: str, database: str, seconds: float) -> Iterator[dict[str, Any]]:
    with ExitStack() as stack:
        machine = _started(stack, database)
        _step(machine.records, FIRST_RECORDS, seconds, machine)  # everything is warm after that
        steps = _until_they_wait(machine.questions, FIRST_QUESTIONS, seconds, machine)
        yield _knee(f"scale.news_{name}", steps, QUESTIONS_A_SECOND * HEADROOM_QUESTIONS)
        steps = _until_they_wait(machine.records, FIRST_RECORDS, seconds, machine)
        yield _knee(f"scale.records_{name}", steps, RECORDS_A_SECOND * HEADROOM_RECORDS)
        yield _busiest_minute(f"scale.busiest_minute_{name}", machine, seconds * 2)
        yield _storage(f"scale.stored_{name}", machine)


def _started(stack: ExitStack, database: str) -> Machine:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="homeward-bench-")))
    url = f"http://127.0.0.1:{free_port(0)}"
    settings = Settings.of(folder / "server", public_origin=url, database_url=database)
    context = stack.enter_context(closing(open_context(settings)))
    demo.prepare(context, force=FORCE)
    asking = arriving.asking(context, "york_response", ASKING)
    empty = _size(context)
    program = server_program(url, folder, {"HOMEWARD_DATABASE_URL": database})
    program.command += ["--processes", str(os.cpu_count() or 1)]
    stack.callback(program.stop)
    program.start()
    program.until(lambda: announced(program.log))
    program.until(partial(answers, f"{url}/v1/hello"))
    return Machine(context, url, program, database, asking, empty)


@dataclass(frozen=True, slots=True)
class Step:
    """One rate, and what one request cost of the processor at it."""

    waited: Waited
    cpu_ms: float

    @property
    def well(self) -> bool:
        """Whether nineteen of twenty were answered soon enough, and nobody was refused."""
        return self.waited.p95_ms <= MOST_MS and not self.waited.refused

    def __str__(self) -> str:
        said = f"{self.waited.per_s:.0f}/s: {self.waited.median_ms} and {self.waited.p95_ms} ms"
        return f"{said}, {self.cpu_ms:.1f} ms of the processor each"


def _step(made: Made, per_s: float, seconds: float, machine: Machine) -> Step:
    due = list(arrivals(per_s, seconds, random.Random(round(per_s))))
    requests = made(len(due))
    before = machine.cpu_s()
    waited = arriving.come(machine.url, requests, due, per_s)
    return Step(waited, (machine.cpu_s() - before) * 1000 / len(due))


def _until_they_wait(made: Made, first: float, seconds: float, machine: Machine) -> list[Step]:
    """More and more a second; the last step is the one that was too much."""
    steps = [_step(made, first, seconds, machine)]
    while steps[-1].well and len(steps) < MOST_STEPS:
        steps.append(_step(made, steps[-1].waited.per_s * MORE, seconds, machine))
    return steps


def _knee(name: str, steps: Sequence[Step], goal: float) -> dict[str, Any]:
    well = [one.waited.per_s for one in steps if one.well]
    value = round(max(well, default=0.0), 1)
    return {
        "name": name, "value": value, "unit": "/s",
        "anchor": {
            "each rate: median and 95th percentile of the waits": [str(one) for one in steps],
            "too much is": f"more than {MOST_MS:.0f} ms at the 95th percentile, or anybody refused",
            "cores": os.cpu_count(),
        },
        "goal": f">= {goal:.0f}", "ok": value >= goal,
    }  # fmt: skip


def _busiest_minute(name: str, machine: Machine, seconds: float) -> dict[str, Any]:
    """The nation's, as a whole: what those wait who ask, and what those wait who send."""
    chance = random.Random(60)
    due = {
        "asked": list(arrivals(QUESTIONS_A_SECOND, seconds, chance)),
        "sent": list(arrivals(RECORDS_A_SECOND, seconds, chance)) or [seconds / 2],
    }
    requests = {"asked": machine.questions(len(due["asked"])), "sent": machine.records(len(due["sent"]))}
    before = machine.cpu_s()
    with ThreadPoolExecutor(2) as pool:
        coming = {
            what: pool.submit(
                arriving.come, machine.url, requests[what], due[what], len(due[what]) / seconds
            )
            for what in due
        }
        waited = {what: one.result() for what, one in coming.items()}
    cores = (machine.cpu_s() - before) / seconds
    refused = sum(one.refused for one in waited.values())
    value = waited["asked"].p95_ms
    return {
        "name": name, "value": value, "unit": "ms",
        "anchor": {
            "asked and sent": [len(one) for one in due.values()], "refused": refused,
            "sending, longest": round(max(waited["sent"].waits_ms), 1),
            "cores that server and database took": round(cores, 2), "of": os.cpu_count(),
        },
        "goal": f"<= {MOST_MS:.0f}", "ok": value <= MOST_MS and not refused,
        "samples": [round(one, 1) for one in waited["sent"].waits_ms],
    }  # fmt: skip


def _size(context: Context) -> int:
    """The bytes of the whole database."""
    with context.store.read() as db:
        size = "SELECT pg_database_size(current_database())"
        if db.dialect.name == "sqlite":
            size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        return int(db.exec_driver_sql(size).scalar_one())


def _storage(name: str, machine: Machine) -> dict[str, Any]:
    """What a record takes in the database, with all that follows from it and everything that finds it."""
    with machine.context.store.read() as db:
        records = db.execute(select(func.count()).select_from(submission)).scalar_one()
        entries = db.execute(select(func.count()).select_from(audit)).scalar_one()
    taken = _size(machine.context) - machine.empty
    value = round(taken / records / 1024, 1)
    return {
        "name": name, "value": value, "unit": "KiB",
        "anchor": {
            "records": records, "entries of the audit for each": round(entries / records, 1),
            "a nation's year, GB": round(taken / records * RECORDS_A_YEAR / 1e9),
        },
        "goal": f"<= {MOST_A_YEAR / RECORDS_A_YEAR / 1024:.0f}",
        "ok": value * 1024 <= MOST_A_YEAR / RECORDS_A_YEAR,
    }  # fmt: skip
