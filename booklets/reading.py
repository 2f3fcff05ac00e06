"""A record as a document: its answers under the form's own questions, in the form's own order, in words.

Nothing that an officer wrote is shortened, corrected or left out. A gap is shown with its reason, and a
question that is needed and has neither answer nor gap is shown as missing. A screen and a page are drawn
from the same document; every line says which question it answers, so that a remark can sit beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self
from uuid import UUID

from booklets import definitions, in_words, photos
from booklets.answers import Answer, Gap, Moment, Row, codes_of, rows_of, words_in
from booklets.entities import Entity
from booklets.forms import IN_ROWS, MENTIONS, Code, Field, Form, Kind
from booklets.records import Record
from booklets.sending import differs_key

NOBODY = "Name not known"
FROM_ANOTHER = "From another version of this form"
THE_CHILD = "the child"
THIS_PERSON = "this person"
TITLES = {"person": "Person", "place": "Place", "object": "Object"}
ELSEWHERE = "elsewhere"
"""The part for answers to questions that this version of the form does not ask."""
AWARE = ("appearance", "words", "activity", "relationships", "environment")
"""The parts of a notice that partners read first."""
SAID_OF: Mapping[Kind, Callable[[Row], str]] = {
    Kind.PHOTO: in_words.photo,
    Kind.POSITION: in_words.position,
    Kind.SIGNATURE: in_words.signature_with_time,
}
"""Rows that are read as one line each, and not cell by cell."""
NONE_MISSING: Mapping[UUID, Collection[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row, under its heading."""

    label: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """Exact words: what was asked before, what was said, and by whom, to whom, when."""

    asked: str = field(repr=False)
    said: str = field(repr=False)
    by: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph, a scanned paper or a drawn signature: which attachment it is, and what is said of it.

    ``words`` is all of that in one line, ``caption`` and ``when`` are its parts; the caption of a
    signature (``signed``) is the name of whoever signed.
    """

    attachment: UUID
    media: str
    words: str = field(repr=False)
    caption: str = field(default="", repr=False)
    when: str = field(default="", repr=False)
    signed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One question with what is known: ``words``, ``gap``, ``speech`` or ``rows``, or it is missing.

    What is said of ``pictures`` stands among the ``words``: nobody needs to see one to know of it.

    ``entity`` is set where it is a fact about a person, place or object; ``exact`` marks words that are
    somebody's own and are never commented on. ``reason`` is what the officer answered a rule that asked.
    """

    question: str
    label: str = field(repr=False)
    entity: UUID | None = None
    words: tuple[str, ...] = field(default=(), repr=False)
    exact: bool = False
    gap: str = field(default="", repr=False)
    missing: bool = False
    speech: tuple[Said, ...] = field(default=(), repr=False)
    rows: tuple[tuple[Cell, ...], ...] = field(default=(), repr=False)
    reason: str = field(default="", repr=False)
    pictures: tuple[Picture, ...] = ()

    def flat(self) -> Iterator[str]:
        """Everything that is known, line by line."""
        yield from self.words
        if self.gap:
            yield self.gap
        for said in self.speech:
            yield in_words.spoken(said.asked, said.said, said.by)
        for row in self.rows:
            yield "; ".join(f"{cell.label}: {cell.words}" for cell in row)


