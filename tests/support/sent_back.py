"""A sergeant, as a handheld hears of one: what came back, and what was decided, put into its news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from booklets import wire
from booklets.answers import Answer, Moment, frozen, instant
from booklets.decisions import DECIDES, FORM, RECORD_TYPE, Ask, Outcome, ask_row
from booklets.entities import new_id
from booklets.forms import Stage
from booklets.records import Author, Header, Link, Record
from booklets.sealing import read_envelope
from booklets.stamps import Stamp
from field_app.capture.session import CaptureSession
from field_app.handset.ports import IncomingPort
from field_app.store.outbox import Item
from field_app.sync.rounds import Arrival, Place
from field_app.ui.model import Model
from tests.support.handsets import OnShift
from tests.support.walks import HONEST, NOW, check_of

SERGEANT = Author("s-7", "Tunde Oyelaran", "Sgt", "77", "Selby")
SAME_AGAIN = "The same child again: asked the same on another night, she said no to each again."
WHY = "The words are thin. Please say what was asked just before, and who was there."


def record_in(officer: OnShift, item: Item) -> Record:
    """What the force's server reads out of the sealed bytes."""
    envelope = read_envelope(officer.envelope(item))
    envelope.check(officer.handset._device_keys.signing.public)
    return wire.unpack(envelope.open(officer.force.sealing))


def newest_records(officer: OnShift, encounter: UUID) -> tuple[Record, ...]:
    """The newest revision of each record of one encounter, as the force has them."""
    newest: dict[str, Item] = {}
    for item in officer.outbox():
        if item.summary["encounter"] == str(encounter):
            before = newest.get(item.record)
            newest[item.record] = item if before is None or item.rev > before.rev else before
    return tuple(record_in(officer, item) for item in newest.values())


def a_decision(
    records: Sequence[Record], outcome: Outcome, said: Mapping[str, Answer], at: datetime
) -> Record:
    """The record of a decision on these records, as its author's tablet makes it."""
    about, made = records[0].header, Stamp(at)
    header = Header(
        record=new_id(),
        record_type=RECORD_TYPE,
        form=FORM,
        form_version="2026.1",
        form_checksum="0" * 64,
        force=about.force,
        unit=about.unit,
        routing_role="supervisor",
        incident=about.incident,
        episode=about.episode,
        encounter=new_id(),
        author=SERGEANT,
        device="tablet-1",
        app_version="0.1.0",
        revision=1,
        base_revision=0,
        started=made,
        submitted=made,
        subject=about.subject,
        linked=tuple(
            Link(one.header.record, DECIDES, one.header.revision, wire.digest(one)) for one in records
        ),
    )
    answers: dict[str, Answer] = {"sup.read": "yes", "sup.decision": outcome.value, **said}
    kept = {name: value for name, value in answers.items() if value not in ("", ())}
    return Record(header=header, stage=Stage.CAPTURE, answers=frozen(kept))


