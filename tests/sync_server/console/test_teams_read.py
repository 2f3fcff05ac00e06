"""The exploitation team and the area inspectors: what each reads, refers and takes on, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from booklets.answers import frozen
from booklets.forms import Stage
from booklets.records import Record
from sync_server.audit import entries_of
from sync_server.db.owed import task
from sync_server.identity.accounts import Role
from tests.support.builders import PEOPLE, UNIT, a_header, a_task, an_id, next_revision
from tests.support.colleagues import Colleague, a_colleague
from tests.support.devices import Browser
from tests.support.known_children import assessment_of, report_of, return_of, review_of
from tests.support.meetings import parts
from tests.support.restrictions import restricted
from tests.support.server_data import rows
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import href_of, rows_in, words_of

OF_EXPLOITATION = {"report of Mia", "return of Mia", "review of Tess", "place", "exploiter"}
MEDIUM = {"assessment of Ned", "report of Ned", "return of Ned"}
OF_OTHERS = {"report of Ola", "assessment of Pia", "covert"}
WORDS = "The same white van as in March; she says that she owes him money."


@dataclass
class Force:
    """A force with children of several kinds, and its teams at their desks."""

    server: LiveServer
    officer: Colleague
    records: dict[str, Record]
    desks: dict[str, Browser] = field(default_factory=dict)

    def path(self, name: str) -> str:
        """Where a record is read."""
        return f"/records/{self.records[name].header.record}"

    def reads(self, who: str) -> set[str]:
        """Which of the records somebody can open."""
        return {name for name in self.records if self.desks[who].open(self.path(name)).status_code == 200}

    def sends(self, who: str, path: str, **fields: str) -> tuple[int, str]:
        """Send a form of somebody's: what was answered."""
        desk = self.desks[who]
        token = desk.hidden_in(desk.open("/").text)["form_token"]
        answer = desk.http.post(path, data={"form_token": token, "id": str(an_id(path)), **fields})
        return answer.status_code, words_of(answer.text)

    def tasks(self, kind: str) -> list[Any]:
        """The tasks of a kind."""
        return [one for one in rows(self.server.context, task) if one["kind"] == kind]


def _records(officer: Colleague) -> dict[str, Record]:
    to_take_on = a_task("medium_risk_taken_on", owner="supervisor")
    exploited = {"mis.exploitation_types": ("CCE",)}
    covert = report_of("Una", exploited)
    return {
        "report of Mia": officer.sent(report_of("Mia", exploited)),
        "return of Mia": officer.sent(return_of("Mia")),
        "review of Tess": officer.sent(review_of("Tess", {"mh.exploitation_level": "emerging"})),
        "place": officer.sent(_a_page("hot")),
        "exploiter": officer.sent(_a_page("exp")),
        "covert": officer.sent(replace(covert, header=replace(covert.header, covert=True))),
        "report of Ned": officer.sent(report_of("Ned")),
        "assessment of Ned": officer.sent(replace(assessment_of("Ned", "medium"), tasks=(to_take_on,))),
        "return of Ned": officer.sent(return_of("Ned")),
        "report of Ola": officer.sent(report_of("Ola")),
        "assessment of Pia": officer.sent(assessment_of("Pia", "high")),
    }


def _a_page(form: str) -> Record:
    """Of a place or of a suspected exploiter: about no child."""
    header = a_header(form, subject=None, **parts(f"page {form}"))
    return Record(
        header=header, stage=Stage.CAPTURE, answers=frozen({}), entities=PEOPLE[1:], tasks=(), reasons={}
    )


@pytest.fixture
def force(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Force]:
    """Everything has arrived."""
    with a_server(tmp_path_factory.mktemp("teams"), no_hurry()) as server, ExitStack() as stack:
        officer = a_colleague(server.context, "pc.okoro")
        made = Force(server, officer, _records(officer))
        people = {
            **{
                role: (Role(role), "north_yorkshire") for role in ("cet", "cii", "mhet", "vat", "supervisor")
            },
            **{f"{role} elsewhere": (Role(role), "another_force") for role in ("cet", "cii")},
        }
        for name, (role, of) in people.items():
            server.add_account(name.replace(" ", "."), role, unit=UNIT, force=of)
            made.desks[name] = stack.enter_context(Browser(server.url))
            made.desks[name].sign_in(name.replace(" ", "."))
        yield made


def test_the_exploitation_team_reads_what_shows_exploitation_and_what_else_is_known_of_the_child(
    force: Force,
) -> None:
    """Places and suspected exploiters as well; no other child, and nothing that is covert."""
    assert force.reads("cet") == OF_EXPLOITATION
    assert rows_in(force.desks["cet"].open("/register").text) == len(OF_EXPLOITATION)


def test_an_area_inspector_reads_medium_risk_and_what_else_is_known_of_the_child(force: Force) -> None:
    """High risk is the incident manager's."""
    assert force.reads("cii") == MEDIUM
    assert rows_in(force.desks["cii"].open("/register").text) == len(MEDIUM)