@dataclass(frozen=True, slots=True)
class Part:
    """Lines that belong together, under the title the form gives them."""

    id: str
    title: str
    lines: tuple[Line, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mention:
    """A person, place or object with everything that was said of it.

    ``reason`` is what the officer answered a rule that asked about this one.
    """

    entity: UUID
    kind: str
    name: str = field(repr=False)
    lines: tuple[Line, ...] = field(repr=False)
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One record, to be read from top to bottom."""

    record: UUID
    revision: int
    form: str
    title: str
    child: str = field(repr=False)
    parts: tuple[Part, ...] = field(repr=False)
    mentions: tuple[Mention, ...] = field(repr=False)

    def lines(self) -> Iterator[Line]:
        """Every line, the record's own first."""
        for part in self.parts:
            yield from part.lines
        for mention in self.mentions:
            yield from mention.lines


def read(
    record: Record,
    missing: Collection[str] = (),
    missing_of: Mapping[UUID, Collection[str]] = NONE_MISSING,
) -> Document:
    """The document of one record. ``missing`` are questions that are needed and have no answer."""
    reader = Reader.of(record)
    return Document(
        record=record.header.record,
        revision=record.header.revision,
        form=record.header.form,
        title=reader.form.title,
        child=reader.child,
        parts=tuple(reader.parts(record, missing)),
        mentions=tuple(reader.mention(one, missing_of.get(one.id, ())) for one in record.entities),
    )


def called(entity: Entity | None, otherwise: str) -> str:
    """The name somebody goes by."""
    return (entity.word("known_as") or entity.word("given_names") if entity else "") or otherwise


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns one record's answers into words."""

    form: Form
    known: Mapping[str, Entity] = field(repr=False)
    child: str = field(repr=False)
    reasons: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, record: Record) -> Self:
        """The reader of this record."""
        known = {str(entity.id): entity for entity in record.entities}
        child = called(known.get(str(record.header.subject)), THE_CHILD)
        return cls(definitions.form_of(record.header), known, child, record.reasons)

    def label(self, text: str, whom: str = "") -> str:
        """A question's words, with the name in it of whom it asks about: the child unless told."""
        said = text.replace("{name}", whom or self.child)
        return said[:1].upper() + said[1:]

    def parts(self, record: Record, missing: Collection[str]) -> Iterator[Part]:
        """Every part that has something to read: AWARE first, then in the order of the form."""
        known = {one.id for one in self.form.fields()}
        for section in sorted(self.form.sections, key=lambda one: one.id not in AWARE):
            lines = tuple(
                self.line(one, record.answers.get(one.id))
                for one in section.fields
                if one.id in record.answers or one.id in missing
            )
            if lines:
                yield Part(section.id, section.title, lines)
        others = tuple(
            self.unasked(name, record.answers[name]) for name in record.answers if name not in known
        )
        if others:
            yield Part(ELSEWHERE, FROM_ANOTHER, others)

    def mention(self, entity: Entity, missing: Collection[str] = ()) -> Mention:
        """A person, place or object with everything that was said of it."""
        form = definitions.entity_form(entity.kind.value)
        asked = {one.id: one for one in form.fields() if one.id in entity.facts or one.id in missing}
        lines = [self.line(one, entity.facts.get(name), entity.id) for name, one in asked.items()]
        lines += [
            self.unasked(name, answer, entity.id)
            for name, answer in entity.facts.items()
            if name not in asked
        ]
        name = in_words.name_of(entity, NOBODY)
        return Mention(
            entity.id, TITLES[entity.kind.value], name, tuple(lines), self._reason(str(entity.id))
        )

    def line(self, one: Field, answer: Answer | None, entity: UUID | None = None) -> Line:
        """One question with what is known."""
        words: tuple[str, ...] = ()
        speech: tuple[Said, ...] = ()
        rows: tuple[tuple[Cell, ...], ...] = ()
        pictures = tuple(_pictures(one.kind, answer)) if one.kind in SAID_OF else ()
        if one.kind is Kind.SPEECH:
            speech = tuple(map(self._said, rows_of(answer)))
        elif one.kind not in SAID_OF:
            rows = tuple(self._row(one, row) for row in rows_of(answer))
        if answer is not None and not isinstance(answer, Gap) and not speech and not rows:
            words = self._words(one, answer)
        return Line(
            question=one.id,
            label=self.label(one.label, called(self.known.get(str(entity)), THIS_PERSON) if entity else ""),
            entity=entity,
            words=words,
            exact=one.verbatim and bool(words or speech or rows),
            gap=in_words.gap(answer) if isinstance(answer, Gap) else "",
            missing=answer is None,
            speech=speech,
            rows=rows,
            reason=self._reason(one.id)
            if entity is None
            else self.reasons.get(differs_key(one.id, entity), ""),
            pictures=pictures,
        )

    def _reason(self, about: str) -> str:
        """What the officer answered the rules that asked about this question, or about this person."""
        return "; ".join(why for key, why in self.reasons.items() if key.partition(":")[2] == about)

    def _beside(self, question: str, entity: UUID) -> str:
        """What somebody else had to a fact of this person, such as the force's register (R-55)."""
        return self.reasons.get(differs_key(question, entity), "")

    def unasked(self, name: str, answer: Answer, entity: UUID | None = None) -> Line:
        """An answer to a question that is not on this form: shown as it was asked once, else by its name."""
        by_name = Field(id=name, kind=Kind.TEXT, label=in_words.plain_code(name.partition(".")[2] or name))
        return self.line(definitions.once_asked(name) or by_name, answer, entity)

    def _words(self, one: Field, answer: Answer) -> tuple[str, ...]:
        if isinstance(answer, Moment):
            return (in_words.moment(answer),)
        if one.kind in SAID_OF:
            return tuple(map(SAID_OF[one.kind], rows_of(answer)))
        if one.kind in IN_ROWS:
            return words_in(answer)
        return tuple(self._word(one.kind, one.codes, word) for word in codes_of(answer))

    def _word(self, kind: Kind, codes: Iterable[Code], word: str) -> str:
        if kind in MENTIONS:
            return in_words.name_of(self.known.get(word), NOBODY)
        if kind is Kind.DATE:
            return in_words.date_of(word)
        return next((self.label(code.said) for code in codes if code.code == word), word)

    def _said(self, row: Row) -> Said:
        cells = {name: self._cell(Kind.TEXT, (), cell) for name, cell in row.items()}
        asked, said, who, to, at = (cells.pop(name, "") for name in ("asked", "said", "who", "to", "at"))
        return Said(asked, said, in_words.by_whom(who, to, (at, *cells.values())))

    def _row(self, one: Field, row: Row) -> tuple[Cell, ...]:
        columns = {column.id: column for column in one.columns}
        known = [
            Cell(self.label(column.label), self._cell(column.kind, column.codes, row[name]))
            for name, column in columns.items()
            if name in row
        ]
        others = [
            Cell(in_words.plain_code(name), self._cell(Kind.TEXT, (), cell))
            for name, cell in row.items()
            if name not in columns
        ]
        return (*known, *others)

    def _cell(self, kind: Kind, codes: Iterable[Code], cell: Answer) -> str:
        if isinstance(cell, Gap):
            return in_words.gap(cell)
        if isinstance(cell, Moment):
            return in_words.moment(cell)
        return ", ".join(self._word(kind, codes, word) for word in codes_of(cell))


def _pictures(kind: Kind, answer: Answer | None) -> Iterator[Picture]:
    for row in rows_of(answer):
        if (found := photos.attachment_of(row)) is not None:
            caption = str(row.get(photos.CAPTION, ""))
            media = str(row.get(photos.MEDIA, ""))
            signed, when = kind is Kind.SIGNATURE, in_words.photo_when(row)
            yield Picture(found, media, SAID_OF[kind](row), caption, when, signed)
