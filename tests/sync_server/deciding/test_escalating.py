"""What is passed upwards goes to somebody who is there, and comes back when it is called back."""

from __future__ import annotations

import pytest

from booklets.decisions import Outcome
from booklets.records import Record
from sync_server import audit
from sync_server.context import Context
from sync_server.db.tables import decision
from sync_server.db.tables import record as register
from sync_server.identity.accounts import Role
from tests.support.builders import a_return
from tests.support.colleagues import Colleague, a_colleague
from tests.support.server_data import rows


def test_a_supervisor_takes_back_what_was_passed_upwards_while_nobody_has_decided(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """The manager is off sick: it is the sergeant's again, and gone from the manager's tablet."""
    manager = a_colleague(context, "insp.varga", Role.FIM, unit="control_room")
    returned = officer.sent(a_return())
    sergeant.decided(returned, outcome=Outcome.ESCALATE)

    sergeant.decided(returned, outcome=Outcome.RECALL)

    assert _state(context, returned) == "pending_supervisor"
    assert [one["state"] for one in manager.heard("decision")] == ["recalled"]
    assert "escalated" not in sergeant.heard("review")[-1]["flags"]
    assert _history(context, returned)[-1] == "taken_back"
    manager.decided(returned)
    assert _void(context) == ["not_a_supervisor"]
    sergeant.decided(returned)
    assert _state(context, returned) == "approved"


def test_what_the_incident_manager_has_decided_is_not_taken_back(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """It was passed to somebody, and they have answered."""
    manager = a_colleague(context, "insp.varga", Role.FIM, unit="control_room")
    returned = officer.sent(a_return())
    sergeant.decided(returned, outcome=Outcome.ESCALATE)
    manager.decided(returned)

    sergeant.decided(returned, outcome=Outcome.RECALL)

    assert _void(context) == ["already_decided"]
    assert _state(context, returned) == "approved"


def test_an_incident_manager_who_is_a_supervisor_too_takes_it_back_as_the_supervisor(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """In a small force one person is both; what they may do is what either may."""
    both = a_colleague(context, "insp.both", Role.SUPERVISOR, Role.FIM)
    returned = officer.sent(a_return())
    sergeant.decided(returned, outcome=Outcome.ESCALATE)

    both.decided(returned, outcome=Outcome.RECALL)

    assert _state(context, returned) == "pending_supervisor"


@pytest.mark.parametrize("managers", [(), ("sergeant",)])
def test_nothing_is_passed_upwards_where_nobody_is(
    context: Context, officer: Colleague, managers: tuple[str, ...]
) -> None:
    """It would wait for ever. The sergeant is told at once, and it is still theirs to decide on."""
    roles = (Role.SUPERVISOR, Role.FIM) if managers else (Role.SUPERVISOR,)
    alone = a_colleague(context, "sgt.alone", *roles)
    returned = officer.sent(a_return())

    alone.decided(returned, outcome=Outcome.ESCALATE)

    assert _void(context) == ["no_manager"]
    assert [one["why_void"] for one in alone.heard("decision")] == ["no_manager"]
    assert _state(context, returned) == "pending_supervisor"
    alone.decided(returned)
    assert _state(context, returned) == "approved"


def _state(context: Context, record: Record) -> object:
    [found] = [row for row in rows(context, register) if row["record"] == str(record.header.record)]
    return found["state"]


def _void(context: Context) -> list[object]:
    return [row["why_void"] for row in rows(context, decision) if not row["stands"]]


def _history(context: Context, record: Record) -> list[str]:
    with context.store.read() as connection:
        entries = audit.entries_of(connection, str(record.header.record))
    return [one["what"] for one in entries if one["what"] != "disclosed"]
