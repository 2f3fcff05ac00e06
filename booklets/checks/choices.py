"""Checks on what was chosen: the codes that a rule waits for, and decisions that need a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from booklets.answers import Answer, Gap, Row, Why, codes_of, rows_of, said
from booklets.checks.dates import any_of
from booklets.checks.registry import Spot, check, record_check
from booklets.facts import Facts

RISING = ("very_low", "low", "medium", "high")
FIRST = ("0", "1")
DEAD = frozenset({"dead", "deceased"})
NOT_SEEN = frozenset({"phoned"})
"""How a child was "found" whom nobody has seen: they have rung, and are missing still."""


SAY_DEAD = ("ret.found_how", "ret.condition", "mis.returned_before_report")
"""Where a record may say that the child has died."""


def child_has_died(answers: Mapping[str, Answer]) -> bool:
    """R-50: the return or the report says that the child was found dead or has died."""
    return any(DEAD & set(codes_of(answers.get(name))) for name in SAY_DEAD)


def has_only_rung(answers: Mapping[str, Answer]) -> bool:
    """R-08b: the return says that the child has rung or written, and that nobody has seen them."""
    return bool(NOT_SEEN & set(codes_of(answers.get("ret.found_how"))))


@check
def none_chosen(*answers: Answer | None, codes: Sequence[str]) -> bool:
    """None of the answers holds any of these codes."""
    return not any(set(codes_of(answer)) & set(codes) for answer in answers)


@check
def none_chosen_where(*answers: Answer | None, codes: Sequence[str], applies: bool, be: bool) -> bool:
    """None of these codes is chosen; looked at only where the force's ``applies`` is as it has to ``be``."""
    return applies is not be or none_chosen(*answers, codes=codes)


@check
def nothing_beside(answer: Answer | None, *, code: str) -> bool:
    """The code that says "nothing" stands alone, or is not chosen."""
    chosen = set(codes_of(answer))
    return code not in chosen or chosen == {code}


@check
def not_left_open(answer: Answer | None) -> bool:
    """The question was not left at a gap: whoever answers it has decided."""
    return not isinstance(answer, Gap)


@check
def ruled_out(answer: Answer | None) -> bool:
    """The answer is a plain no. A gap rules nothing out: not knowing counts as a risk."""
    return answer is None or answer == "no"


@check
def ruled_out_or_ungraded(answer: Answer | None) -> bool:
    """A plain no, or that no risk was graded; any other gap rules nothing out."""
    return ruled_out(answer) or (isinstance(answer, Gap) and answer.why is Why.NOT_APPLICABLE)


@check
def ruled_out_throughout(asked: Answer | None, *named: Answer | None, codes: Sequence[str]) -> bool:
    """Nothing else that was ticked names what the question asks for, and its own answer rules it out."""
    return ruled_out(asked) and none_chosen(*named, codes=codes)


@check
def not_back_alive(found_at: Answer | None, found_how: Answer | None, condition: Answer | None) -> bool:
    """The child is not back yet, has only rung, or has died: nothing is sent by itself."""
    if set(codes_of(found_how)) & (DEAD | NOT_SEEN) or set(codes_of(condition)) & DEAD:
        return True
    return found_at is None


@check
def acted_at_once(self_harm: Answer | None, action: Answer | None, *, nothing: Sequence[str]) -> bool:
    """Where a child speaks of self-harm, something has been done, not only a reason given for nothing."""
    if self_harm != "yes" or not said(action):
        return True
    return not set(codes_of(action)) <= set(nothing)


@check
def no_immediate_danger(danger: Answer | None, stop_danger: Answer | None, home_safe: Answer | None) -> bool:
    """Nobody is said to be in danger now, and where the child is has not been called unsafe."""
    return "yes" not in (danger, stop_danger) and home_safe != "no"


@check
def not_lowered_alone(before: Answer | None, now: Answer | None, agreed: Answer | None) -> bool:
    """The risk has not been lowered, or a second person agreed to it."""
    if before not in RISING or now not in RISING:
        return True
    return RISING.index(str(now)) >= RISING.index(str(before)) or said(agreed)


