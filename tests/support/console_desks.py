"""A console with a night's work on it, and desks at which somebody of each role is signed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import func, insert, select, update

from booklets.decisions import Ask, Outcome
from booklets.entities import new_id
from booklets.records import Record
from sync_server.db.owed import Owed, delivery, task
from sync_server.db.retained import due_record
from sync_server.deciding.unsettled import unsettled
from sync_server.demo.night import send_the_night
from sync_server.duties import look_once
from sync_server.duties.passing import places_of
from sync_server.forwarding.postman import deliver_due
from sync_server.identity.accounts import Role
from sync_server.intake import Result
from sync_server.notices import reference_of
from sync_server.retention.files import file_with
from tests.support import councils, episodes
from tests.support.browser import DESK
from tests.support.builders import UNIT, a_ppn, a_return, a_task, an_id, an_interview, next_revision
from tests.support.colleagues import Colleague, a_colleague
from tests.support.devices import Browser, Handheld, a_client
from tests.support.known_children import assessment_of, report_of
from tests.support.photographs import Camera, a_picture
from tests.support.protection import END, KIT, LATE, POWER, part_of, sent
from tests.support.restrictions import restricted
from tests.support.servers import FORCE, PASSWORD, LiveServer, a_server, no_hurry

USERS: Mapping[str, Role] = {
    "mhet": Role.MHET,
    "fim": Role.FIM,
    "vat": Role.VAT,
    "sergeant": Role.SUPERVISOR,
    "cet": Role.CET,
    "cii": Role.CII,
    "community": Role.COMMUNITY,
    "analyst": Role.ANALYST,
    "records": Role.RECORDS,
    "admin": Role.ADMIN,
    "auditor": Role.AUDITOR,
    "integrator": Role.INTEGRATOR,
    "council": Role.LOCAL_AUTHORITY,
}
COUNCIL = "E06000065"
"""The one that the night's children are of."""


def council_of(role: Role) -> str:
    """Which council somebody of this role is of, as their account says it."""
    return COUNCIL if role is Role.LOCAL_AUTHORITY else ""


PARTS = ("record", "encounter", "episode", "incident")
GOOD = "You wrote down what you asked just before."


@dataclass
class Console:
    """The server, the records that pages are opened of, and the address at which a handheld signs in.

    ``to_decide`` and ``to_act_on`` are for the tests that do so: the others find theirs as they were.
    """

    server: LiveServer = field(repr=False)
    returned: Record = field(repr=False)
    notice: Record = field(repr=False)
    danger: Record = field(repr=False)
    sent_back: Record = field(repr=False)
    approved: Record = field(repr=False)
    to_decide: Record = field(repr=False)
    to_act_on: Record = field(repr=False)
    closed: Record = field(repr=False)
    handheld: str = field(repr=False)
    beside: str = field(default="", repr=False)
    photograph: str = field(default="", repr=False)
    task: int = 0
    passed: int = 0
    due: str = ""
    sample: str = ""
    restriction: int = 0
    told: int = 0
    asks: int = 0
    exploited: str = ""

    def path(self, template: str) -> str:
        """An address of this console: its records by their names."""
        return template.format(
            returned=self.returned.header.record,
            notice=self.notice.header.record,
            danger=self.danger.header.record,
            sent_back=self.sent_back.header.record,
            approved=self.approved.header.record,
            to_decide=self.to_decide.header.record,
            to_act_on=self.to_act_on.header.record,
            reference=reference_of(self.returned.header.record),
            episode=self.returned.header.episode,
            closed=self.closed.header.episode,
            handheld=self.handheld,
            beside=self.beside,
            photograph=self.photograph,
            photographed=self.photograph.partition("/photographs/")[0],
            task=self.task,
            passed=self.passed,
            due=self.due,
            sample=self.sample,
            restriction=self.restriction,
            told=self.told,
            asks=self.asks,
            exploited=self.exploited,
        )


