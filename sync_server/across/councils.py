"""C.6: a council has a working day to decide on a referral; then somebody asks what it decided.

Counted from when the referral arrived there. It ends once a strategy discussion about the child is recorded
after that, somebody of the council says at the console what it does, or somebody of the vulnerability team
says what the council decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from booklets.school_days import working_days_after
from sync_server.across.asked import Over
from sync_server.across.findings import Finding
from sync_server.across.seen import Filed, Seen, done_with
from sync_server.db.owed import TaskState
from sync_server.identity.accounts import Role

KIND: Final = "council_decides"
STRATEGY: Final = "STR"
ANSWERED: Final = "done"
LONG_AGO = timedelta(days=60)
"""After that nobody is asked any more: a server that is new to this asks nothing about last year."""


def undecided_referrals(seen: Seen) -> Iterator[Finding]:
    """One finding for each referral that has arrived, due when the council's time is over."""
    for one in seen.filed:
        arrived = seen.referred.get(one.record)
        over = one.record in seen.answered or _discussed(seen, one) is not None
        if arrived is None or seen.now - arrived > LONG_AGO or over:
            continue
        days = seen.number("working_days_to_council_decision", 1)
        yield Finding(
            rule=KIND,
            kind=KIND,
            owner=Role.VAT.value,
            on=one,
            due=working_days_after(arrived, days, seen.closed_days),
            about=frozenset({one.subject}),
            event=frozenset({one.record}),
        )


def decided_referrals(seen: Seen) -> Iterator[Over]:
    """What is over because a strategy discussion about the child is recorded, or the council answered."""
    for one in seen.filed:
        if one.record in seen.answered:
            for asked in seen.still_asked(one.record, {KIND}):
                yield Over(task=asked, status=TaskState.DONE, outcome=ANSWERED)
            continue
        discussed = _discussed(seen, one)
        if discussed is not None:
            yield from (done_with(task, discussed) for task in seen.still_asked(one.record, {KIND}))


def _discussed(seen: Seen, referral: Filed) -> Filed | None:
    """The strategy discussion about the same child that came after the referral did."""
    arrived = seen.referred.get(referral.record)
    later = (
        one
        for one in seen.of_child.get(seen.child_of(referral), ())
        if one.type == STRATEGY and arrived is not None and one.arrived >= arrived
    )
    return next(later, None)
