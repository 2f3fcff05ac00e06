"""Police protection is told to two councils: the responsible one, and that of where the child was found.

s46(3)(a) and R-39. Kit, of North Yorkshire, is taken out of a kitchen in York: the council that has to find
a bed tonight is not the one whose name stands beside Kit's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Barrier
from time import monotonic, sleep
from typing import Any

import pytest

from booklets.answers import Answer, Gap, Why
from booklets.entities import Entity
from booklets.records import Record
from sync_server import notices
from sync_server.context import Context
from sync_server.db.owed import delivery
from sync_server.forwarding import claiming
from sync_server.forwarding.postman import Postman, deliver_due
from sync_server.forwarding.systems import NotNow
from tests.support.builders import PEOPLE, a_person, a_return, an_id, an_interview
from tests.support.colleagues import Colleague
from tests.support.councils import LEEDS, OVER, Deliver, Told
from tests.support.protection import KIT, POWER, part_of, sent
from tests.support.server_data import Clock, rows

COUNTY, CITY = "E06000065", "E06000014"
"""North Yorkshire, responsible for Kit, and York, where Kit was found."""
TO_COUNTY, TO_CITY = f"danger:{COUNTY}", f"danger:{CITY}"
URGENT, AGAIN = "URGENT: child in police protection", "URGENT, correction: child in police protection"
OF_CITY = a_person(known_as="Kit", la_responsible=CITY)
OF_BRADFORD = a_person(known_as="Kit", la_responsible="other", la_responsible_other="Bradford")
ROUNDS = 4


def used(
    who: Colleague, answers: Mapping[str, Answer] | None = None, *, child: Entity = KIT, episode: str = ""
) -> Record:
    """Kit in police protection, found in York unless said otherwise, once the record is stored."""
    said = {"pp.la_found": CITY, **(answers or {})}
    record = sent(part_of(POWER, said, child=child, by=who.author))
    header = replace(record.header, episode=an_id(episode)) if episode else record.header
    return who.sent(replace(record, header=header))


def test_both_councils_are_told_at_once_and_each_reads_that_the_other_is(
    context: Context, officer: Colleague, told: Deliver
) -> None:
    """Two duty teams with one child: each has to know of the other, or both wait."""
    record = used(officer)

    assert told() == [(TO_CITY, URGENT), (TO_COUNTY, URGENT)]
    for council in (COUNTY, CITY):
        said = _fields(context, record, council)
        assert said["Responsible local authority"] == "North Yorkshire"
        assert said["Local authority where found"].endswith("was Kit found? York")
        assert said["Sent to"] == "North Yorkshire\nYork"
    assert told() == []


@pytest.mark.parametrize(
    ("found", "says"),
    [
        pytest.param(COUNTY, "North Yorkshire", id="the same council"),
        pytest.param(Gap(Why.PENDING), "Pending", id="not known yet"),
        pytest.param("other", "Which council's area was it? Bradford", id="a council in words"),
        pytest.param(LEEDS, LEEDS, id="a code that is not of the force's file"),
        pytest.param("../../elsewhere", "elsewhere", id="what is no code"),
    ],
)
def test_nothing_is_sent_twice_and_nothing_to_a_council_that_is_not_known(
    context: Context, officer: Colleague, told: Deliver, found: Answer, says: str
) -> None:
    """What is sent to nobody's address would read as if a council had been told."""
    record = used(officer, {"pp.la_found": found, "pp.la_found_other": "Bradford"})

    assert told() == [(TO_COUNTY, URGENT)]
    said = _fields(context, record, COUNTY)
    assert said["Sent to"] == "North Yorkshire"
    assert said["Local authority where found"].endswith(says)


def test_a_council_far_away_that_placed_the_child_is_named_and_those_that_are_known_are_told(
    context: Context, officer: Colleague, told: Deliver
) -> None:
    """Nobody here has Bradford's address: both who read it see that nothing has gone there."""
    record = used(officer, child=OF_BRADFORD)

    assert told() == [(TO_CITY, URGENT), (TO_COUNTY, URGENT)]
    said = _fields(context, record, CITY)
    assert said["Responsible local authority"] == "Another council: Bradford"
    assert said["Sent to"] == "North Yorkshire\nYork"


def test_a_return_of_a_child_placed_from_far_away_says_which_council_and_whether_it_was_told(
    context: Context, officer: Colleague, told: Deliver
) -> None:
    """R-38 with R-39: it goes to the council here, which reads whom police have rung, and whom not."""
    people = tuple(OF_BRADFORD if one.id == OF_BRADFORD.id else one for one in PEOPLE)
    record = officer.sent(a_return({"ret.placing_la_informed": Gap(Why.PENDING)}, entities=people))

    assert told() == [(f"local_authority:{COUNTY}", "Return of a missing child")]
    said = _fields(context, record, COUNTY, "return")
    assert said["Responsible local authority"] == "Another council: Bradford"
    assert "Has the council that placed Kit been told? Pending" in said["Who has been told"]


def test_a_council_of_the_list_is_read_by_its_name_alone(context: Context, officer: Colleague) -> None:
    """What was typed before the list had it is not what it is called."""
    child = a_person(known_as="Kit", la_responsible_other="Bradford")
    said = _fields(context, used(officer, child=child), COUNTY)

    assert said["Responsible local authority"] == "North Yorkshire"


def test_danger_in_another_record_goes_to_the_responsible_council_alone(
    officer: Colleague, told: Deliver
) -> None:
    """Only police protection has a council of the place by law, and a question for it."""
    officer.sent(an_interview({"pi.danger_now": "yes", "pp.la_found": CITY}))

    assert told() == [(TO_COUNTY, "URGENT: child in danger")]


