"""One encounter at the door, while it is being written: what the device keeps as a draft.

The officer fills one set of answers; sending makes a record of each form from
it. A part can be sent first (the child is found), and everything later goes as
further revisions. Immutable: every step returns a new one, so whatever was
saved last is whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from booklets.answers import NOTHING, Answer, Answers, blank, frozen, rows_of
from booklets.entities import Edit, Entity, new_id
from booklets.facts import Earlier, Facts, roles_from
from booklets.filling import FILLED, filled
from booklets.forms import Field, Stage
from booklets.guides import Guide
from booklets.mentions import problems_of_everybody
from booklets.records import Attached, Author, Link
from booklets.review import NEEDED, Problem, problems_in
from booklets.stamps import Stamp

NONE_EARLIER: Mapping[str, tuple[Earlier, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Sent:
    """How far one form of the encounter has been sent: nothing yet is revision 0."""

    record: UUID
    revision: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter:
    """One encounter. ``answers`` has full field ids; what is known of a person lies with the person.

    ``shift_ends`` is when the shift ends in which it was begun: some of it is due by then. ``editions`` are
    the versions of the forms that it is filled in with, and ``begun_in`` those that it was before, until the
    officer has seen what changed. ``kept`` names the answers that were asked for then and are no more: they
    are sent along (see ``carrying``). ``attached`` are the attachments sealed with what was sent: the
    device that sent them has no picture of them any more. ``place`` is the page last open, ``touched`` the
    question there that was touched last, and ``touched_of`` whose it is, where it is asked about somebody
    whom an answer mentions. ``begun_with`` is what it would be begun with today, where it follows from
    another encounter, and ``newer`` names the answers of which that one says otherwise since, until the
    officer answers again. ``hands`` are the officers who wrote at it before this one and gave it on.
    ``unread`` is what was typed and is no answer yet, part by part: it is kept, and never sent.
    """

    id: UUID
    guide: str
    guide_version: str
    force: str
    unit: str
    incident: UUID
    episode: UUID
    officer: Author
    started: Stamp
    changed: datetime
    sent: Mapping[str, Sent]
    subject: UUID | None = None
    answers: Answers = field(default_factory=lambda: NOTHING, repr=False)
    entities: Mapping[UUID, Entity] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    reasons: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    drafts: tuple[Edit, ...] = field(default=(), repr=False)
    linked: tuple[Link, ...] = ()
    place: str = ""
    begun_with: Answers = field(default_factory=lambda: NOTHING, repr=False)
    newer: tuple[str, ...] = ()
    hands: tuple[Author, ...] = ()
    unread: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    touched: str = ""
    touched_of: UUID | None = None
    shift_ends: datetime | None = None
    editions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    begun_in: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    kept: tuple[str, ...] = ()
    attached: tuple[Attached, ...] = ()
    stage: Stage = Stage.CAPTURE  # how far it means to go: further once it has been sent and is added to

    def answer(self, one: Field, value: Answer | None, *, at: datetime) -> Encounter:
        """Set one answer, or clear it with ``None``. Exact words keep every wording they have had (R-53)."""
        before, after = self.answers.get(one.id), None if blank(value) else value
        if before == after:
            return self
        answers = {name: kept for name, kept in self.answers.items() if name != one.id}
        if after is not None:
            answers[one.id] = after
        drafts = self.drafts
        if one.verbatim and before is not None:
            drafts = _kept_wordings(drafts, Edit(at, self.officer.id, one.id, before, after))
        return replace(self, answers=frozen(answers), drafts=drafts, changed=at)

    def with_entity(self, entity: Entity, *, at: datetime) -> Encounter:
        """Add a person, place or object, or put its newer form in the place of the older."""
        return replace(self, entities=MappingProxyType({**self.entities, entity.id: entity}), changed=at)

    def about(self, subject: UUID) -> Encounter:
        """Say which person the encounter is about."""
        return replace(self, subject=subject)

    def because(self, key: str, reason: str, *, at: datetime) -> Encounter:
        """Keep the officer's reason for what a rule asked about, or take it back with ``""``."""
        reasons = {name: kept for name, kept in self.reasons.items() if name != key}
        if reason:
            reasons[key] = reason
        return replace(self, reasons=MappingProxyType(reasons), changed=at)

    def with_unread(self, key: str, parts: Mapping[str, str], *, at: datetime) -> Encounter:
        """Keep what was typed and cannot be understood yet; no ``parts``, and nothing is left of it."""
        unread = {name: kept for name, kept in self.unread.items() if name != key}
        if parts:
            unread[key] = MappingProxyType(dict(parts))
        if unread == self.unread:
            return self
        return replace(self, unread=MappingProxyType(unread), changed=at)

    def child(self) -> Entity | None:
        """The child the encounter is about, once that is known."""
        return self.entities.get(self.subject) if self.subject else None


def _kept_wordings(drafts: tuple[Edit, ...], edit: Edit) -> tuple[Edit, ...]:
    """Words that only grew are one wording; anything taken away or changed is kept as it was.

    Letters rubbed out one by one leave one wording behind, the longest: what is
    the beginning of the wording kept last is not kept again.
    """
    last = next((kept for kept in reversed(drafts) if kept.field == edit.field), None)
    if _begins(edit.new, edit.old) or (last is not None and _begins(last.old, edit.old)):
        return drafts
    return (*drafts, edit)


