"""What is said aloud: a place so that a patrol finds it, no home and no refuge, and no listed word."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from booklets.aloud import DESCRIBED
from booklets.answers import Answer
from booklets.entities import EntityKind
from booklets.lookout import Standing
from booklets.positions import position_row
from tests.support.builders import NIGHT
from tests.support.lookouts import SECRET, card_of, line, spoken
from tests.support.missing import LEO_KNOWN, PARK, a_row, known, somebody


def test_each_place_is_read_out_and_not_why_somebody_thinks_of_it() -> None:
    """A place of which nothing is known yet is one all the same."""
    nowhere = known(EntityKind.PLACE)
    rows = (*a_row(place=str(PARK.id), why=SECRET), *a_row(place=str(nowhere.id), why=SECRET))
    card = card_of({"mis.likely_places": rows}, nowhere)

    assert line(card, "likely_places").words == (
        "Valley Gardens, Harrogate",
        "A place without a name or street yet",
    )
    assert SECRET not in spoken(card)


def test_where_a_place_is_to_the_metre_is_never_read_out() -> None:
    """Of a home and of a lane alike; that it stands in the record is said of the lane."""
    stood: Answer = (position_row(54.28139, -0.40127, 12, NIGHT),)
    lane = known(EntityKind.PLACE, position=stood)
    home = known(EntityKind.PLACE, position=stood, place_type="home", street="14 Saltern Row", town="Filey")
    rows = (*a_row(place=str(lane.id)), *a_row(place=str(home.id)))
    card = card_of({"mis.likely_places": rows}, lane, home)

    assert line(card, "likely_places").words == (DESCRIBED, "Saltern Row, Filey")
    assert "54.28" not in spoken(card)
    assert "0.40127" not in spoken(card)


@pytest.mark.parametrize(
    "word",
    [
        "FGM",
        "F.G.M.",
        "a forced marriage abroad",
        "a forced-marriage abroad",
        "a forced  marriage abroad",
        "a forced\nmarriage abroad",
        "a forced\u2011marriage abroad",
        "Honour-based abuse",
        "honour \u2013 based abuse",
        "so called honour",
        "honor based abuse",
        "trafficked",
        "she goes to the refuge",
        "H.B.A.",
        "H B V",
        "f g m",
        "the safehouse",
        "honourbased abuse",
        "honour-related violence",
        "Womens Aid",
        "Womens' Aid",
        "Women\u2019s Aid",
        "sextrafficking",
        "a domestic abuse shelter",
        "the womens shelter",
    ],
)
def test_a_line_into_which_such_a_word_was_written_is_held_back(word: str) -> None:
    """It is said that something stands there, and that the phone is the way to hear it."""
    held = line(card_of({"mis.dangers": f"Mum fears {word} this week"}), "danger_to_child")

    assert held.words == ("Not for the radio. Ask the control room by phone",)
    assert held.standing is Standing.HELD_BACK


@pytest.mark.parametrize(
    "said",
    [
        "Came alone as a refugee and knows nobody here",
        "She needs shelter from the rain",
        "Known at the women's sheltered workshop",
        "Honor has asthma; her aunt is related to Tom",
        "Seen at gate H, bay B, and then at the traffic lights",
        "Room H b and then the stairs",
    ],
)
def test_what_only_looks_like_a_listed_word_is_read_out(said: str) -> None:
    """A patrol hears of the danger to a child who has fled, or is out in the cold."""
    assert line(card_of({"mis.dangers": said}), "danger_to_child").words == (said,)


def test_a_girl_called_honor_has_her_name_read_out() -> None:
    """What is listed is honour-based abuse, in both spellings, and no name."""
    assert line(card_of(child=somebody(**{**LEO_KNOWN, "known_as": "Honor"})), "name").words == ("Honor",)


PLACES: Mapping[str, tuple[Mapping[str, Answer], str]] = {
    "postcode": ({"postcode": "HG1 2WG"}, "HG1 2WG"),
    "county": ({"county": "North Yorkshire"}, "North Yorkshire"),
    "three words": ({"what3words": "filled.count.soap"}, "filled.count.soap"),
    "description": (
        {"description": "Behind the bandstand"},
        "Described in the record: ask the control room",
    ),
    "nothing": ({}, "A place without a name or street yet"),
    "home": (
        {
            "place_type": "home",
            "name": "The Willows",
            "building": "12",
            "street": "12 High Street",
            "town": "Ripon",
        },
        "High Street, Ripon",
    ),
    "numbered road": (
        {"place_type": "placement", "street": "Flat, 12a, 3rd Avenue", "town": "York"},
        "3rd Avenue, York",
    ),
    "two numbers": ({"place_type": "home", "street": "12-14a High Street"}, "High Street"),
    "home by postcode": (
        {"place_type": "home", "postcode": "HG1 2WG"},
        "A home: its address is in the record. Ask the control room",
    ),
    "refuge": (
        {"place_type": "other", "place_type_other": "Women's refuge", "street": "Park Row", "town": "Leeds"},
        "A place that is not for the radio. Ask the control room by phone",
    ),
    "safe house": (
        {"description": "A safe-house since May", "street": "Park Row"},
        "A place that is not for the radio. Ask the control room by phone",
    ),
    "shelter": (
        {"name": "Womens' Shelter", "street": "Park Row", "town": "Leeds"},
        "A place that is not for the radio. Ask the control room by phone",
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_place_is_read_out_so_that_a_patrol_finds_it_and_no_home_is_given_away(place: str) -> None:
    """By whatever was said of it; of a home by street and town, and of a safe house not at all."""
    facts, words = PLACES[place]
    there = known(EntityKind.PLACE, **facts)

    assert line(card_of({"mis.last_seen_place": str(there.id)}, there), "last_seen_place").words == (words,)


@pytest.mark.parametrize(
    ("typed", "street"),
    [
        ("12AB High Street", "High Street"),
        ("12High Street", "High Street"),
        ("12 a High Street", "High Street"),
        ("12, High Street", "High Street"),
        ("12 - 14 High Street", "High Street"),
        ("12 and 14 High Street", "High Street"),
        ("12/3 High Street", "High Street"),
        ("High Street 12", "High Street"),
        ("No. 12 High Street", "High Street"),
        ("no 12, High Street", "High Street"),
        ("No12 High Street", "High Street"),
        ("Nos. 12-14 High Street", "High Street"),
        ("Number 12 High Street", "High Street"),
        ("#12 High Street", "High Street"),
        ("Flat 3, 12 High Street", "High Street"),
        ("Flat 3A 12 High Street", "High Street"),
        ("Flat 3/12 High Street", "High Street"),
        ("Flat B, 12 High Street", "High Street"),
        ("FLAT3,12 HIGH STREET", "HIGH STREET"),
        ("Flat Three, 12 High Street", "High Street"),
        ("Top Floor Flat, 12 High Street", "High Street"),
        ("1st floor, 12 High Street", "High Street"),
        ("Unit 4 Mill Lane", "Mill Lane"),
        ("Apt. 7, 12b High Street", "High Street"),
        ("Room 2, High Street", "High Street"),
        ("12 High Street, HG1 2WG", "High Street"),
        ("High Street hg12wg", "High Street"),
        ("HG1 2WG", "A home: its address is in the record. Ask the control room"),
        ("12 1st Avenue", "1st Avenue"),
        ("12 St Mary's Road", "St Mary's Road"),
        ("12St Mary's Road", "St Mary's Road"),
        ("12 O'Connell Street", "O'Connell Street"),
        ("12 De Grey Road", "De Grey Road"),
        ("1st Avenue", "1st Avenue"),
        ("42ND STREET", "42ND STREET"),
        ("Seven Sisters Road", "Seven Sisters Road"),
        ("High Street", "High Street"),
        ("St. John's Road", "St. John's Road"),
        ("Flat Lane", "Flat Lane"),
        ("Flatt Lane", "Flatt Lane"),
        ("Noster Hill", "Noster Hill"),
        ("Top Lane", "Top Lane"),
        ("Unity Street", "Unity Street"),
        ("A61", "A61"),
        ("Stoke-on-Trent Road", "Stoke-on-Trent Road"),
    ],
)
def test_of_the_street_of_a_home_only_its_name_is_read_out(typed: str, street: str) -> None:
    """However the number, the flat or the postcode was typed into it; a street keeps its own name."""
    house = known(EntityKind.PLACE, place_type="home", street=typed)

    card = card_of({"mis.last_seen_place": str(house.id)}, house)
    assert line(card, "last_seen_place").words == (street,)


@pytest.mark.parametrize(
    ("type_", "words"),
    [
        ("home", "High Street, Ripon"),
        ("relative", "High Street, Ripon"),
        ("friend", "12, High Street, Ripon"),
    ],
)
def test_an_address_of_the_family_is_a_home_whatever_it_was_called(type_: str, words: str) -> None:
    """At the first hour nobody has said what kind of place it is."""
    house = known(EntityKind.PLACE, building="12", street="High Street", town="Ripon")
    child = somebody(**LEO_KNOWN, addresses=a_row(place=str(house.id), type=type_))
    card = card_of({"mis.last_seen_place": str(house.id)}, house, child=child)

    assert line(card, "last_seen_place").words == (words,)
    assert "only street and town are read out" in card.left_out[-1]
