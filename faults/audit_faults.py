"""The audit, changed a thousand times by somebody who has the whole database (F22).

A night is kept by the server's own code: records, decisions, readings, each in a chain of its own, with
signed checkpoints now and then. Then entries are changed in the database itself, its refusals put aside, by
one kind of change after the other (``audit_changes``), and verified by what ``sync-server verify-audit``
runs. Each has to be found. The control are the chains alone, as they were before there were checkpoints:
ends that were cut off and a past that was written anew have to go unseen there.
"""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, create_engine, delete, select
from sqlalchemy.exc import SQLAlchemyError

from faults.audit_changes import EVERYWHERE, ON_SQLITE, Audit, Change, Hand
from faults.trials import Trial
from house.postgres import one_of_our_own
from sync_server import audit, checkpoints
from sync_server.context import Context, open_context
from sync_server.db.tables import audit as entries
from sync_server.intake import take_in
from sync_server.settings import Settings
from tests.support.builders import FORCE, NIGHT, a_return, an_id
from tests.support.server_data import Handheld

CONTROL: Final = "the chains without their checkpoints"
RECORDS: Final = 20
ROUNDS: Final = 10
ACTS: Final = ("viewed", "decided", "task_opened", "disclosed")


@dataclass(slots=True)
class Found:
    """What became of every change: how many each kind was tried, and which nobody would have seen."""

    tried: Counter[str] = field(default_factory=Counter)
    unseen: Counter[str] = field(default_factory=Counter)
    unseen_by_chains: Counter[str] = field(default_factory=Counter)


def run(full: bool) -> Iterator[dict[str, Any]]:
    """On both databases; ``full`` asks for the large amounts."""
    with tempfile.TemporaryDirectory(prefix="homeward-faults-") as folder:
        many = 10_000 if full else 1_000
        yield asdict(rows_changed("F22 audit.rows_changed", Path(folder), "", many))
    with (
        tempfile.TemporaryDirectory(prefix="homeward-faults-") as folder,
        one_of_our_own(durable=False) as ours,
    ):
        many = 2_000 if full else 200
        yield asdict(rows_changed("F22 postgresql.rows_changed", Path(folder), ours.url, many))


def rows_changed(name: str, folder: Path, database: str, many: int) -> Trial:
    """Change the audit so often, each time as it was, and count what is not found."""
    settings = Settings.of(folder, public_origin="http://127.0.0.1:8700", database_url=database)
    context = open_context(settings)
    try:
        _a_night(context)
        root = context.keys.root.public
        beside = tuple(checkpoints.lines_of(context.settings.checkpoints))
    finally:
        context.close()
    untouched, _ = _said_by_the_command(settings)
    with _behind_its_back(settings.database_url) as db:
        rows = tuple(dict(row) for row in db.execute(select(entries).order_by(entries.c.id)).mappings())
        found = _tried(db, root, Audit(rows, beside), EVERYWHERE if database else ON_SQLITE, many)
        db.execute(delete(entries).where(entries.c.id == rows[-1]["id"]))
    cut, said = _said_by_the_command(settings)
    if (untouched, cut) != (0, 1) or "1 of its entries are missing" not in said:
        raise AssertionError(f"verify-audit ended with {untouched} and {cut}: {said}")
    for kind, times in (+found.unseen).items():
        print(f"  {times} of {found.tried[kind]} unseen: {kind}")
    figures = f"{len(rows)} entries, {len(beside)} checkpoints, {len(found.tried)} kinds of change"
    unseen, by_chains = found.unseen.total(), found.unseen_by_chains.total()
    return Trial(name, found.tried.total(), 0, unseen, CONTROL, by_chains, figures)


def _a_night(context: Context) -> None:
    """Records, and what is done with them through the night, signed now and then."""
    handheld = Handheld(context)
    records = [a_return(record=an_id(f"record {n}"), episode=an_id(f"episode {n}")) for n in range(RECORDS)]
    for number, record in enumerate(records):
        take_in(context, handheld.seal(record), sender=handheld.sender)
        if number % 7 == 0:
            checkpoints.make(context)
    for number in range(ROUNDS):
        for record in records:
            context.store.write(lambda db, of=record: _noted(db, str(of.header.record), number))  # type: ignore[misc] # noqa: B023
        checkpoints.make(context)


def _noted(db: Connection, record: str, number: int) -> None:
    audit.note(
        db,
        force=FORCE,
        record=record,
        who=f"NYP-{4000 + number}",
        what=ACTS[number % len(ACTS)],
        at=NIGHT,
        detail={"rev": 1, "why": ["handover"]} if number % 2 else {},
    )


@contextlib.contextmanager
def _behind_its_back(url: str) -> Iterator[Connection]:
    """A connection of somebody to whom the database refuses nothing."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as db:
            if db.dialect.name == "postgresql":
                db.exec_driver_sql("SET session_replication_role = replica")
            else:
                for name in db.exec_driver_sql(
                    "SELECT name FROM sqlite_master WHERE type = 'trigger'"
                ).all():
                    db.exec_driver_sql(f"DROP TRIGGER {name[0]}")
            yield db
    finally:
        engine.dispose()


def _tried(db: Connection, root: bytes, was: Audit, kinds: Sequence[Change], many: int) -> Found:
    """Make one change after the other, look, and take it back."""
    chance, found = random.Random(22), Found()
    for number in range(many):
        kind = kinds[number % len(kinds)]
        hand = Hand(db, was, chance, list(was.beside))
        db.exec_driver_sql("BEGIN")
        try:
            kind(hand)
            elsewhere = was.beside if len(hand.beside) < len(was.beside) else ()
            seen, by_chains = _seen(db, root, [*hand.beside, *elsewhere])
        finally:
            db.exec_driver_sql("ROLLBACK")
        name = kind.__name__
        found.tried[name] += 1
        found.unseen[name] += not seen
        found.unseen_by_chains[name] += not by_chains
    return found


def _seen(db: Connection, root: bytes, outside: Sequence[bytes]) -> tuple[bool, bool]:
    """Whether a place is named by all that is looked at, and by the chains alone. A mistake names none."""
    try:
        chains = bool(audit.verified(db).broken)
        return chains or bool(checkpoints.checked(db, root, outside).broken), chains
    except (ValueError, TypeError, KeyError, AttributeError, SQLAlchemyError):
        return False, False


def _said_by_the_command(settings: Settings) -> tuple[int, str]:
    command = [sys.executable, "-m", "sync_server.cli", "verify-audit", "--data", str(settings.data)]
    environ = {**os.environ, "HOMEWARD_PUBLIC_ORIGIN": settings.public_origin}
    environ["HOMEWARD_DATABASE_URL"] = settings.database_url
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout
