"""Checks on police protection: two officers, one time limit, what is reviewed, and where the child stays.

The time limit is counted on instants, from when the power was used. Nothing here extends it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from booklets.answers import Answer, Gap, Moment, Row, codes_of, rows_of, said
from booklets.checks.dates import any_of, in_words, reached
from booklets.checks.registry import Spot, check, record_check
from booklets.facts import Facts

NUMBER = re.compile(r"\d+")
NAME = re.compile(r"[^\W\d_]+")
RANKS = frozenset(
    {
        *("pc", "dc", "pcso", "constable", "ps", "ds", "sgt", "sergeant", "insp", "inspector", "di", "pi"),
        *(
            "ci",
            "dci",
            "chief",
            "supt",
            "superintendent",
            "dsupt",
            "detective",
            "acting",
            "temporary",
            "t",
            "a",
        ),
        *("police", "officer", "nyp"),
    }
)
CHECKED = frozenset({"nothing_found", "something_found"})
NO_LONGER = "no"
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@check
def two_people(one: Answer | None, other: Answer | None) -> bool:
    """The two officers are not one and the same, by their numbers where both have one, else by name."""
    if not isinstance(one, str) or not isinstance(other, str):
        return True
    numbers = [{*NUMBER.findall(text)} for text in (one, other)]
    if all(numbers):
        return not numbers[0] & numbers[1]
    names = [{word for word in NAME.findall(text.lower()) if word not in RANKS} for text in (one, other)]
    return not all(names) or not (names[0] <= names[1] or names[1] <= names[0])


@record_check
def another_takes_over(facts: Facts, *, constable: str, transfers: str) -> Sequence[Spot]:
    """Nobody has handed over to the constable who used the power."""
    used = facts.answers.get(constable)
    rows = rows_of(facts.answers.get(transfers))
    return [] if all(two_people(used, row.get("to")) for row in rows) else [Spot((transfers,))]


@check
def one_chosen(answer: Answer | None, *, codes: Sequence[str]) -> bool:
    """One of these codes at least is among the answers, once there is an answer."""
    return not said(answer) or bool(set(codes_of(answer)) & set(codes))


@record_check
def no_power_running(facts: Facts, *, start: str, minutes: int) -> Sequence[Spot]:
    """The power is not in use, or its time is over: there is no hour at which it will end."""
    due = _due(facts, start, minutes)
    runs = due is not None and (facts.now is None or facts.now < due)
    return [Spot((start,), words=in_words(due))] if due is not None and runs else []


@record_check
def power_not_over(facts: Facts, *, start: str, minutes: int) -> Sequence[Spot]:
    """The time that the power lasts at most is not over yet."""
    due = _due(facts, start, minutes)
    over = due is not None and facts.now is not None and facts.now >= due
    return [Spot((start,), words=in_words(due))] if due is not None and over else []


@record_check
def ended_in_time(facts: Facts, *, start: str, ended: str, minutes: int) -> Sequence[Spot]:
    """The power was ended before its time was over."""
    due, end = _due(facts, start, minutes), _moment(facts.answers.get(ended))
    return [Spot((ended,), words=in_words(due))] if due is not None and end is not None and end > due else []


@record_check
def answered_in_time(facts: Facts, *, start: str, field: str, minutes: int) -> Sequence[Spot]:
    """The question has its answer, or it is not ``minutes`` yet since the start. "Later" is no answer."""
    due = _due(facts, start, minutes)
    if due is None or facts.now is None or facts.now < due or said(facts.answers.get(field)):
        return []
    return [Spot((field,), words=in_words(due))]


@record_check
def reviewed_in_time(facts: Facts, *, start: str, reviews: str, minutes: int) -> Sequence[Spot]:
    """No more than ``minutes`` went by before the first review, between two, or since the last."""
    begun = _moment(facts.answers.get(start))
    if begun is None:
        return []
    times = [begun, *sorted(_times(rows_of(facts.answers.get(reviews)), "at"))]
    if facts.now is not None and facts.now > times[-1]:
        times.append(facts.now)
    longest = timedelta(minutes=minutes)
    late = [before + longest for before, after in pairwise(times) if after - before > longest]
    return [Spot((reviews,), words=in_words(late[-1]))] if late else []


@record_check
def next_review_is_set(facts: Facts, *, reviews: str, minutes: int) -> Sequence[Spot]:
    """The newest review says when the next one is, no more than ``minutes`` later, or that it ends now."""
    rows = [row for row in rows_of(facts.answers.get(reviews)) if isinstance(row.get("at"), Moment)]
    newest = max(rows, key=lambda row: _moment(row["at"]) or LONG_AGO, default=None)
    if newest is None or newest.get("cause") == NO_LONGER:
        return []
    at, then = (_moment(newest.get(name)) for name in ("at", "next_at"))
    soon = at is not None and then is not None and at < then <= at + timedelta(minutes=minutes)
    return [] if soon else [Spot((reviews,), words=str(minutes // 60))]


@record_check
def cause_remains(facts: Facts, *, reviews: str) -> Sequence[Spot]:
    """No review says that there is no reasonable cause any more."""
    ended = any(row.get("cause") == NO_LONGER for row in rows_of(facts.answers.get(reviews)))
    return [Spot((reviews,))] if ended else []


@record_check
def every_transfer_accepted(facts: Facts, *, transfers: str) -> Sequence[Spot]:
    """Whoever takes over has accepted it, each time: until then the one before stays responsible."""
    rows = rows_of(facts.answers.get(transfers))
    open_ = [str(row.get("to") or "the next officer") for row in rows if not _accepted(row)]
    return [Spot((transfers,), words=", ".join(open_))] if open_ else []


@record_check
def duty_goes_on(facts: Facts, *, until: str, transfers: str, minutes: int) -> Sequence[Spot]:
    """The designated officer is on duty for ``minutes`` yet, or somebody has accepted to take over."""
    off = _moment(facts.answers.get(until))
    rows = rows_of(facts.answers.get(transfers))
    if off is None or facts.now is None or any(_accepted(row) for row in rows):
        return []
    soon = facts.now > off - timedelta(minutes=minutes)
    return [Spot((until,), words=in_words(off))] if soon else []


@record_check
def station_is_explained(
    facts: Facts, *, where: str, because: str, inspector: str, until: str, least: int
) -> Sequence[Spot]:
    """The child is not at a police station; or it is said why, which inspector agreed, and until when."""
    if facts.answers.get(where) != "police_station":
        return []
    reason = facts.answers.get(because)
    short = not isinstance(reason, str) or len(reason.strip()) < least
    lacks = [because] if short else []
    lacks += [name for name in (inspector, until) if not said(facts.answers.get(name))]
    return [Spot(tuple(lacks))] if lacks else []


@record_check
def home_is_checked(
    facts: Facts, *, at: Mapping[str, Sequence[str]], checks: Sequence[str], found: str
) -> Sequence[Spot]:
    """The child is not with a relative or friend; or each check was made, and what was found is said."""
    if not any_of(facts, at):
        return []
    results = {name: facts.answers.get(name) for name in checks}
    lacks = [name for name, result in results.items() if CHECKED.isdisjoint(codes_of(result))]
    if "something_found" in results.values() and not said(facts.answers.get(found)):
        lacks.append(found)
    return [Spot(tuple(lacks))] if lacks else []


@record_check
def offences_are_accounted_for(
    facts: Facts, *, considered: str, recorded: str, because: str
) -> Sequence[Spot]:
    """Offences were considered; what was, is recorded as a crime, or the reason is said why nothing is."""
    if not said(facts.answers.get(considered)):
        return [Spot((considered,))]
    if set(codes_of(facts.answers.get(considered))) != {"none"} and rows_of(facts.answers.get(recorded)):
        return []
    return [] if said(facts.answers.get(because)) else [Spot((because,))]


@record_check
def gaps_say_why(facts: Facts, *, fields: Sequence[str]) -> Sequence[Spot]:
    """None of these was left open without a word why, where "later" has its time."""
    open_ = {name: facts.answers.get(name) for name in fields}
    return [
        Spot((name,))
        for name, gap in open_.items()
        if isinstance(gap, Gap) and not gap.note.strip() and not gap.due
    ]


@record_check
def duty_team_reached(facts: Facts, *, field: str, once: str) -> Sequence[Spot]:
    """Once the power is used, the calls in the other field have reached somebody: else, whom to ring."""
    if once not in facts.answers or reached(facts.answers.get(field)):
        return []
    team, number = (str(facts.force.get(name, "")) for name in TEAM)
    return [Spot((field,), words=", ".join(part for part in (team, number) if part))]


TEAM = ("emergency_duty_team", "emergency_duty_team_phone")


def _accepted(row: Row) -> bool:
    return isinstance(row.get("accepted_at"), Moment)


def _moment(answer: Answer | None) -> datetime | None:
    return answer.at if isinstance(answer, Moment) else None


def _due(facts: Facts, start: str, minutes: int) -> datetime | None:
    begun = _moment(facts.answers.get(start))
    return begun + timedelta(minutes=minutes) if begun is not None else None


def _times(rows: Sequence[Row], column: str) -> Iterator[datetime]:
    yield from (at.at for row in rows if isinstance(at := row.get(column), Moment))
