"""A decision is a record: it names what was decided on as it was seen, and says what, why and by when."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booklets import definitions, wire
from booklets.answers import Answer, Moment, Row, frozen
from booklets.decisions import (
    DECIDES,
    Ask,
    Direction,
    Outcome,
    ask_row,
    deciding,
    decision_of,
    is_decision,
)
from booklets.encounters import Encounter, facts_of, review
from booklets.entities import Edit, Entity
from booklets.errors import WireError
from booklets.forms import Stage
from booklets.records import Link, Record, mentioned_in
from booklets.stamps import Stamp
from tests.support.any_records import any_records
from tests.support.builders import (
    A_DIRECTION,
    CARER,
    CHILD,
    DECIDED,
    FORCE,
    NIGHT,
    PEOPLE,
    a_carer,
    a_decision,
    a_person,
    a_return,
    an_author,
    an_id,
    an_interview,
)

GUIDE = definitions.guide("supervision")
SERGEANT = an_author(id="NYP-0417", name="Bola Marsh", rank="PS")
CHECKED = (a_return(), an_interview({"pi.risk_now": "high"}))
ASKED = Ask(CHECKED[0].header.record, "ret.brought_by", "Who is the taxi driver?")
OF_CARER = Ask(CHECKED[0].header.record, "person.surname", "Robin who?", CARER)


def begun(*records: Record, **answers: Answer) -> Encounter:
    """A decision on these records, written so far."""
    started = deciding(records or CHECKED, GUIDE, officer=SERGEANT, at=Stamp(NIGHT))
    said = {f"sup.{name}": answer for name, answer in answers.items()}
    return replace(started, answers=frozen({**started.answers, **said}))


def stands_against(encounter: Encounter) -> dict[str, str]:
    """Question and rule of everything that keeps this decision on the device."""
    found = review(encounter, GUIDE, definitions.force(FORCE), NIGHT, Stage.CAPTURE)
    return {one.fields[0]: one.code for one in found if one.stands}


def decided(outcome: Outcome, **changes: Answer | None) -> Encounter:
    """A whole decision, with some answers changed or taken away."""
    said = DECIDED[outcome] | {f"sup.{name}": value for name, value in changes.items() if value is not None}
    gone = {f"sup.{name}" for name, value in changes.items() if value is None}
    start = begun()
    answers = {name: kept for name, kept in said.items() if name not in gone}
    return replace(start, answers=frozen({**start.answers, **answers}))


# -- begun -------------------------------------------------------------------------------------------
def test_a_decision_names_every_record_with_what_was_seen_of_it() -> None:
    """It stands only while that is what the force has."""
    links = begun().linked

    assert [one.record for one in links] == [one.header.record for one in CHECKED]
    assert {one.kind for one in links} == {DECIDES}
    assert [one.digest for one in links] == [wire.digest(one) for one in CHECKED]


def test_a_decision_belongs_to_the_incident_and_the_child_it_is_about() -> None:
    """Who looks at the child's episode finds what was decided."""
    started, header = begun(), CHECKED[0].header

    assert (started.incident, started.episode) == (header.incident, header.episode)
    assert started.id != header.encounter
    assert started.subject == CHILD
    assert started.child() == a_person()


def test_a_decision_is_about_one_encounter() -> None:
    """Two children are decided on one at a time, and nothing is decided about nothing."""
    other = an_interview(encounter=an_id("another"))

    for wrong in ((), (a_return(), other)):
        with pytest.raises(ValueError, match="one decision is about"):
            deciding(wrong, GUIDE, officer=SERGEANT, at=Stamp(NIGHT))


def test_only_the_child_goes_with_a_decision() -> None:
    """Names are at hand while it is written; the carer's address has no business in it."""
    assert begun().entities.keys() == {one.id for one in PEOPLE}
    assert CARER not in {one.id for one in a_decision(CHECKED).entities}
    assert CHILD in {one.id for one in a_decision(CHECKED).entities}


def test_the_level_is_judged_only_where_the_record_has_one() -> None:
    """Nobody is asked whether a level is right that nobody gave."""
    with_level = facts_of(begun(), GUIDE, {}, NIGHT).asked
    without = facts_of(begun(a_return()), GUIDE, {}, NIGHT).asked

    assert begun().answers["sup.level"] == "high"
    assert "sup.risk_right" in with_level - without


