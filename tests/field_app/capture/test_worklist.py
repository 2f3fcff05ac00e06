"""The home screen as data: what is due first, what cannot be read, and no name longer than allowed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest

from booklets import definitions
from booklets.answers import Answer, Moment, frozen
from booklets.drafts import encounter_to_json
from booklets.encounters import begin
from booklets.entities import Entity, EntityKind, new_id
from booklets.forms import Stage
from booklets.stamps import Stamp
from field_app.capture.worklist import Draft, described, drafts_from, parcels_from
from field_app.handset.home import guides
from field_app.store.outbox import Item, State
from tests.support.builders import an_author
from tests.support.walks import HONEST, check_of

NOW = datetime(2026, 3, 14, 21, 4, tzinfo=UTC)
FORCE = definitions.force("north_yorkshire")


def a_child(**facts: str) -> Entity:
    """Somebody who is written about."""
    known: dict[str, Answer] = {f"person.{name}": value for name, value in facts.items()}
    return Entity(new_id(), EntityKind.PERSON, frozen(known))


def a_document(child: Entity | None = None, **answers: Answer) -> dict[str, Any]:
    """A draft as it lies in the vault."""
    encounter = begin(
        definitions.guide("return_check"),
        officer=an_author(),
        force="north_yorkshire",
        unit="harrogate",
        at=Stamp(NOW - timedelta(hours=2)),
        subject=child or a_child(known_as="Kit"),
    )
    said = frozen({f"ret.{name}": value for name, value in answers.items()})
    return encounter_to_json(replace(encounter, answers=said))


def listed(
    *documents: Mapping[str, Any], council_told: Collection[str] = ()
) -> tuple[list[Draft], list[str]]:
    """What the home screen is given."""
    clocks = definitions.clocks()
    return drafts_from(documents, guides(), clocks=clocks, force=FORCE, now=NOW, council_told=council_told)


def test_what_is_due_first_comes_first_and_what_is_not_due_last() -> None:
    """The officer has two hands and one night."""
    nobody_waits = a_document(a_child(known_as="Last"))
    soon = a_document(a_child(known_as="Soon"), found_at=Moment(NOW - timedelta(minutes=30)))
    sooner = a_document(a_child(known_as="Sooner"), found_at=Moment(NOW - timedelta(minutes=50)))

    drafts, unread = listed(nobody_waits, soon, sooner)

    assert [draft.name for draft in drafts] == ["Sooner", "Soon", "Last"]
    assert drafts[-1].due is None
    assert unread == []


def test_the_council_is_told_once_and_the_next_clock_is_shown() -> None:
    """The part called found has arrived there: to go on asking for it would hide what is due next."""
    document = a_document(found_at=Moment(NOW - timedelta(minutes=50)))
    record = document["sent"]["ret"]["record"]

    def due(told: Collection[str]) -> str:
        [draft], _ = listed(document, council_told=told)
        return draft.due.clock.id if draft.due else ""

    assert due(()) == due({"another record"}) == "council_told_of_return"
    assert due({record}) == "prevention_interview"


def test_a_clock_is_late_only_once_its_time_is_over() -> None:
    """Red means late, and nothing else is red."""
    ((running,), _) = listed(a_document(found_at=Moment(NOW - timedelta(minutes=1))))
    ((over,), _) = listed(a_document(found_at=Moment(NOW - timedelta(days=9))))

    assert running.due is not None
    assert over.due is not None
    assert not running.due.late(NOW)
    assert not running.due.late(running.due.due)
    assert over.due.late(NOW)


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param({"guide": "witness_walk"}, id="a guide of a newer app"),
        pytest.param({"answers": 7}, id="half of it"),
        pytest.param({"entities": None}, id="no people"),
    ],
)
def test_a_draft_that_cannot_be_read_is_named_and_hides_no_other(spoilt: Mapping[str, Any]) -> None:
    """It stays in the vault; an update of the app opens it."""
    bad = {**a_document(), **spoilt}

    drafts, unread = listed(bad, a_document(a_child(known_as="Kit")))

    assert unread == [bad["id"]]
    assert [draft.name for draft in drafts] == ["Kit"]


def test_a_birthday_that_is_half_typed_does_not_take_the_home_screen_away() -> None:
    """Every other draft would be out of reach with it."""
    drafts, _ = listed(
        *(a_document(a_child(known_as="Kit", dob=dob)) for dob in ("2011-02-30", "2011", "12/3/2011x"))
    )

    assert [draft.about for draft in drafts] == ["child", "child, about 14", "child"]


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({"known_as": "Amy", "given_names": "Amelia", "surname": "Brook"}, ("Amy Brook", "child")),
        ({"given_names": "Amelia", "sex": "F", "dob": "2011-03-14"}, ("Amelia", "girl, 15")),
        ({"given_names": "Cal", "sex": "M", "dob": "2011-03-15"}, ("Cal", "boy, 14")),
        ({"given_names": "Cal", "sex": "M", "age_estimate": "12"}, ("Cal", "boy, about 12")),
        ({"given_names": "Sam", "sex": "X"}, ("Sam", "child")),
        ({"given_names": "Amy", "sex": "F", "dob": "2011"}, ("Amy", "girl, about 14")),
        ({"given_names": "Amy", "sex": "F", "dob": "2011-02"}, ("Amy", "girl, about 15")),
        ({"given_names": "Karen", "sex": "F", "dob": "1985"}, ("Karen", "woman, about 40")),
        ({"given_names": "Karen", "sex": "F", "dob": "1985-01-01"}, ("Karen", "woman, 41")),
        ({"given_names": "Tom", "sex": "X", "dob": "1985-01-01"}, ("Tom", "adult, 41")),
    ],
)
def test_a_card_says_who_it_is_about(facts: dict[str, str], shown: tuple[str, str]) -> None:
    """By the name they go by; nobody's mother is a girl."""
    assert described(a_child(**facts), date(2026, 3, 14)) == shown


