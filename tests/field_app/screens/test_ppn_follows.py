"""A PPN that follows from a check: begun with the seal, named where it was sent, never begun twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from booklets.answers import Gap, Moment, Why
from booklets.entities import Entity
from booklets.forms import Stage
from booklets.records import Record
from field_app.capture.session import CaptureSession
from field_app.store.errors import StoreFull
from field_app.ui import screen_words as words
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.handsets import OnShift, an_offline_shift
from tests.support.screens import journey
from tests.support.seldom import received
from tests.support.sent_back import Force, honest_check, newest_records
from tests.support.standing import standing_at


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal, who has sent nothing yet."""
    with an_offline_shift(tmp_path) as found:
        yield found


def worrying(officer: OnShift) -> CaptureSession:
    """A check that showed harm: the officer has decided that a PPN is needed."""
    session = honest_check(officer)
    session.put("pi.ppn_needed", "yes")
    session.put("pi.ppn_needed_because", None)
    return session


def child_of(session: CaptureSession) -> Entity:
    """The child of a check."""
    child = session.encounter.child()
    assert child is not None
    return child


def at_home(model: Model, officer: OnShift) -> None:
    """The worklist, as it is read from the store."""
    model.home = officer.shift.home()


def test_a_prefilled_ppn_is_begun_with_the_seal_and_has_its_clock(officer: OnShift) -> None:
    """The check asked for it; nobody types the child's name again."""
    session = worrying(officer)
    officer.shift.send(session, stage=Stage.CAPTURE)

    (draft,) = officer.shift.home().drafts

    assert (draft.guide, draft.name) == ("ppn", "Amy Brook")
    assert draft.incident == str(session.encounter.incident)
    assert 0 < draft.there[0] < draft.there[1]
    assert draft.due is not None
    assert draft.due.clock.id == "ppn_submitted"


def test_a_ppn_has_one_deadline_on_its_card_and_in_the_task_that_asks_for_it(officer: OnShift) -> None:
    """C.6: from the incident, which is the return, however much later the child was spoken with."""
    session = worrying(officer)
    found = session.value("ret.found_at")
    assert isinstance(found, Moment)
    session.put("pi.at", Moment(found.at + timedelta(minutes=10)))
    officer.shift.send(session, stage=Stage.CAPTURE)

    (draft,) = officer.shift.home().drafts
    asked = [
        (record.header.form, one.due_at)
        for record in newest_records(officer, session.encounter.id)
        for one in record.tasks
        if one.kind == "ppn_submitted"
    ]
    assert draft.due is not None
    assert draft.due.due == found.at + timedelta(hours=24)
    assert asked == [("ret", draft.due.due)]


def test_the_sent_screen_leads_to_it(officer: OnShift) -> None:
    """One touch from "sent" to the first page of what follows."""
    session = worrying(officer)
    officer.shift.send(session, stage=Stage.CAPTURE)
    child = child_of(session)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=at_home) as (app, model):
            assert app.says(": PPN")
            assert not app.says("Soon, by")  # it has a day
            model.show_sent(model.home.parcels[0])
            await app.settle()
            assert app.says("PPN for Amy Brook")
            assert app.says("answers already there")
            await app.tap(f"ppn.start.{child.id}")
            await app.settle()
            assert model.at is At.PAGE
            assert model.open_session().guide.id == "ppn"
            assert model.open_session().value("person.surname") == "Brook"

    journey(walk)


