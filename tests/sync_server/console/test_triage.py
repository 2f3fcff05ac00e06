"""The vulnerability team at its queue: what a supervisor has approved goes on to partners, or back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from booklets.decisions import Outcome
from booklets.records import Override, Record
from sync_server.audit import entries_of
from sync_server.db.owed import delivery
from sync_server.db.tables import decision
from sync_server.db.tables import record as register
from sync_server.identity.accounts import Role
from sync_server.register import rebuild_register
from tests.support.builders import UNIT, a_ppn, a_return, an_id
from tests.support.colleagues import Colleague, a_colleague
from tests.support.devices import Browser
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import rows_in, words_of

WHY = "Kit’s bruise and the loud man at home fit the referral of 2 March; the council has had none of it."
BACK = "Ask Kit where he slept on Friday, and write down his own words about the man he calls R."
PASSED = {"act": "pass", "grade": "same_day", "quality": "good", "why": WHY}
RETURNED = {"act": "return", "reason.words_missing": "yes", "why": BACK}


@dataclass
class Unit:
    """An officer and a sergeant with handhelds, and the vulnerability team at its desk."""

    server: LiveServer
    officer: Colleague
    sergeant: Colleague
    desk: Browser

    def a_notice(self, **how: Any) -> Record:
        """A notice that the sergeant has approved."""
        ppn = self.officer.sent(a_ppn(**how))
        self.sergeant.decided(ppn)
        return ppn

    def decides(self, ppn: Record, **fields: str) -> httpx.Response:
        """Open the notice, fill in the form and send it."""
        path = f"/records/{ppn.header.record}"
        shown = self.desk.open(path)
        return self.sends(shown, ppn, **fields)

    def sends(self, shown: httpx.Response, ppn: Record, **fields: str) -> httpx.Response:
        """Send the form of a page that was opened earlier."""
        hidden = self.desk.hidden_in(shown.text)
        return self.desk.http.post(f"/records/{ppn.header.record}/triage", data={**hidden, **fields})

    def state(self, ppn: Record) -> str:
        """Where the notice stands."""
        query = select(register.c.state).where(register.c.record == str(ppn.header.record))
        with self.server.context.store.read() as db:
            return str(db.execute(query).scalar_one())

    def to_partners(self, ppn: Record) -> str:
        """How the referral to partners stands."""
        query = (
            select(delivery.c.state)
            .where(delivery.c.record == str(ppn.header.record), delivery.c.target.startswith("partner:"))
            .order_by(delivery.c.rev.desc())
        )
        with self.server.context.store.read() as db:
            return str(db.execute(query).scalars().first())


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    """The server of a unit."""
    with a_server(tmp_path_factory.mktemp("triage"), no_hurry()) as server:
        officer = a_colleague(server.context, "pc.okoro")
        sergeant = a_colleague(server.context, "sgt.marsh", Role.OFFICER, Role.SUPERVISOR)
        server.add_account("vat.lindqvist", Role.VAT, unit="vat")
        server.add_account("mhet.hale", Role.MHET)
        with Browser(server.url) as desk:
            desk.sign_in("vat.lindqvist")
            yield Unit(server, officer, sergeant, desk)


@pytest.fixture
def unit(there: Unit) -> Unit:
    """The unit."""
    return there


PARTS = ("record", "encounter", "episode", "incident")


@pytest.fixture
def ids(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The ids of a notice that no other test has."""
    return {part: an_id(f"{part} of {request.node.name}") for part in PARTS}


def others(ids: dict[str, Any]) -> dict[str, Any]:
    """The ids of one more notice."""
    return {part: an_id(f"another {id_}") for part, id_ in ids.items()}