@pytest.mark.parametrize("level", ["", "sky high", ("high",)])
def test_a_level_that_is_none_is_not_judged(level: Answer) -> None:
    """What an older form called a level would be a mistake that no supervisor could put right."""
    assert "sup.level" not in begun(an_interview({"pi.risk_now": level})).answers


def test_everybody_is_known_as_they_were_known_last() -> None:
    """Two records of one evening may carry the same person, one of them older."""
    older = a_carer()
    newer = Entity(
        CARER, older.kind, frozen({"person.surname": "Dunne"}), (*older.history, Edit(NIGHT, "x", "y"))
    )

    for pair in ((older, newer), (newer, older)):
        records = [an_interview(entities=(one,)) for one in pair]
        assert mentioned_in(records)[CARER].word("surname") == "Dunne"


# -- what is needed when -------------------------------------------------------------------------------
@pytest.mark.parametrize("outcome", Outcome)
def test_a_whole_decision_can_be_sent(outcome: Outcome) -> None:
    """What the tests below take away is all that is needed."""
    assert not stands_against(decided(outcome))


@pytest.mark.parametrize(
    "name", ["rationale", "read", "voice", "other_children", "offences", "risk_right", "risk_right_because"]
)
def test_an_approval_says_what_was_looked_at_and_why(name: str) -> None:
    """An approval without it is the "noted" of the inspection report."""
    assert stands_against(decided(Outcome.APPROVE, **{name: None}))[f"sup.{name}"] == "needed"


def test_an_approval_directs_somebody_or_says_why_nobody_is_needed() -> None:
    """A record that was read has a next step, or a reason for none."""
    neither = decided(Outcome.APPROVE, directions=None)
    because = decided(
        Outcome.APPROVE,
        directions=None,
        no_directions_because="EDT has the bruise, aunt has him till Monday.",
    )

    assert stands_against(neither) == {"sup.no_directions_because": "needed"}
    assert not stands_against(because)


def test_what_is_missing_of_the_childs_voice_is_said() -> None:
    """Nobody is helped by the word "partly"."""
    assert stands_against(decided(Outcome.APPROVE, voice="partly")) == {"sup.voice_missing": "needed"}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"read": "no"}, "SUP-0"),
        ({"markers": "not_considered"}, "SUP-R04"),
        ({"other_children": "not_all"}, "SUP-R13"),
        ({"rationale": "noted, all in order"}, "SUP-1"),
        ({"directions": (A_DIRECTION, {"what": "Ring the aunt"})}, "SUP-A"),
        ({"directions": (dict(A_DIRECTION) | {"what": "usual enquiries"},)}, "SUP-3"),
        ({"risk_right_because": "agree"}, "SUP-5"),
    ],
)
def test_an_approval_that_does_not_hold_is_refused(changes: dict[str, Answer], rule: str) -> None:
    """Each names what has to be put right; none is left to the server."""
    assert list(stands_against(decided(Outcome.APPROVE, **changes)).values()) == [rule]


@pytest.mark.parametrize("other", ["higher", "lower"])
def test_who_would_set_another_level_names_it_and_directs_who_looks_again(other: str) -> None:
    """Both levels are kept; a doubt that nobody follows changes nothing for the child."""
    nobody = {"directions": None, "no_directions_because": "EDT has the bruise, aunt has him till Monday."}
    doubted = {"risk_right": other, "risk_should_be": "medium"}

    assert stands_against(decided(Outcome.APPROVE, risk_right=other)) == {"sup.risk_should_be": "needed"}
    assert stands_against(decided(Outcome.APPROVE, **doubted, **nobody)) == {"sup.risk_right": "SUP-54"}
    assert not stands_against(decided(Outcome.APPROVE, **doubted))
    assert decided(Outcome.APPROVE, **doubted).answers["sup.level"] == "high"


