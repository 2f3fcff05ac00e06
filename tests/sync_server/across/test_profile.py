"""The restricted part of a month: adults, vehicles, accounts and places, and never a child (R-30)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import MappingProxyType

import pytest

from booklets.answers import Answer
from booklets.entities import Entity, EntityKind
from booklets.records import Record
from sync_server.across.profile import WITHHELD, Line, Profile, opened_of, profile
from sync_server.across.seen import read
from sync_server.context import Context
from tests.support.again import ANA, KIT, a_talk
from tests.support.builders import FORCE, NIGHT, a_person, a_place, an_id
from tests.support.colleagues import Colleague
from tests.support.missing import known

Night = Callable[..., Record]
MARCH = date(2026, 3, 1)
VAN = "AB12CDE"


def the_profile(context: Context, month: date = MARCH) -> Profile:
    """What the month shows."""
    with context.store.read() as db:
        seen = read(db, FORCE, context.policy(FORCE).settings, context.now())
        return profile(seen, month, opened_of(db, context.keys.safe, seen, month))


def lines(context: Context, what: str) -> list[tuple[str, int, int]]:
    """Of one kind of line: which, cases, children."""
    return [(one.which, one.cases, one.children) for one in the_profile(context).lines if one.what == what]


def a_man(name: str, **facts: Answer) -> Entity:
    """An adult whom a child was with."""
    told: dict[str, Answer] = {"relationship": "new_associate", "dob": "1996-02-02"}
    return a_person(
        an_id(f"man {name}"), NIGHT, **{"given_names": "Lee", "surname": "Vance", **told, **facts}
    )


def an_account(platform: str, username: str) -> Answer:
    """An account as it is written down for digital forensics."""
    return (MappingProxyType({"platform": platform, "username": username}),)


@pytest.fixture
def with_a_man(night: Night, officer: Colleague) -> list[Record]:
    """Two children were with one man, who writes to both and drives a van."""
    sent = []
    van = known(EntityKind.OBJECT, object_type="vehicle", identifier="ab12 cde")
    for number, child in enumerate((KIT, ANA)):
        back = night(f"with {number}", number, child=child, others=(van,))
        man = a_man(str(number))
        said = {
            "pi.who": (str(man.id),),
            "pi.exploitation_types": ("CSE",) if number else ("CCE",),
            "pi.identifiers": an_account("snapchat", "big_lee99"),
        }
        sent += [back, officer.sent(a_talk(back, said, man))]
    return sent


def test_an_adult_beside_two_children_stands_there_once_with_his_name(
    context: Context, with_a_man: list[Record]
) -> None:
    """Who he is, in how many cases and with how many children, and which kinds of exploitation."""
    [man] = [one for one in the_profile(context).lines if one.what == "adult"]

    assert (man.which, man.cases, man.children) == ("Lee Vance", 2, 2)
    assert man.kinds == ("CCE", "CSE")
    assert len(man.references) == 2


def test_his_van_and_his_account_stand_there(context: Context, with_a_man: list[Record]) -> None:
    """The registration as it is matched, the user name with where it is."""
    assert lines(context, "vehicle") == [(VAN, 2, 2)]
    assert lines(context, "account") == [("snapchat: big_lee99", 2, 2)]


def test_no_child_is_in_it(context: Context, with_a_man: list[Record]) -> None:
    """No name, no date of birth, no home; nor words that anybody wrote."""
    text = str([(one.what, one.which, one.kinds) for one in the_profile(context).lines])

    assert not any(word in text for word in ("Kit", "Ana", "Marlowe", "Wold", "2011", "Invented"))


@pytest.mark.parametrize("username", ["kit_m_2011", "xX.Marlowe-Test.Xx", "KITTY"])
def test_an_account_that_would_name_a_child_is_counted_and_left_out(
    context: Context, night: Night, officer: Colleague, username: str
) -> None:
    """However it is written together; whoever may open the record reads it there."""
    back = night("one", 0)
    officer.sent(a_talk(back, {"pi.identifiers": an_account("tiktok", username)}))

    [line] = [one for one in the_profile(context).lines if one.what == "account"]
    assert (line.which, line.children) == (WITHHELD, 1)
    assert len(line.records) == 1


def test_a_suspect_of_the_childs_own_surname_is_not_named(
    context: Context, night: Night, officer: Colleague
) -> None:
    """His name would be the child's."""
    uncle = a_man("uncle", surname="Marlowe-Test", relationship="aunt_uncle")
    back = night("one", 0)
    officer.sent(a_talk(back, {"pi.disclosure_stop": "yes", "pi.stop_who": (str(uncle.id),)}, uncle))

    assert lines(context, "adult") == [(WITHHELD, 1, 1)]


@pytest.mark.thorough
def test_covert_records_are_left_out_and_counted(context: Context, night: Night, officer: Colleague) -> None:
    """Somebody near the child must not know."""
    back = night("one", 0)
    man = a_man("covert")
    talk = a_talk(back, {"pi.who": (str(man.id),)}, man)
    officer.sent(talk, covert=True)

    assert the_profile(context).covert == 1
    assert lines(context, "adult") == []


def test_a_place_is_named_and_a_home_is_not(context: Context, night: Night) -> None:
    """The disused hotel; not where the child lives, nor a hospital."""
    hotel = a_place(an_id("hotel"), NIGHT, name="The Grand", postcode="YO11 9ZZ", place_type="hotel")
    ward = a_place(an_id("ward"), NIGHT, name="The ward", postcode="YO12 9ZZ", place_type="hospital")
    night("hotel", 0, place=hotel)
    night("ward", 1, child=ANA, place=ward)

    friends = a_place(an_id("friends"), NIGHT, name="Lily's house", place_type="associate_address")
    night("friends", 2, child=ANA, place=friends)

    said = [one.which for one in the_profile(context).lines if one.what == "place"]
    assert [one for one in said if "The Grand" in one and "YO11 9ZZ" in one]
    assert len(said) == 2
    assert "Lily" not in str(said), "what officers called it may be a child's name"


@pytest.mark.thorough
def test_another_month_has_nothing_of_it(context: Context, with_a_man: list[Record]) -> None:
    """And a record that cannot be opened any more is not in it."""
    assert the_profile(context, date(2026, 2, 1)) == Profile(())


def test_a_line_says_nothing_of_whom_it_is_in_its_own_words() -> None:
    """A name is not repeated in a log."""
    assert "Vance" not in repr(Line("adult", "Lee Vance", (), 1, 1, ()))
