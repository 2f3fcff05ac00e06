"""The thread that looks for what is new, late or undecided for as long as the server runs."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy.exc import OperationalError

from sync_server.context import Context
from sync_server.db.store import StoreUnavailable
from sync_server.duties import Watch, telling, watch
from tests.support.builders import a_return, a_task
from tests.support.colleagues import Colleague

PATIENCE_S = 10.0


def test_a_task_is_told_while_the_server_runs(
    context: Context, officer: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has to ask for it."""
    looked = threading.Event()
    tell = telling.tell

    def told(of: Context) -> int:
        found = tell(of)
        looked.set()
        return found

    monkeypatch.setattr(telling, "tell", told)
    officer.sent(a_return(tasks=(a_task("tell_digital_forensics", owner="author"),)))
    running = Watch(context)
    running.start()
    try:
        assert looked.wait(PATIENCE_S)
    finally:
        running.stop()

    assert [one["what"] for one in officer.heard("task")] == ["tell_digital_forensics"]


@pytest.mark.parametrize(
    "trouble", [StoreUnavailable("the disk is full"), OperationalError("SELECT 1", {}, Exception("gone"))]
)
def test_a_database_that_is_down_for_a_moment_is_asked_again(
    context: Context, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    """The watch does not end with the night's first full disk."""
    again = threading.Event()
    asked: list[int] = []

    def once(_of: Context) -> int:
        asked.append(1)
        if len(asked) == 1:
            raise trouble
        again.set()
        return 0

    monkeypatch.setattr(watch, "look_once", once)
    monkeypatch.setattr(watch, "PAUSE_S", 0.001)
    running = Watch(context)
    running.start()
    try:
        assert again.wait(PATIENCE_S)
    finally:
        running.stop()
