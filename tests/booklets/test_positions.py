"""Where a device found itself: exact to a metre, with how far it may be off, and never half of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from booklets import in_words
from booklets.answers import Answer, answers_from_plain, plain_answers, rows_of
from booklets.definitions import entity_form
from booklets.entities import EntityKind
from booklets.positions import OF_A_PLACE, is_position, position_of, position_row
from booklets.reading import read
from booklets.review import has_shape
from tests.support.builders import FOUND_AT, NIGHT, PEOPLE, a_place, a_return
from tests.support.missing import known

ROW = position_row(54.281392, -0.401274, 11.2, NIGHT)
FIELD = entity_form("place").field(OF_A_PLACE)


def test_a_position_is_kept_to_a_metre_and_never_as_more_exact_than_it_is() -> None:
    """Eleven metres and a bit are twelve; as it is sent it comes back."""
    assert (ROW["lat"], ROW["lon"], ROW["accuracy_m"]) == ("54.28139", "-0.40127", "12")
    answer: Answer = (ROW,)
    assert has_shape(FIELD, answer)
    again = answers_from_plain(plain_answers({OF_A_PLACE: answer}))
    assert position_of(again) == ROW


@pytest.mark.parametrize(
    "changed",
    [
        {"lat": "91.00000"},
        {"lon": "-180.5"},
        {"lat": "54,28"},
        {"lat": "north"},
        {"accuracy_m": ""},
        {"accuracy_m": "-3"},
        {"at": "tonight"},
        {"speed": "3"},
    ],
)
def test_what_is_no_position_on_the_earth_is_none(changed: dict[str, str]) -> None:
    """Nothing is made of half a position, and nothing else is carried along in one."""
    assert not is_position(({**ROW, **changed},))
    assert not has_shape(FIELD, ({**ROW, **changed},))
    assert not is_position((ROW, ROW))


def test_how_exact_it_is_stands_where_it_is_read() -> None:
    """In the record as people read it, and in the name of a place of which nothing else is known."""
    stood = a_place(position=(ROW,))
    document = read(a_return(entities=(PEOPLE[0], PEOPLE[1], stood, PEOPLE[3])))
    [said] = [one for one in document.lines() if one.question == OF_A_PLACE and one.entity == FOUND_AT]

    assert said.words == ("54.28139, -0.40127, within about 12 m, found Sat 14 March 2026, 21:04",)
    assert not said.rows
    nothing_else = known(EntityKind.PLACE, position=(ROW,))
    assert in_words.name_of(nothing_else, "?") == "Where an officer stood, Sat 14 March 2026, 21:04"
    named = replace(nothing_else, facts={**nothing_else.facts, "place.town": "Filey"})
    assert in_words.name_of(named, "?") == "Filey"
    assert rows_of(named.facts[OF_A_PLACE]) == (ROW,)