@check
def later_than_the_first(version: Answer | None, used_before: Answer | None) -> bool:
    """Where an earlier version was used, this is not the first."""
    return used_before != "yes" or version not in FIRST


@check
def level_as_before(before: Answer | None, now: Answer | None) -> bool:
    """The risk is graded as it was, or one of the two levels is not known."""
    return before not in RISING or now not in RISING or before == now


@check
def in_one_list_only(one: Answer | None, other: Answer | None) -> bool:
    """Nothing stands in both lists."""
    return not set(codes_of(one)) & set(codes_of(other))


@check
def not_closed_as_concern(category: Answer | None, nobody_knew_where: Answer | None) -> bool:
    """A missing episode is not closed as "concern for safety".

    Only a plain "no" to "was there a time when nobody knew where the child was" makes
    that category right; an answer that is missing does not.
    """
    return category != "concern_for_safety" or nobody_knew_where == "no"


@record_check
def ppn_or_a_reason(
    facts: Facts, *, decision: str, because: str, least: int, signs: Mapping[str, Sequence[str]]
) -> Sequence[Spot]:
    """Where signs of harm were written down, "no PPN" has a reason of some substance."""
    reason = facts.answers.get(because)
    if facts.answers.get(decision) != "no" or not isinstance(reason, str) or not any_of(facts, signs):
        return []
    return [Spot((because,))] if len(reason.strip()) < least else []


@record_check
def victim_first(facts: Facts, *, offence: str, signs: Mapping[str, Sequence[str]]) -> Sequence[Spot]:
    """A child who may have committed a crime shows no signs of having been made to."""
    if facts.answers.get(offence) != "yes" or not any_of(facts, signs):
        return []
    return [Spot((offence,))]


@record_check
def nothing_important_unknown(facts: Facts, *, fields: Sequence[str]) -> Sequence[Spot]:
    """None of the questions that matter most was left at "not known". All together are one spot."""
    unknown = tuple(
        name for name in fields if (gap := _gap(facts, name)) is not None and gap.why is Why.NOT_KNOWN
    )
    return [Spot(unknown, words=str(len(unknown)))] if unknown else []


@record_check
def few_gaps(facts: Facts, *, most: int, unless: Mapping[str, Sequence[str]]) -> Sequence[Spot]:
    """No more questions than ``most`` were left with a gap, unless they had to be."""
    gaps = tuple(name for name in facts.answers if _gap(facts, name) is not None)
    if len(gaps) <= most or any_of(facts, unless):
        return []
    return [Spot(gaps, words=str(len(gaps)))]


def _gap(facts: Facts, name: str) -> Gap | None:
    answer = facts.answers.get(name)
    return answer if isinstance(answer, Gap) else None


@record_check
def rows_at_least(facts: Facts, *, field: str, least: int) -> Sequence[Spot]:
    """An answer in rows has as many as it takes to be of use; one that is missing is another matter."""
    rows = rows_of(facts.answers.get(field))
    if not rows or len(rows) >= least:
        return []
    return [Spot((field,), words="1 line" if len(rows) == 1 else f"{len(rows)} lines")]


@record_check
def rows_say_in_words(
    facts: Facts, *, prefix: str, column: str, codes: Sequence[str], words: str
) -> Sequence[Spot]:
    """Where a row has one of these choices in its ``column``, it says the rest under ``words``.

    Outside rows the next question asks for it. A gap with its reason is an answer.
    """
    beginning = f"{prefix}."
    return [
        Spot((name,), words=f"Line {number}")
        for name, rows in facts.once("answers in rows", lambda: _in_rows(facts))
        if name.startswith(beginning)
        for number, row in enumerate(rows, 1)
        if row.get(column) in codes and _unsaid(row.get(words))
    ]


def _in_rows(facts: Facts) -> list[tuple[str, tuple[Row, ...]]]:
    """The answers that have rows: few have, and several rules look through all of them."""
    return [(name, rows) for name, answer in facts.answers.items() if (rows := rows_of(answer))]


def _unsaid(cell: Answer | None) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
