"""Two revisions build on the same one: both are kept, a person says which counts, and both authors hear."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from booklets.decisions import Outcome
from booklets.records import Record
from booklets.sealing import read_receipt
from booklets.wire import digest
from sync_server import audit, evidence
from sync_server.context import Context, open_context
from sync_server.db.tables import record as register
from sync_server.db.tables import submission
from sync_server.deciding.unsettled import Unsettled, unsettled
from sync_server.identity import accounts
from sync_server.identity.accounts import Role
from sync_server.intake import Result, take_in
from sync_server.intake.settling import Choice, Counts, NotSettled, settle
from sync_server.register import rebuild_register
from tests.support.builders import FORCE, a_return, next_revision
from tests.support.colleagues import Colleague, a_colleague
from tests.support.server_data import Clock, rows

FIRST, OTHER = Counts.FIRST, Counts.OTHER


@pytest.fixture
def sergeant(context: Context) -> Colleague:
    """The supervisor of the unit."""
    return a_colleague(context, "sgt.marsh", Role.SUPERVISOR)


@pytest.fixture
def gone(context: Context) -> Colleague:
    """An officer who has gone off shift."""
    return a_colleague(context, "pc.gone", on_shift=False)


@pytest.fixture
def ours(context: Context) -> Colleague:
    """The officer who took it over first."""
    return a_colleague(context, "pc.ours")


@pytest.fixture
def theirs(context: Context) -> Colleague:
    """The officer who did not know that."""
    return a_colleague(context, "pc.theirs")


@pytest.fixture
def first(gone: Colleague, sergeant: Colleague, clock: Clock) -> Record:
    """What was sent back to the unit."""
    sent = gone.sent(a_return())
    clock.at += timedelta(minutes=1)
    sergeant.decided(sent, outcome=Outcome.RETURN)
    clock.at += timedelta(minutes=1)
    return sent


@pytest.fixture
def second(first: Record, ours: Colleague) -> Record:
    """The answer that came first, and is the record."""
    return ours.revises(first, {"ret.found_how": "hospital"})


@pytest.fixture
def other(first: Record, second: Record, theirs: Colleague) -> Record:
    """The answer that was kept beside it."""
    made = theirs.signs(next_revision(first, {"ret.found_how": "alone"}))
    assert theirs.sends(made).result is Result.CONFLICT
    return made


def chosen(
    context: Context, by: Colleague, seen: Record, counts: Counts, *, process: Context | None = None
) -> NotSettled | None:
    """Settle the one conflict there is, as somebody at the console does who has read both."""
    here = process or context
    with here.store.read() as connection:
        account = accounts.by_id(connection, by.author.id)
        [one] = unsettled(connection, FORCE)
    assert account is not None
    choice = Choice(by=account, one=one, rev=seen.header.revision, digest=digest(seen), counts=counts)
    return here.store.write(lambda connection: settle(here, connection, choice))


def test_the_first_goes_on_counting_and_the_other_stays_as_evidence(
    context: Context, sergeant: Colleague, theirs: Colleague, second: Record, other: Record
) -> None:
    """Nothing changes in the record; the history says who looked at both, and the author is told."""
    with context.store.read() as connection:
        of_it = unsettled(connection, FORCE, [str(second.header.record)])
        of_another = unsettled(connection, FORCE, ["another record"])
    assert ([one.record for one in of_it], of_another) == ([str(second.header.record)], [])
    assert chosen(context, sergeant, second, FIRST) is None

    assert (_row(context, second)["rev"], _row(context, second)["author"]) == (2, second.header.author.id)
    assert sorted(str(one["state"]) for one in _kept(context, other) if one["rev"] == 2) == [
        "quarantined",
        "stored",
    ]
    assert _unsettled(context) == []
    [said] = [one for one in theirs.heard("status") if "settled" in one]
    assert (said["state"], said["rev"], said["settled_by"]) == ("kept_beside", 2, "PC sgt.marsh")
    assert _history(context, second)[-1] == "conflict_settled"
    assert audit.verify_audit(context).broken == ()


def test_the_other_becomes_the_next_revision_word_for_word(
    sergeant: Colleague, ours: Colleague, theirs: Colleague, second: Record, other: Record
) -> None:
    """Its author's name, answers and envelope; a number of the server's; and it waits for a decision."""
    context = sergeant.handheld.context
    assert chosen(context, sergeant, second, OTHER) is None

    row = _row(context, second)
    assert (row["rev"], row["author"], row["state"]) == (3, theirs.author.id, "pending_supervisor")
    with context.store.read() as connection:
        kept = evidence.record_of(connection, context.keys.safe, str(second.header.record), 3)
    assert kept is not None
    assert (kept.answers, kept.header.author) == (other.answers, theirs.author)
    assert (kept.header.revision, kept.header.base_revision) == (3, 2)
    assert digest(kept) == row["digest"]
    assert [one["rev"] for one in sergeant.heard("review")] == [1, 3]  # the one in between is over
    [said] = [one for one in ours.heard("status") if "settled" in one]
    assert (said["state"], said["rev"]) == ("replaced", 2)
    assert audit.verify_audit(context).broken == ()
    sergeant.decided(kept)
    assert _row(context, second)["state"] == "approved"


def test_whoever_wrote_the_other_gets_the_receipt_for_what_they_sent(
    context: Context, sergeant: Colleague, theirs: Colleague, first: Record, second: Record
) -> None:
    """Their phone knows it as revision 2: it is those bytes that are acknowledged, also when sent again."""
    sealed = theirs.handheld.seal(theirs.signs(next_revision(first, {"ret.found_how": "alone"})))
    take_in(context, sealed, sender=theirs.handheld.sender)

    chosen(context, sergeant, second, OTHER)

    [said] = [one for one in theirs.heard("status") if "receipt" in one]
    receipt = read_receipt(said["receipt"].encode(), context.keys.directory)
    [kept] = [one for one in _kept(context, second) if one["rev"] == 3]
    name, sha = str(second.header.record), str(kept["env_sha256"])
    assert (kept["envelope"], receipt.is_for(record=name, rev=2, env_sha256=sha)) == (sealed, True)
    again = take_in(context, sealed, sender=theirs.handheld.sender)
    assert (again.result, again.receipt) == (Result.REPEATED, said["receipt"].encode())


def test_the_register_made_again_has_the_revision_that_counts(
    context: Context, sergeant: Colleague, second: Record, other: Record
) -> None:
    """What a person chose is in the evidence, not only in the register."""
    chosen(context, sergeant, second, OTHER)
    before = rows(context, register)

    rebuild_register(context)

    assert rows(context, register) == before


@pytest.mark.parametrize("counts", Counts)
def test_it_is_settled_once(
    context: Context, sergeant: Colleague, second: Record, other: Record, counts: Counts
) -> None:
    """Two at the console: the second hears that it was done."""
    with context.store.read() as connection:
        [one] = unsettled(connection, FORCE)
        account = accounts.by_id(connection, sergeant.author.id)
    assert account is not None
    choice = Choice(by=account, one=one, rev=2, digest=digest(second), counts=counts)

    said = [context.store.write(lambda connection: settle(context, connection, choice)) for _ in range(2)]

    assert said == [None, NotSettled.SETTLED_ALREADY]


def test_of_two_who_settle_it_at_once_one_is_told_that_it_was_done(
    context: Context, elsewhere: Context, sergeant: Colleague, second: Record, other: Record
) -> None:
    """One keeps the first, one the other, at the same moment and in two processes: one of it happens."""
    with context.store.read() as connection:
        [one] = unsettled(connection, FORCE)
        account = accounts.by_id(connection, sergeant.author.id)
    assert account is not None
    barrier = Barrier(2)

    def goes(where: Context, counts: Counts) -> NotSettled | None:
        choice = Choice(by=account, one=one, rev=2, digest=digest(second), counts=counts)
        barrier.wait(5)
        return where.store.write(lambda connection: settle(where, connection, choice))

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(goes, [context, elsewhere], [FIRST, OTHER]))

    assert sorted(map(str, said)) == ["None", "settled_already"]
    assert _row(context, second)["rev"] == (2 if said[0] is None else 3)
    assert audit.verify_audit(context).broken == ()


def test_what_has_moved_on_is_looked_at_again(
    context: Context, sergeant: Colleague, ours: Colleague, second: Record, other: Record
) -> None:
    """Whoever settles it has read both as they stand."""
    ours.revises(second, {"ret.found_how": "family"})

    assert chosen(context, sergeant, second, FIRST) is NotSettled.MOVED_ON

    assert len(_unsettled(context)) == 1


def test_nobody_settles_between_their_own_words_and_somebody_elses(
    context: Context, theirs: Colleague, second: Record, other: Record
) -> None:
    """A sergeant who took it over is one of the two."""
    assert chosen(context, theirs, second, OTHER) is NotSettled.OWN_RECORD

    assert _row(context, second)["rev"] == 2


def test_what_builds_on_a_revision_that_was_kept_apart_is_kept_apart_too(
    context: Context, gone: Colleague, first: Record, second: Record
) -> None:
    """Its author has not seen what is there: a withdrawal of theirs would withdraw a colleague's words."""
    mine = gone.signs(next_revision(first, {"ret.found_how": "alone"}))
    assert gone.sends(mine).result is Result.CONFLICT

    back = gone.sends(next_revision(mine, {}), void_reason="Written about the wrong child.")

    assert (back.result, back.head_rev) == (Result.CONFLICT, 2)
    assert _row(context, second)["state"] == "pending_supervisor"


