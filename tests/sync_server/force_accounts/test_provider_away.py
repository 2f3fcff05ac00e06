"""A provider that changes its keys, is away, or is not what was set, and whoever wants to work meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, RSAKey
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from sync_server.identity.accounts import Role
from tests.support.devices import Handheld, a_client
from tests.support.force_provider import Desk, Force, RealProvider, a_key, a_provider, provider_at
from tests.support.forged_provider import Claims, ForgedProvider, key_called, signed
from tests.support.portals import nobody_there
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import words_of

AWAY = "does not answer just now. Nothing was lost"
OTHERWISE = "is not set up for Homeward as Homeward is for it"


def test_new_keys_are_fetched_once_and_somebody_is_let_in(
    forged_for: LiveServer, provider: ForgedProvider
) -> None:
    """Providers change their keys without a word: whoever is signing in just then does not notice."""

    def changes() -> None:
        provider.published = [dict(key_called("second").as_dict(private=False))]
        provider.token = under("second")
        provider.asked.clear()

    with Desk(forged_for.url) as desk:
        let_in = provider.come_back(desk, changes).url.path

    assert (let_in, provider.asked.count("/keys")) == ("/register", 1)


def test_keys_that_are_still_unknown_are_not_fetched_a_third_time(
    forged_for: LiveServer, provider: ForgedProvider
) -> None:
    """A provider that signs with what it does not publish makes one extra question, and lets nobody in."""
    with Desk(forged_for.url) as desk:
        control = provider.come_back(desk).url.path
    provider.token = under("third")
    with Desk(forged_for.url) as desk:
        page = provider.come_back(desk, provider.asked.clear)

    assert (control, page.status_code, provider.asked.count("/keys")) == ("/register", 403, 1)


def test_a_key_that_was_taken_back_signs_for_nobody(
    forged_for: LiveServer, provider: ForgedProvider
) -> None:
    """A stolen key is worth nothing from the moment that its provider no longer publishes it."""
    with Desk(forged_for.url) as desk:
        control = provider.come_back(desk).url.path
    provider.published = [dict(key_called("second").as_dict(private=False))]
    with Desk(forged_for.url) as desk:
        page = provider.come_back(desk)

    assert (control, page.status_code) == ("/register", 403)


def under(name: str) -> Callable[[Claims], str]:
    """True claims under the key of this name."""
    return lambda claims: signed({"alg": "RS256", "kid": name}, claims, key_called(name))


def a_short_key() -> RSAKey:
    """One that could be found out: half as long as the shortest that is taken."""
    with pytest.warns(SecurityWarning):
        return RSAKey.generate_key(1024)


@pytest.mark.parametrize(
    ("make", "published_as", "alg_and_status"),
    [
        (lambda: ECKey.generate_key("P-256"), {}, ("ES256", 200)),
        (lambda: RSAKey.generate_key(2048), {}, ("PS256", 200)),
        (lambda: RSAKey.generate_key(2048), {"use": "enc"}, ("RS256", 403)),
        (lambda: RSAKey.generate_key(2048), {"alg": "PS256"}, ("RS256", 403)),
        (a_short_key, {}, ("RS256", 403)),
    ],
    ids=["of a curve", "without a name", "for encryption", "for another algorithm", "too short"],
)
def test_only_keys_that_may_sign_are_taken(
    forged_for: LiveServer,
    provider: ForgedProvider,
    make: Callable[[], RSAKey | ECKey],
    published_as: dict[str, Any],
    alg_and_status: tuple[str, int],
) -> None:
    """Keys that nobody here can read lie beside them, and keep nobody out."""
    key, (alg, status) = make(), alg_and_status
    unreadable = [{"kty": "AKP", "kid": "new"}, {"kty": "EC", "crv": "none"}, {"kty": "RSA", "n": "x" * 400}]
    provider.published = [*unreadable, {**key.as_dict(private=False), **published_as}]
    provider.token = lambda claims: signed({"alg": alg}, claims, key)
    with Desk(forged_for.url) as desk:
        assert provider.come_back(desk).status_code == status


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": "http://login.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
        {"code_challenge_methods_supported": ["plain"]},
        {"token_endpoint_auth_methods_supported": ["none"]},
    ],
    ids=str,
)
def test_one_that_describes_itself_otherwise_is_not_gone_to(
    forged_for: LiveServer, provider: ForgedProvider, described: dict[str, Any]
) -> None:
    """Nobody's browser is sent to an address that the issuer we trust has not named over HTTPS."""
    provider.described = described
    with Desk(forged_for.url) as desk:
        page = desk.http.post("/force-account", data=desk.hidden_in(desk.open("/sign-in").text))
        provider.described = {}
        control = provider.come_back(desk)

    assert (page.status_code, OTHERWISE in words_of(page.text)) == (503, True)
    assert "homeward-force-sign-in" not in page.headers.get("Set-Cookie", "")
    assert control.url.path == "/register"


