"""What is left on a handheld of a draft that has gone into other hands."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from booklets.answers import instant
from booklets.drafts import encounter_to_json
from booklets.errors import NotAllowedNow
from booklets.forms import Stage
from field_app.capture.giving import Offer
from field_app.handset.ports import NEWS, IncomingPort
from field_app.handset.returning import add, withdraw
from field_app.store.photos import Photos
from field_app.store.wishes import Wishes
from field_app.sync.rounds import Arrival, Place
from tests.support.handsets import GUIDE, OnShift, an_offline_shift, found_child
from tests.support.pictures import a_photo

COLLEAGUE = "o-9"
_NUMBERS = count(1)


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal."""
    with an_offline_shift(tmp_path) as found:
        yield found


def hears(officer: OnShift, state: str, encounter: str, given: str, **more: Any) -> None:
    """The force says how a draft stands that somebody gave."""
    now = instant(officer.handset.clock.now())
    content = {
        "state": state,
        "given": given,
        "encounter": encounter,
        "giver": officer.shift.officer.id,
        "by": COLLEAGUE,
        "by_name": "PC Amin Sample 1001",
        "added_at": now,
        "given_at": now,
        **more,
    }
    arrival = Arrival("unit", next(_NUMBERS), "given", encounter, 0, content)
    IncomingPort(officer.shift._keeper, officer.shift._vault.db).keep([arrival], Place())


def is_taken_over(officer: OnShift, encounter: str) -> None:
    """It is given, and a colleague has it."""
    officer.shift.give(encounter)
    (wish,) = officer.on_keeper(lambda: Wishes(officer.shift._vault.db).all())
    officer.shift.passing.answered(wish["id"], "")
    hears(officer, "taken", encounter, wish["given"])


def test_a_photograph_that_was_taken_out_of_a_draft_goes_with_it(officer: OnShift) -> None:
    """Nothing names it any more, so nothing else would ever erase it."""
    session = officer.shift.start("search")
    draft = session.encounter.id
    row = officer.shift.photos.add(draft, a_photo((400, 300)))
    session.put("srch.room_photos", (row,))
    officer.shift.put_down()
    session.put("srch.room_photos", None)
    is_taken_over(officer, str(draft))

    assert officer.shift.home().drafts == ()

    assert officer.on_keeper(lambda: Photos(officer.shift._vault.db).of(str(draft))) == frozenset()


def test_what_was_sent_of_a_draft_in_other_hands_is_neither_added_to_nor_withdrawn(officer: OnShift) -> None:
    """Its copy can be read for an hour, and two officers would send the next revision of it."""
    session = officer.shift.start(GUIDE)
    found_child(session)
    officer.shift.send(session, stage=Stage.FOUND)
    is_taken_over(officer, str(session.encounter.id))
    (parcel,) = officer.shift.home().parcels

    for act in (lambda: add(officer.shift, parcel), lambda: withdraw(officer.shift, parcel, "Not hers.")):
        with pytest.raises(NotAllowedNow, match="colleague has taken this over"):
            act()

    assert officer.shift.home().drafts == ()
    assert len(officer.outbox()) == 1


def test_what_came_back_into_the_givers_own_hands_is_withdrawn_by_them(officer: OnShift) -> None:
    """The colleague handed it over in their turn, and it was sent from here."""
    session = officer.shift.start(GUIDE)
    found_child(session)
    officer.shift.send(session, stage=Stage.FOUND)
    draft, parcel = str(session.encounter.id), officer.shift.home().parcels[0]
    is_taken_over(officer, draft)
    assert officer.shift.home().drafts == ()
    offer = Offer(given="g-2", encounter=draft, giver="", at=officer.handset.clock.now(), draft={})
    officer.shift.passing.take(offer)
    officer.shift.passing.answered("g-2.take", "")

    withdraw(officer.shift, parcel, "It was another child.")

    assert len(officer.outbox()) == 2


# -- what was offered to a colleague -----------------------------------------------------------------
def is_offered(officer: OnShift) -> str:
    """A colleague offers a draft to the unit. Gives the encounter."""
    session = officer.shift.start(GUIDE)
    found_child(session)
    draft = str(session.encounter.id)
    officer.shift.put_down()
    officer.on_keeper(officer.forget_drafts)
    content = encounter_to_json(session.encounter)
    hears(officer, "offered", draft, "g-1", giver=COLLEAGUE, by=COLLEAGUE, content=content)
    assert [one.encounter for one in officer.shift.home().offers] == [draft]
    return draft


def in_the_news(officer: OnShift) -> list[str]:
    """The drafts that lie in what was heard."""
    news = officer.on_keeper(lambda: list(officer.shift._vault.db.sealed(NEWS)))
    return [one["content"]["encounter"] for one in news if one["content"].get("content")]


@pytest.mark.parametrize(("state", "by"), [("taken", "o-12"), ("taken_back", COLLEAGUE)])
def test_of_a_draft_that_is_in_other_hands_nothing_stays_where_it_was_offered(
    officer: OnShift, state: str, by: str
) -> None:
    """Every officer of the unit had the whole of it, and one of them goes on with it."""
    draft = is_offered(officer)
    assert in_the_news(officer) == [draft]

    hears(officer, state, draft, "g-1", giver=COLLEAGUE, by=by)

    assert officer.shift.home().offers == ()
    assert in_the_news(officer) == []


@pytest.mark.parametrize("heard_first", [True, False])
def test_what_is_taken_over_here_is_a_draft_and_lies_nowhere_else(
    officer: OnShift, heard_first: bool
) -> None:
    """Also where the news that it is taken is here before the answer, which may be lost."""
    draft, me = is_offered(officer), officer.shift.officer.id
    officer.shift.passing.take(officer.shift.home().offers[0])
    if heard_first:
        hears(officer, "taken", draft, "g-1", giver=COLLEAGUE, by=me)
        assert [one.asked for one in officer.shift.home().offers] == [True]
    officer.shift.passing.answered("g-1.take", "")

    home = officer.shift.home()

    assert [one.id for one in home.drafts] == [draft]
    assert home.offers == ()
    assert in_the_news(officer) == []
