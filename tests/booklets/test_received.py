"""A record on its own, as whoever received it has it: what rules may know, and how to go on with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from booklets import definitions, wire
from booklets.answers import Answer, frozen
from booklets.encounters import Encounter, facts_of
from booklets.entities import Edit
from booklets.facts import Facts
from booklets.forms import Stage
from booklets.received import facts_of_record, reopened
from booklets.records import Link, Record
from booklets.review import problems_in
from booklets.sending import records_of
from booklets.stamps import Stamp
from tests.support.any_records import any_records
from tests.support.builders import (
    CARER,
    CHILD,
    FORCE,
    NIGHT,
    PEOPLE,
    a_carer,
    a_return,
    an_author,
    an_id,
    an_interview,
    next_revision,
)
from tests.support.encounters import a_sending, an_encounter, the_guide

SETTINGS = definitions.force(FORCE)
OTHER = an_author(id="NYP-3003", name="Sam Vale")
ANSWERED: dict[str, Answer] = {"pi.harm": "no", "ret.covert": "no", "pi.engaged": "yes"}


def sent(**changes: object) -> tuple[Record, ...]:
    """Both records of a return check as they went up."""
    return records_of(an_encounter(ANSWERED, **changes), the_guide(), a_sending())


def again(*records: Record) -> Encounter:
    """The encounter behind these records, taken over by somebody else."""
    digests = [wire.digest(one) for one in records]
    return reopened(records, the_guide(), digests, officer=OTHER, at=Stamp(NIGHT))


def facts(record: Record) -> Facts:
    """What the rules may know about this record."""
    return facts_of_record(record, definitions.form(record.header.form), SETTINGS, NIGHT, "missing_child")


# -- going on ------------------------------------------------------------------------------------------
def test_what_was_sent_is_gone_on_with_where_it_stood() -> None:
    """The officer who answers a question finds every other answer as it was."""
    first = sent(subject=CHILD, reasons={"R-1:pi.harm": "asked twice"})
    encounter = again(*first)

    assert encounter.id == first[0].header.encounter
    assert {**encounter.answers} == {**first[0].answers, **first[1].answers}
    assert encounter.subject == CHILD
    assert encounter.child() is not None
    assert encounter.officer == OTHER


def test_each_record_builds_its_next_revision() -> None:
    """Revision 2 says that it is based on 1, under the same record."""
    first = sent()
    second = records_of(again(*first), the_guide(), a_sending())

    assert [one.header.record for one in second] == [one.header.record for one in first]
    assert [(one.header.revision, one.header.base_revision) for one in second] == [(2, 1), (2, 1)]
    assert {one.header.author.id for one in second} == {"NYP-3003"}
    assert [{**one.answers} for one in second] == [{**one.answers} for one in first]


def test_a_form_that_sent_nothing_yet_begins_at_one() -> None:
    """That the child is back may have gone up alone; the interview is new."""
    second = records_of(again(sent()[0]), the_guide(), a_sending())

    assert [one.header.revision for one in second] == [2, 1]


def test_the_newest_revision_counts_in_whatever_order_they_come() -> None:
    """The feed may bring revision 1 after revision 2."""
    old = a_return()
    new = next_revision(old, {"ret.found_how": "alone"})

    for pair in ((old, new), (new, old)):
        encounter = again(*pair)
        assert encounter.answers["ret.found_how"] == "alone"
        assert encounter.sent["ret"].revision == 2
        assert encounter.sent["ret"].digest == wire.digest(new)


def test_what_was_linked_stays_linked_once() -> None:
    """Each sending adds the other record of the encounter by itself."""
    follows = Link(an_id("check"), "follows")
    first = sent(linked=(follows,))
    second = records_of(again(*first), the_guide(), a_sending())

    assert [one.kind for one in first[0].header.linked] == ["follows", "same_incident"]
    assert [one.header.linked for one in second] == [one.header.linked for one in first]


def test_earlier_wordings_of_exact_words_go_on() -> None:
    """R-53: every wording that a child's words have had is kept, whoever goes on."""
    edit = Edit(NIGHT, "NYP-2217", "pi.child_words", "a", "b")
    assert edit in again(replace(an_interview(), drafts=(edit,))).drafts


@pytest.mark.parametrize(
    "records",
    [(), (a_return(), an_interview(encounter=an_id("another")))],
)
def test_one_encounter_is_reopened_at_a_time(records: tuple[Record, ...]) -> None:
    """The answers of two children must never flow together."""
    with pytest.raises(ValueError, match="one encounter"):
        again(*records)


def test_a_record_of_another_guide_is_not_reopened_with_this_one() -> None:
    """Its answers would be lost without a word."""
    notice = replace(a_return(), header=replace(a_return().header, form="ppn"))
    with pytest.raises(ValueError, match="does not fill"):
        again(notice)


def test_every_record_comes_with_its_digest() -> None:
    """Without it the next revision could not say what it builds on."""
    with pytest.raises(ValueError, match="zip"):
        reopened([a_return()], the_guide(), [], officer=OTHER, at=Stamp(NIGHT))


@pytest.mark.thorough
@settings(max_examples=25)
@given(any_records("pvi"))
def test_any_record_can_be_gone_on_with(record: Record) -> None:
    """What was sent back has to open on the officer's phone, and nothing of it may be lost."""
    encounter = again(record)

    assert {**encounter.answers} == {**record.answers}
    assert encounter.entities.keys() == {one.id for one in record.entities}


# -- what rules may know -------------------------------------------------------------------------------
def test_the_server_sees_what_the_handheld_saw() -> None:
    """Otherwise a record would be held against rules that nobody could have met."""
    encounter = an_encounter(ANSWERED, subject=CHILD, entities={one.id: one for one in PEOPLE})
    here = facts_of(encounter, the_guide(), SETTINGS, NIGHT)
    for record in records_of(encounter, the_guide(), a_sending()):
        there = facts(record)
        own = {one.id for one in definitions.form(record.header.form).fields()}

        assert {**there.answers} == {name: kept for name, kept in here.answers.items() if name in own}
        assert there.subject == here.subject
        assert there.verbatim & there.answers.keys() == here.verbatim & there.answers.keys()


def test_an_answer_to_a_question_that_is_not_asked_counts_for_nothing() -> None:
    """A detail left over from a "yes" that became a "no" must set off no rule."""
    known = facts(an_interview({"pi.injured": "no", "pi.physical": "bruise"}))

    assert "pi.physical" not in known.answers
    assert "pi.physical" not in known.asked
    assert "pi.physical" in facts(an_interview({"pi.injured": "yes", "pi.physical": "bruise"})).answers


def test_who_is_mentioned_has_the_role_of_the_question() -> None:
    """A rule on suspects has to find the suspect."""
    known = facts(a_return(entities=(*PEOPLE[:1], a_carer())))

    assert known.roles[CHILD] == {"missing_child"}
    assert known.roles[CARER] == {"left_with"}
    assert known.child() == PEOPLE[0]


def test_a_record_about_nobody_is_read_all_the_same() -> None:
    """The child may not be known yet."""
    known = facts(a_return(subject=None))

    assert known.child() is None
    assert "ret.found_at" in known.answers


@settings(max_examples=25)
@given(any_records())
def test_the_rules_can_be_run_on_any_record(record: Record) -> None:
    """A well-formed record is never refused because of what stands in it."""
    form = definitions.form(record.header.form)
    known = facts(replace(record, answers=frozen(record.answers)))

    assert set(known.answers) <= {one.id for one in form.fields()}
    for stage in Stage:
        assert all(one.says for one in problems_in(form.fields(), form.rules, known, stage))
