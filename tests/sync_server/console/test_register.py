"""Asking the register: filters and order in the address, a page at a time, and no name in any address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from sync_server.db.tables import audit
from sync_server.identity.accounts import Role
from tests.support.builders import CARER, HOME, NIGHT, a_carer, a_person, a_place, a_return, a_task, an_id
from tests.support.colleagues import Colleague, a_colleague
from tests.support.devices import Browser
from tests.support.servers import LiveServer, a_server
from tests.support.web_pages import href_of, rows_in, words_of

CHILDREN = {
    "Amy": ("Brook", "Midge"),
    "Noor": ("Haddad", ""),
    "Zoë": ("O’Brien-Hall", ""),
}
HARM = {"ret.condition": ("injured_hospital",)}


@dataclass
class Desk:
    """Somebody of the missing-from-home team, and the server."""

    server: LiveServer
    browser: Browser
    officer: Colleague

    def asks(self, **filters: str) -> httpx.Response:
        """Fill in the filters and press Show."""
        return self.browser.http.post(
            "/find", data={**self.browser.hidden_in(self.browser.open("/register").text), **filters}
        )

    def sees(self, page: httpx.Response) -> list[str]:
        """The children in the list, from top to bottom."""
        words = words_of(page.text)
        found = [(words.find(f" {name} {family}"), name) for name, (family, _) in CHILDREN.items()]
        midge = words.find(" Midge Brook")
        return [name for at, name in sorted([*found, (midge, "Amy")]) if at >= 0]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A register with three children in it: Amy's clock is late, Noor was hurt, Zoë came a day later."""
    with a_server(tmp_path_factory.mktemp("register")) as server:
        server.clock.at = NIGHT
        server.add_account("mhet.hale", Role.MHET)
        officer = a_colleague(server.context, "pc.okoro")
        in_filey = a_colleague(server.context, "pc.okoro.filey", unit="filey_response")
        for number, (name, (family, known_as)) in enumerate(CHILDREN.items()):
            child = a_person(an_id(name), given_names=name, surname=family, known_as=known_as)
            due = NIGHT + timedelta(minutes=30 if name == "Amy" else 90000)
            own: dict[str, Any] = {
                part: an_id(f"{part} {name}") for part in ("record", "encounter", "episode", "incident")
            }
            writer = in_filey if name == "Zoë" else officer
            writer.sent(
                a_return(
                    HARM if name == "Noor" else None,
                    entities=(child, a_carer(), a_place(), a_place(HOME)),
                    tasks=(a_task("ring", due_at=due),),
                    subject=an_id(name),
                    unit=writer.unit,
                    **own,
                )
            )
            server.clock.later(minutes=10 if number == 0 else 60 * 24)
        with Browser(server.url) as browser:
            browser.sign_in("mhet.hale")
            yield Desk(server, browser, officer)


def test_the_newest_stands_first(desk: Desk) -> None:
    """Unless something else is asked for."""
    assert desk.sees(desk.browser.open("/register")) == ["Zoë", "Noor", "Amy"]


@pytest.mark.parametrize(
    ("address", "children"),
    [
        ("sort=received", ["Amy", "Noor", "Zoë"]),
        ("sort=due", ["Amy", "Zoë", "Noor"]),
        ("sort=risk", ["Noor", "Zoë", "Amy"]),
        ("late=yes", ["Amy"]),
        ("unit=filey_response", ["Zoë"]),
        ("kind=PPN", []),
        ("kind=RET&sort=received", ["Amy", "Noor", "Zoë"]),
        ("state=pending_supervisor&sort=received", ["Amy", "Noor", "Zoë"]),
        ("state=approved", []),
        ("risk=4", ["Noor"]),
        ("to=2026-03-14&sort=received", ["Amy", "Noor"]),
        ("from=2026-03-15", ["Zoë"]),
        ("from=not-a-day&risk=%F0%9F%90%9D&state=%27%3B--", ["Zoë", "Noor", "Amy"]),
        ("sort=surname&after=~&who=x", ["Zoë", "Noor", "Amy"]),
        ("after=soon~x", ["Zoë", "Noor", "Amy"]),
    ],
)
def test_what_is_asked_for_stands_in_the_address(desk: Desk, address: str, children: list[str]) -> None:
    """A view can be sent to a colleague as a link; what makes no sense in one is not asked for."""
    page = desk.browser.open(f"/register?{address}")

    assert page.status_code == 200
    assert desk.sees(page) == children


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("midge", ["Amy"]),
        ("AMY", ["Amy"]),
        ("brook amy", ["Amy"]),
        ("o’brien", ["Zoë"]),
        ("%", []),
        ("x", []),
    ],
)
def test_a_child_is_found_by_any_of_their_names(desk: Desk, typed: str, found: list[str]) -> None:
    """Also by what they are called at home."""
    assert desk.sees(desk.asks(name=typed)) == found


