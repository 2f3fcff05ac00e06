"""Several who act on one record at once, so that they meet where it matters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import TypeVar

from booklets.records import Record
from sync_server.context import Context
from sync_server.intake import Outcome, take_in
from tests.support.colleagues import Colleague

T = TypeVar("T")


def ready(process: Context, sender: Colleague, record: Record) -> Callable[[], Outcome]:
    """Everything done but the sending, to the server process that it will reach."""
    handheld = replace(sender.handheld, context=process)
    sealed = handheld.seal(record)
    return lambda: take_in(process, sealed, sender=handheld.sender)


def at_once(ways: Sequence[Callable[[], T]]) -> list[T]:
    """What each came to, all begun at the same moment in threads of their own."""
    gate = Barrier(len(ways))

    def go(way: Callable[[], T]) -> T:
        gate.wait()
        return way()

    with ThreadPoolExecutor(len(ways)) as pool:
        return list(pool.map(go, ways))
