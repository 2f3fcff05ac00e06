"""A death that was a mistake: what it had stopped or kept back in the records beside it goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete

from booklets.decisions import Outcome
from booklets.records import Record
from sync_server import audit
from sync_server.context import Context
from sync_server.db.owed import delivery, task
from sync_server.db.tables import record_key
from sync_server.identity.accounts import Role
from sync_server.intake import take_in
from tests.support.builders import a_ppn, a_return, a_task, an_id, an_interview, next_revision
from tests.support.colleagues import a_colleague
from tests.support.server_data import Handheld, rows

pytestmark = pytest.mark.thorough

COUNCIL, DANGER, PARTNER = "local_authority:E06000065", "danger:E06000065", "partner:E06000065"
DEATH = a_return({"ret.found_how": "dead"}, record=an_id("death"), encounter=an_id("another doorstep"))
IN_DANGER = a_ppn(
    {"ppn.immediate_danger": "yes"}, encounter=an_id("ppn doorstep"), tasks=(a_task("tell_la"),)
)


@pytest.fixture(params=["withdrawn", "corrected"])
def a_mistake(request: pytest.FixtureRequest) -> Record:
    """The death was the wrong child's: its record is withdrawn, or says that the child is alive."""
    alive = next_revision(DEATH, {"ret.found_how": "police_patrol"})
    gone = next_revision(DEATH, {})
    withdrawing = replace(gone, header=replace(gone.header, void_reason="The wrong child."))
    return withdrawing if request.param == "withdrawn" else alive


def test_danger_that_a_death_kept_back_is_told_once_it_was_a_mistake(
    context: Context, handheld: Handheld, a_mistake: Record
) -> None:
    """Council, vulnerability team and officer were asked nothing: a living child is in danger."""
    send(context, handheld, DEATH, IN_DANGER)
    assert DANGER not in owed(context, IN_DANGER)
    assert asked(context, IN_DANGER) == {}

    send(context, handheld, a_mistake)

    assert owed(context, IN_DANGER)[DANGER] == "due"
    assert asked(context, IN_DANGER) == {"immediate_danger": "open", "tell_la": "open"}


def test_what_a_death_had_stopped_goes_on(context: Context, handheld: Handheld, a_mistake: Record) -> None:
    """Nothing had left yet: the notice, the danger, the interview and the hours of those who must act."""
    returned, interview = a_return(tasks=(a_task("retry_interview"),)), an_interview(tasks=(a_task("rhi"),))
    three = (returned, interview, IN_DANGER)
    send(context, handheld, *three)
    before = [(owed(context, one), asked(context, one)) for one in three]
    send(context, handheld, DEATH)
    assert {*asked(context, returned).values(), *asked(context, IN_DANGER).values()} == {"stopped"}
    assert owed(context, returned)[COUNCIL] == owed(context, IN_DANGER)[DANGER] == "stopped"

    send(context, handheld, a_mistake)

    assert [(owed(context, one), asked(context, one)) for one in three] == before
    assert owed(context, returned)[COUNCIL] == "due"


def test_what_waits_for_a_decision_has_its_limit_again(
    context: Context, handheld: Handheld, a_mistake: Record
) -> None:
    """Without one a referral that nobody decides on would wait for ever."""
    send(context, handheld, IN_DANGER, DEATH)

    send(context, handheld, a_mistake)

    [referral] = [row for row in rows(context, delivery) if row["target"] == PARTNER]
    assert (referral["state"], referral["limit_at"] is not None) == ("held", True)


def test_what_was_decided_is_not_held_for_anybody_again(
    context: Context, handheld: Handheld, a_mistake: Record
) -> None:
    """Danger leaves by itself all the same; what a decision lets leave is whoever's who decided."""
    send(context, handheld, DEATH, IN_DANGER)
    a_colleague(context, "sgt.marsh", Role.SUPERVISOR).decided(IN_DANGER)
    a_colleague(context, "vat.lowe", Role.VAT).settles(IN_DANGER)

    send(context, handheld, a_mistake)

    assert owed(context, IN_DANGER)[DANGER] == "due"
    assert PARTNER not in owed(context, IN_DANGER)


