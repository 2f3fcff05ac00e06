"""Whoever is to take over a police protection is asked by name to accept, until that is written (R-24)."""

from __future__ import annotations

from typing import Any

import pytest

from booklets.answers import Answer, Moment, Row
from booklets.records import Record
from sync_server.context import Context
from sync_server.db.owed import task
from sync_server.duties import look_once
from sync_server.identity.accounts import Role
from tests.support.again import closes
from tests.support.builders import NIGHT
from tests.support.colleagues import Colleague, a_colleague
from tests.support.protection import ACCEPTED, HANDED, OFFICER, POWER, part_of, sent
from tests.support.server_data import rows

ACCEPT = "accept_protection"
TO_ANOTHER: Row = {**HANDED, "to": "Insp 92 Cole"}


@pytest.fixture
def reed(context: Context) -> Colleague:
    """The inspector who is to take over, of another unit, known by number."""
    return a_colleague(context, "insp.reed", Role.SUPERVISOR, unit="scarborough", shoulder_no="91")


@pytest.fixture
def cole(context: Context) -> Colleague:
    """Another inspector."""
    return a_colleague(context, "insp.cole", Role.SUPERVISOR, unit="scarborough", shoulder_no="92")


def handed_over(officer: Colleague, *transfers: Row) -> Record:
    """The designated officer's part, with these hand-overs."""
    said: dict[str, Answer | None] = {"ppd.handed_over": "yes", "ppd.transfers": transfers}
    return officer.sent(sent(part_of(OFFICER, said)))


def stands(context: Context, who: Colleague) -> list[str]:
    """How what somebody is asked to accept stands."""
    named = f"R-24/{who.author.id}"
    return [
        str(one["status"]) for one in rows(context, task) if (one["kind"], one["rule"]) == (ACCEPT, named)
    ]


def told(context: Context, who: Colleague) -> list[Any]:
    """What somebody's handheld has heard of it."""
    look_once(context)
    return [one["status"] for one in who.heard("task") if one["what"] == ACCEPT]


def test_the_inspector_who_is_named_is_asked_on_their_own_handheld(
    context: Context, officer: Colleague, reed: Colleague, cole: Colleague
) -> None:
    """Just this person, of whichever unit; and once it is accepted in writing, no longer."""
    enquiry = handed_over(officer, HANDED)
    assert told(context, reed) == ["open"]
    assert told(context, cole) == []

    officer.revises(enquiry, {"ppd.transfers": (ACCEPTED,)})
    assert stands(context, reed) == ["done"]
    assert told(context, reed)[-1] == "done"


def test_a_name_that_was_a_slip_is_asked_no_longer(
    context: Context, officer: Colleague, reed: Colleague, cole: Colleague
) -> None:
    """It was another inspector: the first is told that it is over, the other is asked."""
    enquiry = handed_over(officer, HANDED)
    second = officer.revises(enquiry, {"ppd.transfers": (TO_ANOTHER,)})

    assert stands(context, reed) == ["stopped"]
    assert stands(context, cole) == ["open"]

    officer.revises(second, {"ppd.epo": "not_needed", "ppd.epo_because": "Nan takes Kit on Monday."})
    assert stands(context, cole) == ["open"], "a revision that changes nothing asks nobody anew"


def test_only_whoever_was_asked_closes_it(context: Context, officer: Colleague, reed: Colleague) -> None:
    """A supervisor of the unit that wrote it has no part in it."""
    handed_over(officer, HANDED)
    someone = a_colleague(context, "sgt.other", Role.SUPERVISOR)
    with pytest.raises(AssertionError, match="not_theirs"):
        closes(someone, ACCEPT, outcome="done")

    closes(reed, ACCEPT, outcome="done")
    assert stands(context, reed) == ["done"]


def test_the_first_designated_officer_is_asked_as_soon_as_the_constable_names_one(
    context: Context, officer: Colleague, reed: Colleague, cole: Colleague
) -> None:
    """R-23: nobody tells an inspector that a child is theirs but the constable; a slip is put right."""
    power = officer.sent(sent(part_of(POWER, {"pp.do": "Insp 91 Reed"})))
    assert told(context, reed) == ["open"]

    officer.revises(power, {"pp.do": "Insp 92 Cole"})
    assert (stands(context, reed), stands(context, cole)) == (["stopped"], ["open"])


def test_a_name_without_one_number_asks_nobody_by_name(context: Context, officer: Colleague) -> None:
    """Two have it, or nobody has: the incident manager hears of it by the form's own rule."""
    for user in ("insp.one", "insp.two"):
        a_colleague(context, user, Role.SUPERVISOR, shoulder_no="91")
    handed_over(officer, HANDED, {**HANDED, "to": "Insp Reed", "at": Moment(NIGHT)})

    assert [one for one in rows(context, task) if one["kind"] == ACCEPT] == []
