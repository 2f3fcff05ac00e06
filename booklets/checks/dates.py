"""Checks on when things happened, and the few sums about time that other checks need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from booklets.answers import Answer, Answers, Moment, Precision, codes_of, rows_of, said
from booklets.checks.registry import Spot, check, entity_check, record_check
from booklets.clocks import by_end_of_shift
from booklets.entities import Entity
from booklets.facts import Facts

ADULT = 18
ABOUT = timedelta(hours=1)
CLOCK_SLIP = timedelta(minutes=5)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def uk_time(instant: datetime) -> datetime:
    """An instant as clocks in the United Kingdom show it, without asking a time-zone file for it."""
    utc = instant.astimezone(UTC)
    starts = _last_sunday(utc.year, 3)
    ends = _last_sunday(utc.year, 10)
    return utc + timedelta(hours=1) if starts <= utc < ends else utc


def _last_sunday(year: int, month: int) -> datetime:
    """The instant at which the clocks change in March or October: 01:00 UTC."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def in_words(instant: datetime) -> str:
    """A time as an officer reads it: ``03:31, Sat 14 March``."""
    local = uk_time(instant)
    return f"{local:%H:%M}, {DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}"


def born_by(entity: Entity) -> date | None:
    """The latest day on which somebody with this date of birth, or this much of one, was born."""
    match [int(part) for part in entity.word("dob").split("-") if part.isdecimal()]:
        case [year, month, day] if _is_day(year, month, day):
            return date(year, month, day)
        case [year, month] if _is_day(year, month, 1):
            return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        case [year] if _is_day(year, 1, 1):
            return date(year, 12, 31)
        case _:
            return None


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return year < date.max.year


def age_on(entity: Entity, day: date) -> int | None:
    """The youngest age this person can have on ``day``: from the date of birth, else as estimated."""
    born = born_by(entity)
    if born is None:
        estimate = entity.word("age_estimate")
        return int(estimate) if estimate.isdecimal() else None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_about(entity: Entity, day: date) -> str:
    """About how old, where the whole birthday is not known: as estimated, or from the year that is known."""
    known = len(entity.word("dob")) in {len("2011"), len("2011-03")}
    youngest = age_on(entity, day) if known else None
    return entity.word("age_estimate") if youngest is None else str(max(youngest, 0))


@check
def not_after(earlier: Answer | None, later: Answer | None) -> bool:
    """The first moment is no later than the second, as far as both are known exactly."""
    if not isinstance(earlier, Moment) or not isinstance(later, Moment):
        return True
    if Precision.DATE_ONLY in {earlier.precision, later.precision}:
        return uk_time(earlier.at).date() <= uk_time(later.until or later.at).date()
    slack = ABOUT if Precision.ABOUT in {earlier.precision, later.precision} else timedelta(0)
    return earlier.at <= (later.until or later.at) + slack


@entity_check
def under_18_on(entity: Entity, facts: Facts, *, when: str) -> bool:
    """The person has not had an eighteenth birthday on the day that ``when`` names."""
    moment = facts.answers.get(when)
    instant = moment.at if isinstance(moment, Moment) else facts.now
    if instant is None:
        return True
    age = age_on(entity, uk_time(instant).date())
    return age is None or age < ADULT


@record_check
def no_time_ahead(
    facts: Facts, *, prefix: str, planned: Sequence[str] = (), column: str = ""
) -> Sequence[Spot]:
    """No moment in this form's answers lies ahead of now, but where something is ``planned``."""
    if facts.now is None:
        return []
    latest = facts.now + CLOCK_SLIP
    ahead = [
        name
        for name, cell, moment in facts.once("moments", lambda: tuple(_moments(facts.answers)))
        if moment.at > latest and cell != column
        if name.startswith(f"{prefix}.") and name not in planned
    ]
    return [Spot((name,)) for name in dict.fromkeys(ahead)]


def _moments(answers: Answers) -> Iterator[tuple[str, str | None, Moment]]:
    """Each moment that was given: its field, in which column of a row, and when."""
    for field, answer in answers.items():
        if isinstance(answer, Moment):
            yield field, None, answer
        for row in rows_of(answer):
            yield from ((field, name, cell) for name, cell in row.items() if isinstance(cell, Moment))


NOT_REACHED = frozenset({"no_answer", "failed"})


def reached(answer: Answer | None) -> list[Moment | None]:
    """When somebody was reached, for each call that got through."""
    found: list[Moment | None] = []
    for row in rows_of(answer):
        outcome = codes_of(row.get("outcome"))
        if outcome and outcome[0] not in NOT_REACHED:
            at = row.get("at")
            found.append(at if isinstance(at, Moment) else None)
    return found


def any_of(facts: Facts, wanted: Mapping[str, Sequence[str]]) -> bool:
    """Whether any of these fields holds any of its codes."""
    return any(set(codes_of(facts.answers.get(name))) & set(codes) for name, codes in wanted.items())


@record_check
def somebody_reached(
    facts: Facts, *, field: str, once: str, unless: Mapping[str, Sequence[str]]
) -> Sequence[Spot]:
    """Once the one field is answered, the calls in the other have reached somebody."""
    if once not in facts.answers or any_of(facts, unless) or reached(facts.answers.get(field)):
        return []
    return [Spot((field,))]


@record_check
def told_in_time(
    facts: Facts, *, start: str, told: str, minutes: int, unless: Mapping[str, Sequence[str]]
) -> Sequence[Spot]:
    """Somebody was reached within ``minutes`` of the start, or that time is not over yet."""
    begun = facts.answers.get(start)
    if not isinstance(begun, Moment) or any_of(facts, unless):
        return []
    due = begun.at + timedelta(minutes=minutes)
    calls = reached(facts.answers.get(told))
    if calls:
        late = all(call is not None and call.at > due for call in calls)
    else:
        late = facts.now is not None and facts.now > due
    return [Spot((told,), words=in_words(due))] if late else []


@record_check
def seen_in_time(facts: Facts, *, start: str, seen: str, minutes: int) -> Sequence[Spot]:
    """It happened, or is planned, within ``minutes`` of the start; or that time is not over yet."""
    begun = facts.answers.get(start)
    if not isinstance(begun, Moment):
        return []
    due = begun.at + timedelta(minutes=minutes)
    spoken = facts.answers.get(seen)
    at = spoken.at if isinstance(spoken, Moment) else facts.now
    return [Spot((seen,), words=in_words(due))] if at is not None and at > due else []


@record_check
def sent_in_time(facts: Facts, *, start: str, reason: str, minutes: int) -> Sequence[Spot]:
    """The record is sent by the end of the shift, and within ``minutes`` of the start, or it says why not.

    A later revision is never late: what it adds could not be known before.
    """
    begun, sent = facts.answers.get(start), facts.sent_at or facts.now
    if not isinstance(begun, Moment) or sent is None or facts.sent_before or said(facts.answers.get(reason)):
        return []
    due = by_end_of_shift(begun.at, begun.at + timedelta(minutes=minutes), facts.shift_ends)
    return [Spot((reason,) if reason else (), words=in_words(due))] if sent > due else []


@record_check
def date_within(facts: Facts, *, field: str, days: int) -> Sequence[Spot]:
    """A day that was named for later is no later than so many days from now."""
    text = facts.answers.get(field)
    named = day_of(text) if isinstance(text, str) else None
    if named is None or facts.now is None:
        return []
    latest = facts.now.date() + timedelta(days=days)
    return [Spot((field,), words=f"{latest.day} {latest:%B %Y}")] if named > latest else []


def day_of(text: str) -> date | None:
    """The day that a date names, or None for a month or a year alone."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
