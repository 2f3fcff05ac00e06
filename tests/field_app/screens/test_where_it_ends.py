"""A check that ends early: one tap from anywhere when a child begins to tell (R-53), and a death (R-50)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from booklets.answers import Gap, Moment, Why, read_instant
from booklets.disclosure import LEFT_TO_SPECIALISTS
from booklets.entities import EntityKind
from booklets.forms import AfterStop, Stage
from field_app.ui import screen_words, theme
from field_app.ui.model import Model
from field_app.ui.places import At, Mention
from field_app.ui.screens import page
from tests.support.handsets import GUIDE, OnShift, found_child
from tests.support.screens import Screens, fill_of, journey
from tests.support.seldom import found_dead, received
from tests.support.standing import standing_at

pytestmark = pytest.mark.thorough

PAGES = ("child", "back", "talk", "eight", "close", "later")


def begun(model: Model, officer: OnShift) -> None:
    """Just begun: nothing is known but that the child is back."""
    model.session = officer.shift.start(GUIDE)
    model.problems = model.session.problems()


def found(model: Model, officer: OnShift) -> None:
    """Who, when, where and how are there."""
    model.session = officer.shift.start(GUIDE)
    found_child(model.session)
    model.problems = model.session.problems()


async def at_page(app: Screens, model: Model, page: str) -> None:
    """A page of the check, by the list of pages."""
    model.open_page(PAGES.index(page))
    await app.settle()


# -- R-53 --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", PAGES)
def test_the_stop_is_one_tap_on_every_page(officer: OnShift, page: str) -> None:
    """A child tells when it tells: at "who are you?", at the bruise, at the door on the way out."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=begun) as (app, model):
            await at_page(app, model, page)
            await app.tap("disclosure")
            assert app.has("stopped")
            assert model.open_session().stopped
            assert model.open_session().guide.pages[model.page].id == "talk"
            assert app.has("pi.stop_danger.yes")

    journey(walk)


def test_it_is_one_tap_from_a_person_and_leaves_no_empty_one_behind(officer: OnShift) -> None:
    """It may begin with “who was with you?”; whoever was opened and not named is nobody."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=begun) as (app, model):
            session = model.open_session()
            await at_page(app, model, "back")
            model.open_entity("ret.found_place", None)
            await app.settle()
            await app.tap("disclosure")
            assert app.has("stopped")
            assert session.value("ret.found_place") is None
            assert model.mentions == ()

    journey(walk)


def test_in_large_letters_the_stop_stays_in_sight(officer: OnShift) -> None:
    """At the end of a long page it is out of reach; telling the council may wait for the end."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=found) as (app, model):
            await at_page(app, model, "back")
            await app.letters_at_200()
            assert not app.scrolls("disclosure")
            assert app.says(screen_words.DISCLOSURE_SHORT)
            assert app.at("disclosure").label == screen_words.DISCLOSURE
            assert app.scrolls("send_found")
            model.open_entity("ret.found_place", None)
            await app.settle()
            assert not app.scrolls("disclosure")

    journey(walk)


def test_after_the_stop_the_call_comes_first_until_what_is_needed_now_is_written(officer: OnShift) -> None:
    """The button under the thumb is no way on to more questions; the way on is there, and quieter."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=begun) as (app, model):
            session = model.open_session()
            number = str(session.force["supervisor_phone"])
            await app.tap("disclosure")
            call = app.at("disclosure.supervisor")
            assert call.label == f"{screen_words.RING_SUPERVISOR}. {number}"
            assert fill_of(call) == theme.ACTION
            assert fill_of(app.at("next")) is None
            for one in page.needed_now(session):
                session.put(one.id, Gap(Why.NOT_KNOWN))
            while still := [one for one in page.needed_now(session) if session.value(one.id) is None]:
                session.put(still[0].id, Gap(Why.NOT_KNOWN))
            model.redraw()
            await app.settle()
            assert fill_of(app.at("next")) == theme.ACTION
            assert app.at("disclosure.supervisor").label == screen_words.ring_supervisor(number)
            await at_page(app, model, "child")
            assert app.has("disclosure.supervisor"), "it is at hand on every page"

    journey(walk)


def test_a_page_that_is_called_like_a_button_is_quoted(officer: OnShift) -> None:
    """Without the marks, "Next: Back" could be either way."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=begun) as (app, model):
            await at_page(app, model, "child")
            assert app.at("next").label == "Next: The return"
            await at_page(app, model, "back")
            assert app.at("next").label == "Next: Talk"

    journey(walk)


