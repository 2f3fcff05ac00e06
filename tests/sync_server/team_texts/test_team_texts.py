"""Q-02 against the team: a text that a colleague sent of another child is found, and nobody can read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from booklets import wire
from booklets.alike import Alike
from booklets.answers import Answer
from booklets.records import Record
from booklets.sealing import KemKey, open_return
from sync_server import feed, serving, team_texts
from sync_server.context import Context
from sync_server.db.sketches import text_sketch
from sync_server.db.tables import record_key
from sync_server.intake import take_in
from tests.support.builders import (
    NIGHT,
    UNIT,
    a_decision,
    a_person,
    a_ppn,
    a_return,
    an_author,
    an_id,
    an_interview,
    next_revision,
)
from tests.support.databases import everything_in
from tests.support.server_data import Clock, Handheld, rows

SAID = (
    "Kit sat on the stairs with his coat on and looked at the dog. He answered in whole sentences, "
    "laughed once, and asked at 21:04 whether Jade was in trouble because of the lift he had taken."
)
OF_ANOTHER = SAID.replace("Kit", "Ana").replace("21:04", "02:10")
OWN = (
    "She stood in the kitchen doorway the whole time, kept a hand over the cut on her cheek and would not "
    "sit down until her uncle had left the room; then she ate two bowls of cereal without stopping once."
)
FIELD = "pi.demeanour"


@pytest.fixture
def colleague(context: Context) -> Handheld:
    """Another officer of the unit, on a handheld of their own."""
    return Handheld(context, device="handheld-2", officer="NYP-3301")


def one_night(name: str, by: Handheld, text: str, **header: Any) -> Record:
    """An interview of a night of its own, with another child."""
    parts: dict[str, Any] = {
        what: an_id(f"{what} {name}") for what in ("record", "incident", "episode", "encounter")
    }
    child = an_id(f"child {name}")
    about: dict[str, Any] = {"subject": child, "author": an_author(id=by.officer), "device": by.device}
    return an_interview({FIELD: text}, entities=(a_person(child),), **parts | about | header)


def sent(by: Handheld, record: Record) -> Record:
    """Send it, and see that the force has it."""
    outcome = take_in(by.context, by.seal(record), sender=by.sender)
    assert outcome.receipt, outcome.codes
    return record


def kept(context: Context) -> list[dict[str, Any]]:
    """What is kept of the texts of each record."""
    return [dict(row) for row in rows(context, text_sketch)]


def found(context: Context, record: Record) -> tuple[Alike, ...]:
    """What whoever reviews a record is told of it."""
    header = record.header
    with context.store.read() as connection:
        settings = context.policy(header.force).settings
        return team_texts.alike(connection, str(header.record), header.revision, settings, context.now())


def test_the_same_words_of_a_colleague_about_another_child_are_found(
    context: Context, handheld: Handheld, colleague: Handheld, clock: Clock
) -> None:
    """Which answer, how much of it, and in which record it can be read."""
    first = sent(colleague, one_night("kit", colleague, SAID))
    clock.at += timedelta(days=3)
    second = sent(handheld, one_night("ana", handheld, OF_ANOTHER))

    assert found(context, second) == (
        Alike(question=FIELD, percent=100, record=first.header.record, received_at=NIGHT),
    )


def test_what_was_seen_of_one_child_is_like_nothing(
    context: Context, handheld: Handheld, colleague: Handheld
) -> None:
    """And a sentence that both use makes no copy of a longer account."""
    sent(colleague, one_night("kit", colleague, SAID))
    own = sent(handheld, one_night("ana", handheld, OWN))
    part = sent(handheld, one_night("zoe", handheld, f"{OWN} {OF_ANOTHER.split('. ')[0]}."))

    assert found(context, part) == ()
    assert [one.record for one in found(context, own)] == [part.header.record]  # all of it stands there


def test_what_was_kept_tells_nobody_what_was_written(context: Context, handheld: Handheld) -> None:
    """No word of it lies in the database, and the same text of another unit has other numbers."""
    sent(handheld, one_night("kit", handheld, SAID))
    handheld.signed_in(handheld.officer, unit="york_response", before=True)
    sent(handheld, one_night("ana", handheld, SAID, unit="york_response"))

    one, other = kept(context)
    assert one["texts"].keys() == other["texts"].keys() == {FIELD}
    assert one["texts"] != other["texts"]
    assert b"kitchen" not in everything_in(context)
    assert b"whole sentences" not in everything_in(context)


def test_another_unit_is_held_against_nothing_of_ours(context: Context, handheld: Handheld) -> None:
    """Whoever reviews there could not read it."""
    sent(handheld, one_night("kit", handheld, SAID))
    handheld.signed_in(handheld.officer, unit="york_response", before=True)
    other = sent(handheld, one_night("ana", handheld, OF_ANOTHER, unit="york_response"))

    assert found(context, other) == ()


def test_what_is_said_of_one_incident_may_be_said_in_each_of_its_records(
    context: Context, handheld: Handheld
) -> None:
    """Two children of one night were seen by the same officer."""
    first = sent(handheld, one_night("kit", handheld, SAID))
    second = sent(handheld, one_night("ana", handheld, SAID, incident=first.header.incident))

    assert found(context, second) == ()


def test_exact_words_are_compared_with_nothing(context: Context, handheld: Handheld) -> None:
    """Two children may say the same, and what a carer said is theirs."""
    record = one_night("kit", handheld, "Quiet.")
    spoken: dict[str, Answer] = {"pi.child_words": ({"who": "Kit", "asked": "Tell me.", "said": SAID},)}
    sent(handheld, replace(record, answers={**record.answers, **spoken}))

    assert kept(context) == []


@pytest.mark.parametrize("first", [True, False], ids=["the one that is alike", "the one that is read"])
@pytest.mark.parametrize("how", ["covert", "withdrawn", "dead"])
def test_what_gives_nothing_away_is_like_nothing(
    context: Context, handheld: Handheld, colleague: Handheld, how: str, *, first: bool
) -> None:
    """Covert, withdrawn, or about a child who has died: nothing is said of it, and nothing because of it."""
    of_two = [(colleague, "kit", SAID), (handheld, "ana", OF_ANOTHER)]
    made = []
    for number, (by, name, text) in enumerate(of_two):
        hidden = (number == 0) is first
        record = one_night(name, by, text, covert=hidden and how == "covert")
        sent(by, record)
        if hidden and how == "withdrawn":
            record = next_revision(record, {})
            sent(by, replace(record, header=replace(record.header, void_reason="Of another child.")))
        if hidden and how == "dead":
            header = record.header
            told: dict[str, Any] = {
                "author": header.author,
                "device": header.device,
                "subject": header.subject,
            }
            same: dict[str, Any] = {
                "incident": header.incident,
                "episode": header.episode,
                "record": an_id(f"death {name}"),
            }
            sent(by, a_return({"ret.condition": ("deceased",)}, entities=record.entities, **told | same))
        made.append(record)

    assert [found(context, record) for record in made] == [(), ()]


def test_of_a_child_who_has_died_no_numbers_are_kept(context: Context, handheld: Handheld) -> None:
    """Where the record says so itself, its texts are not looked at."""
    told: dict[str, Answer] = {"ret.risk_if_reported_because": SAID}
    sent(handheld, a_return(told, record=an_id("alive"), encounter=an_id("another")))
    sent(handheld, a_return({**told, "ret.condition": ("deceased",)}))

    assert [row["record"] for row in kept(context)] == [str(an_id("alive"))]


def test_only_the_newest_revision_is_compared(
    context: Context, handheld: Handheld, colleague: Handheld
) -> None:
    """Whoever wrote it anew is not told of what they had copied before."""
    sent(colleague, one_night("kit", colleague, SAID))
    copied = sent(handheld, one_night("ana", handheld, OF_ANOTHER))
    assert len(found(context, copied)) == 1

    anew = sent(handheld, next_revision(copied, {FIELD: OWN}))

    assert found(context, copied) == found(context, anew) == ()
    assert len(kept(context)) == 2


def test_after_the_forces_weeks_it_is_forgotten(
    context: Context, handheld: Handheld, colleague: Handheld, clock: Clock
) -> None:
    """Nothing is kept longer than it is compared; what is older is not looked at before that either."""
    sent(colleague, one_night("kit", colleague, SAID))
    clock.at += timedelta(days=28)
    new = sent(handheld, one_night("ana", handheld, OF_ANOTHER))
    assert found(context, new) == ()

    context.store.write(lambda connection: serving.forget(context, connection))

    assert [row["record"] for row in kept(context)] == [str(new.header.record)]


def test_it_goes_with_the_key_of_its_record(context: Context, handheld: Handheld) -> None:
    """A record that is destroyed by law leaves no numbers behind."""
    sent(handheld, one_night("kit", handheld, SAID))
    context.store.write(lambda connection: connection.execute(delete(record_key)))

    context.store.write(lambda connection: serving.forget(context, connection))

    assert kept(context) == []


def test_whoever_decides_hears_of_it_with_the_record(
    context: Context, handheld: Handheld, colleague: Handheld
) -> None:
    """On the tablet, beside what the rules found: no name of an officer, and no word of the other record."""
    first = sent(colleague, one_night("kit", colleague, SAID))
    sent(handheld, one_night("ana", handheld, OF_ANOTHER))
    sergeant = Handheld(context, device="tablet-1", officer="NYP-0071", kem=KemKey.generate(1))

    *_, item = feed.pull(context, sergeant.reader("supervisor", unit=UNIT)).items

    _, body = open_return(
        item.body, device=sergeant.device, key=sergeant.kem, directory=context.keys.directory
    )
    assert wire.heard(body)["alike"] == [
        {
            "question": FIELD,
            "percent": 100,
            "record": str(first.header.record),
            "received_at": "2026-03-14T21:04:00Z",
        }
    ]


def test_every_kind_of_own_text_is_compared() -> None:
    """Reasons, the sections of AWARE, what a supervisor writes: never anybody's exact words."""
    compared = {name for record in (an_interview(), a_ppn(), a_return()) for name in names_of(record)}
    compared |= names_of(a_decision([a_return()]))

    assert {
        "pi.ppn_needed_because",
        "ppn.aware_appearance",
        "ppn.aware_environment",
        "ppn.risk_opinion_because",
        "ret.risk_if_reported_because",
        "sup.rationale",
        "sup.markers_because",
    } <= compared
    assert not compared & {"pi.child_words", "ppn.aware_words", "ppn.parent_views", "ppn.worries"}


def names_of(record: Record) -> set[str]:
    """The questions of a record's form whose answers are compared."""
    return set(team_texts.compared(record.header))
