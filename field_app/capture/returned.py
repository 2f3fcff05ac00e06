"""What a supervisor sent back, and what was decided, read out of the news that lies on this device.

Pure: stored news in, values out. A sent-back item asks this officer for the next revision of every
record it brings; once this device has sent that, or has heard that somebody else did, the item is over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from booklets import definitions
from booklets.answers import Answer, codes_of, read_instant
from booklets.decisions import Ask, Decision, Direction, Outcome, decision_of
from booklets.disclosure import page_of
from booklets.encounters import Encounter
from booklets.entities import Entity
from booklets.errors import WireError
from booklets.forms import MENTIONS
from booklets.guides import Guide, Page
from booklets.records import Author, Record
from booklets.wire import record_from_json
from field_app.capture.worklist import described

SPECIALISTS = "The vulnerability team"
RETURNED, DECISION, RECALLED = "returned", "decision", "recalled"
TO_THE_UNIT = "unit"
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """One encounter that came back: the newest record of each form, who asks what, and by when.

    ``for_anyone`` says that its author is off shift: whoever takes it over writes what comes next.
    ``told_at`` is when the force said so.
    """

    encounter: str
    guide: str
    title: str
    records: tuple[Record, ...] = field(repr=False)
    decision: Decision = field(repr=False)
    due_at: datetime | None
    told_at: datetime
    for_anyone: bool
    name: str = field(default="", repr=False)
    about: str = field(default="", repr=False)

    @property
    def author(self) -> Author:
        """Who wrote what was sent back."""
        return self.records[0].header.author

    @property
    def urgent(self) -> bool:
        """Whether a child may come to harm while it waits."""
        return self.decision.outcome is Outcome.RETURN_URGENT

    def late(self, now: datetime) -> bool:
        """Whether the answer was wanted before now."""
        return self.due_at is not None and now > self.due_at

    def asked(self, ask: Ask) -> str:
        """The question that is asked about, in the words of the edition that was sent."""
        forms = (definitions.form_of(record.header) for record in self.records)
        own = next((form.field(ask.question) for form in forms if form.has(ask.question)), None)
        one = own or definitions.once_asked(ask.question)
        return one.label if one else ask.question

    def said(self, ask: Ask) -> Answer | None:
        """The answer that is asked about, as it was sent."""
        for record in self.records:
            if ask.entity is None and ask.question in record.answers:
                return record.answers[ask.question]
            about = ask.entity or record.header.subject
            entity = next((one for one in record.entities if one.id == about), None)
            if entity is not None and ask.question in entity.facts:
                return entity.facts[ask.question]
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was decided on one revision of one record. ``why_void`` says why a decision does not count.

    ``directions`` or ``nothing_more`` say what happens next, and ``well`` what was done well. ``leaves`` are
    the places to which something of it leaves.
    """

    state: str
    by: str
    at: datetime | None
    why: str = field(default="", repr=False)
    why_void: str = ""
    despite: tuple[str, ...] = field(default=(), repr=False)
    directions: tuple[Direction, ...] = field(default=(), repr=False)
    nothing_more: str = field(default="", repr=False)
    well: str = field(default="", repr=False)
    leaves: tuple[str, ...] = ()


def returned_from(
    news: Iterable[Mapping[str, Any]],
    guides: Mapping[str, Guide],
    *,
    sent: Mapping[str, int],
    today: date,
    officer: str = "",
    drafts: Collection[str] = (),
) -> list[Returned]:
    """What is still to be answered: what is urgent, then the soonest due.

    ``sent`` has the newest revision of each record that this device has handed over. An item for an
    older revision than that, or than another item speaks of, is over; so is what a supervisor took back.
    It is not over where only some of its records have gone from here and the rest is among the ``drafts``.
    What ``officer`` wrote themselves is theirs to answer, also where it was offered to their unit.
    """
    stored = list(news)
    heard = newest_heard(stored)
    taken_back = _taken_back(stored)
    newest: dict[str, Returned] = {}
    for found in _read(stored, guides, today):
        taken = [taken_back[key] for one in found.records if (key := _key(one)) in taken_back]
        if any(at >= found.told_at for at in taken):
            continue
        if _is_over(found, sent, heard, begun=found.encounter in drafts):
            continue
        before = newest.get(found.encounter)
        if before is None or before.decision.at <= found.decision.at:
            newest[found.encounter] = replace(
                found, for_anyone=found.for_anyone and found.author.id != officer
            )
    return sorted(
        newest.values(),
        key=lambda one: (not one.urgent, one.due_at is None, one.due_at or one.decision.at),
    )


def _is_over(found: Returned, sent: Mapping[str, int], heard: Mapping[str, int], *, begun: bool) -> bool:
    """Whether somebody has gone on with what came back: here with all of it, or elsewhere with any of it."""
    records = [(str(one.header.record), one.header.revision) for one in found.records]
    here = [sent.get(record, 0) > revision for record, revision in records]
    if any(heard.get(record, 0) > max(revision, sent.get(record, 0)) for record, revision in records):
        return True
    return all(here) if begun else any(here)


def newest_heard(news: Iterable[Mapping[str, Any]]) -> Mapping[str, int]:
    """The newest revision of each record that any news speaks of, whoever sent it."""
    found: dict[str, int] = {}
    for one in news:
        record, rev = str(one["record"]), int(one["rev"])
        found[record] = max(rev, found.get(record, 0))
    return MappingProxyType(found)


