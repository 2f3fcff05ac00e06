"""Copies of what is unsent: one of each draft, for its own officer alone, once the handheld is lost."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from booklets.entities import new_id
from booklets.errors import WireError
from booklets.handing_on import Given, posted_draft
from sync_server import audit, given, giving, unsent
from sync_server.context import Context
from sync_server.db.giving import draft_copy, given_draft
from sync_server.giving import Why
from sync_server.identity import devices
from sync_server.identity.accounts import Role
from tests.support.builders import FORCE
from tests.support.colleagues import Colleague, a_colleague
from tests.support.server_data import Clock, rows
from tests.sync_server.giving.test_giving import WORDS, a_draft, by, takes


def brings(somebody: Colleague, draft: dict[str, Any], version: int = 1, **how: Any) -> None:
    """Seal it as a handheld does and have it kept."""
    context = somebody.handheld.context
    sealed = posted_draft(
        Given(id=new_id(), to="", at=context.now(), draft=draft),
        force=FORCE,
        device=somebody.handheld.device,
        officer=somebody.author.id,
        to=context.keys.directory.recipients(),
        signer=how.get("signer", somebody.handheld.signing),
        version=version,
    )
    who = by(context, how.get("brought_by", somebody))
    context.store.write(lambda db: unsent.keep(context, db, sealed, who))


def lacks(somebody: Colleague, **there: int) -> list[str]:
    """What the force lacks of what the handheld has."""
    context = somebody.handheld.context
    who = by(context, somebody)
    return context.store.write(lambda db: unsent.lacking(db, there, who))


def loses(somebody: Colleague) -> int:
    """The handheld is stopped for good; how many drafts are offered."""
    context = somebody.handheld.context

    def work(db: Connection) -> int:
        device = devices.find(db, somebody.handheld.device)
        assert device is not None
        return unsent.offer_lost(db, device, now=context.now())

    return context.store.write(work)


def test_a_copy_is_asked_for_once_for_each_state_of_a_draft(context: Context, officer: Colleague) -> None:
    """What has not changed does not come again over a thin line."""
    draft = a_draft()
    assert lacks(officer, **{draft["id"]: 7}) == [draft["id"]]
    brings(officer, draft, 7)

    assert lacks(officer, **{draft["id"]: 7}) == []
    assert lacks(officer, **{draft["id"]: 8}) == [draft["id"]]
    brings(officer, {**draft, "answers": {}}, 8)
    [row] = rows(context, draft_copy)
    assert row["version"] == 8
    assert isinstance(row["envelope"], bytes)
    assert WORDS.encode() not in row["envelope"]


def test_what_the_handheld_has_no_more_has_no_copy(context: Context, officer: Colleague) -> None:
    """It was sent, or given up; what another handheld of the same officer has stays."""
    kept, gone = a_draft(), a_draft()
    brings(officer, kept)
    brings(officer, gone)

    assert lacks(officer, **{kept["id"]: 1}) == []
    assert [row["encounter"] for row in rows(context, draft_copy)] == [kept["id"]]


def test_only_whoever_wrote_it_is_offered_it_and_only_once_the_handheld_is_lost(
    context: Context, officer: Colleague
) -> None:
    """Colleagues and the unit hear nothing; what is not lost is nobody's news."""
    colleague, draft = a_colleague(context, "pc.iqbal"), a_draft()
    brings(officer, draft)
    assert officer.heard("given") == []

    assert loses(officer) == 1

    [offer] = officer.heard("given")
    assert (offer["state"], offer["lost"], offer["content"]) == ("offered", True, draft)
    assert colleague.heard("given") == []
    assert takes(colleague, offer["given"]) is Why.NOT_YOURS
    assert takes(officer, offer["given"]) is None
    assert takes(officer, offer["given"]) is None, "the answer may have been lost"
    assert rows(context, draft_copy) == []
    with context.store.read() as db:
        noted = [one["what"] for one in audit.entries_of(db, draft["id"])]
    assert [one for one in noted if one != "disclosed"] == [
        "draft_copied",
        "draft_of_lost_handheld",
        "draft_taken",
    ]


def test_a_supervisor_of_the_unit_hears_of_what_nobody_goes_on_with(
    context: Context, clock: Clock, officer: Colleague, sergeant: Colleague
) -> None:
    """A day later the child it is about has still been told of by nobody."""
    brings(officer, a_draft())
    loses(officer)
    clock.at += timedelta(hours=23)
    assert giving.look(context) == 0
    clock.at += timedelta(hours=2)

    assert giving.look(context) == 1
    told = sergeant.heard("given")[-1]
    assert (told["state"], told["lost"], told.get("content")) == ("not_taken", True, None)


def test_a_sergeant_gets_back_their_own_as_an_officer_does(context: Context) -> None:
    """Whoever is not asked as an officer takes over no colleague's draft, but wrote this one."""
    sergeant = a_colleague(context, "sgt.marsh", Role.SUPERVISOR)
    brings(sergeant, a_draft())
    loses(sergeant)

    [offer] = sergeant.heard("given")
    assert takes(sergeant, offer["given"]) is None


def test_nothing_is_offered_twice(context: Context, officer: Colleague) -> None:
    """A handheld that was stopped for good and is told to wipe itself afterwards."""
    brings(officer, a_draft())

    assert (loses(officer), loses(officer)) == (1, 0)
    assert len(rows(context, given_draft)) == 1


def test_what_is_no_draft_of_whoever_sends_it_is_refused(context: Context, officer: Colleague) -> None:
    """Signed by another handheld, or brought by another officer."""
    colleague = a_colleague(context, "pc.iqbal")
    with pytest.raises(WireError):
        brings(officer, a_draft(), signer=colleague.handheld.signing)
    with pytest.raises(WireError):
        brings(officer, a_draft(), brought_by=colleague)

    assert rows(context, draft_copy) == []


def test_a_copy_that_no_handheld_asks_for_any_more_goes(
    context: Context, clock: Clock, officer: Colleague
) -> None:
    """After the days that the force has set: 60 here."""
    brings(officer, a_draft())
    clock.at += timedelta(days=59)
    context.store.write(lambda db: unsent.forget_old(context, db))
    assert len(rows(context, draft_copy)) == 1
    clock.at += timedelta(days=2)
    context.store.write(lambda db: unsent.forget_old(context, db))

    assert rows(context, draft_copy) == []


def test_destroying_a_case_destroys_what_was_unsent_of_it(context: Context, officer: Colleague) -> None:
    """By the encounter, as with drafts that were given."""
    mine, other = a_draft(), a_draft()
    brings(officer, mine)
    brings(officer, other)
    context.store.write(lambda db: given.forget(db, [mine["id"]], by="server", now=context.now()))

    assert [row["encounter"] for row in rows(context, draft_copy)] == [other["id"]]


def test_a_copy_of_a_long_night_is_a_fraction_of_what_was_written(
    context: Context, officer: Colleague
) -> None:
    """It goes over a thin line with each contact in which something was written."""
    said = {f"pi.q{n}": f"{n}: {WORDS} He waits at bay {n} of the bus station." for n in range(200)}
    draft = a_draft(answers=said)
    brings(officer, draft)

    [row] = rows(context, draft_copy)
    assert len(bytes(row["envelope"])) * 4 < len(json.dumps(draft))  # type: ignore[call-overload]