@pytest.mark.parametrize(
    ("path", "answer", "status"),
    [
        ("/token", JSONResponse({"error": "invalid_client"}, 401), 503),
        ("/token", JSONResponse({"error": "unauthorized_client"}, 400), 503),
        ("/token", JSONResponse({"error": "invalid_grant"}, 400), 403),
        ("/token", JSONResponse({"error": "server_error"}, 500), 503),
        ("/token", RedirectResponse("https://evil.example/token"), 503),
        ("/token", JSONResponse({"access_token": "x"}), 503),
        ("/token", JSONResponse({"id_token": 7}), 503),
        ("/token", PlainTextResponse("<html>Welcome to Free Wi-Fi"), 503),
        ("/token", PlainTextResponse("x" * 300_000), 503),
    ],
    ids=["not us", "not us, 400", "code", "broken", "elsewhere", "no token", "a number", "a page", "much"],
)
def test_an_answer_that_is_none_lets_nobody_in(
    forged_for: LiveServer, provider: ForgedProvider, path: str, answer: Response, status: int
) -> None:
    """And the next try, of the same person, does."""
    provider.instead = {path: answer}
    with Desk(forged_for.url) as desk:
        page = provider.come_back(desk)
        let_in = desk.is_let_in
        provider.instead = {}
        control = provider.come_back(desk)

    assert (page.status_code, let_in) == (status, False)
    assert control.url.path == "/register"


def test_one_that_hangs_holds_up_no_other_work(forged_for: LiveServer, provider: ForgedProvider) -> None:
    """Every thread that waits for it is one of its own: handhelds and desks are answered meanwhile."""
    desks = [Desk(forged_for.url) for _ in range(10)]
    tokens = [desk.hidden_in(desk.open("/sign-in").text) for desk in desks]
    provider.waits_s = 1.5  # longer than the server's patience
    pressing = [
        threading.Thread(target=desk.http.post, args=("/force-account",), kwargs={"data": token})
        for desk, token in zip(desks, tokens, strict=True)
    ]
    for one in pressing:
        one.start()
    began = time.monotonic()
    with Desk(forged_for.url) as local:
        page = local.sign_in("admin.frost")
    took = time.monotonic() - began
    for one in pressing:
        one.join()
    all_waited = time.monotonic() - began
    for desk in desks:
        desk.http.close()

    assert page.url.path == "/deliveries"
    assert took < all_waited
    assert all_waited < 8.0  # one after the other they would have waited ten


def test_while_it_is_away_a_clear_page_says_so_and_the_local_administrator_works(
    force: Force, desk: Desk
) -> None:
    """The real one, stopped: before the way there, and on the way back. Once it is back, all is well."""
    address = desk.say_who(desk.press(), "hale")
    force.provider.stop()
    back = desk.open(address)
    there = desk.http.post("/force-account", data=desk.hidden_in(desk.open("/sign-in").text))
    with Desk(force.server.url) as local:
        administrator = local.sign_in("admin.frost")
    force.provider.start()

    assert [(one.status_code, AWAY in words_of(one.text)) for one in (back, there)] == [(503, True)] * 2
    assert "Go to the sign-in page" in there.text
    assert administrator.url.path == "/deliveries"
    assert desk.sign_in_as("hale").url.path == "/register"


def test_it_can_change_its_keys_while_it_runs(force: Force, desk: Desk) -> None:
    """The real one comes back with another key, under another name, and the first is gone."""
    desk.sign_in_as("hale")
    force.provider.stop()
    force.provider.keys = [a_key("after the change")]
    force.provider.start()
    with Desk(force.server.url) as other:
        assert other.sign_in_as("hale").url.path == "/register"


def test_a_server_starts_and_takes_records_while_there_is_no_provider(tmp_path_factory: Any) -> None:
    """Who signs in at a desk waits for it; whoever stands at a door does not."""
    with nobody_there() as nowhere:
        folder = tmp_path_factory.mktemp("server")
        with a_server(folder, no_hurry(), provider=provider_at(nowhere, local_accounts=None)) as server:
            server.add_account("pc.wells", Role.OFFICER)
            with a_client(server.url) as http:
                handheld = Handheld(server, http)
                handheld.enrol()
                handheld.sign_in("pc.wells")
                sent = handheld.submit(handheld.seal(handheld.record()))

    assert sent.status_code == 201


def test_a_provider_that_wants_the_secret_in_the_body_gets_it_there(tmp_path_factory: Any) -> None:
    """Both ways that are common; which, it says itself."""
    with a_provider(secret_in_body=True) as provider:
        folder = tmp_path_factory.mktemp("server")
        with a_server(folder, no_hurry(), provider=provider_at(provider.issuer)) as server:
            _start_for(provider, server)
            server.add_account("mhet.hale", Role.MHET)
            with Desk(server.url) as desk:
                assert desk.sign_in_as("hale").url.path == "/register"


def _start_for(provider: RealProvider, server: LiveServer) -> None:
    server.clock.at = datetime.now(UTC)
    provider.back_to = (f"{server.url}/force-account/back",)
    provider.start()