def _begins(whole: Answer | None, part: Answer | None) -> bool:
    """Whether ``part`` is how ``whole`` begins: the same words so far, or the same rows and cells so far."""
    if isinstance(whole, str) and isinstance(part, str):
        return whole.startswith(part)
    if not rows_of(whole) or not rows_of(part) or len(rows_of(whole)) < len(rows_of(part)):
        return False
    return all(
        cell == longer.get(name) or _begins(longer.get(name), cell)
        for longer, shorter in zip(rows_of(whole), rows_of(part), strict=False)
        for name, cell in shorter.items()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What a new encounter follows from: the same incident and episode, and the records it is about."""

    incident: UUID
    episode: UUID
    linked: tuple[Link, ...] = ()


def begin(
    guide: Guide,
    *,
    officer: Author,
    force: str,
    unit: str,
    at: Stamp,
    subject: Entity | None = None,
    following: Following | None = None,
    shift_ends: datetime | None = None,
) -> Encounter:
    """Start an encounter with this guide; ids are made here, on the device."""
    follows = following or Following(incident=new_id(), episode=new_id())
    return Encounter(
        id=new_id(),
        guide=guide.id,
        guide_version=guide.version,
        force=force,
        unit=unit,
        incident=follows.incident,
        episode=follows.episode,
        linked=follows.linked,
        officer=officer,
        started=at,
        changed=at.instant,
        sent=MappingProxyType({form.id: Sent(new_id()) for form in guide.forms}),
        subject=subject.id if subject else None,
        entities=MappingProxyType({subject.id: subject} if subject else {}),
        shift_ends=shift_ends,
        editions=MappingProxyType(guide.editions()),
    )


def not_asked_for(guide: Guide, answers: Answers, child: Answers = NOTHING) -> tuple[str, ...]:
    """Answers that are there and that this guide does not ask for, as the others stand."""
    asked = guide.asked(answers, child)
    return tuple(name for name in answers if name not in asked and name not in FILLED)


def facts_of(
    encounter: Encounter,
    guide: Guide,
    force: Mapping[str, object],
    now: datetime,
    earlier: Mapping[str, tuple[Earlier, ...]] = NONE_EARLIER,
    *,
    decided: tuple[Answers, ...] = (),
    unapproved: tuple[str, ...] = (),
) -> Facts:
    """Everything the rules may know of an encounter as it stands.

    ``earlier`` is what its author wrote of others, ``decided`` what they decided before, and ``unapproved``
    what is held against approving the records that this decides on.
    """
    child = encounter.child()
    known = child.facts if child else NOTHING
    answers = _with_filled(encounter, guide, known, force)
    fields = tuple(guide.fields())
    shown = {**known, **answers}
    return Facts(
        answers=answers,
        entities=encounter.entities,
        roles=roles_from(iter(fields), answers, encounter.subject, guide.subject_role),
        subject=encounter.subject,
        now=now,
        force=force,
        asked=frozenset(one.id for one in fields if one.is_shown(shown)),
        verbatim=frozenset(one.id for one in fields if one.verbatim),
        reasons=encounter.reasons,
        shift_ends=encounter.shift_ends,
        begun=encounter.started.instant,
        sent_before=any(one.revision for one in encounter.sent.values()),
        decided=decided,
        unapproved=unapproved,
        earlier=earlier,
        examples=guide.examples(),
    )


def _with_filled(
    encounter: Encounter, guide: Guide, known: Answers, force: Mapping[str, object]
) -> dict[str, Answer]:
    """The answers that count, with what follows from them. What followed once and no more is left out."""
    given = {name: answer for name, answer in encounter.answers.items() if name not in FILLED}
    answers = guide.asked(given, known)
    records = {form_id: sent.record for form_id, sent in encounter.sent.items()}
    return {**answers, **filled(answers, records, known, force)}


def review(
    encounter: Encounter,
    guide: Guide,
    force: Mapping[str, object],
    now: datetime,
    stage: Stage,
    *,
    earlier: Mapping[str, tuple[Earlier, ...]] = NONE_EARLIER,
    decided: tuple[Answers, ...] = (),
    unapproved: tuple[str, ...] = (),
) -> list[Problem]:
    """Everything to put right before the encounter can be sent as far as ``stage``.

    The child comes first, then whoever and whatever the answers mention, then the answers.
    """
    facts = facts_of(encounter, guide, force, now, earlier, decided=decided, unapproved=unapproved)
    fields = tuple(guide.fields())
    rules = [rule for form in guide.forms for rule in form.rules]
    return [
        *problems_of_everybody(guide, fields, facts, stage),
        *problems_in(fields, rules, facts, stage),
    ]


def can_follow(problem: Problem, guide: Guide) -> bool:
    """Whether it is an answer that is wanted only after sending, and is not there yet."""
    if problem.code != NEEDED or not problem.fields:
        return False
    return not guide.field(problem.fields[0]).stage.reached_by(Stage.CAPTURE)


def as_far_as_it_goes(
    problems: Sequence[Problem], guide: Guide, stage: Stage
) -> tuple[Stage, list[Problem]]:
    """How far a record goes that means to go to ``stage``, and what there is to say against it.

    What is wanted only later holds up nothing: while some of it is missing, the record is not called
    complete.
    """
    left = [problem for problem in problems if not can_follow(problem, guide)]
    return (stage if len(left) == len(problems) else Stage.CAPTURE), left


def progress(guide: Guide, encounter: Encounter, asked: frozenset[str], page: int) -> tuple[int, int]:
    """How many questions of a page have an answer or a gap, of how many that are asked there."""
    child = encounter.child()
    known: Answers = {**(child.facts if child else NOTHING), **encounter.answers}
    there = [
        name
        for name in guide.pages[page].fields()
        if name in asked or (guide.about_subject(name) and guide.field(name).is_shown(known))
    ]
    return sum(1 for name in there if name in known), len(there)
