"""Tasks on the screen: where they are due, how they are closed, and that only what is late is red."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from booklets.answers import instant, read_instant
from booklets.decisions import decision_of
from booklets.duties import (
    BY_SYSTEM,
    COUNCIL_HAS_MISSING,
    COUNCIL_HAS_NOTICE,
    COUNTED_FROM_BEGUN,
    ON_ITS_WAY,
    GoesTo,
)
from booklets.records import Record
from field_app.sync.failures import Revoked
from field_app.ui import duty_words as words
from field_app.ui import theme as t
from field_app.ui.duties import InHand
from field_app.ui.entering import lock
from field_app.ui.model import Model
from field_app.ui.places import At, Mention
from tests.support.handsets import GUIDE, OnShift, an_offline_shift
from tests.support.queues import Tablet, an_outcome, another_check, decided_by_a_sergeant
from tests.support.screens import Screens, journey
from tests.support.seldom import received
from tests.support.sent_back import Force, an_honest_check, newest_records
from tests.support.standing import standing_at


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal, who has sent nothing yet."""
    with an_offline_shift(tmp_path) as found:
        yield found


def asked(officer: OnShift, *, minutes: int = 90, **more: Any) -> Record:
    """A check that was sent and that makes somebody do something."""
    record = newest_records(officer, an_honest_check(officer).encounter.id)[0]
    Force(officer).asks_for(record, minutes=minutes, **more)
    return record


def as_it_stands(model: Model, officer: OnShift) -> None:
    """Whatever lies in the store."""
    model.home = officer.shift.home()


def kept_in_memory(model: Model) -> tuple[object, ...]:
    """What was open, and what was being said."""
    return model.left, model.duty, model.duties_begun


def is_red(app: Screens) -> bool:
    """Whether anything on the screen is in the colour of what is late."""
    return any(one.color == t.LATE for one in app.all(ft.Text))


def test_a_task_names_the_child_after_the_copy_of_the_record_is_gone(officer: OnShift) -> None:
    """Two hours later at the next door: which child, and not which form."""
    asked(officer, child={"person.known_as": "Amy", "person.surname": "Brook", "person.sex": "F"})

    def an_hour_later(model: Model, officer: OnShift) -> None:
        as_it_stands(model, officer)
        model.home = replace(
            model.home, parcels=tuple(replace(one, name="", about="") for one in model.home.parcels)
        )

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=an_hour_later) as (app, _):
            assert app.says("Amy Brook · girl")
            assert "Amy Brook" in str(app.at("duty.1").label)

    journey(walk)


@pytest.mark.parametrize(("minutes", "red"), [(600, False), (60, False), (-5, True)])
def test_a_task_stands_on_the_worklist_with_its_clock(officer: OnShift, minutes: int, *, red: bool) -> None:
    """Quiet, amber, red: and red means late and nothing else."""
    asked(officer, minutes=minutes)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=as_it_stands) as (app, _):
            assert app.says(words.TO_DO)
            assert app.says("Tell digital forensics")
            assert app.says("Late since" if red else "By ")
            assert is_red(app) == red

    journey(walk)


def test_no_task_is_late_since_a_time_before_it_was_asked(officer: OnShift) -> None:
    """A record that arrives late asks for what was due before: nobody sat on it since then."""
    earlier = instant(officer.handset.clock.now() - timedelta(hours=1))

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=as_it_stands) as (app, model):
            assert app.says("Late since it was asked. It was due ")
            duty = replace(model.home.duties[0], set_at=read_instant(earlier))
            model.home = replace(model.home, duties=(duty,))
            model.redraw()
            await app.settle()
            assert not app.says("Late since it was asked")
            assert app.says("Late since ")

    asked(officer, minutes=-5)
    journey(walk)


@pytest.mark.parametrize(
    ("way", "says"),
    [
        (COUNTED_FROM_BEGUN, "Counted from when the record was begun"),
        (COUNCIL_HAS_MISSING, "The notice that the child is missing has gone. Waits for the call"),
        ("", ""),
    ],
)
def test_a_task_of_a_report_says_how_its_time_was_counted_and_what_has_gone(
    officer: OnShift, way: str, says: str
) -> None:
    """The hour that nobody knows, and the notice that is no answer."""

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=as_it_stands) as (app, _):
            for one in ("Counted from when the record was begun", "The notice that the child is missing"):
                assert app.says(one) is says.startswith(one)

    asked(officer, kind="council_told_of_missing", by_system=way)
    journey(walk)


