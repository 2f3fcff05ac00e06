"""The network, cut on purpose: every connection has a budget of bytes, in one direction or the other.

A real server in a process of its own, real signed submissions through a proxy that
resets a connection after so many bytes up or down. A phone cannot know whether the
server had committed when the line went dead, so it sends the same bytes again. Then
every record must stand exactly once wherever it was to stand, and every receipt
that was believed must be true. The control is a client that makes a new record of
every attempt: it must leave duplicates, or the cuts prove nothing.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any, Final

from faults.night_out import Night, a_night, now_and_then
from faults.trials import Trial
from house.postgres import Ours, one_of_our_own

CONTROL: Final = "a client that makes a new record of every attempt"


def run(full: bool) -> Iterator[dict[str, Any]]:
    """Every trial of the network, on both databases; ``full`` asks for the large amounts."""
    duplicates = _control(60)
    with a_night() as night:
        yield asdict(connections_cut(night, "F7 network.connections_cut", 5000 if full else 500, duplicates))
    with a_night() as night:
        yield asdict(server_killed(night, "F8 network.server_killed", 100 if full else 8, duplicates))
    with a_night_on_postgresql() as (night, _):
        yield asdict(
            connections_cut(night, "F7 postgresql.connections_cut", 5000 if full else 250, duplicates)
        )
    with a_night_on_postgresql() as (night, _):
        yield asdict(server_killed(night, "F8 postgresql.server_killed", 100 if full else 4, duplicates))
    with a_night_on_postgresql() as (night, database):
        yield asdict(database_restarted(night, database, 50 if full else 9, duplicates))


@contextlib.contextmanager
def a_night_on_postgresql() -> Iterator[tuple[Night, Ours]]:
    """The same night on a PostgreSQL that waits for the disk, as a force's own does."""
    with one_of_our_own(durable=True) as database, a_night(database.url) as night:
        yield night, database


def connections_cut(night: Night, name: str, cuts: int, control_found: int) -> Trial:
    """Cut connections at random bytes, both ways, until there were ``cuts``; then look at what is kept."""
    sent = night.send(until=lambda: night.proxy.cuts >= cuts)
    night.stop()
    lost, doubled = night.examine(sent)
    if not min(night.proxy.up, night.proxy.down):
        raise AssertionError("the proxy cut in one direction only")
    return Trial(name, night.proxy.cuts, lost, doubled, CONTROL, control_found)


def server_killed(night: Night, name: str, kills: int, control_found: int) -> Trial:
    """Kill the server with SIGKILL while it takes in, and cut connections at the same time."""
    lost, doubled = _sent_while(night, lambda done: night.kill_now_and_then(kills, done))
    return Trial(name, kills, lost, doubled, CONTROL, control_found)


def database_restarted(night: Night, database: Ours, restarts: int, control_found: int) -> Trial:
    """End the database at once while the server takes in, and start it anew; connections are cut as well."""

    def breaks(done: threading.Event) -> None:
        now_and_then(restarts, database.end_and_start_anew, done)

    lost, doubled = _sent_while(night, breaks)
    return Trial("F9 postgresql.restarted", restarts, lost, doubled, CONTROL, control_found)


def _sent_while(night: Night, breaks: Callable[[threading.Event], None]) -> tuple[int, int]:
    """Send until it is broken no more; how much is lost then, and how much stands too often."""
    done = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        breaking = pool.submit(breaks, done)
        sent = night.send(until=done.is_set)
        breaking.result()
    night.stop()
    return night.examine(sent)


def _control(cuts: int) -> int:
    """How many records too many a client leaves that cannot say "the same again"."""
    with a_night() as night:
        night.careless = True
        sent = night.send(until=lambda: night.proxy.cuts >= cuts)
        night.stop()
        return night.stored() - len(sent)
