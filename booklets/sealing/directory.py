"""The key directory: which public keys a force uses now, signed by its root key.

    {"issued":"…Z","keys":[{"kid","not_after","not_before","public","suite","use"}…],"number":7,"sig":"…","v":1}

A signed statement (``signing.py``) under the domain "hwd/dir/1". A device learns the root key at
enrolment, seals only to keys that stand here, and never accepts a lower number than it has seen: a revoked
key cannot be brought back by replaying an old directory.

    use        key          what for
    sealing    KEM          the server's: every submission is sealed to it
    recovery   KEM          the force's, kept offline: every submission is sealed to it as well
    receipt    Ed25519      signs receipts, and nothing else
    command    Ed25519      signs what the server sends to one device

``suite`` is the KEM suite (``hpke.py``), or 0 for Ed25519. ``public`` is hex. A ``kid`` is derived from its
key (``hpke.KemPublic``, ``signing.key_id``), so no two keys can share a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal, cast

from . import canonical
from .errors import DirectoryRefused
from .hpke import KemPublic, usable_suites
from .signing import SigningKey, key_id, read_statement, sign_statement

Use = Literal["sealing", "recovery", "receipt", "command"]

MAX_DIRECTORY = 64 * 1024
MAX_KEYS = 64
"""Ours: a force uses six keys, of some seven kilobytes, and those that it has replaced stay a while."""
SIGNING_SUITE = 0

_DOMAIN = b"hwd/dir/1"
_NAMES = frozenset({"number", "issued", "keys"})
_KEM_USES = frozenset({"sealing", "recovery"})
_SIGNING_USES = frozenset({"receipt", "command"})
_ENTRY_NAMES = frozenset({"kid", "use", "suite", "public", "not_before", "not_after"})
_SIGNING_PUBLIC_BYTES = 32  # RFC 8032


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One public key, what it is for, and from when (inclusive) until when (exclusive)."""

    kid: str
    use: Use
    suite: int
    public: bytes
    not_before: datetime
    not_after: datetime

    def __post_init__(self) -> None:
        """Raises ValueError for an entry that contradicts itself."""
        if self.use in _KEM_USES:
            KemPublic(self.kid, self.suite, self.public)
        elif self.use in _SIGNING_USES:
            if self.suite != SIGNING_SUITE or len(self.public) != _SIGNING_PUBLIC_BYTES:
                raise ValueError("a signing key has suite 0 and 32 bytes")
            if self.kid != key_id(self.public):
                raise ValueError("this key id belongs to another key")
        else:
            raise ValueError("not a use that we know")
        if not self.not_before < self.not_after:
            raise ValueError("a key ends after it begins")

    @classmethod
    def for_sealing(
        cls, key: KemPublic, *, use: Use = "sealing", not_before: datetime, not_after: datetime
    ) -> KeyEntry:
        """The entry of a key that is sealed to."""
        return cls(key.kid, use, key.suite, key.raw, not_before, not_after)

    @classmethod
    def for_signing(cls, public: bytes, *, use: Use, not_before: datetime, not_after: datetime) -> KeyEntry:
        """The entry of a key that signs."""
        return cls(key_id(public), use, SIGNING_SUITE, public, not_before, not_after)

    @property
    def kem(self) -> KemPublic:
        """This key as one to seal to. Raises ValueError for a signing key."""
        return KemPublic(self.kid, self.suite, self.public)

    def valid_at(self, at: datetime) -> bool:
        """Whether the key was to be used at this moment."""
        return self.not_before <= at < self.not_after


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory whose root signature was checked."""

    number: int
    issued: datetime
    keys: tuple[KeyEntry, ...]

    def key(self, kid: str) -> KeyEntry:
        """The key of this name. Raises DirectoryRefused if there is none."""
        for entry in self.keys:
            if entry.kid == kid:
                return entry
        raise DirectoryRefused("The key directory holds no key of that name.")

    def all_current(self, use: Use, *, at: datetime | None = None) -> tuple[KeyEntry, ...]:
        """Every key for this use that is valid, newest first.

        Without ``at``, when the directory was issued: a phone whose clock is a year wrong must still seal.
        """
        valid = [entry for entry in self.keys if entry.use == use and entry.valid_at(at or self.issued)]
        return tuple(sorted(valid, key=lambda entry: entry.not_before, reverse=True))

    def current(
        self, use: Use, suites: Sequence[int] | None = None, *, at: datetime | None = None
    ) -> KeyEntry:
        """The newest valid key for this use, in the first of ``suites`` that has one.

        Without ``suites``: for sealing, what this machine can do; for signing, Ed25519.
        """
        if suites is None:
            suites = usable_suites() if use in _KEM_USES else (SIGNING_SUITE,)
        valid = self.all_current(use, at=at)
        for suite in suites:
            for entry in valid:
                if entry.suite == suite:
                    return entry
        raise DirectoryRefused(f"The key directory holds no current {use} key that this machine can use.")

    def recipients(self, suites: Sequence[int] | None = None) -> tuple[KemPublic, KemPublic]:
        """The two keys that a submission is sealed to, in the best suite that both have."""
        for suite in usable_suites() if suites is None else suites:
            try:
                return self.current("sealing", (suite,)).kem, self.current("recovery", (suite,)).kem
            except DirectoryRefused:
                continue
        raise DirectoryRefused("The key directory holds no pair of sealing and recovery keys to use.")


def sign_directory(entries: Iterable[KeyEntry], *, root: SigningKey, issued: datetime, number: int) -> bytes:
    """The signed directory. ``number`` must be higher than that of any directory issued before."""
    keys = [_entry_fields(entry) for entry in entries]
    fields = {"number": number, "issued": canonical.instant(issued), "keys": keys}
    data = sign_statement(fields, domain=_DOMAIN, key=root)
    read_directory(data, root.public)
    return data


def read_directory(data: bytes, root_public: bytes, *, at_least: int = 0) -> Directory:
    """The directory in ``data``, ``at_least`` of that number. Raises BadSignature or DirectoryRefused."""
    try:
        statement = read_statement(data, _NAMES, limit=MAX_DIRECTORY)
        statement.check(root_public, domain=_DOMAIN)
        directory = _directory(statement.fields)
    except ValueError:
        raise DirectoryRefused("This is not a key directory of version 1.") from None
    if directory.number < at_least:
        raise DirectoryRefused("This key directory is older than the one already held.")
    return directory


def _directory(said: Mapping[str, object]) -> Directory:
    keys, number = said["keys"], canonical.whole(said["number"])
    if not isinstance(keys, list) or len(keys) > MAX_KEYS:
        raise ValueError("no keys, or too many")
    entries = tuple(_entry(each) for each in keys)
    if len({entry.kid for entry in entries}) != len(entries):
        raise ValueError("a key stands there twice")
    return Directory(number, canonical.moment(said["issued"]), entries)


def _entry(fields: object) -> KeyEntry:
    if not isinstance(fields, dict) or fields.keys() != _ENTRY_NAMES:
        raise ValueError("not the fields of a key")
    return KeyEntry(
        canonical.text(fields["kid"]),
        cast(Use, canonical.text(fields["use"])),
        canonical.whole(fields["suite"]),
        canonical.unhex(fields["public"]),
        canonical.moment(fields["not_before"]),
        canonical.moment(fields["not_after"]),
    )


def _entry_fields(entry: KeyEntry) -> dict[str, object]:
    since, until = canonical.instant(entry.not_before), canonical.instant(entry.not_after)
    return {**asdict(entry), "public": entry.public.hex(), "not_before": since, "not_after": until}
