"""Somebody at a desk signs in with the account that their force gave them, at the force's own page."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import update

from sync_server.audit import verify_audit
from sync_server.db.identity import account
from sync_server.identity import accounts
from sync_server.identity.accounts import Role
from tests.support.force_provider import Desk, Force
from tests.support.servers import PASSWORD
from tests.support.web_pages import href_of, words_of


def test_one_press_and_the_forces_own_page_lead_to_the_console(desk: Desk) -> None:
    """The whole way by a real provider: press, sign in there, agree, and stand before the register."""
    page = desk.sign_in_as("hale")

    assert (page.status_code, page.url.path) == (200, "/register")
    assert "PC Hannah Wells" in words_of(page.text)


def test_the_force_account_stands_first_and_passwords_behind_it(desk: Desk) -> None:
    """Most people have no password here: what is theirs is the first thing to press."""
    words = words_of(desk.open("/sign-in").text)

    assert words.index("Sign in with your force account") < words.index("Sign in with a local account")
    assert words.index("Sign in with a local account") < words.index("Password")


def test_signing_in_leads_back_to_the_page_that_was_asked_for(desk: Desk) -> None:
    """Whoever followed a link from an e-mail reads what it led to."""
    asked = desk.open("/quality")

    assert desk.sign_in_as("hale", str(asked.url.raw_path.decode())).url.path == "/quality"


@pytest.mark.parametrize("away", ["//evil.example/", "https://evil.example/", "/" + "x" * 600])
def test_signing_in_leads_nowhere_else(desk: Desk, away: str) -> None:
    """An address of somebody else's, or one that is no address, is forgotten."""
    assert desk.sign_in_as("hale", then=away).url.path == "/register"


def test_the_provider_is_asked_as_it_should_be(desk: Desk) -> None:
    """A code and no token through the browser, PKCE with S256, and whoever sits there says who they are."""
    asked = parse_qs(urlsplit(desk.press()).query)

    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["prompt"] == ["login"]
    assert all(len(asked[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))


def test_nothing_of_the_question_is_used_twice(desk: Desk) -> None:
    """State, nonce and challenge are new each time."""
    first, second = (parse_qs(urlsplit(desk.press()).query) for _ in range(2))

    assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))


def test_the_cookie_is_out_of_reach_and_short_lived(desk: Desk) -> None:
    """No script reads it, no other site's form brings it, and it is over in ten minutes."""
    token = desk.hidden_in(desk.open("/sign-in").text)
    given = desk.http.post("/force-account", data=token).headers["Set-Cookie"]

    assert given.startswith("homeward-force-sign-in=")
    assert all(part in given for part in ("HttpOnly", "SameSite=lax", "Max-Age=600"))


def test_the_session_is_as_after_a_password(desk: Desk, force: Force) -> None:
    """Half an hour without a click ends it, and so does "Sign out"."""
    desk.sign_in_as("hale")
    force.server.clock.later(minutes=29)
    still_there = desk.is_let_in
    force.server.clock.later(minutes=31)
    gone = desk.is_let_in

    assert (still_there, gone) == (True, False)


def test_signing_out_ends_it(desk: Desk) -> None:
    """The force's own page may still know them; this console does not."""
    page = desk.sign_in_as("hale")
    desk.http.post("/sign-out", data=desk.hidden_in(page.text))

    assert not desk.is_let_in


def test_it_is_audited_as_a_password_is_and_how_it_was_proven(desk: Desk, force: Force) -> None:
    """What for, and by what; the chain holds."""
    desk.sign_in_as("hale", why="daily_meeting")

    line = {"what": "signed in at the console", "why": "daily_meeting", "by": "force account"}
    assert line in force.lines_about("mhet.hale")
    assert verify_audit(force.server.context).broken == ()


