"""The problem profile at the console: numbers for analysts, and the intelligence once they say what for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from booklets.records import Record
from sync_server.audit import entries_of
from sync_server.cli import main
from sync_server.identity.accounts import Role
from tests.support.again import a_night, a_talk
from tests.support.builders import NIGHT
from tests.support.colleagues import a_colleague
from tests.support.devices import Browser
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import words_of
from tests.sync_server.across.test_profile import a_man

PAGE = "/problem-profile"
WHY = "For the monthly tasking of the proactive team"


@dataclass
class Analyst:
    """Somebody who analyses, and a talk in which a child names a man."""

    server: LiveServer = field(repr=False)
    browser: Browser = field(repr=False)
    account: str
    talk: Record = field(repr=False)

    def asks(self, purpose: str, act: str = "show") -> str:
        """The words of what comes back."""
        answer = self.browser.fill_in(PAGE, purpose=purpose, act=act)
        return words_of(answer.text) if act == "show" else answer.content.decode("utf-8-sig")

    def noted(self, chain: str) -> list[tuple[str, object]]:
        """What a history says of looking: what, and what for."""
        with self.server.context.store.read() as db:
            return [(one["what"], one["detail"].get("purpose")) for one in entries_of(db, chain)]


@pytest.fixture(scope="module")
def analyst(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Analyst]:
    """At the desk."""
    with a_server(tmp_path_factory.mktemp("profile"), no_hurry()) as server, Browser(server.url) as browser:
        server.clock.at = NIGHT
        officer = a_colleague(server.context, "pc.okoro")
        back, man = officer.sent(a_night("one", NIGHT)), a_man("one")
        talk = officer.sent(a_talk(back, {"pi.who": (str(man.id),)}, man))
        account = server.add_account("ms.okafor", Role.ANALYST)
        browser.sign_in("ms.okafor")
        yield Analyst(server, browser, account, talk)


def test_the_numbers_stand_there_and_nothing_else_does(analyst: Analyst) -> None:
    """Small ones are not given."""
    words = words_of(analyst.browser.open(PAGE).text)

    assert "Missing all fewer than 5 fewer than 5" in words
    assert "Lee Vance" not in words


def test_the_intelligence_is_shown_once_it_was_said_what_for(analyst: Analyst) -> None:
    """That stands with the name of whoever asked, and at each record it rests on."""
    assert "Say what you take the file for" in analyst.asks("")
    assert "Say it without the name of a child" in analyst.asks("For Kit")

    words = analyst.asks(WHY)

    assert "Lee Vance" in words
    assert "Kit" not in words
    assert ("profile read", WHY) in analyst.noted(f"account:{analyst.account}")
    assert ("read_in_profile", WHY) in analyst.noted(str(analyst.talk.header.record))


def test_it_is_taken_as_a_file(analyst: Analyst) -> None:
    """What begins like a formula is words there."""
    file = analyst.asks(WHY, "file")

    assert '"adult","Lee Vance"' in file
    assert "Kit" not in file


@pytest.mark.thorough
def test_the_command_gives_it_to_an_analyst_and_to_nobody_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who it is for and what for are said; a month without records is a file without lines."""
    environ = {"HOMEWARD_DATA": str(tmp_path)}
    whose = ["--name", "N", "--rank", "Ms", "--shoulder-no", "1", "--station", "S", "--unit", "u"]
    for user, role in (("ms.okafor", "analyst"), ("dc.hale", "mhet")):
        assert main(["user", "add", user, *whose, "--role", role], environ) == 0
    month = f"{datetime.now(NIGHT.tzinfo):%Y-%m}"
    asked = ["month", "--month", month, "--restricted"]
    capsys.readouterr()

    assert main([*asked, "--by", "dc.hale", "--purpose", WHY], environ) == 1
    assert main([*asked, "--by", "ms.okafor"], environ) == 1
    assert "what it is for" in capsys.readouterr().out
    assert main([*asked, "--by", "ms.okafor", "--purpose", WHY], environ) == 0
    assert "kinds of exploitation" in capsys.readouterr().out
