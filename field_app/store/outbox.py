"""What was submitted: sealed at once, sent when there is a way, kept until the server surely has it.

    sealed ⇄ sending → accepted           the receipt is kept; the envelope a while longer
                     → attention          the server kept it, but somebody has to look
                          → accepted      it counts after all, and the receipt came as news
                          → discarded     by the officer

The envelope is stored before it is first sent, and those bytes are sent again, so that the server
can tell a second sending from a second submission. Nothing on this device can open it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from tinydb.table import Document

from field_app.store.drafts import DraftStore
from field_app.store.errors import NotThisStep
from field_app.store.sealed_table import VaultDB

OUTBOX: Final = "outbox"
READABLE: Final = "readable"

KEPT_AFTER_ACCEPTANCE: Final = timedelta(days=7)
READABLE_FOR: Final = timedelta(minutes=60)


class State(StrEnum):
    """Where an item is on its way to the server."""

    SEALED = "sealed"
    SENDING = "sending"
    ACCEPTED = "accepted"
    ATTENTION = "attention"
    DISCARDED = "discarded"


_STEPS: Final[Mapping[State, frozenset[State]]] = {
    State.SEALED: frozenset({State.SENDING}),
    State.SENDING: frozenset({State.SEALED, State.SENDING, State.ACCEPTED, State.ATTENTION}),
    State.ACCEPTED: frozenset(),
    State.ATTENTION: frozenset({State.ACCEPTED, State.DISCARDED}),
    State.DISCARDED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Submission:
    """One sealed record on its way into the outbox.

    ``summary`` is what the outbox shows of it (sealed at rest). ``readable`` is the copy that the
    officer can still re-read for a while; without it nothing here can.
    """

    record: str
    rev: int
    envelope: bytes = field(repr=False)
    created: datetime
    priority: int = 0
    summary: Mapping[str, Any] = field(default_factory=dict, repr=False)
    readable: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the outbox, as far as this device still knows it."""

    id: int
    record: str
    rev: int
    priority: int
    created: datetime
    state: State
    summary: Mapping[str, Any] = field(repr=False)
    receipt: str | None = field(default=None, repr=False)
    reason: str | None = None
    settled: datetime | None = None


