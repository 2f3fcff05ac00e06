"""What a sergeant sends back: where it shows, how it is answered, and what goes up then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from booklets.decisions import Ask, Outcome
from booklets.records import Author, Record
from field_app.ui import entering, returning_words, theme
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.handsets import GUIDE, OnShift, an_offline_shift, found_child
from tests.support.screens import Screens, fill_of, journey
from tests.support.sent_back import WHY, Force, newest_records, nothing_more, record_in, sent_check
from tests.support.standing import standing_at

WORDS_ASKED = "What did you ask her just before she said this?"
COLLEAGUE = Author("o-77", "Ife Adeyemi", "PC", "4432", "Scarborough")
CARER_ASKED = "Who else was in the room?"


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal, who has sent nothing yet."""
    with an_offline_shift(tmp_path) as found:
        yield found


def sent_back(officer: OnShift, **how: bool) -> tuple[Record, Record]:
    """The same, sent back with two questions about the interview."""
    returned, interview = sent_check(officer)
    if how.get("to_unit"):  # what is offered to the unit was written by a colleague
        returned, interview = (by_a_colleague(one) for one in (returned, interview))
    asks = [
        Ask(interview.header.record, "pi.child_words", WORDS_ASKED),
        Ask(interview.header.record, "pi.carer_view", CARER_ASKED),
    ]
    Force(officer).sends_back((returned, interview), asks, to_unit=bool(how.get("to_unit")))
    return returned, interview


def by_a_colleague(record: Record) -> Record:
    """The same record, as somebody else wrote it."""
    return replace(record, header=replace(record.header, author=COLLEAGUE))


async def opened(app: Screens, record: Record) -> None:
    """The officer opens what came back."""
    await app.tap(f"returned.{record.header.encounter}")
    await app.settle()


def test_what_came_back_stands_on_the_worklist_with_who_what_and_when(officer: OnShift) -> None:
    """And an officer reads it without opening anything."""
    returned, _ = sent_back(officer)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, _):
            assert app.says(returning_words.SENT_BACK)
            assert app.has(f"returned.{returned.header.encounter}")
            assert app.says("Sgt Oyelaran asks about")
            assert app.says("Answer by")
            assert not app.says("Late")

    journey(walk)


def test_what_came_back_stands_above_everything_else_there_is_to_do(officer: OnShift) -> None:
    """A sergeant waits for it, and below three cards that are due nobody sees it."""
    returned, _ = sent_back(officer)

    def with_something_due(model: Model, on_shift: OnShift) -> None:
        nothing_more(model, on_shift)
        found_child(on_shift.shift.start(GUIDE))
        on_shift.shift.put_down()
        model.home = on_shift.shift.home()

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=with_something_due) as (app, model):
            cards = [one for one in app.identifiers() if one.startswith(("returned.", "draft."))]
            due = next(one for one in model.home.drafts if one.due)
            assert cards == [f"returned.{returned.header.encounter}", f"draft.{due.id}"]
            assert fill_of(app.at(cards[0])) == theme.ACTION
            assert fill_of(app.at(cards[1])) != theme.ACTION, "one thing is to do now"

    journey(walk)


def test_only_a_late_answer_is_red(officer: OnShift) -> None:
    """Red means late or danger and nothing else."""
    returned, interview = sent_check(officer)
    Force(officer).sends_back((returned, interview), minutes=-5)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, _):
            assert app.says("Late: the answer was wanted by")

    journey(walk)


def test_it_opens_at_the_first_question_with_the_remark_above_exactly_that(officer: OnShift) -> None:
    """A remark above another question would be answered in another question."""
    returned, _ = sent_back(officer)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
            await opened(app, returned)
            session = model.open_session()
            page = session.guide.page_of("pi.child_words")
            assert page is not None
            assert model.at is At.PAGE
            assert session.guide.pages[model.page] is page
            remarks = [one for one in app.identifiers() if one.endswith(".remark")]
            assert remarks == [
                f"{name}.remark" for name in page.fields() if name in {"pi.child_words", "pi.carer_view"}
            ]
            assert app.says(WORDS_ASKED)
            assert app.says("Sgt Oyelaran asks")
            assert app.says(WHY)
            assert app.says("2 questions from Sgt Oyelaran")

    journey(walk)


