"""One record as a document: its answers under the form's own questions, in the form's own order.

Nothing that an officer wrote is shortened, corrected or left out. A gap is shown with its reason, and a
question that is needed and has neither answer nor gap is shown as missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Row, codes_of, rows_of
from booklets.entities import Entity
from booklets.forms import IN_ROWS, MENTIONS, Code, Field, Form, Kind
from booklets.records import Record
from sync_server.console import words
from sync_server.console.pages import AnswerView, Fact, MentionView, Said, SectionView

NOBODY = "Name not known"
THE_CHILD = "the child"
MENTION_TITLES = {"person": "Person", "place": "Place", "object": "Object"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns one record's answers into words."""

    form: Form
    known: Mapping[str, Entity] = field(repr=False)
    child: str = field(repr=False)
    reasons: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, record: Record) -> Reader:
        """The reader of this record."""
        known = {str(entity.id): entity for entity in record.entities}
        child = known.get(str(record.header.subject))
        short = (child.word("known_as") or child.word("given_names")) if child else ""
        return cls(definitions.form(record.header.form), known, short or THE_CHILD, record.reasons)

    def label(self, text: str) -> str:
        """A question's words, with the child's name in it."""
        said = text.replace("{name}", self.child)
        return said[:1].upper() + said[1:]

    def sections(self, record: Record, missing: frozenset[str]) -> Iterator[SectionView]:
        """Every section that has something to read."""
        for section in self.form.sections:
            answers = tuple(
                self.answer(one, record.answers.get(one.id))
                for one in section.fields
                if one.id in record.answers or one.id in missing
            )
            if answers:
                yield SectionView(f"section-{section.id}", section.title, answers)

    def answer(self, one: Field, answer: Answer | None) -> AnswerView:
        """One question with what is known."""
        label = self.label(one.label)
        reason = "; ".join(why for key, why in self.reasons.items() if one.id in key)
        if answer is None:
            return AnswerView(label, missing=True, reason=reason)
        if isinstance(answer, Gap):
            return AnswerView(label, gap=words.gap(answer), reason=reason)
        if one.kind is Kind.SPEECH:
            return AnswerView(label, speech=tuple(map(self._said, rows_of(answer))), reason=reason)
        if one.kind in IN_ROWS:
            rows = tuple(self._row(one, row) for row in rows_of(answer))
            return AnswerView(label, rows=rows, reason=reason)
        return AnswerView(label, words=self._words(one, answer), exact=one.verbatim, reason=reason)

    def mention(self, entity: Entity) -> MentionView:
        """A person, place or object with everything that was said of it."""
        form = definitions.entity_form(entity.kind.value)
        facts = tuple(
            Fact(self.label(one.label), "\n".join(self._flat(one, entity.facts[one.id])))
            for one in form.fields()
            if one.id in entity.facts
        )
        name = words.name_of(entity, NOBODY)
        return MentionView(f"entity-{entity.id}", MENTION_TITLES[entity.kind.value], name, facts)

    def _flat(self, one: Field, answer: Answer) -> Iterator[str]:
        view = self.answer(one, answer)
        yield from view.words
        yield from (view.gap,) if view.gap else ()
        yield from (f"“{said.said}”" for said in view.speech)
        for row in view.rows:
            yield ", ".join(f"{cell.label.lower()}: {cell.words}" for cell in row)

    def _words(self, one: Field, answer: Answer) -> tuple[str, ...]:
        if isinstance(answer, Moment):
            return (words.moment(answer),)
        return tuple(self._word(one.kind, one.codes, word) for word in codes_of(answer))

    def _word(self, kind: Kind, codes: tuple[Code, ...], word: str) -> str:
        if kind in MENTIONS:
            return words.name_of(self.known.get(word), NOBODY)
        if kind is Kind.DATE:
            return words.date_of(word)
        return next((self.label(code.label) for code in codes if code.code == word), word)

    def _said(self, row: Row) -> Said:
        cells = {name: self._cell(Kind.TEXT, (), cell) for name, cell in row.items()}
        who, to, at = (cells.get(name, "") for name in ("who", "to", "at"))
        by = ", ".join([who or "Who is not recorded", *([f"to {to}"] if to else []), *([at] if at else [])])
        return Said(cells.get("asked", ""), cells.get("said", ""), by)

    def _row(self, one: Field, row: Row) -> tuple[Fact, ...]:
        return tuple(
            Fact(self.label(column.label), self._cell(column.kind, column.codes, row[column.id]))
            for column in one.columns
            if column.id in row
        )

    def _cell(self, kind: Kind, codes: tuple[Code, ...], cell: Answer) -> str:
        if isinstance(cell, Gap):
            return words.gap(cell)
        if isinstance(cell, Moment):
            return words.moment(cell)
        return ", ".join(self._word(kind, codes, word) for word in codes_of(cell))
