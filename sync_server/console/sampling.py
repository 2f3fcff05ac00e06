"""Drawing some of a unit's records by lot, so that they are read as they came and nobody has picked them.

The lot is a seed that stands on the page: the same seed, unit and month give the same order again to anybody
who works it out from the ids. Records about a child who has died are reviewed elsewhere, and never drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from secrets import token_hex
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, false, insert, select

from sync_server import audit, evidence
from sync_server.console.asking import Asked
from sync_server.console.counted import Shows
from sync_server.console.doors import Seen
from sync_server.console.gathering import gathered
from sync_server.console.month import Month
from sync_server.db.samples import dip_feedback, dip_sample
from sync_server.db.types import insert_if_new
from sync_server.identity.accounts import Person, Role
from sync_server.keys import BodyBroken

SEED_BYTES = 4
OFFERED = (3, 5, 10)
DRAWN, FED_BACK = "sample drawn", "dip_feedback"


def in_order(seed: str, records: Iterable[str]) -> list[str]:
    """The records in the order of the lot: by the hash of the seed with each one's id."""
    return sorted(records, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).hexdigest())


def samples_of(person: Person) -> ColumnElement[bool]:
    """Which samples somebody sees: the missing-from-home team all of the force, supervisors their unit's."""
    mine = dip_sample.c.force == person.force
    if Role.MHET in person.roles:
        return mine
    return mine & (dip_sample.c.unit == person.unit if Role.SUPERVISOR in person.roles else false())


def draw(seen: Seen, unit: str, month: Month, size: int) -> int | None:
    """Draw so many records; the number of the sample, or None where there is nothing to draw from."""
    view = Asked(unit=unit, since=month.first.isoformat(), until=month.last.isoformat(), shows=Shows.COUNTED)
    with seen.context.store.read() as db:
        _, _, rows = gathered(seen, db, view.rows(seen.account.person, seen.now))
    revs = {row["record"]: row["rev"] for row in rows}
    seed = token_hex(SEED_BYTES)
    lot = [[one, revs[one]] for one in in_order(seed, revs)[:size]]
    if not lot:
        return None
    return seen.context.store.write(lambda db: _keep(db, seen, unit=unit, month=month, seed=seed, lot=lot))


def _keep(db: Connection, seen: Seen, *, unit: str, month: Month, seed: str, lot: list[list[Any]]) -> int:
    somebody = seen.account
    values = {
        "force": somebody.person.force,
        "unit": unit,
        "month": month.code,
        "seed": seed,
        "records": lot,
        "by": somebody.id,
        "at": seen.now,
    }
    number = db.execute(insert(dip_sample).values(values).returning(dip_sample.c.id)).scalar_one()
    audit.note(
        db,
        force=somebody.person.force,
        record=f"account:{somebody.id}",
        who=somebody.id,
        what=DRAWN,
        at=seen.now,
        detail={
            "why": seen.why,
            "rows": len(lot),
            "records": [record for record, _ in lot],
            "asked": [f"unit={unit}", f"month={month.code}", f"seed={seed}"],
        },
    )
    return int(number)


def found(db: Connection, seen: Seen, number: int) -> RowMapping | None:
    """One sample, or None where it is not there for this person."""
    query = select(dip_sample).where(dip_sample.c.id == number, samples_of(seen.account.person))
    return db.execute(query).mappings().first()


def write_back(seen: Seen, sample: RowMapping, record: str, rev: int, *, id_: UUID, words: str) -> None:
    """Keep what somebody writes about a drawn record, once, and note in its history that they did."""
    somebody = seen.account

    def work(db: Connection) -> None:
        sealed = evidence.seal_beside(
            db,
            seen.context.keys.safe,
            force=sample["force"],
            record=record,
            rev=rev,
            what=_beside(str(id_)),
            content={"words": words},
        )
        values = {
            "id": str(id_),
            "force": sample["force"],
            "sample": sample["id"],
            "record": record,
            "rev": rev,
            "by": somebody.id,
            "words_sealed": sealed,
            "at": seen.now,
        }
        if insert_if_new(db, dip_feedback, values, [dip_feedback.c.id]) is not None:
            audit.note(
                db,
                force=sample["force"],
                record=record,
                who=somebody.id,
                what=FED_BACK,
                at=seen.now,
                detail={"rev": rev, "why": seen.why},
            )

    seen.context.store.write(work)


def _beside(id_: str) -> str:
    return f"dip feedback {id_}"


def feedback_on(db: Connection, seen: Seen, sample: int) -> Mapping[str, list[tuple[RowMapping, str]]]:
    """What was written about each record of a sample, in order, with its words."""
    written: dict[str, list[tuple[RowMapping, str]]] = {}
    query = select(dip_feedback).where(dip_feedback.c.sample == sample)
    for row in db.execute(query.order_by(dip_feedback.c.at, dip_feedback.c.id)).mappings():
        written.setdefault(row["record"], []).append((row, _words(db, seen, row)))
    return written


def _words(db: Connection, seen: Seen, row: RowMapping) -> str:
    try:
        opened = evidence.open_beside(
            db,
            seen.context.keys.safe,
            record=row["record"],
            rev=row["rev"],
            what=_beside(row["id"]),
            sealed=row["words_sealed"],
        )
    except BodyBroken:
        return "The record was destroyed, and what was written about it with it."
    return str(opened["words"])
