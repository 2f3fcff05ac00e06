"""Every page of the console, for everybody: by role, by unit and force, and by how they are signed in.

Whose each is stands here and in no other place: a page that is new to the table of routes fails until
somebody has said who may open it. What a page is about is the force's own, and of the sergeant's unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final

import httpx
import pytest
from sqlalchemy import select

from sync_server.console.routes import ADDRESSES, Address
from sync_server.db.identity import session
from sync_server.handhelds import recovery
from sync_server.handhelds.recovery import Question
from sync_server.identity import devices
from sync_server.identity.accounts import CONSOLE_ROLES, Role
from sync_server.identity.visits import LONGEST
from tests.support.builders import UNIT
from tests.support.console_desks import USERS, Console, a_console, council_of, one_is_stuck
from tests.support.devices import Browser
from tests.support.servers import FORCE, LiveServer

pytestmark = pytest.mark.thorough

ELSEWHERE: Final = "sergeant elsewhere"
ABROAD: Final = {name: f"{name} of another force" for name in USERS}
EVERYBODY: Final[Mapping[str, tuple[Role, str, str]]] = {
    **{name: (role, UNIT, FORCE) for name, role in USERS.items()},
    ELSEWHERE: (Role.SUPERVISOR, "filey_response", FORCE),
    **{ABROAD[name]: (role, UNIT, "another_force") for name, role in USERS.items()},
}
ALL: Final = "mhet fim vat sergeant cet cii community analyst records admin auditor integrator council"
READERS: Final = "mhet fim vat sergeant cet cii"
READ_RECORDS: Final = "mhet fim vat sergeant cet cii records"
OF_SOME: Final = "cet cii"
"""Those who read only what shows exploitation, or is of medium risk: what the night has is neither."""


@dataclass(frozen=True)
class Row:
    """Whose a page is, and what they are answered; ``others`` is what is said where it is another's.

    What is sent has a form's token and is otherwise empty, so that next to nothing happens: where a page is
    somebody's, it says what is missing (400, 409, 422).
    """

    whose: str
    answered: int = 200
    others: int | None = None
    elsewhere: int | None = None
    """Of a page that is of the force and not of a unit: what a sergeant of another unit is answered."""
    not_theirs: str = ""
    """Those who have the page, and of which this one is another team's."""


