"""What a month shows, as numbers and without a name (R-30)."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from booklets.answers import Answer
from booklets.records import Record
from booklets.school_days import LONDON
from sync_server.across import months
from sync_server.across.seen import read
from sync_server.cli import main
from sync_server.context import Context
from tests.support.builders import FORCE, NIGHT, a_place, an_id
from tests.support.colleagues import Colleague
from tests.support.people_again import a_record
from tests.support.server_data import Clock

Night = Callable[..., Record]
MARCH = date(2026, 3, 1)


def a_child(number: int) -> dict[str, Answer]:
    """One of several children."""
    return {"given_names": f"Child{number}", "surname": "Many-Test", "dob": f"2011-05-{number + 10}"}


def the_month(context: Context, month: date = MARCH) -> list[dict[str, str]]:
    """The file, line by line."""
    with context.store.read() as connection:
        seen = read(connection, FORCE, context.policy(FORCE).settings, context.now())
    return list(csv.DictReader(months.as_csv(months.lines(seen, month), month).splitlines()))


def numbers(context: Context, what: str) -> list[tuple[str, str, str]]:
    """Of one kind of line: which, episodes, children."""
    return [
        (one["which"], one["episodes"], one["children"]) for one in the_month(context) if one["what"] == what
    ]


@pytest.fixture
def many(night: Night, mhet: Colleague) -> list[Record]:
    """Six children at one bus station; two of them are exploited."""
    sent = []
    for number in range(6):
        station = a_place(
            an_id(f"station {number}"), NIGHT, name="where Child1 met him", place_type="transport_hub"
        )
        sent.append(night(f"many {number}", number, child=a_child(number), place=station))
    for one, types in ((0, ("CSE", "CCE")), (1, ("CCE",))):
        mhet.comes_on_shift()
        mhet.sent(a_record("mh", sent[one], {"mh.exploitation_types": types}))
    return sent


def test_episodes_and_children_are_counted(context: Context, many: list[Record], night: Night) -> None:
    """The second time of one child is another episode, and no other child."""
    night("again", 8, child=a_child(0))

    assert numbers(context, "missing") == [("all", "7", "6")]


def test_sexual_and_criminal_exploitation_stand_apart_and_small_numbers_are_not_given(
    context: Context, many: list[Record]
) -> None:
    """One number below five could be a child somebody knows."""
    assert numbers(context, "exploitation") == [
        ("CSE", "fewer than 5", "fewer than 5"),
        ("CCE", "fewer than 5", "fewer than 5"),
    ]


def test_a_month_without_exploitation_says_so(context: Context, night: Night) -> None:
    """Nought is a number that says something, and nobody can be found in it."""
    night("one", 0)

    assert numbers(context, "exploitation") == [("CSE", "0", "0"), ("CCE", "0", "0")]


def test_a_place_is_named_by_postcode_and_kind_where_many_children_were(
    context: Context, many: list[Record], night: Night
) -> None:
    """Elsewhere only its kind is counted."""
    park = a_place(an_id("a park"), NIGHT, postcode="HG2 9ZZ", place_type="park")
    night("in the park", 9, child=a_child(9), place=park)

    assert numbers(context, "place") == [("HG1 1ZZ, Station or bus stop", "6", "6")]
    assert numbers(context, "kind of place") == [
        ("Park or green", "fewer than 5", "fewer than 5"),
        ("Station or bus stop", "6", "6"),
    ]


def test_nothing_that_anybody_wrote_is_in_it(context: Context, many: list[Record]) -> None:
    """No name of a child, and no name that an officer gave a place."""
    text = str(the_month(context))

    assert not any(word in text for word in ("Child", "Many", "met him", "Invented", "2011"))


def test_another_month_is_another_file(context: Context, many: list[Record], clock: Clock) -> None:
    """By the clocks of the United Kingdom."""
    clock.at = NIGHT + timedelta(days=40)

    assert the_month(context, date(2026, 4, 1))[0] == {
        "month": "2026-04",
        "what": "missing",
        "which": "all",
        "episodes": "0",
        "children": "0",
    }


@pytest.mark.parametrize("said", ["2026-13", "March", "2026-3", "2026-04", "2024-11", "2026-03-01"])
def test_what_is_no_month_is_refused_in_words(said: str) -> None:
    """Misspelt, still to come, or further back than is looked."""
    with pytest.raises(months.NoSuchMonth):
        months.month_of(said, NIGHT)


def test_the_command_writes_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For a force with nothing in it yet; a month that is none is said in one line."""
    this_month = f"{datetime.now(LONDON):%Y-%m}"
    arguments = ["month", "--data", str(tmp_path / "empty"), "--month"]

    assert main([*arguments, this_month], {}) == 0
    assert capsys.readouterr().out.splitlines() == [
        "month,what,which,episodes,children",
        f"{this_month},missing,all,0,0",
        f"{this_month},exploitation,CSE,0,0",
        f"{this_month},exploitation,CCE,0,0",
    ]
    assert main([*arguments, "no month"], {}) == 1
    assert "write it like 2026-11" in capsys.readouterr().out
