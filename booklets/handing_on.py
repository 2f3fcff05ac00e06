"""A draft on its way to another handheld: sealed like a record, and with who wrote which part of it.

An officer gives it to a colleague; or it is a copy of what is unsent, kept at the force for when its
handheld is lost and then offered to the same officer on another one.

It goes to the force as an ``hwd1`` envelope of kind "backup", sealed to the force's keys and signed by the
handheld; whoever takes it over gets it sealed to their own. Nothing outside the seal says whose it is or for
whom. What was written stays its writer's: each answer is kept as an edit by whoever gave it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from booklets.answers import Answer, Row, frozen, instant, read_instant, rows_of
from booklets.encounters import Encounter
from booklets.entities import Edit, Entity, read_id
from booklets.errors import WireError
from booklets.photos import attachment_of
from booklets.records import Author
from booklets.sealing import EnvelopeHeader, KemPublic, SigningKey, seal_envelope
from booklets.wire import canonical, heard, told

KIND = "backup"
MOST_LETTERS = 40
MOST_COPIES = 1000
"""Of so many drafts of one handheld the force keeps a copy: of those that were begun first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One draft as it is given. ``to`` is a colleague's number, or "" for whoever of the unit takes it."""

    id: UUID
    to: str
    at: datetime
    draft: Mapping[str, Any] = field(repr=False)

    @property
    def encounter(self) -> str:
        """The id of what is given."""
        return str(read_id(self.draft.get("id")))

    def to_json(self) -> dict[str, Any]:
        """As it lies in its envelope."""
        return {"id": str(self.id), "to": self.to, "at": instant(self.at), "draft": dict(self.draft)}

    @classmethod
    def from_bytes(cls, body: bytes) -> Given:
        """Read what ``to_json`` says, squeezed or not; an app reads the draft itself. Raises WireError."""
        try:
            said = heard(body)
            draft, to = said["draft"], said["to"]
            given = cls(id=read_id(said["id"]), to=to, at=read_instant(said["at"]), draft=draft)
        except (ValueError, LookupError, TypeError, RecursionError):
            raise WireError("not a draft that is given") from None
        if not isinstance(draft, dict) or not isinstance(to, str) or len(to) > MOST_LETTERS:
            raise WireError("not a draft that is given")
        read_id(draft.get("id"))  # what it is about is told to the unit under this id
        return given


def posted_draft(
    given: Given,
    *,
    force: str,
    device: str,
    officer: str,
    to: Sequence[KemPublic],
    signer: SigningKey,
    version: int = 0,
) -> bytes:
    """The sealed envelope of a draft. ``version`` tells one copy of what is unsent from a later one.

    A copy is squeezed, because it goes with each contact; what is given to a colleague goes as servers of
    earlier versions read it.
    """
    said = given.to_json()
    header = EnvelopeHeader(
        kind=KIND,
        record=str(given.id),
        rev=version,
        base_rev=0,
        form="",
        form_ver="",
        force=force,
        device=device,
        officer=officer,
        created=instant(given.at),
    )
    return seal_envelope(header, told(said) if version else canonical(said), to=to, signer=signer)


def taken_over(encounter: Encounter, *, by: Author, at: datetime) -> Encounter:
    """The draft in its new officer's hands: what was written until now is kept as written by who gave it."""
    before = encounter.officer
    if before.id == by.id:
        return encounter
    wrote = tuple(
        Edit(at, before.id, name, None, answer)
        for name, answer in encounter.answers.items()
        if _written(encounter, name) is None
    )
    hands = (*(one for one in encounter.hands if one.id != before.id), before)
    return replace(encounter, officer=by, drafts=(*encounter.drafts, *wrote), hands=hands)


def without_photographs(
    encounter: Encounter, *, here: Container[UUID], by: Author, at: datetime
) -> Encounter:
    """The draft as it goes on where its photographs are not: what was sealed with a part already sent stays.

    A photograph lies on the handheld that took it. Which answers lost one stands among the earlier wordings.
    """
    kept = {one.attachment.id for one in encounter.attached}

    def stays(row: Row) -> bool:
        named = attachment_of(row)
        return named is None or named in here or named in kept

    answers, noted = dict(encounter.answers), list(encounter.drafts)
    for name, answer in encounter.answers.items():
        left = _rows_left(answer, stays)
        if left != answer:
            noted.append(Edit(at, by.id, name, answer, left))
            answers.pop(name)
            answers |= {} if left is None else {name: left}
    entities = {id_: _entity_left(one, stays, by=by, at=at) for id_, one in encounter.entities.items()}
    return replace(
        encounter, answers=frozen(answers), drafts=tuple(noted), entities=MappingProxyType(entities)
    )


def _rows_left(answer: Answer, stays: Callable[[Row], bool]) -> Answer | None:
    rows = rows_of(answer)
    left = tuple(row for row in rows if stays(row))
    return answer if len(left) == len(rows) else left or None


def _entity_left(entity: Entity, stays: Callable[[Row], bool], *, by: Author, at: datetime) -> Entity:
    for name, fact in entity.facts.items():
        entity = entity.changed(name, _rows_left(fact, stays), at=at, by=by.id)
    return entity


def written_by(encounter: Encounter, question: str) -> Author | None:
    """Who wrote what stands there, where that was another officer and nothing was changed since."""
    edit = _written(encounter, question)
    return None if edit is None else next((one for one in encounter.hands if one.id == edit.by), None)


def _written(encounter: Encounter, question: str) -> Edit | None:
    """The edit of an earlier officer whose answer still stands. Such an edit has nothing before it."""
    earlier = {one.id for one in encounter.hands}
    answer = encounter.answers.get(question)
    return next(
        (
            one
            for one in reversed(encounter.drafts)
            if one.field == question and one.old is None and one.by in earlier and one.new == answer
        ),
        None,
    )
