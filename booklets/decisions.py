"""What a supervisor decides about records: approved, sent back with questions, passed up, or taken back.

A decision is a record of its own, of the form ``sup``: written, reviewed, sealed, signed and sent like
every other, also without signal. Its header links name each record it decides on, with the revision and
the digest that the supervisor saw. It stands only while that is what the force has: the server voids a
decision on a record that has moved on, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from booklets.answers import Answer, Moment, Row, frozen, rows_of
from booklets.encounters import Encounter, Following, begin
from booklets.entities import read_id
from booklets.errors import WireError
from booklets.guides import Guide
from booklets.records import Author, Link, Override, Record, mentioned_in
from booklets.stamps import Stamp
from booklets.wire import digest

FORM = "sup"
RECORD_TYPE = "SUP"
DECIDES = "decides"
SAID_BY_RECORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sup.level": (
            *("ra.level", "pi.risk_now", "ret.risk_if_reported"),
            *("hov.risk", "trg.level_if_missing"),
        ),
        "sup.owner_role": ("ra.owner_role",),
    }
)
"""What a decision takes from the records, and where one of them may say it; the first counts."""


class Outcome(StrEnum):
    """What was decided; the codes of the list ``sup_decision``."""

    APPROVE = "approve"
    RETURN = "return"
    RETURN_URGENT = "return_urgent"
    ESCALATE = "escalate"
    ESCALATE_VAT = "escalate_vat"
    RECALL = "recall"

    @property
    def way(self) -> Outcome:
        """Which way it goes, however urgently and to whomever: approved, back, upwards, or taken back."""
        match self:
            case Outcome.RETURN_URGENT:
                return Outcome.RETURN
            case Outcome.ESCALATE_VAT:
                return Outcome.ESCALATE
            case _:
                return self


@dataclass(frozen=True, slots=True)
class Ask:
    """One answer that the supervisor asks about: which record, which question, of whom, and what is asked.

    ``entity`` is set where the question is about a person, place or object.
    """

    record: UUID
    question: str
    asks: str = field(repr=False)
    entity: UUID | None = None


@dataclass(frozen=True, slots=True)
class Direction:
    """Something that the supervisor directs: what, who does it, and by when (B.12 ``sup.actions``)."""

    what: str = field(repr=False)
    who: str = field(repr=False)
    by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision, as its record says it. ``due_at`` is by when an answer is wanted.

    ``nothing_more`` says why nothing is directed; ``well`` is what was done well, for the officer to read.
    ``despite`` is what a check stood against and why it was decided all the same: for whoever reads it.
    """

    id: UUID
    outcome: Outcome
    decides: tuple[Link, ...]
    why: str = field(repr=False)
    asks: tuple[Ask, ...] = field(default=(), repr=False)
    directions: tuple[Direction, ...] = field(default=(), repr=False)
    nothing_more: str = field(default="", repr=False)
    well: str = field(default="", repr=False)
    due_at: datetime | None = None
    despite: tuple[Override, ...] = field(default=(), repr=False)
    by: Author
    at: datetime


def is_decision(record: Record) -> bool:
    """Whether this record decides on others."""
    return record.header.form == FORM


def deciding(records: Sequence[Record], guide: Guide, *, officer: Author, at: Stamp) -> Encounter:
    """A decision about the newest records of one encounter, begun: it names each with what was seen.

    Everybody the records mention is at hand while it is written, so that a check may know their names;
    only the child goes with it. Raises ValueError for no record, or for records of several encounters.
    """
    if len({record.header.encounter for record in records}) != 1:
        raise ValueError("one decision is about the records of one encounter")
    first = records[0].header
    about = next((record.header.subject for record in records if record.header.subject), None)
    links = tuple(
        Link(record.header.record, DECIDES, record.header.revision, digest(record)) for record in records
    )
    known = mentioned_in(records)
    begun = begin(
        guide,
        officer=officer,
        force=first.force,
        unit=first.unit,
        at=at,
        subject=known.get(about) if about else None,
        following=Following(incident=first.incident, episode=first.episode, linked=links),
    )
    return replace(begun, entities=MappingProxyType(known), answers=frozen(_said_by(records, guide)))


def _said_by(records: Sequence[Record], guide: Guide) -> dict[str, Answer]:
    """The risk level that the records say, to be judged, and who owns it; nothing where they say none."""
    found: dict[str, Answer] = {}
    for name, places in SAID_BY_RECORDS.items():
        offered = {choice.code for choice in guide.field(name).codes}
        said = (record.answers.get(place) for place in places for record in records)
        code = next((one for one in said if isinstance(one, str) and one in offered), None)
        if code:
            found[name] = code
    return found


def decision_of(record: Record) -> Decision:
    """Read the decision out of its record. Raises WireError for one that decides nothing."""
    header, answers = record.header, record.answers
    links = tuple(link for link in header.linked if link.kind == DECIDES)
    if not is_decision(record) or not links or not all(link.digest and link.revision for link in links):
        raise WireError("this record decides on nothing")
    try:
        outcome = Outcome(_word(answers.get("sup.decision")))
    except ValueError:
        raise WireError("a decision approves, returns or escalates") from None
    due = answers.get("sup.due_by")
    why = answers.get("sup.return_words" if outcome.way is Outcome.RETURN else "sup.rationale")
    return Decision(
        id=header.record,
        outcome=outcome,
        decides=links,
        why=_word(why),
        asks=tuple(_asks(answers.get("sup.asks"))),
        directions=tuple(_directions(answers.get("sup.directions"))),
        nothing_more=_word(answers.get("sup.no_directions_because")),
        well=_word(answers.get("sup.feedback_good")),
        due_at=due.at if isinstance(due, Moment) else None,
        despite=record.overrides,
        by=header.author,
        at=header.submitted.instant,
    )


def ask_row(ask: Ask) -> Row:
    """One ask as a row of ``sup.asks``."""
    about = {"entity": str(ask.entity)} if ask.entity else {}
    return {"record": str(ask.record), "question": ask.question, "asks": ask.asks, **about}


def _asks(answer: Answer | None) -> Iterator[Ask]:
    for row in rows_of(answer):
        question = _word(row.get("question"))
        if not question:
            raise WireError("a question about an answer names the answer")
        about = read_id(row["entity"]) if "entity" in row else None
        yield Ask(read_id(row.get("record")), question, _word(row.get("asks")), about)


def _directions(answer: Answer | None) -> Iterator[Direction]:
    for row in rows_of(answer):
        by = row.get("by")
        yield Direction(
            _word(row.get("what")), _word(row.get("who")), by.at if isinstance(by, Moment) else None
        )


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""
