"""Nothing that an enrolled handheld sends is ever lost, and nothing counts twice."""

from __future__ import annotations

import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from booklets import wire
from booklets.answers import Moment
from booklets.records import Record
from booklets.sealing import SigningKey, read_envelope, read_receipt
from sync_server import audit, evidence
from sync_server.context import Context
from sync_server.db.owed import delivery, feed_item, notice
from sync_server.db.tables import Kept, submission
from sync_server.db.tables import audit as audit_table
from sync_server.db.tables import record as record_table
from sync_server.intake import Outcome, Result, take_in
from tests.support.builders import NIGHT, a_return, an_author, an_id, an_interview, next_revision
from tests.support.server_data import Clock, Handheld, count, rows


def test_a_submission_is_kept_exactly_as_it_came(context: Context, handheld: Handheld) -> None:
    """What lies in evidence is what the officer's handheld signed, to the byte, and still opens."""
    record = a_return()
    sealed = handheld.seal(record)

    outcome = take_in(context, sealed, sender=handheld.sender)

    [kept] = rows(context, submission)
    assert outcome.result is Result.STORED
    assert kept["envelope"] == sealed
    assert kept["digest"] == wire.digest(record)
    with context.store.read() as connection:
        assert evidence.record_of(connection, context.keys.safe, str(record.header.record), 1) == record


def test_a_receipt_names_what_was_received(context: Context, handheld: Handheld) -> None:
    """A phone erases only what a receipt acknowledges, so it must speak of exactly these bytes."""
    record = a_return()
    sealed = handheld.seal(record)

    outcome = take_in(context, sealed, sender=handheld.sender)

    receipt = read_receipt(outcome.receipt, context.keys.directory)
    assert receipt.is_for(record=str(record.header.record), rev=1, env_sha256=read_envelope(sealed).sha256)
    assert (receipt.digest, receipt.received_at) == (wire.digest(record), NIGHT)


def test_a_lost_receipt_is_harmless(context: Context, handheld: Handheld, clock: Clock) -> None:
    """The signal breaks off just after the server has committed: the phone sends again, hours later."""
    sealed = handheld.seal(a_return())
    first = take_in(context, sealed, sender=handheld.sender)
    clock.at += timedelta(hours=5)

    again = take_in(context, sealed, sender=handheld.sender)

    assert again.result is Result.REPEATED
    assert again.receipt == first.receipt
    assert _kept_once(context)


def test_twenty_identical_submissions_at_once_are_one(context: Context, handheld: Handheld) -> None:
    """A nervous network may deliver the same bytes many times in the same moment."""
    sealed = handheld.seal(a_return())

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(lambda _: take_in(context, sealed, sender=handheld.sender), range(20)))

    assert sorted(one.result for one in outcomes) == [Result.REPEATED] * 19 + [Result.STORED]
    assert len({one.receipt for one in outcomes}) == 1
    assert _kept_once(context)


def test_twenty_different_records_at_once_are_twenty(context: Context, handheld: Handheld) -> None:
    """Sharing one commit must neither drop nor mix what different officers send."""
    records = [a_return(record=an_id(f"record {n}"), episode=an_id(f"episode {n}")) for n in range(20)]
    envelopes = [handheld.seal(record) for record in records]

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(lambda one: take_in(context, one, sender=handheld.sender), envelopes))

    assert {one.result for one in outcomes} == {Result.STORED}
    assert {row["digest"] for row in rows(context, submission)} == {wire.digest(one) for one in records}
    assert audit.verify_audit(context).broken == ()


def test_the_same_record_in_a_fresh_seal_is_the_same_record(context: Context, handheld: Handheld) -> None:
    """After a change of keys a phone seals again: other bytes, the same words, one record."""
    record = a_return()
    first = take_in(context, handheld.seal(record), sender=handheld.sender)
    again = handheld.seal(record)

    outcome = take_in(context, again, sender=handheld.sender)

    earlier, later = (read_receipt(one.receipt, context.keys.directory) for one in (first, outcome))
    assert outcome.result is Result.REPEATED
    assert later.is_for(record=earlier.record, rev=1, env_sha256=read_envelope(again).sha256)
    assert (later.seq, later.digest, later.received_at) == (earlier.seq, earlier.digest, earlier.received_at)
    assert _kept_once(context)


def test_other_words_under_the_same_number_are_a_conflict_and_kept(
    context: Context, handheld: Handheld
) -> None:
    """Neither statement may silently replace the other; a person decides, so both must be there."""
    take_in(context, handheld.seal(a_return()), sender=handheld.sender)
    other = a_return({"ret.found_how": "alone"})

    outcome = take_in(context, handheld.seal(other), sender=handheld.sender)

    assert (outcome.result, outcome.head_rev) == (Result.CONFLICT, 1)
    assert _reasons(context) == ["rev_conflict"]
    assert count(context, delivery) == 2