@dataclass
class Force:
    """The force's end of one handheld's news."""

    officer: OnShift
    told: int = 0
    asks: dict[str, str] = field(default_factory=dict)

    def sends_back(
        self,
        records: Sequence[Record],
        asks: Sequence[Ask] = (),
        *,
        to_unit: bool = False,
        why: str = WHY,
        minutes: int = 90,
        said: Mapping[str, Answer] | None = None,
    ) -> Record:
        """The sergeant sends these records back, and the force tells the handheld."""
        now = self.officer.handset.clock.now()
        due = now + timedelta(minutes=minutes)
        answers: dict[str, Answer] = {
            "sup.return_words": why,
            "sup.due_by": Moment(due),
            "sup.asks": tuple(map(ask_row, asks)),
            **(said or {}),
        }
        decision = self.decision(records, Outcome.RETURN, answers)
        content = {
            "decision": wire.record_to_json(decision),
            "records": [wire.record_to_json(record) for record in records],
        }
        detail = {
            "state": "returned",
            "due_at": instant(due),
            "assigned": "unit" if to_unit else "author",
            "decision": str(decision.header.record),
            "content": content,
        }
        self.tells("returned", records[0], detail)
        return decision

    def sends_back_from_a_desk(self, records: Sequence[Record], why: str) -> None:
        """The vulnerability team sends a PPN back: no record says so, and the words come beside it."""
        content = {
            "decision": None,
            "words": why,
            "records": [wire.record_to_json(record) for record in records],
        }
        detail = {
            "state": "returned",
            "due_at": "",
            "assigned": "author",
            "decision": "",
            "content": content,
        }
        self.tells("returned", records[0], detail)

    def decides(
        self,
        records: Sequence[Record],
        outcome: Outcome,
        why: str,
        *,
        state: str = "",
        why_void: str = "",
        said: Mapping[str, Answer] | None = None,
        leaves: Sequence[str] = (),
    ) -> Record:
        """The sergeant decides, and the force tells the handheld of each record."""
        words: dict[str, Answer] = {"sup.rationale": why, "sup.return_words": why, **(said or {})}
        decision = self.decision(records, outcome, words)
        for record in records:
            detail = {
                "state": state or {"approve": "approved", "return": "returned"}.get(outcome, "escalated"),
                "outcome": outcome.value,
                "decision": str(decision.header.record),
                "by": SERGEANT.id,
                "why_void": why_void,
                "leaves": list(leaves),
                "content": wire.record_to_json(decision),
            }
            self.tells("decision", record, detail)
        return decision

    def decision(self, records: Sequence[Record], outcome: Outcome, said: Mapping[str, Answer]) -> Record:
        """The record of a decision that is made now."""
        return a_decision(records, outcome, said, self.officer.shift.stamp().instant)

    def asks_for(
        self,
        record: Record,
        kind: str = "tell_digital_forensics",
        *,
        task: int = 1,
        minutes: int = 90,
        **more: Any,
    ) -> None:
        """Something has to be done because of this record; or the same, as it stands since."""
        now = self.officer.handset.clock.now()
        header = record.header
        detail = {
            "task": task,
            "what": kind,
            "rule": "R-17",
            "owner": "author",
            "author": header.author.id,
            "subject": str(header.subject),
            "form": header.form,
            "encounter": str(header.encounter),
            "set_at": instant(now),
            "due_at": instant(now + timedelta(minutes=minutes)),
            "accepted_at": "",
            "status": "open",
            "outcome": "",
            "delay_reason": "",
        }
        self.tells("task", record, detail | more)

    def tells(self, kind: str, record: Record, detail: Mapping[str, Any]) -> None:
        """Put one item of news where the courier would put it."""
        self.told += 1
        now = instant(self.officer.handset.clock.now())
        about, rev = str(record.header.record), record.header.revision
        body = {"kind": kind, "record": about, "rev": rev, "added_at": now, **detail}
        port = IncomingPort(self.officer.shift._keeper, self.officer.shift._vault.db)
        port.keep([Arrival("officer/o-14", self.told, kind, about, rev, body)], Place())


def honest_check(officer: OnShift) -> CaptureSession:
    """A whole return check of tonight, ready to be sent: nothing stands against it.

    An officer who wrote the same before says why, as Q-02 asks.
    """
    now = officer.handset.clock.now().replace(second=0, microsecond=0)
    shift = officer.shift
    encounter = replace(
        check_of(moved(HONEST, now - NOW)),
        officer=shift.author,
        started=shift.stamp(),
        unit=shift.officer.unit,
    )
    session = shift.go_on_with(encounter)
    for one in session.problems():
        if one.code == "Q-02":
            session.keep_because(one.key, SAME_AGAIN)
    return session


def an_honest_check(officer: OnShift) -> CaptureSession:
    """The same, sent."""
    session = honest_check(officer)
    officer.shift.send(session, stage=Stage.CAPTURE)
    return session


def sent_check(officer: OnShift) -> tuple[Record, Record]:
    """A return check that was sent: the return and the interview."""
    session = an_honest_check(officer)
    first, second = newest_records(officer, session.encounter.id)
    return (first, second) if first.header.form == "ret" else (second, first)


def nothing_more(model: Model, officer: OnShift) -> None:
    """The worklist, as it is read from the store."""
    model.home = officer.shift.home()


def moved(answers: Mapping[str, Answer], by: timedelta) -> dict[str, Answer]:
    """The same answers on another night: every moment in them is moved."""
    return {name: _moved(answer, by) for name, answer in answers.items()}


def _moved(answer: Any, by: timedelta) -> Any:
    if isinstance(answer, Moment):
        return replace(answer, at=answer.at + by)
    if isinstance(answer, Mapping):
        return {name: _moved(cell, by) for name, cell in answer.items()}
    if isinstance(answer, tuple):
        return tuple(_moved(one, by) for one in answer)
    return answer
