"""Lists that several forms share: codes, blocks of columns, clocks and wording."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from booklets.definitions.tables import Table, nearest, refuse_twins
from booklets.errors import DefinitionError
from booklets.forms import CHOSEN, IN_ROWS, Code, Column, Kind

MARKS = frozenset({"ours", "unverified"})
WORD = re.compile(r"[a-z0-9_]+|[A-Z0-9-]+")
"""How the stored word of a choice is written; in capitals it is a national code."""
YES_NO = (Code("yes", "Yes"), Code("no", "No"))


def code(slug: str, words: Any, table: Table) -> Code:
    """One choice: ``slug = "Words"``, or a table with ``label`` and what else belongs to it."""
    if not WORD.fullmatch(slug):
        raise table.wrong(
            f"{slug!r} is stored for ever: small letters, figures and _ only, or a national code"
        )
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
    unverified: frozenset[str] = frozenset()

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

    def choices(self, table: Table, kind: Kind) -> tuple[Code, ...]:
        """The choices of a question or a cell: a shared list by name, or its own table of codes."""
        value = table.raw("codes")
        if kind in {Kind.YES_NO, Kind.DECISION}:
            if value is not None:
                raise table.wrong("a yes-or-no question has no codes of its own")
            return YES_NO
        if kind not in CHOSEN and kind is not Kind.BODY_MAP:
            if value is not None:
                raise table.wrong(f"a {kind} has no codes")
            return ()
        if isinstance(value, str):
            return self.codes(value, table)
        if value is None:
            raise table.wrong(f"a {kind} needs codes")
        if not isinstance(value, dict) or not value:
            raise table.wrong("codes must be the name of a list or a table of codes")
        return tuple(code(slug, words, table) for slug, words in value.items())

    def column(self, table: Table) -> Column:
        """One cell of a row."""
        kind = table.one_of("kind", Kind)
        if kind in IN_ROWS:
            raise table.wrong("rows are one level deep: what needs more is a record of its own")
        column = Column(
            id=table.short_name("id"),
            kind=kind,
            label=table.text("label"),
            codes=self.choices(table, kind),
            required=table.flag("required"),
            help=table.text("help", ""),
            starts_from=table.words("starts_from"),
            starts_as=table.text("starts_as", ""),
        )
        if column.starts_as and column.starts_as not in {one.code for one in column.codes}:
            raise table.wrong(f"starts_as: {column.starts_as!r} is not one of its codes")
        table.done()
        return column


def read_lists(codes: Table, blocks: Table) -> Lists:
    """The shared lists from ``codes.toml`` and ``blocks.toml``."""
    by_name: dict[str, tuple[Code, ...]] = {}
    unverified: set[str] = set()
    for name, content in codes.content.items():
        if not isinstance(content, dict):
            raise DefinitionError(codes.where, f"{name} must be a list of codes under [{name}]")
        inside = Table(f"{codes.where}: {name}", content)
        marks = {key for key, words in content.items() if isinstance(words, bool)}
        for strange in sorted(marks - MARKS):
            raise inside.wrong(f"{strange!r} is not a mark of a list{nearest(strange, MARKS)}")
        by_name[name] = tuple(
            code(slug, words, inside) for slug, words in content.items() if slug not in marks
        )
        if content.get("unverified"):
            unverified.add(name)
    lists = Lists(by_name, {})
    tables = blocks.tables("block")
    blocks.done()
    found = [_block(block, lists) for block in tables]
    refuse_twins(blocks, (name for name, _ in found), "block")
    return Lists(by_name, dict(found), frozenset(unverified))


def _block(block: Table, lists: Lists) -> tuple[str, tuple[Column, ...]]:
    name, columns = block.text("id"), tuple(lists.column(one) for one in block.tables("column"))
    block.text("title", "")
    block.text("source", "")
    block.done()
    refuse_twins(block, (column.id for column in columns), "column")
    return name, columns
