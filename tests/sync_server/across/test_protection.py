"""The end of police protection ends the hours of the parts that began it, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from booklets.answers import Answer, Gap, Moment, Why
from booklets.entities import Entity, new_id
from booklets.records import Record, reference_of
from sync_server import audit
from sync_server.across import look
from sync_server.context import Context
from sync_server.db.owed import task
from tests.support.again import of
from tests.support.builders import NIGHT, a_return
from tests.support.colleagues import Colleague
from tests.support.protection import END, KIT, OFFICER, POWER, REVIEW, USED, part_of, sent
from tests.support.server_data import Clock, Handheld, rows

pytestmark = pytest.mark.thorough

HOURS = {
    "police_protection",
    "protection_first_alert",
    "protection_second_alert",
    "protection_third_alert",
    "protection_last_alert",
}
BEGUN = ("protection_enquiry_begun", "protection_end_unseen")
Part = Callable[..., Record]


@pytest.fixture
def part(officer: Colleague, clock: Clock) -> Part:
    """Send one part, so many hours after the night, by a handheld that never met the child."""

    def send(name: str, hours: float = 0, child: Entity = KIT, **changed: Answer) -> Record:
        clock.at = NIGHT + timedelta(hours=hours)
        Handheld.signed_in(officer.handheld, officer.handheld.officer, before=True)
        answers: dict[str, Answer | None] = {
            one.replace("__", ".", 1): answer for one, answer in changed.items()
        }
        return officer.sent(sent(part_of(name, answers, child=replace(child, id=new_id())), at=clock.at))

    return send


def at(hours: float, after: datetime = NIGHT) -> Moment:
    """So many hours after the night."""
    return Moment(after + timedelta(hours=hours))


def states(context: Context, record: Record, *kinds: str) -> set[str]:
    """How the tasks of a record stand, of these kinds or the hours."""
    wanted = set(kinds) or HOURS
    return {
        str(one["status"])
        for one in rows(context, task)
        if one["record"] == str(of(record)) and one["kind"] in wanted
    }


def test_the_end_closes_its_hours_and_stops_its_reminders(context: Context, part: Part) -> None:
    """Three handhelds, three ids of one child: what it ended says by which record."""
    power, enquiry = part(POWER), part(OFFICER)
    look(context)
    assert states(context, power) == {"open"}
    end = part(END, 10, ppe__ended_at=at(9))

    look(context)

    assert states(context, power, "police_protection") == {"done"}
    assert states(context, power, *(HOURS - {"police_protection"})) == {"stopped"}
    assert states(context, enquiry, "designated_police_protection") == {"done"}
    assert states(context, enquiry, "designated_last_alert", "end_of_protection_planned") == {"stopped"}
    outcomes = {str(one["outcome"]) for one in rows(context, task) if one["kind"] in HOURS}
    assert outcomes == {f"PPE {reference_of(of(end))}"}
    with context.store.read() as connection:
        noted = [one["what"] for one in audit.entries_of(connection, str(of(power)))]
    assert noted.count("came_across_records") == 1 + len(BEGUN)
    assert noted.count("stopped_across_records") == len(HOURS) - 1


def test_what_does_not_end_with_the_power_stays(context: Context, part: Part) -> None:
    """The PPN is owed all the same."""
    power = part(POWER, pp__ppn=None)
    part(END, 10, ppe__ended_at=at(9))

    look(context)

    assert states(context, power, "ppn_submitted") == {"open"}


@pytest.mark.parametrize(
    "end",
    [
        {"child": replace(KIT, facts={**KIT.facts, "person.given_names": "Ash"})},
        {"ppe__ended_at": at(-2)},
        {"ppe__ended_at": at(11)},
        {"ppe__ended_at": Gap(Why.NOT_KNOWN, "asked of the ward")},
    ],
    ids=["another child", "an end before it began", "an end to come", "nobody knows when"],
)
def test_another_end_ends_nothing(context: Context, part: Part, end: dict[str, Answer]) -> None:
    """An hour that is stopped wrongly would be a child whom nobody looks after."""
    power = part(POWER)
    part(END, 10, **end)

    look(context)

    assert states(context, power) == {"open"}


def test_an_end_to_come_ends_it_once_it_has_come(context: Context, part: Part, clock: Clock) -> None:
    """The time is what counts, and not when it was written."""
    power = part(POWER)
    part(END, 10, ppe__ended_at=at(11))
    clock.at = NIGHT + timedelta(hours=12)

    look(context)

    assert "open" not in states(context, power)


def test_an_earlier_use_whose_end_nobody_wrote_stays_open(context: Context, part: Part) -> None:
    """The end belongs to the last beginning: that the first has none is what has to be seen."""
    first = part(POWER)
    second = part(POWER, 240, pp__started_at=at(239))
    part(END, 250, ppe__started_at=at(239), ppe__ended_at=at(249))

    look(context)

    assert states(context, first) == {"open"}
    assert "open" not in states(context, second)


def test_the_next_use_is_not_ended_by_the_last_ones_end(context: Context, part: Part) -> None:
    """Taken to safety again a week later."""
    part(POWER)
    part(END, 10, ppe__ended_at=at(9))
    look(context)
    again = part(POWER, 200, pp__started_at=at(199))

    look(context)

    assert states(context, again) == {"open"}


def test_an_end_that_came_first_ends_what_comes_late(context: Context, part: Part) -> None:
    """The constable's handheld had no signal all night."""
    part(END, 10, ppe__ended_at=at(9))
    look(context)
    power = part(POWER, 12)

    look(context)

    assert "open" not in states(context, power)