PAGES: Final[Mapping[tuple[str, str], Row]] = {
    ("GET", "/"): Row(ALL, 303),
    ("GET", "/register"): Row(READERS),
    ("POST", "/find"): Row(READERS, 303),
    ("GET", "/children"): Row(READERS),
    ("POST", "/children/file"): Row(READERS, 422),
    ("GET", "/daily-meeting"): Row(READERS),
    ("POST", "/daily-meeting/file"): Row(READERS, 422),
    ("GET", "/episodes"): Row(READERS),
    ("GET", "/episodes/{episode}"): Row(READERS, others=404, not_theirs=OF_SOME),
    ("POST", "/episodes/{episode}/close"): Row("mhet fim sergeant", 422, others=404),
    ("POST", "/episodes/{episode}/open-again"): Row("mhet fim sergeant", 422, others=404),
    ("GET", "/quality"): Row(READERS),
    ("GET", "/police-protection"): Row(READERS),
    ("POST", "/police-protection/file"): Row(READERS, 422),
    ("GET", "/samples"): Row("mhet sergeant"),
    ("POST", "/samples"): Row("mhet sergeant", 422),
    ("GET", "/samples/{sample}"): Row("mhet sergeant", others=404),
    ("POST", "/samples/{sample}"): Row("mhet sergeant", 422, others=404),
    ("GET", "/lists"): Row(READERS),
    ("GET", "/schools-not-told"): Row(READERS),
    ("GET", "/ethnicity"): Row(READERS),
    ("GET", "/exploitation-meeting"): Row("mhet"),
    ("GET", "/looked-after"): Row("mhet"),
    ("POST", "/looked-after/file"): Row("mhet", 422),
    ("GET", "/records/{record}"): Row(READ_RECORDS, others=404, not_theirs=OF_SOME),
    ("GET", "/records/{record}/revisions/{rev}"): Row(READ_RECORDS, others=404, not_theirs=OF_SOME),
    ("GET", "/records/{record}/revisions/{rev}/changes"): Row(READ_RECORDS, others=404, not_theirs=OF_SOME),
    ("GET", "/records/{record}/photographs/{attachment}"): Row(READ_RECORDS, others=404, not_theirs=OF_SOME),
    ("GET", "/records/{record}/photographs/{attachment}/file"): Row(
        READ_RECORDS, others=404, not_theirs=OF_SOME
    ),
    ("POST", "/records/{record}/triage"): Row("vat", 409, others=404),
    ("POST", "/records/{record}/danger"): Row("vat", 409, others=404),
    ("GET", "/records/{record}/restrict"): Row("mhet", others=404),
    ("POST", "/records/{record}/restrict"): Row("mhet", 422, others=404),
    ("GET", "/restricted"): Row(READERS),
    ("POST", "/restricted"): Row(READERS, 422),
    ("GET", "/restricted/{restriction}"): Row(READERS, others=404, elsewhere=200),
    ("POST", "/restricted/{restriction}"): Row(READERS, 422, others=404, elsewhere=422),
    ("POST", "/restricted/{restriction}/readers"): Row("mhet", 422, others=404),
    ("POST", "/restricted/{restriction}/end"): Row("mhet", 422, others=404),
    ("GET", "/two-versions"): Row("mhet sergeant"),
    ("GET", "/two-versions/{mark}"): Row("mhet sergeant", others=404),
    ("POST", "/two-versions/{mark}"): Row("mhet sergeant", 409, others=409),
    ("GET", "/queue"): Row("vat"),
    ("GET", "/tasks"): Row("mhet vat community cii"),
    ("GET", "/tasks/{task}"): Row("mhet vat community cii", others=404, not_theirs="vat community cii"),
    ("POST", "/tasks/{task}"): Row(
        "mhet vat community cii", 400, others=404, not_theirs="vat community cii"
    ),
    ("POST", "/tasks/{task}/involve"): Row("community", 422, others=404),
    ("GET", "/problem-profile"): Row("analyst"),
    ("POST", "/problem-profile"): Row("analyst", 422),
    ("GET", "/retention"): Row("records"),
    ("GET", "/retention/{record}"): Row("records", others=404),
    ("POST", "/retention/{record}"): Row("records", 409, others=404),
    ("GET", "/records/{record}/community"): Row("mhet vat", others=404),
    ("POST", "/records/{record}/community"): Row("mhet vat", 422, others=404),
    ("GET", "/records/{record}/refer"): Row("cet", others=404),
    ("POST", "/records/{record}/refer"): Row("cet", 422, others=404),
    ("GET", "/places"): Row("mhet community"),
    ("GET", "/deliveries"): Row("mhet admin integrator"),
    ("POST", "/deliveries/{delivery}/again"): Row("admin integrator", 303, others=404),
    ("GET", "/devices"): Row("admin"),
    ("GET", "/devices/{device}"): Row("admin", others=404),
    ("POST", "/devices/{device}"): Row("admin", 422, others=404),
    ("POST", "/devices/{device}/count"): Row("admin", 303, others=404),
    ("GET", "/recoveries/{request}"): Row("admin", others=404),
    ("POST", "/recoveries/{request}"): Row("admin", 422, others=404),
    ("GET", "/looked"): Row("admin auditor"),
    ("GET", "/council"): Row("council"),
    ("GET", "/council/{told}"): Row("council", others=404),
    ("POST", "/council/{told}/read"): Row("council", 303, others=404),
    ("POST", "/council/{told}/decision"): Row("council", 422, others=404),
    ("GET", "/audit"): Row("auditor"),
    ("POST", "/audit/file"): Row("auditor", 422),
    ("POST", "/audit/check"): Row("auditor"),
    ("POST", "/sign-out"): Row(ALL, 303),
}
COOKIE: Final = "homeward-console"
OPENED: Final = [one for one in ADDRESSES if one.roles]
SENT: Final = [one for one in OPENED if one.method == "POST"]
# What each page is opened of: the first that begins so.
OF: Final[Mapping[str, str]] = {
    "/records/{record}/photographs/{attachment}": "{photograph}",
    "/records/{record}/triage": "/records/{notice}/triage",
    "/records/{record}/danger": "/records/{danger}/danger",
    "/records/{record}/refer": "/records/{exploited}/refer",
    "/council/{told}/decision": "/council/{asks}/decision",
    "/records/{record}": "/records/{returned}",
    "/retention/{record}": "/retention/{due}",
    "/tasks/{task}/involve": "/tasks/{passed}/involve",
    "/episodes/{episode}/open-again": "/episodes/{closed}/open-again",
    "/two-versions/{mark}": "/two-versions/{beside}",
}


