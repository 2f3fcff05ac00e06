"""What is late, what left without a decision, and what a team has to do, in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from booklets.records import Record
from sync_server.audit import entries_of
from sync_server.db.acts import task_act
from sync_server.db.owed import task
from sync_server.duties import look_once
from sync_server.forwarding.postman import deliver_due
from sync_server.identity.accounts import Role
from sync_server.intake import Result
from sync_server.notices import reference_of
from tests.support.builders import a_ppn, a_return, a_task, next_revision
from tests.support.colleagues import Colleague, a_colleague
from tests.support.devices import Browser
from tests.support.server_data import rows
from tests.support.servers import EVENING, LiveServer, a_server
from tests.support.web_pages import words_of

pytestmark = pytest.mark.thorough

LIMIT, GRACE = timedelta(hours=8), timedelta(hours=4)
LEAVES = "Leaves without a decision at Sun 15 March 2026, 09:04, by the force’s setting"
LEFT = "Left without a supervisor’s decision, by the force’s setting, at Sun 15 March 2026, 09:04"
WITHOUT_VAT = "Left without the vulnerability team’s decision, by the force’s setting"


@dataclass
class Night:
    """An officer, and browsers for everybody at the console. The clock stands still."""

    server: LiveServer
    officer: Colleague
    sergeant: Colleague

    def passes(self, span: timedelta) -> None:
        """So long after the evening began."""
        self.server.clock.at = EVENING + span
        look_once(self.server.context)

    def reads(self, user: str, path: str) -> str:
        """The words of a page, read by somebody who has just signed in."""
        self.server.limits.sign_in.forget()
        with Browser(self.server.url) as browser:
            browser.sign_in(user)
            return words_of(browser.open(path).text)

    def sends(self, user: str, number: int, **fields: str) -> httpx.Response:
        """Open a task's page, fill in its form and send it."""
        self.server.limits.sign_in.forget()
        with Browser(self.server.url) as browser:
            browser.sign_in(user)
            shown = browser.open(f"/tasks/{number}").text
            return browser.http.post(f"/tasks/{number}", data={**browser.hidden_in(shown), **fields})


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A server at nine in the evening with nothing on it yet."""
    with a_server(tmp_path) as server:
        for user, role in (("mhet", Role.MHET), ("vat", Role.VAT), ("admin", Role.ADMIN)):
            server.add_account(user, role)
        officer = a_colleague(server.context, "pc.okoro")
        sergeant = a_colleague(server.context, "sgt.marsh", Role.SUPERVISOR)
        yield Night(server, officer, sergeant)


def of(record: Record) -> str:
    """Where a record is read."""
    return f"/records/{record.header.record}"


def test_what_nobody_decided_on_is_late_in_words_and_says_what_will_happen(night: Night) -> None:
    """On the record, on the deliveries page and in the list, before it happens."""
    ppn = night.officer.sent(a_ppn())
    assert "Late from Sun 15 March 2026, 05:04" in night.reads("mhet", of(ppn))

    night.passes(LIMIT)

    for path in (of(ppn), "/deliveries"):
        shown = night.reads("mhet", path)
        assert "Late: nobody has decided" in shown
        assert LEAVES in shown
    assert "late, nobody has decided" in night.reads("mhet", "/register")
    assert "Nobody had decided in time: put before the incident manager" in night.reads("mhet", of(ppn))


def test_what_left_without_a_decision_says_so_as_long_as_it_is_read(night: Night) -> None:
    """By whose decision it lacked, by which setting, and when."""
    ppn = night.officer.sent(a_ppn())
    night.passes(LIMIT)
    night.passes(LIMIT + GRACE)
    deliver_due(night.server.context)

    for path in (of(ppn), "/deliveries"):
        assert LEFT in night.reads("mhet", path)
    assert "Left without a decision, by the force’s setting" in night.reads("mhet", of(ppn))
    night.sergeant.decided(ppn)
    assert LEFT in night.reads("mhet", of(ppn))


def test_the_vulnerability_team_sees_at_its_queue_what_leaves_without_it(night: Night) -> None:
    """And that it has left."""
    ppn = night.officer.sent(a_ppn())
    night.sergeant.decided(ppn)
    night.passes(LIMIT)
    assert LEAVES in night.reads("vat", "/queue")

    night.passes(LIMIT + GRACE)

    assert WITHOUT_VAT in night.reads("vat", "/queue")


def test_a_task_is_late_then_closed_with_its_reason_on_the_record(night: Night) -> None:
    """Who took it on, how it ended, and why it came late."""
    sent = night.officer.sent(a_return(tasks=(a_task("return_home_interview", owner="mhet"),)))
    assert "Open" in night.reads("mhet", of(sent))
    night.passes(timedelta(hours=3))
    assert "No reason given yet" in night.reads("mhet", of(sent))

    asked = night.sends("mhet", 1, act="close", outcome="done")
    done = night.sends("mhet", 1, act="close", outcome="done", delay_reason="demand", words="Seen at home.")

    assert asked.status_code == 422
    assert "This is late: say why" in words_of(asked.text)
    assert (done.status_code, "Closed." in words_of(done.text)) == (200, True)
    shown = night.reads("mhet", of(sent))
    assert "Late because: Too much else to do" in shown
    assert re.search(r"Closed what had to be done.*Return home interview", shown)
    assert "Seen at home." in night.reads("mhet", "/tasks/1")
    assert "Seen at home." not in shown + str(rows(night.server.context, task_act))


def test_words_that_are_too_long_are_kept_and_it_is_said_how_long_they_may_be(night: Night) -> None:
    """Nobody types them twice."""
    night.officer.sent(a_return(tasks=(a_task("return_home_interview", owner="mhet"),)))
    long = "Seen at home. " * 150

    answer = night.sends("mhet", 1, act="close", outcome="done", words=long)

    assert answer.status_code == 422
    assert "Say it in at most 2000 characters. This has 2099" in words_of(answer.text)
    assert long.strip() in answer.text
    assert rows(night.server.context, task_act) == []


def test_a_child_on_a_list_of_tasks_or_of_two_versions_was_looked_at(night: Night) -> None:
    """Section 62: whoever reads such a list reads whom it is about, and a task's page says it once more."""
    first = night.officer.sent(a_return(tasks=(a_task("return_home_interview", owner="mhet"),)))
    night.officer.revises(first, {"ret.found_how": "hospital"})
    assert night.officer.sends(next_revision(first, {"ret.found_how": "alone"})).result is Result.CONFLICT
    for path in ("/tasks", "/tasks/1", "/two-versions"):
        night.reads("mhet", path)

    looks = night.reads("admin", f"/looked?record={reference_of(first.header.record)}")

    for did in ("Read the list of tasks", "Read a record", "Read the list of two versions"):
        assert looks.count(f"PC Hannah Wells {did}") == 1


