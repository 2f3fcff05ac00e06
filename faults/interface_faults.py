"""The handhelds' interface, asked at random by its own document (F20).

Schemathesis makes requests that fit the document and requests that do not, of every address. A hook puts in
what is real (ids, codes, tokens, sealed bodies) and signs for handhelds that are enrolled and signed in.
No answer may be a mistake of ours or one that the document does not say, what fits may not be refused as
unreadable, and what is not signed as it should be may get no further. Of every signed address nearly a third
at least has to get past the signature, or nothing behind it was asked. The control is the same server behind
one that lies in three ways: each has to be found.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from faults.asking import Asking, Count
from faults.callers import Callers
from faults.known_words import Known
from faults.night_out import free_port, until_it_answers
from faults.sealed_at_random import Sealed
from faults.trials import Trial
from house.postgres import one_of_our_own
from sync_server.api.answers import OURS
from sync_server.api.routes import ADDRESSES, Address
from sync_server.app import create_app
from sync_server.context import Context, open_context
from sync_server.settings import Settings
from tests.support.servers import FORCE, free_listener, no_hurry, serving

ASKERS: Final = 2
LEAST_PAST: Final = 0.3
CONTROL: Final = "a server that lies in three ways"
LIES: Final = ("/v1/copies", "/v1/status", "/v1/changes")


@dataclass(frozen=True, slots=True)
class Place:
    """A server that runs somewhere, and where its data lies."""

    folder: Path
    url: str
    database: str = ""

    def opened(self) -> Context:
        """The same data, beside the server."""
        return open_context(Settings.of(self.folder, public_origin=self.url, database_url=self.database))


def run(full: bool) -> Iterator[dict[str, Any]]:
    """On both databases; ``full`` asks for the large amounts."""
    found = _control(400)
    with tempfile.TemporaryDirectory(prefix="homeward-faults-") as folder:
        many = 100_000 if full else 10_000
        yield asdict(asked_at_random("F20 interface.asked_at_random", Path(folder), "", many, found))
    with (
        tempfile.TemporaryDirectory(prefix="homeward-faults-") as folder,
        one_of_our_own(durable=False) as ours,
    ):
        many = 10_000 if full else 1_000
        yield asdict(asked_at_random("F20 postgresql.asked_at_random", Path(folder), ours.url, many, found))


def asked_at_random(name: str, folder: Path, database: str, many: int, found: int) -> Trial:
    """Ask a server in a process of its own, from two at once; count what it should not have answered."""
    port = free_port()
    place = Place(folder, f"http://127.0.0.1:{port}", database)
    place.opened().close()
    errors = folder / "errors.txt"
    with _running(place, port, errors), ProcessPoolExecutor(ASKERS, get_context("spawn")) as pool:
        asked = partial(_asked, place, -(-many // ASKERS))
        count = sum(pool.map(asked, range(ASKERS)), Count())
    said = errors.read_text()
    _show(count, said)
    lost = sum(count.wrong.values()) + said.count("Traceback")
    return Trial(name, count.sent, lost, sum(count.let_in.values()), CONTROL, found)


def _asked(place: Place, many: int, number: int, addresses: Collection[Address] = ADDRESSES) -> Count:
    """One of those who ask: with its own handhelds and its own chance."""
    context = place.opened()
    try:
        chance = random.Random(number)
        callers = Callers.of(context, place.url, str(number))
        sealed = Sealed(context.keys.directory.recipients(), chance, callers.units)
        asking = Asking(place.url, callers, Known(callers, sealed, chance), chance)
        asking.ask(many, addresses)
        callers.close()
    finally:
        context.close()
    return asking.count


@contextlib.contextmanager
def _running(place: Place, port: int, errors: Path) -> Iterator[None]:
    environ = {**os.environ, "HOMEWARD_PUBLIC_ORIGIN": place.url}
    if place.database:
        environ["HOMEWARD_DATABASE_URL"] = place.database
    command = [
        sys.executable,
        "-m",
        "sync_server.cli",
        "serve",
        "--data",
        str(place.folder),
        "--port",
        str(port),
    ]
    with errors.open("wb") as kept:
        server = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=kept)
        try:
            until_it_answers(port, server)
            yield
        finally:
            server.terminate()
            server.wait(timeout=30)


def _show(count: Count, errors: str) -> None:
    """How far each address was asked, and what was found, for whoever reads along."""
    for route, asked in count.asked.items():
        print(f"  {route:56} {asked:5} asked, {count.past[route] / asked:4.0%} past the signature")
        if count.wrong or count.let_in:
            said = count.answers[route].most_common()
            print("     ", ", ".join(f"{times} x {what}" for what, times in said))
    for found, times in [*count.wrong.most_common(), *count.let_in.most_common()]:
        print(f"  {times} x {found}")
    if "Traceback" in errors:
        print(errors[-4000:])
    signed = {f"{one.method} {one.path}" for one in ADDRESSES if one.signed}
    shallow = [route for route in signed if count.past[route] < LEAST_PAST * count.asked[route]]
    if shallow:
        raise AssertionError(f"asked at the door only: {', '.join(shallow)}")


class Liar:
    """Stands before the server: says what is not in the document, breaks, and lets in whoever asks."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer three addresses in its own way, and leave the others alone."""
        path = scope.get("path")
        if path == "/v1/changes":
            return await _say(send, 200, {"items": [], "next": "", "more": False})
        if path == "/v1/copies":
            return await _say(send, 200, {"safe": "all of them"})
        if path == "/v1/status":
            return await _say(send, 500, {"code": "mistake", "says": "Broken."})
        return await self._app(scope, receive, send)


async def _say(send: Send, status: int, said: dict[str, Any]) -> None:
    headers = [(name.lower().encode(), value.encode()) for name, value in OURS.items()]
    start: Message = {
        "type": "http.response.start",
        "status": status,
        "headers": [*headers, (b"content-type", b"application/json")],
    }
    await send(start)
    await send({"type": "http.response.body", "body": json.dumps(said).encode()})


def _control(many: int) -> int:
    """How many of the lies were found; none, if not every one of the three."""
    listener = free_listener()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with tempfile.TemporaryDirectory(prefix="homeward-faults-") as folder:
        place = Place(Path(folder), url)
        context = place.opened()
        try:
            with serving(Liar(create_app(context, force=FORCE, limits=no_hurry())), listener):
                count = _asked(place, many, 0, [one for one in ADDRESSES if one.path in LIES])
        finally:
            context.close()
    lies = [
        sum(times for what, times in count.wrong.items() if "/v1/copies" in what),
        sum(times for what, times in count.wrong.items() if "/v1/status" in what),
        sum(times for what, times in count.let_in.items() if "/v1/changes" in what),
    ]
    return sum(lies) if all(lies) else 0
