"""What an officer says of a task, over the wire: signed, and once however often it arrives."""

from __future__ import annotations

from functools import partial
from typing import Any

import httpx
import pytest

from booklets.answers import instant
from sync_server import feed
from sync_server.db.acts import task_act
from sync_server.db.owed import task
from sync_server.duties import look_once
from sync_server.identity import accounts
from sync_server.identity.accounts import Role
from tests.support.builders import FORCE, a_task, an_id
from tests.support.devices import Handheld
from tests.support.server_data import rows


def message(handheld: Handheld, **changed: Any) -> dict[str, Any]:
    """What the app sends when a task is done."""
    newest = max(int(str(row["id"])) for row in rows(handheld.server.context, task))
    said = {
        "id": str(an_id(f"act {newest}")),
        "task": newest,
        "act": "close",
        "at": instant(handheld.server.clock.at),
        "outcome": "done",
        "delay_reason": "",
        "words": "Rang them.\nThey know.",
    }
    return said | changed


@pytest.fixture
def asked(signed_in: Handheld) -> Handheld:
    """A handheld whose officer has a task."""
    chain = len(rows(signed_in.server.context, task))
    record = signed_in.record(
        record=an_id(f"duty record {chain}"),
        encounter=an_id(f"duty encounter {chain}"),
        episode=an_id(f"duty episode {chain}"),
        tasks=(a_task("tell_digital_forensics", owner="author", id=an_id(f"duty {chain}")),),
    )
    assert signed_in.submit(signed_in.seal(record)).status_code == httpx.codes.CREATED
    look_once(signed_in.server.context)
    return signed_in


def test_a_task_is_closed_once_however_often_the_phone_asks(asked: Handheld) -> None:
    """Each time signed anew, with the same name: the answer is the same."""
    said = message(asked)

    answers = [asked.as_officer("POST", "/v1/tasks", json=said) for _ in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 200]
    assert [one.json() for one in answers] == [{"id": said["id"], "stands": True, "why_void": ""}] * 3
    kept = [row for row in rows(asked.server.context, task_act) if row["id"] == said["id"]]
    assert len(kept) == 1


def test_a_copy_of_the_request_is_refused(asked: Handheld) -> None:
    """Whoever recorded it on the way cannot play it again."""
    request = asked.signed(
        "POST",
        "/v1/tasks",
        json=message(asked),
        headers={"Authorization": f"Homeward {asked.access}"},
    )

    first, second = asked.http.send(request), asked.http.send(request)

    assert (first.status_code, second.status_code) == (200, 401)
    assert second.json()["code"] == "replayed"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"task": "1"}, "task must be the number of a task"),
        ({"task": True}, "task must be the number of a task"),
        ({"act": "forget"}, "act must be accept, close or delay"),
        ({"outcome": ""}, "outcome must be one of"),
        ({"outcome": "fine"}, "outcome must be one of"),
        ({"act": "delay", "outcome": ""}, "delay_reason must be one of"),
        ({"words": "x" * 2001}, "words must be text of at most 2000"),
        ({"words": None}, "words must be text of at most 2000"),
        ({"at": "yesterday"}, "not a time"),
        ({"id": "1"}, "not an id"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_changes_nothing(
    asked: Handheld, changed: dict[str, Any], says: str
) -> None:
    """A task closes only with an outcome (R-56), and a delay has a reason (R-59)."""
    said = message(asked) | changed

    answer = asked.as_officer("POST", "/v1/tasks", json=said)

    assert (answer.status_code, says in answer.json()["says"]) == (400, True)
    newest = max(rows(asked.server.context, task), key=lambda row: int(str(row["id"])))
    assert newest["status"] == "open"


def test_what_is_offered_to_the_unit_is_given_to_whoever_is_trained_for_work_with_children(
    signed_in: Handheld,
) -> None:
    """R-58: from the moment the force says so, and nothing is lost for whoever is trained later."""
    context = signed_in.server.context
    unit = feed.to_role(FORCE, Role.OFFICER, "scarborough")
    add = partial(feed.add, force=FORCE, recipient=unit, kind=feed.STATUS, at=signed_in.server.clock.at)
    context.store.write(lambda connection: add(connection, record=str(an_id("offered"))))

    seen = []
    for yes in (True, False, True):
        say = partial(accounts.say_trained, user="pc.wells", works_with_children=yes)
        assert context.store.write(say)
        items = signed_in.as_officer("GET", "/v1/changes").json()["items"]
        seen.append(str(an_id("offered")) in {one["record"] for one in items})

    assert seen == [True, False, True]
