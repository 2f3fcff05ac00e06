"""R-28: of a late return home interview it is written who was chased, and how far up it was taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Row, Why, frozen
from booklets.encounters import begin, review
from booklets.forms import Effect, Stage
from booklets.stamps import Stamp
from tests.support.builders import UNIT, an_author
from tests.support.missing import LEO

BACK = datetime(2026, 3, 14, 20, tzinfo=UTC)
"""A Saturday evening."""
OPEN: Mapping[str, Answer] = {"rhi.returned_at": Moment(BACK), "rhi.outcome": "pending"}
RUNG: Row = MappingProxyType({"with": "csc_north_yorkshire", "at": Moment(BACK), "outcome": "no_answer"})
HERE, THERE = "north_yorkshire", "seaborough"


def at_level(*levels: str) -> tuple[Row, ...]:
    """The interview was taken to these."""
    return tuple(MappingProxyType({"level": one, "at": Moment(BACK)}) for one in levels)


def asked(
    answers: Mapping[str, Answer], hours: float, force: str = HERE, stage: Stage = Stage.CAPTURE
) -> list[str]:
    """Which of the two rules ask, so many hours after the return: when it is first written, and later."""
    now, pages = BACK + timedelta(hours=hours), definitions.guide("return_interview")
    begun = begin(pages, officer=an_author(), force=force, unit=UNIT, at=Stamp(now), subject=LEO)
    whole = replace(begun, answers=frozen(answers))
    found = review(whole, pages, definitions.force(force), now, stage)
    return [one.code for one in found if one.code.startswith("R-28") and one.effect is Effect.ASK]


@pytest.mark.parametrize(("hours", "rules"), [(1, []), (47, []), (49, ["R-28"]), (71, ["R-28"])])
def test_who_was_chased_is_asked_once_the_time_to_chase_is_over(hours: float, rules: list[str]) -> None:
    """48 hours as delivered; not a minute sooner."""
    assert asked(OPEN, hours) == rules
    assert asked({**OPEN, "rhi.chases": (RUNG,)}, hours) == []
    assert asked({**OPEN, "rhi.chases": Gap(Why.NOT_KNOWN, "The team was off until Monday")}, hours) == []


@pytest.mark.parametrize(
    ("days", "level"), [(2.9, 0), (3.1, 1), (9, 1), (10.1, 2), (16, 2), (17.1, 3), (60, 3)]
)
def test_it_goes_up_a_level_at_each_time_of_the_force(days: float, level: int) -> None:
    """72 hours, then five and ten working days; the highest that is written stands for those below."""
    chased: Mapping[str, Answer] = {**OPEN, "rhi.chases": (RUNG,)}
    ladder = ("team_manager", "service_manager", "director")

    for reached in range(len(ladder) + 1):
        said = {**chased, "rhi.escalations": at_level(*ladder[:reached])} if reached else chased
        assert asked(said, days * 24) == (["R-28a"] if reached < level else []), reached
    only_the_last = {**chased, "rhi.escalations": at_level(*ladder[level - 1 : level])} if level else chased
    assert asked(only_the_last, days * 24) == []


def test_why_nobody_took_it_up_is_an_answer() -> None:
    """The honest gap."""
    gap = Gap(Why.NOT_KNOWN, "Nobody knows who the manager is")
    assert asked({**OPEN, "rhi.chases": (RUNG,), "rhi.escalations": gap}, 24 * 30) == []


@pytest.mark.parametrize(
    ("changed", "rules"),
    [
        ({"rhi.outcome": "declined"}, []),
        ({"rhi.outcome": "not_contactable"}, []),
        ({"rhi.outcome": "already_held"}, []),
        ({"rhi.outcome": "pending", "rhi.closed_reason": "other"}, []),
        ({"rhi.outcome": "not_offered"}, ["R-28", "R-28a"]),
        ({"rhi.outcome": "held"}, ["R-28", "R-28a"]),
        ({"rhi.outcome": "held", "rhi.received_at": Gap(Why.PENDING, "On Friday")}, ["R-28", "R-28a"]),
        ({"rhi.outcome": "held", "rhi.received_at": Moment(BACK + timedelta(hours=40))}, []),
        ({"rhi.outcome": "held", "rhi.received_at": Moment(BACK + timedelta(hours=60))}, ["R-28"]),
        ({"rhi.outcome": "held", "rhi.received_at": Moment(BACK + timedelta(days=6))}, ["R-28", "R-28a"]),
    ],
)
def test_only_what_was_late_is_asked_about(changed: Mapping[str, Answer], rules: list[str]) -> None:
    """Also of one that came in the end; one whose report never came is late still."""
    assert asked({**OPEN, **changed}, 24 * 8) == rules


def test_each_force_has_its_own_time() -> None:
    """Seaborough chases after a day, and takes it up sooner."""
    assert (asked(OPEN, 30), asked(OPEN, 30, THERE)) == ([], ["R-28"])
    taken: Mapping[str, Answer] = {
        **OPEN,
        "rhi.chases": (RUNG,),
        "rhi.escalations": at_level("team_manager"),
    }
    assert (asked(taken, 24 * 8), asked(taken, 24 * 8, THERE)) == ([], ["R-28a"])


def test_where_nobody_knows_when_the_child_was_back_nothing_is_late() -> None:
    """No time is invented."""
    assert asked({"rhi.outcome": "pending"}, 24 * 30) == []


@pytest.mark.parametrize("stage", [Stage.CAPTURE, Stage.COMPLETE])
def test_it_is_asked_when_the_record_is_begun_late_and_when_it_is_gone_on_with(stage: Stage) -> None:
    """Nobody may have opened one before the time was over."""
    assert asked(OPEN, 24 * 4, stage=stage) == ["R-28", "R-28a"]
