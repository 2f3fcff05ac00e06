"""The register of children: who sees whom, what it is narrowed to, and what reading and taking leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from sync_server.console.child_cells import COLUMNS
from sync_server.console.children import AT_ONCE, Asked
from tests.support.again import a_night
from tests.support.builders import NIGHT, UNIT, a_task
from tests.support.colleagues import a_colleague
from tests.support.every_desk import read_back
from tests.support.known_children import interview_of, report_of, return_of
from tests.support.meetings import ELSEWHERE
from tests.support.register_of_children import (
    CLOCK,
    FILE,
    PAGE,
    WHY,
    Force,
    a_busy_force,
    a_force,
    with_task,
)
from tests.support.web_pages import href_of, rows_in, words_of

TIMES = COLUMNS[4]
# Noor is back, was interviewed and has a task that is late; Leo is missing; Zed is another unit's.
SEES: Mapping[str, set[str]] = {
    "mhet": {"Amy", "Noor", "Zed", "Leo"},
    "fim": {"Amy", "Noor", "Zed", "Leo"},
    "vat": {"Amy"},
    "sergeant": {"Amy", "Noor", "Leo"},
    "sergeant elsewhere": {"Zed"},
    "mhet of another force": set(),
}


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Force]:
    """A force to which nothing has come yet."""
    with a_force(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Force]:
    """Amy has a notice, Noor everything, Leo is missing, and Zed is another unit's."""
    with a_busy_force(tmp_path_factory.mktemp("children")) as made:
        yield made


# -- who sees whom --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", SEES)
def test_everybody_sees_the_children_whose_records_are_theirs_to_read(force: Force, who: str) -> None:
    """As in the register of records; the file has no child that the page does not show."""
    words = force.reads(who=who)

    assert {name for name in SEES["mhet"] if f" {name} Brook-Test" in words} == SEES[who]
    assert set(force.names(who)) == SEES[who]


def test_an_administrator_has_neither_the_page_nor_the_file(force: Force) -> None:
    """Whoever watches over looking learns nothing about a child."""
    assert force.desks["admin"].open(PAGE).status_code == 403
    assert force.desks["admin"].http.post(FILE, data={"purpose": WHY}).status_code == 403


def test_a_covert_record_is_marked_and_is_not_shown_to_whoever_may_not_read_it(empty: Force) -> None:
    """As on every list: the team and the unit know that somebody near the child must not; others nothing."""
    empty.officer.sent(report_of("Ola"), covert=True)
    covert = "Covert: somebody near the child must not know"

    assert covert in empty.reads()
    assert covert in empty.lines("sergeant")[0]["Who"]
    assert empty.names("sergeant elsewhere") == []
    assert "Ola" not in empty.reads(who="vat")


def test_episodes_of_records_that_one_may_not_read_are_not_counted(empty: Force) -> None:
    """A sergeant counts the unit's own, and the page says so; the team counts the force's."""
    there = a_colleague(empty.server.context, "pc.there", unit=ELSEWHERE)
    empty.officer.sent(a_night("here", NIGHT))
    there.sent(a_night("there", NIGHT, unit=ELSEWHERE))

    assert [line[TIMES] for line in empty.lines("sergeant")] == ["1 / 1 / 1"]
    assert [line[TIMES] for line in empty.lines()] == ["2 / 2 / 2"]
    assert "Episodes are counted from them alone" in empty.reads(who="sergeant")


# -- what it is narrowed to -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ({"unit": ELSEWHERE}, {"Zed"}),
        ({"missing": "yes"}, {"Leo", "Zed"}),
        ({"late": "yes"}, {"Noor"}),
        ({"missing": "yes", "unit": UNIT}, {"Leo"}),
        ({"missing": "no", "late": "1"}, {"Amy", "Noor", "Zed", "Leo"}),
    ],
)
def test_it_can_be_narrowed_and_so_is_the_file(
    force: Force, filters: dict[str, str], shown: set[str]
) -> None:
    """By unit, to who is missing now, to what is overdue; what makes no sense narrows nothing."""
    address = "&".join(f"{name}={word}" for name, word in filters.items())
    words = force.reads(f"{PAGE}?{address}")

    assert {name for name in SEES["mhet"] if f" {name} Brook-Test" in words} == shown
    assert set(force.names(**filters)) == shown


