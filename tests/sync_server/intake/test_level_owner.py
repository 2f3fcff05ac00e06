"""R-07: what is new about a risk reaches whoever owns its level, and not the incident manager alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from booklets.answers import Answer
from booklets.records import Record
from booklets.stamps import Stamp
from sync_server.context import Context
from sync_server.db.owed import task
from sync_server.duties.telling import tell
from sync_server.identity.accounts import Role
from tests.support.again import of
from tests.support.builders import NIGHT, a_return, a_task, an_id, next_revision
from tests.support.colleagues import Colleague, a_colleague
from tests.support.devices import Browser
from tests.support.people_again import a_record
from tests.support.server_data import rows
from tests.support.servers import a_server, no_hurry
from tests.support.web_pages import words_of

NIGHTS = a_return()
MANAGER, BOTH = [("R-07", "fim")], [("R-07", "fim"), ("R-07/medium", "supervisor")]


def at(minutes: int) -> datetime:
    """So many minutes after the night's other times."""
    return NIGHT + timedelta(minutes=minutes)


def graded(level: str, minutes: int, name: str = "first") -> Record:
    """An assessment of the night's child, sent so many minutes on."""
    answers: dict[str, Answer] = {"ra.level": level}
    return a_record("rsk", NIGHTS, answers, submitted=Stamp(at(minutes)), record=an_id(f"assessed {name}"))


def handed_over(level: str, minutes: int) -> Record:
    """A handover in which both officers see this level."""
    return a_record("hov", NIGHTS, {"hov.risk": level}, submitted=Stamp(at(minutes)))


def something_new(minutes: int = 60) -> Record:
    """A search finds what changes the risk: the handheld asks the incident manager."""
    asks = a_task("review_risk", rule="R-07", owner="fim", set_at=at(minutes))
    return a_record("srch", NIGHTS, {}, tasks=(asks,), submitted=Stamp(at(minutes)))


def asked(context: Context, record: Record | None = None) -> list[tuple[str, str]]:
    """By which rule who is asked to look at the risk again."""
    return sorted(
        (str(one["rule"]), str(one["owner_role"]))
        for one in rows(context, task)
        if one["kind"] == "review_risk" and (record is None or one["record"] == str(of(record)))
    )


@pytest.mark.parametrize(("level", "owners"), [("medium", BOTH), ("high", MANAGER)])
@pytest.mark.parametrize("order", [1, -1])
def test_what_is_new_reaches_whoever_owns_the_level(
    context: Context, officer: Colleague, level: str, owners: list[tuple[str, str]], order: int
) -> None:
    """High is the incident manager's alone; medium the area's; in whichever order the two arrive."""
    for record in [graded(level, 0), something_new()][::order]:
        officer.sent(record)

    assert asked(context) == owners


def test_without_any_level_the_incident_manager_alone_is_asked(context: Context, officer: Colleague) -> None:
    """As the handheld has it."""
    officer.sent(something_new())

    assert asked(context) == MANAGER


@pytest.mark.parametrize(
    ("later", "owners"),
    [
        (graded("high", 30, "later"), MANAGER),
        (handed_over("high", 30), MANAGER),
        (graded("high", 90, "later"), BOTH),
    ],
    ids=["assessed anew before", "handed over before", "assessed anew after"],
)
def test_the_level_is_the_newest_when_it_was_learnt(
    context: Context, officer: Colleague, later: Record, owners: list[tuple[str, str]]
) -> None:
    """What was graded afterwards changes nothing of who had to hear of it."""
    for record in (graded("medium", 0), later, something_new()):
        officer.sent(record)

    assert asked(context) == owners


def test_the_owner_has_the_same_time_and_is_asked_once(context: Context, officer: Colleague) -> None:
    """Also where the search is put right, or another assessment comes."""
    search = something_new()
    for record in (graded("medium", 0), search, next_revision(search, {}), graded("medium", 90, "later")):
        officer.sent(record)

    assert asked(context) == BOTH
    assert len({one["due_at"] for one in rows(context, task) if one["kind"] == "review_risk"}) == 1


def test_the_owner_hears_of_it_on_the_handheld_also_where_the_assessment_comes_last(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """The manager had been told by then."""
    officer.sent(something_new())
    tell(context)
    officer.sent(graded("medium", 0))
    tell(context)

    assert "review_risk" in [one["what"] for one in sergeant.heard("task")]


def test_another_child_s_level_asks_nobody(context: Context, officer: Colleague) -> None:
    """Another episode is another child, or another night."""
    officer.sent(
        replace(graded("medium", 0), header=replace(graded("medium", 0).header, episode=an_id("x")))
    )
    officer.sent(something_new())

    assert asked(context) == MANAGER


def test_the_area_inspector_has_it_at_the_console_and_the_manager_s_own_is_not_theirs(
    tmp_path: Path,
) -> None:
    """R-07 at the desk of whoever owns a medium risk."""
    with a_server(tmp_path, no_hurry()) as server:
        server.clock.at = at(100)
        officer = a_colleague(server.context, "pc.okoro")
        for record in (graded("medium", 0), something_new()):
            officer.sent(record)
        server.add_account("cii", Role.CII)
        [theirs, managers] = [
            next(one["id"] for one in rows(server.context, task) if one["owner_role"] == role)
            for role in ("supervisor", "fim")
        ]
        desk = Browser(server.url)
        try:
            desk.sign_in("cii")
            assert "Look at the risk again" in words_of(desk.open("/tasks").text)
            assert desk.open(f"/tasks/{theirs}").status_code == 200
            assert desk.open(f"/tasks/{managers}").status_code == 404
        finally:
            desk.http.close()
