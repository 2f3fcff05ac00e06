"""What is still wrong with a record, and what follows from what it says. Problems are data.

A draft may have any number of problems and still be kept. What stands against
sending is a needed answer that is missing or a rule that blocks; both give way
to an emergency override with a reason. A gap answers a needed field: what is
honestly not known must never keep a child's record on a phone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from booklets.answers import Answer, Answers, Gap, Moment, codes_of, rows_of
from booklets.checks import CHECKS, ENTITY_CHECKS, RECORD_CHECKS
from booklets.clocks import setting
from booklets.entities import Entity
from booklets.facts import Facts
from booklets.forms import CHOSEN, IN_ROWS, MENTIONS, Effect, Field, Form, Kind, Rule, Stage, TaskPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to put right, to answer for, or to know, in words an officer can act on."""

    code: str
    fields: tuple[str, ...]
    says: str = field(repr=False)
    effect: Effect = Effect.BLOCK
    entity: UUID | None = None
    because: str = ""
    kept: str = field(default="", repr=False)
    task: TaskPlan | None = None
    output: str = ""
    group: str = ""
    override: bool = True

    @property
    def key(self) -> str:
        """The name under which the officer's reason is kept: the rule, and whom it is about."""
        return f"{self.code}:{self.entity}" if self.entity else self.code

    @property
    def stands(self) -> bool:
        """Whether it still stands against sending: blocked, or asked and not yet answered for."""
        return self.effect is Effect.BLOCK or (self.effect is Effect.ASK and not self.kept)


NEEDED = "needed"
NOT_A_CHOICE = "not_a_choice"
WRONG_SHAPE = "wrong_shape"
NO_GAP_HERE = "no_gap_here"


def problems_in(fields: Iterable[Field], rules: Iterable[Rule], facts: Facts, stage: Stage) -> list[Problem]:
    """Everything wrong with the answers, in the order of ``fields``, then what the ``rules`` find.

    ``stage`` is how far the record means to go: fields and rules of later
    stages are silent. Which fields are shown is decided by ``facts.asked``.
    """
    asked = [one for one in fields if one.id in facts.asked]
    due = [rule for rule in rules if rule.stage.reached_by(stage)]
    return [
        *(problem for one in asked for problem in _of_field(one, facts, stage)),
        *(problem for rule in due for problem in _found_by(rule, facts)),
    ]


def problems_about(entity: Entity, form: Form, only: frozenset[str], stage: Stage) -> list[Problem]:
    """What is missing or misshapen in what is known about one person, place or object.

    ``only`` are the questions that this encounter asks about it.
    """
    shown = frozenset(one.id for one in form.fields() if one.id in only and one.is_shown(entity.facts))
    about = Facts(answers=entity.facts, asked=shown)
    found = problems_in(form.fields(), (), about, stage)
    return [
        Problem(code=one.code, fields=one.fields, says=one.says, effect=one.effect, entity=entity.id)
        for one in found
    ]


def _of_field(one: Field, facts: Facts, stage: Stage) -> Iterator[Problem]:
    answer = facts.answers.get(one.id)
    if answer is None:
        if one.stage.reached_by(stage) and one.is_required(facts.answers):
            yield Problem(code=NEEDED, fields=(one.id,), says=one.label)
    elif isinstance(answer, Gap):
        if answer.why not in one.gaps:
            yield Problem(code=NO_GAP_HERE, fields=(one.id,), says=f"{one.label}: this one needs an answer")
    elif not _has_shape(one, answer):
        yield Problem(code=WRONG_SHAPE, fields=(one.id,), says=f"{one.label}: {_shape_words(one.kind)}")
    elif not _is_offered(one, answer, facts.force):
        yield Problem(
            code=NOT_A_CHOICE, fields=(one.id,), says=f"{one.label}: choose one of the answers shown"
        )


