"""The part of a vault that can be read without a key: how to unlock it, and for whom.

It lies in the store's file, so that changing the keys and re-wrapping the rows is one transaction.
What it must say for the present generation of keys is remembered in the key store, as a digest.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from booklets.sealing.hpke import KemPublic
from field_app.store.errors import NewerStore, StoreError
from field_app.store.files import SCHEMA, open_file, read_meta
from field_app.vault.errors import HeaderRefused
from field_app.vault.keys import FLOOR, SALT_BYTES, Stretching

FILE_NAME: Final = "vault.db"
HEADER: Final = "header"
UNREADABLE: Final = "A vault that cannot be read"
"""What the lock screen calls a vault that does not say whose it is."""
VERSION: Final = 2
"""Version 1 did not bind the epoch key to what the header says. It was never released, and is refused."""

LONGEST: Final = 64 * 1024
"""How many bytes a header may have: far more than any that this app writes."""

_LONGEST_TEXT: Final = 1024  # ours: no name is so long
_MOST_GENERATIONS: Final = 1 << 62  # ours: it stands in eight bytes, and one can always follow


@dataclass(frozen=True, slots=True)
class Recovery:
    """The vault's key, sealed so that only the force can open it, and to which of its keys."""

    to: KemPublic
    sealed: bytes = field(repr=False)

    def to_plain(self) -> dict[str, object]:
        """As it stands in a header."""
        to = self.to
        return {"kid": to.kid, "suite": to.suite, "raw": _text(to.raw), "sealed": _text(self.sealed)}


@dataclass(frozen=True, slots=True)
class Header:
    """How to unlock one vault."""

    vault: bytes
    officer: str
    display_name: str = field(repr=False)
    created: str
    gen: int
    stretching: Stretching
    salt: bytes = field(repr=False)
    vault_key: bytes = field(repr=False)
    epoch_key: bytes = field(repr=False)
    recovery: Recovery | None = None

    @property
    def vault_key_aad(self) -> bytes:
        """What the wrapped vault key is bound to."""
        return b"hwd/vk/1" + self.vault + self.gen.to_bytes(8, "big")

    @property
    def epoch_key_aad(self) -> bytes:
        """What the wrapped epoch key is bound to: all of the header that is acted on without the key store.

        The key store remembers a digest of the header. A recovery cannot ask it, for it may be gone; there
        this alone says that the header is the one which the vault's key belongs to.
        """
        said = {
            "v": VERSION,
            "schema": SCHEMA,
            "officer": self.officer,
            "display_name": self.display_name,
            "created": self.created,
            "recovery": None if self.recovery is None else self.recovery.to.kid,
        }
        bound = hashlib.sha256(_spelt(said)).digest()
        return b"hwd/ek/2" + self.vault + self.gen.to_bytes(8, "big") + bound

    def to_bytes(self) -> bytes:
        """As it lies in the file."""
        how = self.stretching
        kdf = {
            "name": "argon2id",
            "m": how.memory,
            "t": how.passes,
            "p": how.lanes,
            "salt": _text(self.salt),
        }
        plain = {
            "v": VERSION,
            "schema": SCHEMA,
            "vault": self.vault.hex(),
            "officer": self.officer,
            "display_name": self.display_name,
            "created": self.created,
            "gen": self.gen,
            "kdf": kdf,
            "vk": _text(self.vault_key),
            "ek": _text(self.epoch_key),
            "recovery": None if self.recovery is None else self.recovery.to_plain(),
        }
        return _spelt(plain)


@dataclass(frozen=True, slots=True)
class Listed:
    """What the lock screen may show of a vault: the name its officer chose, and nothing else."""

    vault: str
    display_name: str = field(repr=False)


_NOT_A_HEADER: Final = (
    *(ValueError, KeyError, TypeError, binascii.Error),
    *(OverflowError, RecursionError, MemoryError),  # 1e999, a hundred thousand brackets
)
"""What reading a page raises that somebody wrote who meant harm: nobody else is kept out by it."""


def digest(header: bytes) -> str:
    """What the key store remembers of a header."""
    return hashlib.sha256(b"hwd/header/1" + header).hexdigest()


