"""The lookout card on a missing report's page: to be read out, or printed on a sheet of its own.

It is drawn from the report and from the newest risk assessment of the episode that this person may read;
that one is read with it, so that is written down as well.
"""

from __future__ import annotations

from sqlalchemy import Connection, RowMapping, select

from booklets import lookout
from booklets.records import Record
from sync_server import evidence
from sync_server.console import scopes, words
from sync_server.console.doors import Seen
from sync_server.console.pages import Fact, LookoutView
from sync_server.db.tables import State
from sync_server.db.tables import record as register

ASSESSMENT, RETURN = "rsk", "ret"
IS_BACK = "A later record says that the child is back. Ask the control room before you read it out."


def has_card(row: RowMapping) -> bool:
    """Whether a card is drawn from this record: it is a missing report, and was not withdrawn."""
    return lookout.has_card([(row["form"], row["state"] == State.WITHDRAWN.value)])


def assessment_of(db: Connection, seen: Seen, row: RowMapping) -> RowMapping | None:
    """The newest risk assessment of the report's episode, of those that this person may read."""
    return _newest(db, seen, row, ASSESSMENT) if has_card(row) else None


def view_of(
    db: Connection, seen: Seen, row: RowMapping, record: Record, assessed: RowMapping | None
) -> LookoutView | None:
    """The card as a part of the page; nothing where there is none."""
    if not has_card(row):
        return None
    safe = seen.context.keys.safe
    beside = evidence.record_of(db, safe, assessed["record"], assessed["rev"]) if assessed else None
    card = lookout.from_records([record, beside] if beside else [record])
    back = (IS_BACK,) if not card.over and _newest(db, seen, row, RETURN) else ()
    return LookoutView(
        over=card.over,
        cautions=(*back, *card.cautions),
        lines=tuple(Fact(one.title, "\n".join(one.words)) for one in card.lines),
        left_out=card.left_out,
        known_at=words.day_and_time(card.known_at),
    )


def _newest(db: Connection, seen: Seen, row: RowMapping, form: str) -> RowMapping | None:
    query = (
        select(register)
        .where(
            scopes.seen_by(seen.account.person),
            register.c.episode == row["episode"],
            register.c.form == form,
            register.c.state != State.WITHDRAWN.value,
        )
        .order_by(register.c.submitted_at.desc())
        .limit(1)
    )
    return db.execute(query).mappings().first()
