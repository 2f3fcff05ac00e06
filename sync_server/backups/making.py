"""Makes a backup while the server runs and takes in records, and reads it again before it counts.

First the database, as it was at one moment; then the photographs that it knows, which never change; then
what was destroyed meanwhile. A photograph that an earlier backup in the same folder has is the same file
there and here, where the disk can do that: a month of nights does not cost a month of copies.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import Connection, func, insert, select

from booklets.errors import BookletError
from sync_server import audit, checkpoints
from sync_server.backups.alone import alone_in
from sync_server.backups.checking import Lacks, lacking
from sync_server.backups.contents import (
    ATTACHMENTS,
    DATABASE,
    SAYS,
    Contents,
    all_in,
    read_contents,
    sum_of_file,
    whole_ones,
)
from sync_server.context import Context
from sync_server.db.attachments import kept
from sync_server.db.backups import backup
from sync_server.db.copies import read_copy
from sync_server.db.tables import Kept, submission
from sync_server.keeping import KeepingUnavailable, NotKept
from sync_server.keeping.in_files import KeptInFiles
from sync_server.keeping.place import PIECE, name_of
from sync_server.keys.copying import fingerprints
from sync_server.keys.files import sync_folder, write_secret
from sync_server.retention.due import forces, keeping_of
from sync_server.retention.ledger import FILE as LEDGER
from sync_server.retention.ledger import Ledger

WHAT = "backed_up"
PART: Final = ".part"


class NotBackedUp(BookletError):
    """No backup was made. The server goes on as before."""

    code = "not_backed_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup that was made: where, what is in it, what of it is not whole, and which old ones went."""

    folder: Path
    contents: Contents
    lacks: tuple[Lacks, ...]
    removed: tuple[str, ...] = ()


def make(context: Context, folder: Path) -> Made:
    """Make one in a folder of backups. It counts only where nothing is lacking.

    Raises:
        NotBackedUp: the folder cannot be used; nothing in it counts as a backup.
        StoreUnavailable: the database cannot be copied just now.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with alone_in(folder) as alone:
            if not alone:
                raise NotBackedUp(
                    f"Another backup is being made in {folder}. It goes on, and none was begun."
                )
            return _made(context, folder)
    except OSError as error:
        raise NotBackedUp(
            f"{folder} cannot be used ({type(error).__name__}). Nothing there counts as a backup."
        ) from error


def _made(context: Context, folder: Path) -> Made:
    checkpoints.make(context)  # so that the audit in it is signed to its end
    began_at = context.now()
    target = folder / f"{began_at:%Y-%m-%dT%H-%M-%SZ}"
    unfinished = target.with_name(target.name + PART)
    if target.exists():
        raise NotBackedUp(f"{target.name} is there already. Wait a second and try again.")
    for cut_short in folder.glob(f"*{PART}"):  # a whole database, and nothing that anybody would restore
        shutil.rmtree(cut_short)
    unfinished.mkdir(mode=0o700)
    contents, gone = _filled(context, unfinished, began_at, earlier=whole_ones(folder)[-1:])
    lacks = tuple(_read_again(context, unfinished, contents, gone))
    contents = replace(contents, whole=not lacks)
    write_secret(unfinished / SAYS, contents.to_json())
    unfinished.replace(target)
    sync_folder(folder)
    if contents.whole:
        _counts(context, contents)
    removed = tuple(_too_old(context, folder, began_at))
    return Made(folder=target, contents=contents, lacks=lacks, removed=removed)


def _filled(
    context: Context, folder: Path, now: datetime, *, earlier: list[Path]
) -> tuple[Contents, frozenset[str]]:
    """Copy everything; what it is, and what was destroyed while that went on."""
    database = folder / DATABASE
    context.store.copy(database)
    with read_copy(database) as copy:
        stored = submission.c.state == Kept.STORED.value
        covers = copy.execute(select(func.max(submission.c.seq))).scalar_one() or 0
        submissions = copy.execute(select(func.count()).where(stored)).scalar_one()
        rows = copy.execute(select(kept.c.force, kept.c.sha256).distinct()).all()
    missing = [row.sha256 for row in rows if not _copied(context, folder, row.force, row.sha256, earlier)]
    still = select(kept.c.sha256)
    with context.store.read() as db:
        there = set(db.execute(still).scalars())
    ledger = Ledger(context.settings.data)
    if ledger.path.exists():
        write_secret(folder / LEDGER, ledger.path.read_bytes())
    contents = Contents(
        made_at=now,
        force=context.settings.force,
        covers=covers,
        submissions=submissions,
        attachments=len(rows) - len(missing),
        sha256=sum_of_file(database),
        keys=fingerprints(context.settings.keys),
    )
    return contents, frozenset(missing) - there


def _copied(context: Context, folder: Path, force: str, total: str, earlier: list[Path]) -> bool:
    """Copy a photograph's bytes, or link to those that an earlier backup has; False: they are not there."""
    name, place = Path(ATTACHMENTS, name_of(force, total)), KeptInFiles(folder / ATTACHMENTS)
    for one in earlier:
        there = one / name
        if there.is_file() and sum_of_file(there) == total and _linked(there, folder / name):
            return True
    try:
        with context.place.open(force, total) as file:
            place.keep(force, total, _pieces_of(file))
    except NotKept:
        return False
    except KeepingUnavailable as error:
        raise NotBackedUp(f"A photograph cannot be copied: {error}") from error
    except BookletError:  # other bytes than it is named for: what is copied is said not to be whole
        return False
    return True


