"""Every screen is drawn, names where the data is, and keeps typing where the thumb is."""

from __future__ import annotations

import asyncio

import pytest

from field_app.ui import draft_words, entering, places, words
from field_app.ui import screen_words as said
from field_app.ui.places import At
from field_app.ui.shell import SCREENS
from tests.support.handsets import OnShift
from tests.support.screens import journey
from tests.support.seldom import SELDOM
from tests.support.standing import MORE_STATES, SIGNING, STATES, standing_at

BEFORE_THE_VAULT = {At.STARTING, At.REFUSED, At.CLOSED, *places.BEFORE_THE_VAULT}


def test_every_screen_there_is_stands_in_the_table() -> None:
    """A new screen is drawn by nobody, or tested by nobody, until it is entered in both."""
    assert set(SCREENS) == set(STATES) == set(At)


MORE_SCREENS = {**MORE_STATES, **SELDOM}


@pytest.mark.parametrize("at", At)
def test_a_screen_is_drawn(officer: OnShift, at: At) -> None:
    """In light, with words on it, something to do, and the status line wherever the vault is open."""

    async def walk() -> None:
        async with standing_at(at, officer, platform_brightness="light") as (app, _):
            assert app.texts()
            assert not app.says(words.CANNOT_SHOW)
            assert app.has("status") == (at not in BEFORE_THE_VAULT)
            names = [one for one in app.identifiers() if one != "said"]
            assert len(names) == len(set(names)), "two things of one name"
            assert not app.doubled()
            assert at is At.STARTING or app.touched()
            assert "{name}" not in " ".join(app.texts())

    journey(walk)


@pytest.mark.parametrize("name", ["review-stopped", "review-answering", "review-adding", "home-came-back"])
def test_no_two_things_in_one_list_have_one_key(officer: OnShift, name: str) -> None:
    """Two groups of the review had the same words under them, and what came next was drawn half or not."""
    at, state = MORE_SCREENS[name]

    async def walk() -> None:
        async with standing_at(at, officer, state=state) as (app, _):
            assert not app.doubled()

    journey(walk)


@pytest.mark.thorough
def test_every_touchable_thing_has_a_spoken_name(officer: OnShift) -> None:
    """A screen reader would say "button", eleven times."""

    async def walk() -> None:
        for at in At:
            async with standing_at(at, officer) as (app, _):
                unnamed = [one.identifier for one in app.touched() if not one.label]
                assert not unnamed, at

    journey(walk)


def test_the_sign_in_code_is_shown_while_the_browser_is_open(officer: OnShift) -> None:
    """Nobody signs in for somebody else's phone."""

    async def walk() -> None:
        async with standing_at(At.SIGN_IN, officer, state=SIGNING) as (app, model):
            assert app.at("user_code").label == "WDJB-MJHT"
            assert app.at("user_code").exclude_semantics, "read aloud once, without what joins its parts"
            assert app.says(model.handset.name)
            assert app.has("sign_in.open")

    journey(walk)


def test_typing_stays_in_its_field_when_another_appears_above_it(officer: OnShift) -> None:
    """Half of a name typed into a neighbour is a wrong record."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            session = model.open_session()
            model.open_page(1)
            await app.settle()
            model.put("ret.found_how", "other")
            await app.settle()
            box = app.box("ret.found_how_other")
            await app.keys("ret.found_how_other", "rang fr")
            model.put("ret.clothing_changed", "yes")
            model.put("ret.medical_needed", "yes")
            await app.settle()
            assert app.has("ret.clothing_changed_detail")
            assert app.box("ret.found_how_other")._i == box._i
            await app.keys("ret.found_how_other", "om a call box")

            assert session.value("ret.found_how_other") == "rang from a call box"
            assert session.value("ret.clothing_changed_detail") is None

    journey(walk)


def test_what_a_full_disk_refused_is_said_and_stays_on_screen(officer: OnShift) -> None:
    """The words stay, the line says what to do, and the lock waits until they are safe."""
    long = "He said it twice. " * 20_000

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            with officer.full_disk():
                model.open_session().put("pi.why_left", long)
                await entering.lock(model)
                await app.settle()
                assert model.at is At.PAGE
                assert "Free some space" in str(app.at("status").label)
                assert officer.handset.shift is not None
            officer.shift.put_down()
            kept = officer.draft(model.open_session())
            assert kept is not None
            assert kept.answers["pi.why_left"] == long

    journey(walk)


def test_after_locking_nothing_of_anybody_is_on_screen(officer: OnShift) -> None:
    """Not behind the PIN pad, not in what the screen could draw next."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            assert app.says("Amy Brook")
            await entering.lock(model)
            await app.settle()
            assert app.has("pin.typed")
            assert not app.says("Amy")
            assert model.session is None
            assert not model.home.drafts
            assert not model.problems
            for digit in "582014":
                await app.tap(f"digit.{digit}")
            assert app.at("pin.typed").label == said.digits(6)
            await app.tap("unlock")
            assert app.says(said.tonight("PC Sample"))
            assert app.says("Amy Brook")

    journey(walk)


