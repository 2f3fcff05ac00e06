"""This phone: hand, look and letters are chosen from the menu, count at once, and are kept."""

from __future__ import annotations

import flet as ft
import pytest

from field_app.handset import comfort
from field_app.handset.comfort import Comfort, read_comfort
from field_app.ui import comfort_words, motion, theme
from field_app.ui.places import At
from field_app.ui.window import window_on
from tests.support.handsets import OnShift
from tests.support.screens import AS_IT_CAME, Screens, journey, running
from tests.support.standing import CAME_BACK, standing_at


@pytest.fixture(autouse=True)
def as_delivered(officer: OnShift) -> None:
    """Nobody has chosen anything on this phone yet."""
    (officer.folder / comfort.KEPT_IN).unlink(missing_ok=True)


def places(app: Screens, *identifiers: str) -> list[int]:
    """Where these stand among everything on screen, from left to right in one line."""
    order = app.identifiers()
    return [order.index(one) for one in identifiers]


def test_the_menu_leads_there_says_what_is_chosen_and_it_is_kept(officer: OnShift) -> None:
    """Two touches from home, each choice at once."""

    async def walk() -> None:
        async with standing_at(At.MENU, officer) as (app, model):
            assert app.says("Like the phone · Right hand · As large as the phone has them")
            await app.tap("this_phone")
            for chosen in ("look.contrast", "hand.left", "letters.150"):
                await app.tap(chosen)
                assert app.at(chosen).selected
            await app.tap("back")
            assert app.says("High contrast · Left hand · At least half as large again")
            assert model.at is At.MENU

    journey(walk)
    assert read_comfort(officer.folder) == Comfort(look="contrast", left_handed=True, letters=150)


def test_the_left_hand_has_the_menu_the_lock_and_the_main_action_on_its_own_side(officer: OnShift) -> None:
    """The mirror image of every screen, without a screen having to know."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            assert places(app, "back", "menu") == sorted(places(app, "back", "menu"))
            assert places(app, "status", "lock") == sorted(places(app, "status", "lock"))
            model.suit(Comfort(left_handed=True))
            await app.settle()
            assert places(app, "menu", "back") == sorted(places(app, "menu", "back"))
            assert places(app, "lock", "status") == sorted(places(app, "lock", "status"))

    journey(walk)


def test_the_left_hand_steps_through_a_sergeants_questions_on_its_own_side(officer: OnShift) -> None:
    """The steps lie before the words they belong to."""

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=CAME_BACK) as (app, model):
            model.suit(Comfort(left_handed=True))
            await app.settle()
            card = next(one for one in app.identifiers() if one.startswith("returned."))
            await app.tap(card)
            assert places(app, "asked.next", "asked.here") == sorted(places(app, "asked.next", "asked.here"))

    journey(walk)


def test_larger_letters_are_wanted_here_where_the_phone_has_small_ones(officer: OnShift) -> None:
    """And never larger than the larger of the two."""

    def size(app: Screens) -> float:
        [title] = [one for one in app.all(ft.Text) if one.value == comfort_words.HELP]
        assert isinstance(title.style, ft.TextStyle)
        return float(title.style.size or 0)

    async def walk() -> None:
        async with standing_at(At.THIS_PHONE, officer) as (app, _):
            assert size(app) == theme.NOTE.size
            await app.tap("letters.200")
            assert size(app) == 2 * float(theme.NOTE.size or 0)
            await app.letters_at_200()
            assert size(app) == theme.NOTE.size, "the phone's own letters are as large by now"

    journey(walk)


def test_what_cannot_be_kept_is_said_and_counts_until_the_app_is_closed(
    officer: OnShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full: what was wrong, what holds."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async def walk() -> None:
        async with standing_at(At.THIS_PHONE, officer) as (app, model):
            monkeypatch.setattr("field_app.handset.device.keep_comfort", full)
            await app.tap("hand.left")
            assert app.says(comfort_words.KEPT_ONLY_NOW)
            assert model.left_handed

    journey(walk)


def test_a_tablet_does_not_call_itself_a_phone(officer: OnShift) -> None:
    """Not in the choices either."""

    async def walk() -> None:
        async with standing_at(At.THIS_PHONE, officer, width=1024, height=768) as (app, _):
            assert app.says("Like the device")
            assert not any("phone" in said for said in app.texts())

    journey(walk)


@pytest.mark.parametrize(
    ("kept", "asks", "shown"),
    [
        (Comfort(), False, theme.LIGHT),
        (Comfort(), True, theme.CONTRAST_LIGHT),
        (Comfort(look="light"), True, theme.LIGHT),
        (Comfort(look="contrast"), False, theme.CONTRAST_LIGHT),
    ],
)
def test_a_window_opens_as_the_device_is_set_and_takes_over_the_phones_high_contrast(
    officer: OnShift, kept: Comfort, asks: bool, shown: theme.Palette
) -> None:
    """Also before anybody has unlocked; what was chosen here wins."""
    comfort.keep_comfort(officer.folder, kept)

    async def walk() -> None:
        phone = AS_IT_CAME | {"high_contrast": asks}
        async with running(window_on(officer.handset), replies={"get_accessibility_features": phone}) as app:
            assert motion.asks_for_contrast(app.page) is asks
            assert app.page.theme is not None
            assert app.page.theme.color_scheme == theme.theme(shown).color_scheme

    journey(walk)