@contextmanager
def a_console(folder: Path) -> Iterator[Console]:
    """Everything that a page of the console can show stands on some page of this one."""
    with a_server(folder, no_hurry()) as server:
        _everybody(server)
        send_the_night(server.context, force=FORCE)
        deliver_due(server.context)
        officer = a_colleague(server.context, "pc.okoro")
        sergeant = a_colleague(server.context, "sgt.marsh", Role.OFFICER, Role.SUPERVISOR)
        returned, sent_back = _sent_back(server, officer, sergeant)
        notice = officer.sent(a_ppn())
        approved = sergeant.decided(notice, answers={"sup.feedback_good": GOOD})
        danger, to_act_on = (_danger(officer, name) for name in ("danger", "more danger"))
        sergeant.decided(to_decide := officer.sent(a_ppn(**_parts("one more notice"))))
        _for_the_lists(officer)
        _deliveries_wait(server)
        with a_client(server.url) as http:
            handheld = Handheld(server, http)
            handheld.enrol()
            photograph = _a_photograph(handheld)
            flow = handheld.begin()["verification_uri_complete"]
        yield Console(
            server=server,
            returned=returned,
            notice=notice,
            danger=danger,
            sent_back=sent_back,
            approved=approved,
            to_decide=to_decide,
            to_act_on=to_act_on,
            closed=_closed(server, officer, sergeant),
            handheld=flow.removeprefix(server.url),
            beside=_beside(server),
            photograph=photograph,
            task=_a_task_of(server, "mhet"),
            passed=_passed(server, returned),
            due=_due(server, approved),
            sample=_a_sample(server),
            restriction=restricted(server.context, officer.sent(report_of("Rue")), "mhet", "vat"),
            **_at_the_council(server, officer, sergeant),
            exploited=_exploited(officer),
        )


def _everybody(server: LiveServer) -> None:
    """An officer, and one of each role at a desk."""
    server.add_account("pc.wells", Role.OFFICER, unit=UNIT)
    for user, role in USERS.items():
        server.add_account(user, role, unit=UNIT, council=council_of(role))


def _parts(name: str) -> dict[str, Any]:
    """The ids of a record that has nothing in common with the others but the child."""
    return {part: an_id(f"{part} of {name}") for part in PARTS}


def _danger(officer: Colleague, name: str) -> Record:
    """An interview that says that a child is in danger now."""
    return officer.sent(an_interview({"pi.danger_now": "yes"}, **_parts(name)))


def _for_the_lists(officer: Colleague) -> None:
    """A use of police protection, and a child in care who was missing and of whom something is not known."""
    child = replace(KIT, id=new_id())
    officer.sent(sent(part_of(POWER, {"pp.la_told": (LATE,)}, child=child)))
    officer.sent(sent(part_of(END, {}, child=replace(KIT, id=new_id()))))
    officer.sent(report_of("Ola", care_status="co", ethnicity_sde=None))


def _sent_back(server: LiveServer, officer: Colleague, sergeant: Colleague) -> tuple[Record, Record]:
    """A return that was sent back, answered with a second revision, and whose clock is late; and why."""
    late = a_task("ring", due_at=server.clock() - timedelta(minutes=70))
    returned = officer.sent(a_return(tasks=(late,), **_parts("what was sent back")))
    asks = [Ask(returned.header.record, "ret.found_how", "Who rang whom?")]
    decision = sergeant.decided(returned, outcome=Outcome.RETURN, asks=asks)
    answered = officer.revises(returned, {"ret.found_how": "alone"})
    other = next_revision(returned, {"ret.found_how": "hospital"})
    assert officer.sends(other).result is Result.CONFLICT
    return answered, decision


def _closed(server: LiveServer, officer: Colleague, sergeant: Colleague) -> Record:
    """The return of an episode that was refused as a concern for safety, and then closed as what it was."""
    closer = a_colleague(server.context, "mhet.hale", Role.MHET)
    back = episodes.all_done("Kim", officer, sergeant)
    for category in ("concern_for_safety", "returned_safe"):
        episodes.of(server.context, back).closes(closer, category)
    return back


def _beside(server: LiveServer) -> str:
    """How the version is named that is kept beside that one."""
    with server.context.store.read() as db:
        [one] = unsettled(db, FORCE)
    return one.env_sha256


def _a_photograph(handheld: Handheld) -> str:
    """Where one photograph is looked at, of a record that lists two: the other has not come."""
    handheld.sign_in("pc.wells")
    camera = Camera(handheld)
    pictures = [a_picture(640, 480, shade) for shade in (120, 200)]
    record, [came, _] = camera.record_with(*pictures, unit=UNIT, **_parts("photographed"))
    camera.submit(record)
    camera.bring(came)
    return f"/records/{record.header.record}/photographs/{came.name}"