def test_a_notice_that_was_passed_on_is_no_danger_to_act_on_and_still_asks_what_was_done(
    unit: Unit, ids: dict[str, Any]
) -> None:
    """R-56: danger is over with words alone; under "act now" a closed notice only tires the eye."""
    ppn = unit.a_notice(answers={"ppn.immediate_danger": "yes"}, **ids)
    path = f"/records/{ppn.header.record}"
    act_now, _, _ = unit.desk.open("/queue").text.partition("Notices to decide on")

    answer = unit.decides(ppn, **PASSED)

    assert path in act_now
    assert "Passed on. It stays on this page until you write down what you did" in words_of(answer.text)
    before, _, after = answer.text.partition("Passed on: what you did about the danger is not written down")
    assert path not in before
    assert path in after.partition("Notices to decide on")[0]


def test_what_a_supervisor_approved_waits_in_the_queue(unit: Unit, ids: dict[str, Any]) -> None:
    """And what nobody has approved yet does not."""
    before = rows_in(unit.desk.open("/queue").text)
    unit.officer.sent(a_ppn(**ids))
    undecided = rows_in(unit.desk.open("/queue").text)
    unit.a_notice(**others(ids))

    page = unit.desk.open("/queue")

    assert (undecided, rows_in(page.text)) == (before, before + 1)
    assert "Kit Marlowe-Test" in words_of(page.text)


def test_the_team_passes_a_notice_on_and_partners_are_due_it(unit: Unit, ids: dict[str, Any]) -> None:
    """Only now: the referral was held until both had read it."""
    ppn = unit.a_notice(**ids)
    held = unit.to_partners(ppn)

    answer = unit.decides(ppn, **PASSED)

    assert "Passed on." in words_of(answer.text)
    assert (held, unit.to_partners(ppn), unit.state(ppn)) == ("held", "due", "closed")
    shown = words_of(unit.desk.open(f"/records/{ppn.header.record}").text)
    assert WHY in shown
    assert "To the council today. Clear, and the child is heard." in shown
    assert "Decide on this notice" not in shown


def test_a_notice_that_is_kept_leaves_nothing_behind_for_partners(unit: Unit, ids: dict[str, Any]) -> None:
    """The team may say that nobody outside needs it: then nothing leaves, and that is written down."""
    ppn = unit.a_notice(**ids)

    unit.decides(ppn, **{**PASSED, "grade": "no_further"})

    assert (unit.state(ppn), unit.to_partners(ppn)) == ("closed", "stopped")


def test_the_team_sends_a_notice_back_with_what_is_missing(unit: Unit, ids: dict[str, Any]) -> None:
    """The officer hears it; nothing goes to partners."""
    ppn = unit.a_notice(**ids)

    answer = unit.decides(ppn, **RETURNED)

    assert "Sent back to the officer." in words_of(answer.text)
    assert (unit.state(ppn), unit.to_partners(ppn)) == ("returned", "held")
    assert any(BACK in str(one["content"]) for one in unit.officer.heard("returned"))


def test_a_notice_that_moved_on_is_not_decided_on(unit: Unit, ids: dict[str, Any]) -> None:
    """The page was shown before the officer sent another revision: said in words, and nothing is done."""
    ppn = unit.a_notice(**ids)
    shown = unit.desk.open(f"/records/{ppn.header.record}")
    unit.officer.revises(ppn)

    answer = unit.sends(shown, ppn, **PASSED)

    assert answer.status_code == 409
    assert "the record had moved on to another revision" in words_of(answer.text)
    assert (unit.state(ppn), unit.to_partners(ppn)) == ("pending_supervisor", "held")


def test_two_of_the_team_at_once_decide_once(unit: Unit, ids: dict[str, Any]) -> None:
    """Both had the page open; the second hears that somebody was before them."""
    ppn = unit.a_notice(**ids)
    shown = unit.desk.open(f"/records/{ppn.header.record}")

    first, second = unit.sends(shown, ppn, **PASSED), unit.sends(shown, ppn, **RETURNED)

    assert (first.status_code, second.status_code) == (200, 409)
    assert unit.state(ppn) == "closed"


