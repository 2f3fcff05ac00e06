"""A draft goes on in the forms of today, and no answer of it is ever lost on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booklets import carrying, definitions
from booklets.answers import Answer, Gap, Moment, Why, frozen
from booklets.carrying import in_current_editions, what_changed, with_changes_seen
from booklets.changed_forms import Became
from booklets.conditions import Condition, Expectation
from booklets.drafts import encounter_from_json, encounter_to_json
from booklets.encounters import Encounter, begin
from booklets.filling import FILLED
from booklets.forms import CHOSEN, IN_ROWS, MENTIONS, SEVERAL, Code, Field, Form, Kind, Stage
from booklets.guides import Group, Guide, Page
from booklets.reading import read
from booklets.received import reopened
from booklets.records import Record
from booklets.sending import is_covert, records_of
from booklets.stamps import Stamp
from booklets.wire import digest
from tests.support.builders import FORCE, NIGHT, UNIT, a_person, an_author
from tests.support.encounters import a_sending

RETURN, PPN = definitions.guide("return_check"), definitions.guide("ppn")
PAIRS = [
    (before, after)
    for id_ in sorted({*definitions.form_ids()})
    for editions in [(*definitions.past_editions_of(id_), definitions.form(id_))]
    for before in editions
    for after in editions
    if before.version != after.version
]
"""Every two editions of every form, forwards and backwards: an app may be taken back to an older one too."""


def a_draft(form: Form, answers: Mapping[str, Answer], guide: Guide) -> Encounter:
    """What an officer has written so far in this edition."""
    begun = begin(guide, officer=an_author(), force=FORCE, unit=UNIT, at=Stamp(NIGHT), subject=a_person())
    editions = {**begun.editions, form.id: form.version}
    return replace(begun, answers=frozen(answers), editions=editions)


def asks_only(form: Form) -> Guide:
    """A guide that asks one edition of one form, section by section."""
    pages = tuple(
        Page(one.id, one.title, (Group("", tuple(field.id for field in one.fields)),))
        for one in form.sections
    )
    return replace(RETURN, forms=(form,), pages=pages)


@st.composite
def said_in(draw: st.DrawFn, form: Form) -> dict[str, Answer]:
    """Answers to some questions of a form, each of the sort that it takes."""
    asked = [one for one in form.fields() if one.id not in FILLED and one.kind not in MENTIONS]
    chosen = draw(st.lists(st.sampled_from(asked), max_size=12, unique_by=lambda one: one.id))
    return {one.id: draw(answers_to(one)) for one in chosen}


def answers_to(one: Field) -> st.SearchStrategy[Answer]:
    """What an officer could answer."""
    codes = [code.code for code in one.codes] or ["x"]
    if one.kind in IN_ROWS:
        return st.just(({one.columns[0].id: "Two, at the bus station"},))
    if one.kind in SEVERAL:
        return st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True).map(tuple)
    if one.kind in CHOSEN:
        return st.sampled_from(codes)
    known: dict[Kind, Answer] = {Kind.MOMENT: Moment(NIGHT), Kind.DATE: "2026-03-14", Kind.NUMBER: "3"}
    return st.just(known.get(one.kind, "Sat on the stairs")) | st.just(Gap(Why.NOT_ASKED, "asleep"))


def held(encounter: Encounter | Record, name: str) -> Iterator[Answer | None]:
    """Every place where an answer to this question stands."""
    yield encounter.answers.get(name)
    yield from (edit.old for edit in encounter.drafts if edit.field == name)


def loses_nothing(before: Form, after: Form, said: Mapping[str, Answer]) -> None:
    """Whatever was said is in the draft, and what was asked for goes with the record: nothing else does."""
    guide = asks_only(after)
    begun = a_draft(before, said, asks_only(before))
    child = begun.child()
    known = child.facts if child else {}
    counted = asks_only(before).asked(said, known)

    carried = in_current_editions(begun, guide)
    sent = records_of(carried, guide, a_sending(Stage.COMPLETE))

    for name, answer in said.items():
        assert answer in held(carried, name), name
    for name in counted:
        assert any(said[name] in held(record, name) for record in sent), name
        assert all(line.label for record in sent for line in read(record).lines())
    for name in said.keys() - counted.keys() - guide.asked(said, known).keys():
        if name not in guide.asked(carried.answers, known):
            assert all(there is None for record in sent for there in held(record, name)), name
    assert not is_covert(counted) or all(record.header.covert for record in sent)
    assert encounter_from_json(encounter_to_json(carried)) == carried
    assert in_current_editions(carried, guide) is carried


@pytest.mark.parametrize(("before", "after"), PAIRS, ids=lambda form: form.edition)
@given(data=st.data())
def test_no_answer_is_lost_between_any_two_editions(before: Form, after: Form, data: st.DataObject) -> None:
    """Kept in the draft, sent with the record, and readable there."""
    loses_nothing(before, after, data.draw(said_in(before)))


@given(data=st.data())
def test_no_answer_is_lost_whatever_a_new_edition_does(data: st.DataObject) -> None:
    """Questions that go, choices that go, and questions that take another sort of answer."""
    before = data.draw(st.sampled_from([definitions.form("ret"), definitions.form("ppn")]))
    after = data.draw(changed(before))
    known = {before.version: before, after.version: after}

    with pytest.MonkeyPatch.context() as instead:
        instead.setattr(carrying, "_form", lambda _id, version: known.get(version))
        loses_nothing(before, after, data.draw(said_in(before)))


@st.composite
def changed(draw: st.DrawFn, form: Form) -> Form:
    """An edition in which some questions have gone, lost choices, or take words instead."""
    becomes = st.sampled_from(["same", "same", "gone", "choices", "words"])
    what = {one.id: draw(becomes) for one in form.fields()}
    sections = []
    for section in form.sections:
        fields = tuple(_made(one, what[one.id]) for one in section.fields if what[one.id] != "gone")
        sections += [replace(section, fields=fields)] if fields else []
    return replace(form, sections=tuple(sections), rules=(), version="2099.1", checksum="x")


def _made(one: Field, what: str) -> Field:
    if what == "words" and not one.system and one.id not in FILLED:
        return replace(one, kind=Kind.NUMBER, codes=(), columns=(), likely=())
    if what == "choices" and one.kind in CHOSEN:
        return replace(one, codes=(Code("another", "Another"),))
    return one


OLD = definitions.form_in("ret", "2026.1")


def test_a_draft_in_todays_editions_is_left_as_it_is() -> None:
    """Nothing is saved anew because somebody looked at it."""
    begun = begin(RETURN, officer=an_author(), force=FORCE, unit=UNIT, at=Stamp(NIGHT))

    assert in_current_editions(begun, RETURN) is begun
    assert what_changed(begun, RETURN) == ()


def test_the_officer_hears_what_changed_until_it_was_seen() -> None:
    """What has gone first, what is new last; afterwards the draft is like any other."""
    said: dict[str, Answer] = {"ret.brought_by": "ambulance"}
    carried = in_current_editions(a_draft(OLD, said, RETURN), RETURN)

    found = {one.question: one for one in what_changed(carried, RETURN)}
    assert found["ret.brought_in"].became is Became.REWORDED
    assert found["ret.brought_in"].before == "How was {name} brought?"
    assert found["ret.incident_no"].became is Became.NEW
    order = [list(Became).index(one.became) for one in what_changed(carried, RETURN)]
    assert order == sorted(order)

    assert what_changed(with_changes_seen(carried), RETURN) == ()
    assert with_changes_seen(carried).answers == said


def test_an_answer_to_a_question_that_has_gone_is_sent_and_read_as_it_was_asked() -> None:
    """Whoever decides on the record sees it under the words the officer saw."""
    old = definitions.form_in("ppn", "2026.1")
    gone = old.field("ppn.destinations")
    begun = a_draft(old, {gone.id: ({"with": "csc_york"},), "ppn.incident_at": Moment(NIGHT)}, PPN)

    [record] = records_of(in_current_editions(begun, PPN), PPN, a_sending(Stage.COMPLETE))

    [line] = [one for one in read(record).lines() if one.question == gone.id]
    assert record.header.form_version == definitions.form("ppn").version
    assert line.label == gone.label
    assert [cell.words for row in line.rows for cell in row] == ["Children's social care, York"]


def test_what_was_kept_goes_with_every_later_revision() -> None:
    """The record comes back, and is sent again."""
    old = definitions.form_in("ppn", "2026.1")
    said: dict[str, Answer] = {"ppn.supervisor": "PS 9", "ppn.incident_at": Moment(NIGHT)}
    carried = in_current_editions(a_draft(old, said, PPN), PPN)
    [first] = records_of(carried, PPN, a_sending(Stage.COMPLETE))

    again = reopened([first], PPN, [digest(first)], officer=an_author(), at=Stamp(NIGHT))
    [second] = records_of(again, PPN, a_sending(Stage.COMPLETE))

    assert again.begun_in == {}
    assert second.header.revision == 2
    assert second.answers.get("ppn.supervisor") == first.answers.get("ppn.supervisor") == "PS 9"


def test_a_draft_of_before_editions_were_noted_is_known_by_its_guide() -> None:
    """Its guide's version is all it says: then forms and guide went together."""
    document = encounter_to_json(a_draft(OLD, {}, RETURN))
    del document["editions"]
    begun = encounter_from_json(document | {"guide_version": "2026.1"})

    carried = in_current_editions(begun, RETURN)

    assert carried.begun_in == dict.fromkeys(("ret", "pvi", "person", "place", "object"), "2026.1")
    assert carried.editions == RETURN.editions()