def test_a_revision_built_on_an_old_one_is_a_conflict_and_kept(context: Context, handheld: Handheld) -> None:
    """Two officers amend the same record: the first wins, the second is looked at by a person."""
    first = a_return()
    ours = next_revision(first, {"ret.found_how": "alone"})
    theirs = next_revision(first, {"ret.found_how": "hospital"})
    for one in (first, ours):
        take_in(context, handheld.seal(one), sender=handheld.sender)

    outcome = take_in(context, handheld.seal(theirs), sender=handheld.sender)

    assert (outcome.result, outcome.head_rev, _reasons(context)) == (Result.CONFLICT, 2, ["rev_conflict"])


def test_a_revision_that_overtook_its_predecessor_is_kept_until_that_is_here(
    context: Context, handheld: Handheld
) -> None:
    """The server never invents what stood in a revision that it has not seen."""
    second = next_revision(a_return(), {"ret.found_how": "alone"})

    outcome = take_in(context, handheld.seal(second), sender=handheld.sender)

    assert (outcome.result, outcome.head_rev) == (Result.EARLY, 0)
    assert (count(context, record_table), _reasons(context)) == (0, ["too_early"])


def test_a_later_revision_becomes_the_head(context: Context, handheld: Handheld) -> None:
    """More is known an hour later: the register shows the newest, evidence keeps both."""
    first = a_return()
    second = next_revision(first, {"ret.found_how": "hospital"})

    for one in (first, second):
        assert take_in(context, handheld.seal(one), sender=handheld.sender).result is Result.STORED

    assert [row["rev"] for row in rows(context, submission)] == [1, 2]
    assert [row["rev"] for row in rows(context, record_table)] == [2]


def test_an_old_revision_sent_again_still_gets_its_receipt(context: Context, handheld: Handheld) -> None:
    """A phone that was off for a day may repeat revision 1 when revision 2 is long there."""
    first = a_return()
    sealed = handheld.seal(first)
    receipt = take_in(context, sealed, sender=handheld.sender).receipt
    take_in(context, handheld.seal(next_revision(first, {})), sender=handheld.sender)

    assert take_in(context, sealed, sender=handheld.sender).receipt == receipt


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        pytest.param("header_disagrees", {"rev": 7, "base_rev": 6}, id="the outside names another revision"),
        pytest.param("header_disagrees", {"officer": "NYP-9999"}, id="the outside names another officer"),
        pytest.param("wrong_kind", {"kind": "backup"}, id="not a submission"),
        pytest.param("wrong_device", {"device": "handheld-9"}, id="made for another handheld"),
        pytest.param("wrong_device", {"force": "elsewhere"}, id="of another force"),
    ],
)
def test_an_envelope_that_contradicts_itself_is_kept(
    context: Context, handheld: Handheld, code: str, changed: dict[str, Any]
) -> None:
    """It was signed by an enrolled handheld, so it is somebody's work, however odd."""
    outcome = take_in(context, handheld.seal(a_return(), **changed), sender=handheld.sender)

    assert outcome == Outcome(result=Result.INVALID, codes=(code,))
    assert _reasons(context) == [code]


def test_bytes_that_are_no_envelope_are_kept(context: Context, handheld: Handheld) -> None:
    """A phone with a fault in its storage: what it holds may be all there is of a child's record."""
    garbage = b"half of something"

    outcome = take_in(context, garbage, sender=handheld.sender)

    assert outcome.codes == ("malformed",)
    assert rows(context, submission)[0]["envelope"] == garbage


def test_an_envelope_signed_by_another_key_is_kept_and_believed_in_nothing(
    context: Context, handheld: Handheld
) -> None:
    """Not even the record's number is taken from a header that nobody known has signed."""
    stranger = replace(handheld, signing=SigningKey.generate())

    outcome = take_in(context, stranger.seal(a_return()), sender=handheld.sender)

    [kept] = rows(context, submission)
    assert outcome.codes == ("bad_signature",)
    assert (kept["record"], kept["state"]) == ("", Kept.QUARANTINED.value)


def test_a_form_version_from_another_time_is_kept(context: Context, handheld: Handheld) -> None:
    """The phone was updated before the server: the record waits, it is not refused for ever."""
    record = a_return(form_version="2031.7")

    outcome = take_in(context, handheld.seal(record), sender=handheld.sender)

    assert outcome.codes == ("unknown_form_version",)


def test_a_record_that_is_not_the_one_its_digest_was_made_of_is_kept(
    context: Context, handheld: Handheld
) -> None:
    """A body that was changed before it was sealed is not the officer's word."""
    body = _with_another_digest(a_return())

    outcome = take_in(context, handheld.seal(a_return(), body=body), sender=handheld.sender)

    assert outcome.codes == ("unreadable_record",)


def test_an_envelope_for_another_server_is_kept(context: Context, handheld: Handheld) -> None:
    """Sealed to keys that this server does not hold, or holds no more: the recovery key may open it."""
    stripped = replace(context, keys=replace(context.keys, sealing={}))

    outcome = take_in(stripped, handheld.seal(a_return()), sender=handheld.sender)

    assert outcome.codes == ("not_for_this_key",)