def test_an_offence_found_needs_somebody_who_records_it() -> None:
    """Offences were found and not investigated."""
    nobody = decided(
        Outcome.APPROVE,
        offences="to_record",
        directions=None,
        no_directions_because="EDT has the bruise, aunt has him till Monday.",
    )

    assert stands_against(nobody) == {"sup.offences": "SUP-26"}


@pytest.mark.parametrize("name", ["return_reasons", "due_by"])
def test_what_is_sent_back_says_what_it_is_about_and_by_when(name: str) -> None:
    """An officer with three records back needs to know which is first."""
    assert stands_against(decided(Outcome.RETURN, **{name: None})) == {f"sup.{name}": "needed"}


def test_sending_back_needs_words_or_a_question_on_an_answer() -> None:
    """One question on the right answer says more than a paragraph."""
    asked = decided(Outcome.RETURN, return_words=None, asks=(ask_row(ASKED),))
    other = decided(Outcome.RETURN, return_words=None, asks=(ask_row(ASKED),), return_reasons=("other",))

    assert stands_against(decided(Outcome.RETURN, return_words=None)) == {"sup.return_words": "needed"}
    assert not stands_against(asked)
    assert stands_against(other) == {"sup.return_words": "needed"}


def test_filler_sends_nothing_back() -> None:
    """From "please improve" nobody can tell what to do."""
    assert stands_against(decided(Outcome.RETURN, return_words="Please improve")) == {
        "sup.return_words": "SUP-2"
    }


def test_passing_it_upwards_needs_a_reason() -> None:
    """The incident manager is woken for something."""
    assert stands_against(decided(Outcome.ESCALATE, rationale=None)) == {"sup.rationale": "needed"}


def test_every_block_gives_way_to_a_reason_that_goes_with_the_decision() -> None:
    """A check can be wrong about words, and a child must never wait for one."""
    assert [rule.id for rule in definitions.form("sup").rules if not rule.override] == []
    refused = decided(Outcome.APPROVE, rationale="Noted.")
    kept = replace(refused, reasons={"SUP-1:sup.rationale": "He said all of it to me at the desk."})

    assert stands_against(refused) == {"sup.rationale": "SUP-1"}
    assert stands_against(kept) == {}


@pytest.mark.parametrize(
    ("changes", "against"),
    [
        ({"markers": None}, {"sup.markers": "needed"}),
        ({"markers": "considered", "markers_because": None}, {"sup.markers_because": "needed"}),
        ({"markers_because": "Noted and considered."}, {"sup.markers_because": "SUP-7"}),
        ({"markers": "none_there"}, {}),
        ({"language": None}, {"sup.language": "needed"}),
        ({"language": "no"}, {"sup.language": "SUP-L"}),
    ],
)
def test_markers_and_wording_are_looked_at_before_an_approval(
    changes: dict[str, Answer | None], against: dict[str, str]
) -> None:
    """B.12: which markers, what they change, and what the wording check says."""
    assert stands_against(decided(Outcome.APPROVE, **changes)) == against


def test_what_stood_under_another_record_lately_is_refused() -> None:
    """Q-03: one text under every record supervises none of them."""
    whole = decided(Outcome.APPROVE)
    before = (frozen({"sup.rationale": DECIDED[Outcome.APPROVE]["sup.rationale"]}),)
    found = review(whole, GUIDE, definitions.force(FORCE), NIGHT, Stage.CAPTURE, decided=before)

    assert [one.code for one in found if one.stands] == ["SUP-8"]


def test_every_way_of_deciding_is_one_of_four() -> None:
    """Approved, back, upwards, or taken back; how urgently and to whom is said beside it."""
    ways = {Outcome.APPROVE, Outcome.RETURN, Outcome.ESCALATE, Outcome.RECALL}
    assert {one.way for one in Outcome} == ways
    assert [code.code for code in GUIDE.field("sup.decision").codes] == [one.value for one in Outcome]


def test_a_decision_is_never_begun_from_the_start_list() -> None:
    """It begins with a record that somebody has read."""
    assert not GUIDE.offered