def test_no_name_stands_in_an_address(desk: Desk) -> None:
    """Addresses stand in histories and in logs of every machine on the way."""
    page = desk.asks(name="Brook", state="pending_supervisor")

    assert "state=pending_supervisor" in str(page.url)
    assert "brook" not in unquote(str(page.url)).lower()
    assert "name has “Brook”" in words_of(page.text)
    assert 'value="Brook"' in page.text


def test_a_view_with_a_name_can_be_sent_to_a_colleague(desk: Desk) -> None:
    """Of the same force: the address says what was looked for, to this server alone."""
    address = str(desk.asks(name="Brook").url)
    desk.server.add_account("mhet.other", Role.MHET)
    with Browser(desk.server.url) as colleague:
        colleague.sign_in("mhet.other")
        page = colleague.open(address)

    assert desk.sees(page) == ["Amy"]


def test_each_filter_can_be_taken_away_by_itself(desk: Desk) -> None:
    """What is left stays as it was."""
    page = desk.asks(name="Brook", unit="harrogate_response")

    without_name = desk.browser.open(href_of(page.text, "name has"))
    without_unit = desk.browser.open(href_of(page.text, "Harrogate response"))

    assert desk.sees(without_name) == ["Noor", "Amy"]
    assert desk.sees(without_unit) == ["Amy"]


def test_an_empty_list_says_what_to_do(desk: Desk) -> None:
    """Empty because of a filter is not empty because nothing is there."""
    assert "Take a filter away to see more" in words_of(desk.browser.open("/register?risk=0").text)


@pytest.mark.parametrize(
    "asked",
    [
        "to=9999-12-31",
        "from=9999-12-31",
        "from=0001-01-01",
        "after=0001-01-01T00:00:00%2B14:00~x",
        "sort=due&after=9999-12-31T23:59:59-14:00~x",
        "after=2026-03-14T21:04:00~x",
        "sort=risk&after=grave~x",
    ],
)
def test_what_no_calendar_has_is_not_asked_for(desk: Desk, asked: str) -> None:
    """Somebody who types a year wrong sees the list, not that the server failed."""
    page = desk.browser.open(f"/register?{asked}")

    assert page.status_code == HTTPStatus.OK
    assert len(desk.sees(page)) == len(CHILDREN)


def test_pages_follow_each_other_while_records_arrive(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is shown twice and nothing is left out, in every order, however many arrive meanwhile."""
    monkeypatch.setattr("sync_server.console.register.AT_ONCE", 1)
    for sort in ("-received", "received", "due", "-due", "risk", "-risk"):
        page, seen = desk.browser.open(f"/register?sort={sort}&to=2026-03-16"), []
        for _ in range(5):
            seen += desk.sees(page)
            assert rows_in(page.text) == 1
            more = href_of(page.text, "Next page")
            if not more:
                break
            page = desk.browser.open(more)
        assert sorted(seen) == ["Amy", "Noor", "Zoë"], sort


def test_reading_the_list_is_written_down(desk: Desk) -> None:
    """How much was shown to whom, and what for."""
    with desk.server.context.store.read() as db:
        noted = db.execute(audit.select().where(audit.c.what == "list read")).mappings().all()

    assert noted[-1]["detail"]["why"] == "duty"
    assert str(CARER) not in str(noted)
