"""The recovery holder's keys: they open what no PIN opens any more, and are best kept elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from booklets.sealing import KemKey, KemPublic, NotForThisKey, open_as_holder, seal_back
from sync_server.keys.files import read_secret


def holder_keys(folder: Path) -> Mapping[str, KemKey]:
    """The recovery keys in a folder, by name; none where they were moved to a safe place."""
    keys = (
        KemKey.from_private(int(path.stem.split("-")[1]), read_secret(path))
        for path in sorted(folder.glob("recovery-*.key"))
    )
    return {key.public.kid: key for key in keys}


def resealed(
    keys: Mapping[str, KemKey], *, kid: str, sealed: bytes, vault: bytes, officer: str, to: KemPublic
) -> bytes:
    """An officer's vault's key, opened as its holder and sealed to one device.

    Raises NotForThisKey where the holder's key is not among ``keys``, and SealBroken for anything altered.
    """
    if kid not in keys:
        raise NotForThisKey("This was sealed to a recovery key that is not here.")
    return seal_back(to, open_as_holder(keys[kid], sealed, vault, officer), vault)