def test_nobody_yet_is_nobody() -> None:
    """A draft that was opened by a slip."""
    assert described(None, date(2026, 3, 14)) == ("", "")


def test_progress_counts_the_pages_that_are_done() -> None:
    """One of five, not forty questions, and not the page of what may follow once it is sent."""
    ((draft,), _) = listed(a_document())

    assert (draft.pages_done, draft.pages) == (0, 5)
    assert (draft.page, draft.page_words) == ("child", "Who is it?")


def test_a_whole_check_has_all_its_pages_done_and_what_is_added_counts_what_followed() -> None:
    """It said "5 of 6" and "nothing more is needed" beside each other."""
    check = check_of(HONEST)
    ((draft,), _) = listed(encounter_to_json(check))
    assert (draft.pages_done, draft.pages, draft.needed) == (5, 5, 0)
    ((draft,), _) = listed(encounter_to_json(replace(check, stage=Stage.COMPLETE)))
    assert draft.pages == 6


# -- what was sent -----------------------------------------------------------------------------------
def an_item(number: int, *, minutes: int = 0, encounter: str = "e1", **changes: Any) -> Item:
    """Something in the outbox."""
    parts: dict[str, Any] = {
        "id": number,
        "record": f"record-{number}",
        "rev": 1,
        "priority": 0,
        "created": NOW + timedelta(minutes=minutes),
        "state": State.SEALED,
        "summary": {"encounter": encounter, "guide": "return_check", "form": "ret", "stage": "capture"},
    }
    return Item(**parts | changes)


def a_receipt(minutes: int) -> str:
    """A receipt as it is kept."""
    at = (NOW + timedelta(minutes=minutes)).isoformat()
    return f'{{"receipt": {{"received_at": "{at}"}}, "signature": "…"}}'


NOTHING_READABLE: Mapping[tuple[str, int], Mapping[str, Any]] = MappingProxyType({})


def test_what_was_sent_together_is_one_row_and_the_newest_is_first() -> None:
    """Two records of one doorstep are one thing to the officer."""
    parcels = parcels_from(
        [an_item(1), an_item(2), an_item(3, minutes=5), an_item(4, minutes=5, encounter="e2")],
        NOTHING_READABLE,
        NOW.date(),
    )

    assert [[item.id for item in parcel.items] for parcel in parcels] == [[4], [3], [1, 2]]


def test_the_newest_is_what_was_put_in_last_whatever_the_clock_said() -> None:
    """The phone was ahead, and learnt the time from the force before it sent the rest."""
    some = [an_item(1, minutes=55), an_item(2, minutes=0), an_item(3, minutes=0)]

    parcels = parcels_from(some, NOTHING_READABLE, NOW.date())

    assert [[item.id for item in parcel.items] for parcel in parcels] == [[2, 3], [1]]


def test_it_is_received_once_the_last_of_it_is() -> None:
    """By the force's clock; half of it is not it."""
    half = [an_item(1, receipt=a_receipt(1), state=State.ACCEPTED), an_item(2)]
    whole = [half[0], an_item(2, receipt=a_receipt(3), state=State.ACCEPTED)]

    assert parcels_from(half, NOTHING_READABLE, NOW.date())[0].received_at is None
    assert parcels_from(whole, NOTHING_READABLE, NOW.date())[0].received_at == NOW + timedelta(minutes=3)


def test_what_somebody_must_look_at_says_so() -> None:
    """Kept by the force, and not in order."""
    (parcel,) = parcels_from([an_item(1, state=State.ATTENTION)], NOTHING_READABLE, NOW.date())

    assert parcel.needs_attention


def test_a_name_is_shown_while_it_may_be_read_and_not_afterwards() -> None:
    """The hour after sending."""
    copy = a_document(a_child(known_as="Kit", surname="Marlowe", sex="M", dob="2011-05-02"))

    (named,) = parcels_from([an_item(1)], {("record-1", 1): copy}, NOW.date())
    (unnamed,) = parcels_from([an_item(1)], NOTHING_READABLE, NOW.date())

    assert (named.name, named.about) == ("Kit Marlowe", "boy, 14")
    assert (unnamed.name, unnamed.about) == ("", "")
    assert "Kit" not in repr(named)
