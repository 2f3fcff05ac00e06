"""What is typed stays as it was typed, where it was typed, and teaches the keyboard nothing."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import flet as ft
import pytest

from booklets.answers import Gap, Why, instant
from booklets.forms import Kind
from field_app.ui import widgets, words
from field_app.ui.widgets import FieldView, Line, Tone
from field_app.ui.widgets.echo import Echo
from field_app.ui.widgets.question import begun_gap, later_times
from tests.support.answering import answering
from tests.support.screens import journey

SCHOOL = FieldView(id="ret.school", kind=Kind.TEXT, label="School")
GP = FieldView(id="ret.gp", kind=Kind.TEXT, label="GP")


def test_every_kind_of_field_has_a_widget() -> None:
    """A form that uses a kind without one could not be filled."""
    assert set(widgets.WIDGETS) == set(Kind)


def test_a_keystroke_is_reported_at_once_and_an_empty_box_takes_the_answer_away() -> None:
    """Autosave is throttled elsewhere; here nothing waits."""

    async def walk() -> None:
        async with answering(SCHOOL) as (app, held):
            await app.keys("ret.school", "Hill")
            assert [act[2] for act in held.acts] == ["H", "Hi", "Hil", "Hill"]
            await app.type("ret.school", "")
            assert held.acts[-1] == ("put", "ret.school", None)

    journey(walk)


def test_a_number_that_is_taken_at_a_touch_stands_whatever_was_typed_and_not_heard_of_yet() -> None:
    """Also where just that was typed a moment ago, and more since; what comes back late changes nothing."""
    clip = FieldView(id="pi.bwv_ref", kind=Kind.REFERENCE, label="Clip", earlier=("BWV-41",))

    async def walk() -> None:
        async with answering(clip, late=True) as (app, held):
            await app.keys(clip.id, "BWV-412")
            app.session.apply_patch(app.box(clip.id)._i, {"value": "BWV-4123"})  # its event has not run yet
            await app.tap(f"{clip.id}.suggest.BWV-41")
            assert (app.box(clip.id).value, held.answers[clip.id]) == ("BWV-41", "BWV-41")
            for act in [*held.acts]:
                held.tell(clip.id, str(act[2]))
                await app.settle()
                assert app.box(clip.id).value == "BWV-41"
            await app.keys(clip.id, "3")
            assert (app.box(clip.id).value, held.answers[clip.id]) == ("BWV-413", "BWV-413")

    journey(walk)


def test_a_store_that_answers_late_does_not_fight_the_typing_thumb() -> None:
    """Each edit comes back when two more have been made: taking it at face value would eat letters."""

    async def walk() -> None:
        async with answering(SCHOOL, late=True) as (app, held):
            await app.keys("ret.school", "Hill")
            held.tell("ret.school", "H")
            await app.settle()
            assert app.box("ret.school").value == "Hill"
            held.tell("ret.school", "Hi")
            await app.settle()
            await app.keys("ret.school", "top")
            held.tell("ret.school", "Hill")
            await app.settle()
            assert app.box("ret.school").value == "Hilltop"

    journey(walk)


def test_letters_that_are_still_on_their_way_are_not_drawn_over() -> None:
    """The box has them already, their event has not run yet: a page drawn anew just then must leave them."""

    async def walk() -> None:
        async with answering(SCHOOL, late=True) as (app, held):
            await app.keys("ret.school", "Hi")
            app.session.apply_patch(app.box("ret.school")._i, {"value": "Hill"})
            sent = len(app.client.sent)
            held.tell("ret.school", "Hi")
            await app.settle()

            assert not any("Hi" in str(body) for _, body in app.client.sent[sent:])
            assert app.box("ret.school").value == "Hill"
            await app.keys("ret.school", "top")
            assert held.acts[-1] == ("put", "ret.school", "Hilltop")

    journey(walk)


def test_news_from_elsewhere_is_shown() -> None:
    """'Use this wording' changes the text under the officer's eyes."""
    echo = Echo("refused")
    echo.edited("refused to")
    assert echo.arrived("refused to") == "refused to"
    assert echo.arrived("did not answer") == "did not answer"


