"""What an officer reads of a decision: that it counts, why, what happens next and what was done well."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from booklets.answers import Answer, Moment, Row
from booklets.decisions import Outcome
from field_app.handset.home import Home
from field_app.ui import returning_words
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.words import clock_and_day
from tests.support.builders import next_revision
from tests.support.handsets import OnShift, an_offline_shift
from tests.support.queues import Tablet, an_outcome, another_check, decided_by_a_sergeant, news
from tests.support.screens import journey
from tests.support.sent_back import Force, nothing_more, sent_check
from tests.support.standing import standing_at


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal, who has sent nothing yet."""
    with an_offline_shift(tmp_path) as found:
        yield found


def test_an_approval_is_read_where_it_was_sent_and_on_the_worklist(officer: OnShift) -> None:
    """With the sergeant's own reason, so that an officer learns what was good."""
    records = sent_check(officer)
    Force(officer).decides(records, Outcome.APPROVE, "The words are exact and the auntie was rung.")

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
            assert app.says("Approved")
            model.show_sent(model.home.parcels[0])
            await app.settle()
            assert app.has("decided")
            assert app.says("by Sgt Oyelaran")
            assert app.says("The words are exact and the auntie was rung.")

    journey(walk)


def test_what_was_read_before_the_news_never_hides_it(
    officer: OnShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two readings are under way at once, and the one that knows less is done last."""
    records = sent_check(officer)
    fresh, may_go, late = officer.shift.home, threading.Event(), threading.Event()

    def held_up() -> Home:
        found = fresh()
        if not late.is_set():  # only the first reading
            late.set()
            may_go.wait(10)
        return found

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
            monkeypatch.setattr(officer.shift, "home", held_up)
            first = asyncio.create_task(model.read_home())
            await asyncio.to_thread(late.wait, 10)
            Force(officer).decides(records, Outcome.APPROVE, "The words are exact and the auntie was rung.")
            await model.read_home()
            may_go.set()
            await first
            model.redraw()
            await app.settle()
            assert app.says("Approved")

    journey(walk)


def test_the_officer_reads_what_happens_next_and_what_was_done_well(officer: OnShift) -> None:
    """Where it was sent, each direction with who does it and by when."""
    records = sent_check(officer)
    by = officer.handset.clock.now() + timedelta(hours=2)
    ring_her: Row = {"what": "Ring the aunt in Selby", "who": "PC Adeyemi", "by": Moment(by)}
    said: dict[str, Answer] = {
        "sup.directions": (ring_her,),
        "sup.feedback_good": "You wrote down what you asked just before.",
    }
    leaves = ("force_records", "partner:E06000065")
    Force(officer).decides(records, Outcome.APPROVE, "The words are exact.", said=said, leaves=leaves)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
            model.show_sent(model.home.parcels[0])
            await app.settle()
            assert app.says("to the force record system; the referral, to North Yorkshire")
            assert app.says(returning_words.DIRECTED)
            assert app.says("Ring the aunt in Selby")
            assert app.says(f"PC Adeyemi · by {clock_and_day(by)}")
            assert app.says(returning_words.DONE_WELL)
            assert app.says("You wrote down what you asked just before.")

    journey(walk)


def test_what_a_void_decision_directs_is_not_shown(officer: OnShift) -> None:
    """Nobody is to act on what does not count."""
    records = sent_check(officer)
    said: dict[str, Answer] = {"sup.no_directions_because": "The aunt has him till Monday."}
    Force(officer).decides(records, Outcome.APPROVE, "Good.", state="void", why_void="moved_on", said=said)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
            model.show_sent(model.home.parcels[0])
            await app.settle()
            assert app.says("Not counted")
            assert not app.says("The aunt has him till Monday.")

    journey(walk)


TEAM_ACTED = {
    "danger_acted_at": "2026-03-14T21:04:00Z",
    "danger_done": ["duty_team", "officers"],
    "danger_rev": 1,
}


def test_the_officer_reads_that_the_vulnerability_team_has_acted(officer: OnShift) -> None:
    """Where it was sent, with the hour: nobody has to ring round to know that the child is seen to."""
    records = sent_check(officer)
    Force(officer).tells("status", records[1], TEAM_ACTED)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
            model.show_sent(model.home.parcels[0])
            await app.settle()
            said = app.at(f"step.danger.{records[1].header.record}").label
            assert said == (
                "The vulnerability team has acted on the danger · "
                "Council’s duty team rung, and they act; Officers sent to the child · 21:04"
            )

    journey(walk)


@pytest.mark.parametrize(("revision", "named"), [(1, False), (2, True)])
def test_the_sergeant_reads_it_beside_the_record(officer: OnShift, revision: int, *, named: bool) -> None:
    """What was done about an earlier revision is not taken for an answer to the danger of this one."""
    tablet, records = Tablet(officer), another_check()
    tablet.waits(*records, risk=1)
    if revision > 1:
        tablet.waits(next_revision(records[1], {"pi.danger_now": "yes"}), risk=1, minutes=1)
    tablet.hears(news("status", records[1], tablet.now, TEAM_ACTED))

    async def walk() -> None:
        async with standing_at(At.QUEUE, officer, state=as_it_lies) as (app, _):
            await app.tap(f"case.{records[0].header.encounter}")
            assert app.has("team_acted")
            assert app.says("Council’s duty team rung, and they act; Officers sent to the child")
            assert app.says("acted on the danger · revision 1 · 21:04") is named

    def as_it_lies(model: Model, officer: OnShift) -> None:
        model.home = officer.shift.home()

    journey(walk)


def test_that_the_team_acted_leaves_a_late_answer_late(officer: OnShift) -> None:
    """Two things said of one record: the second does not take the first away."""
    tablet, records = Tablet(officer), another_check()
    tablet.waits(*records)
    decision = decided_by_a_sergeant(records, Outcome.RETURN)
    tablet.hears(*(an_outcome(one, decision, at=tablet.now) for one in records))
    late = {"state": "answer_late", "due_at": "2026-03-14T22:00:00Z"}
    tablet.hears(news("status", records[1], tablet.now, late))
    tablet.hears(news("status", records[1], tablet.now, TEAM_ACTED))

    assert officer.shift.home().cases[0].late_since is not None


def test_a_decision_that_does_not_count_says_why(officer: OnShift) -> None:
    """The record had moved on: what the sergeant saw is not what the force has."""
    records = sent_check(officer)
    Force(officer).decides(records, Outcome.APPROVE, "Good.", state="void", why_void="moved_on")

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
            model.show_sent(model.home.parcels[0])
            await app.settle()
            assert app.says("Not counted: the record has moved on since")

    journey(walk)
