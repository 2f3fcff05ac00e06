"""New sealing keys, and a directory that is good again for as long as the first one was.

Handhelds hear of it within an hour, by its number, and seal to the new keys from then on. The old ones stay
for good: photographs lie as they were sealed, and what is under way was sealed to them. Receipt, command and
recovery key are the same as before, listed for longer; the root key never changes, for handhelds know it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from booklets.sealing import (
    Directory,
    KemKey,
    KeyEntry,
    SigningKey,
    read_directory,
    sign_directory,
    usable_suites,
)
from sync_server.keys.files import read_secret, write_secret
from sync_server.keys.ring import DIRECTORY, LIFE, SLACK


def renew(folder: Path, now: datetime) -> Directory:
    """Make them, and the directory last: cut short before that, everything is as it was."""
    root = SigningKey.from_private(read_secret(folder / "root.key"))
    before = read_directory((folder / DIRECTORY).read_bytes(), root.public)
    fresh = [KemKey.generate(suite) for suite in usable_suites()]
    for one in fresh:
        write_secret(folder / f"sealing-{one.suite}-{one.public.kid}.key", one.private)
    since, until = now - SLACK, now + LIFE
    entries = [replace(entry, not_after=until) for entry in before.keys if entry.use != "sealing"]
    entries += [KeyEntry.for_sealing(one.public, not_before=since, not_after=until) for one in fresh]
    data = sign_directory(entries, root=root, issued=now, number=before.number + 1)
    write_secret(folder / DIRECTORY, data)
    return read_directory(data, root.public)
