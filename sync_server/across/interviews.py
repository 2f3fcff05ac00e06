"""R-28: the return home interview is chased, and taken further up the longer it does not come.

    48 h  chase    72 h  team manager    + 5 working days  service manager    + 10  director, or partnership

It all ends once a record of the interview says what came of it: held, declined, could not be reached, not
offered. Only the stage that has been reached is asked for; what was asked before it is stopped. Nothing is
sent to a council by itself: whoever is asked rings, and writes it down in the record of the interview.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from booklets.checks.interviews import CAME, stages
from booklets.school_days import working_days_after
from sync_server.across.asked import Asked, Over
from sync_server.across.findings import Finding
from sync_server.across.seen import INTERVIEW, Episode, Filed, Seen, done_with
from sync_server.db.owed import TaskState
from sync_server.identity.accounts import Role

RULE = "R-28"
CLOCK = "return_home_interview"
STAGES = ("chase_interview", "interview_to_manager", "interview_to_service", "interview_to_director")
HELD, REPORT, CLOSED = "held", "rhi.received_at", "rhi.closed_reason"
LONG_AGO = timedelta(days=60)
"""After that nobody is asked any more: a server that is new to this asks nothing about last year."""


def overdue_interviews(seen: Seen) -> Iterator[Finding]:
    """One finding for each return whose interview has not come by the stage that has been reached."""
    closed = seen.closed_days
    for episode in seen.episodes:
        back = seen.ended.get(episode.id)
        returned = next((one for one in episode.records if one.says_back), None)
        if back is None or returned is None or not timedelta() <= seen.now - back <= LONG_AGO:
            continue
        reached = [at for at in _stages(seen, back, closed) if at <= seen.now]
        if not reached or came(seen, episode) or _is_not_needed(seen, episode):
            continue
        yield Finding(
            rule=RULE,
            kind=STAGES[len(reached) - 1],
            owner=Role.MHET.value,
            on=returned,
            due=_due(seen, back, len(reached), closed),
            about=frozenset(one.subject for one in episode.records),
            event=frozenset(one.record for one in episode.records),
        )


def _stages(seen: Seen, back: datetime, closed: frozenset[date]) -> tuple[datetime, ...]:
    """When each stage is reached."""
    return stages(
        back,
        chase=seen.number("minutes_to_chase_interview", 2880),
        due=seen.number("minutes_to_return_home_interview", 4320),
        service=seen.number("working_days_to_service_manager", 5),
        director=seen.number("working_days_to_director", 10),
        closed=closed,
    )


def _due(seen: Seen, back: datetime, stage: int, closed: frozenset[date]) -> datetime:
    """A chase has until the interview itself is due, every other stage a working day."""
    return _stages(seen, back, closed)[1] if stage == 1 else working_days_after(seen.now, 1, closed)


def came(seen: Seen, episode: Episode) -> Filed | None:
    """The record that says what came of the interview, where that is an end of it."""
    return next((one for one in _written(seen, episode) if _says_what_came(one)), None)


def was_held(seen: Seen, episode: Episode) -> bool:
    """Whether it was held, whether or not its report is here."""
    return any(one.said("rhi.outcome") == HELD for one in _written(seen, episode))


def _written(seen: Seen, episode: Episode) -> Iterator[Filed]:
    """What is written of the interview: in this episode, or apart and later."""
    back = seen.ended.get(episode.id, episode.at)
    apart = (
        one
        for one in seen.of_child[episode.child]
        if one.episode not in seen.ended and one.type == INTERVIEW and one.arrived >= back
    )
    yield from (one for one in episode.records if one.type == INTERVIEW)
    yield from apart


def _says_what_came(one: Filed) -> bool:
    """It came, and where it was held its report is here; or somebody has closed it with a reason."""
    outcome = one.said("rhi.outcome")
    return bool(one.said(CLOSED)) or (outcome in CAME and (outcome != HELD or bool(one.said(REPORT))))


def _is_not_needed(seen: Seen, episode: Episode) -> bool:
    """Whether somebody has said, in words, that there is nothing to hold."""
    return any(one.kind == CLOCK and one.outcome == "not_needed" for one in _asked(seen, episode))


def _asked(seen: Seen, episode: Episode) -> Iterator[Asked]:
    """Every task of the episode."""
    for one in episode.records:
        yield from seen.asked_on.get(one.record, ())


def ended_interviews(seen: Seen) -> Iterator[Over]:
    """What is over: everything once the interview came, and every stage but the last that was asked for."""
    for episode in seen.episodes:
        open_ = [one for one in _asked(seen, episode) if one.is_open and _is_of_ladder(one.kind)]
        record = came(seen, episode) if open_ else None
        last = max((STAGES.index(one.kind) for one in open_ if one.kind in STAGES), default=0)
        for one in open_:
            if record is not None:
                yield done_with(one, record)
            elif one.kind in STAGES and STAGES.index(one.kind) < last:
                yield Over(task=one, status=TaskState.STOPPED, outcome=RULE)


def _is_of_ladder(kind: str) -> bool:
    return kind == CLOCK or kind in STAGES
