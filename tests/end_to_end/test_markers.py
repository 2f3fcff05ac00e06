"""Nothing that is written about a child lies anywhere but where it has to: planted, sent, and searched for.

Sixty invented words go into as many answers of one check, through the screen, while the server is away
and with the app killed on the way. Then every file, log, address, table and command line is searched for
any of them, in every shape that could have come about by mistake. A search that finds nothing proves
something only if it would have found it: the same search must find every word where it is meant to be.
"""

from __future__ import annotations

import base64
import json
import re
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from field_app.handset.ports import NEWS
from field_app.store.drafts import DRAFTS
from field_app.store.outbox import READABLE, READABLE_FOR
from tests.support.desk import Desk, a_desk
from tests.support.kept import Kept
from tests.support.marked_check import UNSURE, MarkedCheck
from tests.support.markers import (
    Found,
    Planted,
    in_command_lines,
    in_files,
    in_tables,
    marker,
    shapes_in,
    table_text,
)
from tests.support.night import THE_PHONE, Night, a_night
from tests.support.people import PIN, Officer, a_phone
from tests.support.seized import Seized, seized

PLACES_AT_LEAST = 50
DATABASE = "homeward.sqlite"
REGISTER = ("register_location", "register_object", "register_person", "shift_brief")
"""What people search, and what packs are made of: one of three places where answers may be read."""
DROP = "drop/"
"""What the force's own system and the council are given. The third place is the console's pages."""

