"""Photographs on a line that is cut (F11): a client of tus that is not ours, the real server, a proxy.

Every photograph must be kept whole, under the sum that its record lists, and nothing may be called complete
that is not: neither to the client nor in what the server has written down. Half of the records have arrived
before, the others come after their photographs. The control is a server that writes on whatever comes and
counts pieces only when they are whole: it must call files complete that are not, or the cuts prove nothing.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from booklets.entities import new_id
from booklets.posting import posted
from booklets.records import Record
from faults.fault_proxy import FaultProxy
from faults.night_out import Handheld, Night
from faults.trials import Trial
from faults.tus_peer import Job, bring
from sync_server.context import Context, open_context
from sync_server.db.attachments import kept, upload
from sync_server.intake import Sender, take_in
from sync_server.keeping import KeepingPlace, NotKept
from tests.support.builders import FORCE, a_return, an_author
from tests.support.photographs import Photograph, listing, sealed
from tests.support.servers import serving

CONTROL: Final = "a server that writes on whatever comes and counts whole pieces"
BYTES: Final = 200_000
PIECE: Final = 32_768
UP_BYTES: Final = 90_000
"""Enough for two pieces or three, so that some get through and most connections are cut."""
LEAST_PATIENCE_S, PATIENCE_EACH_S = 120, 3
"""Each is begun anew some ten times, after a pause each time: many of them take minutes."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A photograph on a handheld, and the record that lists it."""

    handheld: Handheld
    record: Record = field(repr=False)
    one: Photograph = field(repr=False)


def run(full: bool) -> Iterator[dict[str, Any]]:
    """Every trial of photographs; ``full`` asks for the large amounts."""
    found = _control(8)
    yield asdict(photographs_cut(800 if full else 16, found))
    yield asdict(server_killed(120 if full else 8, 40 if full else 2, found))


def photographs_cut(number: int, control_found: int) -> Trial:
    """Bring so many photographs, and cut connections at random bytes, both ways, until all are there."""
    with _a_night() as night:
        taken = _take(night, number)
        night.begin()
        lost, wrongly = _examine(night, taken, _bring(night, taken))
        if not min(night.proxy.up, night.proxy.down):
            raise AssertionError("the proxy cut in one direction only")
        return Trial(
            "F11 photographs.connections_cut", night.proxy.cuts, lost, wrongly, CONTROL, control_found
        )


def server_killed(number: int, kills: int, control_found: int) -> Trial:
    """The same, with the server killed now and then by SIGKILL."""
    with _a_night() as night:
        taken = _take(night, number)
        night.begin()
        with ThreadPoolExecutor(1) as pool:
            killer = pool.submit(night.kill_now_and_then, kills, threading.Event())
            said = _bring(night, taken)
            killer.result()
        lost, wrongly = _examine(night, taken, said)
        return Trial("F11 photographs.server_killed", kills, lost, wrongly, CONTROL, control_found)


@contextlib.contextmanager
def _a_night() -> Iterator[Night]:
    """A night that has not begun yet."""
    with tempfile.TemporaryDirectory(prefix="homeward-faults-") as folder:
        night = Night(Path(folder), FaultProxy(seed=13, up_bytes=UP_BYTES))
        try:
            yield night
        finally:
            night.stop()


def _take(night: Night, number: int) -> list[Taken]:
    """Take photographs on every handheld in turn; every other record arrives at once."""
    context = open_context(night.settings())
    try:
        taken = [_taken(context, night.handhelds[n % len(night.handhelds)], n) for n in range(number)]
        for one in taken[::2]:
            _arrives(context, one)
    finally:
        context.close()
    return taken


def _taken(context: Context, handheld: Handheld, number: int) -> Taken:
    author = an_author(id=handheld.officer)
    plain = a_return(device=handheld.device, author=author, record=new_id(), episode=new_id())
    recipients = context.keys.directory.recipients()
    one = sealed(plain, os.urandom(BYTES + number), to=recipients, signer=handheld.key)
    return Taken(handheld, listing(plain, one), one)


def _arrives(context: Context, taken: Taken) -> None:
    handheld = taken.handheld
    sender = Sender(
        force=FORCE,
        device=handheld.device,
        sign_pub=handheld.key.public,
        officer=handheld.officer,
    )
    recipients = context.keys.directory.recipients()
    take_in(context, posted(taken.record, to=recipients, signer=handheld.key), sender=sender)


