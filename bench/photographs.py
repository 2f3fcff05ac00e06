"""How many sealed photographs of 3 MB a second the server keeps, and how much its memory grows meanwhile.

Each is begun, brought in three pieces of a signed request each, held against its sum, kept and receipted.
"""

from __future__ import annotations

import os
import secrets
import tempfile
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
from sqlalchemy import select

from bench import signed_load
from bench.full_check import needed_check, records
from bench.plain_line import answer_on, connected, request_bytes
from bench.signed_load import AT_ONCE, FORCE, USER, Hand, a_hand, of_demo
from bench.submissions import opened, started
from booklets.entities import new_id
from booklets.posting import header_of, posted
from booklets.records import Attachment, Record
from booklets.sealing import seal_attachment
from house.run import Program, free_port
from sync_server import attachments, demo, intake
from sync_server.attachments import Asked
from sync_server.context import Context
from sync_server.db.attachments import kept
from sync_server.intake import Sender
from sync_server.settings import Settings

MIB = 1 << 20
SIZE = 3 * MIB
A_SECOND, MOST_GROWN = 60, 32
PATH = "/v1/uploads/"
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {"Content-Type": "application/offset+octet-stream"}
LOOK_EVERY_S = 0.05


@dataclass(frozen=True, slots=True)
class Photograph:
    """One on its way: what it is called, its sealed bytes, and the requests that bring it."""

    name: str
    sha256: str
    requests: tuple[bytes, ...] = field(repr=False)


def figures(full: bool) -> Iterator[dict[str, Any]]:
    """One server on a file and a folder; eight bring photographs at once."""
    count = 120 if full else 32
    with tempfile.TemporaryDirectory(prefix="homeward-bench-") as temporary, ExitStack() as stack:
        folder, url = Path(temporary), f"http://127.0.0.1:{free_port(0)}"
        settings = Settings.of(folder / "server", public_origin=url)
        with opened(settings) as context:
            demo.prepare(context, force=FORCE)
            hands = [a_hand(context, of_demo(context, USER)) for _ in range(AT_ONCE)]
            taken = [_taken(context, url, hands[number % AT_ONCE]) for number in range(AT_ONCE + count)]
        program = started(stack, url, folder, "", os.cpu_count() or 1)
        _bring(url, taken[:AT_ONCE])
        before = _memory(program)
        with _watched(program) as most:
            seconds, wrong = _bring(url, taken[AT_ONCE:])
        program.stop()
        with opened(settings) as context:
            wrong += _faults_in(context, taken)
    yield from _lines(count, seconds, before, max(most), wrong)


def _lines(
    count: int, seconds: float, before: float, most: float, wrong: list[str]
) -> Iterator[dict[str, Any]]:
    rate, grown = round(count / seconds, 1), round(most - before, 1)
    about = {
        "photographs": count,
        "bytes of each": SIZE,
        "at once": AT_ONCE,
        "kept and right": wrong or count,
    }
    yield {
        "name": "server.photographs", "value": rate, "unit": "/s",
        "anchor": {
            **about, "MiB a second": round(rate * SIZE / MIB, 1), "the disk alone, MiB a second": _disk(),
        },
        "goal": f">= {A_SECOND}", "ok": not wrong and rate >= A_SECOND,
    }  # fmt: skip
    yield {
        "name": "server.photographs_memory_grown", "value": grown, "unit": "MiB",
        "anchor": {**about, "before": before, "most": most},
        "goal": f"< {MOST_GROWN}", "ok": not wrong and grown < MOST_GROWN,
    }  # fmt: skip


