"""The network, cut on purpose: every connection has a budget of bytes, in one direction or the other.

A real server in a process of its own, real signed submissions through a proxy that
resets a connection after so many bytes up or down. A phone cannot know whether the
server had committed when the line went dead, so it sends the same bytes again. Then
every record must stand exactly once wherever it was to stand, and every receipt
that was believed must be true. The control is a client that makes a new record of
every attempt: it must leave duplicates, or the cuts prove nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from faults.night_out import a_night
from faults.trials import Trial

CONTROL: Final = "a client that makes a new record of every attempt"


def run(full: bool) -> Iterator[dict[str, Any]]:
    """Every trial of the network; ``full`` asks for the large amounts."""
    duplicates = _control(60)
    yield asdict(connections_cut(5000 if full else 500, duplicates))
    yield asdict(server_killed(100 if full else 8, duplicates))


def connections_cut(cuts: int, control_found: int) -> Trial:
    """Cut connections at random bytes, both ways, until there were ``cuts``; then look at what is kept."""
    with a_night() as night:
        sent = night.send(until=lambda: night.proxy.cuts >= cuts)
        night.stop()
        lost, doubled = night.examine(sent)
        tried = night.proxy.cuts
        both = min(night.proxy.up, night.proxy.down)
    if not both:
        raise AssertionError("the proxy cut in one direction only")
    return Trial("F7 network.connections_cut", tried, lost, doubled, CONTROL, control_found)


def server_killed(kills: int, control_found: int) -> Trial:
    """Kill the server with SIGKILL while it takes in, and cut connections at the same time."""
    with a_night() as night:
        done = threading.Event()
        killer = threading.Thread(target=night.kill_now_and_then, args=(kills, done))
        killer.start()
        sent = night.send(until=done.is_set)
        killer.join()
        night.stop()
        lost, doubled = night.examine(sent)
    return Trial("F8 network.server_killed", kills, lost, doubled, CONTROL, control_found)


def _control(cuts: int) -> int:
    """How many records too many a client leaves that cannot say "the same again"."""
    with a_night() as night:
        night.careless = True
        sent = night.send(until=lambda: night.proxy.cuts >= cuts)
        night.stop()
        return night.stored() - len(sent)
