"""One record as a document, laid out as the parts of a page. What is read, and in what order: the core's."""

from __future__ import annotations

from collections.abc import Iterator

from booklets import definitions, reading
from booklets.answers import Row
from booklets.entities import Entity
from booklets.forms import Field
from booklets.records import Record
from sync_server.console.pages import Fact, MentionView, SectionView

ASKS = "sup.asks"
"""A supervisor's questions, each kept with the ids of the record and the question that it is about."""


class Reader(reading.Reader):
    """Turns one record's answers into the sections of a page."""

    __slots__ = ()

    def sections(self, record: Record, missing: frozenset[str]) -> Iterator[SectionView]:
        """Every section that has something to read."""
        for part in self.parts(record, missing):
            yield SectionView(f"section-{part.id}", part.title, part.lines)

    def _row(self, one: Field, row: Row) -> tuple[reading.Cell, ...]:
        """A supervisor's question stands under the words of the question that it is about."""
        if one.id != ASKS:
            return reading.Reader._row(self, one, row)
        asked, words = str(row.get("question", "")), str(row.get("asks", ""))
        about = definitions.every_field().get(asked)
        return (reading.Cell(self.label(about.label if about else asked), words),)

    def mentioned(self, entity: Entity) -> MentionView:
        """A person, place or object with everything that was said of it."""
        known = self.mention(entity)
        facts = tuple(
            Fact(line.label, "\n".join(part for part in (*line.flat(), line.reason) if part))
            for line in known.lines
        )
        return MentionView(f"entity-{entity.id}", known.kind, known.name, facts)