def test_a_call_to_the_council_says_that_the_notice_beside_it_is_none(officer: OnShift) -> None:
    """R-08a: a tick and a red task that contradict each other leave nobody knowing whether to ring."""
    force = Force(officer)
    record = newest_records(officer, an_honest_check(officer).encounter.id)[0]
    force.asks_for(record, kind="council_told_of_return", minutes=-5, by_system=COUNCIL_HAS_NOTICE)
    told = {"state": "council_told", "council_told_at": instant(officer.handset.clock.now())}
    force.tells("status", record, told)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=as_it_stands) as (app, model):
            assert app.says("Ring the council’s duty team")
            assert app.says("The notice went ")
            assert "Waits for the call" in str(app.at("duty.1").label)
            parcel = received(model.home.parcels[0], model.now)
            model.home = replace(model.home, parcels=(parcel,))
            model.show_sent(parcel)
            await app.settle()
            assert app.says("Notice of return with the council")
            assert app.says("It waits for the call: nobody there has answered yet"), "why, beside that tick"
            await model.go_home()
            await app.settle()
            await app.tap("duty.1")
            assert "01632 960144" in str(app.at("duty.ring").label), "its own page has the number too"

    journey(walk)


@pytest.mark.parametrize("way", [ON_ITS_WAY, "adult_at_school", ""])
def test_what_the_system_does_by_itself_is_said_before_anybody_rings(officer: OnShift, way: str) -> None:
    """On the row, that it goes by itself; on its page, what the system does, or why a person has to ring."""
    asked(officer, kind="school_told", by_system=way)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=as_it_stands) as (app, _):
            assert app.says("Tell the school")
            assert app.says(words.BY_ITSELF) == (way == ON_ITS_WAY)
            assert (words.BY_ITSELF in str(app.at("duty.1").label)) == (way == ON_ITS_WAY)
            await app.tap("duty.1")
            said = [one for one in BY_SYSTEM.values() if app.says(one)]
            assert said == ([BY_SYSTEM[way]] if way else [])

    journey(walk)


def test_a_late_task_is_closed_with_an_outcome_and_a_reason(officer: OnShift) -> None:
    """Five touches, and it says that it goes by itself."""
    asked(officer, minutes=-5)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=as_it_stands) as (app, model):
            await app.tap("duty.1")
            await app.tap("duty.close")
            await app.settle()
            assert app.says("Say how it ended. This is late. Say why.")
            await app.tap("duty.outcome.done")
            await app.tap("duty.delay.demand")
            await app.tap("duty.close")
            await app.settle()

            assert model.at is At.HOME
            assert app.says(words.CLOSED)
            assert not is_red(app)

    journey(walk)


def test_a_task_is_taken_on_and_stays_where_it_is(officer: OnShift) -> None:
    """So that a colleague who looks knows."""
    asked(officer)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=as_it_stands) as (app, model):
            await app.tap("duty.1")
            await app.tap("duty.accept")
            await app.settle()

            assert model.at is At.DUTY
            assert app.says(words.TAKEN)
            assert not app.has("duty.accept")

    journey(walk)


def test_a_supervisors_task_stands_on_the_queue_and_not_on_the_worklist(officer: OnShift) -> None:
    """Their own records are another list."""
    asked(officer, owner="supervisor")
    officer.shift.officer = replace(officer.shift.officer, roles=("officer", "supervisor"))

    async def walk() -> None:
        async with standing_at(At.QUEUE, officer, state=as_it_stands) as (app, model):
            assert app.has("duty.1")
            model.go(At.HOME)
            await app.settle()
            assert not app.has("duty.1")

    journey(walk)


def test_work_with_a_child_that_is_offered_says_to_whom_and_why(officer: OnShift) -> None:
    """R-58: on the list of whoever may take it on, and not as a colleague's who is late."""
    asked(officer, kind="prevention_interview", author="NYP-1", goes_to="unit")

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=as_it_stands) as (app, _):
            await app.tap("duty.1")
            assert app.says(words.GOES_TO[GoesTo.UNIT])
            assert not app.says(words.A_COLLEAGUES)
            assert app.has("duty.accept")

    journey(walk)


def test_where_nobody_is_trained_it_stands_on_the_supervisors_queue(officer: OnShift) -> None:
    """R-58: and asks for somebody who is. What this app does not know yet is left out."""
    record, force = newest_records(officer, an_honest_check(officer).encounter.id)[0], Force(officer)
    force.asks_for(record, "prevention_interview", author="NYP-1", goes_to="supervisor")
    force.asks_for(record, "tell_child", task=2, author="NYP-1", goes_to="somebody_else")
    officer.shift.officer = replace(officer.shift.officer, roles=("supervisor",))

    async def walk() -> None:
        async with standing_at(At.QUEUE, officer, state=as_it_stands) as (app, model):
            await app.tap("duty.1")
            assert app.says(words.GOES_TO[GoesTo.SUPERVISOR])
            model.go(At.HOME)
            await app.settle()
            assert not app.has("duty.1")
            assert model.home.duties[-1].goes_to is None

    journey(walk)


