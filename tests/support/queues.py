"""What a supervisor's tablet hears from the force: records to decide on, and what became of decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from booklets import wire
from booklets.answers import instant
from booklets.decisions import Outcome
from booklets.entities import new_id
from booklets.records import Record
from field_app.capture.heard import DECISION, REVIEW
from field_app.handset.ports import IncomingPort
from field_app.sync.rounds import Arrival, Place
from tests.support.builders import NIGHT, a_decision, a_return, an_author, an_interview
from tests.support.handsets import OnShift

WELLS = an_author(id="NYP-4417", name="Jo Wells", rank="PC", shoulder_no="4417", station="Scarborough")
STATE_AFTER = {
    Outcome.APPROVE: "approved",
    Outcome.RETURN: "returned",
    Outcome.RETURN_URGENT: "returned",
    Outcome.ESCALATE: "escalated",
    Outcome.ESCALATE_VAT: "referred",
    Outcome.RECALL: "recalled",
}


def a_check(revision: int = 1, *, at: datetime = NIGHT, **header: Any) -> tuple[Record, Record]:
    """The two records of one return check, as PC Wells sent them."""
    parts: dict[str, Any] = {"author": WELLS, "revision": revision, "base_revision": revision - 1} | header
    records = a_return(**parts), an_interview(**parts)
    return records[0], records[1]


def another_check(**header: Any) -> tuple[Record, Record]:
    """The same of an encounter that nobody has heard of yet."""
    ret, pvi = a_check(**{"encounter": new_id()} | header)
    return renamed(ret), renamed(pvi)


def renamed(record: Record) -> Record:
    """The same record under an id of its own."""
    return replace(record, header=replace(record.header, record=new_id()))


def sent_at(record: Record, at: datetime) -> Record:
    """The same record, sent at another time."""
    stamp = replace(record.header.submitted, wall=at)
    return replace(record, header=replace(record.header, submitted=stamp))


def a_review(
    record: Record,
    *,
    at: datetime = NIGHT,
    risk: int = 6,
    due: datetime | None = None,
    flags: Mapping[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """News that a record waits for a decision; ``more`` is what else the force says of it."""
    return news(
        REVIEW,
        record,
        at,
        {
            "state": "pending_supervisor",
            "risk": risk,
            "due_at": instant(due) if due else "",
            "received_at": instant(at),
            "encounter": str(record.header.encounter),
            "flags": dict(flags or {}),
            "content": wire.record_to_json(record),
            **more,
        },
    )


def undecided(output: str, then: str, by: datetime) -> dict[str, Any]:
    """What the force says of an output on which nobody decided in time."""
    return {"undecided": {"output": output, "then": then, "by": instant(by)}}


def an_outcome(
    record: Record, decision: Record, *, at: datetime, state: str = "", why_void: str = ""
) -> dict[str, Any]:
    """News of what became of a decision on a record."""
    outcome = Outcome(str(decision.answers["sup.decision"]))
    return news(
        DECISION,
        record,
        at,
        {
            "state": state or STATE_AFTER[outcome],
            "outcome": outcome.value,
            "decision": str(decision.header.record),
            "by": decision.header.author.id,
            "why_void": why_void,
            "content": wire.record_to_json(decision),
        },
    )


def news(kind: str, record: Record, at: datetime, detail: Mapping[str, Any]) -> dict[str, Any]:
    """One item as the tablet stores it."""
    about, rev = str(record.header.record), record.header.revision
    body = {"kind": kind, "record": about, "rev": rev, "added_at": instant(at), **detail}
    return {"kind": kind, "record": about, "rev": rev, "content": body}


def as_stored(said: Mapping[str, Any]) -> dict[str, Any]:
    """What the force really said, as the tablet stores it once it is opened."""
    return {name: said[name] for name in ("kind", "record", "rev")} | {"content": dict(said)}


@dataclass
class Tablet:
    """A supervisor's tablet, and the force's end of its news."""

    officer: OnShift
    told: int = 0
    number: int = field(default_factory=partial(next, count(1)))
    """Each tells in a stream of its own: by its place in memory one would write over what another told."""
    cases: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        shift = self.officer.shift
        shift.officer = replace(
            shift.officer, name="Ade Oyelaran", rank="Sgt", station="Scarborough", roles=("supervisor",)
        )

    @property
    def now(self) -> datetime:
        """This instant on the tablet."""
        return self.officer.handset.clock.now()

    def hears(self, *items: Mapping[str, Any]) -> None:
        """Put news where the courier would put it."""
        shift = self.officer.shift
        arrivals = []
        for one in items:
            self.told += 1
            name = f"role/{self.number}"
            arrivals.append(Arrival(name, self.told, one["kind"], one["record"], one["rev"], one["content"]))
        IncomingPort(shift._keeper, shift._vault.db).keep(arrivals, Place())

    def waits(self, *records: Record, minutes: int = 20, risk: int = 6, due_in: int | None = None) -> str:
        """Records of one encounter arrive to be decided on. Gives the encounter."""
        at = self.now - timedelta(minutes=minutes)
        due = self.now + timedelta(minutes=due_in) if due_in is not None else None
        self.hears(*(a_review(one, at=at, risk=risk, due=due) for one in records))
        return str(records[0].header.encounter)

    def forget(self) -> None:
        """Nothing waits, and nothing was decided."""
        shift = self.officer.shift
        self.officer.on_keeper(lambda: shift._vault.db.drop_table("news"))


def decided_by_a_sergeant(
    records: Sequence[Record], outcome: Outcome = Outcome.APPROVE, **more: Any
) -> Record:
    """What a sergeant of the unit decided."""
    return a_decision(records, outcome, **more)