def test_a_revision_of_the_beginning_begins_nothing_anew(
    context: Context, part: Part, officer: Colleague
) -> None:
    """The constable adds what the ward has said, days later: no reminder comes back."""
    power = part(POWER)
    part(END, 10, ppe__ended_at=at(9))
    look(context)

    officer.revises(power, {"pp.grounds": "As before; the ward sister adds that the cut was old."})

    assert states(context, power) == {"done", "stopped"}


def test_an_end_that_is_withdrawn_sets_the_hours_going_again(
    context: Context, part: Part, officer: Colleague
) -> None:
    """Written about the wrong child: the clock in law has never stopped."""
    power = part(POWER)
    end = part(END, 10, ppe__ended_at=at(9))
    look(context)
    assert "open" not in states(context, power)

    officer.withdraws(end)
    look(context)

    assert states(context, power) == {"open"}


def test_an_end_that_is_put_later_sets_the_hours_going_again(
    context: Context, part: Part, officer: Colleague, clock: Clock
) -> None:
    """Nine in the morning, and meant was the next day: until then the child is in police protection."""
    power = part(POWER)
    end = part(END, 10, ppe__ended_at=at(9))
    look(context)
    later = officer.revises(end, {"ppe.ended_at": at(33)})
    clock.at = NIGHT + timedelta(hours=11)

    look(context)
    assert states(context, power) == {"open"}

    clock.at = NIGHT + timedelta(hours=34)
    look(context)
    assert states(context, power) == {"done", "stopped"}

    officer.revises(later, {"ppe.ended_at": at(32)})
    look(context)
    assert states(context, power) == {"done", "stopped"}, "it has ended, whenever that was"


def test_a_revision_that_leaves_the_end_where_it_was_opens_nothing(
    context: Context, part: Part, officer: Colleague
) -> None:
    """Not even until the next look: somebody would be told that an hour is over that has ended."""
    power = part(POWER)
    end = part(END, 10, ppe__ended_at=at(9))
    look(context)

    officer.revises(end, {"ppe.plan_after": "Social worker sees Kit tomorrow at ten, with the nan."})

    assert states(context, power) == {"done", "stopped"}