def _a_sample(server: LiveServer) -> str:
    """The number of a dip sample of the unit, with feedback on its first record."""
    with Browser(server.url) as desk:
        desk.sign_in("mhet")
        hidden = desk.hidden_in(desk.open("/samples").text)
        asked = {"unit": UNIT, "month": "2026-03", "size": "3"}
        drawn = desk.http.post("/samples", data={**hidden, **asked})
        hidden = desk.hidden_in(drawn.text)
        desk.http.post(str(drawn.url), data={**hidden, "words": GOOD})
    return str(drawn.url).rpartition("/")[2]


def _due(server: LiveServer, record: Record) -> str:
    """The record, once it has been due for review for so long as an evening lasts; and a hold on it."""
    name, now = str(record.header.record), server.clock()
    with server.context.store.read() as db:
        file = file_with(db, FORCE, name)
    assert file is not None
    row = {"force": FORCE, "file": file.key, "group": "group_1", "due_at": now}
    rows = [{**row, "record": one} for one in file.names]
    server.context.store.write(lambda db: db.execute(insert(due_record), rows))
    with Browser(server.url) as desk:
        desk.sign_in("records")
        hidden = desk.hidden_in(desk.open(f"/retention/{name}").text)
        told = {"kind": "held", "why": "court", "words": "The hearing is in May."}
        desk.http.post(f"/retention/{name}", data={**hidden, **told})
    return name


def _passed(server: LiveServer, record: Record) -> int:
    """The number of what the community officers are asked, at the place of a record."""
    with server.context.store.read() as db:
        place = next(iter(places_of(db, FORCE, str(record.header.record))))
    with Browser(server.url) as desk:
        desk.sign_in("mhet")
        asked = {"kind": "visit_place", "place": place, "words": "Friday after nine: who waits there?"}
        due = (server.clock() + timedelta(days=3)).date().isoformat()
        desk.fill_in(f"/records/{record.header.record}/community", due=due, **asked)
    return _a_task_of(server, "community")


def _exploited(officer: Colleague) -> str:
    """A missing report of a child who may be exploited; and an assessment of medium risk, of another."""
    officer.sent(assessment_of("Ned", "medium"))
    report = officer.sent(report_of("Mia", {"mis.exploitation_types": ("CCE",)}))
    return str(report.header.record)


def _at_the_council(server: LiveServer, officer: Colleague, sergeant: Colleague) -> dict[str, int]:
    """The numbers of a notice and of a referral that a council has had and not answered."""
    told = _delivered(server, "local_authority")
    vat = a_colleague(server.context, "vat.lind", Role.VAT, unit="vat")
    councils.referred(officer.sent(a_ppn(**_parts("what was referred"))), sergeant, vat)
    deliver_due(server.context)
    return {"told": told, "asks": _delivered(server, "partner")}


def _delivered(server: LiveServer, kind: str) -> int:
    """The number of the newest delivery of this kind to the council."""
    mine = (delivery.c.target == f"{kind}:{COUNCIL}", delivery.c.state == Owed.DELIVERED.value)
    with server.context.store.read() as db:
        return int(db.execute(select(func.max(delivery.c.id)).where(*mine)).scalar_one())


def _deliveries_wait(server: LiveServer) -> None:
    """For a person, and for a decision."""
    one_is_stuck(server)
    _one_is_late(server)


def _one_is_late(server: LiveServer) -> None:
    """Nobody has decided on the notice for nine hours; then it is evening again."""
    evening = server.clock.at
    server.clock.at = evening + timedelta(hours=9)
    look_once(server.context)
    server.clock.at = evening


def _a_task_of(server: LiveServer, team: str) -> int:
    """The number of a task that this team has to do."""
    first = select(task.c.id).where(task.c.owner_role == team).order_by(task.c.id).limit(1)
    with server.context.store.read() as db:
        return int(db.execute(first).scalar_one())


def one_is_stuck(server: LiveServer) -> None:
    """One delivery has been given up, and waits for a person."""
    first = delivery.c.id == 1
    stuck = update(delivery).where(first).values(state=Owed.DEAD.value, last_error="connection_refused")
    server.context.store.write(lambda db: db.execute(stuck).rowcount)


@contextmanager
def a_desk_of(
    browser: Chromium, console: Console, user: str, *, size: tuple[int, int] = DESK, scripts: bool = True
) -> Iterator[Page]:
    """A browser window in which this person is signed in; nobody where no name is given."""
    context: BrowserContext = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts, locale="en-GB"
    )
    try:
        page = context.new_page()
        page.goto(f"{console.server.url}/sign-in")
        if user:
            page.get_by_label("User name").fill(user)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("button", name="Sign out").wait_for()
        yield page
    finally:
        context.close()
