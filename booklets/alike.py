"""An answer that stands, mostly word for word, in another record of the same unit too (Q-02).

The server finds it (``sync_server/team_texts.py``) and tells whoever decides, on the tablet and at the
console: the same few facts in the same words, so that the two never differ. No officer is among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from booklets.answers import instant, read_instant
from booklets.entities import read_id
from booklets.errors import WireError

RULE: Final = "Q-02"
ASKS: Final = "What is so of this child alone?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """``percent`` is how much of the answer to ``question`` is in ``record``, which came ``received_at``."""

    question: str
    percent: int
    record: UUID
    received_at: datetime

    @property
    def says(self) -> str:
        """How much it is, up to where the other record is named."""
        return f"{self.percent}% of it, word for word, is also in"

    def to_json(self) -> dict[str, Any]:
        """As whoever decides is told of it on a tablet."""
        return {
            "question": self.question,
            "percent": self.percent,
            "record": str(self.record),
            "received_at": instant(self.received_at),
        }


def read_alike(said: object) -> Iterator[Alike]:
    """What a tablet was told. Whatever cannot be read is left out: it is no answer, and holds nothing up."""
    for one in said if isinstance(said, list | tuple) else ():
        if not isinstance(one, Mapping):
            continue
        question, percent = one.get("question"), one.get("percent")
        if not isinstance(question, str) or type(percent) is not int:
            continue
        try:
            id_, at = read_id(one.get("record")), read_instant(one.get("received_at"))
        except WireError:
            continue
        yield Alike(question=question, percent=percent, record=id_, received_at=at)