def test_roles_and_unit_are_what_the_groups_say_and_a_change_is_written_down(
    desk: Desk, force: Force
) -> None:
    """Somebody whose account says otherwise has what the force's directory gives them, and nothing more."""
    server = force.server
    with server.context.store.read() as db:
        found = accounts.by_user(db, "mhet.hale")
    assert found is not None
    server.context.store.write(
        lambda db: accounts.set_roles(db, found, roles=frozenset({Role.ADMIN}), unit="elsewhere")
    )

    desk.sign_in_as("hale")

    with server.context.store.read() as db:
        now = accounts.by_user(db, "mhet.hale")
    assert now is not None
    assert (now.person.roles, now.person.unit) == (frozenset({Role.MHET}), "missing_team")
    assert desk.open("/devices").status_code == 403
    assert {
        "what": "roles and unit set by groups",
        "by": "force account",
        "roles": ["mhet"],
        "unit": "missing_team",
        "before": ["admin", "elsewhere"],
    } in force.lines_about("mhet.hale")


@pytest.mark.parametrize(
    ("name", "words", "user"),
    [
        ("stranger", "Homeward has no account for you. Ask an administrator", ""),
        ("elsewhere", "Homeward has no account for you. Ask an administrator", ""),
        ("silent", "does not prove who you are", ""),
        ("ungrouped", "in none of the groups that may use Homeward. Ask your supervisor", "mhet.ungrouped"),
        ("two.units", "in groups of two units", "pc.two"),
        ("frost", "signs in with its own user name and password", "admin.frost"),
        ("wells", "no role at the console. Officers work on their devices", "pc.wells"),
    ],
)
def test_who_is_proven_and_may_not_reads_what_to_do(
    desk: Desk, force: Force, name: str, words: str, user: str
) -> None:
    """No account, no group, two units, an account kept for hard times, an officer; and nobody is let in."""
    page = desk.sign_in_as(name)

    assert page.status_code == 403
    assert words in words_of(page.text)
    assert not desk.is_let_in
    if user:
        assert force.lines_about(user)[-1]["what"] == "sign-in refused"


def test_an_account_that_was_closed_stays_closed(desk: Desk, force: Force) -> None:
    """Here, whatever the provider says; and open again, it opens."""

    def put(state: str) -> None:
        change = update(account).where(account.c.username == "mhet.hale").values(state=state)
        force.server.context.store.write(lambda db: db.execute(change).rowcount)

    put("closed")
    refused = words_of(desk.sign_in_as("hale").text)
    put("active")

    assert "Homeward has no account for you" in refused
    assert desk.sign_in_as("hale").url.path == "/register"


def test_whoever_is_refused_can_try_again_for_the_same_page(desk: Desk) -> None:
    """A colleague at the same desk presses the button, and comes to what was asked for."""
    page = desk.sign_in_as("ungrouped", "/sign-in?then=/quality")

    assert href_of(page.text, "Go to the sign-in page") == "/sign-in?then=/quality"
    assert desk.sign_in_as("hale", "/sign-in?then=/quality").url.path == "/quality"


def test_a_number_that_was_given_to_somebody_else_does_not_open_the_account(
    desk: Desk, force: Force
) -> None:
    """The provider's own name for a person never changes, and the account belongs to the first."""
    desk.sign_in_as("hale")
    with Desk(force.server.url) as other:
        page = other.sign_in_as("successor")

    assert page.status_code == 403
    assert "used by another force account before" in words_of(page.text)
    assert force.lines_about("mhet.hale")[-1]["because"] == "another_person"


def test_only_who_is_named_keeps_a_password(desk: Desk, force: Force) -> None:
    """The administrator for hard times gets in; a right password of anybody else does not."""
    refused = desk.sign_in("mhet.hale")
    with Desk(force.server.url) as kept:
        let_in = kept.sign_in("admin.frost", PASSWORD)

    assert refused.status_code == 403
    assert "Most people sign in here with their force account" in words_of(refused.text)
    assert 'value="mhet.hale"' in refused.text  # what was typed stays typed, but for the password
    assert let_in.url.path == "/deliveries"