def test_whoever_was_given_what_is_there_goes_on_from_it(
    gone: Colleague, sergeant: Colleague, clock: Clock, first: Record, second: Record
) -> None:
    """The sergeant has settled it, and sends the record back: now its first author answers that."""
    context = gone.handheld.context
    assert gone.sends(next_revision(first, {"ret.found_how": "alone"})).result is Result.CONFLICT
    chosen(context, sergeant, second, FIRST)
    clock.at += timedelta(minutes=1)
    sergeant.decided(second, outcome=Outcome.RETURN)

    third = gone.revises(second, {"ret.found_how": "family"})

    assert _row(context, third)["rev"] == 3


@pytest.fixture
def elsewhere(context: Context) -> Iterator[Context]:
    """Another process of the same server, as far as the database can tell."""
    opened = open_context(context.settings, now=context.now, policy=context.policy)
    try:
        yield opened
    finally:
        opened.close()


def _row(context: Context, record: Record) -> dict[str, object]:
    [found] = [row for row in rows(context, register) if row["record"] == str(record.header.record)]
    return found


def _kept(context: Context, record: Record) -> list[dict[str, object]]:
    return [row for row in rows(context, submission) if row["record"] == str(record.header.record)]


def _unsettled(context: Context) -> list[Unsettled]:
    with context.store.read() as connection:
        return unsettled(connection, FORCE)


def _history(context: Context, record: Record) -> list[str]:
    with context.store.read() as connection:
        return [one["what"] for one in audit.entries_of(connection, str(record.header.record))]
