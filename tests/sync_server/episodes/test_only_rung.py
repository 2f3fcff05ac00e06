"""A voice on a phone is no return: of a child who has only rung the server goes on as of one who is missing.

D.13 FOUND_HOW, R-08b: the handheld asks before such a return is sent, and sends no notice. The force does
the same with one that was sent all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from booklets.answers import Answer
from booklets.checks.choices import has_only_rung
from sync_server.across import look
from sync_server.context import Context
from sync_server.forwarding.postman import deliver_due
from tests.support import episodes
from tests.support.again import asked
from tests.support.builders import NIGHT
from tests.support.colleagues import Colleague
from tests.support.councils import OVER, Told
from tests.support.episodes import a_back
from tests.support.known_children import report_of, return_of, review_of
from tests.support.server_data import Clock, Handheld
from tests.support.shift_packs import Pack

RANG: Mapping[str, Answer] = {"ret.found_how": "phoned"}
SEEN: Mapping[str, Answer] = {"ret.found_how": "alone"}
COUNCIL = "local_authority:E06000065"


def notices_to_councils(context: Context) -> list[tuple[str, str]]:
    """What councils are given by now."""
    given: list[tuple[str, str]] = []
    deliver_due(context, Told(given))
    return [one for one in given if one[0] != "force_records"]


def pack(context: Context) -> Pack:
    """The pack of another officer of the unit."""
    return Pack(Handheld(context, device="handheld-9", officer="NYP-4432"))


@pytest.mark.parametrize(
    ("said", "rang"), [({}, False), (RANG, True), (SEEN, False), ({"ret.found_how": "dead"}, False)]
)
def test_only_a_child_who_was_heard_and_not_seen_has_only_rung(
    said: Mapping[str, Answer], *, rang: bool
) -> None:
    """Any other way of coming back is one."""
    assert has_only_rung(said) is rang


def test_whoever_has_only_rung_is_missing_in_the_pack_and_the_pack_says_so(
    context: Context, officer: Colleague
) -> None:
    """A colleague on the street goes on looking, and knows of the call."""
    report = officer.sent(report_of("Amy"))
    returned = officer.sent(return_of("Amy", RANG))
    mine = pack(context)

    [child] = mine.pulls()
    assert child["missing"] == str(report.header.record)
    assert [one["form"] for one in child["told"]] == ["mis", "ret"]
    assert child["told"][1]["answers"]["ret.found_how"] == "phoned"

    officer.revises(returned, SEEN)
    assert [one["missing"] for one in mine.pulls()] == [""]


def test_the_call_of_an_earlier_night_is_no_place_where_the_child_was_found(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """Nobody has found them there."""
    report = officer.sent(report_of("Amy"))
    officer.sent(return_of("Amy", RANG))
    closed = episodes.of(context, report).closes(sergeant, "duplicate", despite="Two calls about one child.")
    assert closed.stands

    [child] = pack(context).pulls()
    assert (child["missing"], child["told"]) == ("", [])


@pytest.mark.parametrize(("how", "open_"), [("phoned", True), ("alone", False), ("police_patrol", False)])
def test_an_episode_stays_open_until_somebody_has_seen_the_child(
    context: Context, officer: Colleague, how: str, *, open_: bool
) -> None:
    """Whoever would close it reads that the child is not back."""
    back = officer.sent(a_back("Kit", {"ret.found_how": how}))
    assert ("not_back" in episodes.of(context, back).open) is open_


@pytest.mark.parametrize(("how", "stands"), [("phoned", False), ("alone", True)])
def test_nobody_closes_an_episode_as_returned_by_a_call(
    context: Context, officer: Colleague, sergeant: Colleague, how: str, *, stands: bool
) -> None:
    """Not with a reason either: no record says that the child is back."""
    back = officer.sent(a_back("Kit", {"ret.found_how": how}))
    said = episodes.of(context, back).closes(sergeant, "returned_interview_pending", despite="Late shift.")
    assert said.stands is stands


def test_no_council_hears_of_a_return_that_was_a_call(context: Context, officer: Colleague) -> None:
    """It hears once somebody has seen the child."""
    returned = officer.sent(return_of("Amy", RANG))
    assert notices_to_councils(context) == []

    officer.revises(returned, SEEN)
    [(council, says)] = notices_to_councils(context)
    assert council == COUNCIL
    assert says.startswith("Return of a missing child")


def test_a_council_that_was_told_of_a_return_hears_that_it_was_none(
    context: Context, officer: Colleague
) -> None:
    """It may have stopped looking for a bed."""
    returned = officer.sent(return_of("Amy", SEEN))
    assert len(notices_to_councils(context)) == 1

    officer.revises(returned, RANG)
    assert notices_to_councils(context) == [(COUNCIL, OVER)]


def test_a_priority_child_who_has_only_rung_is_a_priority_still(
    context: Context, officer: Colleague
) -> None:
    """The incident manager's task is over once the child was seen."""
    officer.sent(review_of("Amy", {"mh.exploitation_level": "significant"}))
    officer.sent(report_of("Amy"))
    returned = officer.sent(return_of("Amy", RANG))
    look(context)
    assert [one[3] for one in asked(context, "priority_missing")] == ["open"]

    officer.revises(returned, SEEN)
    look(context)
    assert [one[3] for one in asked(context, "priority_missing")] == ["done"]


@pytest.mark.parametrize(("how", "chased"), [("phoned", False), ("alone", True)])
def test_no_return_home_interview_is_chased_of_a_child_who_is_not_back(
    context: Context, clock: Clock, officer: Colleague, how: str, *, chased: bool
) -> None:
    """Its 72 hours begin with a return."""
    officer.sent(report_of("Amy"))
    officer.sent(return_of("Amy", {"ret.found_how": how}))
    clock.at = NIGHT + timedelta(hours=60)
    look(context)

    assert bool(asked(context, "chase_interview")) is chased