def test_what_is_no_unit_is_kept_nowhere(force: Force) -> None:
    """An address can hold anything, a child's name too; the audit is never deleted from."""
    shown = force.desks["mhet"].open(f"{PAGE}?unit=Amy+Brook").text

    assert "Amy Brook&" not in shown
    assert 'value="Amy Brook"' not in shown
    assert force.noted("children read")["asked"] == []


@pytest.mark.parametrize("given", ["", "0", "-1", "x", "٢", "99999", "1.5"])
def test_a_page_that_makes_no_sense_is_the_first(given: str) -> None:
    """Whatever is typed into the address."""
    assert Asked.of({"page": given}).page == 1


# -- what looking and taking leave behind -----------------------------------------------------------------


def test_whoever_reads_it_leaves_behind_which_records_stood_on_it(force: Force) -> None:
    """As every list does, with what it was narrowed to (section 62)."""
    force.reads(f"{PAGE}?missing=yes", who="sergeant")
    noted = force.noted("children read")

    assert noted["asked"] == ["missing=yes"]
    assert noted["rows"] == 1
    assert len(noted["records"]) == 1
    assert "Read the register of children" in words_of(force.desks["admin"].open("/looked").text)


def test_whoever_takes_the_file_says_what_for_and_names_no_child(force: Force) -> None:
    """What for is kept with every record of the file; a name in it is refused, and so is nothing."""
    assert force.takes(purpose="About Noor").status_code == 422
    assert force.takes(purpose="").status_code == 422
    answer = force.takes(unit=UNIT)
    noted = force.noted("children file taken")

    assert (noted["purpose"], noted["asked"], noted["rows"]) == (WHY, [f"unit={UNIT}"], 3)
    assert answer.headers["content-disposition"] == 'attachment; filename="children-2026-03-14.csv"'
    assert answer.headers["cache-control"] == "no-store"
    assert {line["Marking"] for line in read_back(answer)} == {"OFFICIAL-SENSITIVE"}
    looks = words_of(force.desks["admin"].open("/looked?what=children+file+taken").text)
    assert f"for “{WHY}”" in looks
    assert "Brook-Test" not in looks


def test_a_name_that_would_be_a_formula_is_a_name(empty: Force) -> None:
    """Whatever a child was called by whoever typed it."""
    empty.officer.sent(interview_of("=HYPERLINK(1)"))

    assert empty.lines()[0]["Child"] == "'=HYPERLINK(1) Brook-Test"


# -- many children ----------------------------------------------------------------------------------------


@contextmanager
def statements() -> Iterator[list[str]]:
    """Everything that is asked of any database meanwhile."""
    asked: list[str] = []

    def note(*said: Any) -> None:
        asked.append(said[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_many_children_take_as_many_statements_as_few(empty: Force) -> None:
    """Nothing is read child by child; fifty stand on a page, and the next has the others."""
    counted = []
    for names in (range(2), range(2, AT_ONCE + 3)):
        for number in names:
            due = a_task(CLOCK, rule=CLOCK, owner="mhet", due_at=NIGHT + timedelta(hours=number))
            empty.officer.sent(with_task(return_of(f"Child{number}"), due))
        with statements() as asked:
            first = empty.desks["mhet"].open(PAGE).text
        counted.append(len(asked))
    second = empty.desks["mhet"].open(href_of(first, "Next page")).text

    assert counted[0] == counted[1] <= 30
    assert (rows_in(first), rows_in(second)) == (AT_ONCE, 3)
    assert "53 children, page 2 of 2" in words_of(second)
    assert href_of(second, "First page") == PAGE