@pytest.mark.parametrize("who", ["cet elsewhere", "cii elsewhere"])
def test_another_force_reads_nothing(force: Force, who: str) -> None:
    """Each force has its own."""
    assert force.reads(who) == set()
    assert rows_in(force.desks[who].open("/register").text) == 0


def test_what_is_not_exploitation_or_medium_any_more_is_read_no_more(force: Force) -> None:
    """As its newest revision says: from medium to high it goes back to the incident manager (R-09)."""
    for name, said in (
        ("report of Mia", {"mis.exploitation_types": ("none_seen",)}),
        ("assessment of Ned", {"ra.level": "high"}),
    ):
        force.officer.sent(next_revision(force.records[name], said))

    assert force.reads("cet") == OF_EXPLOITATION - {"report of Mia", "return of Mia"}
    assert force.reads("cii") == set()


def test_a_record_about_the_wrong_child_opens_nothing_but_itself(force: Force) -> None:
    """It was withdrawn: the other records of the child it named are not theirs."""
    force.officer.withdraws(force.records["report of Mia"])
    force.officer.withdraws(force.records["assessment of Ned"])

    assert "return of Mia" not in force.reads("cet")
    assert "return of Ned" not in force.reads("cii")


@pytest.mark.parametrize(("who", "name"), [("cet", "report of Mia"), ("cii", "assessment of Ned")])
def test_a_restricted_child_is_not_theirs_before_they_open_it_in_need(
    force: Force, who: str, name: str
) -> None:
    """As for everybody who has the register."""
    restricted(force.server.context, force.records[name], "mhet", "vat")

    answer = force.desks[who].open(force.path(name))

    assert "/restricted/" in str(answer.url)
    assert "Brook-Test" not in words_of(answer.text)


def test_the_exploitation_team_asks_another_team_to_look_at_a_record(force: Force) -> None:
    """From the record itself; the team has it as a task with what was written, and the record says so."""
    page = force.desks["cet"].open(force.path("report of Mia")).text
    assert href_of(page, "Ask a team to look at this record") == f"{force.path('report of Mia')}/refer"
    for _ in range(2):  # the button was pressed twice
        status, _ = force.sends("cet", f"{force.path('report of Mia')}/refer", team="mhet", words=WORDS)

    [asked] = force.tasks("look_at_record")
    shown = words_of(force.desks["mhet"].open(f"/tasks/{asked['id']}").text)
    with force.server.context.store.read() as db:
        noted = [one["what"] for one in entries_of(db, str(force.records["report of Mia"].header.record))]
    assert (status, asked["owner_role"]) == (200, "mhet")
    assert "The exploitation team asks you to look at this record" in shown
    assert WORDS in shown
    assert noted.count("task_passed") == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"words": WORDS}, "Say which team"),
        ({"words": WORDS, "team": "admin"}, "Say which team"),
        ({"team": "vat"}, "Say it in your own words"),
        ({"team": "vat", "words": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_what_is_missing_is_asked_for_again(force: Force, fields: dict[str, str], says: str) -> None:
    """And nobody was asked."""
    status, words = force.sends("cet", f"{force.path('report of Mia')}/refer", **fields)

    assert (status, says in words) == (422, True)
    assert force.tasks("look_at_record") == []


@pytest.mark.parametrize("name", sorted(OF_OTHERS))
def test_what_they_do_not_read_they_do_not_refer(force: Force, name: str) -> None:
    """Nor what was withdrawn."""
    status, _ = force.sends("cet", f"{force.path(name)}/refer", team="mhet", words=WORDS)

    assert status == 404
    assert force.tasks("look_at_record") == []


def test_a_medium_risk_is_taken_on_by_the_area_inspector_at_the_console(force: Force) -> None:
    """R-11: the task stands on their list, and it says who took it on."""
    [owed] = force.tasks("medium_risk_taken_on")
    listed = force.desks["cii"].open("/tasks").text

    status, _ = force.sends("cii", f"/tasks/{owed['id']}", act="accept")

    assert "Medium risk: take it on" in words_of(listed)
    assert rows_in(listed) == 1
    assert status == 200
    assert force.tasks("medium_risk_taken_on")[0]["accepted_at"] is not None


def test_no_other_task_of_the_supervisors_is_the_area_inspectors(force: Force) -> None:
    """Nor is that one any other team's at the console."""
    [owed] = force.tasks("medium_risk_taken_on")
    others = [one["id"] for one in rows(force.server.context, task) if one["id"] != owed["id"]]

    assert all(force.desks["cii"].open(f"/tasks/{one}").status_code == 404 for one in others)
    for who in ("mhet", "vat", "cii elsewhere"):
        assert force.desks[who].open(f"/tasks/{owed['id']}").status_code == 404
