"""Whose a record is, and for which unit, is not the handheld's word alone: its author signed in there."""

from __future__ import annotations

import pytest

from booklets.records import Record
from sync_server import audit, feed
from sync_server.context import Context
from sync_server.db.owed import delivery, feed_item
from sync_server.db.tables import record as register
from sync_server.db.tables import submission
from sync_server.deciding.unsettled import unsettled
from sync_server.identity.accounts import Role
from sync_server.intake import Outcome, Result, take_in
from tests.support.builders import UNIT, a_return, an_author, next_revision
from tests.support.colleagues import a_colleague
from tests.support.server_data import Handheld, rows

ELSEWHERE = "york_response"


def test_what_somebody_is_said_to_have_written_where_they_never_signed_in_is_set_aside(
    context: Context, handheld: Handheld
) -> None:
    """Nobody can write in a colleague's name: the colleague has never had this handheld in hand."""
    record = a_return(author=an_author(id="NYP-4410"))

    outcome = _sends(handheld, record)

    assert outcome == Outcome(result=Result.INVALID, codes=("author_never_signed_in",))
    _is_kept_and_nothing_follows(context, record, "author_never_signed_in")


def test_a_record_for_a_unit_that_is_not_its_authors_is_set_aside(
    context: Context, handheld: Handheld
) -> None:
    """The unit says which supervisors read it; a word in a header opens no other queue."""
    record = a_return(unit=ELSEWHERE)

    outcome = _sends(handheld, record)

    assert outcome == Outcome(result=Result.INVALID, codes=("not_their_unit",))
    _is_kept_and_nothing_follows(context, record, "not_their_unit")


def test_an_officer_who_moved_before_sending_is_believed_for_both_units(
    context: Context, handheld: Handheld
) -> None:
    """Written in Harrogate, sent three weeks later from York: it is Harrogate's; the next one is York's."""
    handheld.signed_in(handheld.officer, unit=UNIT)
    handheld.signed_in(handheld.officer, unit=ELSEWHERE, before=True)

    assert _sends(handheld, a_return()).result is Result.STORED
    later = a_return(record=a_return().header.encounter, unit=ELSEWHERE)
    assert _sends(handheld, later).result is Result.STORED
    assert [row["unit"] for row in rows(context, register)] == [UNIT, ELSEWHERE]


def test_a_later_revision_in_the_name_of_its_author_from_elsewhere_is_set_aside(
    context: Context, handheld: Handheld
) -> None:
    """Who wrote the first may write the second, but not on a handheld where they never were."""
    first = a_return()
    assert _sends(handheld, first).result is Result.STORED
    stranger = a_colleague(context, "pc.stranger")
    forged = next_revision(first, {"ret.found_how": "alone"})

    outcome = stranger.sends(forged, author=first.header.author)

    assert outcome.codes == ("author_never_signed_in",)
    assert [row["rev"] for row in rows(context, register)] == [1]


def test_another_version_in_the_name_of_its_author_from_elsewhere_is_put_before_nobody(
    context: Context, handheld: Handheld
) -> None:
    """Whoever chooses between two versions must not be offered one that its author never wrote."""
    first = a_return()
    assert _sends(handheld, first).result is Result.STORED
    assert _sends(handheld, next_revision(first, {"ret.found_how": "hospital"})).result is Result.STORED
    stranger = a_colleague(context, "pc.stranger")

    outcome = stranger.sends(next_revision(first, {"ret.found_how": "alone"}), author=first.header.author)

    assert outcome == Outcome(result=Result.INVALID, codes=("author_never_signed_in",))
    with context.store.read() as connection:
        assert unsettled(connection, handheld.force) == []


def test_what_was_set_aside_is_stored_once_its_author_signs_in_there(
    context: Context, handheld: Handheld
) -> None:
    """The app keeps it and sends it again by hand of the desk: nothing was thrown away on either side."""
    record = a_return(author=an_author(id="NYP-4410"))
    sealed = handheld.seal(record)
    take_in(context, sealed, sender=handheld.sender)

    handheld.signed_in("NYP-4410")

    assert take_in(context, sealed, sender=handheld.sender).result is Result.STORED
    assert [row["state"] for row in rows(context, submission)] == ["quarantined", "stored"]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.FIM])
def test_a_decision_in_somebody_elses_name_is_kept_as_one_that_does_not_count(
    context: Context, handheld: Handheld, role: Role
) -> None:
    """A decision that arrives is never refused: it stands or is void, and its history says which."""
    record = a_return()
    _sends(handheld, record)
    sergeant, thief = a_colleague(context, "sgt.marsh", role), a_colleague(context, "pc.thief")

    outcome = thief.sends(sergeant.decides([record]), author=sergeant.author)

    assert outcome.result is Result.STORED
    assert [row["state"] for row in rows(context, register) if row["record_type"] == "RET"] == [
        "pending_supervisor"
    ]


def _sends(handheld: Handheld, record: Record) -> Outcome:
    return take_in(handheld.context, handheld.seal(record), sender=handheld.sender)


def _is_kept_and_nothing_follows(context: Context, record: Record, code: str) -> None:
    [kept] = rows(context, submission)
    assert (kept["state"], kept["reason"]) == ("quarantined", code)
    assert rows(context, register) == rows(context, delivery) == []
    [told] = rows(context, feed_item)
    assert (told["kind"], told["detail"]) == (feed.STATUS, {"state": "attention", "reason": code})
    with context.store.read() as connection:
        [entry] = audit.entries_of(connection, str(record.header.record))
    assert (entry["what"], entry["detail"]["reason"]) == ("quarantined", code)
