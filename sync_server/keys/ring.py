"""The server's key ring: made once, kept in files, published as a root-signed directory.

root      signs the directory; phones learn its hash when they are enrolled
receipt   signs receipts                 command   signs what is sent to a phone
sealing   what phones seal to, per suite  recovery  the force's own, to be taken off the server

<folder>/root.key receipt.key command.key kek.key pepper.key   32 bytes each, mode 0600
<folder>/sealing-<suite>-<kid>.key                             the newest per suite is current
<folder>/recovery-<suite>.key                                  made at first start; move it to a safe place
<folder>/directory.json                                        the signed directory, as published
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from booklets.sealing import (
    Directory,
    Envelope,
    KemKey,
    KeyEntry,
    NotForThisKey,
    SealedAttachment,
    SigningKey,
    read_directory,
    sign_directory,
    usable_suites,
)
from sync_server.keys.files import read_secret, write_secret
from sync_server.keys.rest import KEY_BYTES, Safe

LIFE = timedelta(days=730)
SIGNING = ("root", "receipt", "command")
SLACK = timedelta(hours=1)  # a receipt made the minute before a clock was set right is still valid
DIRECTORY = "directory.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRing:
    """All keys of one server. ``pepper`` goes into whatever is hashed for looking up."""

    root: SigningKey
    receipt: SigningKey
    command: SigningKey
    sealing: Mapping[str, KemKey] = field(repr=False)
    safe: Safe
    pepper: bytes = field(repr=False)
    directory_bytes: bytes = field(repr=False)
    directory: Directory = field(repr=False)

    @classmethod
    def open(cls, folder: Path, now: datetime) -> KeyRing:
        """The keys in ``folder``, made there at the first start."""
        if not (folder / DIRECTORY).exists():
            _make(folder, now)
        signing = {name: SigningKey.from_private(read_secret(folder / f"{name}.key")) for name in SIGNING}
        data = (folder / DIRECTORY).read_bytes()
        return cls(
            root=signing["root"],
            receipt=signing["receipt"],
            command=signing["command"],
            sealing=_sealing_keys(folder),
            safe=Safe(read_secret(folder / "kek.key")),
            pepper=read_secret(folder / "pepper.key"),
            directory_bytes=data,
            directory=read_directory(data, signing["root"].public),
        )

    def open_envelope(self, envelope: Envelope) -> bytes:
        """The body of a checked envelope, with whichever of our keys it was sealed to."""
        for kid in envelope.stanza_kids:
            if kid in self.sealing:
                return envelope.open(self.sealing[kid])
        raise NotForThisKey("This was sealed to a key that the server does not hold.")

    def open_attachment(self, sealed: SealedAttachment) -> Iterator[bytes]:
        """The body of a checked attachment, chunk by chunk; it counts once the last was given."""
        for kid in sealed.stanza_kids:
            if kid in self.sealing:
                return sealed.open(self.sealing[kid])
        raise NotForThisKey("This was sealed to a key that the server does not hold.")


def _make(folder: Path, now: datetime) -> None:
    """Make every key. The directory is written last, so that a half-made ring is made anew."""
    keys = {name: SigningKey.generate() for name in SIGNING}
    for name, key in keys.items():
        write_secret(folder / f"{name}.key", key.private)
    for name in ("kek", "pepper"):
        write_secret(folder / f"{name}.key", os.urandom(KEY_BYTES))
    sealing = [KemKey.generate(suite) for suite in usable_suites()]
    recovery = [KemKey.generate(suite) for suite in usable_suites()]
    for one in sealing:
        write_secret(folder / f"sealing-{one.suite}-{one.public.kid}.key", one.private)
    for one in recovery:
        write_secret(folder / f"recovery-{one.suite}.key", one.private)
    since, until = now - SLACK, now + LIFE
    entries: list[KeyEntry] = [
        *(
            KeyEntry.for_sealing(one.public, use="sealing", not_before=since, not_after=until)
            for one in sealing
        ),
        *(
            KeyEntry.for_sealing(one.public, use="recovery", not_before=since, not_after=until)
            for one in recovery
        ),
        KeyEntry.for_signing(keys["receipt"].public, use="receipt", not_before=since, not_after=until),
        KeyEntry.for_signing(keys["command"].public, use="command", not_before=since, not_after=until),
    ]
    write_secret(folder / DIRECTORY, sign_directory(entries, root=keys["root"], issued=now, number=1))


def _sealing_keys(folder: Path) -> Mapping[str, KemKey]:
    """Every sealing key by its name, old ones too: what was sealed to them may still be under way."""
    return {key.public.kid: key for key in _read_all(folder)}


def _read_all(folder: Path) -> Iterator[KemKey]:
    for path in sorted(folder.glob("sealing-*.key")):
        suite = int(path.name.split("-")[1])
        yield KemKey.from_private(suite, read_secret(path))
