"""When a child on the daily meeting's sheet was missing, whether they are back, and how they were graded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from booklets.answers import Answer, Gap, Why, frozen
from booklets.forms import Stage
from booklets.records import Record
from sync_server.identity.accounts import Role
from tests.support.again import a_night
from tests.support.builders import NIGHT, UNIT, a_header, a_ppn, an_id
from tests.support.colleagues import a_colleague
from tests.support.devices import Browser
from tests.support.known_children import return_of
from tests.support.meetings import ELSEWHERE, SHEET, a_desk_with, a_report, about, parts
from tests.support.web_pages import rows_in, words_of

pytestmark = pytest.mark.thorough


def test_a_record_that_was_withdrawn_puts_nobody_on_the_sheet(tmp_path: Path) -> None:
    """It was perhaps about the wrong child."""
    with a_desk_with(tmp_path) as (_, officer, desk):
        officer.withdraws(officer.sent(a_ppn(**about("Una"))))

        assert "Una" not in words_of(desk.open(SHEET).text)


@pytest.mark.parametrize(
    ("says", "stands"),
    [
        ({}, "no return is recorded"),
        ({"mis.returned_before_report": "yes"}, "Missing since Fri 13 Mar, 18:00: back before the report"),
        ({"mis.returned_before_report": "dead"}, "Missing since Fri 13 Mar, 18:00: the child has died"),
    ],
)
def test_nobody_is_waited_for_who_is_back_or_has_died(
    tmp_path: Path, says: Mapping[str, Answer], stands: str
) -> None:
    """What the report itself says counts."""
    with a_desk_with(tmp_path) as (_, officer, desk):
        officer.sent(a_report("Una", says))

        assert stands in words_of(desk.open(SHEET).text)


@pytest.mark.parametrize(
    ("how", "stands"),
    [("phoned", "has rung, seen by nobody: still missing"), ("alone", ", back Sat 14 Mar")],
)
def test_whoever_has_only_rung_is_missing_on_the_sheet_and_it_says_so(
    tmp_path: Path, how: str, stands: str
) -> None:
    """R-08b: a voice on a phone is no return."""
    with a_desk_with(tmp_path) as (_, officer, desk):
        officer.sent(a_report("Una"))
        officer.sent(return_of("Una", {"ret.found_how": how}))

        assert stands in words_of(desk.open(SHEET).text)


def test_a_return_that_was_typed_anew_by_somebody_else_brings_the_child_back(tmp_path: Path) -> None:
    """Another id, another episode, another unit: the same names and day of birth, on one line."""
    with a_desk_with(tmp_path) as (server, officer, desk):
        officer.sent(a_report("Una"))
        there = a_colleague(server.context, "pc.there", unit=ELSEWHERE)
        known: dict[str, Answer] = {"given_names": "Una", "surname": "Brook-Test", "dob": "2011-05-02"}
        there.sent(a_night("back", NIGHT, child=known, unit=ELSEWHERE))
        server.add_account("sergeant", Role.SUPERVISOR, unit=UNIT)
        shown = desk.open(SHEET).text
        with Browser(server.url) as other:
            other.sign_in("sergeant")
            of_unit = words_of(other.open(SHEET).text)

    assert rows_in(shown) == 1
    assert "Missing since Fri 13 Mar, 18:00, back Sat 14 Mar, 20:24" in words_of(shown)
    assert "Missing since Fri 13 Mar, 18:00, back Sat 14 Mar, 20:24" in of_unit
    assert "Management of return" not in of_unit


def test_a_return_of_another_night_that_came_late_brings_nobody_back(tmp_path: Path) -> None:
    """Nobody wrote when it was: better a child too many on the sheet than one whom nobody looks for."""
    with a_desk_with(tmp_path) as (_, officer, desk):
        officer.sent(a_report("Una"))
        known: dict[str, Answer] = {"given_names": "Una", "surname": "Brook-Test", "dob": "2011-05-02"}
        when = {"ret.found_at": Gap(Why.NOT_KNOWN, "Robin cannot say when he came in that night.")}
        officer.sent(a_night("before", NIGHT, child=known, answers=when))
        sheet = words_of(desk.open(SHEET).text)

    assert "Missing since Fri 13 Mar, 18:00 27 h 04: no return is recorded" in sheet


def test_the_level_of_the_newest_assessment_stands_there(tmp_path: Path) -> None:
    """As it was graded, and when."""
    with a_desk_with(tmp_path) as (_, officer, desk):
        report = officer.sent(a_report("Una"))
        officer.sent(
            Record(
                header=a_header(
                    "rsk",
                    **{**parts("Una"), "record": an_id("graded"), "subject": report.header.subject},
                ),
                stage=Stage.CAPTURE,
                answers=frozen({"ra.level": "high", "ra.f18_cse": "yes"}),
                entities=report.entities,
                tasks=(),
                reasons={},
            )
        )
        sheet = words_of(desk.open(SHEET).text)

    assert "Graded high on Sat 14 Mar, 21:04" in sheet
    assert "Signs of harm Signs of exploitation" in sheet
