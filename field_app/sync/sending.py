"""Records on their way to the force: the urgent ones first and alone, the others several with one question.

On a bad line each question costs a second for its way there and back. So what waits goes together, as much
as a piece of a photograph at a time, with a receipt for each; photographs never do. What is urgent waits for
no batch, also where it comes up while others are sent: then it is the next. A server that knows no batches,
or a batch with which something is wrong, costs one question, and then each goes alone.

Nothing is lost or doubled by a cut, wherever it falls: what has no receipt is sent again, the same bytes
under the same number, and the force answers as it did the first time.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from field_app.sync.client import Letter, Received, SyncClient
from field_app.sync.desk import Desk, Signed, Waiting
from field_app.sync.failures import CERTIFICATE, LineCut, NotOurServer, Refused, SyncFailed, TryLater
from field_app.sync.news import NeedsAttention, Sending
from field_app.sync.news import Received as IsReceived
from field_app.sync.tally import Memory, Round
from field_app.sync.uploads import PIECE

log = logging.getLogger(__name__)

IN_A_ROW: Final = 3  # after so many failures one after another, it is hardly the items' fault
URGENT_TRIES: Final = 8  # ours: some minutes of trying, and then the others have their turn
LARGEST: Final = PIECE


def send_waiting(client: SyncClient, desk: Desk, officer: Signed, memory: Memory, done: Round) -> None:
    """Send in order. Whatever fails on its own goes to the back of the queue; lost signal ends the round."""
    _Sending(client, desk, officer, memory, done).send()


def in_turn(waiting: Sequence[Waiting], tries: Mapping[str, int]) -> list[Waiting]:
    """Records that failed on their own stand behind those that did not; else the outbox's order holds.

    What is urgent keeps its place for some failures more: it goes alone, and a bad line's cuts are its own.
    """

    def failed(item: Waiting) -> int:
        return max(0, tries.get(item.record, 0) - (URGENT_TRIES if item.urgent else 0))

    return sorted(waiting, key=failed)


@dataclass(slots=True)
class _Sending:
    """What one round has sent so far, and what it leaves for the next."""

    client: SyncClient
    desk: Desk
    officer: Signed
    memory: Memory
    done: Round
    over: set[int] = field(default_factory=set)
    held_back: set[str] = field(default_factory=set)
    in_a_row: int = 0

    def send(self) -> None:
        """Send until nothing waits that could go. Raises what ends the round."""
        queue = self._queue()
        while queue:
            self._send(self._first_of(queue))
            if self.desk.hurried():  # something was put in meanwhile, and it may be urgent
                queue = self._queue()
            queue = [item for item in queue if self._can_go(item)]

    def _queue(self) -> list[Waiting]:
        return in_turn(self.desk.outgoing.waiting(), self.memory.tries)

    def _can_go(self, item: Waiting) -> bool:
        return item.id not in self.over and item.record not in self.held_back

    def _first_of(self, queue: Sequence[Waiting]) -> dict[Waiting, Letter]:
        """What goes with the next question: never two revisions of a record, the later needs the earlier."""
        together = self.memory.together
        most = together.most if together.taken else 1
        some: dict[Waiting, Letter] = {}
        records: set[str] = set()
        size = 0
        for item in queue:
            if len(some) == most or (some and item.urgent):
                break
            if item.record in records or not self._can_go(item):
                continue
            sealed = self.desk.outgoing.begin(item)
            if sealed is None:
                self._refused(item, _GONE)
                continue
            size += len(sealed)
            if some and size > LARGEST:
                break
            some[item] = Letter(item.record, item.rev, sealed)
            records.add(item.record)
            if item.urgent:
                break
        return some

    def _send(self, some: Mapping[Waiting, Letter]) -> None:
        for item in some:
            self.desk.tell(Sending(item.record, item.rev))
        answers = self._asked(list(some.values())) if some else []
        ends = [self._became(item, what) for item, what in zip(some, answers, strict=False)]
        for trouble in filter(None, ends):  # once all that was answered is kept
            raise trouble

    def _asked(self, letters: Sequence[Letter]) -> list[Received | SyncFailed]:
        """What became of each; nothing where no answer came for all of them, and they are to go again."""
        if len(letters) == 1:
            return [self._alone(letters[0])]
        together = self.memory.together
        try:
            found = self.officer.asks(lambda session: self.client.submit_together(letters, session=session))
        except LineCut as cut:
            together.cut()
            self._failed_once_more(cut)
        except (TryLater, Refused) as trouble:
            if isinstance(trouble, TryLater) and trouble.whole_line and not _is_of_batches(trouble):
                raise
            together.one_by_one()
            if not _is_of_batches(trouble):
                self._failed_once_more(trouble)
        else:
            together.got_through()
            return found
        return []

    def _alone(self, letter: Letter) -> Received | SyncFailed:
        try:
            got = self.officer.asks(
                lambda session: self.client.submit(
                    letter.sealed, record=letter.record, rev=letter.rev, session=session
                )
            )
        except LineCut as cut:
            self.memory.together.cut()
            return cut
        except (Refused, TryLater) as failed:
            return failed
        self.memory.together.got_through()
        return got

    def _became(self, item: Waiting, what: Received | SyncFailed) -> SyncFailed | None:
        """Keep what became of one, whatever became of the others; what ends the round, if it does."""
        match what:
            case Received(receipt, signed):
                self.desk.outgoing.received(item, signed)
                self.desk.tell(IsReceived(item.record, item.rev, receipt.received_at))
                self.done.sent += 1
                self._is_over(item)
            case Refused():
                self._refused(item, what)
            case TryLater(whole_line=False):
                return self._not_now(item, what)
            case _:
                return what
        return None

    def _refused(self, item: Waiting, why: Refused) -> None:
        self.desk.outgoing.needs_attention(item, why.code)
        self.desk.tell(NeedsAttention(item.record, item.rev, why.code, why.says))
        self.done.refused += 1
        self.held_back.add(item.record)
        self._is_over(item)

    def _is_over(self, item: Waiting) -> None:
        self.over.add(item.id)
        self.memory.tries.pop(item.record, None)
        self.in_a_row = 0

    def _not_now(self, item: Waiting, trouble: TryLater) -> SyncFailed | None:
        log.info("not_sent record=%s rev=%d why=%s", item.record, item.rev, trouble.why)
        self.memory.tries[item.record] = self.memory.tries.get(item.record, 0) + 1
        self.held_back.add(item.record)
        self.done.ended_by = trouble
        self.in_a_row += 1
        return trouble if self.in_a_row >= IN_A_ROW else None

    def _failed_once_more(self, trouble: SyncFailed) -> None:
        log.info("batch_not_sent why=%s", getattr(trouble, "why", trouble.code))
        self.in_a_row += 1
        if self.in_a_row >= IN_A_ROW:
            raise trouble


_GONE: Final = Refused("envelope_missing", "The sealed copy on this device is gone. Tell the support desk.")


def _is_of_batches(trouble: SyncFailed) -> bool:
    """Whether it may take records and no batches: an older server, or a proxy that refuses those."""
    other = isinstance(trouble, NotOurServer) and trouble.why != CERTIFICATE
    return other or (isinstance(trouble, TryLater) and trouble.why == "older_server")
