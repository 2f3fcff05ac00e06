"""A tablet forgets what was decided once the time to re-read it is over; what may come back stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from booklets.decisions import Outcome
from field_app.capture.cases import Standing
from tests.support.handsets import OnShift, an_offline_shift
from tests.support.queues import Tablet, a_check, an_outcome, another_check, decided_by_a_sergeant

HOUR = timedelta(minutes=60)


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """A sergeant's tablet without signal."""
    with an_offline_shift(tmp_path) as found:
        yield found


@pytest.fixture
def tablet(officer: OnShift) -> Tablet:
    """The same, with nothing on it yet."""
    return Tablet(officer)


def _decides(tablet: Tablet, outcome: Outcome, *, ago: timedelta, **how: Any) -> None:
    """A check came, and was decided on so long ago."""
    records = a_check()
    tablet.waits(*records, minutes=200)
    made = decided_by_a_sergeant(records, outcome)
    tablet.hears(*(an_outcome(one, made, at=tablet.now - ago, **how) for one in records))


def _news(tablet: Tablet) -> int:
    shift = tablet.officer.shift
    count: int = tablet.officer.on_keeper(lambda: len(shift._vault.db.sealed("news")))
    return count


@pytest.mark.parametrize("state", ["approved", "withdrawn"])
def test_what_was_settled_is_gone_from_the_tablet_after_the_forces_time(tablet: Tablet, state: str) -> None:
    """Both records and what was decided: nothing of the child is left to be read on it."""
    _decides(tablet, Outcome.APPROVE, ago=HOUR, state=state)

    assert tablet.officer.shift.home().cases == ()
    assert _news(tablet) == 0


def test_what_was_settled_just_now_can_still_be_read(tablet: Tablet) -> None:
    """A sergeant may have to look again at what they have just decided."""
    _decides(tablet, Outcome.APPROVE, ago=HOUR - timedelta(minutes=1))

    assert [one.standing for one in tablet.officer.shift.home().cases] == [Standing.APPROVED]


@pytest.mark.parametrize("outcome", [Outcome.RETURN, Outcome.ESCALATE])
def test_what_may_come_back_stays_to_be_compared_with(tablet: Tablet, outcome: Outcome) -> None:
    """The answer comes hours later, and is read beside what was asked."""
    _decides(tablet, outcome, ago=12 * HOUR)

    assert len(tablet.officer.shift.home().cases) == 1


def test_what_waits_stays_however_long(tablet: Tablet) -> None:
    """Nobody has decided on it."""
    tablet.waits(*another_check(), minutes=60 * 24 * 40)

    assert [one.standing for one in tablet.officer.shift.home().cases] == [Standing.UNDECIDED]


def test_what_came_again_after_it_was_settled_waits_and_stays(tablet: Tablet) -> None:
    """Approved, and then the officer knew more: it is undecided again."""
    _decides(tablet, Outcome.APPROVE, ago=2 * HOUR)
    tablet.waits(*a_check(revision=2), minutes=5)

    [case] = tablet.officer.shift.home().cases
    assert case.standing is Standing.UNDECIDED
    assert [len(one.before) for one in case.papers] == [1, 1]


def test_a_record_on_which_a_decision_is_being_written_stays_until_that_is_done(tablet: Tablet) -> None:
    """It must not vanish from under somebody's hands, also when a colleague was quicker."""
    records = a_check()
    tablet.waits(*records, minutes=200)
    [case] = tablet.officer.shift.home().cases
    tablet.officer.shift.deciding.write(case)
    made = decided_by_a_sergeant(records)

    tablet.hears(*(an_outcome(one, made, at=tablet.now - 3 * HOUR) for one in records))

    assert len(tablet.officer.shift.home().cases) == 1
