"""What a supervisor decided lately, as far as it lies on this device: to hold against what is written now.

Two places have it: the news, once the force has told everybody of a decision, and the copies of what was
sent from here, for as long as those may be read. Nothing is kept for this alone. Pure functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from booklets import wire
from booklets.answers import Answers
from booklets.drafts import encounter_from_json
from booklets.encounters import Encounter
from booklets.errors import WireError
from field_app.capture.cases import SUPERVISION
from field_app.capture.heard import DECISION


def decided_before(
    news: Iterable[Mapping[str, Any]],
    copies: Iterable[Mapping[str, Any]],
    *,
    by: str,
    writing: Encounter,
) -> tuple[Answers, ...]:
    """The answers of this officer's other decisions, the newest first, each once.

    What was decided in the same incident is left out: the same child twice may have the same reason twice.
    """
    found = {**dict(_in_copies(copies)), **dict(_in_news(news, by))}
    others = [
        (at, answers)
        for id_, (at, incident, answers) in found.items()
        if id_ != writing.id and incident != writing.incident
    ]
    return tuple(answers for _, answers in sorted(others, key=lambda one: one[0], reverse=True))


_Found = tuple[UUID, tuple[float, UUID, Answers]]


def _in_news(news: Iterable[Mapping[str, Any]], by: str) -> Iterator[_Found]:
    """Decisions that the force has told of. What another version of the app wrote is passed over."""
    for one in news:
        content = (one.get("content") or {}).get("content") if one.get("kind") == DECISION else None
        if not content:
            continue
        try:
            record = wire.record_from_json(content)
        except WireError:
            continue
        header = record.header
        if header.author.id == by:
            at = header.submitted.instant.timestamp()
            yield header.encounter, (at, header.incident, record.answers)


def _in_copies(copies: Iterable[Mapping[str, Any]]) -> Iterator[_Found]:
    """Decisions that were sealed here and may still be read."""
    for copy in copies:
        try:
            sent = encounter_from_json(copy)
        except WireError:
            continue
        if sent.guide == SUPERVISION:
            yield sent.id, (sent.changed.timestamp(), sent.incident, sent.answers)