@pytest.mark.parametrize("put", [("pi.engaged", "asleep"), ("ret.found_how", "dead")])
def test_no_stop_is_offered_where_nobody_can_tell(officer: OnShift, put: tuple[str, str]) -> None:
    """The control: the same page offers it before that is said."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=begun) as (app, model):
            await at_page(app, model, "back")
            assert app.has("disclosure")
            model.put(*put)
            await app.settle()
            assert not app.has("disclosure")

    journey(walk)


def test_stopping_and_telling_the_council_stand_side_by_side(officer: OnShift) -> None:
    """Neither takes the place of the other; after the stop the council is still one tap away."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=found) as (app, model):
            for page in ("back", "close"):
                await at_page(app, model, page)
                assert app.has("disclosure")
                assert app.has("send_found")
            await app.tap("disclosure")
            await at_page(app, model, "back")
            assert not app.has("disclosure")
            assert app.has("send_found")

    journey(walk)


def test_after_the_council_is_told_one_button_goes_on_with_the_check(officer: OnShift) -> None:
    """Adding to what was sent is for when the check itself has gone; until then it is going on."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=found) as (app, model):
            await at_page(app, model, "back")
            await app.tap("send_found")
            await app.tap("send")
            assert app.has("sent.state")
            assert not app.has("add")
            await app.tap("go_on")
            assert model.at is At.PAGE

    journey(walk)


def test_after_the_stop_a_later_answer_opens_no_question(officer: OnShift) -> None:
    """Stopped at the first sentence, "willing to talk: yes" afterwards asks nothing of what happened."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=begun) as (app, model):
            session = model.open_session()
            await app.tap("disclosure")
            model.put("pi.engaged", "yes")
            await app.settle()
            left = [one.id for one in session.guide.fields() if one.after_stop is AfterStop.NOT_ASKED]
            for page in PAGES:
                await at_page(app, model, page)
                shown = {name.rpartition(".")[0] or name for name in app.identifiers()}
                assert not [name for name in left if name in shown]
            for name in ("pi.child_words", "pi.harm", "pi.who", "pi.supporting_adult_wanted"):
                assert session.value(name) == LEFT_TO_SPECIALISTS
            assert Gap(Why.NOT_ASKED, "specialist interview") == LEFT_TO_SPECIALISTS

    journey(walk)


# -- R-50 --------------------------------------------------------------------------------------------
def test_a_death_says_stop_and_whom_to_ring_and_nothing_about_the_council(officer: OnShift) -> None:
    """No family and no council is rung from here; the two who take over are."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=found_dead) as (app, model):
            assert app.says("Stop here. Tell the control room and the force incident manager now.")
            assert app.has("death.ring.control_room")
            assert app.has("death.ring.fim")
            assert not app.says("Tell the council")
            assert not app.says("duty team")
            assert not [name for name in app.identifiers() if name.startswith(("pi.", "ret.medical"))]
            await app.tap("send_found")
            assert model.stage is Stage.FOUND
            assert app.has("send")

    journey(walk)


def test_after_the_facts_the_next_step_is_sending(officer: OnShift) -> None:
    """No page of the interview lies between; nobody needs the emergency route to get past it."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=found_dead) as (app, model):
            assert not app.has("next")
            await app.tap("review")
            assert app.has("send")
            assert not app.has("emergency")
            assert app.says("Send to the force incident manager")
            await app.tap("send")
            assert app.has("sent.state")
            assert not app.has("step.council")
            assert app.says("Radio control, and ring the force incident manager now.")
            assert app.says("Ring the force incident manager")
            assert not app.says("duty team")
            parcel = received(model.home.parcels[0], model.now)
            model.home = replace(model.home, parcels=(parcel,))
            model.redraw()
            await app.settle()
            assert "the force incident manager" in str(app.at("sent.state").label)
            assert screen_words.MANAGER_OPENS in str(app.at("step.sergeant").label)

    journey(walk)
    newest = officer.outbox()[-1]
    assert newest.summary["form"] == "ret"


