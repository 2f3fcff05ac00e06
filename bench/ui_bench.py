"""What an officer waits for, on the side of Python: keys, pages, booklets, the worklist, a search, memory.

The app runs without a browser, with real vault, store and screens; its client takes every message, encoded
as Flet encodes it. What a browser adds to a key is measured by the part ``app``. Beside each figure stands
what ODK Collect asks of itself on two telephones (its benchmark suite): another machine and another program,
so it says what people are used to and not who is faster. Times are of the processor, so that what else a
machine does counts little.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import flet as ft
import psutil

from bench.much_stored import fill
from booklets import definitions
from booklets.encounters import Encounter
from booklets.forms import Stage
from field_app.capture.finding import found_in
from field_app.ui.bridge import UiBridge
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.shell import Shell
from tests.support.handsets import GUIDE, OnShift, an_offline_shift, found_child
from tests.support.plain_field import FIELD
from tests.support.plain_field import main as plain
from tests.support.screens import Screens, running

MIB = 1 << 20
QUESTION = "pi.why_left"
BIG = "missing"
LETTERS = "she walked along the sea front until it got cold "
ODK = {"open form": "2 s", "filter 100,000": "3 s", "first list": "40 s", "list again": "5 s"}


def run(full: bool) -> Iterator[dict[str, Any]]:
    """With 5,000 records stored, then the worklist of 1,000, then 60 records one after another."""
    with tempfile.TemporaryDirectory() as folder, an_offline_shift(Path(folder)) as officer:
        draft = _a_draft(officer)
        _store(officer, draft, drafts=50, sent=4_950)
        yield from asyncio.run(_while_writing(officer, draft, 300 if full else 60))
    for drafts, name in ((50, "worklist_1000"), (1_000, "worklist_1000_drafts")):
        with tempfile.TemporaryDirectory() as folder, an_offline_shift(Path(folder)) as officer:
            _store(officer, _a_draft(officer), drafts=drafts, sent=1_000 - drafts)
            yield asyncio.run(_worklist(officer, name, 0.5))
    yield _filtered()
    with tempfile.TemporaryDirectory() as folder, an_offline_shift(Path(folder)) as officer:
        yield asyncio.run(_sixty(officer))


# -- what lies there ---------------------------------------------------------------------------------
def _a_draft(officer: OnShift) -> Encounter:
    session = officer.shift.start(GUIDE)
    found_child(session, {"pi.face_to_face": "yes", "pi.engaged": "yes", "pi.seen_alone": "yes"})
    officer.shift.put_down()
    return session.encounter


def _store(officer: OnShift, like: Encounter, *, drafts: int, sent: int) -> None:
    """So many drafts and so much that was sent, as sealed rows of the usual size."""
    officer.on_keeper(
        lambda: fill(
            officer.shift._vault.db, like, drafts=drafts, sent=sent, now=officer.handset.clock.now()
        )
    )


@contextlib.asynccontextmanager
async def _the_app(officer: OnShift) -> AsyncIterator[tuple[Screens, Model]]:
    models: list[Model] = []

    def main(window: ft.Page) -> None:
        models.append(Model(officer.handset, UiBridge(window)))
        window.render(Shell, models[0])

    async with running(main) as app:
        yield app, models[0]


# -- with a draft open -------------------------------------------------------------------------------
async def _while_writing(officer: OnShift, draft: Encounter, keys: int) -> list[dict[str, Any]]:
    async with _the_app(officer) as (app, model):
        await model.resume(str(draft.id))
        turns = await _turning(app, model)
        names = [page.id for page in model.open_session().guide.pages]
        model.open_page(names.index("talk"))
        await app.settle()
        mine = await _keys(app, QUESTION, keys)
    async with running(plain) as bare:
        others = await _keys(bare, FIELD, keys)
    async with _the_app(officer) as (app, model):
        opened = await _opening(officer, app, model)
    value, anchor = _p95(mine), _p95(others)
    return [
        _figure("keypress_5000_p95", value, "ms", f"<= {anchor:.1f} + 10", mine, ok=value <= anchor + 10.0,
                anchor={"bare Flet text field": anchor, "records stored": 5_000}),
        _figure("page_turn_p95", _p95(turns), "ms", "<= 200", turns, ok=_p95(turns) <= 200.0),
        _figure("open_booklet_p95", _p95(opened), "ms", "<= 400", opened, ok=_p95(opened) <= 400.0,
                anchor={"questions": len(list(definitions.guide(BIG).fields())),
                        "ODK Collect, Fairphone 3 and Pixel 3": ODK["open form"]}),
    ]  # fmt: skip


async def _keys(app: Screens, identifier: str, count: int) -> list[float]:
    """From the key, as Python hears of it, until everything has been said that it leads to."""
    found, text = [], ""
    for number in range(count):
        text += LETTERS[number % len(LETTERS)]
        found.append(await _timed(lambda text=text: app.type(identifier, text)))  # type: ignore[misc]
    return found


async def _turning(app: Screens, model: Model) -> list[float]:
    """To each page and back again."""
    found = []
    for number in [*range(len(model.open_session().guide.pages)), 0] * 4:

        async def turn(number: int = number) -> None:
            model.open_page(number)
            await app.settle()

        found.append(await _timed(turn))
    return found


async def _opening(officer: OnShift, app: Screens, model: Model) -> list[float]:
    """A missing report, the longest booklet, from the touch on the worklist to its page."""
    begun = await asyncio.to_thread(officer.shift.start, BIG)
    found = []

    async def opens() -> None:
        await model.resume(str(begun.encounter.id))
        await app.settle()

    for _ in range(6):
        found.append(await _timed(opens))
        await model.go_home()
        await app.settle()
    return found


# -- lists -------------------------------------------------------------------------------------------
async def _worklist(officer: OnShift, name: str, goal_s: float) -> dict[str, Any]:
    """After unlocking: read afresh and drawn, three times; then again with nothing changed."""
    firsts: list[float] = []
    again: list[float] = []
    for _ in range(3):
        officer.shift._cards.clear()
        async with _the_app(officer) as (app, model):
            model.at = At.STARTING

            async def shows(app: Screens = app, model: Model = model) -> None:
                await model.go_home()
                await app.settle()

            firsts.append(await _timed(shows))
            again.append(await _timed(shows))
    value = statistics.median(firsts) / 1_000
    return _figure(
        name, round(value, 2), "s", f"<= {goal_s}", firsts, ok=value <= goal_s,
        anchor={"again with nothing changed, ms": round(statistics.median(again)),
                "ODK Collect, a list of 100,000": f"{ODK['first list']}, then {ODK['list again']}"},
    )  # fmt: skip


def _filtered() -> dict[str, Any]:
    """Each letter of a name typed into the search, over 5,000 records."""
    many = [
        (str(one), f" child{one} brook karen saltern row {one} nyp14032026{one}") for one in range(5_000)
    ]
    samples = []
    for typed in ("b", "br", "brook", "brook child49", "saltern 4", "nyp1403", "nobody"):
        for _ in range(5):
            begun = time.process_time()
            found_in(typed, many)
            samples.append((time.process_time() - begun) * 1_000)
    value = _p95(samples)
    return _figure("filter_5000_p95", value, "ms", "<= 50", samples, ok=value <= 50.0,
                   anchor={"ODK Collect, 100,000": ODK["filter 100,000"]})  # fmt: skip


# -- a long night ------------------------------------------------------------------------------------
async def _sixty(officer: OnShift) -> dict[str, Any]:
    """Sixty checks begun, written and handed over in one run of the app; what its memory grew by."""
    samples: list[float] = []
    async with _the_app(officer) as (app, model):
        for number in range(60):
            session = await asyncio.to_thread(officer.shift.start, GUIDE)
            model.take_in_hand(session)
            found_child(session)
            await app.settle()
            await asyncio.to_thread(lambda session=session: officer.shift.send(session, stage=Stage.FOUND))  # type: ignore[misc]
            await model.go_home()
            await app.settle()
            app.client.sent.clear()  # the stand-in remembers what a browser would not
            if number in {9, 59}:
                gc.collect()
                samples.append(psutil.Process().memory_info().rss / MIB)
    value = round(samples[1] - samples[0], 1)
    return _figure("growth_60_records", value, "MiB", "<= 25", samples, ok=value <= 25.0,
                   anchor={"after ten records": round(samples[0], 1)})  # fmt: skip


# -- figures -----------------------------------------------------------------------------------------
async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    """What it costs this process, all threads of it; alone on a machine, about how long it takes."""
    begun = time.process_time()
    await work()
    return (time.process_time() - begun) * 1_000


def _figure(
    name: str,
    value: float,
    unit: str,
    goal: str,
    samples: Sequence[float],
    *,
    ok: bool,
    anchor: dict[str, Any] | None = None,
) -> dict[str, Any]:
    return {
        "name": f"ui.{name}", "value": value, "unit": unit, "anchor": anchor or {}, "goal": goal, "ok": ok,
        "samples": [round(one, 1) for one in samples],
    }  # fmt: skip


def _p95(samples: Sequence[float]) -> float:
    return round(statistics.quantiles(samples, n=20)[18], 1)
