"""Before the vault opens: a handheld that opens for nobody, and a PIN that was forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from field_app.handset.access import Closed
from field_app.sync.locked import READY, KeyAsked
from field_app.ui import entering, locked, screen_words
from field_app.ui import locked_words as words
from field_app.ui.places import At
from field_app.vault.errors import SecretsNotKept
from tests.support.handsets import GUIDE, OnShift, an_offline_shift, found_child
from tests.support.screens import journey
from tests.support.standing import MORE_STATES, standing_at


@pytest.mark.parametrize("why", [why for why in Closed if why])
def test_a_closed_handheld_says_what_happened_what_is_kept_and_whom_to_ring(
    officer: OnShift, why: Closed
) -> None:
    """In words, with one thing to do."""

    async def walk() -> None:
        at, state = MORE_STATES[f"closed-{why.value}"]
        async with standing_at(at, officer, state=state) as (app, _):
            for said in (words.TITLES[why], words.HAPPENED[why], words.KEPT[why], "Ring 01632 960108"):
                assert app.says(said), said
            assert app.has("set_up_again") is (why is Closed.WIPED)
            assert app.has("try_force") is (why is not Closed.WIPED)
            assert app.has("left") is (why is not Closed.WIPED)

    journey(walk)


def test_the_pad_leads_to_what_is_kept_and_to_whoever_can_help(tmp_path: Path) -> None:
    """Nothing is asked by looking; without signal the question is refused in words and everything stays."""
    with an_offline_shift(tmp_path) as officer:
        found_child(officer.shift.start(GUIDE))
        officer.handset.lock()

        async def walk() -> None:
            async with standing_at(At.LOCK, officer) as (app, model):
                await app.tap("forgotten")
                for said in (words.ALL_KEPT, *words.STEPS):
                    assert app.says(said), said
                await locked.ask(model)
                await app.settle()
                assert (app.has("notice"), app.has("recovery_code")) == (True, False)
                await app.tap("back")
                assert app.has("unlock")

        journey(walk)


def test_while_two_have_to_agree_the_code_stands_there_to_be_read_out(officer: OnShift) -> None:
    """And how far it has come, in words."""

    async def walk() -> None:
        for state in ("asked", "approved_once"):
            at, stand = MORE_STATES[f"forgotten-{state}"]
            async with standing_at(at, officer, state=stand) as (app, _):
                assert app.says("K7QP-3M9X")
                assert app.at("busy").label == words.WAITING[state]
        at, stand = MORE_STATES["forgotten-refused"]
        async with standing_at(at, officer, state=stand) as (app, _):
            assert app.says(words.OVER["refused"])
            assert app.has("ask_again")

    journey(walk)


def test_once_they_agree_the_screen_asks_for_a_new_pin(officer: OnShift) -> None:
    """By itself, and two that differ set nothing."""

    async def walk() -> None:
        at, stand = MORE_STATES["forgotten-asked"]
        async with standing_at(at, officer, state=stand) as (app, model):
            assert model.forgotten is not None
            ready = KeyAsked(READY, "K7QP-3M9X", model.now, 1, b"sealed")
            locked._heard(model, model.forgotten, ready)
            await app.settle()
            assert model.at is At.NEW_PIN
            assert app.says(words.NEW_PIN)
            for digits in ("710583", "710584"):
                for digit in digits:
                    await app.tap(f"digit.{digit}")
                await app.tap("pin.next")
            assert app.has("notice")
            assert model.at is At.NEW_PIN

    journey(walk)


@pytest.mark.parametrize(
    ("pin", "why"),
    [("1234", "at least 6 digits"), ("123456", "people guess first"), ("", "at least 6 digits")],
)
def test_a_pin_is_judged_before_it_is_given_a_second_time(officer: OnShift, pin: str, why: str) -> None:
    """Nobody types one twice to hear that it is too short; a better one goes on, and the remark goes."""

    async def walk() -> None:
        async with standing_at(At.CHOOSE_PIN, officer) as (app, _):
            for digit in pin:
                await app.tap(f"digit.{digit}")
            await app.tap("pin.next")
            assert app.says(why)
            assert app.says(screen_words.CHOOSE_PIN)
            assert app.at("pin.typed").label == screen_words.digits(0)

            for digit in "710583":
                await app.tap(f"digit.{digit}")
            await app.tap("pin.next")
            assert app.says(screen_words.PIN_AGAIN)
            assert not app.says(why)
            await app.tap("pin.next")
            assert app.says(screen_words.PIN_AGAIN_FIRST)

    journey(walk)


def test_it_is_said_before_that_it_will_close_for_want_of_contact(officer: OnShift) -> None:
    """On the pad, with how long there still is."""

    async def walk() -> None:
        at, stand = MORE_STATES["lock-closing-soon"]
        async with standing_at(at, officer, state=stand) as (app, _):
            assert app.has("closes_soon")
            assert app.says(words.closes_soon(timedelta(days=2)))

    journey(walk)
    assert "2 days" in words.closes_soon(timedelta(days=2))
    assert "5 hours" in words.closes_soon(timedelta(hours=5))
    assert "In 1 hour " in words.closes_soon(timedelta(minutes=20))
    assert words.closes_soon(None) == ""


def test_an_order_takes_whoever_looks_at_a_record_to_the_screen_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the record stays on the screen's side, and once it is let go of it is written over."""
    with an_offline_shift(tmp_path) as officer:
        found_child(officer.shift.start(GUIDE))
        handset, written_over = officer.handset, []

        async def walk() -> None:
            async with standing_at(At.PAGE, officer) as (app, model):
                sweep = handset.forget_what_was_on_screen

                def noted() -> None:
                    written_over.append((model.at, model.session))
                    sweep()

                monkeypatch.setattr(handset, "forget_what_was_on_screen", noted)
                model.standing = replace(handset.standing(), closed=Closed.NOT)
                handset.watch.carry_out(wipe=True)
                handset._secrets.set("device.order", '{"device": "dev-7", "number": 1, "cmd": "wipe"}')
                await entering.access_changed(model)
                await app.settle()
                assert (model.at, model.session, handset.shift) == (At.CLOSED, None, None)
                assert app.says(words.TITLES[Closed.WIPING])
                assert written_over == [(At.CLOSED, None)]

        journey(walk)


def test_a_key_store_that_answers_no_more_leaves_no_record_on_a_locked_handheld(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the vault is closed, the pad stands there, whatever else cannot be read or written down."""
    with an_offline_shift(tmp_path) as officer:
        found_child(officer.shift.start(GUIDE))
        handset = officer.handset

        def full(*_: object) -> None:
            raise SecretsNotKept

        async def walk() -> None:
            async with standing_at(At.PAGE, officer) as (app, model):
                model.standing = handset.standing()
                with monkeypatch.context() as disk:
                    disk.setattr(officer.secrets, "set", full)
                    disk.setattr(officer.secrets, "get", full)
                    await entering.lock(model)
                await app.settle()
                assert (model.at, model.session, handset.shift) == (At.LOCK, None, None)

        journey(walk)
