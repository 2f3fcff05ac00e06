"""Choices: one tap, no default, and never lost because two thumbs were quick."""

from __future__ import annotations

import flet as ft

from booklets.answers import Gap, Why
from booklets.definitions import form
from booklets.forms import Kind
from field_app.ui import words
from field_app.ui.widgets import FieldView, Known
from field_app.ui.widgets.body import by_part, laid_out
from field_app.ui.widgets.choices import turned
from field_app.ui.widgets.views import found_in, most_likely_first
from tests.support.answering import answering
from tests.support.screens import journey

HURT = FieldView(id="ret.hurt", kind=Kind.YES_NO, label="Is she hurt?")
COLOURS = tuple((f"c{i}", f"Colour {i}") for i in range(12))
NEEDS = FieldView(
    id="p.needs", kind=Kind.MANY_OF, label="Needs",
    choices=(("sight", "Sight"), ("asd", "Autism"), ("none", "None")),
    alone=("none",),
)  # fmt: skip
PEOPLE = (Known("p1", "Amy Brook", "girl, 15"), Known("p2", "Mum"))


def test_yes_no_has_three_blocks_and_no_default() -> None:
    """A default 'no' becomes 'no concerns'."""

    async def walk() -> None:
        async with answering(HURT) as (app, held):
            blocks = [app.at(f"ret.hurt.{value}") for value in ("yes", "no", "not_known")]
            assert [one.selected for one in blocks] == [False, False, False]
            await app.tap("ret.hurt.no")
            assert held.answers == {"ret.hurt": "no"}
            await app.tap("ret.hurt.not_known")
            assert held.answers == {"ret.hurt": Gap(Why.NOT_KNOWN)}
            assert app.at("ret.hurt.not_known").selected
            await app.tap("ret.hurt.not_known")
            assert "ret.hurt" not in held.answers

    journey(walk)


def test_not_known_is_offered_once_for_yes_and_no() -> None:
    """It has a block; a second way to the same answer would be two answers."""

    async def walk() -> None:
        async with answering(HURT) as (app, _):
            await app.tap("ret.hurt.gap")
            assert not app.has("ret.hurt.why.not_known")
            assert app.has("ret.hurt.why.refused")

    journey(walk)


def test_few_choices_are_rows_and_touching_the_chosen_one_takes_it_back() -> None:
    """A slip of the thumb needs a way back that is not another answer."""
    how = FieldView(id="ret.how", kind=Kind.ONE_OF, label="How", choices=COLOURS[:6])

    async def walk() -> None:
        async with answering(how) as (app, held):
            assert not app.has("ret.how.find")
            await app.tap("ret.how.c2")
            assert held.answers["ret.how"] == "c2"
            await app.tap("ret.how.c2")
            assert "ret.how" not in held.answers

    journey(walk)


def test_many_choices_are_searched_with_the_likely_ones_first() -> None:
    """Eighteen rows are no choice at three in the morning."""
    colour = FieldView(id="ret.colour", kind=Kind.ONE_OF, label="Colour", choices=COLOURS, likely=("c11",))

    async def walk() -> None:
        async with answering(colour) as (app, held):
            assert app.has("ret.colour.c11")
            assert not app.has("ret.colour.c9")
            await app.keys("ret.colour.find", "colour 9")
            await app.tap("ret.colour.c9")
            assert held.answers["ret.colour"] == "c9"
            assert app.says("Colour 9")
            await app.tap("ret.colour.chosen")
            assert app.has("ret.colour.find")

    journey(walk)


def test_a_search_that_finds_nothing_says_so() -> None:
    """An empty list looks like a broken one."""
    colour = FieldView(id="ret.colour", kind=Kind.ONE_OF, label="Colour", choices=COLOURS)

    async def walk() -> None:
        async with answering(colour) as (app, _):
            await app.type("ret.colour.find", "teal")
            assert app.says("Nothing here contains “teal”.")

    journey(walk)


