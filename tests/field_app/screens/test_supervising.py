"""A sergeant with the tablet: the record as a document, asking, sending back, approving."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import flet as ft
import pytest

from booklets import wire
from booklets.alike import Alike
from booklets.answers import frozen
from booklets.decisions import Ask, Outcome, decision_of
from booklets.entities import new_id
from booklets.records import reference_of
from field_app.handset.deciding import PIN_LASTS
from field_app.ui import entering, supervising, untold_words
from field_app.ui import supervising_words as words
from field_app.ui.places import At
from field_app.ui.words import KEPT_AS_WRITTEN
from tests.support.builders import NIGHT
from tests.support.handsets import OnShift
from tests.support.queues import Tablet, a_check, a_review, another_check
from tests.support.screens import journey
from tests.support.tabletop import (
    ASKED,
    PUT_RIGHT,
    RATIONALE,
    at_the_queue,
    newest_sealed,
    opens,
    papers,
    reading,
    types,
    writes_an_approval,
)
from tests.support.vaults import PIN

pytestmark = pytest.mark.thorough


def test_a_sergeant_reads_and_approves_in_own_words(officer: OnShift) -> None:
    """A row, the document, the reason, and a sealed decision in the outbox; all without signal."""

    async def walk() -> None:
        async with reading(officer) as (app, model, _):
            assert app.says("“I went because it was loud.”")
            await writes_an_approval(app)
            before = len(officer.outbox())
            await app.tap("decide")
            assert words.ON_ITS_WAY in str(app.at("decided.state").label)
            assert len(officer.outbox()) == before + 1
            decision = decision_of(newest_sealed(officer))
            assert decision.outcome is Outcome.APPROVE
            assert decision.why == RATIONALE
            assert {one.digest for one in decision.decides} == set(map(wire.digest, papers(model)))
            assert not app.has("approve"), "what is decided is not decided again"

    journey(walk)


def test_what_was_needed_is_no_longer_said_once_it_is_there(officer: OnShift) -> None:
    """On a phone and in large letters nothing else says how the decision stands."""

    async def walk() -> None:
        async with reading(officer) as (app, model, _):
            await app.tap("send_back")
            await app.tap("decide")
            needed = model.notice
            assert needed
            await app.tap("due.0")
            assert model.notice != needed
            assert app.says(model.notice)
            assert model.desk is not None
            assert model.desk.told("No room is left.") == "No room is left.", (
                "a refusal stands until it is read"
            )

    journey(walk)


def test_a_sergeants_own_wording_is_kept_at_one_tap(officer: OnShift) -> None:
    """Q-01 asks a supervisor too, and never blocks: keep, because."""

    async def walk() -> None:
        async with reading(officer) as (app, model, _):
            said = f"{RATIONALE} Her aunt calls her streetwise; I do not share that."
            await writes_an_approval(app, said)
            await app.tap("decide")
            await app.tap("sup.rationale.line.Q-01:sup.rationale.keep")
            await app.settle()
            assert model.desk is not None
            assert model.desk.session is not None
            assert set(model.desk.session.encounter.reasons.values()) == {KEPT_AS_WRITTEN}
            await app.tap("decide")
            assert words.ON_ITS_WAY in str(app.at("decided.state").label)

    journey(walk)


def test_noted_is_refused_at_the_field_and_it_says_why(officer: OnShift) -> None:
    """An entry that could stand under any record left children unsupervised."""

    async def walk() -> None:
        async with reading(officer) as (app, _, _):
            before = len(officer.outbox())
            await writes_an_approval(app, "Noted.")
            await app.tap("decide")
            assert app.says("“Noted.” could stand under any record")
            assert app.box("sup.rationale").value == "Noted."
            assert len(officer.outbox()) == before
            await app.type("sup.rationale", RATIONALE)
            await app.tap("decide")
            assert len(officer.outbox()) == before + 1

    journey(walk)


def test_what_is_missing_is_marked_where_it_is_missing(officer: OnShift) -> None:
    """The button is never grey: it says what is needed."""

    async def walk() -> None:
        async with reading(officer) as (app, model, _):
            await app.tap("approve")
            assert not app.says(words.NEEDED_TO_DECIDE)
            await app.tap("decide")
            assert model.at is At.DECIDING
            needed = [one for one in app.texts() if one == words.NEEDED_TO_DECIDE]
            assert len(needed) == 8
            assert app.says(words.needed(8))

    journey(walk)


def test_an_approval_says_who_is_told_and_that_the_family_is_not(officer: OnShift) -> None:
    """Nobody is told by surprise."""

    async def walk() -> None:
        async with reading(officer) as (app, _, _):
            await app.tap("approve")
            for told in (words.COUNCIL, words.FORCE_SYSTEM, words.FAMILY, untold_words.NOTHING_SENT):
                assert app.says(told)

    journey(walk)


def test_a_question_is_pinned_beside_its_answer_and_goes_back_with_it(officer: OnShift) -> None:
    """The officer finds it above that very answer, with the reason and the time."""

    async def walk() -> None:
        async with reading(officer) as (app, model, tablet):
            await app.tap("ask.ret.found_how")
            await app.type("ask.words", ASKED)
            await app.tap("ask.keep")
            assert app.says(words.you_ask("PC Wells", ASKED))
            await app.tap("send_back")
            assert app.says(ASKED)
            await app.tap("sup.return_reasons.words_missing")
            await app.tap("due.0")
            await app.type("sup.return_words", PUT_RIGHT)
            await app.tap("decide")
            assert app.says(words.ON_ITS_WAY)
            decision = decision_of(newest_sealed(officer))
            assert decision.outcome is Outcome.RETURN
            ret = papers(model)[0].header.record
            assert decision.asks == (Ask(ret, "ret.found_how", ASKED),)
            assert decision.why == PUT_RIGHT
            assert decision.due_at is not None
            assert timedelta(minutes=58) < decision.due_at - tablet.now <= timedelta(minutes=61)

    journey(walk)


def test_a_question_about_a_person_names_the_person(officer: OnShift) -> None:
    """Two people have a date of birth in one record."""

    async def walk() -> None:
        async with reading(officer) as (app, model, _):
            child = papers(model)[0].header.subject
            await app.tap(f"ask.{child}.person.ethnicity_sde")
            await app.type("ask.words", "In whose words is this?")
            await app.tap("ask.keep")
            assert model.desk is not None
            [ask] = model.desk.asks
            assert (ask.question, ask.entity) == ("person.ethnicity_sde", child)

    journey(walk)


def test_a_question_can_be_left_or_taken_out_again(officer: OnShift) -> None:
    """What is not asked is not sent."""

    async def walk() -> None:
        async with reading(officer) as (app, model, _):
            for name in ("ret.found_how", "ret.condition"):
                await app.tap(f"ask.{name}")
                await app.type("ask.words", f"About {name}?")
                await app.tap("ask.keep" if name == "ret.condition" else "ask.leave")
            assert model.desk is not None
            assert [one.question for one in model.desk.asks] == ["ret.condition"]
            await app.tap("send_back")
            await app.tap("take_out.ret.condition")
            assert model.desk.asks == ()
            assert app.says(words.NO_QUESTIONS)

    journey(walk)


def test_by_when_may_be_any_time_and_means_the_next_one(officer: OnShift) -> None:
    """At ten in the evening "0730" is tomorrow morning."""

    async def walk() -> None:
        async with reading(officer) as (app, model, tablet):
            await app.tap("send_back")
            await app.type("due.time", "0730")
            assert model.desk is not None
            assert model.desk.session is not None
            due = model.desk.session.value("sup.due_by")
            assert tablet.now < due.at <= tablet.now + timedelta(days=1)  # type: ignore[union-attr]
            await app.tap("decide")
            assert app.has("notice")
            await app.tap("back")
            await app.tap("send_back")
            assert app.box("due.time").value == "0730"

    journey(walk)


def test_what_is_urgent_is_sent_back_as_urgent(officer: OnShift) -> None:
    """D.15: return urgent. Turning to the record and back keeps the choice."""

    async def walk() -> None:
        async with reading(officer) as (app, _, _):
            await app.tap("send_back")
            await app.tap("outcome.return_urgent")
            await app.tap("back")
            await app.tap("send_back")
            await app.tap("sup.return_reasons.words_missing")
            await app.tap("due.0")
            await app.type("sup.return_words", PUT_RIGHT)
            await app.tap("decide")
            assert decision_of(newest_sealed(officer)).outcome is Outcome.RETURN_URGENT

    journey(walk)


def test_a_reason_lets_go_what_a_check_refuses(officer: OnShift) -> None:
    """The box for it comes once the decision was tried, so that nobody reaches for it first."""
    why = "I stood beside PC Wells when the doctor looked at the bruise."
    mark = "sup.rationale.line.SUP-1:sup.rationale.reason"

    async def walk() -> None:
        async with reading(officer) as (app, _, _):
            before = len(officer.outbox())
            await writes_an_approval(app, "Noted.")
            assert not app.has(mark)
            await app.tap("decide")
            await app.type(mark, why)
            await app.tap("decide")
            assert len(officer.outbox()) == before + 1
            assert [one.reason for one in decision_of(newest_sealed(officer)).despite] == [why]

    journey(walk)


def test_what_is_only_touched_can_be_answered_for_too(officer: OnShift) -> None:
    """“Not each one” asks for a reason, and has a place for it."""

    async def walk() -> None:
        async with reading(officer) as (app, _, _):
            await writes_an_approval(app)
            await app.tap("sup.other_children.not_all")
            await app.tap("decide")
            mark = "sup.other_children.line.SUP-R13:sup.other_children.reason"
            await app.type(mark, "The brother is at his father's in Leeds; their sergeant has been rung.")
            await app.tap("decide")
            assert decision_of(newest_sealed(officer)).outcome is Outcome.APPROVE

    journey(walk)


def test_the_pin_is_asked_again_for_a_decision_after_a_quarter_of_an_hour(officer: OnShift) -> None:
    """A wrong one is said where it is typed; what was written stays, and goes with the right one."""

    async def walk() -> None:
        async with reading(officer) as (app, _, tablet):
            await writes_an_approval(app)
            tablet.officer.shift.deciding.pin._given -= PIN_LASTS.total_seconds()
            before = len(officer.outbox())
            await app.tap("decide")
            await types(app, "019283")
            await app.tap("pin_again")
            assert app.says("9 tries are left")
            assert len(officer.outbox()) == before
            await types(app, PIN)
            await app.tap("pin_again")
            assert app.says(words.ON_ITS_WAY)
            assert len(officer.outbox()) == before + 1

    journey(walk)


def test_a_locked_tablet_shows_nothing_and_a_half_written_decision_is_there_again(officer: OnShift) -> None:
    """The desk is cleared with the screen; the words lie in the vault."""

    async def walk() -> None:
        async with reading(officer) as (app, model, _):
            await app.tap("ask.ret.found_how")
            await app.type("ask.words", ASKED)
            await entering.lock(model)
            await app.settle()
            assert model.desk is None
            assert not app.says("Kit")
            assert not app.says(ASKED)
            await types(app, PIN)
            await app.tap("unlock")
            Tablet(officer)
            await model.go_home()
            await app.settle()
            assert app.says(words.NOT_FINISHED)
            await opens(app, model)
            assert app.says(words.you_ask("PC Wells", ASKED))

    journey(walk)


def test_nothing_comments_on_what_the_child_said(officer: OnShift) -> None:
    """The margin beside exact words stays empty, whatever the checks think of them."""

    async def walk() -> None:
        async with reading(officer) as (app, _, _):
            words_of_child = app.at("ask.pi.child_words")
            row = next(
                one
                for one in app.all(ft.Row)
                if any(part is words_of_child for part in app.walk(one))
                and len(one.controls) == 2  # the answer, and its margin
                and not any(part is words_of_child for part in app.walk(one.controls[1]))
            )
            assert not [one for one in app.walk(row.controls[1]) if isinstance(one, ft.Text)]

    journey(walk)


def test_what_another_record_of_the_unit_has_too_stands_beside_the_answer(officer: OnShift) -> None:
    """Q-02: how much of it and where; one touch opens the other, and nothing has to be answered for it."""

    async def walk() -> None:
        async with at_the_queue(officer) as (app, model, tablet):
            [ret, pvi], [*others] = a_check(), another_check(incident=new_id())
            demeanour = {"pi.demeanour": "He sat on the stairs with his coat on."}
            pvi = replace(pvi, answers=frozen({**pvi.answers, **demeanour}))
            alike = Alike(
                question="pi.demeanour", percent=92, record=others[1].header.record, received_at=NIGHT
            )
            elsewhere = replace(alike, question="pi.child_words", record=new_id())
            said: dict[str, Any] = {"alike": [alike.to_json(), elsewhere.to_json(), {"question": 7}]}
            tablet.hears(a_review(ret), a_review(pvi, **said), *map(a_review, others))
            await model.go_home()
            await supervising.open_case(model, str(pvi.header.encounter))
            await app.settle()
            assert app.says(
                f"92% of it, word for word, is also in {reference_of(alike.record)} of the same unit"
            )
            assert not app.says(reference_of(elsewhere.record)), "nothing comments on exact words"
            assert not [
                note for note in supervising.desk_of(model).notes if note.code == "Q-02" and note.stands
            ]
            await app.tap(f"alike.{supervising.Spot(pvi.header.record, 'pi.demeanour').name}")
            assert model.desk is not None
            assert model.desk.shown is not None
            assert model.desk.shown.encounter == str(others[0].header.encounter)

    journey(walk)
