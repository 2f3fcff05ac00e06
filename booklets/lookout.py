"""The lookout card of a missing child: read out over the radio, so that patrols know whom to look for.

Drawn from a report as it stands, written or sent, and from nothing else: no line is guessed, and none is
silently missing. ``definitions/lookout.toml`` says what stands on it and what never does. The card is the
same whatever was answered to a question that none of its lines names, but that a place among somebody's
addresses is read out as a home (``aloud``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from booklets import aloud, definitions, in_words
from booklets.answers import Answer, Answers, Gap, Moment, Row, codes_of, rows_of, said
from booklets.checks.dates import age_about, age_on, uk_time
from booklets.definitions.looking_out import Plan, PlannedLine, Shown
from booklets.encounters import Encounter, facts_of
from booklets.entities import Entity
from booklets.facts import ids_in
from booklets.forms import MENTIONS, Code, Column, Field, Kind
from booklets.guides import Guide
from booklets.records import Record, mentioned_in, reference_of

THE_CHILD = "the child"
NOT_KNOWN_YET = "Not known yet"
HELD_BACK = "Not for the radio. Ask the control room by phone"
ELSEWHERE = "Not in this record. Ask the control room"
ONE_HELD_BACK = "One that is not for the radio"
NOT_READABLE = "Not readable as it is written. Look in the record"
MORE = "More about it"
_BIRTHDAY = len("2011-02-19")


class Standing(StrEnum):
    """How a line stands: said, left open with a reason, still to come, not for the radio, elsewhere."""

    SAID = "said"
    LEFT_OPEN = "left_open"
    NOT_KNOWN_YET = "not_known_yet"
    HELD_BACK = "held_back"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Line:
    """One line to read out, under its title."""

    id: str
    title: str
    words: tuple[str, ...] = field(repr=False)
    standing: Standing

    def spoken(self) -> str:
        """The whole line as it is read out, and as a screen reader says it."""
        return f"{self.title}: {'; '.join(self.words)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The card. ``over`` says why there is none, and then nothing else is on it.

    ``cautions`` are for whoever holds it; ``left_out`` says what is never on a card, and whom to ask.
    ``known_at`` is when the newest of it was written.
    """

    child: str = field(repr=False)
    reference: str
    known_at: datetime
    over: str = field(default="", repr=False)
    cautions: tuple[str, ...] = field(default=(), repr=False)
    lines: tuple[Line, ...] = field(default=(), repr=False)
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a card may be drawn from. ``prefixes``: of which forms there are answers here at all.

    ``asked`` are the questions in the words of the edition in which they were answered, where that is not
    the current one.
    """

    answers: Answers = field(repr=False)
    child: Entity | None = field(repr=False)
    entities: Mapping[str, Entity] = field(repr=False)
    prefixes: Collection[str]
    reference: str
    at: datetime
    asked: Mapping[str, Field] = field(default_factory=dict, repr=False)

    def question(self, name: str) -> Field:
        """A question as it was asked."""
        return self.asked[name] if name in self.asked else _fields()[name]

    @property
    def name(self) -> str:
        """What the child is called in a sentence."""
        return (self.child.word("known_as") if self.child else "") or THE_CHILD

    def words_of(self, sentence: str) -> str:
        """A sentence with the child's name in it."""
        put = sentence.replace("{name}", self.name)
        return put[:1].upper() + put[1:]


def has_card(standing: Iterable[tuple[str, bool]]) -> bool:
    """Whether there is a lookout card of these forms, each with whether it was withdrawn.

    The one answer for phone, tablet and console: there is none of a report that was withdrawn, perhaps
    because it was about the wrong child.
    """
    return any(form == definitions.lookout().form and not withdrawn for form, withdrawn in standing)


def from_encounter(encounter: Encounter, guide: Guide, force: Mapping[str, object]) -> Card:
    """The card of a report as it stands on this device. ValueError where it is no missing report."""
    plan = definitions.lookout()
    if plan.form not in encounter.sent:
        raise ValueError(f"{guide.id} fills no {plan.form}")
    facts = facts_of(encounter, guide, force, encounter.changed)
    kept = {name: encounter.answers[name] for name in encounter.kept if name in encounter.answers}
    known = Known(
        answers=_with_child({**kept, **facts.answers}, encounter.child()),
        child=encounter.child(),
        entities={str(one): entity for one, entity in encounter.entities.items()},
        prefixes={"person", *(form.prefix for form in guide.forms)},
        reference=reference_of(encounter.sent[plan.form].record),
        at=encounter.changed,
    )
    return _drawn(plan, known)


