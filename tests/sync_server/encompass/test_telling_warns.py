"""R-51: where telling may warn whoever does it, no school reads anything before specialists have decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from booklets.answers import Answer, Gap, Why
from booklets.records import Record
from booklets.signs import TELLING_WARNS, telling_warns
from sync_server.context import Context
from sync_server.duties import look_once
from sync_server.identity.accounts import Role
from tests.support.builders import CARER, a_ppn, a_return, an_interview
from tests.support.colleagues import Colleague, a_colleague
from tests.support.schools import TARGET, an_enc, said_of_school_tasks, school_tasks, to_schools
from tests.support.server_data import Clock

Deliver = Callable[[], list[tuple[str, str]]]
NOTICE = "Operation Encompass"
NOT_KNOWN = Gap(Why.NOT_KNOWN)
ABUSE: list[Callable[[], Record]] = [
    lambda: a_ppn({"ppn.hbv_fm_fgm_traff": "yes"}),
    lambda: a_ppn({"ppn.hbv_fm_fgm_traff": NOT_KNOWN}),
    lambda: a_ppn({"ppn.exploitation_types": ("FM",)}),
    lambda: a_ppn({"ppn.hbv_fm_fgm_traff": "no", "ppn.concerns": ("trafficking",)}),
    lambda: an_interview({"pi.hbv_fm_fgm": NOT_KNOWN}),
]
SUSPECTED: Mapping[str, Answer] = {"ppn.suspect_known": "yes", "ppn.suspects": (str(CARER),)}


@pytest.mark.parametrize("abuse", ABUSE)
@pytest.mark.parametrize("before", [True, False])
def test_where_such_abuse_is_not_ruled_out_specialists_decide_what_a_school_is_told(
    context: Context, told: Deliver, abuse: Callable[[], Record], before: bool
) -> None:
    """Honour-based abuse, forced marriage, FGM, trafficking: yes or not known, and nobody ticked covert."""
    officer, sergeant = a_colleague(context, "pc.okoro"), a_colleague(context, "sgt.reid", Role.SUPERVISOR)
    if before:
        officer.sent(abuse())
    sergeant.decided(officer.sent(an_enc()))
    if not before:
        officer.sent(abuse())

    assert told() == []
    assert school_tasks(context) == {
        ("school_told", "open", "covert"),
        ("operation_encompass", "open", "covert"),
    }


def test_it_does_not_leave_either_because_nobody_decided_in_time(
    context: Context, officer: Colleague, clock: Clock, told: Deliver
) -> None:
    """The limit after which a school's notice leaves by itself lets nothing go here."""
    officer.sent(an_enc())
    officer.sent(a_ppn({"ppn.hbv_fm_fgm_traff": NOT_KNOWN}))
    for _ in range(3):
        clock.at += timedelta(hours=6)
        look_once(context)

    assert told() == []
    assert {one["state"] for one in to_schools(context)} <= {"stopped"}
    assert said_of_school_tasks(context) == {"covert"}


@pytest.mark.parametrize(
    "beside",
    [
        lambda: a_ppn({"ppn.hbv_fm_fgm_traff": "no"}),
        lambda: a_ppn({"ppn.hbv_fm_fgm_traff": "no", **SUSPECTED}),
        lambda: a_ppn({"ppn.hbv_fm_fgm_traff": "no", "ppn.da": "yes", "ppn.da_abusers": (str(CARER),)}),
        lambda: an_interview({"pi.hbv_fm_fgm": "no"}),
        a_return,
    ],
)
def test_a_parent_who_is_suspected_and_nothing_more_stops_no_notice(
    officer: Colleague, sergeant: Colleague, told: Deliver, beside: Callable[[], Record]
) -> None:
    """After domestic abuse that is nearly every child: the school is told of just that."""
    officer.sent(beside())
    sergeant.decided(officer.sent(an_enc()))

    assert told() == [(TARGET, NOTICE)]


def test_what_came_before_this_was_noted_is_read_by_the_rules_that_spoke() -> None:
    """A record of last week is not taken for one that rules such abuse out."""
    assert telling_warns({"rules": ["R-51"]})
    assert telling_warns({"rules": ["R-42"]})
    assert not telling_warns({"rules": ["R-46"]})
    assert not telling_warns({"rules": ["R-51"], TELLING_WARNS: False})
