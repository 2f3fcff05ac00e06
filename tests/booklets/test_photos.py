"""Photographs in answers: what a row names, which record lists it, and how it reads."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from uuid import UUID

import pytest

from booklets import definitions, in_words, wire
from booklets.answers import Gap, Moment, Precision, Row, Why
from booklets.comparing import changes
from booklets.definitions.reader import read_form
from booklets.definitions.tables import Table
from booklets.entities import Entity, EntityKind
from booklets.errors import DefinitionError, NotAllowedNow
from booklets.photos import (
    MOST_IN_A_RECORD,
    attachment_of,
    is_photo,
    named_by,
    photo_row,
    to_be_sealed,
    with_manifest,
)
from booklets.posting import header_of
from booklets.reading import read
from booklets.records import Attached, Attachment, Record
from booklets.review import has_shape
from tests.support.builders import a_return, an_id
from tests.support.definitions import the_lists

NIGHT = datetime(2026, 3, 14, 21, 40, tzinfo=UTC)
FIRST, SECOND = an_id("photo 1"), an_id("photo 2")
TAKEN = Moment(datetime(2026, 3, 12, 21, 40, tzinfo=UTC), Precision.ABOUT)
ROOM = "srch.room_photos"
ASKED = definitions.form("srch").field(ROOM)


def a_record(name: str, *photos: UUID, of_child: UUID | None = None) -> Record:
    """A record whose answers, or whose child, name photographs."""
    record = a_return()
    rows = tuple(photo_row(one, added=NIGHT) for one in photos)
    facts = {"person.photo": (photo_row(of_child, added=NIGHT),)} if of_child else {}
    child = Entity(an_id("child"), EntityKind.PERSON, MappingProxyType(facts))
    header = replace(record.header, record=an_id(name), form="srch")
    return replace(record, header=header, answers={ROOM: rows} if rows else {}, entities=(child,))


def attached(photo: UUID, name: str) -> Attached:
    """One that is sealed already, with that record."""
    return Attached(an_id(name), Attachment(photo, "photo", 90_000, "ab" * 32))


@pytest.mark.parametrize(
    ("answer", "fits"),
    [
        ((photo_row(FIRST, added=NIGHT),), True),
        ((photo_row(FIRST, added=NIGHT, taken=TAKEN),) * 12, True),
        ((photo_row(FIRST, added=NIGHT),) * 13, False),
        (({"attachment": "room.jpg", "media": "image/jpeg"},), False),
        (({"attachment": str(FIRST), "media": "text/html"},), False),
        (({"caption": "The bed"},), False),
        ("room.jpg", False),
        (("room.jpg",), False),
    ],
)
def test_only_attachments_of_a_known_sort_are_photographs(answer: object, fits: bool) -> None:
    """Whatever wrote it; and no more than the question takes."""
    assert has_shape(ASKED, answer) is fits  # type: ignore[arg-type]


def test_no_answer_with_its_reason_is_an_answer_here_too() -> None:
    """Nobody may be kept from sending because there is no photo."""
    assert Why.NOT_KNOWN in definitions.entity_form("person").field("person.photo").gaps


def test_the_first_record_that_names_a_photograph_lists_it() -> None:
    """Whatever else names it points there: a photograph is sent once."""
    records = [a_record("a", of_child=FIRST), a_record("b", SECOND, of_child=FIRST)]

    owners = to_be_sealed(records, (), {FIRST, SECOND})

    assert owners == {FIRST: an_id("a"), SECOND: an_id("b")}
    known = [attached(FIRST, "a"), attached(SECOND, "b")]
    listed = [[one.id for one in with_manifest(one, known).header.attachments] for one in records]
    assert listed == [[FIRST], [SECOND]]
    assert to_be_sealed(records, known, {FIRST, SECOND}) == {}


def test_what_is_neither_here_nor_sealed_before_is_only_named() -> None:
    """A PPN about the same child, begun from a search that was sent by somebody else."""
    record = a_record("a", of_child=FIRST)
    assert to_be_sealed([record], (), ()) == {}
    assert with_manifest(record, ()) == record
    assert named_by(record) == (FIRST,)


def test_what_a_revision_names_no_more_it_does_not_list() -> None:
    """It was taken away; what was sent before keeps it."""
    known = [attached(FIRST, "a"), attached(SECOND, "a")]
    assert [one.id for one in with_manifest(a_record("a", SECOND), known).header.attachments] == [SECOND]


def test_a_record_lists_no_more_than_its_envelope_holds() -> None:
    """Said in words before anything is sealed; and so many do fit."""
    photos = [an_id(f"photo {number}") for number in range(MOST_IN_A_RECORD + 1)]
    with pytest.raises(NotAllowedNow, match="Everything is kept"):
        to_be_sealed([a_record("a", *photos)], (), photos)
    known = [attached(one, "a") for one in photos[:-1]]
    full = with_manifest(a_record("a", *photos[:-1]), known)
    assert len(header_of(full).attachments) == MOST_IN_A_RECORD


def test_the_digest_covers_the_manifest_and_the_answer() -> None:
    """Nobody hangs another photograph onto a record."""
    record = with_manifest(a_record("a", FIRST), [attached(FIRST, "a")])
    another = Attached(an_id("a"), Attachment(FIRST, "photo", 9, "cd" * 32))
    other = with_manifest(a_record("a", FIRST), [another])
    assert len({wire.digest(one) for one in (record, other, a_record("a", SECOND))}) == 3
    assert wire.unpack(wire.pack(record)) == record


def test_a_document_says_what_it_shows_and_when_it_was_taken() -> None:
    """Without the picture and without an id; whoever draws it knows which it is."""
    row: Row = {**photo_row(FIRST, added=NIGHT, taken=TAKEN), "caption": "The bed, not slept in"}
    record = replace(a_record("a"), answers={ROOM: (row, photo_row(SECOND, added=NIGHT))})

    line = next(line for line in read(record).lines() if line.question == ROOM)

    assert line.words == (
        "The bed, not slept in (taken about Thu 12 March 2026, 21:40)",
        "Photo (added Sat 14 March 2026, 21:40)",
    )
    assert [(one.attachment, one.media, one.words) for one in line.pictures] == [
        (FIRST, "image/jpeg", line.words[0]),
        (SECOND, "image/jpeg", line.words[1]),
    ]
    assert str(FIRST) not in "".join(line.flat())


def test_a_photograph_that_came_is_a_change() -> None:
    """Between two revisions, in words."""
    (change,) = changes(a_record("a", FIRST), a_record("a", FIRST, SECOND))
    assert (change.question, len(change.before), len(change.after)) == (ROOM, 1, 2)


def test_a_row_that_names_nothing_is_no_photograph() -> None:
    """And says nothing of one."""
    assert attachment_of({"attachment": Gap(Why.NOT_KNOWN)}) is None
    assert not is_photo({})
    assert in_words.photo({}) == "Photo"


A_FORM = """
id = "f"
prefix = "f"
version = "2026.1"
title = "F"
[[section]]
id = "s"
title = "S"
[[section.field]]
id = "a"
label = "A"
"""
A_COLUMN = """
[[section.field.column]]
id = "attachment"
kind = "text"
label = "Which"
"""


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ('kind = "rows"\nmost = 3', "most: a rows holds no photographs"),
        ('kind = "photo"\nmost = 0', "most must be a number from 1 to 12"),
        ('kind = "photo"\nmost = 13', "most must be a number from 1 to 12"),
        ('kind = "photo"\nmost = true', "most must be a number from 1 to 12"),
    ],
)
def test_a_form_says_how_many_in_a_way_that_can_be(setting: str, says: str) -> None:
    """With file, place and cause, as with every mistake in a form."""
    with pytest.raises(DefinitionError, match=says):
        read_form(Table("f.toml", tomllib.loads(f"{A_FORM}{setting}{A_COLUMN}")), the_lists())


def test_one_is_taken_unless_a_form_says_otherwise() -> None:
    """And it needs no block of its own."""
    shared = definitions.form("srch").field(ROOM)
    columns = [column.id for column in shared.columns]
    assert columns == ["attachment", "media", "added_at", "taken_at", "caption"]
    assert shared.most == 12
