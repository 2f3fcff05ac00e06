"""What another process works out is what would be worked out here, and one that dies loses nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import psutil
import pytest

from booklets.records import Record
from sync_server.beside import Beside, Known, NotWorkedOut
from sync_server.context import Context
from sync_server.db.tables import record as register
from sync_server.intake import Result, take_in
from sync_server.intake.taking import Unfit, prepared
from tests.support.builders import NIGHT, a_return, an_id
from tests.support.server_data import Handheld, rows

pytestmark = pytest.mark.thorough  # a process takes a second to start


@pytest.fixture
def shared(context: Context) -> Iterator[Context]:
    """A server with one process beside it."""
    with_another = replace(context, beside=Beside(context.settings, 1))
    yield with_another
    assert with_another.beside is not None
    with_another.beside.close()


def test_what_is_worked_out_elsewhere_is_what_is_worked_out_here(
    context: Context, shared: Context, handheld: Handheld
) -> None:
    """By the same keys and the same rules: a record, and what cannot be read."""
    for sealed in (handheld.seal(a_return()), b"not an envelope"):
        came = (sealed, handheld.sender, NIGHT)

        elsewhere, here = (one.worked_out(prepared, came) for one in (shared, context))

        if isinstance(here, Unfit):
            assert elsewhere == here
        else:
            assert not isinstance(elsewhere, Unfit)
            assert (elsewhere.record, elsewhere.arrived) == (here.record, here.arrived)


def test_a_record_is_taken_in_although_whoever_reads_it_was_killed(
    shared: Context, handheld: Handheld
) -> None:
    """The memory ran out, or an administrator was mistaken: the next one finds another process there."""
    _only_child().kill()

    for number in range(2):
        outcome = take_in(shared, handheld.seal(_another(number)), sender=handheld.sender)
        assert outcome.result is Result.STORED

    assert len(rows(shared, register)) == 2
    assert _only_child().is_running()


def test_a_mistake_elsewhere_is_said_here(shared: Context) -> None:
    """Whoever asked sees it as if there were no other process; that one goes on with what is next."""
    assert shared.beside is not None
    child = _only_child()

    with pytest.raises(NotWorkedOut):
        shared.beside.work_out(_mistaken, "what an officer wrote")
    with pytest.raises(ZeroDivisionError):
        shared.worked_out(_mistaken, "what an officer wrote")

    assert shared.beside.work_out(_where, "next") == child.pid


def _mistaken(_known: Known, _asked: str) -> int:
    raise ZeroDivisionError


def _where(_known: Known, _asked: str) -> int:
    return os.getpid()


def _another(number: int) -> Record:
    return a_return(record=an_id(f"record {number}"), episode=an_id(f"episode {number}"))


def _only_child() -> psutil.Process:
    [child] = [one for one in psutil.Process().children() if "spawn_main" in " ".join(one.cmdline())]
    return child