def test_the_way_to_the_next_question_and_back_is_one_touch(officer: OnShift) -> None:
    """Nobody hunts for a remark through seven pages."""
    returned, interview = sent_check(officer)
    asks = [
        Ask(interview.header.record, "pi.child_words", WORDS_ASKED),
        Ask(returned.header.record, "ret.found_at", "Whose watch?"),
    ]
    Force(officer).sends_back((returned, interview), asks)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
            await opened(app, returned)
            talk = model.page
            await app.tap("asked.next")
            assert app.has("ret.found_at.remark")
            assert not app.has("pi.child_words.remark")
            assert "2 of 2" in str(app.at("asked.here").label)
            await app.tap("asked.next")
            assert model.page == talk
            await app.tap("asked.previous")
            assert app.has("ret.found_at.remark")

    journey(walk)


def test_the_corrected_check_goes_up_as_revision_two_of_both_records(officer: OnShift) -> None:
    """Both were sent back together, and the sergeant decides on both together."""
    first, interview = sent_back(officer)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
            await opened(app, first)
            assert "not changed yet" in str(app.at("asked.here").label)
            await app.tap("asked.next")
            await app.type("pi.carer_view", "Karen and her sister were there. Karen says Amy ran out.")
            model.review()
            await app.settle()
            assert app.has("still_asked.0"), "the question nobody answered is named before sending"
            assert not app.has("still_asked.1")
            await app.tap("send")
            await app.settle()
            assert model.at is At.SENT
            assert app.says("Revision 2")
            await model.go_home()
            await app.settle()
            assert not app.says(returning_words.SENT_BACK)

    journey(walk)
    second = {item.record: record_in(officer, item) for item in officer.outbox() if item.rev == 2}
    assert set(second) == {str(first.header.record), str(interview.header.record)}
    for record in second.values():
        assert (record.header.revision, record.header.base_revision) == (2, 1)
        assert record.header.encounter == first.header.encounter
    changed = second[str(interview.header.record)].answers
    assert changed["pi.carer_view"] == "Karen and her sister were there. Karen says Amy ran out."
    assert changed["pi.child_words"] == interview.answers["pi.child_words"]


def test_half_an_answer_survives_the_lock_and_the_same_news_once_more(officer: OnShift) -> None:
    """The courier may bring everything again from the start."""
    returned, interview = sent_back(officer)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
            await opened(app, returned)
            await app.tap("asked.next")
            await app.type("pi.carer_view", "Karen and her sis")
            await entering.lock(model)
            await app.settle()
            for digit in "582014":
                await app.tap(f"digit.{digit}")
            await app.tap("unlock")
            asks = [Ask(interview.header.record, "pi.carer_view", CARER_ASKED)]
            Force(officer, told=7).sends_back((returned, interview), asks)
            await model.go_home()
            await app.settle()
            assert app.says(returning_words.GO_ON_ANSWERING)
            assert not app.has(f"draft.{returned.header.encounter}"), "it would stand there twice"
            await opened(app, returned)
            assert model.open_session().value("pi.carer_view") == "Karen and her sis"
            assert app.has("pi.carer_view.remark")

    journey(walk)


def test_what_was_answered_already_does_not_come_back_with_old_news(officer: OnShift) -> None:
    """News that was on its way while revision 2 went up asks for nothing any more."""
    returned, interview = sent_back(officer)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
            await opened(app, returned)
            model.put("pi.carer_view", "Karen alone.")
            await model.send()
            Force(officer, told=7).sends_back((returned, interview))
            await model.go_home()
            await app.settle()
            assert not app.says(returning_words.SENT_BACK)

    journey(walk)


