"""Reviewing records before anything is destroyed, at the console (S-09)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from booklets.records import Record
from sync_server.audit import entries_of
from sync_server.db.retained import destroyed
from sync_server.identity.accounts import Role
from sync_server.notices import reference_of
from sync_server.retention import look
from tests.support.devices import Browser
from tests.support.kept_for_years import MARKER, Years
from tests.support.server_data import count
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import words_of

HERE = "/retention"
WORDS = "Read both records: he came home by himself, and nothing was heard of him since."


@dataclass
class Desk:
    """Somebody who manages records at a desk, six years after a child's night; and a night of last year."""

    server: LiveServer = field(repr=False)
    years: Years = field(repr=False)
    browser: Browser = field(repr=False)
    night: Record = field(repr=False)
    newer: Record = field(repr=False)
    keeper: str

    @property
    def file(self) -> str:
        """The page of the night that is due."""
        found = re.search(r'href="(/retention/[^"]+)"', self.browser.open(HERE).text)
        assert found
        return found[1]

    def says(self, kind: str, path: str = "", **fields: str) -> httpx.Response:
        """Fill in one of the forms of the page and send it."""
        page = path or self.file
        hidden = self.browser.hidden_in(self.browser.open(page).text)
        told = {name: hidden[name] for name in ("form_token", "seen")}
        return self.browser.http.post(page, data={**told, "kind": kind, "words": WORDS, **fields})


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The desk."""
    with a_server(tmp_path, no_hurry()) as server:
        years = Years.of(server.context, server.clock)
        night = years.night()
        years.clock.at += timedelta(days=365 * 5)
        for one in (years.officer, years.sergeant):
            one.comes_on_shift()
        newer = years.night("Kay")
        years.pass_(6)
        look(server.context)
        keeper = server.add_account("ms.keep", Role.RECORDS)
        with Browser(server.url) as browser:
            browser.sign_in("ms.keep")
            yield Desk(server, years, browser, night, newer, keeper)


def test_what_is_due_stands_there_and_nothing_else_can_be_read(desk: Desk) -> None:
    """Who manages records reads those, and of no other child so much as the name."""
    listed = words_of(desk.browser.open(HERE).text)
    due, not_due = (f"/records/{one.header.record}" for one in (desk.night, desk.newer))

    assert MARKER in listed
    assert "Kay" not in listed
    assert desk.browser.open(due).status_code == 200
    assert desk.browser.open(not_due).status_code == 404
    assert "Kay" not in desk.browser.open(f"{HERE}/{desk.newer.header.record}").text
    assert desk.browser.open("/register").status_code == 403


@pytest.mark.thorough
def test_that_it_was_read_is_written_down(desk: Desk) -> None:
    """With every record of it."""
    desk.browser.open(desk.file)
    with desk.server.context.store.read() as db:
        noted = entries_of(db, f"account:{desk.keeper}")[-1]

    assert noted["what"] == "retention read"
    assert str(desk.night.header.record) in noted["detail"]["records"]


@pytest.mark.thorough
def test_it_is_kept_until_a_day_with_a_reason(desk: Desk) -> None:
    """Then it is due again, and not before."""
    lacks = desk.says("kept", why="child_at_risk")
    too_far = desk.says("kept", why="child_at_risk", until="2040-01-01")
    kept = desk.says("kept", why="child_at_risk", until="2034-06-01")

    assert lacks.status_code == 422
    assert "Give a day to come" in words_of(lacks.text)
    assert WORDS in lacks.text
    assert "longer than the force keeps it" in words_of(too_far.text)
    assert "It is kept until the day you gave." in words_of(kept.text)
    look(desk.server.context)
    assert "Nothing is due for review." in words_of(desk.browser.open(HERE).text)
    desk.years.clock.at = desk.years.until(3)
    look(desk.server.context)
    desk.browser.sign_in("ms.keep")
    assert MARKER in desk.browser.open(HERE).text


def test_it_is_destroyed_after_the_time_to_take_that_back(desk: Desk) -> None:
    """What stands on the page then is a reference, a day, a rule and whose word it was."""
    assert "To be destroyed after" in words_of(desk.says("to_destroy", why="no_purpose").text)
    assert look(desk.server.context) == 0
    desk.years.clock.at += timedelta(days=29)
    assert look(desk.server.context) == 3
    desk.browser.sign_in("ms.keep")

    page = words_of(desk.browser.open(HERE).text)
    assert MARKER not in page
    assert reference_of(desk.night.header.record) in page
    assert "S-09 group_4, due 2032-03-14" in page
    assert desk.browser.open(f"/records/{desk.night.header.record}").status_code == 404


@pytest.mark.thorough
def test_who_looked_at_it_is_found_by_its_reference_still(desk: Desk) -> None:
    """Somebody asks years later who had read about them."""
    desk.browser.open(f"/records/{desk.night.header.record}")
    desk.says("to_destroy", why="no_purpose")
    desk.years.clock.at += timedelta(days=29)
    look(desk.server.context)
    desk.server.add_account("admin", Role.ADMIN)
    with Browser(desk.server.url) as admin:
        admin.sign_in("admin")
        page = words_of(admin.open(f"/looked?record={reference_of(desk.night.header.record)}").text)

    assert "Read a record" in page
    assert "Read what is due for review" in page


@pytest.mark.thorough
def test_somebody_takes_it_back(desk: Desk) -> None:
    """Anybody who manages records, for as long as it waits."""
    desk.says("to_destroy", why="no_purpose")
    assert "It is not destroyed." in words_of(desk.says("taken_back").text)
    desk.years.clock.at += timedelta(days=100)

    assert look(desk.server.context) == 0
    assert count(desk.server.context, destroyed) == 0


def test_a_record_that_is_not_due_is_held_by_its_reference(desk: Desk) -> None:
    """A court writes today about a child of last year: without their name being shown for it."""
    found = desk.browser.open(f"{HERE}?reference={reference_of(desk.newer.header.record)}")
    path = str(found.url.path)

    held = desk.says("held", path, why="court")
    assert "It is held: nobody can have it destroyed." in words_of(held.text)
    assert "Kay" not in held.text
    assert "This cannot be destroyed now." in words_of(desk.browser.open(path).text)
    assert desk.browser.open(f"{HERE}?reference=HW-0000-0000").status_code == 404


@pytest.mark.thorough
def test_what_has_come_since_somebody_read_it_is_read_first(desk: Desk) -> None:
    """A page that lay open over lunch decides nothing."""
    hidden = desk.browser.hidden_in(desk.browser.open(desk.file).text)
    path = desk.file
    desk.years.officer.comes_on_shift()
    desk.years.officer.revises(desk.night, {"ret.condition_notes": "He has rung: he lives in Leeds."})

    told = {name: hidden[name] for name in ("form_token", "seen")}
    answer = desk.browser.http.post(
        path, data={**told, "kind": "to_destroy", "why": "no_purpose", "words": WORDS}
    )

    assert answer.status_code == 409
    assert "Read what is new" in words_of(answer.text)
