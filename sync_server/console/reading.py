"""One record as a document, laid out as the parts of a page. What is read, and in what order: the core's."""

from __future__ import annotations

from collections.abc import Iterator

from booklets import reading
from booklets.entities import Entity
from booklets.records import Record
from sync_server.console.pages import Fact, MentionView, SectionView


class Reader(reading.Reader):
    """Turns one record's answers into the sections of a page."""

    __slots__ = ()

    def sections(self, record: Record, missing: frozenset[str]) -> Iterator[SectionView]:
        """Every section that has something to read."""
        for part in self.parts(record, missing):
            yield SectionView(f"section-{part.id}", part.title, part.lines)

    def mentioned(self, entity: Entity) -> MentionView:
        """A person, place or object with everything that was said of it."""
        known = self.mention(entity)
        facts = tuple(Fact(line.label, "\n".join(line.flat())) for line in known.lines)
        return MentionView(f"entity-{entity.id}", known.kind, known.name, facts)
