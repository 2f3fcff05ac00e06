"""The worklist: what belongs together says so, long lists are cut, and everything is found again by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from time import monotonic

from booklets import definitions
from booklets.clocks import RETURN_CLOCK, Running
from booklets.entities import new_id
from booklets.forms import Kind
from field_app.capture.finding import found_in
from field_app.handset.returning import answer
from field_app.ui import entering
from field_app.ui import theme as t
from field_app.ui.fields import known_for
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens.worklist import AT_ONCE
from tests.support.handsets import GUIDE, OnShift, found_child
from tests.support.screens import fill_of, journey
from tests.support.seldom import received
from tests.support.sent_back import Force, an_honest_check, newest_records
from tests.support.standing import CAME_BACK, standing_at
from tests.support.vaults import PIN


def test_a_part_that_has_gone_and_its_draft_say_that_they_are_one_record(officer: OnShift) -> None:
    """Beside "answers still needed", "received" read as another child."""

    async def walk() -> None:
        async with standing_at(At.HOME, officer) as (app, model):
            assert app.says("“Child is found” of this waits to be sent. This is the rest of it.")
            assert app.says("the rest of it is a draft here")
            there = received(model.home.parcels[0], model.now)
            model.home = replace(model.home, parcels=(there,))
            model.redraw()
            await app.settle()
            assert app.says("“Child is found” of this was received")
            assert app.says("answers still needed")
            assert app.says(" of 5 pages done"), "on a page the same bar says “Page 1 of 6”"

    journey(walk)


def test_a_clock_whose_beginning_nobody_knows_says_from_what_it_was_counted(officer: OnShift) -> None:
    """A time that looks exact and is not would be taken for the force's own."""
    lines = next(one for one in definitions.clocks() if one.id == "lines_of_enquiry")

    async def walk() -> None:
        async with standing_at(At.HOME, officer) as (app, model):
            card = model.home.drafts[0]
            for from_begun in (True, False):
                for minutes in (-5, 30, 600):
                    due = model.now + timedelta(minutes=minutes)
                    clock = Running(lines, model.now, due, done=False, from_begun=from_begun)
                    model.home = replace(model.home, drafts=(replace(card, due=clock),), returned=())
                    model.redraw()
                    await app.settle()
                    assert app.says("(counted from when you began this)") is from_begun

    journey(walk)


def test_a_call_that_is_late_is_what_a_card_offers_first_with_its_number(officer: OnShift) -> None:
    """Red words about a call stood above a button that led on with the writing, and no number anywhere."""
    to_council = next(one for one in definitions.clocks() if one.id == RETURN_CLOCK)

    async def walk() -> None:
        async with standing_at(At.HOME, officer) as (app, model):
            card = model.home.drafts[0]
            call, on = f"ring.{card.id}", f"draft.{card.id}"
            assert not app.has(call), "of a prevention interview nobody has to be rung"
            for minutes, main, other in ((-5, call, on), (30, on, call)):
                due = Running(to_council, model.now, model.now + timedelta(minutes=minutes), done=False)
                model.home = replace(model.home, drafts=(replace(card, due=due),), returned=())
                model.redraw()
                await app.settle()
                assert app.says("Late since") == (minutes < 0)
                assert "01632 960144" in str(app.at(call).label)
                assert (fill_of(app.at(main)), fill_of(app.at(other))) == (t.ACTION, t.CARD)

    journey(walk)


