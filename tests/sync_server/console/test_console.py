"""The console as a person reads it: headings, labels, words. No test knows a class name."""

from __future__ import annotations

import re

import pytest

from sync_server.audit import entries_of, verify_audit
from tests.support.devices import Browser
from tests.support.servers import PASSWORD, LiveServer
from tests.support.web_pages import link_to, words_of


def test_the_list_shows_the_night(desk: Browser) -> None:
    """Four children, seven records, the newest first."""
    page = desk.open("/")

    words = words_of(page.text)
    assert [name in words for name in ("Amy Brook", "Josh Ames", "Noor Haddad", "Cal Dunn")] == [True] * 4
    assert page.text.count("<tr>") == 8
    assert "girl, 15" in words
    assert "boy, 9" in words
    assert words.index("Cal Dunn") < words.index("Amy Brook")


def test_the_list_says_what_must_be_seen_first(desk: Browser) -> None:
    """In words, beside the colour."""
    words = words_of(desk.open("/").text)

    for mark in (
        "Covert",
        "Sent as an emergency",
        "Disclosure: stopped for a specialist",
        "First part only",
    ):
        assert mark in words


def test_a_record_reads_like_the_form(desk: Browser) -> None:
    """The form's own questions, the child's own words, the officer's own reasons."""
    page = desk.open(link_to(desk.open("/").text, "Amy Brook, Prevention"))

    words = words_of(page.text)
    assert "OFFICIAL-SENSITIVE" in words
    assert "In Amy's own words" in words
    assert "somewhere nobody wants anything off me" in words
    assert (
        "<blockquote>If someone asked our Leo as well. He won’t say it, but he hears it all.</blockquote>"
        in page.text
    )
    assert "Would not say: She shook her head" in words
    assert "{name}" not in page.text


def test_a_record_shows_what_followed_from_it(desk: Browser) -> None:
    """Tasks, the notice, the deliveries, and who has read it."""
    words = words_of(desk.open(link_to(desk.open("/").text, "Amy Brook, Management")).text)

    assert "Return of a missing child, reference HW-" in words
    assert "North Yorkshire council duty team" in words
    assert "Delivered" in words
    assert "Received from the device" in words


def test_an_emergency_shows_its_reason_and_what_is_still_needed(desk: Browser) -> None:
    """Nothing about it is quiet."""
    words = words_of(desk.open(link_to(desk.open("/").text, "Cal Dunn, Management")).text)

    assert "Sent as an emergency" in words
    assert "Sergeant and emergency duty team need this" in words
    assert "Still needed" in words
    assert "Covert" in words


def test_reading_is_written_down_before_anything_is_shown(desk: Browser, server: LiveServer) -> None:
    """Data Protection Act 2018, section 62: who consulted what, and when."""
    href = link_to(desk.open("/").text, "Noor Haddad, Prevention")
    record = href.rpartition("/")[2]
    with server.context.store.read() as db:
        before = len(entries_of(db, record))

    desk.open(href)

    with server.context.store.read() as db:
        entries = entries_of(db, record)
    assert len(entries) == before + 1
    assert entries[-1]["what"] == "viewed"
    assert verify_audit(server.context).broken == ()


def test_another_force_sees_nothing_of_it(desk: Browser, server: LiveServer) -> None:
    """Neither in the list nor by guessing an address; both look like nothing."""
    href = link_to(desk.open("/").text, "Amy Brook, Management")
    with Browser(server.url) as elsewhere:
        elsewhere.sign_in("mhet.elsewhere")
        listed, opened = elsewhere.open("/"), elsewhere.open(href)
        unknown = elsewhere.open("/records/0195952b-2f6a-7c11-8e54-1f0f6d1c0a01")

    assert "Nothing has arrived yet." in listed.text
    assert (opened.status_code, opened.text) == (404, unknown.text)


def test_an_officer_is_not_let_in(server: LiveServer) -> None:
    """And is told where officers work."""
    with Browser(server.url) as browser:
        answer = browser.sign_in("pc.wells")

    assert answer.status_code == 403
    assert "no role at the console" in answer.text


def test_signing_in_leads_back_to_the_page_that_was_asked_for(desk: Browser, server: LiveServer) -> None:
    """And never to somebody else's."""
    href = link_to(desk.open("/").text, "Amy Brook, Management")
    with Browser(server.url) as browser:
        asked = browser.open(href)
        back = browser.fill_in(str(asked.url), user="mhet.hale", password=PASSWORD)
    with Browser(server.url) as browser:
        away = browser.fill_in("/sign-in?then=//evil.example/", user="mhet.hale", password=PASSWORD)

    assert back.url.path == href
    assert away.url.path == "/register"


def test_signing_out_needs_the_pages_own_form(desk: Browser) -> None:
    """Another site cannot do it, nor anything else, with this browser's cookie."""
    forged = desk.http.post("/sign-out", data={"form_token": "x"})
    still = desk.open("/")
    token = re.findall(r'name="form_token" value="([^"]+)"', still.text)[0]
    desk.http.post("/sign-out", data={"form_token": token})

    assert forged.status_code == 403
    assert "Register" in still.text
    assert desk.open("/").url.path == "/sign-in"


def test_a_visit_ends_by_itself_after_half_an_hour_without_a_click(
    desk: Browser, server: LiveServer
) -> None:
    """Every click begins the half hour anew."""
    before = server.clock.at
    server.clock.later(minutes=29)
    still_there = desk.open("/").url.path
    server.clock.later(minutes=29)
    and_still = desk.open("/").url.path
    server.clock.later(minutes=31)
    gone = desk.open("/").url.path
    server.clock.at = before

    assert (still_there, and_still, gone) == ("/register", "/register", "/sign-in")


@pytest.mark.parametrize("path", ["/", "/sign-in", "/static/console.css"])
def test_pages_need_no_script_and_allow_none(desk: Browser, path: str) -> None:
    """The browser itself is told to refuse any."""
    page = desk.open(path)

    assert "script-src 'none'" in page.headers["Content-Security-Policy"]
    assert "<script" not in page.text
    assert " style=" not in page.text
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_pages_with_names_are_kept_by_no_cache(desk: Browser) -> None:
    """A shared computer's "back" shows nothing after signing out."""
    assert desk.open("/").headers["Cache-Control"] == "no-store"


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(server: LiveServer) -> None:
    """HttpOnly and SameSite; with https also Secure, under a name that no other host can set."""
    with Browser(server.url) as browser:
        given = browser.open("/sign-in").headers["Set-Cookie"]

    assert "HttpOnly" in given
    assert "SameSite=lax" in given