def test_a_draft_of_a_newer_app_keeps_what_this_one_does_not_ask() -> None:
    """The app was taken back to an older one: what changed cannot be told, and nothing is dropped."""
    said: dict[str, Answer] = {"ret.of_tomorrow": "yes"}
    begun = replace(a_draft(OLD, said, RETURN), editions={**RETURN.editions(), "ret": "2099.1"})

    carried = in_current_editions(begun, RETURN)

    [told] = what_changed(carried, RETURN)
    assert (carried.answers, carried.kept) == (said, ("ret.of_tomorrow",))
    assert (told.became, told.question, told.label) == (Became.GONE, "ret.of_tomorrow", "Of tomorrow")


def without(form: Form, *names: str, version: str = "2099.1") -> Form:
    """The next edition of a form, which no longer asks these questions."""
    sections = tuple(
        replace(one, fields=tuple(field for field in one.fields if field.id not in names))
        for one in form.sections
    )
    return replace(form, sections=sections, rules=(), version=version, checksum="x")


def carried_through(
    monkeypatch: pytest.MonkeyPatch, said: Mapping[str, Answer], *editions: Form
) -> tuple[Encounter, Guide]:
    """A draft that was begun in the first of these editions, and went through each of the others."""
    known = {(one.id, one.version): one for one in editions}
    kept = carrying._form
    monkeypatch.setattr(carrying, "_form", lambda *one: known.get(one) or kept(*one))
    draft = a_draft(editions[0], said, asks_only(editions[0]))
    for edition in editions[1:]:
        draft = in_current_editions(draft, asks_only(edition))
    return draft, asks_only(editions[-1])


