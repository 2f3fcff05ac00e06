"""What the status line says of the force is never more than the handheld knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from field_app.sync.news import (
    AttachmentSettled,
    Because,
    NeedsAttention,
    News,
    Received,
    StatusChanged,
    UpToDate,
    Waiting,
)
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


def test_before_anything_was_heard_or_has_failed_nobody_says_that_there_is_no_signal() -> None:
    """Nor does only "On this phone" stand there: whether anybody would hear is not known yet."""
    assert said(Line(), AT) == "force not heard yet"


@pytest.mark.parametrize(
    "news",
    [
        Received("r", 1, AT - timedelta(hours=3)),
        StatusChanged("status", "r", 1, "approved"),
        AttachmentSettled("r", sent=True),
    ],
)
def test_whatever_the_force_answers_proves_that_it_is_there_before_the_round_is_over(news: News) -> None:
    """Of 40 records 39 had gone, and the line still said that there was no signal."""
    assert said(after(Line(), news, AT), AT) == "online"
    silent = after(Line(), waiting(), AT)
    assert after(silent, news, AT + timedelta(minutes=5)).is_open
    still = after(replace(silent, sign_in=True), news, AT)
    assert still.sign_in, "what was sealed goes without anybody signing in"


@pytest.mark.parametrize(
    "news", [AttachmentSettled("r", sent=False), NeedsAttention("r", 1, "envelope_missing", "")]
)
def test_what_is_kept_here_for_a_person_to_look_at_says_nothing_of_the_force(news: News) -> None:
    """The sealed copy may be gone, and nobody was asked."""
    line = Line()
    assert after(line, news, AT) is line


def waiting() -> Any:
    """The force does not answer."""
    return Waiting(next(iter(Because)), AT)
