"""Lists that several forms share: codes, blocks of columns, clocks and wording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from booklets.definitions.tables import Table, nearest
from booklets.errors import DefinitionError
from booklets.forms import Code, Column, Kind


def code(slug: str, words: Any, table: Table) -> Code:
    """One choice: ``slug = "Words"``, or a table with ``label`` and what else belongs to it."""
    if isinstance(words, str):
        return Code(slug, words)
    if not isinstance(words, dict) or not isinstance(words.get("label"), str):
        raise table.wrong(f"{slug} needs a label")
    withdrawn = words.get("withdrawn", False)
    also = {key: value for key, value in words.items() if key not in {"label", "withdrawn"}}
    if not isinstance(withdrawn, bool) or any(not isinstance(value, str) for value in also.values()):
        raise table.wrong(f"{slug}: withdrawn is true or false, everything else is words")
    return Code(slug, words["label"], withdrawn, also)


@dataclass(frozen=True, slots=True)
class Lists:
    """The shared lists by name."""

    by_name: Mapping[str, tuple[Code, ...]]
    blocks: Mapping[str, tuple[Column, ...]]

    def codes(self, name: str, table: Table) -> tuple[Code, ...]:
        """A shared code list."""
        if name not in self.by_name:
            raise table.wrong(f"there is no code list {name!r}{nearest(name, self.by_name)}")
        return self.by_name[name]

    def block(self, name: str, table: Table) -> tuple[Column, ...]:
        """The columns of a shared block; no name is no columns."""
        if not name:
            return ()
        if name not in self.blocks:
            raise table.wrong(f"there is no block {name!r}{nearest(name, self.blocks)}")
        return self.blocks[name]

    def column(self, table: Table) -> Column:
        """One cell of a row."""
        kind = table.one_of("kind", Kind)
        codes = table.raw("codes")
        if isinstance(codes, str):
            choices = self.codes(codes, table)
        else:
            choices = tuple(code(slug, words, table) for slug, words in (codes or {}).items())
        if kind is Kind.YES_NO:
            choices = (Code("yes", "Yes"), Code("no", "No"))
        column = Column(
            id=table.text("id"),
            kind=kind,
            label=table.text("label"),
            codes=choices,
            required=table.flag("required"),
            help=table.text("help", ""),
        )
        table.done()
        return column


def read_lists(codes: Table, blocks: Table) -> Lists:
    """The shared lists from ``codes.toml`` and ``blocks.toml``."""
    by_name: dict[str, tuple[Code, ...]] = {}
    for name, content in codes.content.items():
        if not isinstance(content, dict):
            raise DefinitionError(codes.where, f"{name} must be a list of codes under [{name}]")
        inside = Table(f"{codes.where}: {name}", content)
        by_name[name] = tuple(
            code(slug, words, inside) for slug, words in content.items() if not isinstance(words, bool)
        )
    lists = Lists(by_name, {})
    found: dict[str, tuple[Column, ...]] = {}
    for block in blocks.tables("block"):
        found[block.text("id")] = tuple(lists.column(one) for one in block.tables("column"))
        block.text("title", "")
        block.text("source", "")
        block.done()
    blocks.done()
    return Lists(by_name, found)
