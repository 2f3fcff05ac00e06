"""The list at the end of a day: whose school was not told before its next day began, and why (R-46)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from booklets.answers import Answer
from booklets.records import Record, Task
from sync_server import encompass
from sync_server.db.tables import audit
from sync_server.identity.accounts import Role
from tests.support.again import closes
from tests.support.builders import NIGHT, a_person, a_task, an_id
from tests.support.colleagues import a_colleague
from tests.support.devices import Browser
from tests.support.every_desk import every_desk
from tests.support.meetings import about
from tests.support.schools import PLACES, an_enc
from tests.support.server_data import Handheld
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import words_of

PAGE = "/schools-not-told"
MORNING = NIGHT + timedelta(hours=12)
NAMES = ("Amy", "Noor", "Zed", "Leo", "Ida", "Ned")


def asked(name: str, hours: float) -> Task:
    """The vulnerability team is asked to tell the school, by so many hours after the night."""
    due = NIGHT + timedelta(hours=hours)
    child = str(about(name)["subject"])
    return a_task("operation_encompass", rule="R-46", owner="vat", due_at=due, subject=child)


def notice_of(name: str, hours: float, changed: Mapping[str, Answer] | None = None) -> Record:
    """What a child's school is told."""
    ids: dict[str, Any] = about(name)
    people = ids.pop("entities")
    return an_enc(changed, entities=(*people, *PLACES), tasks=(asked(name, hours),), **ids)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Four children of a night: told in time, not yet due, late, not to be told; and one of days before."""
    with a_server(tmp_path_factory.mktemp("schools"), no_hurry()) as made:
        made.clock.at = NIGHT
        officer = a_colleague(made.context, "pc.okoro")
        team = a_colleague(made.context, "vat.lind", Role.VAT, unit="vat")
        officer.sent(notice_of("Leo", 10))
        closes(team, "operation_encompass", outcome="done")
        made.clock.at = NIGHT - timedelta(days=3)
        Handheld.signed_in(officer.handheld, officer.handheld.officer, before=True)
        officer.sent(notice_of("Ida", -50))
        made.clock.at = NIGHT
        Handheld.signed_in(officer.handheld, officer.handheld.officer, before=True)
        unsafe = {"enc.blocked": "safety", "enc.blocked_because": "His father teaches there."}
        officer.sent(notice_of("Amy", 10, unsafe))
        officer.sent(notice_of("Noor", 30))
        brother = a_task("operation_encompass", rule="R-46b", owner="vat", subject=str(an_id("brother")))
        with_brother = notice_of("Zed", 10)
        named = a_person(an_id("brother"), given_names="Ned", surname="Brook-Test")
        officer.sent(
            replace(
                with_brother,
                tasks=(*with_brother.tasks, replace(brother, due_at=NIGHT + timedelta(hours=11))),
                entities=(*with_brother.entities, named),
            )
        )
        made.clock.at = MORNING
        yield made


@pytest.fixture(scope="module")
def desks(server: LiveServer) -> Iterator[Mapping[str, Browser]]:
    """Everybody signed in."""
    with every_desk(server) as opened:
        yield opened


def reads(desks: Mapping[str, Browser], who: str, query: str = "") -> str:
    """The words of the list."""
    return words_of(desks[who].open(PAGE + query).text)


def test_whose_school_was_not_told_stands_there_with_why(desks: Mapping[str, Browser]) -> None:
    """Also of a brother whom the same record names; who was told in time is counted and not named."""
    words = reads(desks, "mhet")

    assert {name for name in NAMES if f"{name} Brook-Test" in words} == {"Amy", "Noor", "Zed", "Ned"}
    assert words.index("Zed Brook-Test") < words.index("Amy Brook-Test")
    assert "Late: due" in words
    assert "Not told yet: due" in words
    assert "The officer wrote that the school is not to be told" in words
    assert "Told in time: 1 child." in words


def test_the_day_is_looked_at_and_further_back_on_request(desks: Mapping[str, Browser]) -> None:
    """At the end of a day nobody reads past the week before."""
    assert "Ida Brook-Test" in reads(desks, "mhet", "?days=7")
    assert "Ida Brook-Test" not in reads(desks, "mhet", "?days=90"), "that is not offered"


def test_a_sergeant_elsewhere_reads_none_of_them(desks: Mapping[str, Browser]) -> None:
    """As of every list: what they may read."""
    assert "Brook-Test" not in reads(desks, "sergeant elsewhere")
    assert "Zed Brook-Test" in reads(desks, "sergeant")


def test_that_somebody_read_it_is_written_down(server: LiveServer, desks: Mapping[str, Browser]) -> None:
    """With its records."""
    reads(desks, "fim", "?days=7")
    query = select(audit.c.detail).where(audit.c.what == "schools read").order_by(audit.c.id.desc())
    with server.context.store.read() as db:
        noted = dict(db.execute(query).scalars().first() or {})
    assert noted["asked"] == ["days=7"]
    assert len(noted["records"]) == 4


def test_whoever_rings_a_school_that_was_wrongly_told_reads_which_it_is(
    server: LiveServer, desks: Mapping[str, Browser]
) -> None:
    """The record names another school by now: the task names the one that has read too much."""
    record = str(notice_of("Noor", 30).header.record)
    ring = partial(
        encompass.not_taken_back,
        record=record,
        rev=1,
        target="school:900003",
        set_at=MORNING,
        due_at=MORNING + timedelta(hours=1),
    )
    server.context.store.write(ring)
    words = words_of(desks["vat"].open("/tasks").text)

    assert "A school was wrongly told and cannot be reached: ring it" in words
    assert "Skellbank College, Ripon" in words
    assert "the correction could not be delivered there" in words