# -- read back -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("outcome", Outcome)
def test_a_decision_is_read_back_from_its_record(outcome: Outcome) -> None:
    """What the sergeant wrote on the tablet is what the officer's phone and the server read."""
    asks = (ASKED, OF_CARER) if outcome is Outcome.RETURN else ()
    record = wire.unpack(wire.pack(a_decision(CHECKED, outcome, asks=asks)))
    found = decision_of(record)

    assert is_decision(record)
    assert (found.id, found.outcome, found.asks) == (record.header.record, outcome, asks)
    assert found.why == DECIDED[outcome].get("sup.return_words", DECIDED[outcome].get("sup.rationale"))
    assert [one.digest for one in found.decides] == [wire.digest(one) for one in CHECKED]
    assert found.by.rank == "PS"
    assert found.at == record.header.submitted.instant
    assert found.due_at == (
        DECIDED[outcome]["sup.due_by"].at if outcome.way is Outcome.RETURN else None  # type: ignore[union-attr]
    )


def test_what_happens_next_and_what_was_done_well_are_read_back() -> None:
    """The form says that the officer reads it: so it is there to be read."""
    record = a_decision(
        CHECKED,
        answers={
            "sup.feedback_good": "His words are exact.",
            "sup.directions": (A_DIRECTION, {"what": "?"}),
        },
    )

    found = decision_of(wire.unpack(wire.pack(record)))

    assert found.directions == (
        Direction("Ring the duty team about the bruise on his arm", "PC Okoro", A_DIRECTION["by"].at),  # type: ignore[union-attr]
        Direction("?", "", None),
    )
    assert (found.well, found.nothing_more) == ("His words are exact.", "")


def test_a_return_check_is_no_decision() -> None:
    """The server must not take one for the other."""
    assert not is_decision(a_return())
    with pytest.raises(WireError):
        decision_of(a_return())


@pytest.mark.parametrize(
    "linked",
    [
        (),
        (Link(an_id("x"), "same_incident"),),
        (Link(an_id("x"), DECIDES, 1),),
        (Link(an_id("x"), DECIDES, 0, "d1"),),
    ],
)
def test_a_decision_on_nothing_or_on_something_unseen_is_none(linked: tuple[Link, ...]) -> None:
    """Without the digest nobody could say what was approved."""
    with pytest.raises(WireError, match="decides on nothing"):
        decision_of(a_decision(CHECKED, linked=linked))


@pytest.mark.parametrize("said", ["", "perhaps", ("approve",), Moment(NIGHT)])
def test_an_outcome_that_is_none_is_refused(said: Answer) -> None:
    """Nothing is approved by mistake."""
    with pytest.raises(WireError, match="approves, returns or escalates"):
        decision_of(with_answers({"sup.decision": said}))


def with_answers(changes: dict[str, Answer], outcome: Outcome = Outcome.RETURN) -> Record:
    """A decision in which somebody else's app wrote these answers."""
    record = a_decision(CHECKED, outcome)
    return replace(record, answers=frozen({**record.answers, **changes}))


@pytest.mark.parametrize(
    "row",
    [
        {"question": "ret.brought_by", "asks": "Who?"},
        {"record": str(ASKED.record), "asks": "Who?"},
        {"record": "x", "question": "ret.brought_by", "asks": "Who?"},
        {"record": str(ASKED.record), "question": "ret.brought_by", "entity": "x"},
        {"record": str(ASKED.record), "question": Moment(NIGHT)},
    ],
)
def test_a_question_that_points_nowhere_is_refused(row: Row) -> None:
    """It could be shown at no answer, so nobody would see it."""
    with pytest.raises(WireError):
        decision_of(with_answers({"sup.asks": (row,)}))


def test_nothing_personal_shows_when_a_decision_is_printed_for_a_developer() -> None:
    """Decisions end in tracebacks and logs."""
    found = repr(decision_of(a_decision(CHECKED, Outcome.RETURN, asks=(ASKED,))))

    assert "taxi" not in found
    assert "slept" not in found
    assert "Marsh" not in found


@settings(max_examples=25)
@given(any_records(), st.sampled_from(Outcome))
def test_any_record_can_be_decided_on(record: Record, outcome: Outcome) -> None:
    """Whatever a device sent, somebody has to be able to send it back."""
    found = decision_of(a_decision((record,), outcome))

    assert [one.record for one in found.decides] == [record.header.record]
