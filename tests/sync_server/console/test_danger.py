"""Danger before the vulnerability team: at once, before a supervisor has read it, until it was acted on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import RowMapping, select, update

from booklets.records import Record
from sync_server.audit import entries_of
from sync_server.db.owed import task
from sync_server.db.tables import audit
from sync_server.db.tables import record as register
from sync_server.identity.accounts import Role
from tests.support.builders import a_ppn, a_return, a_task, an_id, an_interview
from tests.support.colleagues import Colleague, a_colleague
from tests.support.devices import Browser
from tests.support.servers import EVENING, LiveServer, a_server, no_hurry
from tests.support.web_pages import href_of, link_to, words_of

DANGER = {"pi.danger_now": "yes"}
SAID = "Rang the duty team at 21:06; Ms Cole goes to the house with PC Okoro now."
ACTED = {"done.duty_team": "yes", "done.officers": "yes", "words": SAID}
PARTS = ("record", "encounter", "episode", "incident")


@dataclass
class Team:
    """An officer and a sergeant with handhelds, and the vulnerability team at its desk."""

    server: LiveServer
    officer: Colleague
    sergeant: Colleague
    desk: Browser

    def sends(self, record: Record, **fields: str) -> httpx.Response:
        """Open the record, fill in what was done and send it."""
        return self.sends_from(self.desk.open(f"/records/{record.header.record}"), record, **fields)

    def sends_from(self, shown: httpx.Response, record: Record, **fields: str) -> httpx.Response:
        """Send the form of a page that was opened earlier."""
        hidden = self.desk.hidden_in(shown.text)
        return self.desk.http.post(f"/records/{record.header.record}/danger", data={**hidden, **fields})

    def task(self, record: Record) -> RowMapping:
        """The task that danger set."""
        [found] = self.tasks(record)
        return found

    def tasks(self, record: Record) -> Sequence[RowMapping]:
        """Every task that danger set, in order."""
        of = (task.c.record == str(record.header.record), task.c.kind == "immediate_danger")
        with self.server.context.store.read() as db:
            return db.execute(select(task).where(*of).order_by(task.c.id)).mappings().all()

    def waiting(self) -> str:
        """The words of the queue's part for danger."""
        return words_of(self.desk.open("/queue").text).partition("Notices to decide on")[0]


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """The server of a unit."""
    with a_server(tmp_path_factory.mktemp("danger"), no_hurry()) as server:
        officer = a_colleague(server.context, "pc.okoro")
        sergeant = a_colleague(server.context, "sgt.marsh", Role.OFFICER, Role.SUPERVISOR)
        server.add_account("vat.lindqvist", Role.VAT, unit="vat")
        server.add_account("mhet.hale", Role.MHET)
        server.add_account("vat.elsewhere", Role.VAT, force="another_force")
        with Browser(server.url) as desk:
            desk.sign_in("vat.lindqvist")
            yield Team(server, officer, sergeant, desk)


@pytest.fixture
def team(there: Team) -> Iterator[Team]:
    """The team, at nine in the evening."""
    yield there
    there.server.clock.at = EVENING


