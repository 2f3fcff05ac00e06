"""Q-02 at the console: whoever reads a record sees which answer another record of the unit has as well."""

from __future__ import annotations

from typing import Any

import pytest

from booklets.answers import Answer
from booklets.records import Record, reference_of
from sync_server.console.alike import ANOTHER, TITLE
from sync_server.identity.accounts import Role
from tests.support.builders import UNIT, an_id, an_interview
from tests.support.colleagues import a_colleague
from tests.support.devices import Browser
from tests.support.servers import LiveServer
from tests.support.web_pages import words_of

SAID = (
    "He sat on the stairs with his coat on and looked at the dog, answered in whole sentences, laughed "
    "once, and asked whether his sister was in trouble because of the lift that he had taken."
)


def one_night(name: str, **said: Answer) -> Record:
    """An interview of a night of its own, in the same words as every other here."""
    parts: dict[str, Any] = {
        what: an_id(f"alike {what} {name}") for what in ("record", "incident", "episode", "encounter")
    }
    answers = {"pi.demeanour": SAID} | {f"pi.{one}": answer for one, answer in said.items()}
    return an_interview(answers, subject=an_id(f"alike child {name}"), **parts)


@pytest.fixture(scope="module")
def two(running: LiveServer) -> tuple[Record, Record]:
    """What two officers of the unit sent of two children; the first may be in danger."""
    first = a_colleague(running.context, "pc.alike.one").sent(one_night("one", danger_now="yes"))
    second = a_colleague(running.context, "pc.alike.two").sent(one_night("two"))
    for user, role in (("sgt.alike", Role.SUPERVISOR), ("vat.alike", Role.VAT)):
        running.add_account(user, role, unit=UNIT)
    return first, second


def test_the_team_reads_how_much_and_goes_on_to_the_other(
    server: LiveServer, desk: Browser, two: tuple[Record, Record]
) -> None:
    """With a link, and without the name of whoever wrote the other."""
    first, second = two

    page = desk.open(f"/records/{second.header.record}").text

    assert f'href="/records/{first.header.record}"' in page
    told = words_of(page)
    assert TITLE in told
    assert "100% of it, word for word, is also in Prevention interview" in told
    assert reference_of(first.header.record) in told
    assert "pc.alike.one" not in told


def test_the_sergeant_of_the_unit_reads_it_of_either(server: LiveServer, two: tuple[Record, Record]) -> None:
    """Which of the two was there first is for a person to find out."""
    with Browser(server.url) as browser:
        browser.sign_in("sgt.alike")
        for one, other in (two, two[::-1]):
            assert (
                f'href="/records/{other.header.record}"'
                in browser.open(f"/records/{one.header.record}").text
            )


def test_whoever_may_not_read_the_other_learns_only_that_there_is_one(
    server: LiveServer, two: tuple[Record, Record]
) -> None:
    """The vulnerability team reads of the danger, and has nothing to do with the other child."""
    first, second = two
    with Browser(server.url) as browser:
        browser.sign_in("vat.alike")
        page = browser.open(f"/records/{first.header.record}").text

    assert f"is also in {ANOTHER}." in words_of(page)
    assert str(second.header.record) not in page
    assert reference_of(second.header.record) not in page


def test_of_a_revision_that_is_not_the_newest_nothing_is_said(
    server: LiveServer, desk: Browser, running: LiveServer
) -> None:
    """What is asked about is what stands."""
    officer = a_colleague(running.context, "pc.alike.four")
    first = officer.sent(one_night("four"))
    officer.revises(first, {"pi.demeanour": "She slept."})

    for revision in ("", "/revisions/1"):
        page = desk.open(f"/records/{first.header.record}{revision}").text
        assert TITLE not in words_of(page)