def test_a_vault_that_nobody_looks_at_closes_as_soon_as_there_is_room(officer: OnShift) -> None:
    """A window that went while the disk was full left its vault open until the app was started again."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            session = model.session
            assert session is not None
            with officer.full_disk():
                session.put("pi.why_left", "He said it twice. " * 20_000)
                closing = asyncio.create_task(entering.lock_when_saved(model, 0.05))
                await asyncio.sleep(0.2)
                assert not closing.done()
            await closing
            await app.settle()
            assert model.handset.shift is None
            for digit in "582014":
                await app.tap(f"digit.{digit}")
            await app.tap("unlock")
            assert app.says(said.tonight("PC Sample"))

    journey(walk)


def test_a_pin_that_is_typed_faster_than_it_is_drawn_is_typed_whole(officer: OnShift) -> None:
    """Two thumbs are faster than the dots: what a key adds to is what stands there, not what is shown."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            await entering.lock(model)
            await app.settle()
            await app.tap_faster_than_drawn("digit.9", "digit.delete", *(f"digit.{one}" for one in "582014"))
            assert app.at("pin.typed").label == said.digits(6)
            await entering.lock(model)
            await app.settle()
            await app.tap_faster_than_drawn(*(f"digit.{one}" for one in "582014"), "unlock")
            assert app.says(said.tonight("PC Sample"))

    journey(walk)


def test_a_second_touch_is_no_wrong_try(officer: OnShift) -> None:
    """Nor is a touch with nothing typed: after ten wrong ones the vault is gone."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            await entering.lock(model)
            await app.settle()
            await app.tap("unlock")
            assert not app.says("tries")
            assert app.says(said.PIN_FIRST)
            for digit in "019283":
                await app.tap(f"digit.{digit}")
            await app.tap_faster_than_drawn("unlock", "unlock", "unlock")
            assert app.says("9 tries")
            await entering.unlock(model, "582014")

    journey(walk)


@pytest.mark.parametrize(
    ("needed", "reasons", "says"),
    [
        (1, 0, "Answer the one needed"),
        (2, 0, "Answer the 2 needed"),
        (0, 1, "Say why for one"),
        (2, 1, "Answer the 2 needed, say why for one"),
        (1, 3, "Answer the one needed, say why for 3"),
    ],
)
def test_the_reviews_button_counts_what_its_headings_count(needed: int, reasons: int, says: str) -> None:
    """A reason is asked for under a heading of its own: one sum would fit neither."""
    assert said.answer_needed(needed, reasons) == says


@pytest.mark.parametrize(
    ("now", "says"),
    [
        ("He got into a grey car.", "now says “He got into a grey car.” Change it"),
        ("Yes", "now says “Yes”. Change it"),
        ("", "no longer answers this. Change it"),
    ],
)
def test_what_is_quoted_ends_once(now: str, says: str) -> None:
    """`“… a grey car.”. Change it` ended twice."""
    assert says in draft_words.says_now([now] if now else [])


def test_a_wrong_pin_is_said_where_the_pin_is_typed(officer: OnShift) -> None:
    """And the dots are gone, for another try."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            await entering.lock(model)
            await app.settle()
            for digit in "019283":
                await app.tap(f"digit.{digit}")
            await app.tap("unlock")
            assert model.at is At.LOCK
            assert app.says("tries")
            assert app.at("pin.typed").label == said.digits(0)
            await entering.unlock(model, "582014")

    journey(walk)
