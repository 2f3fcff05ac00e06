"""What waits for a sergeant, what comes in meanwhile, and what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import flet as ft
import pytest

from booklets.answers import Answer, frozen
from booklets.decisions import Ask, Outcome
from booklets.margin import About, Note
from booklets.records import Record
from field_app.capture.cases import Case, cases_from
from field_app.ui import supervising
from field_app.ui import supervising_words as words
from field_app.ui.places import At
from tests.support.builders import NIGHT, a_decision, a_ppn, a_return, an_id, an_interview, next_revision
from tests.support.handsets import OnShift
from tests.support.queues import Tablet, a_review, an_outcome, another_check
from tests.support.screens import Screens, journey
from tests.support.standing import standing_at
from tests.support.tabletop import (
    ASKED,
    RATIONALE,
    at_the_queue,
    hears,
    in_order,
    newest_sealed,
    opens,
    papers,
    reading,
    writes_an_approval,
)

pytestmark = pytest.mark.thorough


def test_what_arrives_changes_the_queue_and_not_the_page(officer: OnShift) -> None:
    """The gravest is named at once, in red, and comes to the top once the sergeant turns to it."""

    async def walk() -> None:
        async with reading(officer) as (app, model, tablet):
            read = [one for one in app.texts() if one.startswith("“")]
            first = f"case.{model.home.cases[0].encounter}"
            grave = a_return(record=an_id("record grave"), encounter=an_id("encounter grave"))
            tablet.waits(grave, risk=1)
            await hears(app, model, tablet)
            assert app.at("show_new").label == "New: Danger · Kit Marlowe-Test. Show"
            assert not app.has(f"case.{an_id('encounter grave')}")
            await app.tap("show_new")
            assert in_order(app, f"case.{an_id('encounter grave')}", first)
            assert not app.has("show_new")
            assert model.at is At.CASE
            assert [one for one in app.texts() if one.startswith("“")] == read

    journey(walk)


def test_a_newer_version_is_announced_and_read_when_the_sergeant_turns_to_it(officer: OnShift) -> None:
    """The page never changes under the eyes, and what was approved is what was read."""

    async def walk() -> None:
        async with reading(officer) as (app, model, tablet):
            tablet.waits(next_revision(papers(model)[0], {"ret.found_how": "alone"}))
            await hears(app, model, tablet)
            assert app.has("newer")
            assert app.says("Found by police on patrol")
            assert not app.has("approve"), "a decision on what is replaced would count for nothing"
            await app.tap("read_newer")
            assert app.has("approve")
            assert not app.has("newer")
            assert not app.says("Found by police on patrol")

    journey(walk)


def test_half_an_answer_says_that_the_rest_has_not_come(officer: OnShift) -> None:
    """A sergeant who approves the first of two records would believe the interview corrected as well."""

    async def walk() -> None:
        async with reading(officer) as (app, model, tablet):
            ret, pvi = papers(model)
            decision = a_decision((ret, pvi), Outcome.RETURN)
            tablet.hears(*(an_outcome(one, decision, at=tablet.now) for one in (ret, pvi)))
            await hears(app, model, tablet)
            assert not app.has("still_out"), "nothing has come again yet"
            tablet.waits(next_revision(ret, {"ret.found_how": "alone"}), minutes=1)
            await hears(app, model, tablet)
            for touch in ("read_newer", "approve", "back"):
                assert app.has("still_out")
                assert app.says("Not here yet: Prevention interview.")
                await app.tap(touch)
            tablet.waits(next_revision(pvi, {}), minutes=1)
            await hears(app, model, tablet)
            assert not app.has("still_out")
            await app.tap("read_newer")
            assert not app.has("newer")

    journey(walk)


def test_a_case_of_which_nothing_was_sent_back_misses_nothing() -> None:
    """A record that was decided on is no half of an answer, and neither is one that waits alone."""
    ret, pvi = a_return(), an_interview()
    soon = NIGHT + timedelta(minutes=1)
    approved = an_outcome(ret, a_decision((ret,)), at=soon)
    returned = an_outcome(ret, a_decision((ret, pvi), Outcome.RETURN), at=soon)
    waiting, _ = cases_from([a_review(ret), a_review(pvi)])
    half_approved, _ = cases_from([a_review(ret), a_review(pvi), approved])
    half_heard, _ = cases_from([a_review(ret), a_review(pvi), returned])

    assert not waiting[0].still_out
    assert half_approved[0].awaiting
    assert not half_approved[0].still_out
    assert half_heard[0].awaiting
    assert not half_heard[0].still_out, "that the interview was sent back too is heard a moment later"


def test_what_changed_stands_beside_what_was_asked(officer: OnShift) -> None:
    """And a question whose answer is as it was is said first."""

    async def walk() -> None:
        async with at_the_queue(officer) as (app, model, tablet):
            came_back(tablet, papers(model))
            await hears(app, model, tablet)
            await opens(app, model)
            assert app.has("changed.ret.found_how")
            assert not app.has("changed.ret.covert")
            assert app.says(words.they_ask("PS Marsh", ASKED))
            assert app.has("as_it_was.0")
            await app.tap("compare")
            assert not app.has("changed.ret.found_how")

    journey(walk)


def came_back(tablet: Tablet, records: Sequence[Record]) -> None:
    """Sent back with two questions; one of them is answered in what came then."""
    ret = records[0].header.record
    asks = (Ask(ret, "ret.found_how", ASKED), Ask(ret, "ret.covert", "Who must not know?"))
    decision = a_decision(records, Outcome.RETURN, asks=asks)
    tablet.hears(*(an_outcome(one, decision, at=tablet.now) for one in records))
    tablet.waits(*(next_revision(one, {"ret.found_how": "alone"}) for one in records), minutes=1)


def test_a_decision_that_was_not_counted_comes_back_with_the_reason(officer: OnShift) -> None:
    """PC Wells had sent more while the tablet had no signal."""

    async def walk() -> None:
        async with reading(officer) as (app, model, tablet):
            await writes_an_approval(app)
            await app.tap("decide")
            decision, records = newest_sealed(officer), papers(model)
            tablet.waits(*(next_revision(one, {"ret.covert": "yes"}) for one in records), minutes=1)
            void = {"state": "void", "why_void": "moved_on"}
            tablet.hears(*(an_outcome(one, decision, at=tablet.now, **void) for one in records))
            await hears(app, model, tablet)
            assert app.says("Not counted: PC Wells had sent a newer version at")
            assert app.has("undone")
            await app.tap("read_newer")
            assert app.has("approve")

    journey(walk)


def test_on_a_phone_the_queue_and_the_record_are_two_screens(officer: OnShift) -> None:
    """The same touches lead to the same decision."""

    async def walk() -> None:
        async with at_the_queue(officer, width=390, height=844) as (app, model, _):
            row = f"case.{model.home.cases[0].encounter}"
            await opens(app, model)
            assert not app.has(row)
            assert app.says("“I went because it was loud.”")
            await app.tap("back")
            assert app.has(row)
            await opens(app, model)
            await writes_an_approval(app)
            await app.tap("decide")
            assert app.has("decided.state")

    journey(walk)


def test_in_large_letters_sending_back_is_as_near_as_approving(officer: OnShift) -> None:
    """What goes upwards as well: it stood alone at the end of the record, where nobody looked for it."""

    async def at_hand(width: int, height: int) -> list[str]:
        async with at_the_queue(officer, width=width, height=height) as (app, model, _):
            await app.letters_at_200()
            await opens(app, model)
            assert not app.scrolls("status")
            return [one for one in ("escalate", "send_back", "approve") if not app.scrolls(one)]

    async def walk() -> None:
        assert await at_hand(1180, 820) == ["escalate", "send_back", "approve"]
        assert await at_hand(390, 844) == ["escalate", "send_back", "approve"]

    journey(walk)


def test_a_decision_names_the_child_before_what_is_done(officer: OnShift) -> None:
    """On a narrow phone its head was cut before the name: "Approve Return check for Kit Mar…"."""

    async def walk() -> None:
        async with standing_at(At.DECIDING, officer) as (app, _):
            (head,) = app.all(ft.Semantics, lambda one: one.heading_level == 1)
            assert isinstance(head.content, ft.Text)
            assert head.content.value == "Kit Marlowe-Test"
            assert app.says("Approve return check")

    journey(walk)


@pytest.mark.parametrize("letters", [1, 2])
@pytest.mark.parametrize("width", [700, 850, 1180, 390])
def test_a_narrow_tablet_says_what_is_needed_and_what_it_may_be_shown_to(
    officer: OnShift, width: int, letters: int
) -> None:
    """Beside another window a tablet stays one: how sensitive it is, and what is open, is in sight."""
    tablet = width > 390

    def fixed(app: Screens, said: str) -> bool:
        """Whether these words are on screen, and in no part that scrolls."""
        parts = app.all(ft.Column, lambda one: one.scroll is not None)
        moving = {id(one) for part in parts for one in app.walk(part)}
        return any(id(one) not in moving for one in app.all(ft.Text, lambda one: one.value == said))

    async def walk() -> None:
        async with at_the_queue(officer, width=width, height=1100 if tablet else 844) as (app, model, _):
            if letters > 1:
                await app.letters_at_200()
            assert fixed(app, words.MARKING) is tablet
            await opens(app, model)
            desk = supervising.desk_of(model)
            needed = len([one for one in desk.notes if one.stands])
            assert fixed(app, words.look_first(needed, len(desk.notes))) is tablet
            assert fixed(app, words.questions_for(0, "")) is tablet
            assert fixed(app, words.MARKING) is tablet
            await app.tap("approve")
            assert fixed(app, words.needed(len(desk.standing))) is tablet
            assert fixed(app, words.MARKING) is tablet

    journey(walk)


@pytest.mark.parametrize(
    ("width", "height", "called"), [(820, 1180, "this device"), (844, 390, "this phone")]
)
def test_a_tablet_does_not_call_itself_a_phone(
    officer: OnShift, width: int, height: int, called: str
) -> None:
    """A phone on its side is as wide as a tablet, and not as high."""

    async def walk() -> None:
        async with at_the_queue(officer, width=width, height=height) as (app, model, _):
            await opens(app, model)
            assert called in str(app.at("status").label).casefold()
            await app.letters_at_200()
            assert called in str(app.at("status").label).casefold()

    journey(walk)


@pytest.mark.parametrize("covert", [True, False])
def test_a_covert_record_says_so_before_anything_else(officer: OnShift, covert: bool) -> None:
    """A sergeant who rings home without knowing can put the child in danger."""

    async def walk() -> None:
        async with at_the_queue(officer) as (app, model, tablet):
            tablet.forget()
            tablet.waits(*another_check(covert=covert))
            model.home = officer.shift.home()
            model.redraw()
            await app.settle()
            assert app.says("Covert") is covert, "in the list, before it is opened"
            await opens(app, model)
            assert app.has("covert") is covert
            assert app.says(words.COVERT) is covert

    journey(walk)


def test_nobody_is_offered_to_decide_on_their_own_record(officer: OnShift) -> None:
    """It is said in words; there is no grey button to wonder about."""

    async def walk() -> None:
        async with at_the_queue(officer) as (app, model, tablet):
            tablet.forget()
            tablet.waits(*another_check(author=officer.shift.author))
            model.home = officer.shift.home()
            model.redraw()
            await app.settle()
            await opens(app, model)
            assert app.says(words.OWN_RECORD)
            assert not app.has("approve")

    journey(walk)


def test_the_filters_show_fewer_and_say_how_many(officer: OnShift) -> None:
    """A sergeant with forty rows looks at harm first."""

    async def walk() -> None:
        async with at_the_queue(officer) as (app, model, tablet):
            tablet.waits(a_return(record=an_id("record calm"), encounter=an_id("encounter calm")), risk=6)
            await hears(app, model, tablet)
            calm = f"case.{an_id('encounter calm')}"
            assert app.at("filter.all").label == "All, 2"
            assert app.at("filter.high").label == "Harm, 1"
            await app.tap("filter.high")
            assert not app.has(calm)
            await app.tap("filter.all")
            assert app.has(calm)

    journey(walk)


def test_the_tablet_can_be_turned_while_a_decision_is_written(officer: OnShift) -> None:
    """A narrow window is another screen: it can be written on there, and decided."""

    async def walk() -> None:
        async with reading(officer) as (app, _, _):
            await writes_an_approval(app)
            before = len(officer.outbox())
            for width in (390, 1180, 390):
                ruler = app.one(ft.Container, lambda one: one.height == 0 and one.on_size_change is not None)
                await app.event(ruler, "size_change", {"w": float(width), "h": 0.0})
                assert app.says(words.MARKING) is (width > 900)
                await app.type("sup.rationale", RATIONALE)
            await app.tap("decide")
            assert len(officer.outbox()) == before + 1

    journey(walk)


def test_a_letter_that_was_not_observed_is_not_called_written(officer: OnShift) -> None:
    """The strip of five letters is read before anything else: it must not say more than there is."""
    ppn = a_ppn({"ppn.relationships_not_observed": "not_safe"}, record=an_id("record ppn"))
    answers = {name: said for name, said in ppn.answers.items() if name != "ppn.aware_relationships"}

    async def walk() -> None:
        async with at_the_queue(officer) as (app, model, tablet):
            case = tablet.waits(replace(ppn, answers=frozen(answers)))
            await hears(app, model, tablet)
            await app.tap(f"case.{case}")
            assert app.texts().count(words.NOT_OBSERVED) == 1

    journey(walk)


def test_the_word_that_warns_is_what_the_record_says() -> None:
    """Harm that is likely is as grave as danger now, and is not called so: who would believe it twice?"""
    assert supervising.grave_word(a_case({"ppn.risk_opinion": "significant_harm"})) == words.HARM_LIKELY
    assert supervising.grave_word(a_case({"ppn.immediate_danger": "yes"})) == "Danger now"
    assert supervising.grave_word(a_case({"pi.home_safe": "no"})) == words.HOME_NOT_SAFE
    assert supervising.grave_word(a_case({"pi.home_safe": "no", "pi.danger_now": "yes"})) == "Danger now"
    assert supervising.grave_word(a_case({})) == words.DANGER
    assert supervising.grave_word(a_case({}, risk=4)) == "Harm"
    assert supervising.grave_word(a_case({}, risk=6)) == ""


@pytest.mark.parametrize(
    ("flags", "word"),
    [
        ({"not_seen": True, "harm": False}, "Not seen"),
        ({"not_seen": True, "harm": True}, "Harm"),
        ({}, "Harm"),
    ],
)
def test_a_child_nobody_saw_is_not_called_harmed(flags: Mapping[str, object], word: str) -> None:
    """R-44a puts the two side by side in the queue, and the card says which of them it is."""
    case = a_case({}, risk=4)

    assert supervising.grave_word(replace(case, papers=(replace(case.papers[0], flags=flags),))) == word


def a_case(answers: Mapping[str, Answer], risk: int = 1) -> Case:
    """What waits, as the tablet has it, once the answers of its only record are these."""
    record = replace(an_interview(), answers=frozen(answers))
    [case], _ = cases_from([a_review(record, risk=risk)])
    return case


def test_a_name_that_is_not_recorded_is_asked_for_once() -> None:
    """Four cards with the same question hide the one that is another."""
    named = [
        Note(about=About.RULE, question=name, says="Jade is named here.", code="Q-10")
        for name in ("", "pi.why_left", "pi.demeanour")
    ]
    open_ = [
        Note(about=About.GAP, question=name, says="Left open: would not say.", stands=True)
        for name in ("pi.where", "pi.who")
    ]

    assert supervising.once([*named, *open_, replace(open_[0])]) == [named[1], *open_]