@pytest.fixture
def ids(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The ids of a record that no other test has."""
    return {part: an_id(f"{part} of {request.node.name}") for part in PARTS}


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (an_interview, {"pi.danger_now": "yes"}),
        (an_interview, {"pi.home_safe": "no"}),
        (a_ppn, {"ppn.immediate_danger": "yes"}),
        (a_ppn, {"ppn.risk_opinion": "significant_harm"}),
    ],
)
def test_danger_stands_in_the_queue_when_it_arrives(
    team: Team, ids: dict[str, Any], made: Any, says: dict[str, str]
) -> None:
    """R-61: whatever form says so, with its clock, and marked: nobody has reviewed it yet."""
    record = team.officer.sent(made(says, **ids))

    page = team.desk.open("/queue")

    assert f"/records/{record.header.record}" in page.text
    words = words_of(page.text)
    assert "By Sat 14 Mar, 21:19" in words
    assert "Awaiting supervisor" in words
    assert words.index("Danger: act now") < words.index("Notices to decide on")


def test_the_team_reads_it_before_the_supervisor(team: Team, ids: dict[str, Any]) -> None:
    """It is no notice, and theirs all the same."""
    record = team.officer.sent(an_interview(DANGER, **ids))
    path = link_to(team.desk.open("/queue").text, "Kit Marlowe-Test, danger")

    page = team.desk.open(f"/records/{record.header.record}")

    assert path.startswith("/records/")
    assert page.status_code == 200
    assert "Awaiting supervisor: nobody has reviewed this yet." in words_of(page.text)
    assert href_of(page.text, "Say what you did about the danger") == "#danger"


def test_the_handhelds_own_clock_is_kept(team: Team, ids: dict[str, Any]) -> None:
    """What arrives late is late: the quarter of an hour ran on the handheld."""
    late = EVENING - timedelta(minutes=10)
    on_device = a_task("immediate_danger", rule="R-61a", owner="vat", due_at=late)

    record = team.officer.sent(an_interview(DANGER, tasks=(on_device,), **ids))

    assert team.task(record)["due_at"] == late
    assert "10 min late" in team.waiting()


def test_what_the_team_did_closes_the_task_with_its_outcome(team: Team, ids: dict[str, Any]) -> None:
    """R-56: what was done as codes and words, by whom and when, for the supervisor who reviews it."""
    record = team.officer.sent(an_interview(DANGER, **ids))
    path = f"/records/{record.header.record}"

    answer = team.sends(record, **ACTED)

    assert "Written down: what you did about the danger." in words_of(answer.text)
    assert path not in answer.text
    assert team.task(record)["status"] == "done"
    words = words_of(team.desk.open(path).text)
    assert "Council’s duty team rung, and they act; Officers sent to the child" in words
    assert f"PC Hannah Wells, Sat 14 March 2026, 21:04: {SAID}" in words
    assert "What did you do about the danger?" not in words
    assert "Awaiting supervisor" in words, "it is reviewed all the same"


def test_the_officer_and_the_sergeant_hear_that_the_team_has_acted(team: Team, ids: dict[str, Any]) -> None:
    """At once and in codes: what was done, when and on which revision; the team's words stay at its desk."""
    record = team.officer.sent(an_interview(DANGER, **ids))

    team.sends(record, **ACTED)

    for person in (team.officer, team.sergeant):
        heard = [one for one in person.heard("status") if one["record"] == str(record.header.record)][-1]
        assert (heard["danger_done"], heard["danger_rev"]) == (["duty_team", "officers"], 1)
        assert heard["danger_acted_at"] == "2026-03-14T21:04:00Z"
        assert "Cole" not in str(heard)


def test_what_was_done_about_the_danger_stands_at_no_other_task(team: Team, ids: dict[str, Any]) -> None:
    """Another task of the record that is over was not closed by these words."""
    other = a_task("tell_digital_forensics", owner="author")
    record = team.officer.sent(an_interview(DANGER, tasks=(other,), **ids))
    team.sends(record, **ACTED)
    closes = (
        update(task).where(task.c.kind == "tell_digital_forensics").values(status="done", outcome="done")
    )
    team.server.context.store.write(lambda db: db.execute(closes))

    words = words_of(team.desk.open(f"/records/{record.header.record}").text)

    assert words.count(f"21:04: {SAID}") == 1


def test_another_danger_in_a_later_revision_is_another_task(team: Team, ids: dict[str, Any]) -> None:
    """What was done about the first stays as it was said; the second has its own quarter of an hour."""
    first = team.officer.sent(an_interview({"pi.home_safe": "no"}, **ids))
    team.sends(first, **ACTED)
    assert f"/records/{first.header.record}" not in team.desk.open("/queue").text

    team.officer.revises(first, {"pi.danger_now": "yes"})

    assert f"/records/{first.header.record}" in team.desk.open("/queue").text
    page = words_of(team.desk.open(f"/records/{first.header.record}").text)
    assert "What did you do about the danger?" in page
    assert page.count(f"21:04: {SAID}") == 1
    assert [one["status"] for one in team.tasks(first)] == ["done", "open"]
    assert team.tasks(first)[1]["due_at"] == EVENING + timedelta(minutes=15)


def test_what_the_team_says_of_the_second_stands_at_the_second(team: Team, ids: dict[str, Any]) -> None:
    """Two answers, each with its own hour and words."""
    first = team.officer.sent(an_interview({"pi.home_safe": "no"}, **ids))
    team.sends(first, **ACTED)
    second = team.officer.revises(first, {"pi.danger_now": "yes"})
    team.server.clock.at = EVENING + timedelta(minutes=6)
    again = "Rang Ms Cole again at 21:09; she has Kit with her and PC Okoro waits outside."

    team.sends(second, **ACTED | {"words": again})

    page = words_of(team.desk.open(f"/records/{first.header.record}").text)
    assert page.count(f"21:04: {SAID}") == page.count(f"21:10: {again}") == 1


@pytest.mark.parametrize("says", [{"pi.home_safe": "no"}, {"pi.home_safe": "yes"}])
def test_the_same_danger_said_again_is_not_another_one(
    team: Team, ids: dict[str, Any], says: dict[str, str]
) -> None:
    """A word put right, or a danger that is over, wakes nobody; one that comes back does."""
    first = team.officer.sent(an_interview({"pi.home_safe": "no"}, **ids))
    team.sends(first, **ACTED)

    second = team.officer.revises(first, {**says, "pi.demeanour": "She looked at the door twice."})
    assert [one["status"] for one in team.tasks(first)] == ["done"]

    team.officer.revises(second, {"pi.home_safe": "no"})
    comes_back = ["open"] if says["pi.home_safe"] == "yes" else []
    assert [one["status"] for one in team.tasks(first)] == ["done", *comes_back]


def test_a_second_danger_while_the_first_is_open_is_one_task(team: Team, ids: dict[str, Any]) -> None:
    """Whoever acts reads the newest revision, with both."""
    first = team.officer.sent(an_interview({"pi.home_safe": "no"}, **ids))
    team.officer.revises(first, {"pi.danger_now": "yes"})

    assert [one["status"] for one in team.tasks(first)] == ["open"]


def test_danger_is_not_over_without_words(team: Team, ids: dict[str, Any]) -> None:
    """R-56: its task leads to the record, and cannot be closed in the list of tasks."""
    record = team.officer.sent(an_interview(DANGER, **ids))
    path = f"/tasks/{team.task(record)['id']}"

    shown = team.desk.open(path)
    form = team.desk.hidden_in(shown.text) | {"id": str(an_id(f"said {path}"))}
    answer = team.desk.http.post(path, data={**form, "act": "close", "outcome": "done"})

    assert "What did you do about the danger?" in words_of(shown.text)
    assert (answer.status_code, team.task(record)["status"]) == (409, "open")
    assert "what was done about the danger is written down at the record" in words_of(answer.text)


def test_what_the_team_wrote_lies_sealed(team: Team, ids: dict[str, Any]) -> None:
    """Words about a child are nowhere readable at rest."""
    record = team.officer.sent(an_interview(DANGER, **ids))
    team.sends(record, **ACTED)

    with team.server.context.store.read() as db:
        [acted] = [one for one in entries_of(db, str(record.header.record)) if one["what"] == "danger_acted"]
        everything = str(db.execute(select(task)).all()) + str(db.execute(select(audit)).all())
    assert acted["detail"]["done"] == ["duty_team", "officers"]
    assert "Ms Cole" not in everything


@pytest.mark.parametrize(
    ("left_out", "says"),
    [
        ({"done.duty_team": None, "done.officers": None}, "Say what has been done"),
        ({"words": ""}, "Say in your own words whom you spoke to"),
        ({"words": "Noted."}, "Say in your own words whom you spoke to"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_that_was_typed_is_lost(
    team: Team, ids: dict[str, Any], left_out: dict[str, Any], says: str
) -> None:
    """The same page again; the task stays open."""
    record = team.officer.sent(an_interview(DANGER, **ids))
    fields = {name: one for name, one in {**ACTED, **left_out}.items() if one is not None}

    answer = team.sends(record, **fields)

    assert (answer.status_code, team.task(record)["status"]) == (422, "open")
    assert says in words_of(answer.text)
    assert "Nothing has been written down yet" in words_of(answer.text)
    assert fields["words"] in words_of(answer.text)


def test_once_the_time_is_over_the_reason_is_asked_for(team: Team, ids: dict[str, Any]) -> None:
    """R-59: any overdue clock asks why."""
    record = team.officer.sent(an_interview(DANGER, **ids))
    team.server.clock.at = EVENING + timedelta(minutes=20)

    without = team.sends(record, **ACTED)
    answer = team.sends(record, **ACTED, delay="other_agency")

    assert (without.status_code, answer.status_code) == (422, 200)
    assert "The time is over: say why it took longer" in words_of(without.text)
    assert team.task(record)["delay_reason"] == "other_agency"
    shown = words_of(team.desk.open(f"/records/{record.header.record}").text)
    assert "Why it took longer: waiting for another agency." in shown


def test_two_of_the_team_at_once_write_it_down_once(team: Team, ids: dict[str, Any]) -> None:
    """Both had the page open; the second hears that somebody was before them."""
    record = team.officer.sent(an_interview(DANGER, **ids))
    shown = team.desk.open(f"/records/{record.header.record}")

    first, second = team.sends_from(shown, record, **ACTED), team.sends_from(shown, record, **ACTED)

    assert (first.status_code, second.status_code) == (200, 409)
    assert "Somebody of your team has written down already" in words_of(second.text)


def test_a_revision_that_came_meanwhile_is_read_first(team: Team, ids: dict[str, Any]) -> None:
    """It may say that it is worse; what was typed stands there still."""
    record = team.officer.sent(an_interview(DANGER, **ids))
    shown = team.desk.open(f"/records/{record.header.record}")
    team.officer.revises(record, {"pi.injured": "yes"})

    answer = team.sends_from(shown, record, **ACTED)

    assert (answer.status_code, team.task(record)["status"]) == (422, "open")
    assert "The officer has sent another revision meanwhile" in words_of(answer.text)
    assert SAID in words_of(answer.text)


def test_danger_that_a_later_revision_takes_back_stays_theirs_until_they_have_acted(
    team: Team, ids: dict[str, Any]
) -> None:
    """Who was told of danger finds out what became of it."""
    record = team.officer.sent(an_interview(DANGER, **ids))
    team.officer.revises(record, {"pi.danger_now": "no"})

    assert f"/records/{record.header.record}" in team.desk.open("/queue").text
    assert team.sends(record, **ACTED).status_code == 200
    assert team.desk.open(f"/records/{record.header.record}").status_code == 200


def test_a_record_without_danger_is_not_put_before_them(team: Team, ids: dict[str, Any]) -> None:
    """Else the one that matters would drown."""
    notice = team.officer.sent(a_ppn(**ids))

    assert f"/records/{notice.header.record}" not in team.desk.open("/queue").text
    assert "What did you do about the danger?" not in team.desk.open(f"/records/{notice.header.record}").text


def test_a_child_who_has_died_asks_nothing_of_them_by_itself(team: Team, ids: dict[str, Any]) -> None:
    """R-50: no automatic clock."""
    record = team.officer.sent(an_interview(DANGER, **ids))
    died = {**ids, "record": an_id(f"death {ids['record']}")}
    team.officer.sent(a_return({"ret.found_how": "dead"}, **died))

    assert team.task(record)["status"] == "stopped"
    assert f"/records/{record.header.record}" not in team.desk.open("/queue").text


@pytest.mark.parametrize(("user", "expected"), [("mhet.hale", 403), ("vat.elsewhere", 404)])
def test_nobody_else_writes_down_what_was_done(
    team: Team, ids: dict[str, Any], user: str, expected: int
) -> None:
    """Not even with the form of somebody who may."""
    record = team.officer.sent(an_interview(DANGER, **ids))
    path = f"/records/{record.header.record}"
    hidden = team.desk.hidden_in(team.desk.open(path).text)
    with Browser(team.server.url) as other:
        other.sign_in(user)
        token = other.hidden_in(other.open("/register").text)["form_token"]
        answer = other.http.post(f"{path}/danger", data={**hidden, **ACTED, "form_token": token})

    assert (answer.status_code, team.task(record)["status"]) == (expected, "open")


@pytest.mark.parametrize("seen", ["", "x", "other"])
def test_a_form_that_was_not_shown_here_is_refused(team: Team, ids: dict[str, Any], seen: str) -> None:
    """Which revision somebody saw is ours to say."""
    record = team.officer.sent(an_interview(DANGER, **ids))
    others: dict[str, Any] = {part: an_id(f"other {one}") for part, one in ids.items()}
    other = team.officer.sent(an_interview(DANGER, **others))
    given = team.desk.hidden_in(team.desk.open(f"/records/{other.header.record}").text)["seen"]
    shown = team.desk.open(f"/records/{record.header.record}")

    answer = team.sends_from(shown, record, **ACTED, seen=given if seen == "other" else seen)

    assert (answer.status_code, team.task(record)["status"]) == (409, "open")


def test_danger_sets_the_records_clock(team: Team, ids: dict[str, Any]) -> None:
    """The register shows the same time; once the team has acted, what is due next."""
    record = team.officer.sent(an_interview(DANGER, **ids))
    query = select(register.c.due_at).where(register.c.record == str(record.header.record))
    with team.server.context.store.read() as db:
        before = db.execute(query).scalar_one()

    team.sends(record, **ACTED)

    with team.server.context.store.read() as db:
        after = db.execute(query).scalar_one()
    assert (before, after) == (EVENING + timedelta(minutes=15), None)
