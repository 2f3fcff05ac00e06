"""A draft goes from one officer to another: sealed as it came, to one of them at a time, and noted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from booklets.decisions import Outcome
from booklets.entities import new_id
from booklets.errors import WireError
from booklets.handing_on import Given, posted_draft
from sync_server import audit, giving
from sync_server.context import Context
from sync_server.db.giving import given_draft
from sync_server.db.identity import account
from sync_server.giving import By, Why
from sync_server.identity import accounts, devices
from sync_server.identity.accounts import Role
from tests.support.builders import FORCE, a_return, an_author, next_revision
from tests.support.colleagues import Colleague, a_colleague
from tests.support.server_data import Clock, rows

WORDS = "She said a man in a grey car gave her the phone."


def by(context: Context, somebody: Colleague) -> By:
    """Somebody on their handheld."""
    with context.store.read() as db:
        found, device = accounts.by_id(db, somebody.author.id), devices.find(db, somebody.handheld.device)
    assert found is not None
    assert device is not None
    return By(found.id, found.person, device)


def a_draft(**said: Any) -> dict[str, Any]:
    """Something half written."""
    return {"id": str(new_id()), "answers": {"pi.child_words": WORDS}, **said}


def gives(somebody: Colleague, draft: dict[str, Any], to: str = "", **how: Any) -> tuple[str, Why | None]:
    """Seal it as a handheld does and hand it in; its id, and why it does not count."""
    context = somebody.handheld.context
    given = Given(id=new_id(), to=to, at=context.now(), draft=draft)
    sealed = posted_draft(
        given,
        force=FORCE,
        device=somebody.handheld.device,
        officer=somebody.author.id,
        to=context.keys.directory.recipients(),
        signer=how.get("signer", somebody.handheld.signing),
    )

    def work(db: Connection) -> Why | None:
        for _ in range(2):  # the answer was lost, and it came again
            why = giving.give(context, db, sealed, by(context, somebody))
        return why

    return str(given.id), context.store.write(work)


def takes(somebody: Colleague, given: str, act: Any = giving.take) -> Why | None:
    """Somebody takes it over, or back."""
    context = somebody.handheld.context
    who = by(context, somebody)
    why: Why | None = context.store.write(lambda db: act(context, db, given, who))
    return why


def numbered(context: Context, somebody: Colleague, number: str) -> None:
    """Their shoulder number."""
    mine = update(account).where(account.c.id == somebody.author.id).values(shoulder_no=number)
    context.store.write(lambda db: db.execute(mine))


@pytest.fixture
def colleague(context: Context) -> Colleague:
    """Another officer of the unit."""
    found = a_colleague(context, "pc.iqbal")
    numbered(context, found, "2044")
    return found


def test_a_draft_given_to_the_unit_is_read_by_whoever_may_take_it_and_taken_once(
    context: Context, officer: Colleague, colleague: Colleague
) -> None:
    """The words lie here only as they were sealed; who had them and when is in the audit."""
    third, elsewhere = a_colleague(context, "pc.third"), a_colleague(context, "pc.far", unit="selby")
    draft = a_draft()
    given, why = gives(officer, draft)

    assert why is None
    [row] = rows(context, given_draft)
    envelope = row["envelope"]
    assert isinstance(envelope, bytes)
    assert WORDS.encode() not in envelope
    [offer] = colleague.heard("given")
    assert (offer["state"], offer["content"]) == ("offered", draft)
    assert elsewhere.heard("given") == []
    assert [one.get("content") for one in officer.heard("given")] == [None], "their own, and no news"

    assert takes(elsewhere, given) is Why.NOT_YOURS
    assert takes(colleague, given) is None
    assert takes(colleague, given) is None, "the answer may have been lost"
    assert takes(third, given) is Why.GONE
    assert takes(officer, given, giving.take_back) is Why.GONE
    assert officer.heard("given")[-1]["state"] == "taken"
    assert officer.heard("given")[-1]["by_name"] == "PC pc.iqbal 2044"
    assert [one["content"] for one in third.heard("given") if "content" in one] == [None], "came too late"
    with context.store.read() as db:
        noted = [one["what"] for one in audit.entries_of(db, draft["id"])]
    assert [one for one in noted if one != "disclosed"] == ["draft_given", "draft_taken"]
    assert "disclosed" in noted


def test_a_draft_for_one_colleague_is_for_nobody_else(
    context: Context, officer: Colleague, colleague: Colleague
) -> None:
    """By the number on the shoulder; a wrong one gives it to nobody."""
    third = a_colleague(context, "pc.third")
    assert gives(officer, a_draft(), to="9999")[1] is Why.NOBODY
    given, why = gives(officer, a_draft(), to="2044")

    assert why is None
    assert third.heard("given") == []
    assert takes(third, given) is Why.NOT_YOURS
    assert [one["state"] for one in colleague.heard("given")] == ["offered"]
    assert takes(officer, given, giving.take_back) is None
    assert takes(colleague, given) is Why.WAS_BACK
    assert rows(context, given_draft)[-1]["envelope"] == b""


def test_what_is_not_a_draft_of_whoever_gives_it_is_refused(
    context: Context, officer: Colleague, colleague: Colleague
) -> None:
    """Signed by another handheld, it is nobody's."""
    with pytest.raises(WireError):
        gives(officer, a_draft(), signer=colleague.handheld.signing)
    assert rows(context, given_draft) == []


