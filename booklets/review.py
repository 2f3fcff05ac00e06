"""What is still wrong with a record, and what follows from what it says. Problems are data.

A draft may have any number of problems and still be kept. What stands against
sending is a needed answer that is missing or a rule that blocks; both give way
to an emergency override with a reason. A gap answers a needed field: what is
honestly not known must never keep a child's record on a phone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from booklets import photos, positions, signatures
from booklets.answers import Answer, Gap, Moment, Row, Why, blank, codes_of, rows_of
from booklets.checks import CHECKS, ENTITY_CHECKS, RECORD_CHECKS
from booklets.checks.registry import Spot
from booklets.clocks import setting
from booklets.disclosure import LEFT_TO_SPECIALISTS
from booklets.entities import Entity
from booklets.facts import Facts, ids_in
from booklets.forms import (
    CHOSEN,
    IN_ROWS,
    MENTIONS,
    SEVERAL,
    AfterStop,
    Effect,
    Field,
    Kind,
    Rule,
    Stage,
    TaskPlan,
    Whom,
)


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
        """The name under which the officer's reason is kept: the rule, and whom or what it is about.

        Two forms may share a rule, and a rule may find several spots: a reason
        given for one of them answers no other.
        """
        about = str(self.entity) if self.entity else "".join(self.fields[:1])
        return f"{self.code}:{about}" if about else self.code

    @property
    def is_overridden(self) -> bool:
        """Whether it blocks and gives way to a reason that was given for this one: the record says so."""
        return self.effect is Effect.BLOCK and self.override and bool(self.kept.strip())

    @property
    def stands(self) -> bool:
        """Whether it still stands against sending: blocked, or asked and not yet answered for."""
        if self.effect is Effect.BLOCK:
            return not self.is_overridden
        return self.effect is Effect.ASK and not self.kept


NEEDED = "needed"
NOT_A_CHOICE = "not_a_choice"
WRONG_SHAPE = "wrong_shape"
NO_GAP_HERE = "no_gap_here"
NO_TIME = "no_time"
CELL_NEEDED = "cell_needed"
TOO_LONG = "too_long"
MOST_LETTERS: Mapping[Kind, int] = {
    **dict.fromkeys((Kind.TEXT, Kind.REFERENCE, Kind.STAFF), 200),
    Kind.LONG_TEXT: 8_000,
}
"""How long a text of each kind may be. Exact words have no such bound, and nothing is ever cut."""
SHORTEST_BOUND = min(MOST_LETTERS.values())
NOTHING_ELSE = Facts()


def problems_in(fields: Iterable[Field], rules: Iterable[Rule], facts: Facts, stage: Stage) -> list[Problem]:
    """Everything wrong with the answers, in the order of ``fields``, then what the ``rules`` find.

    ``stage`` is how far the record means to go: what does not go along with it
    is silent. Which fields are shown is decided by ``facts.asked``.
    """
    asked = [one for one in fields if one.id in facts.asked and one.goes_at(stage)]
    due = [rule for rule in rules if rule.stage.reached_by(stage)]
    known = facts.known()
    found = [problem for one in asked for problem in _of_field(one, facts, stage)]
    for rule in due:
        if rule.when.holds(known) and not rule.unless.holds(known):
            found.extend(_found_by(rule, facts))
    return found


def problems_about(
    entity: Entity,
    fields: Iterable[Field],
    rules: Iterable[Rule],
    stage: Stage,
    whole: Facts = NOTHING_ELSE,
    *,
    whom: Whom = Whom.CHILD,
) -> list[Problem]:
    """What is missing, misshapen or odd in what is known about one person, place or object.

    ``fields`` are the questions that this encounter asks about it, ``whole`` is what is known of the
    encounter, and ``whom`` says whether it is the child the encounter is about.
    """
    asked = [
        one
        for one in fields
        if (one.id in entity.facts or one.needed_of in (Whom.EVERYONE, whom)) and one.is_shown(entity.facts)
    ]
    names = frozenset(one.id for one in asked)
    about = Facts(
        answers=entity.facts,
        entities={entity.id: entity},
        roles=whole.roles,
        asked=names,
        now=whole.now,
        force=whole.force,
    )
    found = [replace(one, entity=entity.id) for one in problems_in(asked, rules, about, stage)]
    return [replace(one, kept=whole.reasons[one.key]) if one.key in whole.reasons else one for one in found]


def _of_field(one: Field, facts: Facts, stage: Stage) -> Iterator[Problem]:
    answer = facts.answers.get(one.id)
    if answer is None:
        if one.stage.reached_by(stage) and one.is_required(facts.known()):
            yield Problem(code=NEEDED, fields=(one.id,), says=one.label)
    elif isinstance(answer, Gap):
        if answer.why not in one.gaps and not _is_left_to_specialists(one, answer):
            yield Problem(code=NO_GAP_HERE, fields=(one.id,), says=f"{one.label}: this one needs an answer")
        elif answer.why is Why.PENDING and not answer.due:
            yield Problem(code=NO_TIME, fields=(one.id,), says=f"{one.label}: say by when it will be there")
    elif not has_shape(one, answer):
        yield Problem(code=WRONG_SHAPE, fields=(one.id,), says=f"{one.label}: {_shape_words(one)}")
    elif not _is_offered(one, answer, facts.force):
        yield Problem(
            code=NOT_A_CHOICE, fields=(one.id,), says=f"{one.label}: choose one of the answers shown"
        )
    elif one.kind in IN_ROWS:
        yield from _of_rows(one, rows_of(answer), facts, stage)
    elif isinstance(answer, str) and not one.verbatim:
        yield from _of_length(one, one.label, one.kind, answer, facts)


def _of_rows(one: Field, rows: tuple[Row, ...], facts: Facts, stage: Stage) -> Iterator[Problem]:
    """What a line lacks or has too much of, and which line it is."""
    for number, row in enumerate(rows, 1):
        lacking = [column.label for column in one.columns if column.required and blank(row.get(column.id))]
        if lacking and one.stage.reached_by(stage):
            says = f"{one.label} Line {number} lacks: {', '.join(lacking)}"
            yield Problem(code=CELL_NEEDED, fields=(one.id,), says=says)
        for column in () if one.verbatim else one.columns:
            cell = row.get(column.id)
            if isinstance(cell, str) and len(cell) > SHORTEST_BOUND:
                label = f"{one.label} Line {number}, {column.label}"
                yield from _of_length(one, label, column.kind, cell, facts)


def _of_length(one: Field, label: str, kind: Kind, text: str, facts: Facts) -> Iterator[Problem]:
    most = MOST_LETTERS.get(kind, len(text))
    if len(text) > most:
        kept = "All of it is kept; shorten it, or say why it stays"
        says = f"{label}: {len(text):,} characters, {most:,} fit here. {kept}"
        found = Problem(code=TOO_LONG, fields=(one.id,), says=says, effect=Effect.ASK)
        yield replace(found, kept=facts.reasons.get(found.key, ""))


def _is_left_to_specialists(one: Field, gap: Gap) -> bool:
    """Whether this is what a disclosure stop leaves behind, which is an answer of every question it ends."""
    return one.after_stop is AfterStop.NOT_ASKED and gap == LEFT_TO_SPECIALISTS


def has_shape(one: Field, answer: Answer) -> bool:
    """Whether this is the sort of answer that the question takes."""
    if one.kind is Kind.MOMENT:
        return isinstance(answer, Moment)
    if one.kind in IN_ROWS:
        rows = rows_of(answer)
        whole = isinstance(answer, tuple) and 0 < len(answer) == len(rows)
        return whole and _is_of_its_sort(one, answer, rows)
    if one.kind in SEVERAL:
        words = codes_of(answer)
        return isinstance(answer, tuple) and 0 < len(words) == len(answer) and _are_ids(one, words)
    return isinstance(answer, str) and _reads_as(one, answer)


def _is_of_its_sort(one: Field, answer: Answer, rows: tuple[Row, ...]) -> bool:
    match one.kind:
        case Kind.PHOTO:
            return _are_photos(one, rows)
        case Kind.POSITION:
            return positions.is_position(answer)
        case Kind.SIGNATURE:
            return signatures.is_signature(answer)
        case _:
            return True


def _are_photos(one: Field, rows: tuple[Row, ...]) -> bool:
    return len(rows) <= one.most and all(map(photos.is_photo, rows))


def _are_ids(one: Field, words: tuple[str, ...]) -> bool:
    return one.kind not in MENTIONS or len(list(ids_in(words))) == len(words)


def _reads_as(one: Field, text: str) -> bool:
    match one.kind:
        case Kind.NUMBER:
            return text.isascii() and text.isdecimal()
        case Kind.DATE:
            return _is_date(text)
        case _:
            return _are_ids(one, (text,))


def _is_date(text: str) -> bool:
    """A day of the calendar, or the year and month, or the year alone."""
    parts = text.split("-")
    if [len(part) for part in parts] not in ([4, 2, 2], [4, 2], [4]) or not text.isascii():
        return False
    try:
        date(*map(int, (*parts, "1", "1")[:3]))
    except ValueError:
        return False
    return True


SHAPES: Mapping[Kind, str] = {
    Kind.NUMBER: "write it as a whole number, such as 12",
    Kind.DATE: "choose the date, or the year if that is all that is known",
    Kind.MOMENT: "choose when it was",
    Kind.SIGNATURE: "sign, or choose what stands instead of a signature",
}
"""What an answer of this sort looks like."""


def _shape_words(one: Field) -> str:
    match one.kind:
        case Kind.PHOTO:
            return f"keep {one.most} at most" if one.most > 1 else "keep one of them"
        case kind if kind in MENTIONS:
            return f"choose the {MENTIONS[kind]} again"
        case kind:
            return SHAPES.get(kind, "this answer cannot be read; please give it again")


def _is_offered(one: Field, answer: Answer, force: Mapping[str, object]) -> bool:
    if one.kind not in CHOSEN and one.kind is not Kind.BODY_MAP:
        return True
    said = codes_of(answer)
    if not one.limit:
        offered = [choice.code for choice in one.codes]
        return all(code in offered for code in said)
    allowed = {choice.code for choice in one.offered(force)} | {c.code for c in one.codes if c.withdrawn}
    return set(said) <= allowed


def _found_by(rule: Rule, facts: Facts) -> Sequence[Problem]:
    settings = {name: setting(value, facts.force) for name, value in rule.args.items()}
    if (check := CHECKS.get(rule.check)) is not None:
        answers = facts.answers  # most rules are such, and find nothing
        if check(*[answers.get(name) for name in rule.fields], **settings):
            return ()
        return (_problem(rule, facts, fields=_answer_first(rule, facts, settings)),)
    if (of_entity := ENTITY_CHECKS.get(rule.check)) is not None:
        return [
            _problem(rule, facts, entity=entity.id)
            for entity in _looked_at(rule, facts)
            if not of_entity(entity, facts, **settings)
        ]
    return [_at(spot, rule, facts) for spot in RECORD_CHECKS[rule.check](facts, **settings)]


def _at(spot: Spot, rule: Rule, facts: Facts) -> Problem:
    entity_id = UUID(spot.entity) if spot.entity else None
    return _problem(rule, facts, fields=spot.fields or rule.fields, entity=entity_id, words=spot.words)


def _answer_first(rule: Rule, facts: Facts, settings: Mapping[str, object]) -> tuple[str, ...]:
    """What is only told stands at the answer that tells it, and not at a question beside it.

    Where an officer answers a rule, its first question is the name under which the reason is kept.
    """
    if rule.effect not in {Effect.SEND, Effect.SHOW} or len(rule.fields) == 1:
        return rule.fields

    def tells_it(name: str) -> bool:
        alone = (facts.answers.get(one) if one == name else None for one in rule.fields)
        return name in facts.answers and not CHECKS[rule.check](*alone, **settings)

    return tuple(sorted(rule.fields, key=lambda name: not tells_it(name)))


def _looked_at(rule: Rule, facts: Facts) -> Iterator[Entity]:
    for entity in facts.in_role(*rule.roles) if rule.roles else facts.entities.values():
        if entity.kind == rule.of:
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
    kept = facts.reasons.get(found.key) if facts.reasons else None
    return replace(found, kept=kept) if kept else found