def in_order(news: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The news in the order in which the force said it, whichever of its addresses it came to."""
    return sorted(news, key=lambda one: (_told_at(one["content"] or {}), int(one["seq"])))


def _told_at(detail: Mapping[str, Any]) -> datetime:
    try:
        return read_instant(detail["added_at"])
    except (WireError, KeyError):
        return _NEVER


def _key(record: Record) -> tuple[str, int]:
    return str(record.header.record), record.header.revision


def _taken_back(stored: Iterable[Mapping[str, Any]]) -> Mapping[tuple[str, int], datetime]:
    """When a supervisor last took back which revision, so that nothing is asked of anybody."""
    found: dict[tuple[str, int], datetime] = {}
    for one in stored:
        detail = one["content"] or {}
        if one["kind"] == DECISION and detail.get("state") == RECALLED:
            key = str(one["record"]), int(one["rev"])
            found[key] = max(_told_at(detail), found.get(key, _NEVER))
    return found


def _read(
    stored: Iterable[Mapping[str, Any]], guides: Mapping[str, Guide], today: date
) -> Iterator[Returned]:
    """Every sent-back item that can be read. What another version of the app wrote is passed over."""
    for one in stored:
        detail = one["content"]
        if one["kind"] != RETURNED or detail is None:
            continue
        try:
            yield _returned(detail, guides, today)
        except (WireError, LookupError, TypeError, ValueError):
            continue


def _returned(detail: Mapping[str, Any], guides: Mapping[str, Guide], today: date) -> Returned:
    content = detail["content"]
    decision = _sent_back_by(detail)
    records = tuple(map(record_from_json, content["records"]))
    guide = guide_of(records, guides)
    name, about = described(child_of(records[0]), today)
    due = detail.get("due_at")
    return Returned(
        encounter=str(records[0].header.encounter),
        guide=guide.id,
        title=guide.title,
        records=records,
        decision=decision,
        due_at=read_instant(due) if due else decision.due_at,
        told_at=_told_at(detail),
        for_anyone=detail.get("assigned") == TO_THE_UNIT,
        name=name,
        about=about,
    )


def _sent_back_by(detail: Mapping[str, Any]) -> Decision:
    """The decision that sent it back. Specialists decide at a desk: their words come without a record."""
    content = detail["content"]
    if content["decision"] is not None:
        return decision_of(record_from_json(content["decision"]))
    words = content.get("words")
    if not isinstance(words, str) or not words:
        raise WireError("nobody says why this came back")
    return Decision(
        id=UUID(int=0),
        outcome=Outcome.RETURN,
        decides=(),
        why=words,
        by=Author("", SPECIALISTS, "", "", ""),
        at=read_instant(detail["added_at"]),
    )


def guide_of(records: Sequence[Record], guides: Mapping[str, Guide]) -> Guide:
    """The guide that fills all of these records, and least besides. Raises LookupError where none does."""
    forms = {record.header.form for record in records}
    fills = [one for one in guides.values() if forms and forms <= {form.id for form in one.forms}]
    if not fills:
        raise LookupError("no guide fills these records")
    return min(fills, key=lambda guide: len(guide.forms))


def child_of(record: Record) -> Entity | None:
    """The child a record is about, as the record knows the child."""
    return next((one for one in record.entities if one.id == record.header.subject), None)


def decided_from(news: Iterable[Mapping[str, Any]]) -> Mapping[tuple[str, int], Decided]:
    """The newest decision on each revision; one that does not count never hides one that does."""
    found: dict[tuple[str, int], Decided] = {}
    for one in news:
        detail = one["content"]
        if one["kind"] != DECISION or detail is None:
            continue
        key = str(one["record"]), int(one["rev"])
        decided = _decided(detail)
        before = found.get(key)
        if before is None or before.state == VOID or decided.state != VOID:
            found[key] = decided
    return MappingProxyType(found)


VOID = "void"


def _decided(detail: Mapping[str, Any]) -> Decided:
    state, why_void = str(detail.get("state", "")), str(detail.get("why_void") or "")
    said = detail.get("leaves")
    leaves = tuple(one for one in said if isinstance(one, str)) if isinstance(said, list) else ()
    try:
        decision = decision_of(record_from_json(detail.get("content")))
    except WireError:  # the force says what was decided, even where its words cannot be read here
        return Decided(state=state, by="", at=None, why_void=why_void, leaves=leaves)
    return Decided(
        state=state,
        by=called(decision.by),
        at=decision.at,
        why=decision.why,
        why_void=why_void,
        despite=tuple(dict.fromkeys(one.reason for one in decision.despite)),
        directions=decision.directions,
        nothing_more=decision.nothing_more,
        well=decision.well,
        leaves=leaves,
    )


def called(author: Author) -> str:
    """An officer as colleagues say it, rank and surname; a team by its name."""
    if not author.id:
        return author.name
    names = author.name.split()
    return f"{author.rank} {names[-1]}".strip() if names else author.rank


def place_of(ask: Ask, guide: Guide, encounter: Encounter) -> tuple[Page, str] | None:
    """Where a question that is asked about stands: its page, and the question to open there.

    A question about somebody else stands where that person is mentioned.
    """
    page = page_of(guide, encounter.answers, ask.question)
    if page is not None and ask.entity in {None, encounter.subject}:
        return page, ask.question
    for one in guide.fields():
        mentioned = codes_of(encounter.answers.get(one.id))
        found = page_of(guide, encounter.answers, one.id)
        if one.kind in MENTIONS and found is not None and str(ask.entity) in mentioned:
            return found, one.id
    return None


__all__ = [
    "VOID",
    "Decided",
    "Returned",
    "called",
    "child_of",
    "decided_from",
    "guide_of",
    "in_order",
    "place_of",
    "returned_from",
]