TAKEN_BACK: Mapping[str, Answer] = {"ret.covert": "no", "ret.handling": "Her uncle must not hear of it"}
"""The officer said first that somebody must not know, and how to go about it; then that nobody is meant."""
TODAY = definitions.form("ret")


def test_what_the_officer_had_taken_back_is_not_sent_because_its_question_went(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It stays in the draft, as before; one update more makes no difference."""
    once = without(TODAY, "ret.handling")
    twice = without(once, "ret.incident_no", version="2099.2")

    for editions in [(TODAY, once), (TODAY, once, twice)]:
        carried, guide = carried_through(monkeypatch, TAKEN_BACK, *editions)
        [record] = records_of(carried, guide, a_sending(Stage.COMPLETE))
        assert carried.answers == TAKEN_BACK
        assert carried.kept == ()
        assert dict(record.answers).keys() == {"ret.covert"}


def otherwise(name: str, *, version: str = TODAY.version, **how: Any) -> Form:
    """The form with one question asked otherwise."""
    sections = tuple(
        replace(one, fields=tuple(replace(f, **how) if f.id == name else f for f in one.fields))
        for one in TODAY.sections
    )
    return replace(TODAY, sections=sections, rules=(), version=version, checksum="x")


def test_what_was_hidden_only_by_an_answer_that_was_taken_back_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The officer saw the question: what would have hidden it was not asked for itself."""
    unless_accepted = Condition(((Expectation("ret.medical_accepted", answered=False),),))
    said: dict[str, Answer] = {
        "ret.medical_needed": "no",
        "ret.medical_offered": "yes",
        "ret.medical_accepted": "yes",
        "ret.medical_detail": "A plaster",
    }
    before = otherwise("ret.medical_detail", shown=unless_accepted)

    carried, _ = carried_through(monkeypatch, said, before, without(before, "ret.medical_detail"))

    assert carried.kept == ("ret.medical_detail",)


COVERT_ASKED = {
    "gone": without(TODAY, "ret.covert"),
    "another sort": otherwise("ret.covert", version="2099.1", kind=Kind.PEOPLE, codes=(), likely=()),
}
"""Editions that no longer ask whether somebody must not know, or ask who."""


@pytest.mark.parametrize("stage", [Stage.FOUND, Stage.COMPLETE])
@pytest.mark.parametrize("how", COVERT_ASKED)
def test_who_must_not_know_must_not_know_in_the_next_edition_either(
    how: str, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question has gone, or is asked anew and nobody has answered it yet: until then it stays covert."""
    said: dict[str, Answer] = {"ret.covert": "yes", "ret.found_at": Moment(NIGHT)}

    carried, guide = carried_through(monkeypatch, said, TODAY, COVERT_ASKED[how])
    [record] = records_of(carried, guide, a_sending(stage))

    assert record.header.covert


def test_whether_it_is_covert_is_what_was_answered_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked anew and answered, the answer of before says nothing any more."""
    carried, guide = carried_through(monkeypatch, {"ret.covert": "yes"}, TODAY, COVERT_ASKED["another sort"])
    answered = carried.answer(guide.field("ret.covert"), Gap(Why.NOT_ASKED, "asleep"), at=NIGHT)

    [record] = records_of(answered, guide, a_sending(Stage.COMPLETE))

    assert not record.header.covert


IN_STEP = [
    name
    for name in definitions.guide_ids()
    if (version := definitions.guide(name).version) != definitions.guide(name).editions()["person"]
    and f"person@{version}" in definitions.published()
    and all(form.version == version for form in definitions.guide(name).forms)
]
"""Guides whose forms have the guide's own version: a draft that names that alone was written in these."""


@pytest.mark.parametrize("name", IN_STEP)
def test_a_draft_of_a_guide_that_came_later_is_told_of_no_earlier_questions(name: str) -> None:
    """The first missing report asked about people what was asked then, and not what an older guide did."""
    guide = definitions.guide(name)
    begun = begin(guide, officer=an_author(), force=FORCE, unit=UNIT, at=Stamp(NIGHT))
    document = encounter_to_json(begun)
    del document["editions"]

    carried = in_current_editions(encounter_from_json(document), guide)

    assert (carried.begun_in, carried.editions) == ({}, guide.editions())
    assert what_changed(carried, guide) == ()


def test_there_are_such_guides() -> None:
    """Or the one above would ask nothing."""
    assert IN_STEP
