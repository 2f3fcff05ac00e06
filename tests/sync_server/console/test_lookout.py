"""The lookout card at the console: on a missing report's page, for whoever may read it, and written down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from booklets.answers import Answer
from booklets.records import Record
from sync_server.audit import entries_of
from sync_server.identity.accounts import Role
from tests.support.builders import UNIT, a_return
from tests.support.colleagues import Colleague, a_colleague
from tests.support.devices import Browser
from tests.support.lookouts import PLAN, SECRET, never_read_out, sent
from tests.support.missing import HONEST, a_row, written
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import words_of

pytestmark = pytest.mark.thorough

SAID: Mapping[str, Answer] = {
    **HONEST,
    **never_read_out(),
    "ra.f26_danger_to_others": "yes",
    "ra.f26_evidence": a_row(what="Has a dog", who=SECRET),
}
"""A report in which everything that is never read out carries a secret."""


@dataclass
class Console:
    """A server with a report of a missing child on it, its assessment, and who may sign in."""

    server: LiveServer
    officer: Colleague
    report: Record
    assessed: Record

    def words(self, user: str, record: Record | None = None, rev: str = "") -> str:
        """A record's page as this person reads it."""
        return words_of(self.text(user, record, rev))

    def text(self, user: str, record: Record | None = None, rev: str = "") -> str:
        """The same as it is sent."""
        with Browser(self.server.url) as browser:
            browser.sign_in(user)
            return browser.open(f"/records/{(record or self.report).header.record}{rev}").text

    def views(self, record: Record) -> int:
        """How often somebody has looked at a record, by its audit."""
        with self.server.context.store.read() as db:
            return sum(one["what"] == "viewed" for one in entries_of(db, str(record.header.record)))


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    """A report and its assessment have arrived, and people of two units may sign in."""
    with a_server(tmp_path, no_hurry()) as server:
        server.add_account("sgt.here", Role.SUPERVISOR, unit=UNIT)
        server.add_account("sgt.there", Role.SUPERVISOR, unit="filey_response")
        server.add_account("mhet.hale", Role.MHET)
        officer = a_colleague(server.context, "pc.okoro")
        report, assessed = (officer.sent(theirs(officer, one)) for one in sent(written(SAID)))
        yield Console(server, officer, report, assessed)


def theirs(officer: Colleague, record: Record) -> Record:
    """The same record as this officer sends it."""
    like = a_return().header
    header = replace(record.header, author=like.author, unit=like.unit, force=like.force, device=like.device)
    return replace(record, header=header)


def card_in(text: str) -> str:
    """The card's part of a page."""
    return text.partition('class="hw-lookout"')[2].partition("</section>")[0]


def test_the_card_stands_on_the_reports_page_and_says_every_line(console: Console) -> None:
    """The control room reads it out as the officer would have."""
    card = words_of(card_in(console.text("sgt.here")))

    for line in PLAN.lines:
        assert line.title in card
    assert "Leo" in card
    assert "Other danger to officers and the public Yes Has a dog" in " ".join(card.split())
    assert "Ask the control room about health." in card


def test_nothing_that_is_withheld_is_on_it(console: Console) -> None:
    """The record's page has it for whoever may read the record; the card has not."""
    text = console.text("sgt.here")

    assert SECRET in text
    assert SECRET not in card_in(text)


def test_reading_the_card_is_reading_the_assessment_too(console: Console) -> None:
    """Both are written down, with who and when (Data Protection Act 2018, s62)."""
    before = console.views(console.report), console.views(console.assessed)
    console.text("sgt.here")

    assert (console.views(console.report), console.views(console.assessed)) == (before[0] + 1, before[1] + 1)


def test_another_unit_finds_neither_the_report_nor_its_card(console: Console) -> None:
    """What is not theirs to read is not there."""
    words = console.text("sgt.there")

    assert "There is no such record" in words
    assert "hw-lookout" not in words


def test_other_records_and_earlier_revisions_have_no_card(console: Console) -> None:
    """What was known before is not what is read out now."""
    assert "hw-lookout" not in console.text("mhet.hale", console.assessed)
    second = console.officer.revises(console.report, {"mis.dangers": "Leo has been seen at the beck."})

    assert "seen at the beck" in card_in(console.text("mhet.hale", second))
    assert "hw-lookout" not in console.text("mhet.hale", second, "/revisions/1")


def test_the_newest_assessment_of_the_episode_is_the_risk_now(console: Console) -> None:
    """Raised by somebody else an hour later, in a record of its own."""
    later = sent(written({**SAID, "ra.level": "high"}))[1]
    stamp = replace(later.header.submitted, wall=later.header.submitted.wall + timedelta(hours=1))
    header = replace(
        theirs(console.officer, later).header, episode=console.report.header.episode, submitted=stamp
    )
    console.officer.sent(replace(later, header=header))

    assert "Risk now High" in " ".join(words_of(card_in(console.text("mhet.hale"))).split())


def test_once_a_return_has_arrived_the_card_says_so_first(console: Console) -> None:
    """Nobody looks any longer for a child who is home."""
    assert "says that the child is back" not in console.text("mhet.hale")
    console.officer.sent(a_return(episode=console.report.header.episode))

    assert "says that the child is back" in console.text("mhet.hale")


def elsewhere(console: Console) -> Colleague:
    """An officer of another unit, who finds the child."""
    return a_colleague(console.server.context, "pc.hurst", unit="filey_response")


def test_that_the_child_is_back_counts_whichever_unit_found_them(console: Console) -> None:
    """The sergeant may not read the other unit's return; that a look-out is over is told all the same."""
    found = elsewhere(console)
    found.sent(a_return(episode=console.report.header.episode, unit="filey_response"))

    assert "says that the child is back" in console.text("sgt.here")
    assert "Tunstall" not in console.text("sgt.here")


def test_of_a_child_who_was_found_dead_there_is_no_line_to_read_out(console: Console) -> None:
    """Nobody broadcasts "the child is back" of a child who has died, nor what they wore (R-50)."""
    episode = console.report.header.episode
    console.officer.sent(a_return({"ret.found_how": "dead"}, episode=episode))
    card = words_of(card_in(console.text("sgt.here")))

    assert "was found dead" in card
    assert "The control room and the incident manager say what is passed on" in card
    assert "is back" not in card
    assert "Clothes" not in card


def test_an_assessment_of_which_nothing_is_shown_was_not_read(console: Console) -> None:
    """Its audit names only those who could read something of it."""
    episode = console.report.header.episode
    console.officer.sent(a_return({"ret.found_how": "dead"}, episode=episode))
    console.text("sgt.here")

    assert console.views(console.assessed) == 0
    assert console.views(console.report) == 1


def test_a_report_that_was_withdrawn_has_no_card(console: Console) -> None:
    """It was perhaps about the wrong child."""
    assert "hw-lookout" in console.text("mhet.hale")
    console.officer.withdraws(console.report)

    assert "hw-lookout" not in console.text("mhet.hale")
