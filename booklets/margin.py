"""What the checks see in a record, for the margin beside it: each note says which answer it is about.

A supervisor sees what is missing, what was left open and why, what the rules still hold against it, and
what the officer kept with a reason. Nothing here comments on exact words: a rule that read them for a
danger speaks for the record as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from booklets import definitions, in_words
from booklets.answers import Gap, Why, read_instant
from booklets.checks.choices import few_gaps
from booklets.encounters import facts_of
from booklets.errors import WireError
from booklets.facts import Facts
from booklets.forms import Effect, Form, Stage
from booklets.guides import Guide
from booklets.mentions import problems_of_everybody
from booklets.reading import Reader
from booklets.received import facts_of_record, facts_side_by_side, reopened
from booklets.records import Record
from booklets.review import NEEDED, Problem, problems_in

MISSING_PERSON = "missing_child"
NOT_ANSWERED = "Needed, and not answered."
STILL_TO_COME = "Still to come this shift."
SPOKEN_OF = frozenset({Effect.BLOCK, Effect.ASK, Effect.WARN})
"""What still stands against the record. What is to be done or sent stands with the tasks and deliveries."""
FACTS: Mapping[str, str] = {
    "other_child_decided": "person.ppn_decision",
    "other_child_seen_or_not": "person.seen_tonight",
    "age_of_a_possible_child": "person.age_estimate",
    "of_school_age": "person.dob",
    "not_of_school_age": "person.dob",
    "school_is_known": "person.school",
    "other_child_identified": "person.ppn_decision",
    "school_of_other_child": "person.ppn_decision",
    "ethnicity_answered": "person.ethnicity_sde",
    "ethnicity_of_children_and_suspects": "person.ethnicity_sde",
    "children_access_asked": "person.children_access",
    "children_access_known": "person.children_access",
    "reached_children_are_named": "person.children_access_who",
    "suspect_is_described": "person.looks",
    "under_18_on": "person.dob",
    "suspect_is_ten_or_older": "person.known_as",
    "left_for_a_reason": "object.left_because",
}
"""The fact that a check on a person means, so that its note can stand beside it."""


class About(StrEnum):
    """What a note is about."""

    MISSING = "missing"  # needed by now, neither an answer nor a reason
    LATER = "later"  # still to come this shift
    GAP = "gap"  # no answer, with the officer's reason
    WRONG = "wrong"  # an answer that cannot be right as it stands
    RULE = "rule"  # a rule holds something against it
    KEPT = "kept"  # a rule asked, and the officer kept it with a reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing the checks see. ``question`` is empty where it is about the record as a whole.

    ``stands`` says that it has still to be put right or answered for; ``reason`` is what the officer
    answered. ``code`` names the rule, or the kind of mistake.
    """

    about: About
    question: str
    entity: UUID | None = None
    says: str = field(repr=False)
    stands: bool = False
    reason: str = field(default="", repr=False)
    code: str = ""


def margin(
    record: Record, force: Mapping[str, object], now: datetime, beside: Sequence[Record] = ()
) -> tuple[Note, ...]:
    """Every note on one record, in the order in which it reads.

    ``beside`` are the other newest records of the same encounter: what one of them knows, the checks
    need not miss in this one.
    """
    form = definitions.form_of(record.header)
    guide = guide_of(form, *(one.header.form for one in beside)) or guide_of(form)
    facts = _facts([record, *beside], form, guide, force=force, now=now)
    label = Reader.of(record).label
    notes = [
        *_missing(record, form, guide, facts),
        *_gaps(form, facts, now),
        *_found(record, form, facts),
    ]
    return tuple(
        Note(
            about=one.about,
            question=one.question,
            entity=one.entity,
            says=label(one.says),
            stands=one.stands,
            reason=one.reason,
            code=one.code,
        )
        for one in sorted(notes, key=lambda one: _place(one, form))
    )


def before_approval(
    record: Record, force: Mapping[str, object], now: datetime, beside: Sequence[Record] = ()
) -> tuple[str, ...]:
    """What the record's own rules hold against approving it, in words: nothing of what was asked earlier."""
    form = definitions.form_of(record.header)
    guide = guide_of(form, *(one.header.form for one in beside)) or guide_of(form)
    facts = _facts([record, *beside], form, guide, force=force, now=now)
    rules = [rule for rule in form.rules if rule.stage is Stage.APPROVE]
    found = problems_in((), rules, facts, Stage.APPROVE)
    label = Reader.of(record).label
    return tuple(f"{form.title}: {label(one.says)}" for one in found if one.stands)


def missing_in(notes: Sequence[Note]) -> tuple[frozenset[str], dict[UUID, frozenset[str]]]:
    """What a document has to show as missing: the record's own questions, and facts of its people."""
    own = frozenset(one.question for one in notes if one.about is About.MISSING and one.entity is None)
    facts: dict[UUID, frozenset[str]] = {}
    for one in notes:
        if one.entity is not None and one.question and one.about in {About.MISSING, About.RULE}:
            facts[one.entity] = facts.get(one.entity, frozenset()) | {one.question}
    return own, facts


def guide_of(form: Form, *beside: str) -> Guide | None:
    """The guide that fills this form and those beside it, and least besides, if there is one."""
    wanted = {form.id, *beside}
    guides = (definitions.guide(id_) for id_ in definitions.guide_ids())
    fills = [guide for guide in guides if wanted <= {one.id for one in guide.forms}]
    return min(fills, key=lambda guide: len(guide.forms), default=None)


