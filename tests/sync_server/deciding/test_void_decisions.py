"""A decision that does not count is kept with the reason, and whoever made it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from booklets.decisions import DECIDES, Outcome
from booklets.records import Record
from sync_server.context import Context
from sync_server.db.tables import decision
from sync_server.db.tables import record as register
from sync_server.identity.accounts import Role
from sync_server.intake import Result
from tests.support.builders import a_return, an_interview
from tests.support.colleagues import Colleague, a_colleague
from tests.support.server_data import Clock, a_server, at_supervisor, rows


@pytest.fixture
def context(tmp_path: Path, clock: Clock) -> Iterator[Context]:
    """A force whose own system waits for a supervisor."""
    with a_server(tmp_path, clock=clock, policy=at_supervisor) as opened:
        yield opened


@pytest.fixture
def other_sergeant(context: Context) -> Colleague:
    """A supervisor of another unit."""
    return a_colleague(context, "sgt.york", Role.SUPERVISOR, unit="york_response")


def test_a_supervisor_of_another_unit_sees_nothing_and_decides_nothing(
    context: Context, officer: Colleague, other_sergeant: Colleague
) -> None:
    """Units see their own; a decision from outside is kept and told to be void."""
    returned = officer.sent(a_return())

    other_sergeant.decided(returned)

    assert _state(context, returned) == "pending_supervisor"
    assert other_sergeant.heard("review") == []
    assert [one["why_void"] for one in other_sergeant.heard("decision")] == ["other_unit"]
    assert officer.heard("decision") == []


def test_an_officer_decides_nothing(context: Context, officer: Colleague) -> None:
    """Whatever an app was made to send: the server asks what the account may do."""
    returned = officer.sent(a_return())
    colleague = a_colleague(context, "pc.adeyemi")

    colleague.decided(returned)

    assert _void(context) == ["not_a_supervisor"]
    assert colleague.heard("review") == []
    assert [one["why_void"] for one in colleague.heard("decision")] == ["not_a_supervisor"]


def test_nobody_decides_in_the_name_of_a_supervisor_who_was_never_on_that_handheld(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """The name inside an envelope is only as good as the handheld that signs it."""
    returned = officer.sent(a_return())
    forged = replace(sergeant, handheld=officer.handheld)

    forged.decided(returned)

    assert _void(context) == ["not_a_supervisor"]


def test_nobody_decides_on_what_they_wrote_themselves(context: Context, sergeant: Colleague) -> None:
    """The second pair of eyes has to be somebody else's."""
    returned = sergeant.sent(a_return())

    sergeant.decided(returned)

    assert _void(context) == ["own_record"]


def test_a_decision_on_what_has_moved_on_does_not_count(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """Made offline at ten, on what the officer put right at half past nine."""
    first = officer.sent(a_return())
    made = sergeant.decides([first])
    second = officer.revises(first, {"ret.found_how": "hospital"})

    sergeant.sent(made)

    assert _void(context) == ["moved_on"]
    assert _state(context, second) == "pending_supervisor"
    [said] = sergeant.heard("decision")
    assert (said["state"], said["why_void"], said["rev"]) == ("void", "moved_on", 1)


def test_a_decision_counts_for_everything_it_names_or_for_nothing(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """An interview approved beside a return that nobody has read again would be half a decision."""
    returned, interview = officer.sent(a_return()), officer.sent(an_interview())
    made = sergeant.decides([returned, interview])
    officer.revises(returned, {"ret.found_how": "hospital"})

    sergeant.sent(made)

    assert _void(context) == ["moved_on", "moved_on"]
    assert _state(context, interview) == "pending_supervisor"


def test_what_was_decided_is_not_decided_again(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """Two sergeants read the same record; the second is told that it is done."""
    returned = officer.sent(a_return())
    colleague = a_colleague(context, "sgt.oyelaran", Role.SUPERVISOR)
    sergeant.decided(returned)

    colleague.decided(returned, outcome=Outcome.RETURN)

    assert _void(context) == ["already_decided"]
    assert _state(context, returned) == "approved"


def test_a_decision_on_a_record_that_never_came_does_not_count(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """It is kept all the same: it may be all there is of what somebody decided."""
    sergeant.decided(officer.signs(a_return()))

    assert _void(context) == ["unknown_record"]


@pytest.mark.parametrize("revision", [-1, 2**31, 2**70])
def test_a_decision_on_a_revision_that_cannot_be_is_kept_for_a_person(
    context: Context, officer: Colleague, sergeant: Colleague, revision: int
) -> None:
    """No database counts so far. The tablet must hear an answer, and not send it for ever."""
    made = sergeant.decides([officer.sent(a_return())])
    [link] = [one for one in made.header.linked if one.kind == DECIDES]
    odd = replace(made, header=replace(made.header, linked=(replace(link, revision=revision),)))

    answered = sergeant.sends(odd)

    assert (answered.result, answered.codes) == (Result.INVALID, ("unreadable_record",))


def test_a_decision_that_decides_nothing_is_kept_and_told(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """An app with a fault: the sergeant must not believe that it was done."""
    made = sergeant.decides([officer.sent(a_return())])
    broken = replace(made, header=replace(made.header, linked=()))

    sergeant.sent(broken)

    [said] = sergeant.heard("decision")
    assert (said["state"], said["why_void"], said["content"]) == ("void", "unreadable", None)


def _state(context: Context, record: Record) -> object:
    [found] = [row for row in rows(context, register) if row["record"] == str(record.header.record)]
    return found["state"]


def _void(context: Context) -> list[Any]:
    return [row["why_void"] for row in rows(context, decision) if not row["stands"]]
