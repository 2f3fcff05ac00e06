"""Many handhelds through one night: who sends a record when, who asks for news when, and what each then has.

Each asks with the app's own client, with its own keys and session; its vault is this process's memory. What
is due is done at its time, whether or not what was due before has been answered by then, and a wait counts
from that time on: a server that falls behind cannot slow down those who come to it. Only on one handheld one
thing comes after the other.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Final

from booklets import wire
from booklets.posting import posted
from booklets.sealing import open_return
from faults.night_out import Handheld, Night, Sent, a_record
from field_app.sync.client import Device, SyncClient
from field_app.sync.clocks import ServerClock
from field_app.sync.enrolment import Enrolled
from field_app.sync.failures import SyncFailed
from field_app.sync.line import new_trust, open_http
from field_app.sync.sessions import Officer, Session
from tests.support.builders import FORCE, UNIT

APP: Final = "9.0.0"
ACCESS_LASTS: Final = timedelta(minutes=15)
EVENLY: Final = (1.0,)
A_NIGHT: Final = (1.2, 1.5, 1.7, 1.4, 0.9, 0.5, 0.4, 0.4)
"""From eight to four, hour by hour: children are out late, and most come home before two."""
PAUSE_S, LONGEST_PAUSE_S = 0.05, 2.0
TRIES: Final = 100


def arrivals(
    per_s: float, seconds: float, chance: random.Random, shape: Sequence[float] = EVENLY
) -> Iterator[float]:
    """When something comes, in seconds from the beginning: so many a second on the whole, by nobody's plan.

    ``shape`` says how much more or less than that comes in each part of the time.
    """
    most, at = max(shape), 0.0
    while (at := at + chance.expovariate(per_s * most)) < seconds:
        if chance.random() * most < shape[int(at / seconds * len(shape))]:
            yield at


@dataclass(slots=True)
class Shift:
    """What one handheld has to do, by the time it is due, and whether that is to send something."""

    sends: list[float] = field(default_factory=list)
    asks: list[float] = field(default_factory=list)

    def in_order(self) -> list[tuple[float, bool]]:
        """All of it, the first first."""
        return sorted([(at, True) for at in self.sends] + [(at, False) for at in self.asks])


def shifts(
    handhelds: int, seconds: float, *, records: float, asked: float, chance: random.Random
) -> list[Shift]:
    """A night of so many handhelds: on the whole each sends so many records and asks so often for news.

    They ask regularly, each from a moment of its own on, as the app does; records come as nights are.
    """
    every = seconds / asked
    made = [Shift() for _ in range(handhelds)]
    for at in arrivals(records * handhelds / seconds, seconds, chance, A_NIGHT):
        chance.choice(made).sends.append(at)
    for one in made:
        first = chance.random() * every
        one.asks = [first + number * every for number in range(int(asked))]
    return made


@dataclass(slots=True)
class Carried:
    """One handheld through the night: what it sent and has a receipt for, and every item of news it kept."""

    handheld: Handheld
    client: SyncClient = field(repr=False)
    session: Session = field(repr=False)
    sent: list[Sent] = field(default_factory=list)
    waits_s: list[float] = field(default_factory=list)
    kept: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)
    received: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    cuts: int = 0
    said: str = ""
    cursor: str = ""

    def goes_through(self, night: Night, shift: Shift, begun: float) -> None:
        """Do everything at its time."""
        for due, is_to_send in shift.in_order():
            time.sleep(max(0.0, begun + due - time.monotonic()))
            if is_to_send:
                self._until_answered(partial(self._hand_over, self._sealed(night)))
                self.waits_s.append(time.monotonic() - begun - due)
            else:
                self._once(self._ask)

    def asks_at_the_end(self) -> None:
        """Ask until there is nothing more, and hang up."""
        self._until_answered(self._ask)
        self.client.close()

    def _sealed(self, night: Night) -> Sent:
        record = a_record(self.handheld)
        to = night.directory.recipients()
        return Sent(str(record.header.record), posted(record, to=to, signer=self.handheld.key))

    def _hand_over(self, one: Sent) -> None:
        self.client.submit(one.envelope, record=one.record, rev=1, session=self._signed_in())
        self.sent.append(one)

    def _ask(self) -> None:
        """Every page of what is new; each item is opened, kept, and then acknowledged."""
        more = True
        while more:
            page = self.client.changes(self.cursor, session=self._signed_in())
            for item in page.items:
                self.repeated += (item.stream, item.seq) in self.kept
                self.kept[item.stream, item.seq] = (item.kind, item.record)
                said = self._opened(item.sealed)
                self.received[item.record] += said.get("state") == "received"
            moved, self.cursor, more = page.next != self.cursor, page.next, page.more
            if moved:
                self.client.ack(self.cursor, session=self._signed_in())

    def _opened(self, sealed: bytes) -> dict[str, object]:
        keys = self.client.known_keys
        _, body = open_return(sealed, device=self.handheld.device, key=self.handheld.kem, directory=keys)
        return dict(json.loads(body) if body.startswith(b"{") else wire.unsqueezed(body))

    def _signed_in(self) -> Session:
        if self.session.needs_refresh(datetime.now(UTC)):
            self.session = self.client.refresh(self.session)
        return self.session

    def _once(self, work: Callable[[], None]) -> bool:
        try:
            work()
        except SyncFailed as failed:
            self.cuts, self.said = self.cuts + 1, type(failed).__name__
            return False
        return True

    def _until_answered(self, work: Callable[[], None]) -> None:
        for tried in range(TRIES):
            if self._once(work):
                return
            time.sleep(random.random() * min(LONGEST_PAUSE_S, PAUSE_S * 2 ** min(tried, 8)))
        raise AssertionError(f"not answered in {TRIES} tries: {self.said}")


def carried_through(night: Night, plan: Sequence[Shift]) -> list[Carried]:
    """Let every handheld of the night go through its shift, all at once."""
    trust, keys = new_trust(), night.keys

    def carried(handheld: Handheld) -> Carried:
        enrolled = Enrolled(
            handheld.device, night.origin, keys.root, keys.directory, MappingProxyType({}), FORCE
        )
        http = open_http(night.origin, app_version=APP, trust=trust)
        client = SyncClient(http, clock=ServerClock(), device=Device(enrolled, handheld.key))
        officer = Officer(handheld.officer, "Ada Okoro", "PC", "2200", "Harrogate", FORCE, UNIT, ())
        now = datetime.now(UTC)
        session = Session(handheld.access, handheld.refresh, now + ACCESS_LASTS, now + timedelta(1), officer)
        return Carried(handheld, client, session)

    all_of_them = [carried(one) for one in night.handhelds]
    begun = time.monotonic()
    with ThreadPoolExecutor(len(all_of_them)) as pool:
        going = [
            pool.submit(one.goes_through, night, shift, begun)
            for one, shift in zip(all_of_them, plan, strict=True)
        ]
        for done in going:
            done.result()
        for done in [pool.submit(one.asks_at_the_end) for one in all_of_them]:
            done.result()
    return all_of_them
