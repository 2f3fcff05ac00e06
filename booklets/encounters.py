"""One encounter at the door, while it is being written: what the device keeps as a draft.

The officer fills one set of answers; sending makes a record of each form from
it. A part can be sent first (the child is found), and everything later goes as
further revisions. Immutable: every step returns a new one, so whatever was
saved last is whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID, uuid5

from booklets.answers import NOTHING, Answer, Answers, blank, codes_of, frozen, rows_of
from booklets.clocks import Clock, running, setting
from booklets.entities import Edit, Entity, new_id
from booklets.facts import Earlier, Facts, mentioned, roles_from
from booklets.filling import FILLED, filled
from booklets.forms import Field, Form, Stage
from booklets.guides import Guide
from booklets.mentions import problems_of_everybody
from booklets.records import Author, Header, Link, Override, Record, Task
from booklets.review import NEEDED, Problem, problems_in
from booklets.stamps import Stamp

SAME_INCIDENT = "same_incident"
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

    ``shift_ends`` is when the shift ends in which it was begun: some of it is due by then.
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
    place: str = ""  # the page last open, to come back to
    shift_ends: datetime | None = None
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
    )


def facts_of(
    encounter: Encounter,
    guide: Guide,
    force: Mapping[str, object],
    now: datetime,
    earlier: Mapping[str, tuple[Earlier, ...]] = NONE_EARLIER,
    *,
    decided: tuple[Answers, ...] = (),
) -> Facts:
    """Everything the rules may know of an encounter as it stands.

    ``earlier`` is what its author wrote of others, ``decided`` what they decided before.
    """
    child = encounter.child()
    known = child.facts if child else NOTHING
    answers = _with_filled(encounter, guide, known)
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
        sent_before=any(one.revision for one in encounter.sent.values()),
        decided=decided,
        earlier=earlier,
        examples=guide.examples(),
    )


def _with_filled(encounter: Encounter, guide: Guide, known: Answers) -> dict[str, Answer]:
    """The answers that count, with what follows from them. What followed once and no more is left out."""
    given = {name: answer for name, answer in encounter.answers.items() if name not in FILLED}
    answers = guide.asked(given, known)
    records = {form_id: sent.record for form_id, sent in encounter.sent.items()}
    return {**answers, **filled(answers, records)}


def review(
    encounter: Encounter,
    guide: Guide,
    force: Mapping[str, object],
    now: datetime,
    stage: Stage,
    *,
    earlier: Mapping[str, tuple[Earlier, ...]] = NONE_EARLIER,
    decided: tuple[Answers, ...] = (),
) -> list[Problem]:
    """Everything to put right before the encounter can be sent as far as ``stage``.

    The child comes first, then whoever and whatever the answers mention, then the answers.
    """
    facts = facts_of(encounter, guide, force, now, earlier, decided=decided)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What the device adds when a record is sent."""

    at: Stamp
    device: str
    app_version: str
    stage: Stage
    force: Mapping[str, object]
    clocks: tuple[Clock, ...]
    overrides: tuple[Override, ...] = ()
    void_reason: str = field(default="", repr=False)
    shift_ends_at: datetime | None = None
    earlier: Mapping[str, tuple[Earlier, ...]] = field(default_factory=lambda: NONE_EARLIER, repr=False)


def records_of(encounter: Encounter, guide: Guide, sending: Sending) -> tuple[Record, ...]:
    """The next revision of each record that the encounter fills, as far as the stage it is sent at.

    At the stage "found" only forms with questions of that stage become a record. A form of which
    nothing is asked and nothing was ever said becomes none: where a child has died there is no interview.
    """
    facts = facts_of(encounter, guide, sending.force, sending.at.instant)
    reviewed = sending.stage if sending.stage is Stage.FOUND else encounter.stage
    problems = review(encounter, guide, sending.force, sending.at.instant, reviewed, earlier=sending.earlier)
    forms = [
        form
        for form in guide.forms
        if any(one.stage.reached_by(sending.stage) and not one.same_as for one in form.fields())
        and (encounter.sent[form.id].revision or _concerns(form, facts))
    ]
    return tuple(
        _record(
            encounter,
            form,
            beside=[one.id for one in forms],
            facts=facts,
            problems=[one for one in problems if _home_of(one, forms) is form],
            sending=sending,
        )
        for form in forms
    )


def _concerns(form: Form, facts: Facts) -> bool:
    """Whether anything of a form is asked of the officer, or has been answered."""
    return any(one.id in facts.asked or one.id in facts.answers for one in form.fields() if not one.system)


def _home_of(problem: Problem, forms: Sequence[Form]) -> Form:
    """The one form whose record carries what follows from a problem, so that no task is set twice."""
    owners = (form for name in problem.fields for form in forms if form.has(name))
    return next(owners, forms[0])