def test_whoever_approved_it_as_supervisor_is_told_that_somebody_else_passes_it_on(
    unit: Unit, ids: dict[str, Any]
) -> None:
    """README 22: two gates are two people, whatever roles one of them has."""
    both = a_colleague(unit.server.context, "di.both", Role.SUPERVISOR, Role.VAT)
    unit.server.set_password("di.both")
    ppn = unit.officer.sent(a_ppn(**ids))
    both.decided(ppn)
    with Browser(unit.server.url) as desk:
        desk.sign_in("di.both")

        answer = replace(unit, desk=desk).decides(ppn, **PASSED)

    assert answer.status_code == 409
    assert "whoever approved it as supervisor does not pass it on" in words_of(answer.text)
    assert (unit.state(ppn), unit.to_partners(ppn)) == ("specialist_review", "held")


@pytest.mark.parametrize("seen", ["", "x", "other"])
def test_a_form_that_was_not_shown_here_is_refused(unit: Unit, ids: dict[str, Any], seen: str) -> None:
    """Which revision somebody saw is ours to say: neither left out, nor made up, nor another record's."""
    ppn, other = unit.a_notice(**ids), unit.a_notice(**others(ids))
    hidden = unit.desk.hidden_in(unit.desk.open(f"/records/{other.header.record}").text)
    given = hidden["seen"] if seen == "other" else seen
    token = {"form_token": hidden["form_token"]}

    answer = unit.desk.http.post(
        f"/records/{ppn.header.record}/triage", data={**token, **PASSED, "seen": given}
    )

    assert (answer.status_code, unit.state(ppn)) == (409, "specialist_review")


