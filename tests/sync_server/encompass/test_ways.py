"""Which school a record goes to by itself, and why a person tells it otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from booklets.answers import Answer, Gap, Why
from booklets.definitions.leaving import Output
from sync_server.context import Context
from sync_server.db.owed import delivery, task
from sync_server.encompass.ways import ByHand, limit_of, way_of
from sync_server.settings import Settings, policy_of
from tests.support.builders import FORCE, PEOPLE, a_place
from tests.support.colleagues import Colleague
from tests.support.schools import OTHER_SCHOOL, SCHOOL, SCHOOLS_BY_FOLDER, TARGET, an_enc
from tests.support.server_data import rows

NO_TOWN = a_place(SCHOOL, name="Harrowfield Academy", town="", postcode="")


def test_a_school_that_is_known_for_certain_is_told_by_the_system(context: Context) -> None:
    """Its name and its postcode agree, it has an address, and nobody who was involved works there."""
    way = way_of(an_enc(), policy_of(FORCE), context.settings)

    assert (way.target, way.by_hand) == (TARGET, None)


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"enc.adult_at_school": "yes"}, ByHand.ADULT_AT_SCHOOL),
        ({"enc.adult_at_school": Gap(Why.NOT_KNOWN)}, ByHand.ADULT_NOT_KNOWN),
        ({"enc.setting": "home_educated"}, ByHand.TAUGHT_AT_HOME),
        ({"enc.setting": "none_known"}, ByHand.NO_SCHOOL),
        ({"enc.setting_name": Gap(Why.NOT_KNOWN)}, ByHand.NOT_LISTED),
        ({"enc.school_urn": "900002"}, ByHand.NOT_LISTED),
        ({"enc.blocked": "safety"}, ByHand.NOT_TOLD),
        ({"enc.blocked": "council_instead"}, ByHand.NOT_TOLD),
    ],
)
def test_what_is_open_is_a_persons(context: Context, answers: dict[str, Answer], why: ByHand) -> None:
    """A warning must not reach whoever it is about, nor another child's school."""
    way = way_of(an_enc(answers), policy_of(FORCE), context.settings)

    assert (way.target, way.by_hand) == ("", why)


def test_a_name_alone_is_no_school_and_with_its_number_it_is(context: Context) -> None:
    """There is a St Mary's in every town; the number and the name are of one."""
    named = (*PEOPLE, NO_TOWN)
    assert way_of(an_enc(entities=named), policy_of(FORCE), context.settings).by_hand is ByHand.NOT_LISTED

    with_number = an_enc({"enc.school_urn": "900001"}, entities=named)
    assert way_of(with_number, policy_of(FORCE), context.settings).target == TARGET


@pytest.mark.parametrize("target", ["", TARGET])
def test_one_school_may_have_an_address_of_its_own(context: Context, target: str) -> None:
    """Where the force has said nothing of schools, none is left in a folder that nobody empties."""
    known = {FORCE: {target: None}} if target else {}
    settings = Settings.of(context.settings.data, public_origin="http://127.0.0.1:8700", targets=known)

    first = way_of(an_enc(), policy_of(FORCE), settings)
    second = way_of(an_enc({"enc.setting_name": str(OTHER_SCHOOL)}), policy_of(FORCE), settings)

    assert first.target == target
    assert second.by_hand is ByHand.NO_ADDRESS


@pytest.mark.parametrize(
    ("at", "by"),
    [
        pytest.param("2026-03-14T21:04", "2026-03-14T23:04", id="Saturday night: the force's own limit"),
        pytest.param(
            "2026-03-16T06:00",
            "2026-03-16T07:15",
            id="Monday at six: sooner",
        ),
        pytest.param("2026-03-16T08:00", "2026-03-16T08:00", id="Monday at eight: at once"),
    ],
)
def test_what_waits_is_put_before_more_people_in_time_for_the_school_day(at: str, by: str) -> None:
    """A limit that is over after the bell tells nobody in time."""
    policy = policy_of(FORCE)
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)

    limit = limit_of(policy, Output.SCHOOL_NOTICE, moment)

    assert limit == datetime.fromisoformat(by).replace(tzinfo=UTC)
    assert policy.leaving[Output.SCHOOL_NOTICE].grace == timedelta(hours=1)


def test_the_task_says_why_a_person_rings(context: Context, officer: Colleague) -> None:
    """Nothing is owed to a school, and both who are asked to tell it read why."""
    officer.sent(an_enc({"enc.adult_at_school": "yes"}))

    assert not [one for one in rows(context, delivery) if str(one["target"]).startswith("school:")]
    assert {(one["kind"], one["status"], one["by_system"]) for one in rows(context, task)} == {
        ("school_told", "open", "adult_at_school"),
        ("operation_encompass", "open", "adult_at_school"),
    }


def test_the_folder_of_a_force_is_an_address(context: Context) -> None:
    """The force has said that another system empties it; a demonstration has one for everybody."""
    folder = context.settings.data
    known = Settings.of(folder, public_origin="http://127.0.0.1:8700", targets=SCHOOLS_BY_FOLDER)
    demo = Settings.of(folder, public_origin="http://127.0.0.1:8700", demo=True)
    silent = Settings.of(folder, public_origin="http://127.0.0.1:8700")

    assert [one.reaches(FORCE, TARGET) for one in (known, demo, silent)] == [True, True, False]