def _has_shape(one: Field, answer: Answer) -> bool:
    match one.kind:
        case Kind.MOMENT:
            return isinstance(answer, Moment)
        case kind if kind in IN_ROWS:
            return bool(rows_of(answer)) and len(rows_of(answer)) == len(tuple(answer))  # type: ignore[arg-type]
        case Kind.NUMBER:
            return isinstance(answer, str) and answer.isdecimal()
        case Kind.DATE:
            return isinstance(answer, str) and _is_date(answer)
        case Kind.MANY_OF | Kind.PEOPLE | Kind.PLACES | Kind.OBJECTS | Kind.BODY_MAP:
            return isinstance(answer, tuple) and all(isinstance(part, str) for part in answer)
        case _:
            return isinstance(answer, str)


def _is_date(text: str) -> bool:
    parts = text.split("-")
    return [len(part) for part in parts] in ([4, 2, 2], [4, 2], [4]) and all(
        part.isdecimal() for part in parts
    )


def _shape_words(kind: Kind) -> str:
    match kind:
        case Kind.NUMBER:
            return "write it as a whole number, such as 12"
        case Kind.DATE:
            return "choose the date, or the year if that is all that is known"
        case Kind.MOMENT:
            return "choose when it was"
        case _:
            return "this answer cannot be read; please give it again"


def _is_offered(one: Field, answer: Answer, force: Mapping[str, object]) -> bool:
    if one.kind not in CHOSEN and one.kind is not Kind.BODY_MAP:
        return True
    offered = {choice.code for choice in one.offered(force)} | {c.code for c in one.codes if c.withdrawn}
    return set(codes_of(answer)) <= offered


def _found_by(rule: Rule, facts: Facts) -> Iterator[Problem]:
    if not rule.when.holds(_all_known(facts)):
        return
    settings = {name: setting(value, facts.force) for name, value in rule.args.items()}
    if rule.check in CHECKS:
        if not CHECKS[rule.check](*(facts.answers.get(name) for name in rule.fields), **settings):
            yield _problem(rule, facts)
    elif rule.check in ENTITY_CHECKS:
        for entity in _looked_at(rule, facts):
            if not ENTITY_CHECKS[rule.check](entity, facts, **settings):
                yield _problem(rule, facts, entity=entity.id)
    else:
        for spot in RECORD_CHECKS[rule.check](facts, **settings):
            entity_id = UUID(spot.entity) if spot.entity else None
            yield _problem(
                rule, facts, fields=spot.fields or rule.fields, entity=entity_id, words=spot.words
            )


def _all_known(facts: Facts) -> Answers:
    child = facts.child()
    return {**child.facts, **facts.answers} if child else facts.answers


def _looked_at(rule: Rule, facts: Facts) -> Iterator[Entity]:
    for entity in facts.in_role(*rule.roles) if rule.roles else facts.entities.values():
        if entity.kind.value == rule.of:
            yield entity


def _problem(
    rule: Rule, facts: Facts, *, fields: tuple[str, ...] = (), entity: UUID | None = None, words: str = ""
) -> Problem:
    found = Problem(
        code=rule.id,
        fields=fields or rule.fields,
        says=rule.says.replace("{words}", words),
        effect=rule.effect,
        entity=entity,
        because=rule.because,
        task=rule.task,
        output=rule.output,
        group=rule.group,
        override=rule.override,
    )
    kept = facts.reasons.get(found.key, "")
    return found if not kept else Problem(**{name: getattr(found, name) for name in _PARTS}, kept=kept)


_PARTS = tuple(name for name in Problem.__slots__ if name != "kept")


def mentions_unknown(fields: Iterable[Field], answers: Answers, known: frozenset[UUID]) -> list[str]:
    """Full ids of fields that point to a person, place or object which is not there."""
    return [
        one.id
        for one in fields
        if one.kind in MENTIONS and any(UUID(id_) not in known for id_ in codes_of(answers.get(one.id)))
    ]
