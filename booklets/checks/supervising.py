"""Checks on what a supervisor writes: that it says something about this record, and that somebody acts."""

from __future__ import annotations

from collections.abc import Sequence

from booklets.answers import Answer, Moment, rows_of, words_in
from booklets.checks.registry import Spot, check, record_check
from booklets.facts import Facts

OFFENCE_LEFT = "to_record"


@record_check
def says_something(facts: Facts, *, field: str) -> Sequence[Spot]:
    """The text names something of this record, and is not a phrase that could stand under any."""
    answer = facts.answers.get(field)
    texts = [text for row in rows_of(answer) for text in words_in(row.get("what"))] or words_in(answer)
    return [Spot((field,), words=f"“{text.strip()}”") for text in texts if len(text.split()) == 1]


@record_check
def directions_are_owned(facts: Facts, *, field: str = "sup.directions") -> Sequence[Spot]:
    """Every direction says what is to be done, who does it, and by when."""
    spots: list[Spot] = []
    for number, row in enumerate(rows_of(facts.answers.get(field)), 1):
        lacks = [
            words
            for name, words in (("what", "what"), ("who", "who"))
            if not any(text.strip() for text in words_in(row.get(name)))
        ]
        if not isinstance(row.get("by"), Moment):
            lacks.append("by when")
        if lacks:
            spots.append(Spot((field,), words=f"direction {number} does not say {' or '.join(lacks)}."))
    return spots


@check
def somebody_directed(offences: Answer | None, directions: Answer | None) -> bool:
    """Where an offence is still to be recorded, somebody has been directed to something."""
    return offences != OFFENCE_LEFT or bool(rows_of(directions))
