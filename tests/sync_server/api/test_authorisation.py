"""Every address, asked without a signature or without an officer. `test_matrix.py` has the rest."""

from __future__ import annotations

import httpx
import pytest

from sync_server.api.routes import ADDRESSES
from tests.support.devices import Browser, Handheld
from tests.support.servers import LiveServer

pytestmark = pytest.mark.thorough

SIGNED = [address for address in ADDRESSES if address.signed and address.path != "/v1/enrol"]
SESSION = [address for address in SIGNED if address.session]


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


def test_a_session_of_the_console_is_not_one_of_a_handheld(enrolled: Handheld, server: LiveServer) -> None:
    """A cookie in the place of a token opens nothing."""
    with Browser(server.url) as browser:
        browser.sign_in("mhet.hale")
        enrolled.access = browser.http.cookies["homeward-console"]

    assert enrolled.as_officer("GET", "/v1/changes").json()["code"] == "session_over"
