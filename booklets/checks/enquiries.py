"""Checks on what is being done to find a child: specific, ended with an outcome, and in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from booklets.answers import Gap, Moment, Row, blank, rows_of, words_in
from booklets.checks.registry import Spot, record_check
from booklets.checks.supervising import known_to, says_enough, shortened
from booklets.facts import Facts


@record_check
def closed_with_outcome(facts: Facts, *, field: str, ended: Sequence[str], outcome: str) -> Sequence[Spot]:
    """Every line that is over says what came of it."""
    return [
        Spot((field,), words=_line(number, row))
        for number, row in _numbered(facts, field)
        if row.get("status") in ended and not _says(row, outcome)
    ]


@record_check
def done_says_when(facts: Facts, *, field: str, ended: Sequence[str], at: str) -> Sequence[Spot]:
    """Every line that was done says when, or why nobody knows."""
    return [
        Spot((field,), words=_line(number, row))
        for number, row in _numbered(facts, field)
        if row.get("status") in ended and blank(row.get(at))
    ]


@record_check
def one_has_begun(facts: Facts, *, fields: Sequence[str], waiting: str) -> Sequence[Spot]:
    """Of these enquiries one at least has begun, is over or is not needed."""
    none = all(facts.answers.get(name) == waiting for name in fields)
    return [Spot(words=str(len(fields)))] if none else []


@record_check
def every_number_was_tried(facts: Facts, *, field: str) -> Sequence[Spot]:
    """Of everybody who is to be rung it is said when they were rung last, and with what outcome."""
    left = [
        number
        for number, row in _numbered(facts, field)
        if blank(row.get("at")) or blank(row.get("outcome"))
    ]
    return [Spot((field,), words=", ".join(f"line {number}" for number in left))] if left else []


@record_check
def late_with_reason(
    facts: Facts, *, field: str, open: Sequence[str], due: str, reason: str
) -> Sequence[Spot]:
    """Every line that should have been over by now says what held it up."""
    return [
        Spot((field,), words=_line(number, row))
        for number, row in _numbered(facts, field)
        if row.get("status") in open and _is_past(facts, row.get(due)) and blank(row.get(reason))
    ]


@record_check
def more_than_usual_enquiries(facts: Facts, *, field: str, column: str) -> Sequence[Spot]:
    """Every line says something that could not be said of any child; a name and a time help."""
    known = known_to(facts)
    return [
        Spot((field,), words=f"“{shortened(text)}”")
        for _, row in _numbered(facts, field)
        for text in words_in(row.get(column))
        if text.strip() and not says_enough(text, known, owned=_says(row, "owner"))
    ]


@record_check
def searched_by_somebody_trained(facts: Facts, *, field: str) -> Sequence[Spot]:
    """Each system that is named was searched by somebody trained for it; a gap says that none was."""
    answer = facts.answers.get(field)
    if isinstance(answer, Gap):
        return [Spot(words="No system has been searched, as far as this says.")]
    trained = {row.get("system"): False for row in rows_of(answer)}
    trained |= {row.get("system"): True for row in rows_of(answer) if row.get("trained") == "yes"}
    left = sum(not one for one in trained.values())
    if not left:
        return []
    return [Spot(words=f"Systems that nobody trained has searched: {left} of {len(trained)}.")]


def _numbered(facts: Facts, field: str) -> Iterator[tuple[int, Row]]:
    return enumerate(rows_of(facts.answers.get(field)), 1)


def _says(row: Row, column: str) -> bool:
    return any(text.strip() for text in words_in(row.get(column))) and not isinstance(row.get(column), Gap)


def _is_past(facts: Facts, due: object) -> bool:
    return facts.now is not None and isinstance(due, Moment) and due.at < facts.now


def _line(number: int, row: Row) -> str:
    said = " ".join(words_in(row.get("what")))
    return f"Line {number} (“{shortened(said)}”)" if said else f"Line {number}"
