"""Puts a backup back, into an empty place and nowhere else.

Nothing is written over: whoever restores beside a damaged server keeps what that one still has. A restore
that was cut short is gone on with by asking for the same again (``half_restored``). What was
destroyed by law since the backup is destroyed again before anybody reads, by the list that is kept outside
the database; the newest such list may be named apart from the backup.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, select

from booklets.errors import BookletError
from sync_server import audit, half_restored
from sync_server.backups.checking import Lacks, lacking, photographs_given_up
from sync_server.backups.contents import (
    ATTACHMENTS,
    DATABASE,
    PIECE,
    Contents,
    found,
    read_contents,
    sum_of_file,
)
from sync_server.context import Context, open_context
from sync_server.db import open_store
from sync_server.db.attachments import kept
from sync_server.db.copies import forget_copy, go_on_further, is_empty, rows_from
from sync_server.db.tables import Kept, submission
from sync_server.keeping import NotKept, OtherBytes
from sync_server.keeping.in_files import KeptInFiles
from sync_server.keys.copying import copy_keys, demand_keys, demand_no_others
from sync_server.keys.files import sync_folder
from sync_server.retention.destroying import destroy_again
from sync_server.retention.ledger import Ledger
from sync_server.settings import Settings

KEYS_MAY_BE_THERE: Final = frozenset({"keys", "targets.toml"})
FRESH = "restoring.sqlite"


def _now() -> datetime:
    return datetime.now(UTC)


class NotRestored(BookletError):
    """The backup was not put back. Whatever lay in that place lies there as before."""

    code = "not_restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was put back. ``again`` is how many records were destroyed once more."""

    folder: Path
    made_at: datetime
    submissions: int
    attachments: int
    again: int
    lacks: tuple[Lacks, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which backup is to be put back, and with what.

    ``keys`` is the folder the keys were copied to, ``destroyed`` a list newer than the backup's own, and
    ``verify`` whether everything is read again afterwards.
    """

    backup: Path
    keys: Path | None = None
    destroyed: Path | None = None
    verify: bool = False


def restore(asked: Asked, settings: Settings, *, now: Callable[[], datetime] = _now) -> Restored:
    """Put a backup back into the empty place that the settings name, or go on where that was cut short.

    Raises:
        NoBackup: there is none in the folder, or it is not what was written.
        NotRestored: the place is not empty. Nothing was changed.
        HalfRestored: another restore was begun there.
        KeysDiffer: the keys are missing or others.
    """
    folder = found(asked.backup)
    contents = read_contents(folder)
    if sum_of_file(folder / DATABASE) != contents.sha256:
        raise NotRestored(f"The database in {folder.name} is not what was written. Restore another backup.")
    if asked.destroyed is not None and not asked.destroyed.is_file():
        raise NotRestored(f"There is no file {asked.destroyed}. Nothing was changed.")
    newer = sum_of_file(asked.destroyed) if asked.destroyed else ""
    goes_on = half_restored.goes_on(settings, backup=contents.sha256, destroyed=newer)
    if not goes_on:
        _demand_empty(settings)
    demand_keys(asked.keys or settings.keys, contents.keys)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if asked.keys is not None:
        demand_no_others(asked.keys, settings.keys)
    half_restored.begin(settings, backup=contents.sha256, destroyed=newer)
    if asked.keys is not None:
        copy_keys(asked.keys, settings.keys)
    _put_ledger(settings, folder, asked.destroyed)
    if not (goes_on and _database_is_there(settings)):
        _put_database(settings, folder / DATABASE)
    return _opened_and_filled(asked, settings, folder, contents, now)


def _opened_and_filled(
    asked: Asked, settings: Settings, folder: Path, contents: Contents, now: Callable[[], datetime]
) -> Restored:
    """The photographs, and what must not come back; once all is read again a server may be started."""
    context = open_context(settings, now=now, half_restored_too=True)
    try:
        lacks = [*_put_attachments(context, folder)]
        again = destroy_again(context)
        context.store.write(lambda db: _counted_on(db, context, contents.sha256))
        with context.store.read() as db:
            if asked.verify:
                lacks = [*lacking(db, context.keys, context.place)]
            stored = select(func.count()).where(submission.c.state == Kept.STORED.value)
            restored = Restored(
                folder=folder,
                made_at=contents.made_at,
                submissions=db.execute(stored).scalar_one(),
                attachments=db.execute(select(func.count()).select_from(kept)).scalar_one(),
                again=again,
                lacks=tuple(lacks),
            )
        half_restored.done(settings)
        return restored
    finally:
        context.close()


def _demand_empty(settings: Settings) -> None:
    """Refuse to write over anything that somebody may still need."""
    there = {one.name for one in settings.data.iterdir()} if settings.data.is_dir() else set()
    if there - KEYS_MAY_BE_THERE - half_restored.LEAVES:
        raise NotRestored(
            f"{settings.data} is not empty. Nothing was changed. Name another folder with --data, "
            "or move what lies there away."
        )
    if settings.checkpoints.exists():
        raise NotRestored(
            f"{settings.checkpoints} has checkpoints of the server as it was. Nothing was changed. Keep "
            "that file, for it shows what was there to the end, and name another with HOMEWARD_CHECKPOINTS."
        )
    if settings.in_a_file:
        if _file_of(settings).exists():
            raise NotRestored(
                f"{_file_of(settings)} is there already. Nothing was changed. Name another file with "
                "HOMEWARD_DATABASE_URL, or move it away."
            )
        return
    if _database_is_there(settings):
        raise NotRestored(
            "The database that HOMEWARD_DATABASE_URL names is not empty. Nothing was changed. "
            "Make a new one for what is restored."
        )


def _database_is_there(settings: Settings) -> bool:
    """Whether the database was put back whole before the restore was cut short."""
    if settings.in_a_file:
        return _file_of(settings).exists()
    store = open_store(settings.database_url)
    try:
        with store.read() as db:
            return not is_empty(db)
    finally:
        store.close()


def _file_of(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))


def _put_database(settings: Settings, copy: Path) -> None:
    """The copy becomes the database, and is brought up to the tables of this version on the way."""
    fresh = settings.data / FRESH
    forget_copy(fresh)
    _copy_file(copy, fresh)
    store = open_store(f"sqlite:///{fresh}")
    store.write(go_on_further)
    store.close()
    if settings.in_a_file:
        _moved(fresh, _file_of(settings))
    else:
        store = open_store(settings.database_url)
        try:
            store.write(lambda db: rows_from(fresh, db))
        finally:
            store.close()
    forget_copy(fresh)


def _moved(fresh: Path, target: Path) -> None:
    """Whole or not at all, also where the database lies on another disk."""
    beside = target.with_name(f"{target.name}.restoring")
    beside.unlink(missing_ok=True)
    shutil.move(fresh, beside)
    with beside.open("rb+") as file:
        os.fsync(file.fileno())
    beside.replace(target)
    sync_folder(target.parent)


def _put_attachments(context: Context, folder: Path) -> Iterator[Lacks]:
    source = KeptInFiles(folder / ATTACHMENTS)
    with context.store.read() as db:
        rows = db.execute(select(kept).order_by(kept.c.record, kept.c.attachment)).all()
        given_up = photographs_given_up(db)
    for row in rows:  # one that was given up may have been found again since
        what = ""
        try:
            with source.open(row.force, row.sha256) as file:
                context.place.keep(row.force, row.sha256, iter(lambda: file.read(PIECE), b""))
        except NotKept:
            what = "is missing"
        except OtherBytes:
            what = "is not what arrived"
        if what and (row.record, row.sha256) not in given_up:
            yield Lacks(row.record, f"attachment {row.attachment}: {what}")


def _put_ledger(settings: Settings, folder: Path, newer: Path | None) -> None:
    """What must not come back: as the backup knows it, and as a newer list does."""
    ledger = Ledger(settings.data)
    for one in (Ledger(folder), *([Ledger(newer.parent, newer.name)] if newer else [])):
        ledger.add(one.known().values())


def _counted_on(db: Connection, context: Context, sha256: str) -> None:
    detail: dict[str, str | int | list[str]] = {"sha256": sha256}
    audit.note(
        db,
        force=context.settings.force,
        record=audit.OF_THE_SERVER,
        who=audit.AT_THE_MACHINE,
        what=audit.RESTORED,
        at=context.now(),
        detail=detail,
    )


def _copy_file(source: Path, target: Path) -> None:
    target.touch(mode=0o600, exist_ok=False)
    with source.open("rb") as given, target.open("wb") as file:
        while piece := given.read(PIECE):
            file.write(piece)