def from_records(records: Sequence[Record], *, died: bool = False) -> Card:
    """The card of a report as it was sent, with the risk assessment beside it where that is here.

    Of several records of one form the newest counts, and none that was withdrawn; each is read by the
    edition it was filled in with. ``died``: another record says that the child has died. ValueError where
    none is a missing report.
    """
    plan = definitions.lookout()
    of_known_forms = [one for one in records if one.header.form in definitions.form_ids()]
    standing = [one for one in of_known_forms if not one.header.void_reason]
    in_order = sorted(standing, key=lambda one: one.header.submitted.instant)
    newest = {one.header.form: one for one in in_order}
    if plan.form not in newest:
        raise ValueError(f"none of these records is {plan.form}")
    report = newest.pop(plan.form)
    child = next((one for one in report.entities if one.id == report.header.subject), None)
    return _drawn(plan, _known_of([*newest.values(), report], child), died=died)


def _known_of(records: Sequence[Record], child: Entity | None) -> Known:
    """What these records say, the report last, because it is the one that is read out."""
    answers: dict[str, Answer] = {}
    asked: dict[str, Field] = {}
    prefixes = {"person"}
    for one in records:
        form = definitions.form_of(one.header)
        answers |= one.answers  # the device left out what was not asked, and sent along what it kept
        asked |= {question.id: question for question in form.fields()}
        prefixes.add(form.prefix)
    return Known(
        answers=_with_child(answers, child),
        child=child,
        entities={str(one): entity for one, entity in mentioned_in(records).items()},
        prefixes=prefixes,
        reference=reference_of(records[-1].header.record),
        at=max(one.header.submitted.instant for one in records),
        asked=asked,
    )


def _with_child(answers: Answers, child: Entity | None) -> Answers:
    """The answers, with those about the child that still count."""
    facts = definitions.entity_form("person").asked(child.facts) if child else {}
    return MappingProxyType({**facts, **answers})


def _drawn(plan: Plan, known: Known, *, died: bool = False) -> Card:
    about = {"child": known.name, "reference": known.reference, "known_at": known.at}
    reasons = [one for one in plan.over if one.when.holds(known.answers)]
    after_death = [one for one in plan.over if died and one.after_death]
    over = next((one.says for one in (*after_death, *reasons)), "")
    if over:
        return Card(**about, over=known.words_of(over))  # type: ignore[arg-type]  # three of its fields
    return Card(
        **about,  # type: ignore[arg-type]  # three of its fields
        cautions=tuple(known.words_of(one.says) for one in plan.cautions if one.when.holds(known.answers)),
        lines=tuple(_held_back(plan, _line(one, known)) for one in plan.lines),
        left_out=tuple(one.says for one in plan.withheld),
    )


def _held_back(plan: Plan, line: Line) -> Line:
    """The line, or that it is not for the radio where a word was written into it that never is."""
    if aloud.names_one_of([word for one in plan.withheld for word in one.words], " ".join(line.words)):
        return Line(line.id, line.title, (HELD_BACK,), Standing.HELD_BACK)
    return line


def _line(planned: PlannedLine, known: Known) -> Line:
    if planned.shown is Shown.REFERENCE:
        return Line(planned.id, planned.title, (known.reference,), Standing.SAID)
    if not any(name.partition(".")[0] in known.prefixes for name in planned.fields):
        return Line(planned.id, planned.title, (ELSEWHERE,), Standing.ELSEWHERE)
    words, standing = (_of_each if planned.each else _of_first)(planned, known)
    if planned.detail and standing is Standing.SAID:
        words = (*words, *_detail(planned, known))
    return Line(planned.id, planned.title, words, standing)


Words = tuple[tuple[str, ...], Standing]


def _of_first(planned: PlannedLine, known: Known) -> Words:
    """The first question that is answered; else why one is left open; else that nobody knows yet."""
    found = [_answered(name, planned, known) for name in planned.fields]
    for standing in (Standing.SAID, Standing.LEFT_OPEN):
        for words, stands in found:
            if stands is standing:
                return words, stands
    return (NOT_KNOWN_YET,), Standing.NOT_KNOWN_YET


