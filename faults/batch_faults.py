"""Several records with one question, on a line that is cut (F7), and with a server that is killed (F8).

Each handheld has a vault, and sends as the app does: together, fewer after a cut, each with a receipt of its
own. Connections are reset at random bytes in both directions: in the middle of a batch, after the server had
committed some of it or all, and in the middle of its answers. In every other batch one record is spoilt, so
that the server sets it aside. Afterwards every good record must stand exactly once wherever it is to stand,
and be received on its handheld; every spoilt one must wait there for a person. The control is a handheld
that takes the answer to a batch for a receipt of all of it: it lets go of what the force has not taken in.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Final

from booklets.records import Record
from faults.fault_proxy import FaultProxy
from faults.night_out import Handheld, Night, Sent, a_night, a_record
from faults.phone import Phone, a_phone
from faults.trials import Trial
from field_app.store.outbox import State
from house.postgres import one_of_our_own

CONTROL: Final = "a handheld that takes the answer to a batch for a receipt of all of it"
TOGETHER: Final = 6
UP_BYTES: Final = 16_000
"""Six records weigh some 11 kB, and what is left of them after a cut less."""
DOWN_BYTES: Final = 3_000
PAUSE_S: Final = 0.02
"""After a cut a handheld asks again at once here, and leaves the line that moment to close."""
Until = Callable[[], bool]


@dataclass(slots=True)
class Put:
    """What was put into the outbox of one handheld, and how all of it stood there at the end."""

    good: list[Sent] = field(default_factory=list)
    spoilt: list[Sent] = field(default_factory=list)
    states: dict[str, State] = field(default_factory=dict)


def run(full: bool) -> Iterator[dict[str, Any]]:
    """Every trial of batches, on both databases; ``full`` asks for the large amounts."""
    found = _control(6)
    with a_night(proxy=_proxy()) as night:
        yield asdict(cut(night, "F7 batch.connections_cut", 5000 if full else 300, found))
    with a_night(proxy=_proxy()) as night:
        yield asdict(killed(night, 60 if full else 4, found))
    with one_of_our_own(durable=True) as database, a_night(database.url, _proxy()) as night:
        yield asdict(cut(night, "F7 postgresql.batch_cut", 5000 if full else 150, found))


def _proxy() -> FaultProxy:
    return FaultProxy(seed=17, up_bytes=UP_BYTES, down_bytes=DOWN_BYTES)


def cut(night: Night, name: str, cuts: int, control_found: int) -> Trial:
    """Cut connections at random bytes, both ways, until there were ``cuts``; then look at what is kept."""
    put = _sent(night, lambda: night.proxy.cuts >= cuts)
    if not min(night.proxy.up, night.proxy.down):
        raise AssertionError("the proxy cut in one direction only")
    return _trial(night, name, night.proxy.cuts, put, control_found)


def killed(night: Night, kills: int, control_found: int) -> Trial:
    """The same, with the server killed now and then by SIGKILL, in the middle of batches."""
    done = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        killing = pool.submit(night.kill_now_and_then, kills, done)
        put = _sent(night, done.is_set)
        killing.result()
    return _trial(night, "F8 batch.server_killed", kills, put, control_found)


def _sent(night: Night, until: Until) -> list[Put]:
    with ThreadPoolExecutor(len(night.handhelds)) as pool:
        return list(pool.map(partial(_sends, night, until=until), night.handhelds))


def _sends(night: Night, handheld: Handheld, *, until: Until) -> Put:
    """Put some in and send until none waits, again and again, until it is enough."""
    put = Put()
    with a_phone(night, handheld, night.folder / handheld.device) as phone:
        while not until():
            _fill(phone, put, spoil=len(put.good) >= len(put.spoilt) * 2 * TOGETHER)
            while any(state in (State.SEALED, State.SENDING) for state in phone.states().values()):
                phone.tries()
                time.sleep(PAUSE_S)
        put.states = phone.states()
    return put


def _fill(phone: Phone, put: Put, *, spoil: bool) -> None:
    record: Record = a_record(phone.handheld)
    put.good += [phone.puts(record) for _ in range(TOGETHER - spoil)]
    if spoil:
        put.spoilt.append(phone.puts(record, seal=_spoilt))


def _spoilt(sealed: bytes) -> bytes:
    return sealed[:-1] + bytes([sealed[-1] ^ 1])


def _trial(night: Night, name: str, tried: int, put: list[Put], control_found: int) -> Trial:
    night.stop()
    lost, doubled = night.examine([sent for one in put for sent in one.good])
    still = sum(one.states[sent.record] is not State.ACCEPTED for one in put for sent in one.good)
    believed = sum(one.states[sent.record] is not State.ATTENTION for one in put for sent in one.spoilt)
    good, bad = sum(len(one.good) for one in put), sum(len(one.spoilt) for one in put)
    said = f"{good} records received once each, {bad} spoilt ones set aside"
    return Trial(name, tried, lost + still, doubled + believed, CONTROL, control_found, said)


def _control(batches: int) -> int:
    """How many records such a handheld lets go of that the force has not taken in."""
    with a_night(proxy=FaultProxy(seed=17, up_bytes=1 << 30, down_bytes=1 << 30)) as night:
        handheld, let_go = night.handhelds[0], list[Sent]()
        with a_phone(night, handheld, night.folder / "careless") as phone:
            for _ in range(batches):
                put = Put()
                _fill(phone, put, spoil=True)
                some = [*put.spoilt, *put.good]
                let_go += some if phone.sends_wholesale(some) else []
        night.stop()
        return len(let_go) - night.stored()
