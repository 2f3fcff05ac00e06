"""A child who is missing again and again is looked at together with the council (R-31)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from threading import Event
from time import monotonic

import pytest

from booklets.answers import Answer
from booklets.duties import title_of
from booklets.records import Record
from sync_server import audit
from sync_server.across import LookAcross, asking, look
from sync_server.across.missing_often import missing_often
from sync_server.across.seen import Filed, Seen
from sync_server.context import Context, open_context
from sync_server.db.owed import task
from sync_server.db.store import StoreUnavailable
from sync_server.duties import look_once
from tests.support.again import ANA, asked, of
from tests.support.builders import NIGHT, a_task, an_id
from tests.support.colleagues import Colleague
from tests.support.racing import at_once
from tests.support.server_data import Clock, rows

KIND = "repeat_missing"
Night = Callable[..., Record]


def a_register(
    *days: float, now: float, settings: Mapping[str, object] | None = None, **flags: bool
) -> Seen:
    """A register in which one child was missing on these days."""
    filed = tuple(
        Filed(
            record=f"r{day}",
            rev=1,
            unit="harrogate_response",
            type="RET",
            episode=f"e{day}",
            subject="kit",
            arrived=NIGHT + timedelta(days=day),
            flags=flags,
        )
        for day in days
    )
    return Seen(
        force="north_yorkshire",
        now=NIGHT + timedelta(days=now),
        settings=settings or {},
        every_record=filed,
    )


@pytest.mark.parametrize(
    ("days", "now", "is_asked"),
    [
        ((0, 10, 20), 20, True),
        ((0, 45, 89), 89, True),
        ((0, 45, 91), 91, False),
        ((0, 20), 20, False),
        ((0, 10, 20), 140, False),
    ],
    ids=["three in a month", "three in ninety days", "one day too many", "only twice", "long ago"],
)
def test_three_times_in_thirty_or_in_ninety_days(
    days: tuple[float, ...], now: float, *, is_asked: bool
) -> None:
    """The product's own limits, where a force has set none."""
    assert bool(list(missing_often(a_register(*days, now=now)))) is is_asked


@pytest.mark.parametrize(("shows", "is_asked"), [(True, True), (False, False)])
def test_a_force_may_ask_for_a_sign_as_well(*, shows: bool, is_asked: bool) -> None:
    """In some areas three times in ninety days count only where there is exploitation too."""
    limits = {"repeat_missing": [{"times": 3, "days": 90, "also": "exploitation"}]}

    found = list(missing_often(a_register(0, 40, 80, now=80, settings=limits, exploitation=shows)))

    assert bool(found) is is_asked


def test_records_of_one_episode_count_once() -> None:
    """A report, a return and a second return of the same night are one time."""
    seen = a_register(0, 10, 20, now=20)
    together = tuple(replace(one, episode="one") for one in seen.every_record)

    assert list(missing_often(replace(seen, every_record=together))) == []


def test_the_third_return_asks_the_exploitation_team(
    context: Context, night: Night, sergeant: Colleague, clock: Clock
) -> None:
    """Three officers who did not know of each other; the team sees it, and supervisors once it is late."""
    night("one", 0)
    night("two", 9)
    look(context)
    assert asked(context, KIND) == []
    third = night("three", 20)

    look(context)

    assert asked(context, KIND) == [(KIND, "R-31", "mhet", "open")]
    [row] = [one for one in rows(context, task) if one["kind"] == KIND]
    assert (row["record"], row["due_at"]) == (str(of(third)), clock.at + timedelta(hours=24))
    assert title_of(KIND) == "Often missing: look at the child together with the council"
    with context.store.read() as connection:
        entries = audit.entries_of(connection, str(of(third)))
    assert [one["detail"] for one in entries if one["what"] == "asked_across_records"] == [{"rule": "R-31"}]
    clock.at += timedelta(hours=25)
    look_once(context)
    assert KIND in [one["what"] for one in sergeant.heard("task")]


def test_it_is_asked_once_for_each_time(context: Context, night: Night) -> None:
    """A server looks every minute; and while somebody is at it, the fourth time is told to nobody else."""
    for name, day in (("one", 0), ("two", 9), ("three", 20), ("four", 21)):
        night(name, day)
        look(context)
        look(context)

    assert asked(context, KIND) == [(KIND, "R-31", "mhet", "open")]


def test_a_handheld_that_has_asked_is_not_asked_after(context: Context, night: Night) -> None:
    """Police systems may have shown the officer the same."""
    night("one", 0)
    night("two", 9)
    night("three", 20, tasks=(a_task(KIND, rule="R-31", owner="mhet", subject=str(an_id("child three"))),))

    look(context)

    assert len(asked(context, KIND)) == 1


@pytest.mark.parametrize(
    "other",
    [ANA, {"given_names": "Kit", "surname": "Marlowe-Test", "dob": "2011-05"}],
    ids=["another child", "born nobody knows when"],
)
def test_another_child_is_not_counted(context: Context, night: Night, other: dict[str, Answer]) -> None:
    """The same name alone is not the same child."""
    night("one", 0)
    night("two", 9, child=other)
    night("three", 20)

    look(context)

    assert asked(context, KIND) == []


def test_what_was_withdrawn_is_not_counted(context: Context, night: Night, officer: Colleague) -> None:
    """It was written about the wrong child."""
    night("one", 0)
    officer.withdraws(night("two", 9))
    night("three", 20)

    look(context)

    assert asked(context, KIND) == []


def test_after_a_death_nothing_is_asked_and_what_was_asked_is_stopped(
    context: Context, night: Night, clock: Clock
) -> None:
    """R-50: also what was set on a night before."""
    night("one", 0)
    night("two", 9)
    night("three", 20)
    look(context)
    night("four", 21, answers={"ret.found_how": "dead"})

    look(context)

    assert asked(context, KIND) == [(KIND, "R-31", "mhet", "stopped")]
    clock.at += timedelta(days=1)
    assert look(context) == 0, "not even the interview"


def test_of_two_processes_that_look_at_once_one_asks(context: Context, night: Night) -> None:
    """Each of several servers looks by itself."""
    for name, day in (("one", 0), ("two", 9), ("three", 20)):
        night(name, day)
    other = open_context(context.settings, now=context.now, policy=context.policy)
    try:
        found = at_once([lambda: look(context), lambda: look(other)])
    finally:
        other.close()

    assert sum(found) == len(asked(context))
    assert len(asked(context, KIND)) == 1


def test_a_running_server_looks_by_itself(context: Context, night: Night) -> None:
    """Nobody asks for it: there is no request that would."""
    for name, day in (("one", 0), ("two", 9), ("three", 20)):
        night(name, day)
    looking, waits, until = LookAcross(context, every_s=0.005), Event(), monotonic() + 20
    looking.start()
    try:
        while not asked(context, KIND) and monotonic() < until:
            waits.wait(0.01)
    finally:
        looking.stop()

    assert asked(context, KIND) == [(KIND, "R-31", "mhet", "open")]


def test_a_database_that_is_down_for_a_moment_does_not_end_the_looking(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next look comes a minute later."""
    trouble, again = [StoreUnavailable("out of reach")], Event()

    def once(_of: Context) -> int:
        if trouble:
            raise trouble.pop()
        again.set()
        return 0

    monkeypatch.setattr(asking, "look", once)
    looking = LookAcross(context, every_s=0.001)
    looking.start()
    try:
        assert again.wait(10)
    finally:
        looking.stop()