def _of_each(planned: PlannedLine, known: Known) -> Words:
    """Every question by its own words, where any of them has an answer or a reason for having none."""
    found = [(name, *_answered(name, planned, known)) for name in planned.fields]
    if all(standing is Standing.NOT_KNOWN_YET for _, _, standing in found):
        return (NOT_KNOWN_YET,), Standing.NOT_KNOWN_YET
    words = tuple(
        f"{known.words_of(known.question(name).label)}: "
        + (", ".join(part) if standing is Standing.SAID else _lower(part[0]))
        for name, part, standing in found
    )
    any_said = any(standing is Standing.SAID for _, _, standing in found)
    return words, Standing.SAID if any_said else Standing.LEFT_OPEN


def _detail(planned: PlannedLine, known: Known) -> Iterator[str]:
    """What hangs on the answer, where the answer opens it."""
    if not known.question(planned.detail).shown.holds(known.answers):
        return
    words, standing = _answered(planned.detail, planned, known)
    if standing is not Standing.SAID:
        yield f"{planned.detail_title or MORE}: {_lower(words[0])}"
    elif planned.detail_title:
        yield f"{planned.detail_title}: {', '.join(words)}"
    else:
        yield from words


def _answered(name: str, planned: PlannedLine, known: Known) -> Words:
    """One question in words, and how it stands. The note on a gap is the officer's own and stays there."""
    answer = known.answers.get(name)
    if isinstance(answer, Gap):
        return (f"Left open: {_lower(in_words.WHY[answer.why])}",), Standing.LEFT_OPEN
    if not said(answer):
        return (NOT_KNOWN_YET,), Standing.NOT_KNOWN_YET
    words = tuple(word for word in _words(name, planned, known) if word.strip())
    return (words, Standing.SAID) if words else ((NOT_READABLE,), Standing.LEFT_OPEN)


def _words(name: str, planned: PlannedLine, known: Known) -> Iterator[str]:
    one, answer = known.question(name), known.answers[name]
    if planned.shown is Shown.AGE:
        yield from _age(known.child, uk_time(known.at).date())
    elif planned.shown is Shown.INITIAL:
        yield from (word.strip()[:1].upper() for word in codes_of(answer) if word.strip())
    elif isinstance(answer, Moment):
        yield in_words.moment(answer)
    elif rows_of(answer):
        yield from (_row(one, row, planned.columns, known) for row in rows_of(answer))
    else:
        yield from (_word(one.kind, one.codes, word, known) for word in codes_of(answer))


def _row(one: Field, row: Row, columns: Sequence[str], known: Known) -> str:
    """The cells of one row that are read out, in the order of the plan; of some rows none are."""
    hushed = {code for part in definitions.lookout().withheld for code in part.codes}
    if any(hushed.intersection(codes_of(cell)) for cell in row.values()):
        return ONE_HELD_BACK
    by_id = {column.id: column for column in one.columns}
    cells = [_cell(by_id[name], row[name], known) for name in columns if name in row and name in by_id]
    return ", ".join(cell for cell in cells if cell) or NOT_KNOWN_YET


def _cell(column: Column, cell: Answer, known: Known) -> str:
    if isinstance(cell, Gap):
        return ""
    if isinstance(cell, Moment):
        return in_words.moment(cell)
    return ", ".join(_word(column.kind, column.codes, word, known) for word in codes_of(cell))


def _word(kind: Kind, codes: Iterable[Code], word: str, known: Known) -> str:
    if kind in MENTIONS:
        places = definitions.lookout().places
        homes = aloud.homes_among(known.entities, places)
        found = [aloud.place(known.entities.get(str(id_)), places, homes) for id_ in ids_in(word)]
        return ", ".join(found) or aloud.NO_NAME
    return next((known.words_of(code.said) for code in codes if code.code == word), word)


def _age(child: Entity | None, day: date) -> Iterator[str]:
    """The age on this day; "about" where the birthday is not known; nothing where it makes no sense."""
    if child is None:
        return
    years = age_on(child, day)
    if len(child.word("dob")) == _BIRTHDAY and years is not None:
        if years >= 0:
            yield str(years)
        return
    about = age_about(child, day)
    if about:
        yield f"About {about}"


@cache
def _fields() -> Mapping[str, Field]:
    """Looked up with every key while the card is open: found once."""
    return definitions.every_field()


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
