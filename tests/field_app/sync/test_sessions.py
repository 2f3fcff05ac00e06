"""An officer signs in with the browser, and stays so."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from booklets.errors import WireError
from field_app.sync import sessions
from field_app.sync.client import SyncClient
from field_app.sync.failures import NotOurServer, SignInAgain
from field_app.sync.sessions import Session, SignInOver, read_session, read_sign_in
from tests.field_app.sync.desks import NOW, a_session
from tests.support.portals import SmallForce, refusal, tokens

BEGUN = {"flow": "f", "user_code": "WDJB-MJHT", "interval": 3, "expires_in": 300}


def test_signing_in_is_begun_here_and_done_in_the_browser(force: SmallForce, client: SyncClient) -> None:
    """The app shows the code, opens the page, and waits; it never sees a password."""
    flow = client.begin_sign_in()
    before = sessions.poll(client, flow, now=NOW)
    force.browser_done = True
    session = sessions.poll(client, flow, now=NOW)

    assert flow.user_code == "WDJB-MJHT"
    assert flow.verification_uri.startswith(force.address)
    assert before is None
    assert session is not None
    assert session.officer.roles == ("officer",)


@pytest.mark.parametrize(("status", "code"), [(410, "flow_over"), (403, "denied")])
def test_a_sign_in_that_was_stopped_is_over(
    force: SmallForce, client: SyncClient, status: int, code: str
) -> None:
    """Polling on would never end; the officer begins another."""
    flow = client.begin_sign_in()
    force.instead["/v1/auth/token"] = lambda _request, _body: refusal(status, code)

    with pytest.raises(SignInOver) as over:
        sessions.poll(client, flow, now=NOW)
    assert over.value.code == code


def test_a_sign_in_nobody_finished_is_over_without_asking(force: SmallForce, client: SyncClient) -> None:
    """After five minutes the server has forgotten it too."""
    flow = client.begin_sign_in()
    asked = len(force.asked)

    with pytest.raises(SignInOver):
        sessions.poll(client, flow, now=flow.until)
    assert len(force.asked) == asked


@pytest.mark.parametrize(
    "uri",
    [
        "https://phishing.example/sign-in/f",
        "https://homeward.force.example.evil.example/f",
        "http://homeward.force.example/sign-in/f",
        "https://x@homeward.force.example/f",
        "https://[broken",
    ],
)
def test_the_browser_is_never_sent_elsewhere(uri: str) -> None:
    """An officer types a password there."""
    with pytest.raises(NotOurServer):
        read_sign_in(
            BEGUN | {"verification_uri_complete": uri}, server="https://homeward.force.example", now=NOW
        )


def test_a_session_is_renewed_before_it_ends() -> None:
    """A slow upload must not meet a token that ran out on the way."""
    session = read_session(tokens(expires_in=900), now=NOW)

    assert not session.needs_refresh(NOW + timedelta(minutes=12))
    assert session.needs_refresh(NOW + timedelta(minutes=13))
    assert session.may_read_offline(NOW)
    assert not session.may_read_offline(session.offline_until)


@pytest.mark.parametrize("ends", [{}, {"session_until": "2036-03-14T09:00:00Z"}])
def test_a_session_comes_back_from_the_vault_as_it_was(ends: dict[str, str]) -> None:
    """The shift goes on after the app was closed."""
    session = a_session(**ends)

    assert bool(session.until) == bool(ends)
    assert Session.from_json(json.loads(json.dumps(session.to_json()))) == session


@pytest.mark.parametrize("kept", [None, {}, {"access_token": "a"}, {"access_token": 1}])
def test_what_is_no_session_is_refused(kept: object) -> None:
    """Half a session would fail later, at the door."""
    with pytest.raises(WireError):
        Session.from_json(kept)


def test_tokens_and_names_stay_out_of_what_is_logged() -> None:
    """A session ends up in a traceback one day."""
    shown = repr(a_session())

    assert "access-1" not in shown
    assert "refresh-1" not in shown
    assert "Sample" not in shown


@pytest.mark.parametrize(
    "changed",
    [
        {"expires_in": 0},
        {"expires_in": True},
        {"access_token": ""},
        {"offline_until": "soon"},
        {"officer": []},
    ],
)
def test_an_answer_that_is_not_quite_a_session_is_none(changed: dict[str, object]) -> None:
    """Read to the letter, refused as a whole."""
    with pytest.raises(NotOurServer):
        read_session(tokens() | changed, now=NOW)


def test_a_session_that_the_server_has_ended_asks_for_a_sign_in(client: SyncClient) -> None:
    """A copied refresh token ends the session for both; the officer signs in again."""
    with pytest.raises(SignInAgain):
        client.refresh(read_session(tokens() | {"refresh_token": "another"}, now=NOW))