def test_what_waits_for_a_decision_says_what_happens_otherwise(officer: OnShift) -> None:
    """README 22: never silently. It is over by deciding and by nothing else."""
    asked(officer, kind="decide_now", rule="referral/1", owner="supervisor")
    officer.shift.officer = replace(officer.shift.officer, roles=("supervisor",))

    async def walk() -> None:
        async with standing_at(At.QUEUE, officer, state=as_it_stands) as (app, _):
            assert app.says("otherwise the referral to the council leaves without a decision")
            await app.tap("duty.1")
            await app.settle()
            assert app.says(words.BY_DECIDING)
            assert not app.has("duty.close")

    journey(walk)


def test_a_direction_says_what_who_and_for_which_child(officer: OnShift) -> None:
    """What a supervisor directed by a time is theirs to see done, in the words of the decision."""
    tablet = Tablet(officer)
    records = another_check()
    decision = decided_by_a_sergeant(records)
    [directed] = decision_of(decision).directions
    tablet.hears(*(an_outcome(one, decision, at=tablet.now) for one in records))
    about = {"person.known_as": "Kit", "person.sex": "M"}
    force = Force(officer)
    force.asks_for(decision, "direction", rule="direction.0", owner="supervisor", child=about)
    force.asks_for(records[0], "direction", task=2, rule="direction.0", owner="supervisor")

    async def walk() -> None:
        async with standing_at(At.QUEUE, officer, state=as_it_stands) as (app, _):
            assert app.says(directed.what)
            assert app.says(f"For {directed.who} · Kit · boy")
            assert app.says("See that what was directed is done"), "whose decision is not here"
            await app.tap("duty.1")
            assert app.says(directed.what)
            assert app.has("duty.close")

    journey(walk)


def test_a_ppn_that_is_being_written_shows_its_clock_once(officer: OnShift) -> None:
    """On its own card, which is where it is gone on with."""
    record = asked(officer, kind="ppn_submitted")

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=as_it_stands) as (app, model):
            assert app.has("duty.1")
            draft = officer.shift.start("ppn")
            home = officer.shift.home()
            about = str(record.header.subject)
            drafts = tuple(
                replace(one, subject=about) if one.id == str(draft.encounter.id) else one
                for one in home.drafts
            )
            model.home = replace(home, drafts=drafts)
            model.redraw()
            await app.settle()
            assert not app.has("duty.1")

    journey(walk)


def test_what_was_begun_to_be_said_stays_with_its_task_and_with_whoever_typed_it(officer: OnShift) -> None:
    """Another task does not take it away, and the next supervisor does not find it."""
    record, force = newest_records(officer, an_honest_check(officer).encounter.id)[0], Force(officer)
    force.asks_for(record)
    force.asks_for(record, "identify_child", task=2)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=as_it_stands) as (app, model):
            await app.tap("duty.1")
            await app.type("duty.words", "Zebedee rang Lena.")
            await app.tap("duty.outcome.done")
            await model.go_home()
            await app.settle()
            await app.tap("duty.2")
            assert app.box("duty.words").value == ""
            await model.go_home()
            await app.settle()
            await app.tap("duty.1")
            assert app.box("duty.words").value == "Zebedee rang Lena."
            assert model.duty.outcome == "done"
            session = officer.shift.start(GUIDE)
            model.session = session
            model.left = Mention("ret.left_with", session.mention("ret.left_with"))
            await lock(model)
            await app.settle()
            assert model.at is At.LOCK
            assert kept_in_memory(model) == (None, InHand(), {})

    journey(walk)


@pytest.mark.parametrize(
    ("kind", "owner", "offered"),
    [("high_risk_taken_on", "fim", False), ("council_told_of_missing", "author", True)],
)
def test_only_the_author_of_a_duty_is_offered_the_call_it_is_about(
    officer: OnShift, kind: str, owner: str, *, offered: bool
) -> None:
    """The force incident manager was offered a call to themselves: "High risk: take it on" is theirs."""
    asked(officer, kind=kind, owner=owner)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=as_it_stands) as (app, model):
            model.show_duty(1)
            await app.settle()
            assert app.says(words.HOW_IT_ENDED)
            assert app.has("duty.ring") is offered

    journey(walk)


@pytest.mark.parametrize(("width", "called"), [(820, "device"), (390, "phone")])
def test_a_task_about_photographs_calls_the_device_what_it_is(
    officer: OnShift, width: int, called: str
) -> None:
    """A tablet is no phone; a force that stops it calls it by one name."""
    asked(officer, kind="await_attachments")

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=as_it_stands, width=width) as (app, _):
            assert app.says(f"Photographs are still on the {called}")

    journey(walk)
    assert "phone" not in str(Revoked())