def test_an_officers_own_check_is_theirs_to_answer_also_where_it_was_offered_to_the_unit(
    officer: OnShift,
) -> None:
    """Whoever comes back on shift does not take over from themselves."""
    records = sent_check(officer)
    Force(officer).sends_back(records, to_unit=True)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, _):
            assert app.has(f"returned.{records[0].header.encounter}")
            assert not app.says("is off shift")

    journey(walk)


def test_what_the_sergeant_took_back_asks_for_nothing_until_it_is_sent_back_again(officer: OnShift) -> None:
    """It is being decided on as it stands, and the officer reads that."""
    records = sent_back(officer)
    force = Force(officer, told=5)
    force.decides(records, Outcome.RECALL, "Robin rang with the school's name.", state="recalled")

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
            assert not app.says(returning_words.SENT_BACK)
            assert app.says(returning_words.RECALLED)
            force.sends_back(records)
            await model.go_home()
            await app.settle()
            assert app.has(f"returned.{records[0].header.encounter}")

    journey(walk)


def test_somebody_elses_check_is_taken_over_and_signed_by_who_takes_it(officer: OnShift) -> None:
    """The author has gone off shift, and the clock has not."""
    first, _ = sent_back(officer, to_unit=True)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
            assert app.says("is off shift")
            await app.tap("take_over")
            await app.settle()
            assert app.has("pi.child_words.remark")
            model.put("pi.carer_view", "Karen alone.")
            await model.send()

    journey(walk)
    again = newest_records(officer, first.header.encounter)
    assert {one.header.revision for one in again} == {2}
    assert {one.header.author for one in again} == {officer.shift.author}


def test_what_was_done_well_is_read_also_where_something_came_back(officer: OnShift) -> None:
    """An officer who is only ever told what is missing learns half."""
    records = sent_check(officer)
    Force(officer).sends_back(records, said={"sup.feedback_good": "The times are exact."})

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, _):
            await opened(app, records[0])
            assert app.says("The times are exact.")

    journey(walk)


def test_withdrawing_needs_a_reason_and_goes_up_as_the_next_revision(officer: OnShift) -> None:
    """A record of the wrong child stays, marked, and nobody acts on it."""
    records = sent_check(officer)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
            model.show_sent(model.home.parcels[0])
            await app.settle()
            await app.tap("withdraw")
            await app.tap("withdraw.send")
            await app.settle()
            assert app.has("notice"), "no reason, no withdrawing"
            assert len(officer.outbox()) == len(records)
            await app.type("withdraw.reason", "This is her sister; the names were mixed up.")
            assert not app.has("notice"), "nothing is missing any more"
            await app.tap("withdraw.send")
            await app.settle()
            assert model.at is At.SENT
            assert app.says(returning_words.WITHDRAWN)
            assert not app.has("withdraw"), "it is withdrawn already"

    journey(walk)
    gone = newest_records(officer, records[0].header.encounter)
    assert {one.header.revision for one in gone} == {2}
    assert {one.header.void_reason for one in gone} == {"This is her sister; the names were mixed up."}
    assert officer.shift.home().drafts == ()


def test_what_came_back_is_gone_when_it_was_withdrawn(officer: OnShift) -> None:
    """Nothing asks an officer to put right what stands for nothing."""
    sent_back(officer)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
            model.show_sent(model.home.parcels[0])
            model.returning.reason = "Sent twice."
            model.go(At.WITHDRAW)
            await app.settle()
            await app.tap("withdraw.send")
            await model.go_home()
            await app.settle()
            assert not app.says(returning_words.SENT_BACK)

    journey(walk)


def test_a_question_about_somebody_else_leads_to_them(officer: OnShift) -> None:
    """The remark stands above the sister's question, and above the answer that names her."""
    returned, interview = sent_check(officer)
    mum = next(one for one in returned.entities if one.word("known_as") == "Karen")
    asks = [Ask(returned.header.record, "person.first_language", "Does she need an interpreter?", mum.id)]
    Force(officer).sends_back((returned, interview), asks)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
            await opened(app, returned)
            assert model.at is At.ENTITY
            assert app.has("person.first_language.remark")
            await app.tap("done")
            assert app.has("ret.left_with.remark")

    journey(walk)