def test_who_was_told_later_is_not_later_than_the_council_must_be_told(officer: OnShift) -> None:
    """R-08: "tomorrow" is no answer to a call that is due within the hour."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=found) as (app, model):
            model.put("ret.la_informed", None)
            model.put("ret.found_at", Moment(model.now - timedelta(minutes=35)))
            await at_page(app, model, "close")
            await app.tap("ret.la_informed.gap")
            await app.tap("ret.la_informed.why.pending")
            offered = [one for one in app.identifiers() if one.startswith("ret.la_informed.due.")]
            assert offered == ["ret.la_informed.due.in_time"]
            assert app.says("Before it is due"), "not “in time”, as if it had been made"
            gap = model.open_session().value("ret.la_informed")
            assert isinstance(gap, Gap)
            assert read_instant(gap.due) <= model.now + timedelta(minutes=25)

    journey(walk)


def test_a_slip_gives_the_whole_check_back(officer: OnShift) -> None:
    """The wrong line was touched."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=found_dead) as (app, model):
            model.put("ret.found_how", "alone")
            model.put("ret.condition", ("awake_talking",))
            await app.settle()
            assert not app.has("died")
            assert app.has("next")
            assert app.has("pi.injured.no")

    journey(walk)


# -- the rules about one person ----------------------------------------------------------------------
def test_what_is_asked_about_a_friend_is_answered_at_the_friend(officer: OnShift) -> None:
    """R-10 and R-13: one tap from the review to the fifteen-year-old, with what is asked and why."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=found) as (app, model):
            session = model.open_session()
            session.put("pi.engaged", "yes")
            friend = session.mention("pi.who")
            session.put("person.known_as", "Jay", friend)
            mum = next(
                one for one in session.mentioned(EntityKind.PERSON) if one.word("known_as") == "Karen"
            )
            model.review()
            await app.settle()
            assert "R-10" not in {one.code for one in session.problems()}, "he may be grown up"
            session.put("person.age_estimate", "15", friend)
            model.review()
            await app.settle()
            row = next(name for name in app.identifiers() if name.startswith(f"problem.R-10:{friend}"))
            await app.tap(row)
            assert model.mentions[-1].entity == friend
            assert app.says("Ethnicity of this person")
            assert app.has("person.ethnicity_sde.NS")
            await app.tap("person.ethnicity_sde.NS")
            assert any(
                name.startswith("person.ethnicity_sde_not_stated_reason") for name in app.identifiers()
            )
            model.mentions = (Mention("ret.left_with", mum.id),)
            model.go(At.ENTITY)
            await app.settle()
            assert not [name for name in app.identifiers() if name.startswith("person.ethnicity_sde")]

    journey(walk)


# -- everything about the child ----------------------------------------------------------------------
def test_more_about_the_child_holds_everything_that_is_on_no_page(officer: OnShift) -> None:
    """What is known of the child can be said, every fact of it, and nothing stands in two places."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=found) as (app, model):
            session = model.open_session()
            await app.tap("child.more")
            assert app.has("done")
            assert app.says("What else is known about Amy.")
            shown = {name for name in app.identifiers() if name.startswith("person.")}
            on_pages = {name for page in session.guide.pages for name in page.fields()}
            form = session.guide.entities["person"]
            others = {"relationship", "relationship_other", "ppn_decision", "ppn_decision_because"}
            others |= {"children_access", "children_access_who"}
            here = {
                one.id
                for one in form.fields()
                if not one.system and one.id not in on_pages and one.id.partition(".")[2] not in others
            }
            unconditional = {name for name in here if session.field(name).is_shown({})}
            assert len(here | on_pages) > 80
            for name in unconditional:
                assert [one for one in shown if one == name or one.startswith(f"{name}.")], name
            assert not [
                one for one in shown if one.startswith(("person.relationship", "person.ppn_decision"))
            ]
            await app.type("person.nationality", "Irish")
            await app.tap("done")
            assert app.has("pages")
            assert session.value("person.nationality") == "Irish"

    journey(walk)
