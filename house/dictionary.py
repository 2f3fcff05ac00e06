"""Write down what every record says anyway: ``python -m house.dictionary FILE``.

It is names and shapes: empty records, made from the forms, with nothing in them that anybody answered. Both
sides of the wire hold it, so that a record travels without it (``booklets.wire``). It is written once and
kept: what was packed with it cannot be read with another. A number that is there already is refused.
"""

# ruff: noqa: T201 - it speaks to a person at a terminal
from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from booklets.answers import Answer, Answers, Moment, Row, Scalar, plain_answers
from booklets.definitions import entity_forms, form, form_ids
from booklets.entities import Edit, Entity, EntityKind
from booklets.forms import CHOSEN, IN_ROWS, SEVERAL, Field, Kind, Stage
from booklets.records import Author, Header, Link, Record, Task
from booklets.stamps import Stamp
from booklets.wire import FARTHEST, PROTOCOL, canonical, record_to_json

NEAREST = ("mis", "ppn", "pvi", "ret")
"""The forms of most nights stand last: what is near costs fewest bits, and what is too far is not found."""
NOBODY = UUID(int=0)
THEN = datetime(2026, 1, 1, tzinfo=UTC)


def text() -> str:
    """The whole dictionary, as far back as a record can look."""
    forms = [*(id_ for id_ in form_ids() if id_ not in NEAREST), *NEAREST]
    answered = [canonical(plain_answers(_empty(form(id_).fields()))).decode() for id_ in forms]
    whole = canonical({"protocol": PROTOCOL, "digest": "", "record": record_to_json(_record())}).decode()
    return ("".join(answered) + whole)[-FARTHEST:]


def _empty(fields: Iterable[Field]) -> Answers:
    return {one.id: _answer(one) for one in fields}


def _answer(one: Field) -> Answer:
    """The shape of an answer and none of its words."""
    if one.kind in IN_ROWS:
        row: Row = {column.id: _cell(column.kind) for column in one.columns}
        return (row,)
    return _cell(one.kind)


def _cell(kind: Kind) -> Scalar:
    if kind in {Kind.MOMENT, Kind.DATE}:
        return Moment(THEN)
    if kind in SEVERAL:
        return ("",)
    return "no" if kind in CHOSEN and kind not in {Kind.ONE_OF, Kind.MANY_OF} else ""


def _record() -> Record:
    """A record with one of everything that a record may have."""
    entities = tuple(
        Entity(NOBODY, EntityKind(id_), _empty(one.fields()), (Edit(THEN, "officer", "", None, ""),))
        for id_, one in entity_forms().items()
    )
    return Record(header=_header(), stage=Stage.CAPTURE, answers={}, entities=entities, tasks=(_task(),))


def _task() -> Task:
    return Task(
        id=NOBODY,
        kind="",
        rule="",
        subject="",
        owner_role="mhet",
        set_at=THEN,
        due_at=THEN,
        accepted_at=None,
    )


def _header() -> Header:
    return Header(
        record=NOBODY,
        record_type="",
        form="",
        form_version="2026.",
        form_checksum="",
        force="",
        unit="",
        routing_role="supervisor",
        incident=NOBODY,
        episode=NOBODY,
        encounter=NOBODY,
        author=Author("", "", "constable", "", ""),
        device="",
        app_version="0.",
        revision=1,
        base_revision=0,
        started=Stamp(THEN),
        submitted=Stamp(THEN),
        subject=NOBODY,
        linked=(Link(NOBODY, "same_incident"),),
    )


def main(arguments: Sequence[str]) -> int:
    """Write the dictionary to the file named, unless it is there: 0, or 2 and why not."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    written = Path(arguments[0])
    if written.exists():
        print(f"{written} is there and stays as it is: records were packed with it. Take the next number.")
        return 2
    written.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
