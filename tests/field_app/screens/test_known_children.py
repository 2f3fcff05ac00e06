"""The children known here on the handheld: listed, read before knocking, taken over, and forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from field_app.capture.taking_over import suggested_link, taken_in
from field_app.store.shift_pack import ShiftPackStore
from field_app.ui import known_words as words
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.builders import an_id
from tests.support.handsets import OnShift
from tests.support.screens import Screens, journey
from tests.support.shift_packs_told import a_child, amy, arrived
from tests.support.standing import standing_at

pytestmark = pytest.mark.thorough
AMY = an_id("child Amy Brook")


@pytest.fixture(autouse=True)
def nothing_told_yet(officer: OnShift) -> None:
    """Each test begins with a shift of which the force has told nothing."""
    officer.on_keeper(officer.shift._known.forget)


def told(officer: OnShift, *children: Mapping[str, Any], stream: str = "pack of tonight") -> datetime:
    """The force has told of these children, for a shift of ten hours more."""
    until = officer.handset.clock.now() + timedelta(hours=10)
    shift = officer.shift
    officer.on_keeper(lambda: shift._known.take(arrived(*children, stream=stream), until))
    return until


async def at_home(app: Screens, model: Model) -> None:
    """The worklist, read anew."""
    await model.go_home()
    await app.settle()


def test_who_is_missing_is_one_tap_from_the_worklist_and_a_name_finds_the_others(officer: OnShift) -> None:
    """Missing first; how new it is and when it is forgotten stands there."""
    told(officer, amy(), a_child("Noor", "Haddad"), a_child("Cal", "Dunne"))

    async def walk() -> None:
        async with standing_at(At.HOME, officer) as (app, model):
            await at_home(app, model)
            assert app.says("Missing now: 1")
            await app.tap("known")
            rows = [one for one in app.identifiers() if one.startswith("known.") and "-" in one]
            assert rows[0] == f"known.{AMY}"
            assert "Forgotten on this phone at the end of your shift" in " ".join(app.texts())

            await app.type("known.find", "nour hadad")
            assert app.says("Noor Haddad")
            assert not app.has(f"known.{AMY}")
            await app.type("known.find", "zzz")
            assert app.says(words.NOBODY_FITS)
            await app.tap("back")
            assert model.at is At.HOME

    journey(walk)


def test_the_card_says_the_plan_first_then_where_found_and_whom_to_ring(officer: OnShift) -> None:
    """What an officer reads on the way."""
    told(officer, amy())

    async def walk() -> None:
        async with standing_at(At.HOME, officer) as (app, model):
            await at_home(app, model)
            await app.tap("known")
            await app.tap(f"known.{AMY}")
            drawn = [one for one in app.identifiers() if one.startswith("card.")]
            found = next(at for at, one in enumerate(drawn) if one.startswith("card.found"))
            assert drawn[0] == "card.trg.why_words"
            assert drawn.index("card.trg.first_hour") < drawn.index("card.mis.last_seen_at") < found
            assert str(app.at("card.trg.first_hour").label) == (
                "In the first hour: Ring Nan June, then the arcade (First officer, within 10 min)"
            )
            assert app.says("Cornelian Drive, Scarborough")
            assert app.says("01632 960377")
            assert "card.ring.control_room" in drawn
            assert "suspected of exploiting the child" in " ".join(app.texts())
            await app.tap("known.close")
            assert model.at is At.KNOWN

    journey(walk)


def test_a_record_about_a_known_child_takes_over_what_an_officer_confirms(officer: OnShift) -> None:
    """Each fact says that it is the force's; the child stays a mention, with the link as a suggestion."""
    told(officer, amy())

    async def walk() -> None:
        async with standing_at(At.HOME, officer) as (app, model):
            await at_home(app, model)
            await model.start("return_check")
            await app.settle()
            assert model.open_session().value("person.surname") is None
            await app.tap("known.offer")
            await app.tap("known.nobody")
            assert (model.at, model.open_session().value("person.surname")) == (At.PAGE, None)
            await app.tap("known.offer")
            await app.tap(f"known.{AMY}")
            assert model.open_session().value("person.surname") is None
            await app.tap("known.this")

            session = model.open_session()
            child = session.encounter.child()
            assert (model.at, session.value("person.surname")) == (At.PAGE, "Brook")
            assert child is not None
            assert child.id != AMY
            assert suggested_link(child) == AMY
            assert str(session.encounter.episode) == amy()["told"][1]["episode"]
            assert app.says("From the force, 14 March 2026")

            await app.tap("known.another")
            assert session.value("person.surname") is None
            assert str(session.encounter.episode) != amy()["told"][1]["episode"]

    journey(walk)