def test_search_wants_every_word_and_puts_beginnings_first() -> None:
    """'white as' finds White and Asian."""
    found = found_in((("a", "Any Asian"), ("b", "White and Asian"), ("c", "Asian British")), "asian")
    assert [code for code, _ in found] == ["c", "a", "b"]
    assert found_in((("b", "White and Asian"),), "as WHITE") == (("b", "White and Asian"),)


def test_likely_choices_keep_their_order_and_the_rest_theirs() -> None:
    """A list that jumps about cannot be learned."""
    choices = (("a", "A"), ("b", "B"), ("c", "C"))
    assert [code for code, _ in most_likely_first(choices, ("c", "b"))] == ["c", "b", "a"]


def test_two_quick_ticks_both_count_though_the_store_is_late() -> None:
    """The second tap must not work on the list before the first."""

    async def walk() -> None:
        async with answering(NEEDS, late=True) as (app, held):
            await app.tap("p.needs.sight")
            await app.tap("p.needs.asd")
            assert held.answers["p.needs"] == ("sight", "asd")

    journey(walk)


def test_none_stands_alone() -> None:
    """'None known' beside 'Autism' means nothing."""
    assert turned(("sight", "asd"), "none", ("none",)) == ("none",)
    assert turned(("none",), "sight", ("none",)) == ("sight",)
    assert turned(("sight", "asd"), "sight") == ("asd",)


def test_a_decision_asks_why_whichever_way_it_goes() -> None:
    """No report because … is as much a decision as a report."""
    report = FieldView(id="ret.ppn", kind=Kind.DECISION, label="Report?")

    async def walk() -> None:
        async with answering(report) as (app, held):
            assert not app.has("ret.ppn_because")
            await app.tap("ret.ppn.no")
            assert app.says("No, because")
            await app.type("ret.ppn_because", "Nothing new since Tuesday.")
            assert held.answers == {"ret.ppn": "no", "ret.ppn_because": "Nothing new since Tuesday."}

    journey(walk)


# -- people, places, objects ---------------------------------------------------------------------------
def test_a_known_person_is_picked_and_can_be_opened() -> None:
    """Typed once, used everywhere."""
    who = FieldView(id="ret.by", kind=Kind.PERSON, label="Who", known=PEOPLE)

    async def walk() -> None:
        async with answering(who) as (app, held):
            await app.tap("ret.by.p2")
            assert held.answers["ret.by"] == "p2"
            await app.tap("ret.by.p2.open")
            await app.tap("ret.by.new")
            assert held.acts[1:] == [("open", "ret.by", "p2"), ("open", "ret.by", None)]

    journey(walk)


def test_several_people_are_kept_in_the_order_they_were_named() -> None:
    """The first named is often the one who matters."""
    who = FieldView(id="ret.with", kind=Kind.PEOPLE, label="Who", known=PEOPLE)

    async def walk() -> None:
        async with answering(who) as (app, held):
            await app.tap("ret.with.p2")
            await app.tap("ret.with.p1")
            assert held.answers["ret.with"] == ("p2", "p1")

    journey(walk)


def test_somebody_chosen_earlier_still_shows_when_the_list_has_changed() -> None:
    """An answer must never be invisible."""
    who = FieldView(id="ret.by", kind=Kind.PERSON, label="Who", known=PEOPLE)

    async def walk() -> None:
        async with answering(who, by="p9") as (app, _):
            assert app.at("ret.by.p9").selected

    journey(walk)


def test_here_is_offered_only_where_the_phone_knows_its_place_and_says_what_went_wrong() -> None:
    """A button that cannot work is worse than none."""
    where = FieldView(id="ret.where", kind=Kind.PLACE, label="Where?", here=True)
    elsewhere = FieldView(id="ret.where", kind=Kind.PLACE, label="Where does he live?")

    async def nowhere(_field: str) -> str:
        return "No place found. Type the address."

    async def walk() -> None:
        async with answering(where) as (app, _):
            assert not app.has("ret.where.here")
        async with answering(elsewhere, here=nowhere) as (app, _):
            assert not app.has("ret.where.here")
        async with answering(where, here=nowhere) as (app, _):
            await app.tap("ret.where.here")
            assert app.says("No place found. Type the address.")

    journey(walk)


