"""Checks on a risk assessment: what weighs, what a level rests on, markers, and the next look at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from booklets.answers import Answer, Answers, Moment, codes_of, rows_of, said
from booklets.checks.dates import age_on, any_of, in_words, uk_time
from booklets.checks.registry import Spot, record_check
from booklets.facts import Facts

HIGH = "high"
FEWEST = 2
"""So many answers a level rests on, where there are so many."""
ANYTHING_ELSE = "f29"
MARKERS = "person.warning_markers"
PRIORITY_MARKER = "PMISS"
"""The warning marker of a child who is a priority when missing."""
EXPLOITATION = "person.exploitation_level"
"""How much exploitation the team's last review saw, as far as it is known of a child."""
LEVELS_SETTING, LEVELS = "exploitation_levels_with_plan", ("significant",)


@record_check
def critical_means_high(facts: Facts, *, level: str, factors: Sequence[str]) -> Sequence[Spot]:
    """Where an answer that weighs critically is a yes, the level is high, or not chosen yet."""
    found = [name for name in factors if facts.answers.get(name) == "yes"]
    chosen = facts.answers.get(level)
    if not found or not said(chosen) or chosen == HIGH:
        return []
    return [Spot((level,), words=f"{len(found)} critical {'answer' if len(found) == 1 else 'answers'}")]


@record_check
def level_rests_on_answers(
    facts: Facts, *, field: str, none: str, factors: Sequence[str], critical: Sequence[str] = ()
) -> Sequence[Spot]:
    """The level rests on every critical yes, and on two that were a yes, one where there is one, or none."""
    chosen = set(codes_of(facts.answers.get(field))) - {ANYTHING_ELSE}
    said_yes = {_short(name) for name in factors if facts.answers.get(name) == "yes"}
    left_out = said_yes & {_short(name) for name in critical} - chosen
    if not codes_of(facts.answers.get(field)):
        return []
    words = ""
    if none in chosen and (said_yes or len(chosen) > 1):
        words = "None of them and some of them cannot both be so. Which does the level rest on?"
    elif chosen - said_yes - {none}:
        words = "The level rests on something that was not answered with yes. Which is right?"
    elif len(chosen & said_yes) < min(FEWEST, len(said_yes)):
        words = f"{len(said_yes)} answers were a yes. Which of them does the level rest on, two at least?"
    elif left_out:
        words = f"Of what weighs most, {len(left_out)} was a yes and is left out. Is it taken into account?"
    return [Spot((field,), words=words)] if words else []


def _short(name: str) -> str:
    """The choice that stands for a question: ``f04`` for ``ra.f04_suicide_selfharm``."""
    return name.partition(".")[2].partition("_")[0]


def markers_of(facts: Facts) -> frozenset[str]:
    """The warning markers of the child the record is about."""
    child = facts.child()
    return markers_in(child.facts) if child else frozenset()


def markers_in(child: Answers) -> frozenset[str]:
    """The warning markers that are among what is known of a child."""
    return frozenset(code for row in rows_of(child.get(MARKERS)) for code in codes_of(row.get("marker")))


def levels_in_great_danger(force: Mapping[str, object]) -> frozenset[str]:
    """R-32: the levels of exploitation at which the force wants a plan, and a child is a priority."""
    said_so = force.get(LEVELS_SETTING)
    return frozenset(map(str, said_so)) if isinstance(said_so, (list, tuple)) else frozenset(LEVELS)


def in_great_danger(child: Answers, force: Mapping[str, object]) -> bool:
    """Whether what is known of a child makes them a priority when missing: the marker, or the level."""
    seen = set(codes_of(child.get(EXPLOITATION)))
    return PRIORITY_MARKER in markers_in(child) or not seen.isdisjoint(levels_in_great_danger(force))


@record_check
def no_priority_when_missing(facts: Facts) -> Sequence[Spot]:
    """Neither marker nor level of exploitation makes the child a priority, as far as the record says."""
    child = facts.child()
    return [Spot()] if child is not None and in_great_danger(child.facts, facts.force) else []


@record_check
def no_markers_known(facts: Facts) -> Sequence[Spot]:
    """Police hold no warning marker on the child, as far as the record says."""
    markers = markers_of(facts)
    return [Spot((), words=str(len(markers)))] if markers else []


@record_check
def every_marker_considered(facts: Facts, *, field: str) -> Sequence[Spot]:
    """Of each warning marker on the child it is said how it changes the risk."""
    markers = markers_of(facts)
    rows = rows_of(facts.answers.get(field))
    considered = {code for row in rows if said(row.get("effect")) for code in codes_of(row.get("marker"))}
    open_ = markers - considered
    return [Spot((field,), words=f"{len(open_)} of {len(markers)}")] if open_ else []


@record_check
def reviewed_soon_enough(
    facts: Facts, *, start: str, field: str, level: str, minutes_high: int, minutes: int
) -> Sequence[Spot]:
    """The next look at the risk comes within the force's time for this level, counted from ``start``."""
    begun, planned = facts.answers.get(start), facts.answers.get(field)
    if not isinstance(begun, Moment) or not isinstance(planned, Moment):
        return []
    if not said(facts.answers.get(level)):
        return []
    latest = begun.at + timedelta(minutes=minutes_high if facts.answers.get(level) == HIGH else minutes)
    return [Spot(words=in_words(latest))] if planned.at > latest else []


@record_check
def young_child_is_flagged(facts: Facts, *, field: str, age: int) -> Sequence[Spot]:
    """Nobody says of a child under this age that it can keep safe alone."""
    child = facts.child()
    if child is None or facts.now is None or facts.answers.get(field) != "no":
        return []
    years = age_on(child, uk_time(facts.now).date())
    return [Spot((field,), words=str(age))] if years is not None and years < age else []


@record_check
def not_missing_too_often(
    facts: Facts,
    *,
    thresholds: Sequence[Mapping[str, object]],
    counts: Mapping[str, str],
    conditions: Mapping[str, Mapping[str, Sequence[str]]],
) -> Sequence[Spot]:
    """This episode and those before it are fewer than each of the force's limits.

    A limit is so many ``times`` in so many ``days``; with ``also`` it counts only where one of the answers
    under that name in ``conditions`` holds as well.
    """
    for limit in thresholds:
        name = counts.get(str(limit["days"]), "")
        times = _whole(facts.answers.get(name)) + 1
        also = str(limit.get("also", ""))
        holds = not also or any_of(facts, conditions.get(also, {}))
        if name in facts.answers and times >= int(str(limit["times"])) and holds:
            return [Spot((name,), words=f"{times} times in {limit['days']} days")]
    return []


def _whole(answer: Answer | None) -> int:
    return int(answer) if isinstance(answer, str) and answer.isdecimal() else 0


@record_check
def answered_once(facts: Facts, *, once: str, field: str) -> Sequence[Spot]:
    """Once the one question has its answer, the other has one too. A gap is none."""
    if not said(facts.answers.get(once)) or said(facts.answers.get(field)):
        return []
    return [Spot((field,))]
