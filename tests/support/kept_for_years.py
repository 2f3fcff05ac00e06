"""Children's nights of which everything is done, years ago, and whoever says what becomes of the records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import create_engine, make_url, text

from booklets.records import Record
from sync_server.context import Context
from sync_server.forwarding.postman import deliver_due
from sync_server.identity.accounts import Role
from sync_server.retention import look
from sync_server.retention.due import Looked, look_at
from sync_server.retention.files import file_with, years_after
from sync_server.retention.reviewing import Kind, Saying, Void, say
from tests.support import episodes
from tests.support.builders import FORCE, NIGHT
from tests.support.colleagues import Colleague, a_colleague

MARKER = "Quillonby"
"""What nobody may find on the disk afterwards: the child's name, and a word of what was written."""
WORDS = "Read all of it: nothing since, and nobody else in it."
WHY = {Kind.KEPT: "child_at_risk", Kind.TO_DESTROY: "no_purpose", Kind.HELD: "court"}


class Settable(Protocol):
    """A clock that goes only when it is told to."""

    at: datetime


@dataclass
class Years:
    """A server, and time that goes by."""

    context: Context = field(repr=False)
    clock: Settable
    officer: Colleague = field(repr=False)
    sergeant: Colleague = field(repr=False)
    mhet: Colleague = field(repr=False)

    @classmethod
    def of(cls, context: Context, clock: Settable) -> Years:
        """With the people who write and decide."""
        sergeant = a_colleague(context, "sgt.marsh", Role.OFFICER, Role.SUPERVISOR)
        mhet = a_colleague(context, "mhet.hale", Role.MHET)
        return cls(context, clock, a_colleague(context, "pc.okoro"), sergeant, mhet)

    def night(self, name: str = MARKER) -> Record:
        """A child's night: written, decided, delivered and closed."""
        back = episodes.all_done(name, self.officer, self.sergeant)
        assert not episodes.of(self.context, back).closes(self.mhet).refused
        self.delivers()
        return back

    def delivers(self) -> None:
        """Everything that is owed arrives."""
        while deliver_due(self.context).delivered:
            pass

    def pass_(self, years: int, days: int = 0) -> None:
        """So long after the night."""
        self.clock.at = years_after(NIGHT, years) + timedelta(days=days)

    def looked(self, record: Record) -> Looked:
        """How the file of a record stands."""
        with self.context.store.read() as db:
            file = file_with(db, FORCE, str(record.header.record))
            assert file is not None
            return look_at(self.context, db, file, FORCE)

    def says(self, record: Record, kind: Kind, **more: Any) -> Void | None:
        """Somebody who manages records, and has read it just now, says this of it."""
        seen = self.looked(record).file.mark
        parts: dict[str, Any] = {"force": FORCE, "by": self.mhet.author.id, "seen": seen, "words": WORDS}
        parts |= {"record": str(record.header.record), "kind": kind, "why": WHY.get(kind, "")}
        said = Saying(**{**parts, **more})
        return self.context.store.write(lambda db: say(self.context, db, said))

    def destroys(self, record: Record) -> int:
        """It is said, the time to take it back goes by, and the server looks; how many records went."""
        assert self.says(record, Kind.TO_DESTROY) is None
        self.clock.at += timedelta(days=29)
        return look(self.context)

    def until(self, years: int) -> datetime:
        """A day so many years on from now."""
        return years_after(self.clock.at, years)


def bytes_on_disk(context: Context) -> bytes:
    """Every byte of the database's own files, and of what lies to be fetched.

    Of PostgreSQL the tables of this database: its log (WAL) is recycled by the server, and is a backup's.
    """
    url = make_url(context.settings.database_url)
    dropped = [path for path in context.settings.data.rglob("*") if path.is_file()]
    if url.get_backend_name() == "sqlite":
        return b"".join(path.read_bytes() for path in dropped)
    engine = create_engine(context.settings.database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        db.execute(text("CHECKPOINT"))
        folder = str(db.execute(text("SHOW data_directory")).scalar_one())
        oid = db.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar_one()
    engine.dispose()
    tables = [path for path in Path(folder, "base", str(oid)).iterdir() if path.is_file()]
    return b"".join(_bytes_of(path) for path in (*dropped, *tables))


def _bytes_of(path: Path) -> bytes:
    """A file's bytes; none of one that PostgreSQL has removed since it was listed."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
