"""Requests that come when they come, whether or not the server has answered those before.

Signed just before they go, over plain sockets that are kept open. A wait is counted from when a request was
due, so that one which had to queue, in the server or before it, has waited for that as well.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from statistics import quantiles
from urllib.parse import urlsplit

from bench.plain_line import answer_on, connected, request_bytes
from bench.signed_load import FORCE, Hand, a_hand
from sync_server.context import Context
from sync_server.identity import accounts
from sync_server.identity.accounts import Person, Role

LANES = 48
MADE_AHEAD_S = 0.2
UNUSABLE_HASH = "nobody signs in by password here"


@dataclass(slots=True)
class Asks:
    """A handheld that asks for news and for nothing else, with its session, and how far it has heard."""

    hand: Hand = field(repr=False)
    cursor: str = ""

    def request(self, url: str, **said: str) -> bytes:
        """The whole question, with a signature of its own."""
        path = f"/v1/changes?cursor={self.cursor}&limit=100"
        headers = {name.replace("_", "-"): value for name, value in said.items()}
        return request_bytes("GET", path, urlsplit(url).netloc, self.hand.signs("GET", url + path, headers))

    def catches_up(self, url: str) -> int:
        """Hear what there is, so that the next question finds nothing new; how many things that was."""
        heard, more = 0, True
        with connected(url) as line:
            while more:
                line.sendall(self.request(url))
                answer = answer_on(line)
                assert answer.status == 200, f"{answer.status}: {answer.body[:200]!r}"
                said = json.loads(answer.body)
                self.cursor, more = said["next"], said["more"]
                heard += len(said["items"])
        return heard


@dataclass(frozen=True, slots=True)
class Waited:
    """What came of so many requests at so many a second, with the waits in milliseconds."""

    per_s: float
    waits_ms: list[float] = field(repr=False)
    refused: int

    @property
    def p95_ms(self) -> float:
        """What nineteen of twenty waited at the most."""
        return round(quantiles(self.waits_ms, n=20)[18], 1)

    @property
    def median_ms(self) -> float:
        """What half of them waited at the most."""
        return round(quantiles(self.waits_ms, n=2)[0], 1)


def asking(context: Context, unit: str, count: int) -> list[Asks]:
    """So many handhelds of an officer in this unit, enrolled and signed in beforehand."""
    person = Person(
        user=f"pc.of.{unit}", name="Ada Okoro", rank="PC", shoulder_no="2200", station="Harrogate",
        force=FORCE, unit=unit, roles=frozenset({Role.OFFICER}), works_with_children=True,
    )  # fmt: skip
    officer = context.store.write(lambda db: accounts.add(db, person, password_hash=UNUSABLE_HASH))
    with context.store.read() as db:
        account = accounts.by_id(db, officer)
    assert account is not None, "just added"
    return [Asks(a_hand(context, account)) for _ in range(count)]


def questions(of: Sequence[Asks], url: str, count: int) -> Iterator[bytes]:
    """So many questions for news, by these handhelds in turns."""
    return (one.request(url) for one in islice(cycle(of), count))


def come(url: str, requests: Sequence[bytes], due: Sequence[float], per_s: float) -> Waited:
    """Send each when it is due, in seconds from now, and wait for every answer."""
    waits, refused, lock, places = [0.0] * len(due), [0], threading.Lock(), iter(range(len(due)))
    begun = time.perf_counter() + MADE_AHEAD_S

    def lane() -> None:
        with contextlib.ExitStack() as stack:
            line = stack.enter_context(connected(url))
            while (place := _next(places, lock)) is not None:
                time.sleep(max(0.0, begun + due[place] - time.perf_counter()))
                try:
                    line.sendall(requests[place])
                    status = answer_on(line).status
                except OSError:  # it hung up, or nothing came for a minute
                    status, line = 0, stack.enter_context(connected(url))
                waits[place] = (time.perf_counter() - begun - due[place]) * 1000
                if status not in (200, 201):
                    with lock:
                        refused[0] += 1

    lanes = [threading.Thread(target=lane) for _ in range(min(LANES, len(due)))]
    for one in lanes:
        one.start()
    for one in lanes:
        one.join()
    return Waited(per_s, waits, refused[0])


def _next(places: Iterator[int], lock: threading.Lock) -> int | None:
    with lock:
        return next(places, None)
