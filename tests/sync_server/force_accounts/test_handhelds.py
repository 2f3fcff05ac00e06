"""An officer signs in on a handheld with their force account, in the phone's own browser (RFC 8628)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from sync_server.identity.accounts import Role
from tests.support.devices import Handheld, a_client
from tests.support.force_provider import Desk, Force, provider_at
from tests.support.forged_provider import ForgedProvider
from tests.support.servers import PASSWORD, a_server, no_hurry
from tests.support.web_pages import words_of


@pytest.fixture
def handheld(force: Force) -> Iterator[Handheld]:
    """One that is enrolled, and on which nobody is signed in."""
    with a_client(force.server.url) as http:
        made = Handheld(force.server, http)
        made.enrol()
        yield made


@pytest.fixture
def phone(force: Force) -> Iterator[Desk]:
    """The browser of the phone."""
    with Desk(force.server.url) as browser:
        yield browser


def test_an_officer_is_signed_in_on_the_handheld_that_asked(
    handheld: Handheld, phone: Desk, force: Force
) -> None:
    """Begun there, proven at the force's page, collected there, and as after a password."""
    flow = handheld.begin()
    waiting = handheld.poll(flow["flow"]).status_code
    page = phone.sign_in_as("wells", flow["verification_uri_complete"])
    given = handheld.poll(flow["flow"])

    assert waiting == httpx.codes.ACCEPTED
    assert "you are signed in on NYP-0412" in words_of(page.text)
    assert given.status_code == httpx.codes.OK
    assert (given.json()["officer"]["roles"], given.json()["officer"]["unit"]) == (
        ["officer"],
        "scarborough",
    )
    assert handheld.submit(handheld.seal(handheld.record())).status_code == httpx.codes.CREATED
    assert {"what": "signed in on a handheld", "by": "force account", "device": handheld.id} in (
        force.lines_about("pc.wells")
    )


def test_the_code_stands_before_the_button_and_no_still_means_no(handheld: Handheld, phone: Desk) -> None:
    """Whoever was sent there by somebody else sees another code, and can stop it."""
    flow = handheld.begin()
    words = words_of(phone.open(flow["verification_uri_complete"]).text)
    phone.fill_in(flow["verification_uri_complete"], action="deny")

    assert words.index(flow["user_code"]) < words.index("Sign in with your force account")
    assert handheld.poll(flow["flow"]).json()["code"] == "denied"


def test_another_handheld_collects_nothing(handheld: Handheld, phone: Desk, force: Force) -> None:
    """The sign-in belongs to the one that began it."""
    flow = handheld.begin()
    phone.sign_in_as("wells", flow["verification_uri_complete"])
    with a_client(force.server.url) as http:
        other = Handheld(force.server, http, name="NYP-0413")
        other.enrol()
        refused = other.poll(flow["flow"]).status_code

    assert refused == httpx.codes.GONE
    assert handheld.poll(flow["flow"]).status_code == httpx.codes.OK


def test_who_has_no_work_on_a_handheld_is_told_so_and_it_stays_signed_out(
    handheld: Handheld, phone: Desk
) -> None:
    """An analyst writes no records; the officer can still sign in afterwards."""
    flow = handheld.begin()
    page = phone.sign_in_as("okafor", flow["verification_uri_complete"])
    still = handheld.poll(flow["flow"]).status_code
    phone.sign_in_as("wells", flow["verification_uri_complete"])

    assert (page.status_code, still) == (403, httpx.codes.ACCEPTED)
    assert "no role on a device" in words_of(page.text)
    assert handheld.poll(flow["flow"]).status_code == httpx.codes.OK


def test_a_team_that_writes_records_signs_in_where_they_are_written(handheld: Handheld, phone: Desk) -> None:
    """The missing and exploitation team's reviews are written in the app, on the computer of its desk."""
    flow = handheld.begin()
    phone.sign_in_as("hale", flow["verification_uri_complete"])

    assert handheld.poll(flow["flow"]).status_code == httpx.codes.OK


def test_one_that_took_too_long_is_over(handheld: Handheld, phone: Desk, force: Force) -> None:
    """A handheld waits five minutes for its officer."""
    flow = handheld.begin()
    address = phone.say_who(phone.press(flow["verification_uri_complete"]), "wells")
    force.server.clock.later(minutes=5)
    page = phone.open(address)
    force.server.clock.later(minutes=-5)

    assert (page.status_code, handheld.poll(flow["flow"]).status_code) == (410, httpx.codes.ACCEPTED)
    assert phone.sign_in_as("wells", flow["verification_uri_complete"]).status_code == httpx.codes.OK


def test_a_way_back_without_its_cookie_signs_nobody_in(handheld: Handheld, phone: Desk, desk: Desk) -> None:
    """An officer's address opened at somebody's desk does nothing to the handheld."""
    flow = handheld.begin()
    address = phone.say_who(phone.press(flow["verification_uri_complete"]), "wells")
    elsewhere = desk.open(address).status_code
    still = handheld.poll(flow["flow"]).status_code
    phone.open(address)

    assert (elsewhere, still) == (403, httpx.codes.ACCEPTED)
    assert handheld.poll(flow["flow"]).status_code == httpx.codes.OK


def test_a_password_no_longer_signs_an_officer_in(handheld: Handheld, phone: Desk) -> None:
    """Only who is named in the setting keeps one."""
    flow = handheld.begin()
    page = phone.fill_in(
        flow["verification_uri_complete"], user="pc.wells", password=PASSWORD, action="allow"
    )

    assert page.status_code == 403
    assert handheld.poll(flow["flow"]).status_code == httpx.codes.ACCEPTED


def test_where_a_force_shares_sign_ins_a_desk_is_not_asked_anew_and_a_handheld_is(
    provider: ForgedProvider, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A handheld goes from hand to hand, and its browser remembers who had it before."""
    said = provider_at(provider.issuer, single_sign_on=True)
    with (
        a_server(tmp_path_factory.mktemp("server"), no_hurry(), provider=said) as server,
        Desk(server.url) as desk,
        a_client(server.url) as http,
    ):
        handheld = Handheld(server, http)
        handheld.enrol()
        server.add_account("pc.wells", Role.OFFICER)
        at_a_desk = parse_qs(urlsplit(desk.press()).query)
        on_it = parse_qs(urlsplit(desk.press(handheld.begin()["verification_uri_complete"])).query)

    assert ("prompt" in at_a_desk, on_it["prompt"]) == (False, ["login"])
