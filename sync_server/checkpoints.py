"""Signed checkpoints of the audit: what a chain alone cannot show.

A chain of entries shows what was altered or left out between two of them. It does not show that its end was
cut off, that all of it was taken away, or that somebody with the database wrote all of it anew. A checkpoint
is the server's signed word on every entry since the one before, whichever chain it is in:

    {"after","at","entries","number","previous","root","sig","upto","v":1}

``after`` and ``upto`` are the audit's own numbers, ``root`` is the SHA-256 over the numbers and hashes of
the entries between them, ``previous`` the SHA-256 of the checkpoint before, ``sig`` by the root key under
the domain "hwd/ckpt/1". It stands in the database and, a line each, in a file beside it or wherever the
settings say: whoever changes the database has to change that file as well, and whoever has a copy of it
elsewhere finds even that.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import OperationalError

from booklets.answers import instant
from booklets.sealing import BadSignature, verify
from booklets.wire import canonical
from sync_server.audit import NO_TEXT, Broken
from sync_server.context import Context
from sync_server.db.checkpoints import checkpoint
from sync_server.db.store import BACKGROUND_WORK_GOES_ON
from sync_server.db.tables import audit
from sync_server.keys.files import OWNER_ONLY
from sync_server.regularly import Regularly

log = logging.getLogger(__name__)

DOMAIN: Final = b"hwd/ckpt/1"
NOTHING_BEFORE: Final = "0" * 64
MOST: Final = 5_000
EVERY_S: Final = 60.0
LAST_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One that was read, and whose signature held. ``signed`` is the SHA-256 of all of it."""

    number: int
    after: int
    upto: int
    entries: int
    root: str
    previous: str
    signed: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of all checkpoints found. ``open_entries`` are newer than the last of them."""

    checkpoints: int
    open_entries: int
    broken: tuple[Broken, ...]


@dataclass
class MakeCheckpoints(Regularly):
    """Makes them for as long as the server runs, and one more when it stops."""

    every_s: float = EVERY_S
    name: ClassVar[str] = "make_checkpoints"

    def look(self) -> None:
        """Make one, if there is anything new."""
        make(self.context)

    def stop(self) -> None:
        """End with one over what came since the last."""
        super().stop()
        try:
            self.look()
        except BACKGROUND_WORK_GOES_ON:
            log.warning("no_last_checkpoint")


def make(context: Context) -> int:
    """Sign every entry since the last checkpoint, and write that beside the database; how many were made.

    Where the file beside it cannot be written just now, the database has them, and the next look adds them.
    """
    made = 0
    while _anything_new(context) and context.store.write(lambda db: _make_one(context, db)):
        made += 1
    try:
        write_beside(context)
    except OSError as error:
        log.warning("checkpoints_not_beside why=%s", type(error).__name__)
    return made


def _anything_new(context: Context) -> bool:
    """Asked without keeping anybody from writing, as making one does on PostgreSQL."""
    with context.store.read() as db:
        last = db.execute(_NEWEST).first()
        newer = select(audit.c.id).where(audit.c.id > (last.upto if last else 0)).limit(1)
        return db.execute(newer).first() is not None


def _make_one(context: Context, db: Connection) -> bool:
    """The next one, over no more than so many entries; False when there is nothing new."""
    if db.dialect.name == "postgresql":
        # Whoever has taken a lower number and not kept it yet is waited for.
        db.exec_driver_sql("LOCK TABLE audit IN SHARE ROW EXCLUSIVE MODE")
    last = db.execute(_NEWEST).first()
    number, after = (last.number + 1, last.upto) if last else (1, 0)
    entries = db.execute(_ENTRIES.where(audit.c.id > after).limit(MOST)).all()
    if not entries:
        return False
    said = {
        "v": 1,
        "number": number,
        "after": after,
        "upto": entries[-1].id,
        "entries": len(entries),
        "root": _root((row.id, row.hash) for row in entries),
        "previous": _signed(last.statement) if last else NOTHING_BEFORE,
        "at": instant(context.now()),
    }
    sig = context.keys.root.sign(DOMAIN, canonical(said)).hex()
    values = {"number": number, "force": context.settings.force, "upto": said["upto"], "at": context.now()}
    db.execute(insert(checkpoint).values(**values, statement=canonical({**said, "sig": sig})))
    return True


_NEWEST = select(checkpoint).order_by(checkpoint.c.number.desc()).limit(1)
_ENTRIES = select(audit.c.id, audit.c.hash).order_by(audit.c.id)


def _root(entries: Iterable[tuple[int, str]]) -> str:
    total = hashlib.sha256(b"hwd/ckpt-entries/1")
    for number, hashed in entries:
        total.update(f"{number} {hashed}\n".encode())
    return total.hexdigest()


def _signed(statement: bytes) -> str:
    return hashlib.sha256(statement).hexdigest()


def write_beside(context: Context) -> None:
    """Add to the file what is in the database and newer than its last line, and have it on the disk."""
    path = context.settings.checkpoints
    end = _end_of(path)
    known = max(map(_number_of, end.splitlines()), default=0)
    with context.store.read() as db:
        query = select(checkpoint.c.statement).where(checkpoint.c.number > known)
        new = [bytes(one) for one in db.execute(query.order_by(checkpoint.c.number)).scalars()]
    if not new:
        return
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWNER_ONLY)
    with os.fdopen(handle, "ab") as file:
        # A line of its own, whatever half a line stands before it.
        file.write(b"\n" if end and not end.endswith(b"\n") else b"")
        file.write(b"".join(one + b"\n" for one in new))
        file.flush()
        os.fsync(file.fileno())
    # Whoever gathers the server's log has it there as well: numbers and a hash, nothing personal.
    log.info("checkpoint signed=%s", _signed(new[-1]))


def _end_of(path: Path) -> bytes:
    """The last lines of such a file: it grows by a line a minute, and is added to in order."""
    if not path.exists():
        return b""
    with path.open("rb") as file:
        file.seek(-min(LAST_BYTES, path.stat().st_size), os.SEEK_END)
        return file.read()


def lines_of(path: Path) -> list[bytes]:
    """What stands in such a file. Half a line, of a process that died or a disk that was full, is none."""
    lines = path.read_bytes().splitlines() if path.exists() else []
    return [line for line in lines if _number_of(line)]


def check(context: Context, elsewhere: Path | None = None) -> Checked:
    """Hold the audit against every checkpoint: those of the database, of the file, and of a copy of it."""
    files = [context.settings.checkpoints, *([elsewhere] if elsewhere else [])]
    with context.store.read() as db:
        return checked(db, context.keys.root.public, [line for path in files for line in lines_of(path)])


def checked(db: Connection, root: bytes, outside: Sequence[bytes]) -> Checked:
    """The same of whatever this connection reads, and of checkpoints that were kept elsewhere."""
    inside = [_as_bytes(one) for one in db.execute(_STATEMENTS).scalars()]
    broken: list[Broken] = [*_before_the_first(db)]
    known: dict[int, Checkpoint] = {}
    for statement in [*outside, *inside]:
        one = _read(statement, root)
        if one is None:
            broken.append(_fault(0, "a checkpoint that this server did not sign"))
        elif known.setdefault(one.number, one).signed != one.signed:
            broken.append(_fault(one.number, "there are two that differ"))
    there = {_signed(one) for one in inside}
    broken += [_fault(n, "is not in the database") for n, one in known.items() if one.signed not in there]
    in_order = [known[number] for number in sorted(known)]
    broken += _not_following(in_order)
    broken += _not_as_signed(db, in_order)
    last = in_order[-1].upto if in_order else 0
    waiting = db.execute(select(func.count()).where(audit.c.id > last)).scalar_one()
    return Checked(len(in_order), waiting, tuple(dict.fromkeys(broken)))


_STATEMENTS = select(checkpoint.c.statement).order_by(checkpoint.c.number)


def _as_bytes(statement: object) -> bytes:
    """What stands in an SQLite file, also where somebody has put words in the place of bytes."""
    return statement if isinstance(statement, bytes) else str(statement).encode(errors="replace")


def _before_the_first(db: Connection) -> Iterator[Broken]:
    """Numbers begin at one. What stands below was put there by hand, and no checkpoint is ever over it."""
    below = db.execute(select(func.count()).where(audit.c.id < 1)).scalar_one()
    if below:
        yield _fault(0, f"{below} entries stand below the first number, where none was ever kept")


def _not_following(known: Sequence[Checkpoint]) -> Iterator[Broken]:
    number, upto, previous = 0, 0, NOTHING_BEFORE
    for one in known:
        if (one.number, one.after, one.previous) != (number + 1, upto, previous):
            yield _fault(one.number, "does not follow from the one before it")
        number, upto, previous = one.number, one.upto, one.signed


def _not_as_signed(db: Connection, known: Iterable[Checkpoint]) -> Iterator[Broken]:
    for one in known:
        within = _ENTRIES.where(audit.c.id > one.after, audit.c.id <= one.upto)
        try:
            rows = db.execute(within).all()
        except OperationalError as error:
            if NO_TEXT not in str(error):
                raise
            yield _fault(one.number, "one of its entries cannot be read")
            continue
        if len(rows) < one.entries:
            yield _fault(one.number, f"{one.entries - len(rows)} of its entries are missing")
        elif len(rows) > one.entries or _root((row.id, row.hash) for row in rows) != one.root:
            yield _fault(one.number, "its entries are not those that were signed")


def _fault(number: int, what: str) -> Broken:
    return Broken("checkpoint", number, what)


def _number_of(line: bytes) -> int:
    """The number that a line says it has; 0 where it cannot be read."""
    try:
        return int(json.loads(line)["number"])
    except (ValueError, KeyError, TypeError):
        return 0


def _read(statement: bytes, root: bytes) -> Checkpoint | None:
    """A checkpoint, if this server signed it."""
    try:
        said = json.loads(statement)
        sig = bytes.fromhex(said.pop("sig"))
        verify(root, DOMAIN, canonical(said), sig)
        names = ("number", "after", "upto", "entries", "root", "previous")
        return Checkpoint(**{name: said[name] for name in names}, signed=_signed(statement))
    except (ValueError, KeyError, TypeError, AttributeError, BadSignature):
        return None