def test_a_check_that_goes_up_again_begins_no_second_ppn(officer: OnShift) -> None:
    """Neither while the first is being written nor once it was sent."""
    session = worrying(officer)
    sent = officer.shift.send(session, stage=Stage.CAPTURE)
    (ppn,) = officer.shift.home().drafts

    again = officer.shift.go_on_with(sent)
    again.put("pi.carer_view", "Karen alone.")
    officer.shift.send(again, stage=Stage.CAPTURE)
    assert [one.id for one in officer.shift.home().drafts] == [ppn.id]

    written = officer.shift.resume(ppn.id)
    assert written is not None
    officer.shift.send(written, stage=Stage.CAPTURE, emergency="She may go again.")
    once_more = officer.shift.go_on_with(again.encounter)
    once_more.put("pi.carer_view", "Karen and her sister.")
    officer.shift.send(once_more, stage=Stage.CAPTURE)
    assert officer.shift.home().drafts == ()


def test_a_ppn_says_what_the_corrected_check_says_now(officer: OnShift) -> None:
    """It keeps what was written, and says on the card, under the question and at the review what is new."""
    session = worrying(officer)
    sent = officer.shift.send(session, stage=Stage.CAPTURE)
    again = officer.shift.go_on_with(sent)
    again.put("pi.carer_view", "Karen says Amy was pushed.")
    officer.shift.send(again, stage=Stage.CAPTURE)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=at_home) as (app, model):
            (draft,) = model.home.drafts
            assert draft.newer == 1
            assert app.says("was corrected: 1 answer is another there now")
            await app.tap(f"draft.{draft.id}")
            ppn = model.open_session()
            (question,) = ppn.encounter.newer
            before = ppn.value(question)
            assert before != "Karen says Amy was pushed."
            model.review()
            await app.settle()
            await app.tap(f"newer.{question}")
            assert app.says("now says “Karen says Amy was pushed.”")
            await app.tap(f"{question}.line.newer.keep")
            assert ppn.value(question) == before
            assert not app.says("now says “")
            assert not ppn.encounter.newer

    journey(walk)


def test_found_alone_begins_nothing_yet(officer: OnShift) -> None:
    """The talk is still going on, and may change what is known."""
    session = worrying(officer)
    officer.shift.send(session, stage=Stage.FOUND)

    assert [one.guide for one in officer.shift.home().drafts] == ["return_check"]


def test_a_seal_that_finds_no_room_begins_nothing(officer: OnShift) -> None:
    """The seal, what follows and the draft's end are one step."""
    session = worrying(officer)
    session.put("pi.worries", "He said it twice. " * 9_000)
    officer.shift.put_down()

    with officer.full_disk(), pytest.raises(StoreFull):
        officer.shift.send(session, stage=Stage.CAPTURE)

    assert [one.guide for one in officer.shift.home().drafts] == ["return_check"]
    assert officer.outbox() == []


def test_worried_about_a_child_begins_an_empty_ppn(officer: OnShift) -> None:
    """A PPN needs no check before it."""

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=at_home) as (app, model):
            assert not app.has("start.supervision"), "a decision is begun from what is decided"
            await app.tap("start.ppn")
            await app.settle()
            assert model.open_session().guide.id == "ppn"
            assert model.open_session().encounter.linked == ()

    journey(walk)


def sent_ppn(officer: OnShift, **answers: str) -> tuple[Record, ...]:
    """A PPN that was sent, in a hurry, with these answers of its own."""
    officer.shift.send(worrying(officer), stage=Stage.CAPTURE)
    (draft,) = officer.shift.home().drafts
    written = officer.shift.resume(draft.id)
    assert written is not None
    written.put("ppn.worries", Gap(Why.REFUSED))
    for name, answer in answers.items():
        written.put(f"ppn.{name}", answer)
    officer.shift.send(written, stage=Stage.CAPTURE, emergency="She may go again.")
    return newest_records(officer, written.encounter.id)


def test_a_ppn_says_where_it_goes_after_the_sergeant(officer: OnShift) -> None:
    """No partner has it before the vulnerability team has read it."""
    records = sent_ppn(officer)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=at_home) as (app, model):
            model.show_sent(model.home.parcels[0])
            await app.settle()
            assert "waiting" in str(app.at("step.specialists").label)
            assert not app.has("step.council"), "that is the check's own step"
            Force(officer).tells("status", records[0], {"state": "vat_passed"})
            model.home = officer.shift.home()
            model.redraw()
            await app.settle()
            assert "done" in str(app.at("step.specialists").label)

    journey(walk)


