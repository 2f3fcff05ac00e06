"""What a backup says of itself, and how one is found in the folder of all of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from booklets.answers import instant, read_instant
from booklets.errors import BookletError, WireError
from sync_server.keeping.place import sum_of

DATABASE: Final = "homeward.sqlite"
ATTACHMENTS: Final = "attachments"
SAYS: Final = "backup.json"
FORMAT: Final = 1
PIECE: Final = 1024 * 1024


class NoBackup(BookletError):
    """There is no whole backup in this folder, or it is not what it was. Nothing was changed."""

    code = "no_backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What is in one backup. ``covers`` is the highest number of a submission; ``keys`` are fingerprints.

    ``whole`` says that all of it was read again and nothing was lacking.
    """

    made_at: datetime
    force: str
    covers: int
    submissions: int
    attachments: int
    sha256: str
    keys: Mapping[str, str]
    whole: bool = False

    def to_json(self) -> bytes:
        """As it lies beside the copy."""
        said = {**asdict(self), "made_at": instant(self.made_at), "format": FORMAT}
        return json.dumps(said, indent=2, sort_keys=True).encode() + b"\n"


def read_contents(folder: Path) -> Contents:
    """What the backup in this folder says of itself."""
    try:
        said: dict[str, Any] = json.loads((folder / SAYS).read_text(encoding="utf-8"))
        known = said.pop("format")
        contents = Contents(**{**said, "made_at": read_instant(said["made_at"])})
    except FileNotFoundError:
        raise NoBackup(f"{folder.name} holds no {SAYS}: this is no whole backup.") from None
    except (ValueError, KeyError, TypeError, WireError):
        raise NoBackup(f"{SAYS} in {folder.name} cannot be read: take another backup.") from None
    if known != FORMAT:
        raise NoBackup(f"{folder.name} was made by another version, in a form that this one does not read.")
    return contents


def whole_ones(folder: Path) -> list[Path]:
    """Every whole backup in a folder of backups, the newest last."""
    return [one for one in all_in(folder) if _is_whole(one)]


def all_in(folder: Path) -> list[Path]:
    """Every finished backup in it, also one that was found not to be whole, the newest last."""
    if not folder.is_dir():
        return []
    return sorted((one for one in folder.iterdir() if (one / SAYS).is_file()), key=lambda one: one.name)


def _is_whole(folder: Path) -> bool:
    try:
        return read_contents(folder).whole
    except NoBackup:
        return False


def found(folder: Path) -> Path:
    """The backup that is meant: this folder, or the newest whole one in it; the newest, if none is whole."""
    if (folder / SAYS).is_file():
        return folder
    there = whole_ones(folder) or all_in(folder)
    if not there:
        raise NoBackup(f"There is no whole backup in {folder}.")
    return there[-1]


def sum_of_file(path: Path) -> str:
    """The SHA-256 of a file of a backup."""
    with path.open("rb") as file:
        return sum_of(file)