class Outbox:
    """Every submission of one open vault."""

    def __init__(self, db: VaultDB) -> None:
        self._db = db
        self._table = db.sealed(OUTBOX)
        self._readable = db.sealed(READABLE)

    # ---- looking -------------------------------------------------------------------------------

    def all(self) -> list[Item]:
        """Every item, oldest first."""
        return [self._db.rows.made_of(OUTBOX, rid, _item) for rid in self._db.rows.rids(OUTBOX)]

    def get(self, item_id: int) -> Item | None:
        """One item."""
        found = self._table.get(doc_id=item_id)
        return None if found is None else _item(found)

    def find(self, record: str, rev: int) -> Item | None:
        """The item of one revision of a record."""
        return next((item for item in self.all() if (item.record, item.rev) == (record, rev)), None)

    def waiting(self) -> list[Item]:
        """What is to be sent, in order: urgent records first, then the oldest; within a record by revision.

        What was being sent when the app stopped waits like the rest: sending it twice does no harm.
        """
        found = [item for item in self.all() if item.state in (State.SEALED, State.SENDING)]
        urgent: dict[str, int] = {}
        oldest: dict[str, tuple[datetime, int]] = {}
        for item in found:
            urgent[item.record] = max(item.priority, urgent.get(item.record, item.priority))
            came = item.created, item.id  # put in together: the one put in first goes first
            oldest[item.record] = min(came, oldest.get(item.record, came))
        return sorted(found, key=lambda item: (-urgent[item.record], oldest[item.record], item.rev))

    def envelope(self, item_id: int) -> bytes | None:
        """The sealed bytes to send, the same every time; None when they have been erased."""
        return self._db.rows.envelope(item_id)

    def readable(self, record: str, rev: int, *, now: datetime) -> dict[str, Any] | None:
        """What the officer can still re-read of a submission; None once its time is over."""
        found = self._readable.get(doc_id=self._place(record, rev))
        if found is None or _moment(found["until"]) <= now:
            return None
        return dict(found["document"])

    def newest_readable(self, encounter: str, *, now: datetime) -> dict[str, Any] | None:
        """What was sent last of an encounter: a further revision builds on that and on nothing older.

        Last is what was put in last: the clock may have been set right in between.
        """
        sent = [item for item in self.all() if item.summary.get("encounter") == encounter]
        newest_first = sorted(sent, key=lambda item: item.id, reverse=True)
        copies = (self.readable(item.record, item.rev, now=now) for item in newest_first)
        return next((copy for copy in copies if copy is not None), None)

    # ---- changing ------------------------------------------------------------------------------

    def put(self, submission: Submission, *, readable_for: timedelta = READABLE_FOR) -> int:
        """Keep a sealed submission until it is sent. The same revision of a record goes in once."""
        if self.find(submission.record, submission.rev) is not None:
            raise NotThisStep("This revision has already been submitted. Nothing was changed.")
        with self._db.transaction():
            item_id = self._db.rows.put_envelope(
                record=submission.record, rev=submission.rev, env=submission.envelope
            )
            self._table.put(
                Document(
                    {
                        "id": item_id,
                        "record": submission.record,
                        "rev": submission.rev,
                        "priority": submission.priority,
                        "created": _text(submission.created),
                        "state": State.SEALED.value,
                        "summary": dict(submission.summary),
                    },
                    item_id,
                )
            )
            if submission.readable is not None and readable_for > timedelta():
                self._keep_readable(submission, until=submission.created + readable_for)
        return item_id

    def mark(
        self,
        item_id: int,
        state: State,
        *,
        now: datetime,
        receipt: str | None = None,
        reason: str | None = None,
    ) -> Item:
        """Move an item one step. Accepted needs the server's receipt, its signature already checked."""
        found = self._table.get(doc_id=item_id)
        if found is None:
            raise NotThisStep("There is no such item in the outbox. Nothing was changed.")
        before = State(found["state"])
        if state not in _STEPS[before]:
            raise NotThisStep(f"An item that is {before} cannot become {state}. Nothing was changed.")
        if state is State.ACCEPTED and not receipt:
            raise NotThisStep(
                "Without the server's receipt nothing counts as accepted. It stays in the outbox."
            )
        found["state"] = state.value
        if reason is not None:
            found["reason"] = reason
        settled = state not in (State.SEALED, State.SENDING)
        if settled:
            found["settled"] = _text(now)
        if receipt is not None:
            found["receipt"] = receipt
        with self._db.transaction():
            self._table.put(Document(found, item_id))
            if state is State.ACCEPTED:  # a refusal is signed by nobody: the envelope is kept as unsent
                self._db.rows.settle_envelope(item_id)
            if state is State.DISCARDED:
                self._db.rows.erase_envelope(item_id)
        return _item(found)

    def backed_up(self, record: str, rev: int) -> bool:
        """A backup of the server covers this submission: its sealed copy here is no longer needed."""
        item = self.find(record, rev)
        if item is None or item.state is not State.ACCEPTED:
            return False
        return self._db.rows.erase_envelope(item.id)

    def erase_due(self, *, now: datetime, kept: timedelta = KEPT_AFTER_ACCEPTANCE) -> int:
        """Erase what has had its time: copies to re-read, and sealed copies of what was long accepted.

        A store that can only be looked at keeps everything, for whoever finds out what happened to it.
        """
        if self._db.read_only:
            return 0
        over = [found.doc_id for found in self._readable if _moment(found["until"]) <= now]
        old = [
            item.id
            for item in self.all()
            if item.state is State.ACCEPTED and item.settled is not None and item.settled + kept <= now
        ]
        with self._db.transaction():
            erased = len(self._readable.remove(doc_ids=over)) if over else 0
            return erased + sum(self._db.rows.erase_envelope(item_id) for item_id in old)

    # ---- inside --------------------------------------------------------------------------------

    def _keep_readable(self, submission: Submission, *, until: datetime) -> None:
        kept = {"until": _text(until), "document": dict(submission.readable or {})}
        self._readable.put(Document(kept, self._place(submission.record, submission.rev)))

    def _place(self, record: str, rev: int) -> int:
        return self._readable.rid_for(f"{record}/{rev}")


def submit(
    db: VaultDB,
    draft_id: str,
    items: Sequence[Submission],
    follow_on_drafts: Sequence[Mapping[str, Any]] = (),
    *,
    readable_for: timedelta = READABLE_FOR,
) -> list[int]:
    """A draft is finished: sealed envelopes in, follow-on drafts in, the draft out; all or nothing."""
    outbox, drafts = Outbox(db), DraftStore(db)
    with db.transaction():
        put = [outbox.put(item, readable_for=readable_for) for item in items]
        for document in follow_on_drafts:
            drafts.save(document)
        drafts.forget(draft_id)
    db.rows.remember()
    return put


def _item(found: Mapping[str, Any]) -> Item:
    settled = found.get("settled")
    return Item(
        id=found["id"],
        record=found["record"],
        rev=found["rev"],
        priority=found["priority"],
        created=_moment(found["created"]),
        state=State(found["state"]),
        summary=found["summary"],
        receipt=found.get("receipt"),
        reason=found.get("reason"),
        settled=None if settled is None else _moment(settled),
    )


def _text(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).isoformat()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