def test_going_to_the_worklist_looks_for_news_soon(officer: OnShift) -> None:
    """What a sergeant asked stood there minutes after the officer had gone to look for it."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (_, model):
            timetable = officer.shift._courier._timetable
            timetable.all_well(monotonic())
            in_minutes = timetable.due
            await model.go_home()
            assert timetable.due < in_minutes - 60

    journey(walk)


def test_a_long_list_is_drawn_in_parts(officer: OnShift) -> None:
    """A thousand cards at once would be a minute of nothing."""

    async def walk() -> None:
        async with standing_at(At.HOME, officer) as (app, model):
            card = replace(model.home.drafts[0], due=None)
            many = tuple(replace(card, id=str(new_id())) for _ in range(2 * AT_ONCE + 5))
            model.home = replace(model.home, drafts=many)
            model.redraw()
            await app.settle()
            assert sum(one.startswith("draft.") for one in app.identifiers()) == AT_ONCE
            await app.tap("more.drafts")
            assert sum(one.startswith("draft.") for one in app.identifiers()) == 2 * AT_ONCE
            assert app.says("Show 5 more (5 not shown)")

    journey(walk)


def test_a_record_is_found_by_a_name_in_it_by_its_street_and_by_its_number(officer: OnShift) -> None:
    """And by nothing once the vault is locked."""
    session = officer.shift.start(GUIDE)
    found_child(session, {"ret.incident_no": "NYP-14032026-0117"})
    officer.shift.put_down()

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=as_it_is) as (app, model):
            await app.tap("to_search")
            for typed in ("amy br", "BROOK", "karen", "saltern", "0117", "nyp14032026"):
                await app.type("search.words", typed)
                assert app.has(f"found.{session.encounter.id}"), typed
            await app.type("search.words", "amy dunn")
            assert app.says("Nothing on this phone has all of these words")
            await app.type("search.words", "saltern")
            await app.tap(f"found.{session.encounter.id}")
            assert model.at is At.PAGE
            await model.go_home()
            await entering.lock(model)
            assert not model.home.drafts
            model.vault = officer.handset.open().officers[0].vault
            assert await entering.unlock(model, PIN), "for whoever comes next"

    journey(walk)


def as_it_is(model: Model, officer: OnShift) -> None:
    """The worklist as the vault has it."""
    model.home = officer.shift.home()


def test_typing_into_the_search_finds_among_five_thousand_at_once() -> None:
    """Each word typed begins a word of what is found; the order of the list is kept."""
    many = [(str(number), f" child{number} brook saltern row {number}") for number in range(5_000)]
    assert found_in("BROOK child49", many) == [str(one) for one in range(5_000) if str(one).startswith("49")]
    assert found_in("  ", many) == []


def test_a_danger_that_comes_while_a_page_is_open_is_said_without_a_name(officer: OnShift) -> None:
    """It stood on the worklist, which nobody was looking at."""
    returned, _ = newest_records(officer, an_honest_check(officer).encounter.id)

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            assert not app.has("danger_came")
            Force(officer).asks_for(returned, "immediate_danger", task=9_001)
            await model._refreshed()
            await app.settle()
            said = app.at("danger_came").label or ""
            assert said.startswith("A task about danger has come")
            assert "Amy" not in said
            await app.tap("danger_came")
            assert model.at is At.HOME
            assert app.says("Amy Brook")
            await model.resume(model.home.drafts[0].id)
            await app.settle()
            assert not app.has("danger_came"), "it was seen on the list"

    journey(walk)


def test_an_answer_typed_anew_is_called_changed_at_once(officer: OnShift) -> None:
    """The bar above the page said "not changed yet" until the page was turned."""

    def answering(model: Model, officer: OnShift) -> None:
        CAME_BACK(model, officer)
        model.take_in_hand(answer(officer.shift, model.home.returned[0]))
        model.open_page([one.id for one in model.open_session().guide.pages].index("talk"))
        model.returning.here = 1

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=answering) as (app, _):
            assert "not changed yet" in str(app.at("asked.here").label)
            await app.type("pi.carer_view", "Karen and her sister were in the room.")
            assert "not changed yet" not in str(app.at("asked.here").label)

    journey(walk)


def test_other_children_are_chosen_from_those_who_can_be_children(officer: OnShift) -> None:
    """Amy's mother and the social worker are not among the other children."""
    session = officer.shift.start(GUIDE)
    found_child(session)
    (mum,) = [one.id for one in session.encounter.entities.values() if one.word("known_as") == "Karen"]
    session.put("person.relationship", "mother", mum)
    brother = session.mention("ret.found_with")
    session.put("person.known_as", "Ben", brother)
    session.put("person.relationship", "sibling", brother)

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=lambda model, _: None) as (_, model):
            model.session = session
            known = known_for(Kind.PEOPLE, session, role="other_child")
            assert [one.words for one in known] == ["Ben"]
            assert {one.words for one in known_for(Kind.PEOPLE, session)} == {"Ben", "Karen"}

    journey(walk)