def _facts(
    records: Sequence[Record], form: Form, guide: Guide | None, *, force: Mapping[str, object], now: datetime
) -> Facts:
    """What the rules may know: with all records of the encounter at hand, as much as on the handheld."""
    first = records[0]
    filled = {one.id for one in guide.forms} if guide else set()
    together = [
        one
        for one in records
        if one.header.form in filled and one.header.encounter == first.header.encounter
    ]
    role = guide.subject_role if guide else MISSING_PERSON
    if guide is None or len(together) == 1:
        return facts_of_record(first, form, force, now, role)
    if any(definitions.form_of(one.header) not in guide.forms for one in together):
        return facts_side_by_side(
            [(one, definitions.form_of(one.header)) for one in together], force, now, role
        )
    header = first.header
    again = reopened(together, guide, [""] * len(together), officer=header.author, at=header.submitted)
    return facts_of(again, guide, force, now)


def _missing(record: Record, form: Form, guide: Guide | None, facts: Facts) -> Iterator[Note]:
    """What is needed and has neither an answer nor a reason, of the record and of whom it mentions."""
    for stage, about in ((record.stage, About.MISSING), (Stage.COMPLETE, About.LATER)):
        found = problems_in(form.fields(), (), facts, stage)
        if guide is not None:
            found += problems_of_everybody(guide, form.fields(), facts, stage)
        for one in found:
            if one.code == NEEDED and (about is About.MISSING or not _due(one, form, guide, record.stage)):
                yield _of_field(one, about)
            elif one.code != NEEDED and about is About.MISSING:
                yield _of_field(one, _wrong(one))


def _wrong(problem: Problem) -> About:
    """What an answer is that cannot be right, or that a rule about its kind doubts."""
    if problem.kept:
        return About.KEPT
    return About.WRONG if problem.effect is Effect.BLOCK else About.RULE


def _due(problem: Problem, form: Form, guide: Guide | None, stage: Stage) -> bool:
    """Whether the question was needed already when the record was sent."""
    (name,) = problem.fields
    if problem.entity is not None and guide is not None:
        return guide.field(name).stage.reached_by(stage)
    return form.field(name).stage.reached_by(stage)


def _of_field(problem: Problem, about: About) -> Note:
    says = {
        About.MISSING: NOT_ANSWERED,
        About.LATER: STILL_TO_COME,
    }.get(about, problem.says if problem.says.endswith(".") else f"{problem.says}.")
    return Note(
        about=about,
        question=problem.fields[0],
        entity=problem.entity,
        says=says,
        stands=(about is About.MISSING and problem.effect is Effect.BLOCK)
        or (about is not About.LATER and problem.stands),
        reason=problem.kept,
        code=problem.code,
    )


def _gaps(form: Form, facts: Facts, now: datetime) -> Iterator[Note]:
    """What was left without an answer, and why. Without a reason, or with its time gone by, it stands."""
    child = facts.child()
    known = {None: facts.answers} | ({child.id: child.facts} if child else {})
    fields = {one.id for one in form.fields()}
    for entity, answers in known.items():
        for name, answer in answers.items():
            if not isinstance(answer, Gap) or (entity is None and name not in fields):
                continue
            late = answer.why is Why.PENDING and _past(answer.due, now)
            says = "Was to be here by now." if late else f"Left open: {in_words.WHY[answer.why].lower()}."
            yield Note(
                about=About.GAP,
                question=name,
                entity=entity,
                says=says,
                stands=late or not answer.note,
                reason=answer.note,
                code=answer.why.value,
            )


def _past(due: str, now: datetime) -> bool:
    try:
        return read_instant(due) < now
    except WireError:
        return False


def _found(record: Record, form: Form, facts: Facts) -> Iterator[Note]:
    """What the rules hold against it, and what the officer kept with a reason."""
    stage = max(record.stage, Stage.COMPLETE, key=lambda one: one.rank)
    for one in problems_in((), form.rules, facts, stage):
        if one.effect in SPOKEN_OF:
            yield Note(
                about=About.KEPT if one.kept else About.RULE,
                question=_question(one, form),
                entity=one.entity,
                says=says_to_reader(one, form),
                stands=one.stands,
                reason=one.kept,
                code=one.code,
            )


def says_to_reader(problem: Problem, form: Form) -> str:
    """What a rule says to whoever reads a record, where it tells its author what a reader will see."""
    check = next((one.check for one in form.rules if one.id == problem.code), "")
    if check == few_gaps.__name__:
        return f"{len(problem.fields)} questions were left open. Each is noted where it stands."
    return problem.says


def _question(problem: Problem, form: Form) -> str:
    """The answer a note stands beside: the fact that is meant, and never somebody's exact words."""
    if problem.entity is not None:
        return next((FACTS.get(one.check, "") for one in form.rules if one.id == problem.code), "")
    own = {one.id: one for one in form.fields()}
    told = [name for name in problem.fields if name in own and not own[name].verbatim]
    return told[0] if told else ""


def _place(note: Note, form: Form) -> tuple[bool, int]:
    """The order of the form; people, places and objects after it."""
    names = [one.id for one in form.fields()]
    place = names.index(note.question) if note.question in names else -1
    return note.entity is not None, place
