"""Who exploits children, and places they are met at, are looked at again on the day that was set (C.6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from booklets.answers import Answer, frozen
from booklets.duties import title_of
from booklets.forms import Stage
from booklets.records import Record, reference_of
from sync_server.across import look
from sync_server.context import Context
from sync_server.db.owed import task
from tests.support.again import of
from tests.support.builders import NIGHT, a_header, a_person, a_place, an_id
from tests.support.colleagues import Colleague
from tests.support.server_data import Clock, Handheld, rows

PAGES = [("exp", "review_exploiter"), ("hot", "review_place")]
DEAN, HOTEL = an_id("Dean"), an_id("the hotel")


def a_page(form: str, days: int, name: str = "page", **header: Any) -> Record:
    """What the team keeps about an adult or a place, to be looked at again so many days on."""
    said: dict[str, Answer] = {f"{form}.review_due": (NIGHT + timedelta(days=days)).date().isoformat()}
    about = (
        a_person(DEAN, given_names="Dean", surname="Foster-Test", dob="1990-01-01")
        if form == "exp"
        else a_place(HOTEL, name="Old Grand", street="1 Invented Street", place_type="hotel")
    )
    said["exp.person" if form == "exp" else "hot.place"] = (
        (str(about.id),) if form == "exp" else str(about.id)
    )
    ids = {"record": an_id(f"{form} {name}"), "encounter": an_id(f"{form} {name} begun"), **header}
    return Record(
        header=replace(a_header(form, **ids), subject=None),
        stage=Stage.COMPLETE,
        answers=frozen(said),
        entities=(about,),
    )


def later(officer: Colleague, clock: Clock, days: float) -> None:
    """It is so many days after the night, and the officer is on shift."""
    clock.at = NIGHT + timedelta(days=days)
    Handheld.signed_in(officer.handheld, officer.handheld.officer, before=True)


def stands(context: Context, kind: str) -> list[tuple[str, str]]:
    """How what was asked for stands, and what ended it."""
    return [(str(one["status"]), str(one["outcome"])) for one in rows(context, task) if one["kind"] == kind]


@pytest.mark.parametrize(("form", "kind"), PAGES)
def test_the_day_that_passed_is_asked_about_once(
    context: Context, officer: Colleague, clock: Clock, form: str, kind: str
) -> None:
    """Not on the day itself; and not again each time somebody looks across."""
    officer.sent(a_page(form, 31))
    clock.at = NIGHT + timedelta(days=31)
    look(context)
    assert stands(context, kind) == []

    clock.at = NIGHT + timedelta(days=33)
    look(context)
    look(context)
    assert stands(context, kind) == [("open", "")]
    assert "again" in title_of(kind)


@pytest.mark.parametrize(("form", "kind"), PAGES)
def test_a_revision_with_a_later_day_ends_it(
    context: Context, officer: Colleague, clock: Clock, form: str, kind: str
) -> None:
    """Looked at: until the next day it holds."""
    page = officer.sent(a_page(form, 31))
    later(officer, clock, 33)
    look(context)
    day = (NIGHT + timedelta(days=62)).date().isoformat()
    officer.revises(page, {f"{form}.review_due": day})
    look(context)
    assert stands(context, kind) == [("done", f"{form.upper()} {reference_of(of(page))}")]

    clock.at = NIGHT + timedelta(days=64)
    look(context)
    assert [status for status, _ in stands(context, kind)] == ["done", "open"]


def test_a_newer_page_about_the_same_adult_ends_it_too(
    context: Context, officer: Colleague, clock: Clock
) -> None:
    """Written anew by somebody who did not find the first."""
    officer.sent(a_page("exp", 31))
    later(officer, clock, 33)
    look(context)
    officer.sent(a_page("exp", 62, "second page"))
    look(context)
    assert [status for status, _ in stands(context, "review_exploiter")] == ["done"]
