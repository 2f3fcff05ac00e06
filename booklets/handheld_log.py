"""What was done with records on a handheld (S-01): each entry chained to the one before it (S-03).

It names records, children and questions by their ids, never a name or an answer. A vault writes its own
chain, so an entry that is left out, changed or put elsewhere shows: its link no longer follows from the one
before. The force takes it in at each contact and writes it into the audit of what it is about.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from booklets.answers import instant, read_instant
from booklets.entities import read_id
from booklets.errors import WireError
from booklets.wire import canonical

FIRST: Final = "0" * 64
"""What the first entry of a vault follows."""
MOST_AT_ONCE: Final = 100
MOST_QUESTIONS: Final = 500
_LONGEST_NAME: Final = 80
_HIGHEST: Final = 2**53


class Done(StrEnum):
    """What was done on a handheld."""

    BEGUN = "begun"
    OPENED = "opened"
    CHANGED = "changed"
    READ = "read"
    READ_OUT = "read_out"
    UNLOCKED = "unlocked"
    UNLOCKED_BY_FINGER = "unlocked_by_finger"


OF_THE_HANDHELD: Final = frozenset({Done.UNLOCKED, Done.UNLOCKED_BY_FINGER})
"""What is done with a vault and not with a record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that was done. ``about`` is the id of an encounter, a record, a child or a vault.

    ``rev`` is the revision that was read, 0 where there is none; ``questions`` are the full ids of those
    whose answer was changed.
    """

    number: int
    at: datetime
    done: Done
    about: str
    rev: int = 0
    questions: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As it is kept, chained and sent."""
        return {
            "number": self.number,
            "at": instant(self.at),
            "done": self.done.value,
            "about": self.about,
            "rev": self.rev,
            "questions": list(self.questions),
        }

    @classmethod
    def from_json(cls, said: object) -> Entry:
        """Read what ``to_json`` wrote. Raises WireError."""
        if not isinstance(said, Mapping):
            raise WireError("not an entry of a handheld's log")
        questions = said.get("questions", [])
        if not isinstance(questions, list) or len(questions) > MOST_QUESTIONS:
            raise WireError("questions must be a list")
        if not all(isinstance(one, str) and 0 < len(one) <= _LONGEST_NAME for one in questions):
            raise WireError("a question must be its id")
        try:
            done = Done(str(said.get("done")))
        except ValueError:
            raise WireError("not something that is done on a handheld") from None
        return cls(
            number=_whole(said.get("number"), least=1),
            at=read_instant(said.get("at")),
            done=done,
            about=str(read_id(said.get("about"))),
            rev=_whole(said.get("rev", 0), least=0),
            questions=tuple(questions),
        )


def link_of(before: str, entry: Entry) -> str:
    """The link of an entry: over all of it and the link before, 64 hexadecimal digits."""
    return hashlib.sha256(b"hwd/log/1" + before.encode() + canonical(entry.to_json())).hexdigest()


def links(before: str, entries: Iterable[Entry]) -> list[str]:
    """The link of each of these, the first of which follows ``before``."""
    found: list[str] = []
    for one in entries:
        before = link_of(before, one)
        found.append(before)
    return found


def _whole(value: object, *, least: int) -> int:
    """JSON knows no difference between 5 and 5.0."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _HIGHEST:
        raise WireError("not a number of a handheld's log")
    return value