def test_right_and_left_are_the_childs_own_from_both_sides() -> None:
    """From the front a child's right hand is at the viewer's left."""
    areas = (
        ("front.hand_left", "L"),
        ("front.hand_right", "R"),
        ("back.hand_right", "R"),
        ("back.hand_left", "L"),
    )
    assert laid_out(areas, "front") == [(("front.hand_right", "R"), ("front.hand_left", "L"))]
    assert laid_out(areas, "back") == [(("back.hand_left", "L"), ("back.hand_right", "R"))]


def test_the_forms_own_areas_of_the_body_can_all_be_marked() -> None:
    """A list without front and back is shown whole: an injured child must not find an empty body."""
    regions = tuple((code.code, code.label) for code in form("pvi").field("pi.body_map").codes)

    shown = [area for line in laid_out(regions, "front") for area in line]

    assert sorted(shown) == sorted(regions)
    assert (("right_eye", "Right eye"), ("left_eye", "Left eye")) in laid_out(regions, "front")


def test_the_forms_own_areas_stand_under_the_parts_of_the_body_and_none_is_left_over() -> None:
    """A forearm is no ear; whoever hears the headings comes to the knee without twenty areas before it."""
    regions = tuple((code.code, code.label) for code in form("pvi").field("pi.body_map").codes)
    parts = dict(by_part(laid_out(regions, "front")))

    assert list(parts) == [title for title, _ in words.BODY_PARTS]
    assert (("right_forearm", "Right forearm"), ("left_forearm", "Left forearm")) in parts["Arms and hands"]
    assert len(parts["Head and neck"]) == 6
    assert sum(len(line) for lines in parts.values() for line in lines) == len(regions)
    for side in ("front", "back"):
        assert words.OTHER_PARTS not in dict(by_part(laid_out(words.BODY_AREAS, side)))


def test_what_is_marked_is_said_above_all_areas() -> None:
    """Far down the page nobody sees what was marked at its top."""
    body = FieldView(
        id="pi.body", kind=Kind.BODY_MAP, label="Where", choices=(("neck", "Neck"), ("tail", "Tail"))
    )

    async def walk() -> None:
        async with answering(body) as (app, _):
            assert app.says(words.all_marked([]))
            await app.tap("pi.body.neck")
            await app.tap("pi.body.tail")
            assert app.says("Marked: Neck, Tail")
            assert app.says(words.OTHER_PARTS)

    journey(walk)


def test_marks_on_the_body_are_kept_for_both_sides() -> None:
    """Turning the body over loses nothing."""
    body = FieldView(id="ret.body", kind=Kind.BODY_MAP, label="Where")

    async def walk() -> None:
        async with answering(body) as (app, held):
            await app.tap("ret.body.front.hand_right")
            await app.tap("ret.body.side.back")
            await app.tap("ret.body.back.neck")
            assert held.answers["ret.body"] == ("front.hand_right", "back.neck")

    journey(walk)


def test_blocks_go_under_each_other_when_text_is_large() -> None:
    """Side by side at 200 % 'Between' breaks in the middle of the word."""
    from field_app.ui.frame import frame, top_bar  # noqa: PLC0415
    from field_app.ui.widgets.blocks import Block, blocks  # noqa: PLC0415
    from tests.support.screens import showing  # noqa: PLC0415

    def page() -> ft.Control:
        three = [Block("a", "About"), Block("b", "Between"), Block("c", "At")]
        return frame(top=top_bar("T", on_menu=list), body=[blocks("x", three, None, list)])

    async def walk() -> None:
        async with showing(page) as app:
            assert app.one(ft.MergeSemantics, lambda one: one.key == "x.a").expand == 1
            figures = app.one(ft.Container, lambda one: one.on_size_change is not None and one.opacity == 0)
            await app.event(figures, "size_change", {"w": 230.0, "h": 40.0})
            assert app.one(ft.MergeSemantics, lambda one: one.key == "x.a").expand is None

    journey(walk)