@dataclass
class Office:
    """The console with a night on it, everybody at their desk, and the numbers of what no page has named."""

    console: Console
    desks: Mapping[str, Browser]
    numbers: Mapping[str, str]
    drawn: str = ""
    """A record of the sample."""
    tokens: dict[str, str] = field(default_factory=dict)

    def path(self, one: Address) -> str:
        """The address of this page, of something that is there."""
        begins = next((start for start in OF if one.path.startswith(start)), "")
        path = OF[begins] + one.path.removeprefix(begins) if begins else one.path
        for name, number in self.numbers.items():
            path = path.replace(f"{{{name}}}", number)
        return self.console.path(path)

    def asks(self, one: Address, desk: Browser, **fields: str) -> httpx.Response:
        """Open it, or send its form with nothing filled in but these."""
        if one.path.startswith("/samples/") and fields:
            fields |= {"record": self.drawn}
        form = fields if one.method == "POST" else None
        return desk.http.request(one.method, self.path(one), data=form, follow_redirects=False)

    def asks_with_token(self, one: Address, who: str) -> httpx.Response:
        """The same, with the token that every form of theirs has."""
        if who not in self.tokens:
            page = self.desks[who].open("/").text
            self.tokens[who] = self.desks[who].hidden_in(page)["form_token"]
        return self.asks(one, self.desks[who], form_token=self.tokens[who])


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Everything that a page can be about, and somebody of every kind signed in."""
    with a_console(tmp_path_factory.mktemp("matrix")) as console, ExitStack() as stack:
        server, desks = console.server, {}
        for name, (role, unit, force) in EVERYBODY.items():
            if name not in USERS:
                server.add_account(
                    name.replace(" ", "."), role, unit=unit, force=force, council=council_of(role)
                )
            desks[name] = stack.enter_context(Browser(server.url))
            desks[name].sign_in(name.replace(" ", "."))
        device, request = _a_forgotten_pin(server)
        numbers = {"rev": "2", "delivery": "1", "device": device, "request": request}
        drawn = desks["mhet"].hidden_in(desks["mhet"].open(console.path("/samples/{sample}")).text)["record"]
        yield Office(console, desks, numbers, drawn)


def _a_forgotten_pin(server: LiveServer) -> tuple[str, str]:
    """A handheld, and the request of somebody who was signed in on it."""
    with server.context.store.read() as db:
        row = db.execute(select(session.c.device, session.c.account).limit(1)).one()
        device = devices.find(db, row.device)
    assert device is not None
    question = Question(vault=bytes(16), officer=row.account, kid="k", sealed=b"sealed")
    now = server.clock()
    made = server.context.store.write(lambda db: recovery.ask(db, device, question, again=False, now=now))
    return device.id, str(made["id"])


def expected(row: Row) -> dict[str, int]:
    """What everybody is answered, as this row says: 403 where the page is for other roles."""
    whose, not_theirs = row.whose.split(), row.not_theirs.split()
    there = {name: row.answered if name in whose else 403 for name in USERS}
    there |= dict.fromkeys(not_theirs, row.others or row.answered)
    others = row.answered if row.others is None else row.others
    there[ELSEWHERE] = (row.elsewhere or others) if "sergeant" in whose else 403
    return there | {ABROAD[name]: others if name in whose else 403 for name in USERS}


def test_somebody_has_said_of_every_page_whose_it_is() -> None:
    """A page without its row here is nobody's yet; and what the routes say is what stands here."""
    roles = {(one.method, one.path): one.roles for one in ADDRESSES if one.roles}

    assert roles.keys() == PAGES.keys()
    for address, row in PAGES.items():
        assert {USERS[name] for name in row.whose.split()} == roles[address], address
    assert set(USERS.values()) == CONSOLE_ROLES