def test_what_nobody_takes_over_is_told_once_to_the_giver_and_the_supervisors(
    context: Context, clock: Clock, officer: Colleague, sergeant: Colleague, colleague: Colleague
) -> None:
    """At seven in the morning nobody was there."""
    given, _ = gives(officer, a_draft())
    assert giving.look(context) == 0
    clock.at += timedelta(minutes=61)

    assert (giving.look(context), giving.look(context)) == (1, 0)
    assert {one["state"] for one in officer.heard("given")} == {"offered", "not_taken"}
    assert sergeant.heard("given")[-1]["state"] == "not_taken"
    assert takes(colleague, given) is None
    assert sergeant.heard("given")[-1]["state"] == "taken"


def test_whoever_took_it_over_goes_on_with_what_its_author_had_sent(
    context: Context, officer: Colleague, colleague: Colleague
) -> None:
    """A part went from the first handheld; the rest comes from the second."""
    first = officer.sent(a_return())
    going_on = next_revision(first, {"ret.incident_no": "NYP-1"})
    mine = an_author(id=colleague.author.id, name="pc.iqbal")
    assert colleague.sends(going_on, author=mine).codes == ("not_theirs",)
    given, _ = gives(officer, a_draft(id=str(first.header.encounter)))
    assert takes(colleague, given) is None

    colleague.sent(next_revision(first, {"ret.incident_no": "NYP-2"}), author=mine)


def test_whoever_gave_their_answer_away_hears_that_it_was_given(
    context: Context, officer: Colleague, colleague: Colleague
) -> None:
    """Else their handheld would go on asking for it, and a second answer would be of no use."""
    first = officer.sent(a_return())
    a_colleague(context, "sgt.marsh", Role.SUPERVISOR).decided(first, outcome=Outcome.RETURN)
    id_, _ = gives(officer, a_draft(id=str(first.header.encounter)))
    assert takes(colleague, id_) is None

    colleague.revises(first, author=an_author(id=colleague.author.id, name="pc.iqbal"))

    told = [(one["state"], one["rev"]) for one in officer.heard("status")]
    assert told[-1] == ("answered", 2)


def test_somebody_who_is_not_trained_for_work_with_children_takes_nothing_over(
    context: Context, officer: Colleague
) -> None:
    """R-58."""
    untrained = a_colleague(context, "pc.new", works_with_children=False)
    numbered(context, untrained, "3001")
    assert gives(officer, a_draft(), to="3001")[1] is Why.NOT_TRAINED
    given, _ = gives(officer, a_draft())
    assert takes(untrained, given) is Why.NOT_TRAINED