def test_an_old_answer_that_is_drawn_again_is_not_news() -> None:
    """A screen drawn again for another reason brings the last answer once more."""
    echo = Echo("a")
    echo.edited("ab")
    echo.arrived("ab")
    echo.edited("abc")
    assert echo.arrived("ab") == "abc"


def test_a_field_that_appears_above_takes_no_letter_from_the_one_below() -> None:
    """Without keys the rest of a word lands in the newcomer."""

    async def walk() -> None:
        async with answering(SCHOOL, GP) as (app, held):
            await app.keys("ret.gp", "Dr ")
            held.tell("ret.school", Gap(Why.NOT_ASKED))
            await app.settle()
            await app.keys("ret.gp", "Hale")
            assert held.answers["ret.gp"] == "Dr Hale"
            assert "ret.school" not in held.answers

    journey(walk)


def test_the_keyboard_learns_nothing_and_corrects_nothing() -> None:
    """What a child said must neither be suggested to the next officer nor be put right."""

    async def walk() -> None:
        long = FieldView(id="ret.account", kind=Kind.LONG_TEXT, label="Account")
        async with answering(SCHOOL, long) as (app, _):
            boxes = app.all(ft.TextField)
            assert len(boxes) == 2
            for box in boxes:
                learns = (box.autocorrect, box.enable_suggestions, box.enable_ime_personalized_learning)
                assert learns == (False, False, False)
                assert (box.smart_dashes_type, box.smart_quotes_type) == (False, False)

    journey(walk)


def test_boxes_to_type_in_are_made_in_one_place() -> None:
    """Or one of them would forget to keep the keyboard quiet."""
    ui = Path(widgets.__file__).parents[1]
    makers = {
        path.name
        for path in ui.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "ft.TextField"
    }
    assert makers == {"entry.py"}


def test_suggestions_come_first_and_something_else_can_be_typed() -> None:
    """Who spoke is nearly always somebody already named."""
    who = FieldView(id="pi.who", kind=Kind.TEXT, label="Who", choices=(("Cal", "Cal"), ("Mum", "Mum")))

    async def walk() -> None:
        async with answering(who) as (app, held):
            assert not app.has("pi.who")
            await app.tap("pi.who.suggest.Mum")
            assert held.answers["pi.who"] == "Mum"
            await app.tap("pi.who.suggest.other")
            await app.type("pi.who", "A neighbour")
            assert held.answers["pi.who"] == "A neighbour"

    journey(walk)


# -- no answer, and why --------------------------------------------------------------------------------
def test_an_honest_gap_takes_two_taps_and_can_be_taken_back() -> None:
    """'Can't answer' is quiet but near; nothing is final."""

    async def walk() -> None:
        async with answering(SCHOOL) as (app, held):
            await app.tap("ret.school.gap")
            await app.tap("ret.school.why.refused")
            assert held.answers["ret.school"] == Gap(Why.REFUSED)
            await app.type("ret.school.note", "She turned away.")
            assert held.answers["ret.school"] == Gap(Why.REFUSED, "She turned away.")
            await app.tap("ret.school.answer")
            assert "ret.school" not in held.answers
            assert app.has("ret.school")

    journey(walk)


def test_a_later_answer_has_a_time() -> None:
    """'Later' without a time is never."""

    async def walk() -> None:
        async with answering(GP) as (app, held):
            await app.tap("ret.gp.gap")
            await app.tap("ret.gp.why.pending")
            await app.tap("ret.gp.due.tomorrow")
            assert held.answers["ret.gp"] == Gap(Why.PENDING, "", "2026-03-15T09:00:00Z")
            assert app.says("by 09:00, Sun 15 March 2026")

    journey(walk)


