"""Timed duties: from what a record says to what is due when.

A clock starts at a moment that the record names, runs for a length that law,
guidance or the force has set, and stops when the record says it was done. It
runs on instants: a clock change never adds or loses an hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from booklets.answers import Answers, Gap, Moment, codes_of, rows_of, said
from booklets.conditions import ALWAYS, NEVER, Condition
from booklets.errors import DefinitionError
from booklets.school_days import SETTING, read_school_days

AT_ONCE = "minutes_to_act_at_once"
MINUTES_AT_ONCE = 15
"""How long "now" is where the force has set no time of its own."""
WITHIN: Mapping[str, timedelta] = MappingProxyType(
    {"within_1h": timedelta(hours=1), "this_shift": timedelta(hours=24), "within_24h": timedelta(hours=24)}
)
"""How long the choices of the list ``priority`` leave; a shift is over within a day, whenever it ends."""
CONTACT = frozenset({"with", "outcome"})
PPN_CLOCK, RETURN_CLOCK = "ppn_submitted", "council_told_of_return"
MISSING_CLOCK = "council_told_of_missing"
"""The clocks that are spoken of by name: a PPN is due, and the calls to the council about a child."""
"""A row with one of these is a call: who was rung, and how it ended."""


class Basis(StrEnum):
    """What a clock rests on."""

    STATUTE = "statute"
    GUIDANCE = "guidance"
    FORCE = "force"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One duty with a time limit. ``minutes`` is a number, or a force setting's name after ``@``.

    ``at_most`` is the longest that the law allows, in minutes, or nought where it says nothing.

    It runs where ``when`` holds, and not where ``unless`` does. With ``end_of_shift`` it is due when the
    shift ends in which it started, and after ``minutes`` at the latest. With ``school_day`` it is due
    when the next school day begins, after ``minutes`` at the earliest.

    With ``or_begun`` it starts when the record was begun, where nobody knows any of the moments it starts
    at: an officer had heard of it by then.
    """

    id: str
    title: str
    starts: tuple[str, ...]
    minutes: int | str
    basis: Basis
    owner: str
    stops: str = ""
    when: Condition = ALWAYS
    unless: Condition = NEVER
    end_of_shift: bool = False
    school_day: bool = False
    or_begun: bool = False
    at_most: int = 0
    source: str = ""
    unverified: bool = False

    def length(self, force: Mapping[str, object]) -> timedelta:
        """How long the duty may take in this force."""
        minutes = setting(self.minutes, force)
        if not isinstance(minutes, int):
            raise DefinitionError(
                f"clock {self.id}", f"the force's {self.minutes} must be a number of minutes"
            )
        return timedelta(minutes=minutes)

    def due(self, start: datetime, force: Mapping[str, object], shift_ends: datetime | None) -> datetime:
        """When it is due that started then."""
        latest = start + self.length(force)
        if self.school_day:
            return read_school_days(force[SETTING]).next_begins(latest)
        return by_end_of_shift(start, latest, shift_ends) if self.end_of_shift else latest


@dataclass(frozen=True, slots=True)
class Running:
    """A clock as it stands for one record. ``from_begun``: it counts from when the record was begun."""

    clock: Clock
    started: datetime
    due: datetime
    done: bool
    from_begun: bool = False

    def late(self, now: datetime) -> bool:
        """Whether the time is over and the thing is not done."""
        return not self.done and now > self.due


def by_end_of_shift(start: datetime, latest: datetime, shift_ends: datetime | None) -> datetime:
    """The end of the shift, no later than ``latest``; that alone where the shift had ended before."""
    return min(latest, shift_ends) if shift_ends is not None and shift_ends > start else latest


def at_once(force: Mapping[str, object]) -> timedelta:
    """How long "now" is: what is asked for at once has an hour as well, or nobody sees that it is late."""
    minutes = force.get(AT_ONCE)
    return timedelta(minutes=minutes if isinstance(minutes, int) else MINUTES_AT_ONCE)


def at_the_latest(
    soon: str, since: datetime, shift_ends: datetime | None = None, *, now: timedelta | None = None
) -> datetime | None:
    """By when something is to be done that was asked for so soon; nothing where that names no time.

    ``now`` is how long the force gives what is to be done at once (``at_once``): without it, a person says.
    """
    length = now if soon == "immediate" else WITHIN.get(soon)
    if length is None:
        return None
    latest = since + length
    return by_end_of_shift(since, latest, shift_ends) if soon == "this_shift" else latest


def setting(value: object, force: Mapping[str, object]) -> object:
    """A plain value, or the force's own for ``@name``. ``definitions.force`` saw that it has them all."""
    if isinstance(value, str) and value.startswith("@"):
        return force[value[1:]]
    return value


def running(
    clocks: Iterable[Clock],
    answers: Answers,
    force: Mapping[str, object],
    shift_ends: datetime | None = None,
    begun: datetime | None = None,
) -> Iterator[Running]:
    """The clocks that have started, the soonest due first. ``begun`` is when the record was."""
    started = [one for clock in clocks if (one := _started(clock, answers, force, shift_ends, begun))]
    yield from sorted(started, key=lambda one: one.due)


def _started(
    clock: Clock,
    answers: Answers,
    force: Mapping[str, object],
    shift_ends: datetime | None,
    begun: datetime | None,
) -> Running | None:
    if not clock.when.holds(answers) or clock.unless.holds(answers):
        return None
    moments = (answers.get(name) for name in clock.starts)
    start = next((moment.at for moment in moments if isinstance(moment, Moment)), None)
    from_begun = counts_from_begun(clock, answers)
    start = begun if from_begun else start
    if start is None:
        return None
    due = clock.due(start, force, shift_ends)
    return Running(clock, start, due, has_stopped(clock, answers), from_begun)


def counts_from_begun(clock: Clock, answers: Answers) -> bool:
    """Whether nobody knows any of the moments at which it starts, and one of them was asked for.

    What has not been answered yet is not unknown: until somebody says so, it may still be typed.
    """
    said_so = [answers[name] for name in clock.starts if name in answers]
    known = any(isinstance(one, Moment) for one in said_so)
    return clock.or_begun and not known and any(isinstance(one, Gap) for one in said_so)


def has_stopped(clock: Clock, answers: Answers) -> bool:
    """Whether these answers say that it was done.

    A row of contacts counts when somebody was reached; any other answer counts when it is there.
    """
    if not clock.stops:
        return False
    answer = answers.get(clock.stops)
    calls = [row for row in rows_of(answer) if not CONTACT.isdisjoint(row)]
    if calls:
        return any(codes_of(row.get("outcome")) not in ((), ("no_answer",), ("failed",)) for row in calls)
    return said(answer)