@pytest.mark.parametrize("one", OPENED, ids=lambda one: f"{one.method} {one.path}")
def test_everybody_is_answered_as_the_table_says(office: Office, one: Address) -> None:
    """By their role, of their own unit and force and of others."""
    row = PAGES[one.method, one.path]
    answered = {}
    for who in EVERYBODY:
        if one.path.startswith("/deliveries/"):
            one_is_stuck(office.console.server)  # whoever was here before has had it tried again
        answered[who] = office.asks_with_token(one, who).status_code
        if one.path == "/sign-out":
            office.desks[who].sign_in(who.replace(" ", "."))
            office.tokens.pop(who)

    assert answered == expected(row)


@pytest.fixture(scope="module")
def spent(office: Office) -> Iterator[Mapping[str, tuple[str, Browser]]]:
    """Everybody once more, with a cookie of a visit that is over."""
    server, clock = office.console.server, office.console.server.clock
    with ExitStack() as stack:
        found = {}
        for who in USERS:
            browser = stack.enter_context(Browser(server.url))
            browser.sign_in(who)
            over = browser.http.cookies[COOKIE]
            token = browser.hidden_in(browser.open("/").text)["form_token"]
            browser.http.post("/sign-out", data={"form_token": token})
            clock.at -= LONGEST
            browser.sign_in(who)
            clock.at += LONGEST
            found[who] = (over, browser)
        officer = stack.enter_context(Browser(server.url))
        officer.sign_in("pc.wells")
        found["officer"] = ("", officer)
        yield found


@pytest.mark.parametrize("one", OPENED, ids=lambda one: f"{one.method} {one.path}")
def test_nobody_gets_in_without_a_visit_that_goes_on(
    office: Office, spent: Mapping[str, tuple[str, Browser]], one: Address
) -> None:
    """None, made up, ended, too old, or an officer's, who has no desk: each is shown where to sign in."""
    who = PAGES[one.method, one.path].whose.split()[0]
    over, stale = spent[who]
    answers = [office.asks(one, stale), office.asks(one, spent["officer"][1])]
    for cookie in ("", "made-up", over):
        with Browser(office.console.server.url) as desk:
            desk.http.cookies.set(COOKIE, cookie)
            answers.append(office.asks(one, desk))

    led = {(each.status_code, each.headers.get("Location", "").partition("?")[0]) for each in answers}
    assert led == {(303, "/sign-in")}


@pytest.mark.parametrize("one", SENT, ids=lambda one: one.path)
def test_nothing_that_is_sent_counts_without_its_forms_token(office: Office, one: Address) -> None:
    """Not even from whoever may send it: another site could have made them."""
    who = PAGES[one.method, one.path].whose.split()[0]

    answers = [office.asks(one, office.desks[who], **form) for form in ({}, {"form_token": "made-up"})]

    assert [(each.status_code, "too old to send" in each.text) for each in answers] == [(403, True)] * 2
