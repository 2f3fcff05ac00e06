"""One round of the courier: send what waits, in order, then fetch what is new. No thread, no clock ticking.

Two rules hold everything else up. A record leaves the outbox only with a verified receipt. News is
acknowledged only after it has been stored. Every step may be cut short, and then simply happens again.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from field_app.sync.client import SyncClient
from field_app.sync.copies import look_after_copies
from field_app.sync.desk import Arrival, Desk, Halted, Leave, Place, Signed, Waiting
from field_app.sync.failures import Refused, SyncFailed, TryLater
from field_app.sync.hearing import fetch_news, run_errands
from field_app.sync.looking import bring_wanted
from field_app.sync.news import NeedsAttention, Received, Sending, StatusChanged
from field_app.sync.passing import pass_on
from field_app.sync.uploads import send_enclosed

log = logging.getLogger(__name__)

__all__ = [
    "Arrival",
    "Desk",
    "Halted",
    "Leave",
    "Memory",
    "Place",
    "Round",
    "Waiting",
    "in_turn",
    "make_round",
]

IN_A_ROW: Final = 3  # after so many failures one after another, it is hardly the items' fault
GREET_EVERY: Final = timedelta(hours=1)


@dataclass(slots=True)
class Memory:
    """What one round remembers for the next, while the app runs."""

    tries: dict[str, int] = field(default_factory=dict)
    reported: Mapping[str, Any] | None = None
    greeted: datetime | None = None


@dataclass(slots=True)
class Round:
    """What one round did. ``ended_by`` is the last thing that went wrong, if anything did."""

    sent: int = 0
    refused: int = 0
    arrived: int = 0
    ended_by: SyncFailed | None = None

    @property
    def some_got_through(self) -> bool:
        """Whether the server took or gave anything."""
        return bool(self.sent or self.refused or self.arrived)

    def note_arrivals(self, count: int) -> None:
        """So much more news has been stored."""
        self.arrived += count


def make_round(client: SyncClient, desk: Desk, memory: Memory) -> Round:
    """Send what waits, fetch what is new, say how this device is."""
    done = Round()
    directory = client.directory
    try:
        officer = Signed(client, desk)
        run_errands(client, desk, officer)
        _send_waiting(client, desk, officer, memory, done)
        _say_waiting(client, desk, officer, done)
        passed, trouble = pass_on(client, desk, officer)
        done.sent += passed
        done.ended_by = trouble or done.ended_by
        bring_wanted(client, desk, officer)
        fetch_news(client, desk, officer, stored=done.note_arrivals)
        if _greet(client, desk, memory):
            done.sent += look_after_copies(client, desk, officer)
        send_enclosed(client, desk, officer, done)
    except Refused as refused:  # not of a record: of a question that we should be allowed to ask
        done.ended_by = TryLater(f"refused_{refused.code}")
    except SyncFailed as failed:
        done.ended_by = failed
    if done.ended_by is not None:
        desk.errands.fail(done.ended_by)
    if client.directory != directory:
        desk.keep_directory(client.directory)
    return done


def _send_waiting(client: SyncClient, desk: Desk, officer: Signed, memory: Memory, done: Round) -> None:
    """Send in order. Whatever fails on its own goes to the back of the queue; lost signal ends the round."""
    held_back: set[str] = set()
    in_a_row = 0
    for item in in_turn(desk.outgoing.waiting(), memory.tries):
        if item.record in held_back:
            continue
        try:
            _send(client, desk, officer, item)
        except Refused as refused:
            desk.outgoing.needs_attention(item, refused.code)
            desk.tell(NeedsAttention(item.record, item.rev, refused.code, refused.says))
            done.refused += 1
            held_back.add(item.record)
        except TryLater as trouble:
            if trouble.whole_line:
                raise
            log.info("not_sent record=%s rev=%d why=%s", item.record, item.rev, trouble.why)
            memory.tries[item.record] = memory.tries.get(item.record, 0) + 1
            held_back.add(item.record)
            done.ended_by = trouble
            in_a_row += 1
            if in_a_row == IN_A_ROW:
                raise
            continue
        else:
            done.sent += 1
        memory.tries.pop(item.record, None)
        in_a_row = 0


def _say_waiting(client: SyncClient, desk: Desk, officer: Signed, done: Round) -> None:
    """Say what was said of tasks, in order. One that fails on its own is tried again in the next round."""
    for message in desk.saying.waiting():
        try:
            why = officer.asks(lambda session, said=message: client.say(said, session=session))  # type: ignore[misc]
        except Refused as refused:
            why = refused.code
        except TryLater as trouble:
            if trouble.whole_line:
                raise
            done.ended_by = trouble
            continue
        desk.saying.answered(str(message["id"]), why)
        desk.tell(StatusChanged("task", "", 0, "void" if why else "counted"))
        done.sent += 1


def in_turn(waiting: Sequence[Waiting], tries: Mapping[str, int]) -> list[Waiting]:
    """Records that failed on their own stand behind those that did not; else the outbox's order holds."""
    return sorted(waiting, key=lambda item: tries.get(item.record, 0))


def _send(client: SyncClient, desk: Desk, officer: Signed, item: Waiting) -> None:
    sealed = desk.outgoing.begin(item)
    if sealed is None:
        raise Refused("envelope_missing", "The sealed copy on this device is gone. Tell the support desk.")
    desk.tell(Sending(item.record, item.rev))
    got = officer.asks(
        lambda session: client.submit(sealed, record=item.record, rev=item.rev, session=session)
    )
    desk.outgoing.received(item, got.signed)
    desk.tell(Received(item.record, item.rev, got.receipt.received_at))


def _greet(client: SyncClient, desk: Desk, memory: Memory) -> bool:
    """Say how this device is, if that has changed; now and then, and then True, ask how the server is."""
    if desk.leave.asked:
        raise Halted
    report = dict(desk.report())
    greet = memory.greeted is None or not timedelta() <= desk.now() - memory.greeted < GREET_EVERY
    if greet or report != memory.reported:
        policy = client.status(report).policy
        memory.reported = report
        if policy:
            desk.keep_policy(policy)
    if greet:
        if client.hello().directory_number > client.known_keys.number:
            client.keys()
        memory.greeted = desk.now()
    return greet
