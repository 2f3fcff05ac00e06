"""A return check and a missing booklet at the length an officer writes, all of it invented.

``needed_check`` answers every question that has to be answered, ``full_check`` and ``full_booklet`` every
question there is. All are made from the forms, so that a new question makes them longer by itself.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import cycle
from uuid import UUID

from booklets.answers import NOTHING, Answer, Moment, Row, Scalar, frozen
from booklets.definitions import clocks, entity_form, force, guide
from booklets.encounters import Encounter, begin
from booklets.entities import Entity, EntityKind, new_id
from booklets.forms import MENTIONS, Code, Column, Field, Kind, Stage
from booklets.guides import Guide
from booklets.photos import CAPTION, photo_row
from booklets.positions import position_row
from booklets.records import Author, Record
from booklets.sending import Sending, records_of
from booklets.signatures import INSTEAD, stands_instead
from booklets.stamps import Stamp

AT = datetime(2026, 3, 14, 2, 41, tzinfo=UTC)
FORCE = "north_yorkshire"
GUIDE, BOOKLET = "return_check", "missing"
OFFICER = Author("officer-0001", "PC Dana Wells", "constable", "1234", "Scarborough")
SENTENCES = (
    "Amy was sitting on the low wall by the chip shop with her hood up and would not look at the car.",
    "She had walked from the bus station, about forty minutes, and her trainers were soaked through.",
    "Her mum opened the door before we knocked and put a blanket round her without a word.",
    "She said a lad called Jay had been giving her lifts in a silver car since before half term.",
    "The bedroom window was on the latch and a drainpipe runs past it to the flat roof of the kitchen.",
    "Her gran says she rang twice from a number that the family does not know, 07700 900461.",
    "She asked twice whether we would be telling school, and stopped talking when her brother came in.",
    "There was a new phone in her left pocket, which her mum had not bought and had not seen before.",
    "She ate two bowls of cereal standing up and said that she had had nothing since dinner time.",
    "The lead at her placement agreed to ring at eight and to keep the same worker on in the morning.",
)
LENGTHS = {Kind.TEXT: 60, Kind.LONG_TEXT: 380, Kind.REFERENCE: 14}
LENGTH_IN_A_ROW = 160
DEFAULT_COLUMNS = {
    Kind.SPEECH: ("who", "to", "asked", "said", "at"),
    Kind.CONTACTS: (
        "with", "person", "phone", "method", "direction", "at", "told", "response", "outcome", "reference"
    ),
}  # fmt: skip


class _Pen:
    """Writes the next invented answer: never the same words twice running, so that zlib is not flattered."""

    def __init__(self, *, says: str) -> None:
        self._says = says
        self._sentences = cycle(SENTENCES)
        self._written = 0

    def words(self, length: int) -> str:
        """Prose of about this length."""
        text = ""
        while len(text) < length:
            self._written += 1
            text += f"{next(self._sentences)} ({AT + timedelta(minutes=self._written):%H:%M}) "
        return text[:length].strip()

    def cell(self, column: Column) -> Scalar:
        """One cell of a row: what was said on the phone takes a sentence or two."""
        if column.kind is Kind.LONG_TEXT:
            return self.words(LENGTH_IN_A_ROW)
        return self.scalar(column.kind, column.codes)

    def scalar(self, kind: Kind, codes: tuple[Code, ...]) -> Scalar:
        """One answer that is not made of rows and mentions nobody."""
        match kind:
            case Kind.MOMENT | Kind.DATE:
                return Moment(AT - timedelta(hours=7, minutes=11))
            case Kind.YES_NO | Kind.DECISION:
                return self._says
            case Kind.NUMBER:
                return "12"
            case Kind.ONE_OF | Kind.STAFF if codes:
                return codes[0].code
            case Kind.MANY_OF | Kind.BODY_MAP if codes:
                return tuple(code.code for code in codes[:3])
            case _:
                return self.words(LENGTHS.get(kind, 40))

    def rows(self, one: Field) -> tuple[Row, ...]:
        """Two rows with every cell filled."""
        columns = one.columns or tuple(
            Column(name, Kind.MOMENT if name == "at" else Kind.TEXT, name)
            for name in DEFAULT_COLUMNS.get(one.kind, ("note",))
        )
        return tuple({column.id: self.cell(column) for column in columns} for _ in range(2))

    def answer(self, one: Field, mentioned: dict[str, list[UUID]]) -> Answer:
        """One whole answer."""
        if one.kind in MENTIONS:
            ids = [str(id_) for id_ in mentioned[MENTIONS[one.kind]]]
            return ids[0] if one.kind in {Kind.PERSON, Kind.PLACE, Kind.OBJECT} else tuple(ids[:2])
        if one.kind is Kind.PHOTO:
            return (photo_row(UUID(int=len(one.id), version=4), added=AT),)
        if one.kind is Kind.SIGNATURE:
            return (stands_instead(INSTEAD[0], {CAPTION: "Karen Brook"}, AT),)
        if one.kind is Kind.POSITION:
            return (position_row(54.28139, -0.40127, 11.2, AT),)
        if one.kind in {Kind.SPEECH, Kind.CONTACTS, Kind.ROWS}:
            return self.rows(one)
        return self.scalar(one.kind, one.codes)


def full_check() -> Encounter:
    """One encounter: a child, three people, two places, two objects, an answer to every question."""
    return _check(people=4, places=2, objects=2, every=True)


def full_booklet() -> Encounter:
    """A whole missing booklet: a child, five people, ten places, two objects, every question answered."""
    return _check(BOOKLET, people=6, places=10, objects=2, every=True)


def needed_check() -> Encounter:
    """One encounter as most are: mostly “no”, and an answer wherever one is needed."""
    return _check(people=3, places=1, objects=1, every=False)


def _check(guide_id: str = GUIDE, *, people: int, places: int, objects: int, every: bool) -> Encounter:
    pen, the_guide = _Pen(says="yes" if every else "no"), guide(guide_id)
    entities = [
        *(_entity(EntityKind.PERSON, pen, every=every and number == 0) for number in range(people)),
        *(_entity(EntityKind.PLACE, pen, every=every) for _ in range(places)),
        *(_entity(EntityKind.OBJECT, pen, every=every) for _ in range(objects)),
    ]
    encounter = begin(
        the_guide, officer=OFFICER, force=FORCE, unit="scarborough", at=Stamp(AT), subject=entities[0]
    )
    for entity in entities[1:]:
        encounter = encounter.with_entity(entity, at=AT)
    mentioned: dict[str, list[UUID]] = {kind.value: [] for kind in EntityKind}
    for entity in entities:
        mentioned[entity.kind.value].append(entity.id)
    return _answered(encounter, the_guide, pen, mentioned, every=every)


def records(
    encounter: Encounter, device: str = "device-0001", *, stage: Stage = Stage.CAPTURE
) -> tuple[Record, ...]:
    """The records that this encounter yields when it is sent."""
    sending = Sending(
        at=Stamp(AT),
        device=device,
        app_version="0.1.0",
        stage=stage,
        force=force(FORCE),
        clocks=clocks(),
    )
    return records_of(encounter, guide(GUIDE), sending)


def _answered(
    encounter: Encounter, the_guide: Guide, pen: _Pen, mentioned: dict[str, list[UUID]], *, every: bool
) -> Encounter:
    child = encounter.child()
    seen: dict[str, Answer] = dict(child.facts if child else NOTHING)
    for one in the_guide.fields():
        if _is_written(one, seen, every=every):
            seen[one.id] = pen.answer(one, mentioned)
            encounter = encounter.answer(one, seen[one.id], at=AT)
    return encounter


def _entity(kind: EntityKind, pen: _Pen, *, every: bool) -> Entity:
    facts: dict[str, Answer] = {}
    for one in entity_form(kind.value).fields():
        if one.kind not in MENTIONS and _is_written(one, facts, every=every):
            facts[one.id] = pen.answer(one, {})
    return Entity(new_id(), kind, frozen(facts))


def _is_written(one: Field, seen: dict[str, Answer], *, every: bool) -> bool:
    asked = not one.system and not one.same_as and one.is_shown(seen)
    return asked and (every or one.is_required(seen))