@pytest.mark.parametrize("withdrawn", [True, False], ids=["withdrawn", "put later"])
def test_an_end_that_holds_no_longer_sets_nothing_going_for_a_child_who_has_died(
    context: Context, part: Part, officer: Colleague, clock: Clock, withdrawn: bool
) -> None:
    """R-50: nobody is reminded to see a dead child; if the death was a mistake, the hours go on."""
    power = part(POWER)
    end = part(END, 10, ppe__ended_at=at(9))
    look(context)
    death = officer.sent(a_return({"ret.found_how": "dead"}, episode=power.header.episode))

    if withdrawn:
        officer.withdraws(end)
    else:
        officer.revises(end, {"ppe.ended_at": at(33)})
    clock.at = NIGHT + timedelta(hours=11)
    look(context)
    assert states(context, power) == {"stopped"}

    officer.withdraws(death)
    look(context)
    assert states(context, power) == {"open"}


def test_a_use_that_no_designated_officer_looks_into_is_the_incident_managers(
    context: Context, part: Part
) -> None:
    """R-23, R-25: until the officer's own part is here, which then asks for its reviews and the plan."""
    power = part(POWER)
    look(context)
    assert states(context, power, *BEGUN) == {"open"}
    assert {one["owner_role"] for one in rows(context, task) if one["kind"] in BEGUN} == {"fim"}

    part(OFFICER, 2)
    look(context)
    assert states(context, power, *BEGUN) == {"done"}


def test_an_enquiry_about_an_earlier_use_is_none_about_this_one(context: Context, part: Part) -> None:
    """The other side: Kit was taken to safety again ten days later."""
    part(POWER)
    part(OFFICER, 2)
    again = part(POWER, 240, pp__started_at=at(240))
    look(context)
    assert states(context, again, *BEGUN) == {"open"}


REVIEW_ASKED = ("use_of_protection_reviewed", "review_protection_over_time")


def test_the_inspectors_review_ends_what_asked_for_it(context: Context, part: Part) -> None:
    """A week's task of the vulnerability team, of that use alone, and the question why it ran out."""
    part(POWER)
    end = part(END, 73, ppe__ended_at=at(72), ppe__end_reason="time_reached")
    look(context)
    assert states(context, end, *REVIEW_ASKED) == {"open"}

    review = part(REVIEW, 90, ppv__reviewed_at=at(89))
    look(context)

    assert states(context, end, *REVIEW_ASKED) == {"done"}
    outcomes = {one["outcome"] for one in rows(context, task) if one["kind"] in REVIEW_ASKED}
    assert outcomes == {f"PPV {reference_of(of(review))}"}


def test_a_review_of_one_use_says_nothing_of_the_next(context: Context, part: Part) -> None:
    """Kit was taken to safety again ten days later: that use is looked at by itself."""
    part(POWER)
    first = part(END, 10, ppe__ended_at=at(9))
    part(POWER, 240, pp__started_at=at(240))
    second = part(END, 250, ppe__started_at=at(240), ppe__ended_at=at(249))
    part(REVIEW, 260, ppv__started_at=at(240), ppv__reviewed_at=at(259))

    look(context)

    assert states(context, first, REVIEW_ASKED[0]) == {"open"}
    assert states(context, second, REVIEW_ASKED[0]) == {"done"}


def test_a_review_that_is_withdrawn_is_asked_for_again(
    context: Context, part: Part, officer: Colleague
) -> None:
    """It was of another child's night: nobody has looked at this one."""
    part(POWER)
    end = part(END, 10, ppe__ended_at=at(9))
    review = part(REVIEW, 20)
    look(context)
    assert states(context, end, REVIEW_ASKED[0]) == {"done"}

    officer.withdraws(review)
    look(context)

    assert states(context, end, REVIEW_ASKED[0]) == {"open"}


def test_a_beginning_that_was_withdrawn_stays_so_when_its_end_is(
    context: Context, part: Part, officer: Colleague
) -> None:
    """Nobody is reminded of what never was."""
    power = part(POWER)
    end = part(END, 10, ppe__ended_at=at(9))
    look(context)
    officer.withdraws(power)

    officer.withdraws(end)
    look(context)

    assert "open" not in states(context, power)


def test_it_began_when_the_record_says(part: Part, context: Context) -> None:
    """And not when it arrived: forty minutes of it had gone by."""
    power = part(POWER)
    part(END, 10, ppe__ended_at=Moment(USED + timedelta(minutes=10)))

    look(context)

    assert "open" not in states(context, power)