def test_a_team_sees_its_own_tasks_and_no_others(night: Night) -> None:
    """The vulnerability team its own, the missing-from-home team its own."""
    night.officer.sent(
        a_return(
            tasks=(
                a_task("return_home_interview", owner="mhet"),
                a_task("immediate_danger", owner="vat"),
                a_task("tell_digital_forensics", owner="author"),
            )
        )
    )

    mhet, vat = night.reads("mhet", "/tasks"), night.reads("vat", "/tasks")

    assert ("Return home interview" in mhet, "A child may be in danger" in mhet) == (True, False)
    assert ("Return home interview" in vat, "A child may be in danger" in vat) == (False, True)
    assert "Kit" in mhet
    assert "Kit" in vat  # danger is theirs to read, whatever record it came in
    assert "not yours" in night.reads("vat", "/tasks/1")
    assert night.sends("vat", 3, act="close", outcome="done").status_code == 404


def test_a_button_that_is_pressed_twice_closes_once(night: Night) -> None:
    """The page brings the name of what is said on it."""
    sent = night.officer.sent(a_return(tasks=(a_task("return_home_interview", owner="mhet"),)))
    night.server.limits.sign_in.forget()
    with Browser(night.server.url) as browser:
        browser.sign_in("mhet")
        form = {**browser.hidden_in(browser.open("/tasks/1").text), "act": "close", "outcome": "done"}
        answers = [browser.http.post("/tasks/1", data=form).status_code for _ in range(2)]
        later = browser.http.post("/tasks/1", data=form | {"id": "0195952b-2f6a-7c11-8e54-1f0f6d1c0a99"})

    assert answers == [200, 200]
    assert (later.status_code, "somebody has closed it already" in later.text) == (409, True)
    with night.server.context.store.read() as db:
        happened = [one["what"] for one in entries_of(db, str(sent.header.record))]
    assert happened.count("task_closed") == 1
    assert rows(night.server.context, task)[0]["status"] == "done"


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "x", "٣"])
def test_what_is_no_task_is_not_there(night: Night, number: str) -> None:
    """Whatever is typed into the address."""
    assert "not yours" in night.reads("mhet", f"/tasks/{number}")