def test_where_the_child_was_found_is_known_later_and_told_there_as_new(
    officer: Colleague, told: Deliver
) -> None:
    """The question is for later in the shift: one council reads a correction, the other the first of it."""
    record = used(officer, {"pp.la_found": Gap(Why.PENDING)})
    assert told() == [(TO_COUNTY, URGENT)]

    officer.revises(record, {"pp.la_found": CITY})

    assert told() == [(TO_CITY, URGENT), (TO_COUNTY, AGAIN)]


def test_a_council_that_was_not_the_place_after_all_is_told_so_and_the_other_goes_on(
    context: Context, officer: Colleague, told: Deliver
) -> None:
    """The border runs through the village: York prepares a bed for nobody."""
    record = used(officer)
    told()

    second = officer.revises(record, {"pp.la_found": COUNTY})

    assert told() == [(TO_CITY, OVER), (TO_COUNTY, AGAIN)]
    words = _text(context, second, CITY)
    assert "neither as the one responsible for the child" in words
    assert "Kit" not in words
    officer.revises(second)
    assert told() == [(TO_COUNTY, AGAIN)], "York is left in peace"


def test_a_council_that_is_responsible_no_longer_and_is_the_place_goes_on(
    officer: Colleague, told: Deliver
) -> None:
    """It was told as the one, and is told as the other: there is nothing to take back."""
    record = used(officer, {"pp.la_found": COUNTY})
    told()

    _is_of_the_city(officer, record)

    assert told() == [(TO_CITY, URGENT), (TO_COUNTY, AGAIN)]


def test_a_council_that_is_neither_any_more_is_told_so(officer: Colleague, told: Deliver) -> None:
    """Responsible is York, and there Kit was found: nothing is left for the county."""
    record = used(officer)
    told()

    _is_of_the_city(officer, record)

    assert told() == [(TO_CITY, AGAIN), (TO_COUNTY, OVER)]


def test_a_record_that_is_withdrawn_is_withdrawn_at_both_and_once(officer: Colleague, told: Deliver) -> None:
    """Written about the wrong child: two strategy meetings end."""
    record = used(officer)
    told()

    officer.withdraws(record)

    assert told() == [(TO_CITY, "Withdrawn"), (TO_COUNTY, "Withdrawn")]
    assert told() == []


def test_a_record_that_is_withdrawn_before_it_left_is_withdrawn_at_nobody(
    officer: Colleague, told: Deliver
) -> None:
    """Neither has had it."""
    officer.withdraws(used(officer))

    assert told() == []


def test_nothing_leaves_for_either_once_the_child_has_died(officer: Colleague, told: Deliver) -> None:
    """R-50: it was owed to both and had not left."""
    used(officer, episode="episode")
    officer.sent(a_return({"ret.found_how": "dead"}))

    assert told() == []


def test_the_officer_hears_that_it_was_told_once_both_have_it(
    context: Context, officer: Colleague, told: Deliver, clock: Clock
) -> None:
    """York's system is down: "told" on the phone would stop a call that nobody else makes."""
    record = used(officer)
    deliver_due(context, _Down([], down=TO_CITY))
    assert _states(context) == {TO_CITY: "due", TO_COUNTY: "delivered"}
    assert _heard(officer) == []

    clock.at += claiming.LONGEST_WAIT
    assert told() == [(TO_CITY, URGENT)]

    assert _heard(officer) == [(str(record.header.record), 1)]


def test_two_councils_that_have_it_in_the_same_moment_are_one_word_to_the_officer(
    context: Context, officer: Colleague
) -> None:
    """Each on a thread of its own, or in a process: neither may wait for the other's word."""
    records = []
    for _ in range(ROUNDS):
        records.append(str(used(officer).header.record))
        both = Barrier(2)
        system = Told([], lambda both=both: both.wait(timeout=30), "danger:")  # type: ignore[misc]
        postman = Postman(context, system)
        postman.start()
        try:
            until = monotonic() + 30
            while set(_states(context).values()) != {"delivered"} and monotonic() < until:
                sleep(0.02)
        finally:
            postman.stop()

    assert [name for name, _ in _heard(officer)] == records


@dataclass
class _Down(Told):
    """Every system but one, which is not there."""

    down: str = ""

    def deliver(self, content: Mapping[str, Any], *, once: str) -> None:
        if self.target == self.down:
            raise NotNow("it cannot be reached", after=timedelta(minutes=1))
        super().deliver(content, once=once)


def _is_of_the_city(officer: Colleague, record: Record) -> Record:
    """The next revision, in which the city is responsible for the child."""
    people = tuple(OF_CITY if one.id == OF_CITY.id else one for one in record.entities)
    return officer.revises(replace(record, entities=people))


def _heard(officer: Colleague) -> list[tuple[str, int]]:
    told = [one for one in officer.heard("status") if one["state"] == "danger_told"]
    return [(one["record"], one["rev"]) for one in told]


def _states(context: Context) -> dict[str, str]:
    return {
        str(one["target"]): str(one["state"])
        for one in rows(context, delivery)
        if str(one["target"]).startswith("danger:")
    }


def _content(context: Context, record: Record, council: str, kind: str = "danger") -> dict[str, Any]:
    of = str(record.header.record), record.header.revision
    with context.store.read() as connection:
        found = notices.content_of(connection, context.keys.safe, *of, kind, authority=council)
    assert found is not None
    return found


def _fields(context: Context, record: Record, council: str, kind: str = "danger") -> dict[str, str]:
    return {one["title"]: one["words"] for one in _content(context, record, council, kind)["fields"]}


def _text(context: Context, record: Record, council: str) -> str:
    return str(_content(context, record, council)["text"])
