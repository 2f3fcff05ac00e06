"""What an officer has to do and says of it, on a handset without signal: kept at once, and said once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from booklets.duties import Act
from booklets.errors import NotAllowedNow
from booklets.records import Record
from field_app.capture.duties import Duty
from field_app.capture.worklist import described
from field_app.handset.ports import NEWS
from field_app.store.said import SaidOfTasks
from tests.support.handsets import OnShift, an_offline_shift, files_under
from tests.support.sent_back import Force, an_honest_check, newest_records


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal."""
    with an_offline_shift(tmp_path) as found:
        yield found


@pytest.fixture
def force(officer: OnShift) -> Force:
    """What the force says to this handset."""
    return Force(officer)


@pytest.fixture
def record(officer: OnShift) -> Record:
    """A record that was sent."""
    return newest_records(officer, an_honest_check(officer).encounter.id)[0]


def the_duty(officer: OnShift) -> Duty:
    """The one task there is."""
    [found] = officer.shift.home().duties
    return found


def waiting(officer: OnShift) -> list[dict[str, object]]:
    """What is still to be said to the force."""
    return officer.on_keeper(lambda: SaidOfTasks(officer.shift._vault.db).waiting())


def test_a_task_is_the_officers_own_until_the_force_says_that_it_is_over(
    officer: OnShift, force: Force, record: Record
) -> None:
    """The newest news of it counts."""
    force.asks_for(record)
    duty = the_duty(officer)
    assert (duty.title, duty.own, duty.late(officer.handset.clock.now())) == (
        "Tell digital forensics",
        True,
        False,
    )

    force.asks_for(record, status="done", outcome="done")

    assert officer.shift.home().duties == ()


def test_whom_a_task_is_about_is_known_while_it_is_open_and_not_kept_afterwards(
    officer: OnShift, force: Force, record: Record
) -> None:
    """The force says it, sealed to this handset; what has ended leaves no name in the vault."""
    force.asks_for(record, child={"person.known_as": "Zebedee", "person.sex": "M"})
    child = the_duty(officer).child
    assert child is not None
    assert described(child, date(2026, 3, 14)) == ("Zebedee", "boy")

    force.asks_for(record, status="done", outcome="done")

    assert officer.shift.home().duties == ()
    kept = officer.on_keeper(lambda: str(list(officer.shift._vault.db.sealed(NEWS))))
    assert "task" in kept
    assert "Zebedee" not in kept


def test_what_is_due_first_stands_first(officer: OnShift, force: Force, record: Record) -> None:
    """And a clock that has run out is late."""
    force.asks_for(record, task=1, minutes=600)
    force.asks_for(record, "identify_child", task=2, minutes=-5)

    first, second = officer.shift.home().duties

    assert (first.task, second.task) == (2, 1)
    assert first.late(officer.handset.clock.now())


def test_a_task_that_was_closed_without_signal_waits_to_be_said_and_is_late_no_more(
    officer: OnShift, force: Force, record: Record
) -> None:
    """Nothing of what was written lies readable on the device."""
    force.asks_for(record, minutes=-5)

    officer.shift.duties.say(
        the_duty(officer), Act.CLOSE, outcome="done", delay_reason="no_signal", words="Zebedee rang Lena."
    )

    duty = the_duty(officer)
    assert duty.on_its_way
    assert not duty.late(officer.handset.clock.now())
    [message] = waiting(officer)
    assert (message["outcome"], message["delay_reason"]) == ("done", "no_signal")
    assert not any(b"Zebedee" in content for content in files_under(officer.folder).values())


@pytest.mark.parametrize(
    ("minutes", "said", "asks"),
    [
        (90, {}, "Say how it ended."),
        (90, {"outcome": "not_possible"}, "in a few words"),
        (-5, {"outcome": "done"}, "This is late. Say why."),
        (-5, {"outcome": "done", "delay_reason": "other"}, "in a few words"),
    ],
)
def test_nothing_is_said_while_something_is_missing(
    officer: OnShift, record: Record, minutes: int, said: dict[str, str], asks: str
) -> None:
    """R-56 and R-59, in words that say what to do."""
    Force(officer).asks_for(record, minutes=minutes)

    with pytest.raises(NotAllowedNow, match=asks):
        officer.shift.duties.say(the_duty(officer), Act.CLOSE, **said)

    assert waiting(officer) == []


def test_a_reason_that_the_force_knows_is_not_asked_for_again(
    officer: OnShift, force: Force, record: Record
) -> None:
    """Said once is said."""
    force.asks_for(record, minutes=-5)
    officer.shift.duties.say(the_duty(officer), Act.DELAY, delay_reason="demand")

    officer.shift.duties.say(the_duty(officer), Act.CLOSE, outcome="done")

    assert [one["act"] for one in waiting(officer)] == ["delay", "close"]


def test_a_task_that_was_closed_here_is_not_closed_again(
    officer: OnShift, force: Force, record: Record
) -> None:
    """A second touch, an hour later."""
    force.asks_for(record)
    officer.shift.duties.say(the_duty(officer), Act.CLOSE, outcome="done")

    with pytest.raises(NotAllowedNow, match="goes by itself"):
        officer.shift.duties.say(the_duty(officer), Act.CLOSE, outcome="done")


def test_what_the_force_did_not_count_opens_the_task_again_and_says_why(
    officer: OnShift, force: Force, record: Record
) -> None:
    """Nothing is said that is not so."""
    force.asks_for(record)
    officer.shift.duties.say(the_duty(officer), Act.CLOSE, outcome="done")
    [message] = waiting(officer)
    now = officer.handset.clock.now()
    officer.on_keeper(
        lambda: SaidOfTasks(officer.shift._vault.db).answered(
            str(message["id"]), "void", "not_theirs", at=now
        )
    )

    duty = the_duty(officer)

    assert not duty.on_its_way
    assert duty.said is not None
    assert duty.said.why_void == "not_theirs"


def test_a_task_takes_nothing_away_from_what_is_known_of_its_record(
    officer: OnShift, force: Force, record: Record
) -> None:
    """The council was told; that somebody has something to do says nothing else."""
    force.tells("status", record, {"state": "council_told", "council_told_at": "2026-03-14T21:10:00Z"})
    force.asks_for(record)

    assert officer.shift.home().told[str(record.header.record)]["council_told_at"] == "2026-03-14T21:10:00Z"
