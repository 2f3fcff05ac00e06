"""What the force's own system is given: matched forms beside what was typed, and nothing cut in silence."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from booklets.entities import Entity, EntityKind
from booklets.positions import position_row
from booklets.records import Attachment, Record
from sync_server.forwarding.sdm import NAME_LENGTH, document
from tests.support.builders import CHILD, FOUND_AT, NIGHT, PEOPLE, a_person, a_place, a_return, an_id

LONG = "Wolfeschlegelsteinhausenbergerdorff-Marlowe"


def included(record: Record, id_: UUID) -> dict[str, Any]:
    """The attributes of one of those that the document includes."""
    found: dict[str, Any] = next(
        one["attributes"] for one in document(record, NIGHT)["included"] if one["id"] == str(id_)
    )
    return found


def test_a_name_too_long_for_the_model_stands_whole_beside_it() -> None:
    """Whoever receives it can tell that it was shortened, and how it goes on."""
    child = a_person(surname=LONG, given_names=f"Amy {LONG}")
    given = included(a_return(entities=(child, *PEOPLE[1:])), CHILD)

    assert given["surname"] == LONG[:NAME_LENGTH]
    assert given["middleName"] == [LONG[:NAME_LENGTH]]
    assert given["x-namesInFull"] == [LONG, LONG]
    assert given["x-facts"]["person.surname"] == LONG
    assert "x-namesInFull" not in included(a_return(), CHILD)


def test_a_phone_number_is_given_as_typed_and_as_it_is_dialled() -> None:
    """E.164 where there is one; what was typed always."""
    child = a_person(phones=({"number": "07700 900123"}, {"number": "mum's old one"}))
    content = document(a_return(entities=(child, *PEOPLE[1:])), NIGHT)
    lines = [one["attributes"] for one in content["included"] if one["type"] == "telephone"]

    assert lines == [
        {"x-value": "07700 900123", "x-e164": "+447700900123"},
        {"x-value": "mum's old one"},
    ]


def test_where_an_officer_stood_is_given_with_how_exact_it_is() -> None:
    """As numbers beside the address; a place of which nobody said it has none of them."""
    stood = a_place(position=(position_row(54.28139, -0.40127, 11.2, NIGHT),))
    given = included(a_return(entities=(PEOPLE[0], PEOPLE[1], stood, PEOPLE[3])), FOUND_AT)

    assert (given["x-lat"], given["x-lon"], given["x-accuracyM"]) == ("54.28139", "-0.40127", "12")
    assert "x-lat" not in included(a_return(), FOUND_AT)


def test_what_is_matched_has_one_form_and_what_was_typed_another() -> None:
    """Postcode, registration and NHS number."""
    car = Entity(
        an_id("car"),
        EntityKind.OBJECT,
        {"object.object_type": "vehicle", "object.identifier": "yk19 abc"},
    )
    people = (a_person(nhs_no="943 476 5919"), PEOPLE[1], a_place(postcode="hg11zz"), PEOPLE[3], car)
    record = a_return(entities=people)

    where, child, vehicle = (included(record, id_) for id_ in (FOUND_AT, CHILD, car.id))
    assert (where["x-postcode"], where["x-postcodeMatched"]) == ("hg11zz", "HG1 1ZZ")
    assert (vehicle["x-identifier"], vehicle["x-vehicleMark"]) == ("yk19 abc", "YK19ABC")
    assert child["x-nhsNumber"] == "9434765919"
    assert child["x-facts"]["person.nhs_no"] == "943 476 5919"


def test_photographs_are_named_with_what_they_are_and_never_put_in() -> None:
    """The receiving system learns that there are some, and can ask for exactly those."""
    photograph = Attachment(an_id("photograph"), "photo", 210_000, "ab" * 32)
    row = {"attachment": str(photograph.id), "media": "image/jpeg", "caption": "Left forearm"}
    given = document(a_return({"ret.photos": (row,)}, attachments=(photograph,)), NIGHT)

    assert given["data"]["attributes"]["x-attachments"] == [
        {
            "id": str(photograph.id),
            "kind": "photo",
            "sealedSize": 210_000,
            "sealedSha256": "ab" * 32,
            "mediaType": "image/jpeg",
        }
    ]
    assert document(a_return(), NIGHT)["data"]["attributes"]["x-attachments"] == []