def _taken(context: Context, url: str, hand: Hand) -> Photograph:
    """A record that lists a photograph is in; the photograph is begun, and signed piece by piece."""
    record = _record(hand)
    target, name = BytesIO(), str(new_id())
    recipients = context.keys.directory.recipients()
    sealed = seal_attachment(
        header_of(record), BytesIO(secrets.token_bytes(SIZE)), target, attachment=name, to=recipients,
        signer=hand.key,
    )  # fmt: skip
    listed = Attachment(UUID(name), "photograph", sealed.size, sealed.sha256)
    record = replace(record, header=replace(record.header, attachments=(listed,)))
    who = Sender(force=FORCE, device=hand.device.id, sign_pub=hand.key.public, officer=hand.account.id)
    intake.take_in(context, posted(record, to=recipients, signer=hand.key), sender=who)
    asked = Asked(
        force=FORCE, device=hand.device.id, officer=hand.account.id, record=str(record.header.record),
        attachment=name, sha256=sealed.sha256, length=sealed.size,
    )  # fmt: skip
    policy, now = context.policy(FORCE), context.now()
    begun = context.store.write(lambda db: attachments.begin(db, asked, policy=policy, now=now))
    return Photograph(name, sealed.sha256, tuple(_requests(url, hand, asked, begun.id, target.getvalue())))


def _record(hand: Hand) -> Record:
    made, *_ = records(needed_check(), hand.device.id)
    return signed_load.anew(made, hand.account, hand.device)


def _requests(url: str, hand: Hand, asked: Asked, upload: str, sealed: bytes) -> Iterator[bytes]:
    """Going on with it, as a handheld does that had begun it, and each of its pieces."""
    host = url.partition("//")[2]
    said = {"att": asked.attachment, "record": asked.record, "sha256": asked.sha256}
    metadata = ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in said.items())
    begins = {**TUS, "Upload-Length": str(asked.length), "Upload-Metadata": metadata}
    yield request_bytes("POST", PATH, host, hand.signs("POST", url + PATH, begins))
    for at in range(0, len(sealed), MIB):
        piece, path = sealed[at : at + MIB], f"{PATH}{upload}"
        headers = hand.signs("PATCH", url + path, {**TUS, **PIECE, "Upload-Offset": str(at)}, piece)
        yield request_bytes("PATCH", path, host, headers, piece)


def _bring(url: str, taken: list[Photograph]) -> tuple[float, list[str]]:
    wrong: list[str] = []

    def lane(number: int) -> None:
        with connected(url) as line:
            for one in taken[number::AT_ONCE]:
                for request in one.requests:
                    line.sendall(request)
                    status = answer_on(line).status
                    if status not in {201, 204}:
                        wrong.append(f"answered with {status}")

    lanes = [threading.Thread(target=lane, args=(number,)) for number in range(AT_ONCE)]
    begun = time.perf_counter()
    for one in lanes:
        one.start()
    for one in lanes:
        one.join()
    return time.perf_counter() - begun, wrong


def _faults_in(context: Context, taken: list[Photograph]) -> list[str]:
    """Each is kept under its sum, and the bytes that lie there have it."""
    with context.store.read() as db:
        there = {row.attachment: row for row in db.execute(select(kept)).all()}
    wrong = [f"{one.name} was not kept" for one in taken if one.name not in there]
    for one in (one for one in taken if one.name in there):
        with context.place.open(FORCE, one.sha256) as file:
            if sha256(file.read()).hexdigest() != one.sha256:
                wrong.append(f"{one.name} is not what was sent")
    return wrong


@contextmanager
def _watched(program: Program) -> Iterator[list[float]]:
    """How much memory its processes took, again and again until the end."""
    found, over = [_memory(program)], threading.Event()

    def look() -> None:
        while not over.wait(LOOK_EVERY_S):
            found.append(_memory(program))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield found
    finally:
        over.set()
        looking.join()


def _memory(program: Program) -> float:
    process = psutil.Process(program.pid)
    every = (process, *process.children(recursive=True))
    resident: int = sum(one.memory_info().rss for one in every)
    return round(resident / MIB, 1)


def _disk() -> float:
    """The same bytes written durably, one file after the other, and nothing else."""
    content, times = secrets.token_bytes(SIZE), 8
    with tempfile.TemporaryDirectory(prefix="homeward-bench-") as temporary:
        begun = time.perf_counter()
        for number in range(times):
            with (Path(temporary) / str(number)).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        return round(times * SIZE / MIB / (time.perf_counter() - begun), 1)