def test_what_an_officer_is_asked_about_leaves_by_no_limit(
    context: Context, handheld: Handheld, a_mistake: Record
) -> None:
    """It was sent back: the answer sets a limit of its own."""
    send(context, handheld, IN_DANGER, DEATH)
    a_colleague(context, "sgt.marsh", Role.SUPERVISOR).decided(IN_DANGER, outcome=Outcome.RETURN)

    send(context, handheld, a_mistake)

    [referral] = [row for row in rows(context, delivery) if row["target"] == PARTNER]
    assert (referral["state"], referral["limit_at"]) == ("held", None)


def test_a_ppn_that_came_meanwhile_is_not_asked_for(
    context: Context, handheld: Handheld, a_mistake: Record
) -> None:
    """Its hours were stopped before it came, so nothing had ended them."""
    returned = a_return(tasks=(a_task("ppn_submitted"),))
    send(context, handheld, returned, DEATH, IN_DANGER)
    assert asked(context, returned) == {"ppn_submitted": "stopped"}

    send(context, handheld, a_mistake)

    assert asked(context, returned) == {"ppn_submitted": "done"}


def test_it_is_owed_once_however_often_it_was_a_mistake(
    context: Context, handheld: Handheld, a_mistake: Record
) -> None:
    """Dead, alive, dead, alive: no second notice, no second task; and the audit has each."""
    send(context, handheld, IN_DANGER, DEATH, a_mistake)
    dead = next_revision(a_mistake, {"ret.found_how": "dead"})
    dead = replace(dead, header=replace(dead.header, void_reason=""))
    once = len(rows(context, delivery)), len(rows(context, task)), owed(context, IN_DANGER)

    send(context, handheld, dead)
    again = next_revision(dead, {})
    send(context, handheld, replace(again, header=replace(again.header, void_reason="The wrong child.")))

    mine = [row for row in rows(context, delivery) if row["record"] == str(IN_DANGER.header.record)]
    assert len({row["once"] for row in mine}) == len(mine) == len(once[2])
    assert owed(context, IN_DANGER) == once[2]
    assert len(rows(context, task)) == once[1]
    assert audited(context, DEATH).count("automatic_steps_taken_up") == 2


def test_another_record_that_says_so_keeps_everything_stopped(
    context: Context, handheld: Handheld, a_mistake: Record
) -> None:
    """One of two was withdrawn because it was written twice: the child has died."""
    twice = a_return({"ret.found_how": "dead"}, record=an_id("death again"), encounter=an_id("morgue"))
    send(context, handheld, IN_DANGER, DEATH, twice, a_mistake)

    assert owed(context, IN_DANGER)[DANGER] == "stopped"
    assert "automatic_steps_taken_up" not in audited(context, DEATH)


def send(context: Context, handheld: Handheld, *records: Record) -> None:
    """Store these, one after the other."""
    for record in records:
        assert take_in(context, handheld.seal(record), sender=handheld.sender).result == "stored"


def owed(context: Context, record: Record) -> dict[str, str]:
    """How what is owed of a record stands, by where it goes."""
    return {row["target"]: row["state"] for row in _of(context, delivery, record)}


def asked(context: Context, record: Record) -> dict[str, str]:
    """How the tasks of a record stand."""
    return {row["kind"]: row["status"] for row in _of(context, task, record)}


def audited(context: Context, record: Record) -> list[str]:
    """What the audit has of a record."""
    with context.store.read() as connection:
        return [entry["what"] for entry in audit.entries_of(connection, str(record.header.record))]


def _of(context: Context, table: Any, record: Record) -> list[dict[str, Any]]:
    return [row for row in rows(context, table) if row["record"] == str(record.header.record)]


def test_a_neighbour_that_was_destroyed_by_law_holds_up_nothing(
    context: Context, handheld: Handheld, a_mistake: Record
) -> None:
    """Nobody can read it any more: the mistake is put right all the same, and the others go on."""
    destroyed = a_return(record=an_id("destroyed"), encounter=an_id("an old doorstep"))
    send(context, handheld, destroyed, DEATH, IN_DANGER)
    context.store.write(
        lambda db: db.execute(delete(record_key).where(record_key.c.record == str(destroyed.header.record)))
    )

    send(context, handheld, a_mistake)

    assert owed(context, IN_DANGER)[DANGER] == "due"
