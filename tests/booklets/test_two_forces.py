"""Two forces that have decided almost everything differently: nothing of either is code."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from booklets import definitions
from booklets.clocks import running
from booklets.encounters import review
from booklets.forms import Stage
from booklets.school_days import SETTING, read_school_days
from tests.support.walks import HONEST, NOW, check_of, guide

ROOT = Path(__file__).parents[2]
HERE, THERE = "north_yorkshire", "seaborough"
LAW = {"minutes_to_return_home_interview", "minutes_of_police_protection", "dictation"}
"""What law and guidance set for every force, and what no force has."""
NAMED_IN_CODE = re.compile(r"north.?yorkshire|E06000065|E06000014", re.IGNORECASE)
MAY_NAME = ("booklets/definitions/", "sync_server/demo/", "sync_server/settings.py", "field_app/settings.py")
"""Definitions, the demonstration, and the examples and defaults of settings."""


def test_the_second_force_has_decided_otherwise() -> None:
    """Whatever both had in common could be code without anybody noticing."""
    here, there = definitions.force(HERE), definitions.force(THERE)

    assert here.keys() == there.keys()
    assert {name for name in here if here[name] == there[name]} <= LAW | {"years_too_young_alone"}


@pytest.mark.parametrize("force", [HERE, THERE])
def test_a_check_is_reviewed_by_the_settings_of_its_own_force(force: str) -> None:
    """The same honest check is complete in both."""
    found = review(check_of(HONEST), guide(), definitions.force(force), NOW, Stage.CAPTURE)

    assert not [one for one in found if one.stands]


def test_each_force_offers_its_own_risks_and_councils() -> None:
    """North Yorkshire grades no child low; Seaborough has other councils."""
    risk, council = (
        definitions.every_field()["ra.level"],
        definitions.every_field()["person.la_responsible"],
    )
    offered = {
        force: (
            [one.code for one in risk.offered(settings)],
            [one.code for one in council.offered(settings)],
        )
        for force in (HERE, THERE)
        for settings in [definitions.force(force)]
    }

    assert offered[HERE] == (["high", "medium"], ["E06000065", "E06000014", "other"])
    assert offered[THERE] == (["high", "medium", "low"], ["E06009901", "E06009902", "other"])


def test_each_force_has_its_own_clocks() -> None:
    """Half the time in Seaborough; the 72 hours are nobody's to change."""
    due = {
        force: {
            one.clock.id: one.due - one.started
            for one in running(definitions.clocks(), check_of(HONEST).answers, definitions.force(force))
        }
        for force in (HERE, THERE)
    }

    assert due[HERE]["council_told_of_return"] == 2 * due[THERE]["council_told_of_return"]
    assert due[HERE]["return_home_interview"] == due[THERE]["return_home_interview"] == timedelta(hours=72)


def test_each_force_lets_leave_what_it_has_decided() -> None:
    """What is released at once in one waits for a supervisor in the other."""
    here, there = (definitions.leaving(definitions.force(force)) for force in (HERE, THERE))

    assert {one for one in here if here[one] == there[one]} <= {"danger"}


def test_each_force_has_schools_of_its_own() -> None:
    """Their days begin at different times."""
    begins = {read_school_days(definitions.force(force)[SETTING]).begins for force in (HERE, THERE)}
    assert len(begins) == 2


def test_no_code_names_a_force_or_its_councils() -> None:
    """Only definitions, the demonstration and examples do."""
    named = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("booklets", "field_app", "sync_server")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not str(path.relative_to(ROOT)).startswith(MAY_NAME)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if NAMED_IN_CODE.search(line)
    ]

    assert named == [], named