def _pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """The bytes of a photograph. Where the disk gives them no more, that one is not there."""
    try:
        yield from iter(lambda: file.read(PIECE), b"")
    except OSError:
        raise NotKept("It cannot be read.") from None


def _linked(there: Path, here: Path) -> bool:
    here.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.link(there, here)
    except OSError:  # another disk, or one that has no such links
        return False
    return True


def _read_again(context: Context, folder: Path, contents: Contents, gone: frozenset[str]) -> Iterator[Lacks]:
    """Read the copy, and not what it was copied from."""
    if sum_of_file(folder / DATABASE) != contents.sha256:
        yield Lacks("", "the copied database does not read as it was written")
    destroyed = Ledger(folder).known().keys()
    with read_copy(folder / DATABASE) as copy:
        place = KeptInFiles(folder / ATTACHMENTS)
        yield from lacking(copy, context.keys, place, gone=gone | destroyed)


def _counts(context: Context, contents: Contents) -> None:
    """From here on what it covers is safe, and handhelds are told so."""
    now = context.now()
    said = {
        "force": contents.force,
        "began_at": contents.made_at,
        "verified_at": now,
        "covers": contents.covers,
        "submissions": contents.submissions,
        "attachments": contents.attachments,
        "sha256": contents.sha256,
    }

    def keep(db: Connection) -> None:
        db.execute(insert(backup).values(**said))
        detail: dict[str, str | int | list[str]] = {"covers": contents.covers, "sha256": contents.sha256}
        chain, who = audit.OF_THE_SERVER, audit.AT_THE_MACHINE
        audit.note(db, force=contents.force, record=chain, who=who, what=WHAT, at=now, detail=detail)

    context.store.write(keep)


def _too_old(context: Context, folder: Path, now: datetime) -> Iterator[str]:
    """Remove what is older than any force keeps backups: what was destroyed lies there still.

    The newest whole one stays, so that there is always one to restore.
    """
    with context.store.read() as db:
        known = forces(db) or [context.settings.force]
    longest = max(keeping_of(context, force).backups for force in known)
    for one in set(all_in(folder)) - set(whole_ones(folder)[-1:]):
        if read_contents(one).made_at + longest < now:
            shutil.rmtree(one)
            yield one.name
