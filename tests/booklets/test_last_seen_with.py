"""Who was last seen with a missing child is a question of its own, and goes to whoever looks for them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Why
from booklets.encounters import Encounter
from booklets.forms import Effect
from booklets.lookout import Standing
from booklets.prefill import following_on
from booklets.stamps import Stamp
from tests.support.beside_the_report import looked_at
from tests.support.lookouts import card_of, line, spoken
from tests.support.missing import HONEST, LEO, NOW, facts, guide, said_of, somebody, written
from tests.support.walks import WELLS, found_by, needed

JAZ = somebody(known_as="Jazmin", relationship="friend_child", age_estimate="15", ppn_decision="ppn_done")
MAN = somebody(known_as="Dexter", relationship="stranger", age_estimate="24")
WITH_JAZ: Mapping[str, Answer] = {
    "mis.seen_last_alone": "with_somebody",
    "mis.last_seen_with": (str(JAZ.id),),
}


def test_whether_the_child_was_alone_is_asked_and_may_be_unknown() -> None:
    """Nobody is asked who was there where nobody was, or where nobody knows."""
    assert "mis.seen_last_alone" in needed(said_of({"mis.seen_last_alone": None}))
    for nobody in ("alone", Gap(Why.NOT_KNOWN, "The camera shows only his back")):
        found = said_of({"mis.seen_last_alone": nobody})
        assert not {"mis.seen_last_alone", "mis.last_seen_with"} & needed(found)


def test_who_was_there_is_asked_once_somebody_was() -> None:
    """And somebody whose name nobody knows is an answer."""
    asked = needed(said_of({"mis.seen_last_alone": "with_somebody"}))

    assert "mis.last_seen_with" in asked
    assert "mis.last_seen_with" not in needed(said_of(WITH_JAZ, JAZ))
    nobody_knows = {**WITH_JAZ, "mis.last_seen_with": Gap(Why.NOT_KNOWN, "A girl in a red coat")}
    assert "mis.last_seen_with" not in needed(said_of(nobody_knows))


def test_it_says_nothing_of_whom_the_child_may_be_with() -> None:
    """Two questions: who was there at nine, and who may be there now."""
    told = {**WITH_JAZ, "mis.associates": None}

    assert "mis.associates" in needed(said_of(told, JAZ))
    assert facts({**HONEST, **told}).answers["mis.last_seen_with"] == (str(JAZ.id),)


def test_whoever_was_there_has_that_role() -> None:
    """D.15: last seen with."""
    field = definitions.form("mis").field("mis.last_seen_with")

    assert (field.role, field.link) == ("last_seen_with", "x-last-seen-with")


@pytest.mark.parametrize(
    ("known", "asked"),
    [({"relationship": "sibling"}, True), ({"relationship": "sibling", "age_estimate": "22"}, False)],
)
def test_of_whoever_was_there_and_may_be_a_child_the_age_is_asked(
    known: dict[str, Answer], asked: bool
) -> None:
    """R-13c: whoever is under 18 is a child too."""
    who = somebody(known_as="Jaz", **known)
    found = said_of({**WITH_JAZ, "mis.last_seen_with": (str(who.id),)}, who)

    assert ("R-13c" in found_by(found, Effect.WARN)) is asked


@pytest.mark.parametrize(
    ("changed", "reads"),
    [
        ({"mis.seen_last_alone": "alone"}, "Alone"),
        (WITH_JAZ, "With somebody"),
        ({"mis.seen_last_alone": Gap(Why.NOT_KNOWN, "Jazmin perhaps")}, "Left open: not known"),
    ],
)
def test_the_lookout_card_says_whether_to_look_for_two_and_names_nobody(
    changed: Mapping[str, Answer], reads: str
) -> None:
    """Patrols look for one child or for two; who it was is in the record, and not on the radio."""
    card = card_of(changed, JAZ)

    assert line(card, "seen_last_alone").words == (reads,)
    assert "Jazmin" not in spoken(card)


def test_a_card_of_a_report_that_does_not_say_so_yet_says_that() -> None:
    """No line is silently missing."""
    found = line(card_of({"mis.seen_last_alone": None}), "seen_last_alone")

    assert found.standing is Standing.NOT_KNOWN_YET


def enquiries_after(answers: Mapping[str, Answer]) -> Encounter:
    """The lines of enquiry that follow from the report."""
    return following_on(
        written({**HONEST, **answers}, JAZ, MAN),
        guide(),
        child=LEO.id,
        next_guide=guide("enquiries"),
        officer=WELLS,
        at=Stamp(NOW),
    )


def test_the_enquiries_begin_with_whoever_was_there() -> None:
    """B.4: they are spoken to as well as whoever saw the child last. Nobody types the name twice."""
    begun = enquiries_after({**WITH_JAZ, "mis.associates": (str(MAN.id),)})

    assert begun.answers["act.last_seen_with"] == (str(JAZ.id),)
    assert "act.last_seen_with" not in enquiries_after({"mis.seen_last_alone": "alone"}).answers


def test_the_enquiries_need_no_answer_to_who_was_there() -> None:
    """Of a child who was alone there is nobody to name, and it holds nothing up."""
    assert "act.last_seen_with" not in needed(looked_at("enquiries", {"act.last_witness": "under_way"}))


@pytest.mark.parametrize(
    ("known", "rules"),
    [
        ({"age_estimate": "15"}, {"R-13"}),
        ({"age_estimate": "15", "ppn_decision": "not_identified"}, {"R-13a"}),
        ({"age_estimate": "15", "ppn_decision": "ppn_done"}, set[str]()),
        ({"relationship": "sibling"}, {"R-13c"}),
        ({"age_estimate": "34", "relationship": "friend_adult"}, set[str]()),
        ({"age_estimate": "34", "relationship": "known_offender"}, {"R-14a"}),
        ({"age_estimate": "34", "relationship": "known_offender", "children_access": "no"}, set[str]()),
    ],
)
def test_whoever_was_there_is_decided_on_in_the_enquiries_as_well(
    known: dict[str, Answer], rules: set[str]
) -> None:
    """R-13, R-14: named first by a neighbour who is asked, and a child or a danger all the same."""
    who = somebody(known_as="Jaz", **known)
    said: Mapping[str, Answer] = {"act.last_witness": "under_way", "act.last_seen_with": (str(who.id),)}
    found = looked_at("enquiries", said, who)

    assert {one.code for one in found if one.entity == who.id and one.code.startswith("R-1")} == rules


def test_no_line_of_the_card_may_ever_name_who_was_there() -> None:
    """The reader refuses one that does."""
    held_back = {name for one in definitions.lookout().withheld for name in one.fields}

    assert "mis.last_seen_with" in held_back
    assert "seen_last_alone" in {one.id for one in definitions.lookout().lines}
