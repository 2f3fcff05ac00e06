"""Any record that can be built: real questions with any answer at all, right, odd or impossible."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from booklets import definitions
from booklets.answers import Answer, frozen
from booklets.entities import Entity, EntityKind
from booklets.forms import Field, Stage
from booklets.records import Record
from tests.support.builders import a_header
from tests.support.encounters import answers, ids, many_answers, names, texts

OF_FORM = {id_: tuple(definitions.form(id_).fields()) for id_ in definitions.form_ids()}
OF_ENTITY = {kind: tuple(definitions.entity_form(kind.value).fields()) for kind in EntityKind}


@st.composite
def answered(draw: st.DrawFn, fields: tuple[Field, ...], known: tuple[str, ...] = ()) -> dict[str, Answer]:
    """Some of these questions, each with one of its choices, somebody who is known, or anything at all."""
    given: dict[str, Answer] = {}
    for one in draw(st.lists(st.sampled_from(fields), max_size=8, unique_by=lambda one: one.id)):
        choices: list[st.SearchStrategy[Answer]] = [answers]
        if one.codes:
            choices.append(st.sampled_from([code.code for code in one.codes]))
        if known:
            choices.append(st.lists(st.sampled_from(known), min_size=1, max_size=2).map(tuple))
        given[one.id] = draw(st.one_of(choices))
    return given


@st.composite
def mentions(draw: st.DrawFn) -> Entity:
    """Any person, place or object."""
    kind = draw(st.sampled_from(EntityKind))
    facts = draw(answered(OF_ENTITY[kind])) | dict(draw(many_answers))
    return Entity(draw(ids), kind, frozen(facts))


@st.composite
def any_records(draw: st.DrawFn, form: str = "") -> Record:
    """A record of one form, or of any."""
    form = form or draw(st.sampled_from(sorted(OF_FORM)))
    people = draw(st.lists(mentions(), max_size=3, unique_by=lambda one: one.id))
    known = tuple(str(one.id) for one in people)
    return Record(
        header=replace(a_header(form), subject=draw(st.sampled_from(people)).id if people else None),
        stage=draw(st.sampled_from(Stage)),
        answers=frozen(draw(answered(OF_FORM[form], known)) | dict(draw(many_answers))),
        entities=tuple(people),
        reasons=draw(st.dictionaries(names.map(lambda name: f"R-1:{name}"), texts, max_size=2)),
    )
