"""Answers in the words of whoever reads them outside: the question as it was asked, and what was said.

What has not been said is written as not said; nothing is left out silently. What police shorten is
explained below, and what anybody wrote stays as it was written (Q-08).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from booklets import definitions, in_words
from booklets.answers import Answer, Gap, Moment, Precision, Row, codes_of, rows_of
from booklets.checks.people import too_young_to_be_a_suspect
from booklets.entities import Entity, EntityKind
from booklets.forms import MENTIONS, Column, Field, Kind
from booklets.records import Record

NOT_SAID = "Not recorded"
SHORT_FORMS = "Short forms"
OF_THE_CHILD = (
    *("given_names", "surname", "known_as", "dob", "sex", "ethnicity_sde", "first_language"),
    *("disability_needs", "addresses", "parental_responsibility", "school"),
    *("care_status", "plan_status", "social_worker"),
)
A_WORD = re.compile(r"\w+")
OF_A_YOUNG_CHILD: Mapping[tuple[str, str], str] = MappingProxyType(
    {("ppn.incident_type", "crime_suspect"): "A crime that involves the child: under ten, nobody's suspect"}
)
"""S-10: what is written outside instead of a choice that would call a child under ten a suspect."""
UNITED_KINGDOM = ZoneInfo("Europe/London")


def child_of(record: Record) -> Entity | None:
    """The child the record is about, as far as it says."""
    return next((one for one in record.entities if one.id == record.header.subject), None)


def council(code: str) -> str:
    """A council by its name, or by its code where no list has it."""
    asked = _person_field("la_responsible")
    return asked.label_of(code) if asked else code


def when(moment: datetime) -> str:
    """An instant as people in the United Kingdom read it."""
    return local(moment).strftime("%d/%m/%Y %H:%M")


def local(moment: datetime) -> datetime:
    """An instant on the clocks of the United Kingdom."""
    try:
        return moment.astimezone(UNITED_KINGDOM)
    except OverflowError:  # at the very end of the calendar: nonsense, but it was said
        return moment


def explained(fields: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The fields of a notice, and above the last one what the short forms in it mean, if there are any."""
    rows = tuple(fields)
    text = "\n".join(words for _, words in rows)
    if _looked_up().isdisjoint(A_WORD.findall(text.casefold())):
        return rows
    said = set(A_WORD.findall(text))
    used = {one for word in said if word.casefold() in _looked_up() and (one := _short_form(word))}
    if not used:
        return rows
    meanings = definitions.short_forms()
    meant = "\n".join(f"{one}: {meanings[one]}" for one in sorted(used, key=str.casefold))
    return (*rows[:-1], (SHORT_FORMS, meant), *rows[-1:])


@cache
def _looked_up() -> frozenset[str]:
    """Every word that may be a short form, in small letters: of all words only these are looked at."""
    known = {one.casefold() for one in definitions.short_forms()}
    return frozenset(known | {f"{one}s" for one in known})


def _short_form(word: str) -> str:
    """The short form that a word is, as the list has it; "PPNs" is several of one."""
    known = definitions.short_forms()
    ways = (way for one in (word, word.removesuffix("s")) for way in (one, one.casefold()))
    return next((one for one in ways if one in known), "")


class Words:
    """The answers of one or more records about the same child, in words; the first counts most."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = tuple(records)
        self._answers: dict[str, Answer] = {}
        self._entities: dict[str, Entity] = {}
        for one in reversed(records):
            self._answers |= one.answers
            self._entities |= {str(entity.id): entity for entity in one.entities}
        self._questions = [
            {one.id: one for one in definitions.form_of(record.header).fields()} for record in records
        ]
        self._child = child_of(records[0])
        written = local(records[0].header.submitted.instant).date()
        self._young = self._child is not None and too_young_to_be_a_suspect(self._child, written)

    def lines(self, *names: str, otherwise: str = NOT_SAID) -> str:
        """The questions that were asked, each with its answer, one per line, or ``otherwise``."""
        said = [
            (one, self._answers[one.id])
            for name in names
            if (one := self._field(name)) and name in self._answers
        ]
        lines = [f"{self._asked(one)} {self._say(one, answer)}" for one, answer in said]
        return "\n".join(lines) or otherwise

    def _asked(self, one: Field) -> str:
        """The question as it was asked, with the name the child goes by."""
        name = (self._child.word("known_as") or self._child.word("given_names")) if self._child else ""
        return one.label.replace("{name}", name or "the child")

    def child(self, *facts: str) -> str:
        """Who the child is: by these facts, or by all that the duty team looks for, in its order."""
        lines = [
            f"{self._asked(one)}: {self._say(one, answer)}"
            for name in facts or OF_THE_CHILD
            if (one := _person_field(name)) and (answer := self._fact(name)) is not None
        ]
        return "\n".join(lines) or NOT_SAID

    def fact(self, name: str) -> str:
        """One thing known about the child."""
        one, answer = _person_field(name), self._fact(name)
        return self._say(one, answer) if one and answer is not None else NOT_SAID

    def place(self, name: str, fact: str) -> str:
        """One thing known about a place that was named."""
        return next((word for one in self._mentioned(name) if (word := one.word(fact))), NOT_SAID)

    def of_mentioned(self, name: str, *facts: str) -> list[str]:
        """Of each person or place that a question names, these facts in words; "" where none is known."""
        return [
            ", ".join(
                self._say(one, answer)
                for fact in facts
                if (one := _fact_field(entity.kind, fact))
                and (answer := entity.facts.get(one.id)) is not None
            )
            for entity in self._mentioned(name)
        ]

    def _mentioned(self, name: str) -> list[Entity]:
        return [self._entities[id_] for id_ in codes_of(self._answers.get(name)) if id_ in self._entities]

    def _fact(self, name: str) -> Answer | None:
        return self._child.facts.get(f"person.{name}") if self._child else None

    def _field(self, name: str) -> Field | None:
        return next((known[name] for known in self._questions if name in known), None)

    def _say(self, one: Field, answer: Answer) -> str:
        match answer:
            case Gap(why, note, _):
                return f"{why.value.replace('_', ' ').capitalize()}{': ' + note if note else ''}"
            case Moment():
                return _moment(answer)
            case tuple() if rows_of(answer):
                return "; ".join(self._row(one, row) for row in rows_of(answer))
            case str() if one.kind is Kind.DATE:
                return "/".join(reversed(answer.split("-")))
            case _:
                return ", ".join(self._word(one, word) for word in codes_of(answer))

    def _row(self, one: Field, row: Row) -> str:
        """A row's cells in the order of its columns; of a photograph what is said of it, and no id."""
        if one.kind is Kind.PHOTO:
            return in_words.photo(row)
        if one.kind is Kind.POSITION:
            return in_words.position(row)
        if one.kind is Kind.SIGNATURE:
            return in_words.signature_with_time(row)
        if one.kind is Kind.SPEECH:
            return self._spoken(one, row)
        return ", ".join(
            self._cell(one, column, row[column.id]) for column in one.columns if column.id in row
        )

    def _spoken(self, one: Field, row: Row) -> str:
        """What was said as the record has it: what was asked, the words in quotation marks, and whose."""
        cells = {
            column.id: self._cell(one, column, row[column.id]) for column in one.columns if column.id in row
        }
        who, to, asked, said = (cells.pop(name, "") for name in ("who", "to", "asked", "said"))
        return in_words.spoken(asked, said, in_words.by_whom(who, to, cells.values()))

    def _cell(self, one: Field, column: Column, cell: Answer) -> str:
        if isinstance(cell, (Gap, Moment)):
            return self._say(one, cell)
        return ", ".join([self._choice(column, word) for word in codes_of(cell)])

    def _choice(self, column: Column, word: str) -> str:
        said = next((code.said for code in column.codes if code.code == word), None)
        return self._named(word) if said is None else said

    def _word(self, one: Field, word: str) -> str:
        if one.kind in MENTIONS:
            return self._named(word)
        return (self._young and OF_A_YOUNG_CHILD.get((one.id, word))) or one.label_of(word)

    def _named(self, word: str) -> str:
        """A person's or place's name for its id; any other word is itself.

        At the door a person is often known only by the name that friends and family use.
        """
        entity = self._entities.get(word)
        if entity is None:
            return word
        facts = (
            "given_names" if entity.word("given_names") else "known_as",
            "surname",
            "name",
            "building",
            "street",
            "town",
            "postcode",
            "description",
            "identifier",
        )
        return (
            " ".join(part for fact in facts if (part := entity.word(fact)))
            or "somebody whose name is not known"
        )


def _person_field(name: str) -> Field | None:
    return _fact_field(EntityKind.PERSON, name)


def _fact_field(kind: EntityKind, name: str) -> Field | None:
    return _facts(kind).get(f"{kind.value}.{name}")


@cache
def _facts(kind: EntityKind) -> Mapping[str, Field]:
    return {one.id: one for one in definitions.entity_form(kind.value).fields()}


def _moment(moment: Moment) -> str:
    at = when(moment.at)
    match moment.precision:
        case Precision.EXACT:
            return at
        case Precision.ABOUT:
            return f"about {at}"
        case Precision.DATE_ONLY:
            return at[:10]
        case Precision.RANGE:
            return f"between {at} and {when(moment.until)}" if moment.until else f"from {at}"