@pytest.mark.parametrize(
    ("left_out", "says"),
    [
        ({"why": ""}, "Say why, in your own words"),
        ({"why": "Noted, all in order."}, "That could stand under any notice"),
        ({"grade": ""}, "Say where it goes and how soon"),
        ({"grade": "to the moon"}, "Say where it goes and how soon"),
        ({"quality": ""}, "Say how good the notice is"),
        ({"act": "return"}, "Say what the officer should look at again"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_that_was_typed_is_lost(
    unit: Unit, ids: dict[str, Any], left_out: dict[str, str], says: str
) -> None:
    """The same page again, with what was typed, what is missing on top, and nothing decided."""
    ppn = unit.a_notice(**ids)

    answer = unit.decides(ppn, **{**PASSED, **left_out})

    assert (answer.status_code, unit.state(ppn)) == (422, "specialist_review")
    assert says in words_of(answer.text)
    assert "Nothing has been decided yet" in words_of(answer.text)
    assert left_out.get("why", WHY).strip() in words_of(answer.text)


def test_what_the_team_wrote_lies_sealed_and_its_grade_can_be_counted(
    unit: Unit, ids: dict[str, Any]
) -> None:
    """Words about a child are nowhere readable at rest; grades are codes."""
    ppn = unit.a_notice(**ids)

    unit.decides(ppn, **PASSED)

    with unit.server.context.store.read() as db:
        [row] = db.execute(
            select(decision).where(decision.c.record == str(ppn.header.record), decision.c.role == "vat")
        ).all()
        graded = entries_of(db, str(ppn.header.record))[-1]
    assert WHY.encode() not in bytes(row.content_sealed)
    assert (graded["detail"]["grade"], graded["detail"]["quality"]) == ("same_day", "good")


def test_notices_are_found_by_what_the_team_said_of_them(unit: Unit, ids: dict[str, Any]) -> None:
    """Which went where, how good they were: asked of the register, and gone with the next revision."""
    passed, back = unit.a_notice(**ids), unit.a_notice(**others(ids))
    unit.decides(passed, **{**PASSED, "grade": "early_help", "quality": "enough"})
    unit.decides(back, **RETURNED)

    def listed(asked: str) -> set[str]:
        page = unit.desk.open(f"/register?{asked}").text
        return {str(one.header.record) for one in (passed, back) if f"/records/{one.header.record}" in page}

    assert listed("grade=early_help&quality=enough") == {str(passed.header.record)}
    assert listed("quality=sent_back") == {str(back.header.record)}
    assert listed("grade=immediate") == set()
    page = words_of(unit.desk.open("/register?grade=early_help").text)
    assert "Vulnerability team: where to" in page
    assert "To early help" in words_of(unit.desk.open(f"/records/{passed.header.record}").text)
    unit.officer.revises(back)
    assert listed("quality=sent_back") == set()


def test_what_the_team_said_is_there_again_when_the_register_is_made_again(
    unit: Unit, ids: dict[str, Any]
) -> None:
    """The register can be thrown away at any time."""
    ppn = unit.a_notice(**ids)
    unit.decides(ppn, **PASSED)

    rebuild_register(unit.server.context)

    page = unit.desk.open("/register?grade=same_day&quality=good").text
    assert f"/records/{ppn.header.record}" in page


def test_a_check_that_was_passed_to_the_team_is_theirs_to_read_and_decide(
    unit: Unit, ids: dict[str, Any]
) -> None:
    """D.15: escalate VAT/MHET. Not theirs to decide before; afterwards they read what they said."""
    check = unit.officer.sent(a_return(**ids))
    address = f"/records/{check.header.record}"
    assert "Decide on this notice" not in unit.desk.open(address).text

    unit.sergeant.decided(check, outcome=Outcome.ESCALATE_VAT)

    assert f"/records/{check.header.record}" in unit.desk.open("/queue").text
    unit.decides(check, **PASSED)
    assert unit.state(check) == "closed"
    shown = words_of(unit.desk.open(address).text)
    assert "Passed to the vulnerability team" in shown
    assert "Third child this month" in shown


def test_whoever_reads_a_decision_reads_what_stood_against_it(unit: Unit, ids: dict[str, Any]) -> None:
    """A check gave way to a reason: the reason stands beside the decision."""
    ppn = unit.officer.sent(a_ppn(**ids))
    why = "The doctor told me herself; her statement follows."
    made = unit.sergeant.decides([ppn], answers={"sup.rationale": "Noted."})
    override = Override("SUP-1:sup.rationale", why, unit.sergeant.author.id, made.header.submitted.instant)
    unit.sergeant.sent(replace(made, overrides=(override,)))

    shown = words_of(unit.desk.open(f"/records/{ppn.header.record}").text)

    assert f"Decided although SUP-1:sup.rationale stood against it: {why}" in shown


def test_others_read_a_notice_and_are_not_asked_to_decide(unit: Unit, ids: dict[str, Any]) -> None:
    """Not even by sending the form of somebody who is."""
    ppn = unit.a_notice(**ids)
    hidden = unit.desk.hidden_in(unit.desk.open(f"/records/{ppn.header.record}").text)
    with Browser(unit.server.url) as other:
        other.sign_in("mhet.hale")
        page = other.open(f"/records/{ppn.header.record}")
        token = other.hidden_in(page.text)["form_token"]
        answer = other.http.post(
            f"/records/{ppn.header.record}/triage", data={**hidden, **PASSED, "form_token": token}
        )

    assert "Decide on this notice" not in page.text
    assert (answer.status_code, unit.state(ppn)) == (403, "specialist_review")


def test_the_supervisors_reasons_stand_beside_the_notice(unit: Unit, ids: dict[str, Any]) -> None:
    """Whoever decides next reads who decided before, and why."""
    ppn = unit.a_notice(**ids)

    words = words_of(unit.desk.open(f"/records/{ppn.header.record}").text)

    assert "Body map matches the fall Kit told of" in words
    assert "PC sgt.marsh, supervisor" in words
    assert UNIT.split("_")[0].capitalize() in words
