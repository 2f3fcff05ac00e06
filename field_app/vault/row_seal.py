"""The store's seal: the only place where rows meet keys."""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
from typing import Final, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from field_app.store.errors import StoreBroken, StoreTampered
from field_app.store.files import SCHEMA
from field_app.vault.keys import KEY_BYTES, NONCE_BYTES, counted, moved, scrub, subkey, unwrap, wrap

_PLACE: Final = struct.Struct(">qQI")  # rid, version, and the schema or the length of what follows
_HEAD: Final = struct.Struct(">Q32s?")  # counter, sum, erased
_RID_BITS: Final = 62
"""One fewer than SQLite numbers rows with; of a million names two meet once in ten million vaults."""


class _Forgotten:
    """Stands where a key was: zeros would be a key too, and one that everybody knows."""

    def encrypt(self, *_: object) -> NoReturn:
        """Nothing is sealed, opened or counted any more."""
        raise StoreBroken("the vault is locked")

    decrypt = copy = encrypt


_FORGOTTEN: Final = _Forgotten()


class VaultSeal:
    """Seals rows with a key of their own, wrapped by the epoch key; the head with the vault's."""

    schema: int = SCHEMA

    def __init__(self, *, vault: bytes, vault_key: bytearray, epoch_key: bytearray) -> None:
        self._vault = vault
        self._vault_key = vault_key
        self._epoch_key = epoch_key
        self._epoch: AESGCM | _Forgotten = AESGCM(epoch_key)
        self._head_key = moved(subkey(vault_key, b"hwd/head-key/1", vault))
        self._sum_key = moved(subkey(vault_key, b"hwd/mset-key/1", vault))
        self._mac: hmac.HMAC | _Forgotten = hmac.new(self._sum_key, digestmod="sha256")
        self._last: tuple[bytes, bytearray, AESGCM | _Forgotten] = (b"", bytearray(), _FORGOTTEN)

    def new_key(self, tbl: str, rid: int) -> bytes:
        """Make a key for one record and give it wrapped, as it is to be stored."""
        key = os.urandom(KEY_BYTES)
        wrapped = self.wrapped(tbl, rid, key)
        scrub(key)
        return wrapped

    def seal(self, tbl: str, rid: int, ver: int, wrapped: bytes, body: bytes) -> bytes:
        """Seal a body to its place with the record's own key."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._record_key(tbl, rid, wrapped).encrypt(nonce, body, self._row_aad(tbl, rid, ver))

    def open(self, tbl: str, rid: int, ver: int, wrapped: bytes, sealed: bytes) -> bytes:
        """The body again, if it is the one that was sealed to just this place."""
        key = self._record_key(tbl, rid, wrapped)
        try:
            return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._row_aad(tbl, rid, ver))
        except (InvalidTag, ValueError) as error:
            raise StoreTampered("a row does not open") from error

    def share(self, tbl: str, rid: int, ver: int, key_tag: bytes, body_tag: bytes) -> int:
        """What one row adds to the sum over all rows."""
        mac = self._mac.copy()
        mac.update(counted(tbl.encode()) + _PLACE.pack(rid, ver, len(key_tag)) + key_tag + body_tag)
        return int.from_bytes(mac.digest(), "big")

    def seal_head(self, counter: int, total: int, *, erased: bool) -> bytes:
        """Seal how many changes there have been, the sum over all rows, and whether keys have to change."""
        self._must_have_keys()
        head = _HEAD.pack(counter, total.to_bytes(32, "big"), erased)
        return wrap(self._head_key, head, b"hwd/head/2" + self._vault)

    def open_head(self, sealed: bytes) -> tuple[int, int, bool]:
        """The counter, the sum and the note again."""
        self._must_have_keys()
        plain = unwrap(self._head_key, sealed, b"hwd/head/2" + self._vault)
        if plain is None or len(plain) != _HEAD.size:
            raise StoreTampered("its head does not open")
        counter, total, erased = _HEAD.unpack(plain)
        return counter, int.from_bytes(total, "big"), erased

    def rid_for(self, tbl: str, name: str) -> int:
        """The row number of a named document: a hash, so that the file does not tell the name.

        It has no key, so that it stays when the keys change; ids are random enough not to be guessed.
        """
        digest = hashlib.sha256(b"hwd/rid/1" + self._vault + counted(tbl.encode()) + name.encode()).digest()
        return 1 + (int.from_bytes(digest[:8], "big") >> (64 - _RID_BITS))

    def rewrap(self, tbl: str, rid: int, wrapped: bytes, *, after: VaultSeal) -> bytes:
        """A record's key as the seal that comes after this one wraps it."""
        key = self._unwrapped(tbl, rid, wrapped)
        fresh = after.wrapped(tbl, rid, key)
        scrub(key)
        return fresh

    def wrapped(self, tbl: str, rid: int, key: bytes) -> bytes:
        """A record's key, wrapped for its place."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._epoch.encrypt(nonce, key, self._key_aad(tbl, rid))

    def own_key_under(self, key: bytes, aad: bytes) -> bytes:
        """The vault's own key, wrapped by another."""
        self._must_have_keys()
        return wrap(key, self._vault_key, aad)

    def scrub(self) -> None:
        """Forget every key. Nothing can be sealed, opened or counted afterwards."""
        self._epoch = self._mac = _FORGOTTEN
        scrub(self._last[1])
        self._last = (b"", bytearray(), _FORGOTTEN)
        scrub(self._vault_key, self._epoch_key, self._head_key, self._sum_key)

    def _must_have_keys(self) -> None:
        if self._epoch is _FORGOTTEN:
            _FORGOTTEN.encrypt()

    def _record_key(self, tbl: str, rid: int, wrapped: bytes) -> AESGCM | _Forgotten:
        if self._last[0] != wrapped:  # reading a draft and saving it again takes its key twice
            key = moved(self._unwrapped(tbl, rid, wrapped))
            scrub(self._last[1])
            self._last = (wrapped, key, AESGCM(key))
        return self._last[2]

    def _unwrapped(self, tbl: str, rid: int, wrapped: bytes) -> bytes:
        try:
            return self._epoch.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], self._key_aad(tbl, rid))
        except (InvalidTag, ValueError) as error:
            raise StoreTampered("a record's key does not open") from error

    def _key_aad(self, tbl: str, rid: int) -> bytes:
        return b"hwd/wk/1" + self._vault + counted(tbl.encode()) + _PLACE.pack(rid, 0, 0)

    def _row_aad(self, tbl: str, rid: int, ver: int) -> bytes:
        return b"hwd/row/1" + self._vault + counted(tbl.encode()) + _PLACE.pack(rid, ver, self.schema)
