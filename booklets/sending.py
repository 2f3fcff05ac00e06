"""What becomes of an encounter when it is sent: a record of each form, each the next revision of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID, uuid5

from booklets.answers import Answer, Answers, Gap, Why, codes_of, frozen, rows_of
from booklets.clocks import Clock, running, setting
from booklets.encounters import NONE_EARLIER, Encounter, Sent, facts_of, review
from booklets.entities import Entity
from booklets.facts import Earlier, Facts, mentioned
from booklets.forms import Field, Form, Stage
from booklets.guides import Guide
from booklets.records import Attached, Header, Link, Override, Record, Task
from booklets.review import Problem
from booklets.stamps import Stamp

DIFFERS = "R-55"
"""The rule under which goes along what somebody else had to a question, such as the force's register."""

SAME_INCIDENT = "same_incident"


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
    earlier = _from_before(encounter, guide, forms) if sending.stage is not Stage.FOUND else {}
    return tuple(
        _record(
            encounter,
            form,
            from_before=earlier.get(form.id, set()),
            beside=[one.id for one in forms],
            facts=facts,
            problems=[one for one in problems if _home_of(one, forms) is form],
            sending=sending,
        )
        for form in forms
    )


def _from_before(encounter: Encounter, guide: Guide, forms: Sequence[Form]) -> dict[str, set[str]]:
    """Questions of an earlier edition with an answer or a wording, by the form whose record takes it along.

    That is the one that asked it, or the first where that one sends nothing.
    """
    gone = (edit.field for edit in encounter.drafts if not guide.asks(edit.field))
    found: dict[str, set[str]] = {}
    for name in (*encounter.kept, *gone) if forms else ():
        prefix = name.partition(".")[0]
        home = next((form for form in forms if form.prefix == prefix), forms[0])
        found.setdefault(home.id, set()).add(name)
    return found


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
    from_before: Set[str],
    beside: Sequence[str],
    facts: Facts,
    problems: list[Problem],
    sending: Sending,
) -> Record:
    going = [one for one in form.fields() if one.goes_at(sending.stage)]
    answers = {one.id: facts.answers[one.id] for one in going if one.id in facts.answers}
    sent = encounter.sent[form.id]
    kept = {name: said for name, said in encounter.answers.items() if name in from_before - answers.keys()}
    names = {*(one.id for one in going), *from_before}
    return Record(
        header=_header(
            encounter,
            form,
            beside=beside,
            sent=sent,
            sending=sending,
            covert=is_covert({**_from_earlier_editions(encounter), **facts.answers}),
        ),
        stage=sending.stage,
        answers=frozen({**answers, **kept}),
        entities=tuple(_travelling(encounter, going, answers, kept)),
        reasons=MappingProxyType(
            {one.key: one.kept for one in problems if one.kept} | dict(_beside(encounter, answers.keys()))
        ),
        overrides=sending.overrides,
        tasks=tuple(_tasks(form, sent.record, problems, facts, sending)),
        drafts=tuple(edit for edit in encounter.drafts if edit.field in names),
    )


def differs_key(question: str, entity: UUID | None = None) -> str:
    """Under what a reason says what somebody else had to a question, or to a fact of this person."""
    return f"{DIFFERS}.{entity}:{question}" if entity else f"{DIFFERS}:{question}"


def _beside(encounter: Encounter, sent: Set[str]) -> Iterator[tuple[str, str]]:
    """What somebody else had to what is sent (R-55), in words: of these questions, or of the child."""
    child = encounter.child()
    keys = {differs_key(question) for question in sent}
    keys |= {differs_key(question, child.id) for question in child.facts} if child else set()
    yield from ((key, why) for key, why in encounter.reasons.items() if key in keys)


def is_covert(answers: Answers) -> bool:
    """Whether somebody near the child must not know. Said in one form, it holds for all of the encounter."""
    return any(name.endswith(".covert") and answer == "yes" for name, answer in answers.items())


def _from_earlier_editions(encounter: Encounter) -> Answers:
    """What was said where a newer edition does not ask, or asks anew and nobody has answered yet."""
    anew = {edit.field: edit.old for edit in encounter.drafts if edit.new is None and edit.old is not None}
    kept = {name: encounter.answers[name] for name in encounter.kept if name in encounter.answers}
    return {name: said for name, said in anew.items() if name not in encounter.answers} | kept


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


def _travelling(
    encounter: Encounter, fields: Iterable[Field], answers: Answers, kept: Answers
) -> Iterator[Entity]:
    """The child, and everyone and everything the answers mention, with the places they mention in turn."""
    wanted: list[UUID] = [encounter.subject] if encounter.subject else []
    wanted += [id_ for _, id_ in mentioned(iter(fields), answers)]
    wanted += _mentioned_by(kept, encounter.entities)
    seen: set[UUID] = set()
    while wanted:
        id_ = wanted.pop(0)
        entity = encounter.entities.get(id_)
        if entity is None or id_ in seen:
            continue
        seen.add(id_)
        yield entity
        wanted += _mentioned_by(entity.facts, encounter.entities)


def _mentioned_by(answers: Answers, known: Mapping[UUID, Entity]) -> list[UUID]:
    """Entities that answers point to, such as the place where somebody lives."""
    by_text = {str(id_): id_ for id_ in known}
    words: list[str] = []
    for answer in answers.values():
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
    known = {**_left_unsaid(form, sending.clocks), **facts.known()}
    for one in running(sending.clocks, known, sending.force, facts.shift_ends, facts.begun):
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


def _left_unsaid(form: Form, clocks: Iterable[Clock]) -> dict[str, Answer]:
    """What is sent without an hour, as an emergency, says as little of it as "not known": clocks run."""
    starts = (name for one in clocks if one.or_begun for name in one.starts if form.has(name))
    return {name: Gap(Why.NOT_KNOWN) for name in starts}


def sent_as(encounter: Encounter, records: Iterable[Record], digests: Iterable[str]) -> Encounter:
    """The encounter after these records were sealed: the next revision of each builds on them."""
    sent, attached = dict(encounter.sent), {one.attachment.id: one for one in encounter.attached}
    for record, fingerprint in zip(records, digests, strict=True):
        sent[record.header.form] = Sent(record.header.record, record.header.revision, fingerprint)
        for listed in record.header.attachments:
            attached[listed.id] = Attached(record.header.record, listed)
    return replace(encounter, sent=MappingProxyType(sent), attached=tuple(attached.values()))
