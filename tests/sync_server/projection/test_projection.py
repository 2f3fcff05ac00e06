"""The register says what the evidence says, in rows that can be read, and can be made again from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete

from booklets.answers import Answer, Gap, Why, frozen
from booklets.entities import Entity, EntityKind
from booklets.records import Override, Record
from sync_server.context import Context
from sync_server.db.tables import REGISTER, happening, link, location, person, thing
from sync_server.db.tables import record as record_table
from sync_server.intake import Result, take_in
from sync_server.projection import project
from sync_server.register import rebuild_register
from tests.support.builders import (
    CARER,
    CHILD,
    FOUND_AT,
    HOME,
    NIGHT,
    PEOPLE,
    a_person,
    a_place,
    a_ppn,
    a_return,
    an_id,
    an_interview,
    next_revision,
)
from tests.support.server_data import Handheld, rows


def test_a_child_a_carer_and_two_places_become_rows(context: Context, handheld: Handheld) -> None:
    """Typed once at the door, and findable by everyone who may."""
    _send(context, handheld, a_return())

    people = {row["id"]: (row["given_names"], row["surname"], row["born"]) for row in rows(context, person)}
    assert people == {
        str(CHILD): ("Kit", "Marlowe-Test", "2011-05-02"),
        str(CARER): ("Robin", "Carer-Test", ""),
    }
    assert {row["id"] for row in rows(context, location)} == {str(FOUND_AT), str(HOME)}


def test_a_phone_is_an_object_of_its_own(context: Context, handheld: Handheld) -> None:
    """Two children with one number: that is how an exploiter is found."""
    _send(context, handheld, a_return())

    [phone] = rows(context, thing)
    assert (phone["object_type"], phone["identifier"]) == ("telephone", "+447700900123")
    assert (str(CHILD), "personalTelephone", phone["id"]) in _ties(context)
    assert phone["facts"] == {"object.identifier": "07700 900123"}  # as it was typed


def test_however_a_thing_was_typed_it_is_found_under_one_form(context: Context, handheld: Handheld) -> None:
    """Two officers write one postcode and one registration in two ways; what each typed stays."""
    typed: dict[str, Answer] = {"object.object_type": "vehicle", "object.identifier": "yk19 abc"}
    car = Entity(an_id("car"), EntityKind.OBJECT, frozen(typed))
    people = (a_person(phones=()), *PEOPLE[1:3], a_place(HOME, postcode="hg11zz"), car)
    _send(context, handheld, a_return(entities=people))

    [found] = rows(context, thing)
    assert (found["identifier"], found["facts"]) == ("YK19ABC", typed)
    assert {row["postcode"] for row in rows(context, location)} == {"HG1 1ZZ"}


def test_every_relation_is_typed_and_one_to_one(context: Context, handheld: Handheld) -> None:
    """Found at, left with, lives at, parent of: each a row that can be asked for."""
    _send(context, handheld, a_return())

    record, episode = str(a_return().header.record), str(a_return().header.episode)
    assert _ties(context) >= {
        (record, "missing", str(CHILD)),
        (record, "foundAt", str(FOUND_AT)),
        (record, "x-leftWith", str(CARER)),
        (record, "x-leftAt", str(HOME)),
        (record, "x-partOf", episode),
        (str(CHILD), "residesAt", str(HOME)),
        (str(CARER), "parentOf", str(CHILD)),
    }


def test_two_records_of_one_doorstep_are_one_episode(context: Context, handheld: Handheld) -> None:
    """One conversation, two records, one missing episode, one child."""
    _send(context, handheld, a_return(), an_interview())

    types = sorted(str(row["type"]) for row in rows(context, happening))
    assert types == ["x-missing-episode", "x-prevention-interview", "x-return"]
    assert len(rows(context, person)) == 2


def test_a_ppn_is_about_a_child_of_concern_and_makes_nobody_missing(
    context: Context, handheld: Handheld
) -> None:
    """A child may be written about who never went missing; no count of episodes may grow by it."""
    _send(context, handheld, a_ppn())

    [event] = rows(context, happening)
    assert (event["type"], event["began_at"]) == (
        "x-public-protection-notice",
        NIGHT - timedelta(minutes=40),
    )
    ppn = str(a_ppn().header.record)
    assert _ties(context) >= {(ppn, "x-concerns", str(CHILD)), (ppn, "incidentLocation", str(FOUND_AT))}
    assert "missing" not in {tie for _, tie, _ in _ties(context)}


def test_a_ppn_that_follows_from_a_return_belongs_to_its_episode(
    context: Context, handheld: Handheld
) -> None:
    """One child, one episode, whichever of its records arrives first; and it can all be made again."""
    _send(context, handheld, a_ppn(), a_return())
    before = [rows(context, table) for table in REGISTER]

    types = sorted(str(row["type"]) for row in rows(context, happening))
    assert types == ["x-missing-episode", "x-public-protection-notice", "x-return"]
    assert (str(a_ppn().header.record), "x-partOf", str(a_ppn().header.episode)) in _ties(context)
    assert rebuild_register(context) == 2
    assert [rows(context, table) for table in REGISTER] == before


@pytest.mark.parametrize("return_first", [True, False])
def test_an_episode_knows_when_it_ended_whichever_record_comes_first(
    context: Context, handheld: Handheld, return_first: bool
) -> None:
    """The interview does not know when the child was found, and must not forget it either."""
    both = [a_return(), an_interview()]
    _send(context, handheld, *(both if return_first else reversed(both)))

    [episode] = [row for row in rows(context, happening) if row["type"] == "x-missing-episode"]
    assert episode["ended_at"] == NIGHT - timedelta(minutes=40)


def test_what_was_edited_last_stands(context: Context, handheld: Handheld) -> None:
    """A record that was written first may arrive last; it must not bring back the old spelling."""
    later = a_person(at=NIGHT + timedelta(minutes=5), surname="Marlow-Test")
    newer = an_interview(entities=(later, *PEOPLE[1:]))

    _send(context, handheld, newer, a_return())

    assert "Marlow-Test" in {row["surname"] for row in rows(context, person)}


def test_a_revision_takes_the_place_of_the_one_before(context: Context, handheld: Handheld) -> None:
    """Relations that are no longer said are gone; the evidence still has them."""
    first = a_return()
    _send(context, handheld, first, next_revision(first, {"ret.left_with": Gap(Why.NOT_KNOWN)}))

    assert not any(tie == "x-leftWith" for _, tie, _ in _ties(context))


def test_the_supervisor_sees_gaps_overrides_and_rules(context: Context, handheld: Handheld) -> None:
    """Not the words: where they are missing, and what was sent against a rule."""
    override = Override("R-36", "the child is in hospital", "NYP-2217", NIGHT)
    _send(context, handheld, replace(a_return(), overrides=(override,)))

    [row] = rows(context, record_table)
    flags = row["flags"]
    assert isinstance(flags, dict)
    assert (flags["gaps"], flags["overrides"]) == (["ret.medical_needed"], ["R-36"])
    assert "hospital" not in str(flags)


def test_the_register_can_be_made_again_from_evidence(context: Context, handheld: Handheld) -> None:
    """Nothing in it is the only copy of anything."""
    first = a_return()
    other = a_return(record=an_id("another"), episode=an_id("another episode"))
    _send(context, handheld, first, an_interview(), other)
    _send(context, handheld, next_revision(first, {"ret.found_how": "hospital"}))
    before = [rows(context, table) for table in REGISTER]
    context.store.write(lambda connection: [connection.execute(delete(table)) for table in REGISTER])

    assert rebuild_register(context) == 4
    assert [rows(context, table) for table in REGISTER] == before


def test_making_it_again_changes_nothing(context: Context, handheld: Handheld) -> None:
    """It may be done at any time, as often as anybody likes."""
    _send(context, handheld, an_interview(), a_return())
    before = [rows(context, table) for table in REGISTER]

    for _ in range(2):
        rebuild_register(context)

    assert [rows(context, table) for table in REGISTER] == before


def test_two_forces_may_use_the_same_ids(context: Context, handheld: Handheld) -> None:
    """A mention belongs to the force whose officer made it; nobody's row shadows another's."""
    neighbour = replace(handheld, force="elsewhere", device="handheld-2")
    theirs = a_return(record=an_id("theirs"), force="elsewhere", device="handheld-2")
    _send(context, handheld, a_return())

    take_in(context, neighbour.seal(theirs), sender=neighbour.sender)

    found = [(row["force"], row["id"]) for row in rows(context, person) if row["id"] == str(CHILD)]
    assert sorted(found) == [("elsewhere", str(CHILD)), ("north_yorkshire", str(CHILD))]


def test_the_same_record_always_gives_the_same_rows() -> None:
    """A pure function: no clock, no database, no chance."""
    assert project(a_return(), {}, NIGHT) == project(a_return(), {}, NIGHT)


def test_a_mention_of_nobody_is_no_relation(context: Context, handheld: Handheld) -> None:
    """An id that stands for nothing in the record points nowhere."""
    _send(context, handheld, a_return({"ret.left_with": (str(an_id("nobody")),)}))

    assert str(an_id("nobody")) not in {to for _, _, to in _ties(context)}


def _send(context: Context, handheld: Handheld, *records: Record) -> None:
    for record in records:
        assert take_in(context, handheld.seal(record), sender=handheld.sender).result == "stored"


def _ties(context: Context) -> set[tuple[str, str, str]]:
    return {(str(row["from_id"]), str(row["type"]), str(row["to_id"])) for row in rows(context, link)}


@pytest.mark.parametrize("word", ["é\0", "\0"])
def test_a_name_with_a_nul_in_it_is_kept(context: Context, handheld: Handheld, word: str) -> None:
    """No officer types one, but a faulty app may send it, and not every database holds it in its text."""
    people = tuple(
        replace(entity, facts={**entity.facts, "person.surname": word, "place.postcode": word})
        for entity in PEOPLE
    )

    outcome = take_in(context, handheld.seal(a_return(entities=people)), sender=handheld.sender)

    assert outcome.result is Result.STORED
    surnames = {
        str(row["surname"]).replace("\0", "\N{REPLACEMENT CHARACTER}") for row in rows(context, person)
    }
    assert surnames == {word.replace("\0", "\N{REPLACEMENT CHARACTER}")}
