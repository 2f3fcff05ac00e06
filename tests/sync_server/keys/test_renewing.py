"""Keys are renewed before their two years are over, and nothing that was sealed before is lost."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from booklets.sealing import Receipt, read_receipt
from sync_server import health
from sync_server.audit import verify_audit
from sync_server.context import Context, open_context
from sync_server.db.tables import submission
from sync_server.intake import Result, take_in
from sync_server.keys.renewing import renew
from tests.support.builders import a_return, an_id
from tests.support.server_data import Clock, Handheld


def receipt_of(outcome_receipt: bytes, context: Context) -> Receipt:
    """A receipt, as a handheld believes it by the directory of this server."""
    return read_receipt(outcome_receipt, context.keys.directory)


def test_new_keys_take_over_and_the_old_ones_open_what_was_sealed_to_them(
    context: Context, clock: Clock, handheld: Handheld
) -> None:
    """Sealed before, sent after; receipts of before hold; and two more years are good."""
    early = handheld.seal(a_return())
    first = take_in(context, early, sender=handheld.sender)
    under_way = handheld.seal(a_return(record=an_id("under way"), episode=an_id("another")))
    before = context.keys
    clock.at += timedelta(days=729)
    renew(context.settings.keys, clock.at)

    again = open_context(context.settings, now=clock)
    try:
        assert again.keys.directory.number == before.directory.number + 1
        assert {one.kid for one in again.keys.directory.recipients()} != {
            one.kid for one in before.directory.recipients()
        }
        assert again.keys.directory.recipients()[1] == before.directory.recipients()[1]  # the recovery key
        clock.at += timedelta(days=700)
        assert [one for one in health.look(again) if not one.is_well] == []
        late = take_in(again, under_way, sender=handheld.sender)
        newly = Handheld(again, signing=handheld.signing, kem=handheld.kem)
        new = take_in(again, newly.seal(a_return(record=an_id("new"))), sender=newly.sender)
        assert (late.result, new.result) == (Result.STORED, Result.STORED)
        assert [receipt_of(one.receipt, again).rev for one in (first, late, new)] == [1, 1, 1]
        with again.store.read() as db:
            assert len(db.execute(select(submission.c.seq)).all()) == 3
        assert verify_audit(again).broken == ()
    finally:
        again.close()
