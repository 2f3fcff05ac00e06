"""Who looked at what, when and what for (Data Protection Act 2018, section 62); nothing about a child."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from booklets.records import Record
from sync_server.identity.accounts import Role
from sync_server.notices import reference_of
from tests.support.builders import a_return, an_id
from tests.support.colleagues import a_colleague
from tests.support.devices import Browser
from tests.support.servers import PASSWORD, LiveServer, a_server
from tests.support.web_pages import href_of, rows_in, words_of


@dataclass
class Force:
    """A server, a record that was read on it, and the administrator's browser."""

    server: LiveServer
    record: Record
    admin: Browser


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Force]:
    """The missing-from-home team has read one record, for the daily meeting."""
    with a_server(tmp_path_factory.mktemp("looked")) as server:
        server.add_account("admin", Role.ADMIN)
        server.add_account("mhet", Role.MHET)
        server.add_account("admin.elsewhere", Role.ADMIN, force="another_force")
        officer = a_colleague(server.context, "pc.okoro")
        record = officer.sent(a_return())
        officer.sends(a_return(record=an_id("of another unit"), unit="york_response"))
        with Browser(server.url) as mhet:
            mhet.fill_in("/sign-in", user="mhet", password=PASSWORD, why="daily_meeting")
            mhet.open(f"/records/{record.header.record}")
        with Browser(server.url) as admin:
            admin.sign_in("admin")
            yield Force(server, record, admin)


def test_a_look_says_who_what_when_and_what_for(force: Force) -> None:
    """As whoever asks after a year wants to know."""
    words = words_of(force.admin.open("/looked?what=viewed").text)

    assert f"Management of return, {reference_of(force.record.header.record)}, revision 1" in words
    assert "PC Hannah Wells Read a record" in words
    assert "Daily meeting" in words
    assert "Sat 14 March 2026, 21:04" in words


def test_what_was_set_aside_is_shown_with_who_sent_it_and_why(force: Force) -> None:
    """An administrator has to see that somebody's record waits for them, and knows whom to ask."""
    words = words_of(force.admin.open("/looked?what=quarantined").text)

    assert "PC pc.okoro Sent what was kept apart" in words
    assert reference_of(an_id("of another unit")) in words
    assert "it names a unit that was not its author's" in words.replace("’", "'")


def test_it_says_nothing_about_a_child(force: Force) -> None:
    """Whoever watches over looking learns who looked, and no more."""
    assert "Kit" not in force.admin.open("/looked").text
    assert force.admin.open(f"/records/{force.record.header.record}").status_code == 403


def test_another_force_does_not_see_it(force: Force) -> None:
    """Each force answers for its own."""
    force.server.limits.sign_in.forget()
    with Browser(force.server.url) as other:
        other.sign_in("admin.elsewhere")
        words = words_of(other.open("/looked?what=viewed").text)

    assert "Nobody looked at anything like this." in words


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("what=viewed", 1),
        ("what=viewed&from=2026-03-14&to=2026-03-14", 1),
        ("what=viewed&from=2026-03-15", 0),
        ("what=viewed&to=2026-03-13", 0),
        ("what=viewed&who=nobody", 0),
        ("what=viewed&before=x&from=yesterday", 1),
        ("what=viewed&from=0001-01-01&to=9999-12-31", 1),
    ],
)
def test_looks_are_found_by_person_kind_and_day(force: Force, asked: str, found: int) -> None:
    """What makes no sense in an address is not asked for."""
    assert rows_in(force.admin.open(f"/looked?{asked}").text) == found


def test_looking_at_who_looked_is_a_look(force: Force) -> None:
    """Nobody watches unseen."""
    force.admin.open("/looked")

    assert "Read this list" in words_of(force.admin.open("/looked").text)


def test_older_looks_are_on_the_next_page(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each once, also while new ones are added by looking."""
    monkeypatch.setattr("sync_server.console.looked.AT_ONCE", 2)
    for _ in range(2):
        force.admin.open("/looked")
    page, seen = force.admin.open("/looked?to=2026-03-14"), 0
    for _ in range(40):
        seen += rows_in(page.text)
        more = href_of(page.text, "Next page")
        if not more:
            break
        page = force.admin.open(more)

    assert not href_of(page.text, "Next page")
    assert "Signed in at the console" in words_of(page.text)
    assert seen > 4
