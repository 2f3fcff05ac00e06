"""Who may do what: every address, for everybody, generated from the tables that the routes come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import httpx
import pytest

from sync_server.api.routes import ADDRESSES
from sync_server.console.routes import ADDRESSES as CONSOLE
from sync_server.identity import devices
from sync_server.identity.accounts import CONSOLE_ROLES, Role
from sync_server.identity.devices import DeviceState
from tests.support.devices import Browser, Handheld
from tests.support.servers import LiveServer

pytestmark = pytest.mark.thorough

SIGNED = [address for address in ADDRESSES if address.signed and address.path != "/v1/enrol"]
SESSION = [address for address in SIGNED if address.session]
NAMES = {
    Role.OFFICER: "pc.wells",
    Role.SUPERVISOR: "sgt.oyelaran",
    Role.FIM: "insp.varga",
    Role.VAT: "vat.lindqvist",
    Role.MHET: "mhet.hale",
    Role.COMMUNITY: "pcso.reid",
    Role.ANALYST: "analyst.okafor",
    Role.RECORDS: "records.tan",
    Role.ADMIN: "admin.frost",
}
PAGES = [(address, role) for address in CONSOLE if address.roles for role in Role]

Spoil = Callable[[Handheld, LiveServer], None]


@pytest.mark.parametrize("address", SIGNED, ids=lambda one: f"{one.method} {one.path}")
def test_nothing_that_must_be_signed_answers_the_unsigned(server: LiveServer, address: object) -> None:
    """Not even with the right words in the body."""
    one = next(each for each in SIGNED if each is address)

    answer = httpx.request(one.method, f"{server.url}{one.path}")

    assert (answer.status_code, answer.headers["Homeward-Refused"]) == (401, "bad_signature")


@pytest.mark.parametrize("address", SESSION, ids=lambda one: f"{one.method} {one.path}")
def test_nothing_that_needs_an_officer_answers_a_bare_device(enrolled: Handheld, address: object) -> None:
    """An enrolled handheld that nobody has signed in on may ask for nothing about anybody."""
    one = next(each for each in SESSION if each is address)

    answer = enrolled.send(one.method, one.path)

    assert (answer.status_code, answer.headers["Homeward-Refused"]) == (401, "session_over")


@pytest.mark.parametrize(
    "address", [one for one in SIGNED if not one.stopped_too], ids=lambda one: f"{one.method} {one.path}"
)
@pytest.mark.parametrize("state", [DeviceState.SUSPENDED, DeviceState.REVOKED])
def test_a_stopped_device_gets_nowhere(
    signed_in: Handheld, server: LiveServer, address: object, state: DeviceState
) -> None:
    """Also with a session that was good a moment ago."""
    one = next(each for each in SIGNED if each is address)
    server.context.store.write(lambda db: devices.set_state(db, signed_in.id, state))

    answer = signed_in.as_officer(one.method, one.path)

    assert (answer.status_code, answer.headers["Homeward-Refused"]) == (403, "device_not_active")


@pytest.fixture(scope="module")
def desks(running: LiveServer) -> Iterator[Mapping[Role, Browser]]:
    """Somebody of each role who has signed in at the console, or tried to: once for every page."""
    opened = {role: Browser(running.url) for role in Role}
    for role, browser in opened.items():
        running.limits.sign_in.forget()
        browser.sign_in(NAMES[role])
    yield opened
    for browser in opened.values():
        browser.http.close()


@pytest.mark.parametrize(("address", "role"), PAGES, ids=lambda one: str(getattr(one, "path", one)))
def test_each_page_opens_for_its_roles_and_no_others(
    server: LiveServer, desks: Mapping[Role, Browser], address: object, role: Role
) -> None:
    """Officers work on handhelds; the console is not for them. A page for others says so."""
    one = next(each for each in CONSOLE if each is address)
    path = (
        one.path.replace("{record}", "0195952b-2f6a-7c11-8e54-1f0f6d1c0a01")
        .replace("{rev}", "1")
        .replace("{delivery}", "1")
        .replace("{task}", "1")
    )

    answer = desks[role].http.request(one.method, path, follow_redirects=False)

    if role in one.roles:
        # "/" leads to the first page that is somebody's; what is sent has no form token.
        assert answer.status_code in ({200, 303, 404} if one.method == "GET" else {403})
        assert not answer.headers.get("Location", "").startswith("/sign-in")
    elif role in CONSOLE_ROLES:
        assert (answer.status_code, "for other roles" in answer.text) == (403, True)
    else:
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/sign-in")


def test_a_session_of_the_console_is_not_one_of_a_handheld(enrolled: Handheld, server: LiveServer) -> None:
    """A cookie in the place of a token opens nothing."""
    with Browser(server.url) as browser:
        browser.sign_in("mhet.hale")
        enrolled.access = browser.http.cookies["homeward-console"]

    assert enrolled.as_officer("GET", "/v1/changes").json()["code"] == "session_over"