def _record(
    encounter: Encounter,
    form: Form,
    *,
    beside: Sequence[str],
    facts: Facts,
    problems: list[Problem],
    sending: Sending,
) -> Record:
    going = [one for one in form.fields() if one.goes_at(sending.stage)]
    answers = {one.id: facts.answers[one.id] for one in going if one.id in facts.answers}
    sent = encounter.sent[form.id]
    names = {one.id for one in going}
    return Record(
        header=_header(
            encounter, form, beside=beside, sent=sent, sending=sending, covert=is_covert(facts.answers)
        ),
        stage=sending.stage,
        answers=frozen(answers),
        entities=tuple(_travelling(encounter, going, answers)),
        reasons=MappingProxyType({one.key: one.kept for one in problems if one.kept}),
        overrides=sending.overrides,
        tasks=tuple(_tasks(form, sent.record, problems, facts, sending)),
        drafts=tuple(edit for edit in encounter.drafts if edit.field in names),
    )


def is_covert(answers: Answers) -> bool:
    """Whether somebody near the child must not know. Said in one form, it holds for all of the encounter."""
    return any(name.endswith(".covert") and answer == "yes" for name, answer in answers.items())


def _header(
    encounter: Encounter, form: Form, *, beside: Sequence[str], sent: Sent, sending: Sending, covert: bool
) -> Header:
    return Header(
        record=sent.record,
        record_type=form.record_type,
        form=form.id,
        form_version=form.version,
        form_checksum=form.checksum,
        force=encounter.force,
        unit=encounter.unit,
        routing_role="supervisor",
        incident=encounter.incident,
        episode=encounter.episode,
        encounter=encounter.id,
        author=encounter.officer,
        device=sending.device,
        app_version=sending.app_version,
        revision=sent.revision + 1,
        base_revision=sent.revision,
        started=encounter.started,
        submitted=sending.at,
        subject=encounter.subject,
        covert=covert,
        linked=(
            *encounter.linked,
            *(
                Link(other.record, SAME_INCIDENT)
                for form_id, other in encounter.sent.items()
                if form_id != form.id and form_id in beside and sending.stage is not Stage.FOUND
            ),
        ),
        void_reason=sending.void_reason,
        shift_ends_at=sending.shift_ends_at,
    )


def _travelling(encounter: Encounter, fields: Iterable[Field], answers: Answers) -> Iterator[Entity]:
    """The child, and everyone and everything the answers mention, with the places they mention in turn."""
    wanted: list[UUID] = [encounter.subject] if encounter.subject else []
    wanted += [id_ for _, id_ in mentioned(iter(fields), answers)]
    seen: set[UUID] = set()
    while wanted:
        id_ = wanted.pop(0)
        entity = encounter.entities.get(id_)
        if entity is None or id_ in seen:
            continue
        seen.add(id_)
        yield entity
        wanted += _mentioned_by(entity, encounter.entities)


def _mentioned_by(entity: Entity, known: Mapping[UUID, Entity]) -> list[UUID]:
    """Entities that another one points to, such as the place where somebody lives."""
    by_text = {str(id_): id_ for id_ in known}
    words: list[str] = []
    for answer in entity.facts.values():
        words += codes_of(answer)
        words += [word for row in rows_of(answer) for cell in row.values() for word in codes_of(cell)]
    return [by_text[word] for word in words if word in by_text]


def _tasks(
    form: Form, record: UUID, problems: list[Problem], facts: Facts, sending: Sending
) -> Iterator[Task]:
    """What is to be done. The same duty has the same id in every revision, so that it is set only once."""
    at = sending.at.instant
    for problem in problems:
        if problem.task is not None:
            minutes = setting(problem.task.within_minutes, sending.force)
            subject = str(problem.entity or facts.subject or "")
            yield Task(
                id=uuid5(record, f"{problem.task.kind} {problem.key} {subject}"),
                kind=problem.task.kind,
                rule=problem.code,
                subject=subject,
                owner_role=problem.task.owner,
                set_at=at,
                due_at=at + timedelta(minutes=minutes) if isinstance(minutes, int) and minutes else None,
            )
    for one in running(sending.clocks, facts.known(), sending.force, facts.shift_ends):
        if not one.done and form.has(one.clock.starts[0]):
            yield Task(
                id=uuid5(record, f"clock {one.clock.id}"),
                kind=one.clock.id,
                rule=one.clock.id,
                subject=str(facts.subject or ""),
                owner_role=one.clock.owner,
                set_at=at,
                due_at=one.due,
            )


def sent_as(encounter: Encounter, records: Iterable[Record], digests: Iterable[str]) -> Encounter:
    """The encounter after these records were sealed: the next revision of each builds on them."""
    sent = dict(encounter.sent)
    for record, fingerprint in zip(records, digests, strict=True):
        sent[record.header.form] = Sent(record.header.record, record.header.revision, fingerprint)
    return replace(encounter, sent=MappingProxyType(sent))


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