def test_a_ppn_that_shows_danger_says_whether_the_council_has_it(officer: OnShift) -> None:
    """R-61: it goes as it arrives; until somebody there has it, the call stands beside it."""
    records = sent_ppn(officer, immediate_danger="yes")

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=at_home) as (app, model):
            parcel = model.home.parcels[0]
            arrived = (received(parcel, model.now),)
            model.show_sent(parcel)
            await app.settle()
            assert str(app.at("step.council_danger").label) == "Danger notice with the council · not told"

            model.home = replace(model.home, parcels=arrived)
            model.redraw()
            await app.settle()
            assert str(app.at("step.council_danger").label).endswith("· not yet")
            assert app.has("ring")
            assert app.says(words.DANGER_UNTOLD)
            assert not app.says("A notice is no answer"), "there is none yet"

            force = Force(officer)
            force.tells("status", records[0], {"state": "vat_passed"})
            told = {"state": "danger_told", "danger_told_at": "2026-03-14T21:10:00Z"}
            force.tells("status", records[0], told)
            model.home = replace(officer.shift.home(), parcels=arrived)
            model.redraw()
            await app.settle()
            assert str(app.at("step.council_danger").label).endswith("· 21:10")
            assert "done" in str(app.at("step.specialists").label), "and it still stands where it stood"
            assert "01632" in str(app.at("ring").label), "nobody has answered yet"
            assert app.says(words.DANGER_WAITS)
            assert not app.says("no danger notice yet")
            acted = {"danger_acted_at": "2026-03-14T21:20:00Z", "danger_rev": 1, "danger_done": []}
            force.tells("status", records[0], {"state": "danger_acted", **acted})
            model.home = replace(officer.shift.home(), parcels=arrived)
            model.redraw()
            await app.settle()
            assert not app.has("ring")

    journey(walk)


def test_that_a_danger_was_told_counts_for_the_revision_that_was_told(officer: OnShift) -> None:
    """The next revision may name another council, or another danger."""
    records = sent_ppn(officer, immediate_danger="yes")

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=at_home) as (app, model):
            told = {"state": "danger_told", "danger_told_at": "2026-03-14T21:10:00Z"}
            Force(officer).tells("status", records[0], told)
            (first,) = (received(one, model.now) for one in model.home.parcels[:1])
            second = replace(first, items=tuple(replace(item, rev=2) for item in first.items))
            model.show_sent(first)
            for parcel, says in ((first, "21:10"), (second, "not yet")):
                model.home = replace(officer.shift.home(), parcels=(parcel,))
                model.redraw()
                await app.settle()
                assert str(app.at("step.council_danger").label).endswith(f"· {says}")

    journey(walk)


def test_what_the_vulnerability_team_sends_back_brings_its_words(officer: OnShift) -> None:
    """They decide at a desk, and no record of theirs comes with it."""
    Force(officer).sends_back_from_a_desk(sent_ppn(officer), "Which bedroom is the child’s?")

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=at_home) as (app, model):
            (returned,) = model.home.returned
            assert app.says("The vulnerability team sent this back")
            assert app.says("Which bedroom is the child’s?")
            await app.tap(f"returned.{returned.encounter}")
            await app.settle()
            assert app.has("sent_back")
            assert not app.has("asked.next"), "there is no single question"

    journey(walk)


def test_a_ppn_that_came_back_is_answered_like_any_other(officer: OnShift) -> None:
    """The sergeant decides on it alone."""
    Force(officer).sends_back(sent_ppn(officer))

    (returned,) = officer.shift.home().returned

    assert (returned.title, returned.name) == ("PPN", "Amy Brook")
    assert returned.records[0].header.form == "ppn"