def _bring(night: Night, taken: Sequence[Taken]) -> dict[str, str]:
    jobs = [
        Job.of(
            one.one,
            night.folder,
            device=one.handheld.device,
            key=one.handheld.key,
            access=one.handheld.access,
        )
        for one in taken
    ]
    patience_s = LEAST_PATIENCE_S + PATIENCE_EACH_S * len(jobs)
    return bring(
        jobs, port=night.proxy.port, origin=night.origin, piece=PIECE, at_once=8, patience_s=patience_s
    )


def _examine(night: Night, taken: Sequence[Taken], said: dict[str, str]) -> tuple[int, int]:
    """How many photographs are lost once their records are all there, and how many count wrongly."""
    night.stop()
    context = open_context(night.settings())
    try:
        for one in taken[1::2]:
            _arrives(context, one)
        with context.store.read() as db:
            there = {row.attachment: row.sha256 for row in db.execute(select(kept))}
            complete = db.execute(select(upload.c.attachment).where(upload.c.received == upload.c.length))
            called = set(complete.scalars()) | {name for name, error in said.items() if not error}
        whole = {one.one.name for one in taken if _is_whole(context.place, one.one)}
        wanted = {one.one.name for one in taken}
        right = {name for name in whole if name in there}
        return len(wanted - right), len((called | set(there)) - whole)
    finally:
        context.close()


def _is_whole(place: KeepingPlace, one: Photograph) -> bool:
    try:
        with place.open(FORCE, one.listed.sha256) as file:
            return file.read() == one.sealed
    except NotKept:
        return False


def _control(number: int) -> int:
    """How many files the careless server calls complete that are not what was sent."""
    with tempfile.TemporaryDirectory(prefix="homeward-faults-") as name, _careless(Path(name)) as port:
        folder, proxy = Path(name), FaultProxy(seed=13, up_bytes=UP_BYTES)
        proxy.start(port)
        jobs = []
        for n in range(number):
            content = os.urandom(BYTES + n)
            path = folder / f"{n}.photograph"
            path.write_bytes(content)
            total = sha256(content).hexdigest()
            jobs.append(
                Job(
                    device="control",
                    seed="00" * 32,
                    access="",
                    record=str(n),
                    att=f"upload-{n}",
                    sha256=total,
                    path=str(path),
                )
            )
        try:
            said = bring(jobs, port=proxy.port, origin=f"http://127.0.0.1:{proxy.port}", piece=PIECE)
        finally:
            proxy.stop()
        sums = {one.att: one.sha256 for one in jobs}
        files = {path.stem: path for path in folder.glob("*.came")}
        came = {sha256(path.read_bytes()).hexdigest() for path in files.values()}
        return sum(1 for att, error in said.items() if not error and sums[att] not in came)


@contextlib.contextmanager
def _careless(folder: Path) -> Iterator[int]:
    """A server of tus that writes on whatever comes, and says of each whole piece that it is safe."""
    counted: dict[str, list[int]] = {}
    resumable = {"Tus-Resumable": "1.0.0"}

    async def begin(request: Request) -> Response:
        name = f"{len(counted)}"
        counted[name] = [0, int(request.headers["upload-length"])]
        (folder / f"{name}.came").touch()
        return Response(status_code=201, headers={**resumable, "Location": f"/v1/uploads/{name}"})

    async def far(request: Request) -> Response:
        received, length = counted[request.path_params["name"]]
        said = {"Upload-Offset": str(received), "Upload-Length": str(length)}
        return Response(headers={**resumable, **said})

    async def piece(request: Request) -> Response:
        name, size = request.path_params["name"], 0
        try:
            with (folder / f"{name}.came").open("ab") as file:
                async for part in request.stream():
                    file.write(part)
                    size += len(part)
        except ClientDisconnect:
            return Response(status_code=400)
        counted[name][0] += size
        return Response(status_code=204, headers={**resumable, "Upload-Offset": str(counted[name][0])})

    app = Starlette(
        routes=[
            Route("/v1/uploads/", begin, methods=["POST"]),
            Route("/v1/uploads/{name}", far, methods=["HEAD"]),
            Route("/v1/uploads/{name}", piece, methods=["PATCH"]),
        ]
    )
    with serving(app) as url:
        yield int(url.rpartition(":")[2])
