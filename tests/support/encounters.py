"""Encounters at the door with invented people, and the values that properties are searched over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Precision, Row, Why, frozen, instant
from booklets.encounters import Encounter, begin
from booklets.entities import Edit, Entity, EntityKind
from booklets.forms import Stage
from booklets.guides import Guide
from booklets.records import Attached, Attachment, Link, Override, Record
from booklets.sending import Sending
from booklets.stamps import Confidence, Stamp
from tests.support.builders import (
    FORCE,
    FOUND_AT,
    HOME,
    NIGHT,
    PEOPLE,
    UNIT,
    a_person,
    a_return,
    a_task,
    an_author,
    an_id,
)

FORCE_SETTINGS = definitions.force(FORCE)


def the_guide() -> Guide:
    """The return check."""
    return definitions.guide("return_check")


def an_encounter(answers: Mapping[str, Answer] | None = None, **changes: Any) -> Encounter:
    """A return check in progress with these answers, about a child who is known."""
    child = a_person()
    begun = begin(the_guide(), officer=an_author(), force=FORCE, unit=UNIT, at=Stamp(NIGHT), subject=child)
    entities = {one.id: one for one in PEOPLE} | {child.id: child}
    parts: dict[str, Any] = {"answers": frozen(answers or {}), "entities": entities} | changes
    return replace(begun, **parts)


CALL: Row = {"with": "edt_north_yorkshire", "at": Moment(NIGHT), "outcome": "accepted"}
FOUND: dict[str, Answer] = {
    "ret.found_at": Moment(NIGHT - timedelta(minutes=40)),
    "ret.found_place": str(FOUND_AT),
    "ret.condition": ("asleep",),
    "ret.left_with": (str(PEOPLE[1].id),),
    "ret.la_informed": (CALL,),
    "ret.found_how": "alone",
    "ret.return_place": str(HOME),
    "pi.harm": "no",
}


def a_sending(stage: Stage = Stage.CAPTURE, at: datetime = NIGHT, **changes: Any) -> Sending:
    """What the device adds when it sends."""
    parts: dict[str, Any] = {
        "at": Stamp(at, confidence=Confidence.SERVER),
        "device": "handheld-1",
        "app_version": "0.1.0",
        "stage": stage,
        "force": FORCE_SETTINGS,
        "clocks": definitions.clocks(),
    }
    return Sending(**parts | changes)


# What properties are searched over. Text has every character that JSON in UTF-8 can carry.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
names = st.text(st.characters(categories=["Ll", "Nd"]), min_size=1, max_size=12)
moments_in_time = st.integers(-(10**9), 10**9).map(lambda s: NIGHT + timedelta(seconds=s)) | st.integers(
    0, 10**9
).map(lambda s: NIGHT + timedelta(microseconds=s))
gaps = st.builds(Gap, st.sampled_from(Why), texts) | st.builds(
    Gap, st.just(Why.PENDING), texts, moments_in_time.map(instant)
)
moments = st.builds(Moment, moments_in_time, st.sampled_from(Precision), st.none() | moments_in_time)
several = st.lists(texts, max_size=3).map(tuple)
scalars = texts | several | moments | gaps
rows: st.SearchStrategy[Row] = st.dictionaries(names, scalars, max_size=3)
answers: st.SearchStrategy[Answer] = scalars | st.lists(rows, min_size=1, max_size=3).map(tuple)
many_answers = st.dictionaries(names, answers, max_size=4).map(frozen)
ids = st.uuids(version=4)
stamps = st.builds(
    Stamp,
    moments_in_time,
    st.integers(-(10**9), 10**9),
    st.integers(0, 10**12),
    st.sampled_from(Confidence),
)
edits = st.builds(Edit, moments_in_time, texts, names, st.none() | answers, st.none() | answers)
entities = st.builds(
    Entity, ids, st.sampled_from(EntityKind), many_answers, st.lists(edits, max_size=2).map(tuple)
)
attachments = st.builds(Attachment, ids, names, st.integers(0, 10**9), names)
overrides = st.builds(Override, names, texts, names, moments_in_time)
links = st.builds(Link, ids, names)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Any record that a device could send, well filled or not."""
    revision = draw(st.integers(1, 9))
    header = replace(
        a_return().header,
        revision=revision,
        base_revision=revision - 1,
        started=draw(stamps),
        submitted=draw(stamps),
        subject=draw(st.none() | ids),
        covert=draw(st.booleans()),
        linked=tuple(draw(st.lists(links, max_size=2))),
        attachments=tuple(draw(st.lists(attachments, max_size=2))),
    )
    return Record(
        header=header,
        stage=draw(st.sampled_from(Stage)),
        answers=draw(many_answers),
        entities=tuple(draw(st.lists(entities, max_size=2))),
        reasons=draw(st.dictionaries(names, texts, max_size=2)),
        overrides=tuple(draw(st.lists(overrides, max_size=2))),
        tasks=(a_task("find_out"), a_task("act", due_at=None)) if draw(st.booleans()) else (),
        drafts=tuple(draw(st.lists(edits, max_size=2))),
    )


@st.composite
def encounters(draw: st.DrawFn) -> Encounter:
    """Any encounter a device could keep."""
    people = draw(st.lists(entities, max_size=2))
    known: dict[UUID, Entity] = {one.id: one for one in people}
    return replace(
        an_encounter(),
        answers=draw(many_answers),
        entities=known,
        subject=draw(st.sampled_from(sorted(known))) if known else None,
        started=draw(stamps),
        changed=draw(moments_in_time),
        reasons=draw(st.dictionaries(names, texts, max_size=2)),
        unread=draw(st.dictionaries(names, st.dictionaries(names, texts, max_size=2), max_size=2)),
        drafts=tuple(draw(st.lists(edits, max_size=2))),
        shift_ends=draw(st.none() | moments_in_time),
        place=draw(names),
        incident=an_id("incident"),
        editions=draw(st.dictionaries(names, names, max_size=2)),
        begun_in=draw(st.dictionaries(names, names, max_size=2)),
        kept=tuple(draw(st.lists(names, max_size=2))),
        attached=tuple(draw(st.lists(st.builds(Attached, ids, attachments), max_size=2))),
    )
