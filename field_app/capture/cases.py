"""What a supervisor has to decide on, worked out from the news that the force sent. Pure functions.

A case is one encounter: the newest revision of each of its records, those before it to compare with, and
how it stands. What a decision was about is named by record and revision, so a newer revision makes a case
undecided again by itself, and a decision that the force did not count is as if it had not been made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from booklets import form_names, wire
from booklets.alike import Alike
from booklets.decisions import Ask, Decision, Outcome, decision_of
from booklets.entities import Entity
from booklets.errors import WireError
from booklets.records import Link, Record
from field_app.capture.heard import (
    DECISION,
    STATUS,
    VOID,
    WHO_WAS_TOLD,
    Key,
    LeftUndecided,
    News,
    Review,
    instant_in,
    opened,
    reviews_in,
)
from field_app.store.outbox import Item, State

SUPERVISION: Final = "supervision"
"""The guide under which a decision is written."""
WITHDRAWN, LATE, NOBODY_TRAINED = "withdrawn", "answer_late", "nobody_trained"
NOT_TAKEN: Final = "not_taken"
"""Why a decision does not count that the force would not even take in."""
_LAST: Final = datetime.max.replace(tzinfo=UTC)


class Standing(StrEnum):
    """How a case stands, as far as this device has heard."""

    UNDECIDED = "undecided"
    ON_ITS_WAY = "on_its_way"
    APPROVED = "approved"
    RETURNED = "returned"
    ESCALATED = "escalated"
    RECALLED = "recalled"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"


_DECIDED: Final[Mapping[str, Standing]] = {
    one.value: one for one in Standing if one not in {Standing.UNDECIDED, Standing.ON_ITS_WAY}
}
_CAN_BE_TAKEN_BACK: Final = frozenset({Standing.RETURNED, Standing.ESCALATED})


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """A decision that was sealed on this device and not answered for yet. ``received``: the force has it."""

    decision: str
    outcome: Outcome
    decides: frozenset[Key]
    at: datetime
    received: bool
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One record of a case: its newest revision, and those before it, oldest first.

    ``died``: the child has died, by this record or by another of the episode (R-50). ``undecided``: on which
    outputs of it nobody decided in time. ``alike``: which answers another record of the unit has as well.
    """

    record: Record
    digest: str
    received_at: datetime
    standing: Standing
    flags: Mapping[str, Any] = field(default_factory=dict, repr=False)
    before: tuple[Record, ...] = ()
    died: bool = False
    undecided: Mapping[str, LeftUndecided] = field(default_factory=dict)
    alike: tuple[Alike, ...] = ()

    @property
    def is_for_manager(self) -> bool:
        """Whether the incident manager may decide: it was passed up, or no supervisor decided in time."""
        return bool(self.undecided) or bool(self.flags.get("escalated"))

    @property
    def link(self) -> Link:
        """How a decision names what it is about: the revision and the digest that were seen."""
        return Link(self.record.header.record, "decides", self.record.header.revision, self.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything one encounter sent, for whoever decides on it. ``risk`` 0 is the gravest.

    ``returned`` is the newest decision that sent any of it back: what was asked, to be held against what
    came. ``undone`` is a decision made here that does not count, and ``why_void`` says why. ``begun``: a
    decision is being written here. ``late_since``: it was sent back, and by then nobody had answered.
    ``nobody_trained``: it was sent back, and nobody in the unit may be offered it (R-58).
    """

    encounter: str
    papers: tuple[Paper, ...]
    standing: Standing
    risk: int
    due_at: datetime | None
    waiting_since: datetime
    under_way: UnderWay | None = None
    returned: Decision | None = field(default=None, repr=False)
    decision: Decision | None = field(default=None, repr=False)
    why_void: str = ""
    undone: UnderWay | None = None
    begun: bool = False
    late_since: datetime | None = None
    nobody_trained: bool = False

    @property
    def waits(self) -> bool:
        """Whether a supervisor has something to do here: decide, or see to what nobody answers."""
        unanswered = self.late_since is not None or self.nobody_trained
        return self.standing is Standing.UNDECIDED or unanswered

    @property
    def awaiting(self) -> tuple[Paper, ...]:
        """What a decision would be about: the records nobody has decided on as they stand now."""
        return tuple(one for one in self.papers if one.standing is Standing.UNDECIDED)

    @property
    def still_out(self) -> tuple[Paper, ...]:
        """What was sent back and has not come again, while other records of the case await a decision.

        An answer brings every record that it is about; each is heard of on its own, one after the other, and
        so is what was sent back: a record of which only that is still to be heard has not come again.
        """
        sent_back = self.returned.decides if self.returned else ()
        if all(one.link in sent_back for one in self.awaiting):
            return ()
        return tuple(one for one in self.papers if one.standing is Standing.RETURNED)

    @property
    def is_for_manager(self) -> bool:
        """Whether any of what awaits a decision is the incident manager's as well."""
        return any(one.is_for_manager for one in self.awaiting)

    @property
    def to_take_back(self) -> tuple[Paper, ...]:
        """What was sent back or passed upwards, while nothing of this case awaits a decision here."""
        found = tuple(one for one in self.papers if one.standing in _CAN_BE_TAKEN_BACK)
        return () if self.awaiting else found

    @property
    def revision(self) -> int:
        """The newest revision of any of its records."""
        return max(one.record.header.revision for one in self.papers)

    @property
    def child(self) -> Entity | None:
        """The child it is about, as the newest record knows them."""
        header = self.papers[0].record.header
        return next((one for one in self.papers[0].record.entities if one.id == header.subject), None)

    @property
    def asks(self) -> tuple[Ask, ...]:
        """What was asked when it was sent back."""
        return self.returned.asks if self.returned else ()


def cases_from(
    news: Iterable[Mapping[str, Any]],
    under_way: Sequence[UnderWay] = (),
    begun: Collection[str] = (),
) -> tuple[tuple[Case, ...], int]:
    """Every case there is news of, and how many records this app cannot read.

    Those still to be decided come first: by risk, then by the clock, then by who has waited longest.
    ``begun`` are the records on which a decision is being written.
    """
    heard = sorted(map(opened, news), key=lambda one: one.added_at)
    reviews, unread = reviews_in(heard)
    told = [one for one in heard if one.kind in {DECISION, STATUS}]
    by_encounter: dict[str, list[Review]] = {}
    for one in reviews.values():
        by_encounter.setdefault(str(one.record.header.encounter), []).append(one)
    found = [_case(name, group, told, under_way) for name, group in by_encounter.items()]
    found = [
        replace(one, begun=any(str(paper.record.header.record) in begun for paper in one.papers))
        for one in found
    ]
    return tuple(sorted(found, key=_turn)), len(unread)


def _turn(case: Case) -> tuple[bool, int, datetime, datetime, str]:
    return not case.waits, case.risk, case.due_at or _LAST, case.waiting_since, case.encounter


def queue_of(cases: Iterable[Case]) -> tuple[Case, ...]:
    """The cases with which a supervisor has something to do, in their order."""
    return tuple(one for one in cases if one.waits)


def _case(
    encounter: str, reviews: Sequence[Review], told: Sequence[News], under_way: Sequence[UnderWay]
) -> Case:
    heads: dict[str, list[Review]] = {}
    for one in sorted(reviews, key=lambda one: one.news.rev):
        heads.setdefault(one.news.record, []).append(one)
    about = [one for one in told if one.record in heads]
    answered = {str(one.says.get("decision", "")) for one in about}
    mine = [one for one in under_way if any(record in heads for record, _ in one.decides)]
    waiting = [one for one in mine if one.decision not in answered and not one.refused]
    papers = tuple(_paper(group, about, waiting) for group in heads.values())
    undecided = [one for one in papers if one.standing is Standing.UNDECIDED]
    newest = [group[-1] for group in heads.values()]
    open_ = [one for one in newest if _is_of(one, undecided)] or newest
    undone, why = _undone(mine, about) if undecided else (None, "")
    return Case(
        encounter=encounter,
        papers=tuple(sorted(papers, key=_place)),
        standing=Standing.UNDECIDED if undecided else papers[-1].standing,
        risk=min(one.risk for one in open_),
        due_at=min((at for one in open_ if (at := instant_in(one.news.says.get("due_at")))), default=None),
        waiting_since=min(one.received_at for one in open_),
        under_way=waiting[-1] if waiting else None,
        returned=_newest_decision(about, "returned"),
        decision=None if undecided else _newest_decision(about, *_DECIDED),
        why_void=why,
        undone=undone,
        late_since=next((at for one in newest if (at := _late_since(one, told))), None),
        nobody_trained=any(_is_offered_to_nobody(one, told) for one in newest),
    )


def _is_of(review: Review, papers: Sequence[Paper]) -> bool:
    return any(review.record.key == paper.record.key for paper in papers)


def _place(paper: Paper) -> tuple[bool, str]:
    """What the child said reads best after how the child came home; a notice stands alone."""
    return paper.record.header.form != form_names.RETURN, paper.record.header.form


def _paper(revisions: Sequence[Review], told: Sequence[News], waiting: Sequence[UnderWay]) -> Paper:
    newest = revisions[-1]
    return Paper(
        record=newest.record,
        digest=wire.digest(newest.record),
        received_at=newest.received_at,
        standing=_standing(newest, told, waiting),
        flags=newest.flags,
        before=tuple(one.record for one in revisions[:-1]),
        died=newest.died,
        undecided=newest.undecided,
        alike=newest.alike,
    )


def _standing(newest: Review, told: Sequence[News], waiting: Sequence[UnderWay]) -> Standing:
    """What the force said last about this very revision; then what was decided here and is on its way."""
    record, rev = newest.news.key
    if newest.record.header.void_reason or any(
        one.record == record and one.rev >= rev and one.state == WITHDRAWN for one in told
    ):
        return Standing.WITHDRAWN
    # Of a later revision one may hear only that it was decided on: then this one is over as well.
    # What was heard before it was asked again is over too.
    since = newest.news.added_at
    heard = [one for one in told if one.kind == DECISION and one.record == record and one.rev >= rev]
    decided = [_DECIDED[one.state] for one in heard if one.state in _DECIDED and one.added_at >= since]
    if newest.flags.get("escalated"):  # passed up to this very officer: that it was is no answer
        decided = [one for one in decided if one is not Standing.ESCALATED]
    elif Standing.RECALLED in decided:  # taken back to be decided on here
        decided = decided[len(decided) - decided[::-1].index(Standing.RECALLED) :]
    mine = [one for one in waiting if (record, rev) in one.decides]
    if decided and not any(one.outcome is Outcome.RECALL for one in mine):
        return decided[-1]
    return Standing.ON_ITS_WAY if mine else Standing.UNDECIDED


def _late_since(newest: Review, told: Sequence[News]) -> datetime | None:
    """By when an answer was wanted, if the last that was heard of this revision is that none has come."""
    last = next(reversed(_heard_of(newest, told)), None)
    return instant_in(last.says.get("due_at")) if last is not None and last.state == LATE else None


def _is_offered_to_nobody(newest: Review, told: Sequence[News]) -> bool:
    """R-58: whether it was sent back and nobody in the unit is trained for it, as far as was heard."""
    states = [one.state for one in _heard_of(newest, told)]
    return NOBODY_TRAINED in states and states[-1] in {NOBODY_TRAINED, LATE}


def _heard_of(newest: Review, told: Sequence[News]) -> list[News]:
    """What was said of the state of this very revision, in order."""
    about = [one for one in told if one.key == newest.news.key and one.state]
    return [one for one in about if one.state not in WHO_WAS_TOLD]


def _newest_decision(told: Sequence[News], *states: str) -> Decision | None:
    """The decision behind the newest news of one of these states, where this app can read it."""
    for one in reversed(told):
        if one.kind == DECISION and one.state in states:
            if not one.says.get("content"):  # decided at a desk, or withdrawn: nothing that can be read here
                return None
            try:
                return decision_of(wire.record_from_json(one.says["content"]))
            except WireError:
                continue
    return None


def _undone(mine: Sequence[UnderWay], told: Sequence[News]) -> tuple[UnderWay | None, str]:
    """The decision made here last, if it does not count, and why. They stand in the order they were made."""
    if not mine:
        return None, ""
    last = mine[-1]
    if last.refused:
        return last, NOT_TAKEN
    void = next(
        (one for one in told if one.state == VOID and one.says.get("decision") == last.decision), None
    )
    return (last, str(void.says.get("why_void", ""))) if void else (None, "")


def under_way_from(items: Iterable[Item]) -> tuple[UnderWay, ...]:
    """The decisions in this device's outbox, in the order they were made, as far as their summaries tell."""
    return tuple(
        UnderWay(
            decision=one.record,
            outcome=Outcome(str(one.summary["outcome"])),
            decides=frozenset((str(record), int(rev)) for record, rev in one.summary["decides"]),
            at=one.created,
            received=one.state is State.ACCEPTED,
            refused=one.state in {State.ATTENTION, State.DISCARDED},
        )
        for one in items
        if one.summary.get("guide") == SUPERVISION and "decides" in one.summary
    )
