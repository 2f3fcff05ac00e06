"""Copies of the server's keys, which never lie where copies of the database lie.

A backup of the database names each key it needs by a fingerprint, from which nobody learns the key; so that
whoever restores it is told which key is missing or another, before anything is opened.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from booklets.errors import BookletError
from sync_server.keys.files import read_secret, write_secret

RECOVERY = "recovery-"
DIRECTORY = "directory.json"


class KeysDiffer(BookletError):
    """The keys at hand are not those that a backup was made with. Nothing was restored."""

    code = "keys_differ"


def names_of(folder: Path) -> list[str]:
    """The files that a server needs to open what it has kept. The recovery key's belong to its holder."""
    keys = (path.name for path in folder.glob("*.key") if not path.name.startswith(RECOVERY))
    return sorted([*keys, *(path.name for path in folder.glob(DIRECTORY))])


def fingerprints(folder: Path) -> Mapping[str, str]:
    """Each of these files, and what it is known by."""
    return {name: _fingerprint(read_secret(folder / name)) for name in names_of(folder)}


def copy_keys(source: Path, target: Path) -> list[str]:
    """Copy the keys into another folder, readable by its owner alone; which files.

    Refuses to write another key over one that lies there: it may be the only one that opens something.
    """
    demand_no_others(source, target)
    names = names_of(source)
    for name in names:
        write_secret(target / name, read_secret(source / name))
    return names


def demand_no_others(source: Path, target: Path) -> None:
    """Refuse where another key lies under the name of one that is to be copied."""
    for name in names_of(source):
        there, secret = target / name, read_secret(source / name)
        if name != DIRECTORY and there.exists() and read_secret(there) != secret:
            raise KeysDiffer(f"Another {name} lies there already, of another server. No key was copied.")


def demand_keys(folder: Path, needed: Mapping[str, str]) -> None:
    """Refuse unless every key that a backup needs lies in this folder."""
    there = fingerprints(folder) if folder.is_dir() else {}
    missing = [name for name in needed if name not in there]
    other = [name for name in needed if name in there and name != DIRECTORY and there[name] != needed[name]]
    if missing:
        raise KeysDiffer(
            f"{', '.join(missing)} is needed to open this backup and is not there. Nothing was restored. "
            "Name the folder where the keys were copied to with --keys."
        )
    if other:
        raise KeysDiffer(
            f"{', '.join(other)} is not the one this backup was made with. Nothing was restored."
        )


def _fingerprint(secret: bytes) -> str:
    return hmac.new(secret, b"hwd/key-name/1", sha256).hexdigest()[:16]