def test_a_name_that_is_typed_is_offered_and_never_taken_by_itself(officer: OnShift) -> None:
    """The row above the questions asks whether it is she; it stands where it stood."""
    told(officer, amy())

    async def walk() -> None:
        async with standing_at(At.HOME, officer) as (app, model):
            await at_home(app, model)
            await model.start("missing")
            await app.settle()
            model.put("person.known_as", "Amy")
            model.put("person.surname", "Brock")
            model.open_page(model.page)
            await app.settle()
            assert app.says("Is it Amy Brook, girl, 15?") or app.says("Is it Amy Brook, girl, 14?")
            await app.tap("known.offer")
            await app.tap("known.not")
            assert model.open_session().value("person.surname") == "Brock"
            await app.tap("known.offer")
            await app.tap("known.this")
            assert model.open_session().value("person.surname") == "Brock"
            assert model.open_session().value("person.dob") == "2011-02-19"

    journey(walk)


def test_at_the_end_of_the_shift_nothing_of_it_is_left(
    officer: OnShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither on the screen nor in the vault, once the clock has gone on."""
    until = told(officer, amy())

    async def walk() -> None:
        async with standing_at(At.HOME, officer) as (app, model):
            await at_home(app, model)
            store = ShiftPackStore(officer.shift._vault.db)
            assert officer.on_keeper(store.children)
            monkeypatch.setattr(officer.shift._known, "_now", lambda: until)
            await at_home(app, model)
            assert app.says(f"{words.TITLE}: 0")
            assert officer.on_keeper(store.children) == []

    journey(walk)


def test_a_session_that_ends_takes_it_along(officer: OnShift) -> None:
    """Who signs out, or is signed out by the force, knows nothing of it any more."""
    told(officer, amy())
    officer.shift._sessions.ended()

    assert officer.on_keeper(ShiftPackStore(officer.shift._vault.db).children) == []
    assert officer.shift.home().known.children == ()


def test_what_is_gone_goes_and_another_shift_begins_anew(officer: OnShift) -> None:
    """A changed child costs one row; those of another shift are not mixed with tonight's."""
    told(officer, amy(), a_child("Noor", "Haddad"))
    gone = {"kind": "shift_pack", "child": str(AMY), "as_of": amy()["as_of"], "gone": True}

    told(officer, gone)
    assert [one.word("known_as") for one in officer.shift.home().known.children] == ["Noor"]
    told(officer, a_child("Cal", "Dunne"), stream="pack of another night")
    assert [one.word("known_as") for one in officer.shift.home().known.children] == ["Cal"]


def test_where_the_officer_and_the_force_differ_both_are_shown_and_both_are_sent(officer: OnShift) -> None:
    """R-55: the control room says there is no plan; the force has one. The officer decides."""
    told(officer, amy())

    async def walk() -> None:
        async with standing_at(At.HOME, officer) as (app, model):
            await at_home(app, model)
            await model.start("missing")
            await app.settle()
            await app.tap("known.offer")
            await app.tap(f"known.{AMY}")
            await app.tap("known.this")
            session = model.open_session()
            model.open_field("mis.trigger_plan")
            await app.settle()
            assert app.has("mis.trigger_plan.line.R-55:mis.trigger_plan.use")

            model.put("mis.trigger_plan", "no")
            model.look_and_draw()
            await app.settle()
            assert any("The force has: Yes, not seen yet" in one for one in app.texts())
            assert session.value("mis.trigger_plan") == "no"
            await app.tap("mis.trigger_plan.line.R-55:mis.trigger_plan.keep")
            assert "Yes, not seen yet" in session.encounter.reasons["R-55:mis.trigger_plan"]

            model.put("person.surname", "Brooke")
            assert taken_in(session.encounter.child())["person.surname"].value == "Brook"

    journey(walk)


def test_the_teams_review_is_offered_what_the_force_has_counted(officer: OnShift) -> None:
    """B.13: how often in 90 days, and what stands out, are counted; the team may say otherwise."""
    told(officer, amy())
    shift = officer.shift
    shift.officer = replace(shift.officer, roles=("mhet",))

    async def walk() -> None:
        async with standing_at(At.HOME, officer) as (app, model):
            await at_home(app, model)
            await model.start("mhet_review")
            await app.settle()
            await app.tap("known.offer")
            await app.tap(f"known.{AMY}")
            await app.tap("known.this")
            session = model.open_session()
            model.open_field("mh.episode_no_in_90d")
            await app.settle()
            for question in ("mh.episode_no_in_90d", "mh.flags"):
                await app.tap(f"{question}.line.R-55:{question}.use")
            assert session.value("mh.episode_no_in_90d") == str(amy()["times"]["90"])
            assert session.value("mh.flags") == ("often_missing",)

            model.put("mh.flags", ("often_missing", "exploitation"))
            model.look_and_draw()
            await app.settle()
            assert not app.has("mh.flags.line.R-55:mh.flags.keep"), "more than the force has is no quarrel"

    journey(walk)
