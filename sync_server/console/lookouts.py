"""The lookout card on a missing report's page: to be read out, or printed on a sheet of its own.

It is drawn from the report and from the newest risk assessment of the episode that this person may read;
where that one is read with it, that is written down as well. That the child is back, or has died, counts
whichever unit wrote it: all that is told by it is whom to ask.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, RowMapping, select

from booklets import lookout
from booklets.form_names import ASSESSMENT, RETURN
from booklets.lookout import Card
from booklets.records import Record
from booklets.signs import only_rung, says_dead
from sync_server import evidence
from sync_server.console import scopes, words
from sync_server.console.doors import Seen
from sync_server.console.pages import Fact, LookoutView
from sync_server.db.tables import State
from sync_server.db.tables import record as register
from sync_server.episodes.standing import closings

CLOSED = "This episode has been closed. Ask the control room before you read it out."
IS_BACK = "A later record says that the child is back. Ask the control room before you read it out."


@dataclass(frozen=True, slots=True)
class Drawn:
    """The card as a part of the page, and the assessment of which something stands on it, if any."""

    view: LookoutView
    assessed: RowMapping | None


def has_card(row: RowMapping) -> bool:
    """Whether a card is drawn from this record: it is a missing report, and was not withdrawn."""
    return lookout.has_card([(row["form"], row["state"] == State.WITHDRAWN.value)])


def drawn(db: Connection, seen: Seen, row: RowMapping, record: Record) -> Drawn | None:
    """The card of a report; nothing where there is none."""
    if not has_card(row):
        return None
    back, died = _found(db, row)
    closed = bool(closings(db, row["force"], [row["episode"]]))
    assessed = None if died else _assessment_of(db, seen, row)
    safe = seen.context.keys.safe
    beside = evidence.record_of(db, safe, assessed["record"], assessed["rev"]) if assessed else None
    card = lookout.from_records([record, beside] if beside else [record], died=died)
    doubt = IS_BACK if back else CLOSED if closed else ""
    return Drawn(_view(card, doubt=doubt), assessed if beside and card.lines else None)


def _view(card: Card, *, doubt: str) -> LookoutView:
    return LookoutView(
        over=card.over,
        cautions=(*((doubt,) if doubt and not card.over else ()), *card.cautions),
        lines=tuple(Fact(one.title, "\n".join(one.words)) for one in card.lines),
        left_out=card.left_out,
        known_at=words.day_and_time(card.known_at),
    )


def _found(db: Connection, row: RowMapping) -> tuple[bool, bool]:
    """Whether any record of the episode that counts says that the child is back, and that they have died."""
    found = db.execute(select(register.c.form, register.c.flags).where(*_of_episode(row))).all()
    return any(one.form == RETURN and not only_rung(one.flags) for one in found), any(
        says_dead(one.flags) for one in found
    )


def _assessment_of(db: Connection, seen: Seen, row: RowMapping) -> RowMapping | None:
    """The newest risk assessment of the report's episode, of those that this person may read."""
    query = (
        select(register)
        .where(scopes.seen_by(seen.account.person), *_of_episode(row), register.c.form == ASSESSMENT)
        .order_by(register.c.submitted_at.desc())
        .limit(1)
    )
    return db.execute(query).mappings().first()


def _of_episode(row: RowMapping) -> tuple[ColumnElement[bool], ...]:
    return (
        register.c.force == row["force"],
        register.c.episode == row["episode"],
        register.c.state != State.WITHDRAWN.value,
    )
