"""What comes back from a real provider and must not let anybody in (F26); each beside one that does.

The browser brings the code and the state, so whoever has the browser, or the address in it, can change them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest
from sqlalchemy import func, select

from sync_server.db.identity import console_session, force_sign_in
from sync_server.serving import forget
from tests.support.force_provider import Desk, Force
from tests.support.web_pages import words_of

NOT_BEGUN = "was not begun in this browser"
TURNED_BACK = "did not let you in, or no longer knows this try"
NOT_PROVEN = "does not prove who you are"


def changed(address: str, **said: str | None) -> str:
    """The same address with other words in it; None takes one away."""
    parts = urlsplit(address)
    kept = {**dict(parse_qsl(parts.query)), **said}
    return urlunsplit(parts._replace(query=urlencode({k: v for k, v in kept.items() if v is not None})))


def brought(address: str, name: str) -> str:
    """One of the words in an address."""
    return dict(parse_qsl(urlsplit(address).query))[name]


@pytest.fixture
def stranger(force: Force) -> Iterator[Desk]:
    """A second browser: of somebody else, or of the same person elsewhere."""
    with Desk(force.server.url) as browser:
        yield browser


def is_refused(desk: Desk, address: str, words: str) -> bool:
    """Whether this address lets nobody in, and says why."""
    page = desk.open(address)
    assert words in words_of(page.text)
    return page.status_code == 403 and not desk.is_let_in


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": "x" * 43}, NOT_BEGUN),
        ({"state": None}, NOT_BEGUN),
        ({"state": ""}, NOT_BEGUN),
        ({"code": "x" * 43}, TURNED_BACK),
        ({"code": None}, TURNED_BACK),
        ({"error": "access_denied", "error_description": "Hale was here"}, TURNED_BACK),
        ({"iss": "https://evil.example"}, NOT_PROVEN),
        ({"iss": None}, NOT_PROVEN),
    ],
    ids=[
        "other state",
        "no state",
        "empty state",
        "other code",
        "no code",
        "an error",
        "other iss",
        "no iss",
    ],
)
def test_an_address_that_was_changed_lets_nobody_in(
    desk: Desk, stranger: Desk, change: dict[str, str | None], words: str
) -> None:
    """And the same way unchanged does."""
    address = desk.say_who(desk.press(), "hale")
    control = stranger.open(stranger.say_who(stranger.press(), "hale"))

    assert is_refused(desk, changed(address, **change), words)
    assert control.url.path == "/register"


def test_what_the_provider_says_in_words_is_shown_to_nobody(desk: Desk) -> None:
    """It may name somebody, and whoever made the address can put anything there."""
    address = desk.say_who(desk.press(), "hale")
    page = desk.open(changed(address, error="access_denied", error_description="Ring 0900 12345"))

    assert "0900" not in page.text


def test_a_way_back_is_good_once(desk: Desk, stranger: Desk) -> None:
    """The address from a history or a log: not in another browser, and not in this one again."""
    address = desk.say_who(desk.press(), "hale")
    first = desk.open(address).url.path
    desk.http.cookies.delete("homeward-console")

    assert first == "/register"
    assert is_refused(desk, address, NOT_BEGUN)
    assert is_refused(stranger, address, NOT_BEGUN)


def test_somebody_elses_way_back_opens_nothing_and_stays_theirs(desk: Desk, stranger: Desk) -> None:
    """Sent to a colleague as a link, it would sign them in as whoever sent it."""
    address = desk.say_who(desk.press(), "hale")
    stranger.press()

    assert is_refused(stranger, address, NOT_BEGUN)
    assert desk.open(address).url.path == "/register"


def test_without_the_cookie_it_opens_nothing(desk: Desk) -> None:
    """The state alone proves nothing: it stood in an address."""
    address = desk.say_who(desk.press(), "hale")
    cookie = desk.http.cookies["homeward-force-sign-in"]
    desk.http.cookies.delete("homeward-force-sign-in")
    refused = is_refused(desk, address, NOT_BEGUN)
    desk.http.cookies.set("homeward-force-sign-in", cookie, domain="127.0.0.1")

    assert refused
    assert desk.open(address).url.path == "/register"


def test_a_code_that_was_used_is_not_taken_again(desk: Desk, stranger: Desk) -> None:
    """Put into a sign-in that is open, with its own state and cookie: the provider itself says no."""
    used = desk.say_who(desk.press(), "hale")
    let_in = desk.open(used).url.path
    mine = stranger.say_who(stranger.press(), "hale")

    assert let_in == "/register"
    assert is_refused(stranger, changed(mine, code=brought(used, "code")), TURNED_BACK)


def test_a_stolen_code_is_worth_nothing_without_the_verifier_it_was_asked_with(
    desk: Desk, stranger: Desk
) -> None:
    """Unused, and for the same client: PKCE binds it to the browser that asked (the wrong verifier)."""
    stolen = desk.say_who(desk.press(), "hale")
    mine = stranger.say_who(stranger.press(), "wells")

    assert is_refused(stranger, changed(mine, code=brought(stolen, "code")), TURNED_BACK)


def test_one_that_took_more_than_ten_minutes_is_over(desk: Desk, stranger: Desk, force: Force) -> None:
    """Nine are still well."""
    late = desk.say_who(desk.press(), "hale")
    force.server.clock.later(minutes=10)
    over = is_refused(desk, late, NOT_BEGUN)
    force.server.clock.later(minutes=-10)
    in_time = stranger.say_who(stranger.press(), "hale")

    assert over
    assert stranger.open(in_time).url.path == "/register"


def test_the_form_has_to_be_our_own(desk: Desk) -> None:
    """Another site cannot send somebody's browser off to sign in."""
    forged = desk.http.post("/force-account", data={"form_token": "x"})

    assert forged.status_code == 403
    assert "homeward-force-sign-in" not in desk.http.cookies
    assert desk.sign_in_as("hale").url.path == "/register"


def test_what_never_came_back_is_forgotten(desk: Desk, force: Force) -> None:
    """And nothing that was refused has left a session."""
    desk.press()
    count = _counting(force)
    open_before, sessions_before = count(force_sign_in), count(console_session)
    force.server.clock.later(minutes=10)
    force.server.context.store.write(lambda db: forget(force.server.context, db))

    assert open_before > 0
    assert count(force_sign_in) == 0
    assert count(console_session) <= sessions_before


def _counting(force: Force) -> Callable[..., int]:
    def count(table: object) -> int:
        with force.server.context.store.read() as db:
            return int(db.scalar(select(func.count()).select_from(table)) or 0)  # type: ignore[arg-type]

    return count
