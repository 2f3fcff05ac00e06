"""What the status line says of the force is never more than the handheld knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from field_app.sync.news import Because, UpToDate, Waiting
from field_app.ui.line import Line, after
from field_app.ui.model import Model
from field_app.ui.screens.standing import reach

AT = datetime(2026, 3, 14, 18, 30, tzinfo=UTC)


def said(line: Line, now: datetime) -> str:
    """What the line says of the force, on the worklist, at this moment."""
    return reach(cast("Model", SimpleNamespace(line=line, now=now, session=None)))


def test_the_force_is_in_reach_for_a_moment_after_it_answered_and_then_it_is_said_when() -> None:
    """Nothing waits, so it is asked seldom: a line that said "online" all the while would not be true."""
    heard = after(Line(), UpToDate(AT), AT)
    assert said(heard, AT + timedelta(seconds=60)) == "online"
    assert said(heard, AT + timedelta(minutes=4)) == "signal at 18:30"


def test_there_is_no_signal_since_the_force_was_heard_last_also_after_a_lock() -> None:
    """Not since somebody noticed, and not since the window was opened again."""
    silent = after(after(Line(), UpToDate(AT), AT), waiting(), AT + timedelta(minutes=5))
    assert said(silent, AT + timedelta(minutes=5)) == "no signal since 18:30"
    again = after(replace(silent, saved_at=AT).once_locked(), waiting(), AT + timedelta(minutes=10))
    assert said(again, AT + timedelta(minutes=10)) == "no signal since 18:30"
    assert again.saved_at is None
    assert said(after(Line(), waiting(), AT), AT) == "no signal since 18:30", "never heard: since now"


def test_before_anything_was_heard_it_is_said_that_there_is_no_signal_yet() -> None:
    """An officer who reads only "On this phone" cannot tell whether anybody would hear."""
    assert said(Line(), AT) == "no signal yet"


def waiting() -> Any:
    """The force does not answer."""
    return Waiting(next(iter(Because)), AT)
