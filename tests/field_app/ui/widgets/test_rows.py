"""Rows: exact words and calls, kept key by key, and nothing taken away for good by a tap."""

from __future__ import annotations

from dataclasses import replace

from booklets.answers import Moment
from booklets.forms import Kind
from field_app.ui.widgets import FieldView, Known
from field_app.ui.widgets.rows import with_cell
from tests.support.answering import NIGHT, answering
from tests.support.screens import journey

SPEECH = FieldView(
    id="pi.words", kind=Kind.SPEECH, label="Exact words", known=(Known("c", "Cal"), Known("m", "Mum"))
)
FIRST = {"who": "Cal", "to": "Me", "asked": "Tell me about today.", "said": "He gets loud so I go out."}
SECOND = {"who": "Mum", "said": "He is tired."}
CALLS = FieldView(
    id="ret.told", kind=Kind.CONTACTS, label="Who was told", known=(Known("edt", "Duty team"),)
)


def test_exact_words_are_kept_key_by_key_with_who_and_what_was_asked() -> None:
    """A phone that dies in the middle of a sentence keeps the half that was written."""

    async def walk() -> None:
        async with answering(SPEECH) as (app, held):
            await app.tap("pi.words.add")
            await app.tap("pi.words.0.who.suggest.Cal")
            await app.tap("pi.words.0.to.suggest.Me")
            await app.keys("pi.words.0.said", "I go")
            assert held.answers["pi.words"] == ({"who": "Cal", "to": "Me", "said": "I go"},)
            await app.type("pi.words.0.asked", "Where do you go?")
            await app.tap("pi.words.0.at.now")
            await app.tap("pi.words.0.done")
            assert app.at("pi.words.0").label == (
                "Cal to me · 02:41. Asked before: Where do you go?. Exact words: I go. Edit"
            )
            assert app.says("“I go”")

    journey(walk)


def test_what_was_said_to_whoever_writes_is_kept_under_their_name() -> None:
    """The officer touches "Me"; the sergeant and the council read who that was."""
    view = replace(SPEECH, me="PC Wells 4417")

    async def walk() -> None:
        async with answering(view) as (app, held):
            await app.tap("pi.words.add")
            await app.tap("pi.words.0.who.suggest.Cal")
            assert app.at("pi.words.0.to.suggest.PC Wells 4417").label == "To whom: Me"
            await app.tap("pi.words.0.to.suggest.PC Wells 4417")
            await app.keys("pi.words.0.said", "I go")
            assert held.answers["pi.words"] == ({"who": "Cal", "to": "PC Wells 4417", "said": "I go"},)
            await app.tap("pi.words.0.done")
            assert str(app.at("pi.words.0").label).startswith("Cal to me")

    journey(walk)


def test_an_opened_row_that_stays_empty_is_not_kept() -> None:
    """Touching 'add' is not an answer."""

    async def walk() -> None:
        async with answering(SPEECH) as (app, held):
            await app.tap("pi.words.add")
            await app.tap("pi.words.0.done")
            assert held.answers == {}
            assert app.has("pi.words.add")

    journey(walk)


def test_what_a_new_row_begins_with_is_kept_only_with_something_beside_it() -> None:
    """A prefilled 'Cal to me' without words is nobody's statement."""
    start = (("who", "Cal"), ("to", "Me"))
    assert with_cell((), 0, "said", "", start) == ()
    assert with_cell((), 0, "said", "No", start) == ({"who": "Cal", "to": "Me", "said": "No"},)


def test_a_row_is_edited_in_its_place() -> None:
    """The order of what was said is part of what was said."""

    async def walk() -> None:
        async with answering(SPEECH, words=(FIRST, SECOND)) as (app, held):
            await app.tap("pi.words.0")
            await app.type("pi.words.0.said", "He gets loud.")
            assert held.answers["pi.words"] == ({**FIRST, "said": "He gets loud."}, SECOND)

    journey(walk)


def test_a_removed_row_can_be_brought_back_to_its_place() -> None:
    """A child's words must not go with one tap."""

    async def walk() -> None:
        async with answering(SPEECH, words=(FIRST, SECOND)) as (app, held):
            await app.tap("pi.words.0")
            await app.tap("pi.words.0.remove")
            assert held.answers == {"pi.words": (SECOND,)}
            await app.tap("pi.words.undo")
            assert held.answers == {"pi.words": (FIRST, SECOND)}

    journey(walk)


def test_the_only_row_can_be_brought_back_too() -> None:
    """Then the whole answer is gone for a moment, and the field with it must not be."""

    async def walk() -> None:
        async with answering(SPEECH, words=(FIRST,)) as (app, held):
            await app.tap("pi.words.0")
            await app.tap("pi.words.0.remove")
            assert "pi.words" not in held.answers
            await app.tap("pi.words.undo")
            assert held.answers["pi.words"] == (FIRST,)

    journey(walk)


def test_quick_edits_of_two_cells_both_count_though_the_store_is_late() -> None:
    """The second cell must not write over the first."""

    async def walk() -> None:
        async with answering(SPEECH, late=True) as (app, held):
            await app.tap("pi.words.add")
            await app.type("pi.words.0.asked", "Why?")
            await app.type("pi.words.0.said", "Because.")
            assert held.answers["pi.words"] == ({"asked": "Why?", "said": "Because."},)

    journey(walk)


def test_the_words_of_a_form_s_own_columns_are_used_and_people_are_still_offered() -> None:
    """A form may ask 'What did you ask just before?' in its own words."""
    own = (
        FieldView(id="who", kind=Kind.TEXT, label="Speaker", gaps=()),
        FieldView(id="said", kind=Kind.LONG_TEXT, label="What she said", gaps=()),
    )
    speech = FieldView(id="pi.words", kind=Kind.SPEECH, label="Words", columns=own, known=SPEECH.known)

    async def walk() -> None:
        async with answering(speech) as (app, _):
            await app.tap("pi.words.add")
            assert app.says("What she said")
            assert app.has("pi.words.0.who.suggest.Mum")
            assert not app.has("pi.words.0.at.now")

    journey(walk)


def test_a_call_shows_who_when_what_was_told_and_what_came_of_it() -> None:
    """The line a sergeant looks for."""
    call = {
        "with": "Duty team",
        "person": "Sam Reed",
        "method": "phone",
        "at": Moment(NIGHT),
        "told": "Amy is home.",
    }

    async def walk() -> None:
        async with answering(CALLS, told=(call,)) as (app, _):
            label = app.at("ret.told.0").label or ""
            assert label.startswith("Duty team · Sam Reed. Phone · 02:41, Sat 14 March 2026. Amy is home.")

    journey(walk)


def test_half_a_time_of_a_row_that_was_removed_is_not_the_next_rows() -> None:
    """It is let go of with its row, by the name that the next row would have."""

    async def walk() -> None:
        async with answering(CALLS, told=({"with": "Duty team"},)) as (app, held):
            await app.tap("ret.told.0")
            await app.tap("ret.told.0.at.other")
            await app.type("ret.told.0.at.other.first", "3")
            assert held.unread["ret.told.0.at"] == {"first": "3", "sure": "about"}
            await app.tap("ret.told.0.remove")
            assert not held.unread

    journey(walk)
