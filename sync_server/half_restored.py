"""A restore that was cut short: the same command goes on with it, and no server is started on half of it.

A note in the data folder says which backup is being put back, and into which database, from before the first
thing is written until the last is. Everything between may be done twice: keys and photographs are kept by
what they are, and a database comes whole or not at all.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Final

from booklets.errors import BookletError
from sync_server.keys.files import sync_folder, write_secret
from sync_server.settings import Settings

FILE: Final = "restoring.json"
LEAVES: Final = frozenset({f"{FILE}.new"})
"""What may be left of a note that was never written whole: nothing else was begun then."""


class HalfRestored(BookletError):
    """A backup has been put back in part here. Nothing was changed."""

    code = "half_restored"


def begin(settings: Settings, *, backup: str, destroyed: str) -> None:
    """From here on nothing but the same restore may go on here.

    ``backup`` is the sum of its database, ``destroyed`` of the newer list of what was destroyed, if one was
    named: without it that would come back.
    """
    said = json.dumps(_what(settings, backup, destroyed), indent=2).encode() + b"\n"
    write_secret(settings.data / FILE, said)


def goes_on(settings: Settings, *, backup: str, destroyed: str) -> bool:
    """Whether just this restore was begun here.

    Raises:
        HalfRestored: another backup was, or the same one otherwise: into another database, or by another
            list of what was destroyed.
    """
    there = _read(settings.data / FILE)
    if there is None:
        return False
    if there != _what(settings, backup, destroyed):
        raise HalfRestored(
            f"Another restore was begun in {settings.data} and cut short. Nothing was changed. Finish that "
            "one with the command that it was begun with, or name another folder with --data."
        )
    return True


def done(settings: Settings) -> None:
    """Everything is back: a server may be started."""
    (settings.data / FILE).unlink()
    sync_folder(settings.data)


def demand_whole(settings: Settings) -> None:
    """Refuse to open what is restored in part: what was destroyed by law may not be destroyed again yet."""
    if (settings.data / FILE).exists():
        raise HalfRestored(
            f"A restore into {settings.data} was cut short. Nothing was changed. Run the same "
            "sync-server restore again: it goes on where it stopped."
        )


def _what(settings: Settings, backup: str, destroyed: str) -> dict[str, str]:
    """The database by its sum: its address may hold a password."""
    database = sha256(settings.database_url.encode()).hexdigest()
    return {"backup": backup, "database": database, "destroyed": destroyed}


def _read(note: Path) -> dict[str, str] | None:
    try:
        said: dict[str, str] = json.loads(note.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:  # it is written whole or not at all: somebody has been here
        return {}
    return said
