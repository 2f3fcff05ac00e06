"""Three situations as they happen, and what is truly written in each: ``tests/support/told`` has the words.

What an officer does not know at that hour is left open with its reason. Which questions there are, and
which choices they have, stands in the handbook.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Facts = dict[str, str]
TOLD = Path(__file__).parent / "told"
IDS = ("county-lines", "three-children", "siblings")
A_DRAFT = "draft."


@dataclass(frozen=True, kw_only=True)
class Told:
    """One record: what it is called here, its guide, how one comes to it, and what is said in it.

    ``way`` is "begin", or the beginning of the identifier that leads on from what was sent.
    """

    name: str
    guide: str
    way: str = "begin"
    chosen: Facts = field(default_factory=dict)
    several: dict[str, tuple[str, ...]] = field(default_factory=dict)
    words: Facts = field(default_factory=dict)
    gaps: Facts = field(default_factory=dict)
    somebody: dict[str, tuple[Facts, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What happened, in a sentence for people, and its records in the order in which they are written."""

    id: str
    title: str
    happened: str
    records: tuple[Told, ...]


def situation(id_: str) -> Situation:
    """The situation of this id, as it is told in its file."""
    read: dict[str, Any] = tomllib.loads(
        (TOLD / f"{id_.replace('-', '_')}.toml").read_text(encoding="utf-8")
    )
    return Situation(
        id=read["id"],
        title=read["title"],
        happened=read["happened"],
        records=tuple(Told(**one) for one in read["record"]),
    )
