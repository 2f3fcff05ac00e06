"""What went as an emergency says so wherever it is listed, and what it still lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import flet as ft
import pytest

from booklets.answers import Moment
from field_app.store.outbox import Outbox
from field_app.ui.places import At
from tests.support.builders import a_return, an_id
from tests.support.handsets import OnShift, an_offline_shift
from tests.support.queues import a_review
from tests.support.screens import Screens, journey
from tests.support.standing import MORE_STATES, standing_at
from tests.support.tabletop import at_the_queue, hears

WHY = "She may go again before anyone looks."


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal, who has sent nothing yet."""
    with an_offline_shift(tmp_path) as found:
        yield found


async def sends_as_an_emergency(app: Screens) -> None:
    """From the review, with the reason in the officer's own words."""
    await app.tap("emergency")
    await app.type("emergency.reason", WHY)
    await app.tap("emergency.send")


def notice(app: Screens) -> list[str]:
    """What the notice of the emergency says."""
    said = Screens.walk(app.at("sent.emergency"))
    return [one.value for one in said if isinstance(one, ft.Text)]


def row(app: Screens) -> str:
    """What was sent last, as the worklist has it."""
    [name] = [one for one in app.identifiers() if one.startswith("sent.")][:1]
    return str(app.at(name).label)


def test_what_went_as_an_emergency_says_so_and_what_is_still_to_be_answered(officer: OnShift) -> None:
    """Whoever sent it in a hurry comes back to it, and has to see at a glance that it is not whole."""

    async def walk() -> None:
        async with standing_at(At.REVIEW, officer) as (app, model):
            await sends_as_an_emergency(app)
            left = model.home.parcels[0].left_open
            assert len(left) > 1
            title, under = notice(app)
            assert title == "Sent as an emergency"
            assert under.startswith(f"Still to be answered ({len(left)}): ")
            assert "Does Amy Brook need a doctor or nurse? ·" in under
            assert under.endswith(f" · and {len(left) - 6} more")
            await app.tap("home")
            assert f"sent as an emergency, {len(left)} still to be answered" in row(app)

    journey(walk)


def test_an_emergency_without_signal_does_not_say_that_it_goes_now(officer: OnShift) -> None:
    """Whoever believes that somebody has it does not use the radio."""

    async def walk() -> None:
        async with standing_at(At.REVIEW, officer) as (app, model):
            model.line = replace(model.line, heard_at=model.now)
            await app.tap("emergency")
            assert app.says("It goes now, with what is missing marked")
            assert app.at("emergency.send").label == "Send now"
            model.line = replace(model.line, silent_since=model.now)
            model.redraw()
            await app.settle()
            assert not app.says("It goes now, with what is missing marked")
            assert app.at("emergency.send").label == "Send", "nor does its button"
            assert app.says("Until then nobody has been told: use the radio, or ring.")

    journey(walk)


def test_an_emergency_before_the_force_was_heard_does_not_say_so_either(officer: OnShift) -> None:
    """Just unlocked: that nothing has failed yet is no signal."""

    async def walk() -> None:
        async with standing_at(At.REVIEW, officer) as (app, _):
            await app.tap("emergency")
            assert app.says("Until then nobody has been told: use the radio, or ring.")

    journey(walk)


def test_without_signal_the_way_to_the_council_says_when_it_is_told(officer: OnShift) -> None:
    """It would be untrue that they hear of it now, and the call would not be made."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            session = model.open_session()
            model.line = replace(model.line, heard_at=model.now)
            session.put("ret.found_at", Moment(model.now))
            model.open_field("ret.found_at")
            await app.settle()
            assert app.says("Tell the council now: send “found”")
            model.line = replace(model.line, silent_since=model.now)
            model.redraw()
            await app.settle()
            assert app.says("Send “found”: it tells the council once there is signal")

    journey(walk)


def test_what_went_whole_says_nothing_of_an_emergency(officer: OnShift) -> None:
    """A reason was never asked for."""
    at, state = MORE_STATES["sent-whole"]

    async def walk() -> None:
        async with standing_at(at, officer, state=state) as (app, _):
            assert not app.has("sent.emergency")
            await app.tap("home")
            assert "sent as an emergency" not in row(app)

    journey(walk)


def test_once_the_copy_is_gone_it_says_how_much_is_open_and_names_no_question(officer: OnShift) -> None:
    """What was asked says something about the child, and that is no longer readable here."""

    async def walk() -> None:
        async with standing_at(At.REVIEW, officer) as (app, model):
            await sends_as_an_emergency(app)
            later = officer.handset.clock.now() + timedelta(hours=2)
            officer.on_keeper(lambda: Outbox(officer.shift._vault.db).erase_due(now=later))
            model.home = officer.shift.home()
            model.redraw()
            await app.settle()
            assert notice(app) == [
                "Sent as an emergency",
                f"Still to be answered: {len(model.home.parcels[0].left_open)}",
            ]

    journey(walk)


def test_what_has_gone_on_since_no_longer_says_what_it_lacked(officer: OnShift) -> None:
    """The revision after it has the answers; that the first went as an emergency stays true."""

    async def walk() -> None:
        async with standing_at(At.REVIEW, officer) as (app, model):
            await sends_as_an_emergency(app)
            first = model.home.parcels[0]
            second = replace(
                first,
                emergency=False,
                left_open=(),
                items=tuple(replace(one, rev=2) for one in first.items),
            )
            model.home = replace(model.home, parcels=(second, first))
            model.redraw()
            await app.settle()
            assert not app.has("sent.emergency")
            await app.tap("home")
            model.home = replace(model.home, parcels=(second, first))
            model.redraw()
            await app.settle()
            rows = [str(app.at(one).label) for one in app.identifiers() if one.startswith("sent.")]
            assert [("emergency" in one, "still to be answered" in one) for one in rows] == [
                (False, False),
                (True, False),
            ]

    journey(walk)


def test_what_went_as_an_emergency_says_so_in_the_list(officer: OnShift) -> None:
    """Also where something graver stands beside it, which is named instead of it."""

    async def walk() -> None:
        async with at_the_queue(officer) as (app, model, tablet):
            rushed = a_return(record=an_id("record rushed"), encounter=an_id("encounter rushed"))
            tablet.hears(a_review(rushed, risk=1, flags={"overrides": ["R-08"]}))
            await hears(app, model, tablet)
            await app.tap("show_new")
            said = str(app.at(f"case.{an_id('encounter rushed')}").label)
            assert "Sent as an emergency" in said
            other = next(one for one in model.home.cases if one.encounter != str(an_id("encounter rushed")))
            assert "emergency" not in str(app.at(f"case.{other.encounter}").label)

    journey(walk)
