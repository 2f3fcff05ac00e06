"""Times, gaps, codes and names read alike on every screen and page."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from booklets import in_words
from booklets.answers import Gap, Moment, Precision, Why
from booklets.entities import Entity, EntityKind
from tests.support.builders import NIGHT, a_person, a_place, an_id

SUMMER = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)


def test_a_time_is_said_as_clocks_here_show_it() -> None:
    """In summer half past eleven in UTC is half past midnight, on the next day."""
    assert in_words.day_and_time(NIGHT) == "Sat 14 March 2026, 21:04"
    assert in_words.day_and_time(SUMMER) == "Thu 2 July 2026, 00:30"
    assert in_words.clock_time(SUMMER) == "00:30"
    assert in_words.day(date(2026, 3, 14)) == "Sat 14 March 2026"


@pytest.mark.parametrize(
    ("precision", "says"),
    [
        (Precision.EXACT, "Thu 2 July 2026, 00:30"),
        (Precision.ABOUT, "About Thu 2 July 2026, 00:30"),
        (Precision.DATE_ONLY, "Thu 2 July 2026"),
        (Precision.RANGE, "From Thu 2 July 2026, 00:30"),
    ],
)
def test_how_sure_of_a_time_the_officer_is_goes_with_it(precision: Precision, says: str) -> None:
    """A clock that starts at "about" is argued over later."""
    assert in_words.moment(Moment(SUMMER, precision)) == says


@pytest.mark.parametrize("why", Why)
def test_every_gap_has_words(why: Why) -> None:
    """A code on a supervisor's screen says nothing."""
    assert in_words.gap(Gap(why, "asleep")) == f"{in_words.WHY[why]}: asleep"


def test_when_an_answer_is_to_come_is_said_and_what_is_no_time_stays_as_it_is() -> None:
    """A gap of another version is read and not refused."""
    assert in_words.gap(Gap(Why.PENDING, due="2026-03-14T21:04:00Z")).endswith(
        "(by Sat 14 March 2026, 21:04)"
    )
    assert in_words.gap(Gap(Why.PENDING, due="soon")) == "Still to come (by soon)"


def test_a_date_that_is_whole_is_written_out() -> None:
    """The year alone is all that is known of some children."""
    assert in_words.date_of("2011-02-19") == "19 February 2011"
    assert in_words.date_of("2011") == "2011"


@pytest.mark.parametrize(
    ("entity", "name"),
    [
        (a_person(known_as="Ki"), "Ki Marlowe-Test"),
        (a_person(), "Kit Marlowe-Test"),
        (a_place(), "Bus station"),
        (a_place(name=""), "1 Invented Street, Harrogate"),
        (
            Entity(an_id("van"), EntityKind.OBJECT, {"object.colour": "White", "object.make": "Ford"}),
            "White Ford",
        ),
        (Entity(an_id("nobody"), EntityKind.PERSON), "?"),
        (None, "?"),
    ],
)
def test_everybody_and_everything_has_the_name_an_officer_would_use(
    entity: Entity | None, name: str
) -> None:
    """The everyday name first: it is what the child answers to."""
    assert in_words.name_of(entity, "?") == name


def test_a_code_without_a_label_is_read_as_words() -> None:
    """Units and roles are the force's own."""
    assert in_words.plain_code("scarborough_response") == "Scarborough response"
