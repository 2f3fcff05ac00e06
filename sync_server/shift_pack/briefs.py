"""What a shift pack may say of one record: a few facts and answers, and whom and what they mention.

Whatever is not named here never reaches a handheld this way: no exact words, no account of harm, no
address, nobody's opinion. Pure: a record in, plain JSON out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from booklets import definitions
from booklets.answers import Answer, codes_of, plain, plain_answers, rows_of
from booklets.entities import Entity, EntityKind
from booklets.forms import MENTIONS, Field
from booklets.records import Record
from sync_server.across import same

OF_CHILD = frozenset(
    f"person.{name}"
    for name in (
        *("known_as", "given_names", "surname", "previous_names", "dob", "dob_precision", "age_estimate"),
        *("sex", "has_phone", "phones", "markers_checked", "warning_markers", "la_responsible"),
        *("care_status", "first_language", "interpreter_needed", "disability_needs_detail"),
    )
)
OF_OTHERS: Mapping[EntityKind, frozenset[str]] = {
    EntityKind.PERSON: frozenset(
        f"person.{name}"
        for name in ("known_as", "given_names", "surname", "relationship", "age_estimate", "phones")
    ),
    EntityKind.PLACE: frozenset(
        f"place.{name}" for name in ("name", "building", "street", "town", "postcode", "place_type")
    ),
    EntityKind.OBJECT: frozenset({"object.object_type", "object.description"}),
}
TOLD: Mapping[str, frozenset[str]] = {
    form: frozenset(f"{prefix}.{name}" for name in names.split())
    for form, prefix, names in (
        (
            "mis",
            "mis",
            "returned_before_report last_seen_at last_seen_place reported_at clothing dangers phone_status "
            "associates last_seen_with",
        ),
        ("rsk", "ra", "level"),
        ("ret", "ret", "found_at found_place found_how found_with where_stayed"),
        ("pvi", "pi", "where who"),
        ("mh", "mh", "exploitation_level"),
        (
            "trg",
            "trg",
            "why_words level_if_missing first_hour places places_words transport phones_online associates "
            "associates_danger exploiters agencies triggers engage medical hazards review_due",
        ),
    )
}
"""By form, the questions whose answers an officer has to know before knocking."""


def brief_of(record: Record) -> dict[str, Any]:
    """What a pack may say of a record: ``child``, ``answers``, and the ``entities`` that these mention."""
    header = record.header
    child = next((one for one in record.entities if one.id == header.subject), None)
    allowed = TOLD.get(header.form, frozenset())
    answers = {name: answer for name, answer in record.answers.items() if name in allowed}
    form = definitions.form_of(header)
    named = {
        id_
        for one in form.fields()
        if one.id in answers
        for id_ in _mentioned(one, answers[one.id])
        if id_ != str(header.subject)
    }
    return {
        "child": _known(child, OF_CHILD) if child else {},
        "answers": plain_answers(answers),
        "entities": {
            str(one.id): {"kind": one.kind.value, "facts": _known(one, OF_OTHERS[one.kind])}
            for one in record.entities
            if str(one.id) in named
        },
    }


def known_by(record: Record) -> str:
    """Names and full date of birth in one form, or nothing where one of them is not known."""
    child = next((one for one in record.entities if one.id == record.header.subject), None)
    if child is None:
        return ""
    row = {"given_names": child.word("given_names"), "surname": child.word("surname")}
    return "|".join(same.name_and_birth({**row, "born": child.word("dob")}))


def _known(one: Entity, allowed: frozenset[str]) -> dict[str, Any]:
    return {name: plain(answer) for name, answer in one.facts.items() if name in allowed}


def _mentioned(one: Field, answer: Answer) -> Iterator[str]:
    if one.kind in MENTIONS:
        yield from codes_of(answer)
    for column in one.columns:
        if column.kind in MENTIONS:
            for row in rows_of(answer):
                yield from codes_of(row.get(column.id))