def read_header(data: bytes | None, *, of: str) -> Header:
    """The header of just this vault, from its file. Refuses a newer one, and one that is not whole."""
    if data is None:
        raise HeaderRefused("it does not say how to unlock it")
    try:
        if len(data) > LONGEST:
            raise ValueError("longer than any header")
        plain = json.loads(data)
        versions = int(plain["v"]), int(plain["schema"])
    except _NOT_A_HEADER as error:
        raise HeaderRefused("its first page cannot be read") from error
    if versions[0] > VERSION or versions[1] > SCHEMA:
        raise NewerStore(found=max(versions), known=max(VERSION, SCHEMA))
    if versions != (VERSION, SCHEMA):
        raise HeaderRefused("it was made by a version of Homeward that was never released")
    try:
        header = _header(plain)
    except _NOT_A_HEADER as error:
        raise HeaderRefused("its first page is damaged") from error
    if header.vault.hex() != of:
        raise HeaderRefused("it belongs to another vault")
    return header


def header_of(vault_id: str, data: bytes | None, *, weak: Stretching | None) -> Header:
    """The header to unlock with. Refuses one that was weakened; ``weak`` is let by, for tests."""
    header = read_header(data, of=vault_id)
    if header.stretching.beyond_reason:
        raise HeaderRefused("it asks for more than any device can do")
    if header.stretching.below_the_floor and header.stretching != weak:
        raise HeaderRefused("its protection was weakened")
    return header


def planned(officer: str, display_name: str) -> Header:
    """Who and what a new vault is for; how it is unlocked is not said yet."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return Header(os.urandom(16), officer, display_name, now, 1, FLOOR, b"", b"", b"")


def headers_in(folder: Path) -> tuple[list[Header], list[str]]:
    """The headers of all vaults in a folder, and the names of those whose first page cannot be read."""
    found: list[Header] = []
    unreadable: list[str] = []
    for path in sorted(folder.glob(f"*/{FILE_NAME}")):
        try:
            with closing(open_file(path)) as conn:
                data = read_meta(conn, HEADER)
            if data is not None:  # a vault whose making was cut short has none, and holds nothing
                found.append(read_header(data, of=path.parent.name))
        except (StoreError, HeaderRefused):  # whatever is wrong with one keeps nobody else out
            unreadable.append(path.parent.name)
    return found, unreadable


def listed_in(folder: Path) -> tuple[Listed, ...]:
    """What the lock screen lists of a folder, oldest vault first, what is damaged last."""
    headers, unreadable = headers_in(folder)
    headers.sort(key=lambda header: header.created)
    named = (Listed(header.vault.hex(), header.display_name) for header in headers)
    return (*named, *(Listed(vault, UNREADABLE) for vault in unreadable))


def _header(plain: dict[str, Any]) -> Header:
    kdf, recovery = plain["kdf"], plain["recovery"]
    if kdf["name"] != "argon2id" or len(_bytes(kdf["salt"])) != SALT_BYTES:
        raise ValueError("unknown way of stretching")
    if not 0 < int(plain["gen"]) < _MOST_GENERATIONS:
        raise ValueError("no generation")
    return Header(
        vault=bytes.fromhex(plain["vault"]),
        officer=_said(plain["officer"]),
        display_name=_said(plain["display_name"]),
        created=_said(plain["created"]),
        gen=int(plain["gen"]),
        stretching=Stretching(memory=int(kdf["m"]), passes=int(kdf["t"]), lanes=int(kdf["p"])),
        salt=_bytes(kdf["salt"]),
        vault_key=_bytes(plain["vk"]),
        epoch_key=_bytes(plain["ek"]),
        recovery=None if recovery is None else _recovery(recovery),
    )


def _recovery(plain: dict[str, Any]) -> Recovery:
    to = KemPublic(kid=plain["kid"], suite=int(plain["suite"]), raw=_bytes(plain["raw"]))
    return Recovery(to, _bytes(plain["sealed"]))


def _said(value: object) -> str:
    """A text that can be shown: what is no text, has no end or cannot be written down is none."""
    if not isinstance(value, str) or len(value.encode()) > _LONGEST_TEXT:
        raise ValueError("not a text")
    return value


def _spelt(plain: dict[str, object]) -> bytes:
    return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