LIMIT = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours_left", "offered"),
    [
        pytest.param(None, {"1h": 1.0, "4h": 4.0, "tomorrow": 21.0}, id="no clock"),
        pytest.param(48.0, {"1h": 1.0, "4h": 4.0, "tomorrow": 21.0}, id="all of them are in time"),
        pytest.param(2.5, {"1h": 1.0, "in_time": 2.5}, id="some are too late"),
        pytest.param(1.0, {"1h": 1.0}, id="an hour is just in time"),
        pytest.param(0.25, {"in_time": 0.25}, id="nothing usual is in time"),
        pytest.param(0.0, {"1h": 1.0}, id="it is over"),
        pytest.param(-3.0, {"1h": 1.0}, id="long over"),
    ],
)
def test_later_is_never_after_the_clock_that_the_answer_stops(
    hours_left: float | None, offered: dict[str, float]
) -> None:
    """The council has to be told by 13:00: to promise it for tomorrow is to promise a failing."""
    by = None if hours_left is None else LIMIT + timedelta(hours=hours_left)

    times = later_times(LIMIT, by)

    assert {code: (at - LIMIT).total_seconds() / 3600 for code, (_, at) in times.items()} == offered
    begun = begun_gap(Why.PENDING, LIMIT, by)
    assert begun.due in {instant(at) for _, at in times.values()}
    assert begun_gap(Why.REFUSED, LIMIT, by) == Gap(Why.REFUSED)


def test_the_way_out_goes_away_once_something_is_written() -> None:
    """One tap must not end an account that took ten minutes."""

    async def walk() -> None:
        async with answering(SCHOOL, school="Hilltop") as (app, _):
            assert not app.has("ret.school.gap")

    journey(walk)


def test_a_field_without_reasons_offers_no_way_out() -> None:
    """Some answers cannot be missing: the form says which."""

    async def walk() -> None:
        async with answering(FieldView(id="x.y", kind=Kind.TEXT, label="Y", gaps=())) as (app, _):
            assert not app.has("x.y.gap")

    journey(walk)


# -- the quiet lines -----------------------------------------------------------------------------------
def test_wording_is_offered_and_mine_can_be_kept() -> None:
    """The text stays the officer's own."""
    line = Line(says="“Dirty” is an opinion.", tone=Tone.LOOK, rule="Q-01", use="unwashed hair")
    seen = FieldView(id="a.seen", kind=Kind.LONG_TEXT, label="Seen", lines=(line,))

    async def walk() -> None:
        async with answering(seen, seen="Dirty") as (app, held):
            await app.tap("a.seen.line.Q-01.use")
            await app.tap("a.seen.line.Q-01.keep")
            assert held.acts == [("use", "a.seen", "unwashed hair"), ("keep", "a.seen", "Q-01")]

    journey(walk)


def test_a_reason_is_asked_where_the_answer_stands() -> None:
    """Not on a page of its own, at the end."""
    line = Line(says="Not seen alone.", tone=Tone.SAY_WHY, rule="R-12")
    alone = FieldView(id="a.alone", kind=Kind.YES_NO, label="Alone?", lines=(line,))

    async def walk() -> None:
        async with answering(alone, alone="no") as (app, held):
            await app.type("a.alone.line.R-12.reason", "Mum stayed.")
            assert held.acts == [("reason", "R-12", "Mum stayed.")]

    journey(walk)


def test_nothing_comments_on_what_a_child_said() -> None:
    """Exact words are never linted, even if a rule should try."""
    lines = (Line(says="An opinion.", tone=Tone.LOOK), Line(says="Words are needed."))
    speech = FieldView(id="pi.words", kind=Kind.SPEECH, label="Words", lines=lines)

    async def walk() -> None:
        async with answering(speech) as (app, _):
            assert not app.says("An opinion.")
            assert app.says("Words are needed.")
            assert app.says(words.ADD_WORDS)

    journey(walk)