def test_what_waits_for_a_person_is_kept_once_and_noted_once(context: Context, handheld: Handheld) -> None:
    """A phone that tries again must not fill the quarantine."""
    sealed = handheld.seal(a_return(form_version="2031.7"))

    for _ in range(3):
        take_in(context, sealed, sender=handheld.sender)

    assert count(context, submission) == count(context, audit_table) == 1
    assert audit.verify_audit(context).broken == ()


def test_what_waited_can_be_stored_once_it_is_understood(context: Context, handheld: Handheld) -> None:
    """After the server has its key back, the same bytes are welcome."""
    sealed = handheld.seal(a_return())
    stripped = replace(context, keys=replace(context.keys, sealing={}))
    take_in(stripped, sealed, sender=handheld.sender)

    assert take_in(context, sealed, sender=handheld.sender).result is Result.STORED
    assert [row["state"] for row in rows(context, submission)] == ["quarantined", "stored"]


def test_no_rule_of_a_form_refuses_a_signed_record(context: Context, handheld: Handheld) -> None:
    """One law: the device may ask and block, the server flags. Half a record beats none."""
    empty = replace(a_return(), answers={})

    outcome = take_in(context, handheld.seal(empty), sender=handheld.sender)

    [kept] = rows(context, record_table)
    flags = kept["flags"]
    assert outcome.result is Result.STORED
    assert isinstance(flags, dict)
    assert "ret.found_at" in flags["missing"]


def test_answers_that_no_rule_can_read_are_flagged_and_kept(context: Context, handheld: Handheld) -> None:
    """A moment where a list is due, an id that is no id: it counts, and the supervisor is told."""
    odd = a_return({"ret.left_with": ("not an id",), "ret.condition": Moment(NIGHT)})

    outcome = take_in(context, handheld.seal(odd), sender=handheld.sender)

    [kept] = rows(context, record_table)
    assert outcome.result is Result.STORED
    assert isinstance(kept["flags"], dict)
    assert kept["flags"]["unreviewed"] or kept["flags"]["missing"] or kept["flags"]["standing"]


def test_another_forces_record_cannot_be_amended(context: Context, handheld: Handheld) -> None:
    """Forces share a server, never a record."""
    first = a_return()
    take_in(context, handheld.seal(first), sender=handheld.sender)
    neighbour = replace(handheld, force="elsewhere", device="handheld-2")
    theirs = next_revision(a_return(force="elsewhere", device="handheld-2"), {})

    outcome = take_in(context, neighbour.seal(theirs), sender=neighbour.sender)

    assert outcome == Outcome(result=Result.INVALID, codes=("other_force",))


def test_a_colleagues_session_may_carry_what_was_sealed_before(context: Context, handheld: Handheld) -> None:
    """A shared handheld sends for whoever is off duty; the audit says in whose session it came."""
    record = a_return(author=an_author(id="NYP-4410"))
    handheld.signed_in("NYP-4410")

    outcome = take_in(context, handheld.seal(record), sender=handheld.sender)

    with context.store.read() as connection:
        received = audit.entries_of(connection, str(record.header.record))[0]
    assert outcome.result is Result.STORED
    assert (received["who"], received["detail"]["author"]) == ("NYP-2217", "NYP-4410")


def test_the_database_holds_no_answer_in_the_evidence(context: Context, handheld: Handheld) -> None:
    """Bodies lie under a key of their record. The register alone is readable, and is meant to be."""
    marker = "a phrase nobody else would write"
    record = an_interview({"pi.demeanour": marker})
    take_in(context, handheld.seal(record), sender=handheld.sender)

    readable = [submission, audit_table, feed_item, delivery, notice]
    assert not any(marker in _as_text(row) for table in readable for row in rows(context, table))


def _kept_once(context: Context) -> bool:
    with context.store.read() as connection:
        received = [
            entry
            for entry in audit.entries_of(connection, str(a_return().header.record))
            if entry["what"] == "received"
        ]
    feed = [row for row in rows(context, feed_item) if row["kind"] == "status"]
    sizes = (count(context, submission), len(received), len(feed), count(context, delivery))
    return sizes == (1, 1, 1, 2)


def _reasons(context: Context) -> list[object]:
    return [row["reason"] for row in rows(context, submission) if row["state"] == Kept.QUARANTINED.value]


def _with_another_digest(record: Record) -> bytes:
    packed = wire.pack(record)
    message = wire.unsqueezed(packed)
    message["digest"] = "0" * 64
    body = zlib.compress(wire.canonical(message))
    content = len(body).to_bytes(4, "big") + body
    return content + bytes(-len(content) % wire.PAD)


def _as_text(row: dict[str, object]) -> str:
    return " ".join(
        value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in row.values()
    )