SHAPES: dict[str, Callable[[str], bytes]] = {
    "as typed": str.encode,
    "in capitals": lambda word: word.upper().encode(),
    "utf-16, as Windows writes it": lambda word: word.encode("utf-16-le"),
    "utf-16, as networks write it": lambda word: word.encode("utf-16-be"),
    "as a JSON escape": lambda word: "".join(f"\\u{ord(one):04X}" for one in word).encode(),
    "in hexadecimal": lambda word: word.encode().hex().encode(),
    "packed": lambda word: zlib.compress(f"a word: {word}".encode()),
    **{
        f"in base64, {shift} bytes in": lambda word, shift=shift: base64.b64encode(  # type: ignore[misc]
            b"x" * shift + word.encode() + b"and more"
        )
        for shift in range(3)
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_search_finds_a_word_in_every_shape(shape: str) -> None:
    """A search that cannot find what is there proves nothing by finding nothing."""
    for number in (0, 17, 59):
        assert shapes_in(b"\x00\xffbefore " + SHAPES[shape](marker(number)) + b" after\x9c")


def test_the_search_is_silent_where_there_is_no_word() -> None:
    """Otherwise nobody would believe it."""
    assert shapes_in(zlib.compress(b"Kestrels hover. " * 400) + bytes(range(256)) * 40) == []


@dataclass
class Addresses:
    """Every address that a browser window asked for or showed, and what it kept."""

    seen: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    @contextmanager
    def of(self, context: BrowserContext) -> Iterator[None]:
        """Listens to all windows of a context, and at the end looks at what it keeps."""
        context.on("request", lambda request: self.seen.append(request.url))
        for page in context.pages:
            self._listen(page)
        context.on("page", self._listen)
        yield
        self.kept.append(json.dumps(context.storage_state(indexed_db=True)))
        self.seen += [page.evaluate("location.href") for page in context.pages]

    def _listen(self, page: Page) -> None:
        page.on("framenavigated", lambda frame: self.seen.append(frame.url))
        page.on("websocket", lambda socket: self.seen.append(socket.url))

    def found(self) -> list[Found]:
        """Markers in any of it."""
        said = {"an address": "\n".join(self.seen), "the browser's storage": "\n".join(self.kept)}
        return [
            Found(where, tuple(shapes))
            for where, text in said.items()
            if (shapes := shapes_in(text.encode()))
        ]


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Night]:
    """A night whose programs put what they do not want to keep into a folder that can be searched."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    with a_night(tmp_path) as found:
        yield found


@pytest.mark.journey
@pytest.mark.timeout(420)
def test_what_was_written_is_found_where_it_belongs_and_nowhere_else(night: Night, browser: Browser) -> None:
    """F18: no file, log, address, table or command line holds an answer, but for the places listed here."""
    planted, addresses = Planted(), Addresses()
    before = Kept(night.server_folder).last_seq()
    walk(night, browser, MarkedCheck(planted), addresses)
    assert len(planted.where) >= PLACES_AT_LEAST

    pages = console_pages(night, browser, planted, addresses)
    assert_it_can_be_found(night, before, planted, pages)
    leaks = [
        *found_on_the_phone(night),
        *(one for one in in_tables(night.server_folder / DATABASE) if one.place not in REGISTER),
        *(
            one
            for one in in_files(night.server_folder)
            if not one.place.startswith((DROP, DATABASE))  # its tables were read one by one
        ),
        *in_command_lines(night.apps[THE_PHONE].pid, night.server.pid),
        *addresses.found(),
    ]
    assert leaks == []
    night.apps[THE_PHONE].stop()
    assert_every_key_together_opens_nothing_after_an_hour(night, planted)


def assert_every_key_together_opens_nothing_after_an_hour(night: Night, planted: Planted) -> None:
    """T3: what was sent can be read again for an hour, and by that way alone; after it by nobody here.

    The PPN that follows has not been sent: it is a draft, and its officer goes on with it. A task that has
    come for its officer names the child, and nothing else, for as long as it is open.
    """
    with seized(night.folder_of(THE_PHONE), PIN) as everything:
        assert everything.opened_envelopes() == []
        assert {json.loads(draft)["guide"] for draft in everything.readable()[DRAFTS].splitlines()} == {
            "ppn"
        }
        assert telling(everything) - {NEWS} == {DRAFTS, READABLE}
        everything.when_it_is(datetime.now(UTC) + READABLE_FOR)
        assert telling(everything) - {NEWS} == {DRAFTS}
        told = planted.where.keys() - planted.missing_from(everything.readable()[NEWS].decode())
        assert told <= {"person.known_as", "person.given_names", "person.surname"}
    assert found_on_the_phone(night) == []


def telling(everything: Seized) -> set[str]:
    """The tables of the vault in which an answer can be read by whoever has every key."""
    return {name for name, rows in everything.readable().items() if shapes_in(rows)}


def walk(night: Night, browser: Browser, check: MarkedCheck, addresses: Addresses) -> None:
    """The whole check, with the phone's files searched at each point where somebody could take it away."""
    with officer_at(night, browser, check, addresses) as officer:
        officer.sets_up_the_handheld()
        night.stop_server()
        officer.starts_a_return_check()
        check.child()
        check.back()
        sentence = check.begins_the_talk()
        night.kill_app()
    assert found_on_the_phone(night) == []
    night.start_app()
    with officer_at(night, browser, check, addresses) as officer:
        officer.unlocks()
        officer.goes_on_with_the_draft()
        officer.screen.expect_value(UNSURE, sentence)
        check.talk()
        check.eight_questions()
        check.close()
        check.later()
        check.sends_at_once()
        assert found_on_the_phone(night) == []
        night.start_server()
        officer.reads("sent.state", r"Received \d\d:\d\d")


@contextmanager
def officer_at(
    night: Night, browser: Browser, check: MarkedCheck, addresses: Addresses
) -> Iterator[Officer]:
    """The officer with the handheld, and somebody who notes every address."""
    with a_phone(browser, night) as officer, addresses.of(officer.screen.page.context):
        check.officer = officer
        yield officer


def found_on_the_phone(night: Night) -> list[Found]:
    """Markers in any file of the app, in either log, or in what the programs left in a temporary folder."""
    folders = ("phone", "temporary")
    logs = [night.apps[THE_PHONE].log, night.server.log]
    found = [one for folder in folders for one in in_files(night.folder / folder)]
    return found + [
        Found(log.name, tuple(shapes)) for log in logs if (shapes := shapes_in(log.read_bytes()))
    ]


def console_pages(night: Night, browser: Browser, planted: Planted, addresses: Addresses) -> str:
    """What somebody at the force reads: the list, and the pages of both records."""
    said = []
    with a_desk(browser, night, "mhet") as desk, addresses.of(desk.page.context):
        for kind in ("Management of return", "Prevention interview"):
            said.append(opened(desk, planted.where["person.surname"], kind))
            desk.goes_back()
    return "\n".join(said)


def opened(desk: Desk, surname: str, kind: str) -> str:
    """The words of one record's page, after those of the list."""
    listed = desk.page.inner_text("body")
    desk.page.get_by_role("link", name=re.compile(f"{surname}, {kind}")).first.click()
    desk.page.locator("h1").filter(has_text=surname).wait_for()
    return f"{listed}\n{desk.page.inner_text('body')}"


def assert_it_can_be_found(night: Night, before: int, planted: Planted, pages: str) -> None:
    """The control: each word stands on the console and in the drop folder, and the register has its part."""
    kept = Kept(night.server_folder)
    records = [one["record"] for one in kept.evidence_after(before)]
    assert len(records) == 2
    night.until_true(lambda: all(kept.delivered_to_force(record) for record in records))
    delivered = json.dumps([kept.delivered_to_force(record) for record in records])
    assert planted.missing_from(pages) == []
    assert planted.missing_from(delivered) == []
    with closing(sqlite3.connect(f"file:{night.server_folder / DATABASE}?mode=ro", uri=True)) as database:
        held = "\n".join(table_text(database, name).decode(errors="replace") for name in REGISTER)
    named = {
        place for place in planted.where if "person." in place or "place." in place or "object." in place
    }
    assert named.isdisjoint(planted.missing_from(held))
    assert {one.place for one in in_tables(night.server_folder / DATABASE)} == set(REGISTER)
