"""What is passed between a team and the community officers, what comes back, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest

from booklets.records import Record
from sync_server.audit import entries_of
from sync_server.db.owed import task
from sync_server.db.tables import person
from sync_server.duties import children
from sync_server.identity.accounts import Role
from tests.support.again import ANA, KIT, a_night
from tests.support.builders import NIGHT, a_place, an_id, an_interview
from tests.support.colleagues import a_colleague
from tests.support.devices import Browser
from tests.support.meetings import about
from tests.support.server_data import rows
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import words_of

WORDS = "Look in on the bar after nine on Friday and Saturday; speak to the manager about the back door."
FOUND = "Two men waited in a white van; the manager has the number. The door is chained now."


@dataclass
class Force:
    """A team, community officers of whom one is not trained for children, and two nights at one hotel."""

    server: LiveServer = field(repr=False)
    records: list[Record] = field(repr=False)
    desks: dict[str, Browser] = field(repr=False)

    def asks(self, kind: str, **said: str) -> httpx.Response:
        """The team asks the community officers because of a record."""
        path = f"/records/{self.records[-1].header.record}/community"
        place = an_id("hotel 1")
        given = {"kind": kind, "place": str(place), "due": "2026-03-20", "words": WORDS, **said}
        return self.desks["mhet"].fill_in(path, **given)

    def tasks(self, owner: str) -> list[dict[str, Any]]:
        """The open tasks of a team."""
        return [
            one
            for one in rows(self.server.context, task)
            if (one["owner_role"], one["status"]) == (owner, "open")
        ]

    def reads(self, who: str, path: str) -> str:
        """The words of a page."""
        return words_of(self.desks[who].open(path).text)

    def closes(self, who: str, number: int, **said: str) -> httpx.Response:
        """Close a task on its page."""
        return self.desks[who].fill_in(
            f"/tasks/{number}", act="close", outcome="done", **{"words": FOUND, **said}
        )


def a_hotel(number: int) -> Any:
    """The same hotel, typed twice."""
    return a_place(
        an_id(f"hotel {number}"),
        NIGHT,
        name="The Grand",
        building="1",
        street="Cliff",
        postcode="YO11 9ZZ",
        place_type="hotel",
    )


@pytest.fixture
def force(tmp_path: Path) -> Iterator[Force]:
    """The force, everybody at their desks."""
    with a_server(tmp_path, no_hurry()) as server:
        server.clock.at = NIGHT
        officer = a_colleague(server.context, "pc.okoro")
        sent = [
            officer.sent(a_night(f"night {number}", NIGHT, child=child, place=a_hotel(number)))
            for number, child in enumerate((KIT, ANA))
        ]
        desks = {}
        for user, role, trained in (
            ("mhet", Role.MHET, True),
            ("vat", Role.VAT, True),
            ("pcso", Role.COMMUNITY, True),
            ("new pcso", Role.COMMUNITY, False),
        ):
            a_colleague(server.context, user, role, works_with_children=trained)
            server.set_password(user)
            desks[user] = Browser(server.url)
            desks[user].sign_in(user)
        yield Force(server, sent, desks)
        for desk in desks.values():
            desk.http.close()


def test_the_place_is_read_by_those_who_are_asked_and_no_child_is(force: Force) -> None:
    """The address, what the team wrote, by when: and nothing of who was there."""
    assert force.asks("visit_place").status_code == HTTPStatus.OK
    [asked] = force.tasks("community")

    listed, page = force.reads("pcso", "/tasks"), force.reads("pcso", f"/tasks/{asked['id']}")

    for words in (listed, page):
        assert "The Grand" in words
        assert not any(name in words for name in ("Ana", "Kit", "Wold", "Marlowe"))
    assert WORDS in page
    assert "ring the control room at once: 01632 960101" in page
    assert force.desks["pcso"].open(f"/records/{force.records[-1].header.record}").status_code == 403


def test_what_they_find_comes_back_to_the_team_that_asked(force: Force) -> None:
    """As a task to read it, in their words, beside what was asked; nothing is closed in silence."""
    force.asks("visit_place")
    [asked] = force.tasks("community")
    silent = force.closes("pcso", asked["id"], words="")
    assert silent.status_code == HTTPStatus.UNPROCESSABLE_ENTITY

    force.closes("pcso", asked["id"])

    assert force.tasks("community") == []
    [read] = force.tasks("mhet")
    assert read["kind"] == "read_from_community"
    page = force.reads("mhet", f"/tasks/{read['id']}")
    assert FOUND in page
    assert WORDS in page


def test_whose_child_it_is_is_read_only_by_who_is_trained_and_asked_to_see_them(force: Force) -> None:
    """The name and the age, and not the record; who is not trained does not even see the task (R-58)."""
    force.asks("keep_in_touch", words="She likes the skate park; ask how school is.")
    [asked] = force.tasks("community")
    path = f"/tasks/{asked['id']}"

    assert "Ana Wold-Test" in force.reads("pcso", path)
    assert "Ana" not in force.reads("new pcso", "/tasks")
    assert force.desks["new pcso"].open(path).status_code == HTTPStatus.NOT_FOUND
    with force.server.context.store.read() as db:
        noted = entries_of(db, str(force.records[-1].header.record))
    assert noted[-1]["what"] == "task_opened"


@pytest.mark.thorough
def test_nobody_is_asked_to_see_a_child_where_nobody_is_trained(force: Force) -> None:
    """The team hears so, and everything it wrote is there still."""
    force.server.context.store.write(
        lambda db: children.say_trained(db, "pcso", works_with_children=False, who="command line", at=NIGHT)
    )
    answer = force.asks("keep_in_touch")

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "trained for work with children" in words_of(answer.text)
    assert WORDS in answer.text
    assert force.tasks("community") == []


@pytest.mark.thorough
def test_they_ask_a_team_to_look_at_something(force: Force) -> None:
    """The exploitation team and the vulnerability team both: what they see does not stay with them."""
    force.asks("visit_place")
    [asked] = force.tasks("community")
    for team in ("vat", "mhet"):
        said = {"team": team, "words": f"A girl of about twelve was in the van. For {team}."}
        hidden = force.desks["pcso"].hidden_in(force.desks["pcso"].open(f"/tasks/{asked['id']}").text)
        answer = force.desks["pcso"].http.post(f"/tasks/{asked['id']}/involve", data={**hidden, **said})
        assert "The team has been asked." in words_of(answer.text)

    for team in ("vat", "mhet"):
        [look] = force.tasks(team)
        assert look["kind"] == "involve_team"
        assert f"For {team}." in force.reads(team, f"/tasks/{look['id']}")
    assert len(force.tasks("community")) == 1


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "Say what they are asked to do"),
        ({"place": "elsewhere"}, "Say at which place"),
        ({"due": "2026-03-01"}, "Say by which day to come"),
        ({"words": " "}, "Say it in your own words"),
    ],
)
@pytest.mark.thorough
def test_what_is_lacking_is_said_and_nobody_is_asked(force: Force, said: dict[str, str], why: str) -> None:
    """The form comes back with everything in it."""
    answer = force.asks("visit_place" if said else "arrest", **said)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert why in words_of(answer.text)
    assert force.tasks("community") == []


@pytest.mark.thorough
def test_danger_and_what_is_covert_are_not_passed_on(force: Force) -> None:
    """Police officers see to that; and the record does not offer it."""
    officer = a_colleague(force.server.context, "pc.there")
    danger = officer.sent(an_interview({"pi.danger_now": "yes"}, **about("Dana")))
    covert = officer.sent(a_night("covert", NIGHT, place=a_hotel(7)), covert=True)
    for record in (danger, covert):
        path = f"/records/{record.header.record}"
        assert force.desks["mhet"].open(f"{path}/community").status_code == HTTPStatus.CONFLICT
        assert "Ask the community officers" not in force.reads("mhet", path)
    assert "Ask the community officers" in force.reads("mhet", f"/records/{force.records[0].header.record}")


@pytest.mark.thorough
def test_a_button_that_is_pressed_twice_asks_once(force: Force) -> None:
    """And the same asked on another day is another task."""
    path = f"/records/{force.records[-1].header.record}/community"
    hidden = force.desks["mhet"].hidden_in(force.desks["mhet"].open(path).text)
    said = {"kind": "visit_place", "place": str(an_id("hotel 1")), "due": "2026-03-20", "words": WORDS}
    for _ in range(2):
        force.desks["mhet"].http.post(path, data={**hidden, **said})
    assert len(force.tasks("community")) == 1

    force.asks("visit_place")
    assert len(force.tasks("community")) == 2
    assert force.reads("pcso", "/tasks").count("The Grand") == 2


def test_the_places_stand_there_without_a_child(force: Force) -> None:
    """How often, with how many, who looks after it, and what is asked there."""
    force.asks("disrupt_place")

    for who in ("pcso", "mhet"):
        words = force.reads(who, "/places")
        assert "The Grand" in words
        assert "2 times with 2 children" in words
        assert "Nobody is named" in words
        assert "Make it hard to meet children there" in words
        names = [str(row["given_names"]) for row in rows(force.server.context, person) if row["given_names"]]
        assert not [name for name in names if name in words]
    assert "Ask them" in force.reads("mhet", "/places")
    assert "Ask them" not in force.reads("pcso", "/places")


@pytest.mark.thorough
def test_a_home_is_no_place_that_anybody_is_asked_to_visit(force: Force) -> None:
    """It would say whose child it is."""
    page = force.reads("mhet", f"/records/{force.records[-1].header.record}/community")

    assert "The Grand" in page
    assert "2 Invented Street" not in page
