"""What was sent says whether the council has been told, and the call stands there until it has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from booklets.answers import instant, rows_of
from field_app.handset.home import told_of_each
from field_app.ui.places import At
from tests.support.handsets import OnShift
from tests.support.screens import journey
from tests.support.seldom import received
from tests.support.standing import standing_at

TOLD = "ret.la_informed"
OTHERS = ("control_room", "fim", "cii", "sergeant", "mhet", "placing_la")


def test_the_call_to_the_council_stays_until_it_was_told(officer: OnShift) -> None:
    """The force has it, and the council does not yet: the number stands there until it does."""

    async def walk() -> None:
        async with standing_at(At.SENT, officer) as (app, model):
            parcel = received(model.home.parcels[0], model.now)
            model.home = replace(model.home, parcels=(parcel,))
            model.redraw()
            await app.settle()
            assert str(app.at("step.council").label).endswith("not yet")
            assert app.says("Ring the council’s duty team 01632")

            news = {parcel.items[0].record: {"council_told_at": instant(model.now)}}
            model.home = replace(model.home, told=news)
            model.redraw()
            await app.settle()
            assert not app.has("ring")

    journey(walk)


def test_when_the_council_was_told_first_stays_beside_when_it_was_told_again(officer: OnShift) -> None:
    """The hour that counts is the first one, and a later revision is told as well."""

    async def walk() -> None:
        async with standing_at(At.SENT, officer) as (app, model):
            parcel = received(model.home.parcels[0], model.now)
            record = parcel.items[0].record
            for told, says in (("21:10", "21:10"), ("22:05", "21:10, again 22:05")):
                body = {"state": "council_told", "council_told_at": f"2026-03-14T{told}:00Z"}
                heard.append({"kind": "status", "record": record, "content": body})
                model.home = replace(model.home, parcels=(parcel,), told=told_of_each(heard))
                model.redraw()
                await app.settle()
                assert str(app.at("step.council").label).endswith(f"· {says}")

    heard: list[dict[str, Any]] = []
    journey(walk)


def test_of_a_missing_report_no_return_is_told_and_nobody_is_rung_about_one(officer: OnShift) -> None:
    """The step and the call belong to a child who is back."""

    async def walk() -> None:
        async with standing_at(At.SENT, officer) as (app, model):
            parcel = replace(received(model.home.parcels[0], model.now), guide="missing")
            model.home = replace(model.home, parcels=(parcel,))
            model.redraw()
            await app.settle()
            assert app.has("step.received")
            assert not app.has("step.council")
            assert not app.has("ring")

    journey(walk)


def test_the_duty_team_stands_first_where_the_council_is_to_be_told(officer: OnShift) -> None:
    """At night, with one hand: nobody scrolls past police teams to the one that has to be rung."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            model.open_field(TOLD)
            model.put(TOLD, None)
            await app.settle()
            who = f"{TOLD}.0.with"
            if not app.has(f"{who}.find"):
                await app.tap(f"{TOLD}.add")

            def offered() -> list[str]:
                chosen = (one.removeprefix(f"{who}.") for one in app.identifiers() if one.startswith(who))
                return [one for one in chosen if one.startswith(("edt", "csc")) or one in OTHERS]

            duty = ["edt_north_yorkshire", "edt_york"]
            assert offered()[:2] == duty
            for typed in ("council", "edt", "social", "duty team"):
                await app.type(f"{who}.find", typed)
                assert offered()[:2] == duty, typed
                assert "control_room" not in offered()
            await app.tap(f"{who}.edt_york")
            (row,) = rows_of(model.open_session().value(TOLD))
            assert row["with"] == "edt_york"

    journey(walk)
