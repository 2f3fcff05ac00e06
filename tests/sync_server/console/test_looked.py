"""Who looked at what, when and what for (Data Protection Act 2018, section 62); nothing about a child."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from booklets.records import Record
from sync_server.db.tables import audit
from sync_server.identity import accounts
from sync_server.identity.accounts import Role
from sync_server.notices import reference_of
from tests.support.builders import PEOPLE, UNIT, a_person, a_ppn, a_return, an_id
from tests.support.colleagues import a_colleague
from tests.support.devices import Browser
from tests.support.servers import PASSWORD, LiveServer, a_server, no_hurry
from tests.support.web_pages import href_of, rows_in, words_of


@dataclass
class Force:
    """A server, a record that was read on it, and the administrator's browser.

    ``second`` is about the same child, ``other`` about another one; both were only seen in lists.
    """

    server: LiveServer
    record: Record
    second: Record
    other: Record
    reader: str
    admin: Browser

    def looks(self, record: Record | str, **asked: str) -> str:
        """The page of the looks of the one who read, at this record's child."""
        named = record if isinstance(record, str) else reference_of(record.header.record)
        return self.admin.open(f"/looked?{urlencode({'record': named, 'who': self.reader, **asked})}").text


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Force]:
    """The missing-from-home team has read one record and lists, for the daily meeting."""
    with a_server(tmp_path_factory.mktemp("looked"), no_hurry()) as server:
        server.add_account("admin", Role.ADMIN)
        server.add_account("mhet", Role.MHET)
        server.add_account("mhet.searching", Role.MHET)
        server.add_account("admin.elsewhere", Role.ADMIN, force="another_force")
        officer = a_colleague(server.context, "pc.okoro")
        record, second = officer.sent(a_return()), officer.sent(a_ppn())
        officer.sends(a_return(record=an_id("of another unit"), unit="york_response"))
        ids: dict[str, Any] = {part: an_id(part) for part in ("record", "encounter", "episode", "subject")}
        about = (a_person(ids["subject"]), *PEOPLE[1:])
        filey = a_colleague(server.context, "pc.filey", unit="filey_response")
        other = filey.sent(a_return(entities=about, unit="filey_response", **ids))
        with Browser(server.url) as mhet:
            mhet.fill_in("/sign-in", user="mhet", password=PASSWORD, why="daily_meeting")
            mhet.open(f"/records/{record.header.record}")
            mhet.open("/register")
            mhet.open(f"/register?unit={UNIT}")
        with server.context.store.read() as db:
            reader = accounts.by_user(db, "mhet")
        assert reader is not None
        with Browser(server.url) as admin:
            admin.sign_in("admin")
            yield Force(server, record, second, other, reader.id, admin)


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


def test_whoever_saw_a_child_in_a_list_is_found_by_the_reference_of_a_record(force: Force) -> None:
    """A name in a list is read as much as a page is: by whom, when, and among how many."""
    of_child = force.looks(force.record, what="list read")
    of_another = force.looks(force.other, what="list read")

    assert (rows_in(of_child), rows_in(of_another)) == (3, 2), "signing in leads to one"
    assert "3 rows" in words_of(of_another)
    assert "2 rows, narrowed by unit harrogate response" in words_of(of_child)
    assert "harrogate response" not in words_of(of_another)
    assert "Every look at the child whom" in words_of(of_child)
    assert "Kit" not in of_child


def test_looks_at_every_record_of_the_child_are_found(force: Force) -> None:
    """Whoever asks has one reference, and asks about the child."""
    words = words_of(force.looks(force.second, what="viewed"))

    assert reference_of(force.record.header.record) in words
    assert rows_in(force.looks(force.other, what="viewed")) == 0


@pytest.mark.parametrize("typed", ["{0}", "  {1} ", "{2}"])
def test_a_reference_may_be_typed_as_it_is_spoken(force: Force, typed: str) -> None:
    """With or without its beginning, in small letters or large."""
    reference = reference_of(force.record.header.record)
    said = typed.format(reference, reference.lower(), reference.removeprefix("HW-").replace("-", ""))

    assert rows_in(force.looks(said)) == 4


@pytest.mark.parametrize(("typed", "found"), [("HW-0000-0000", 0), ("Kit", 1), ("HW-____-____", 1)])
def test_a_reference_that_is_none_is_not_asked_for(force: Force, typed: str, found: int) -> None:
    """As whatever makes no sense in an address; one that no record has finds nothing."""
    assert rows_in(force.looks(typed, what="viewed")) == found


def test_a_search_for_a_name_is_written_down_without_the_name(force: Force) -> None:
    """That one was looked for, and which records it showed; the audit holds the name of no child."""
    with Browser(force.server.url) as mhet:
        mhet.sign_in("mhet.searching")
        hidden = mhet.hidden_in(mhet.open("/register").text)
        mhet.http.post("/find", data={**hidden, "name": "Marlowe", "state": "pending_supervisor"})

    query = select(audit.c.detail).where(audit.c.what == "list read").order_by(audit.c.id.desc())
    with force.server.context.store.read() as db:
        detail: Any = db.execute(query).scalars().first()
    assert detail["asked"] == ["state=pending_supervisor", "name=searched"]
    assert sorted(detail["records"]) == sorted(
        str(one.header.record) for one in (force.record, force.second, force.other)
    )
    assert "Marlowe" not in str(detail)
    assert "narrowed by state pending supervisor, a name" in words_of(force.admin.open("/looked").text)


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
