"""One generation of a vault's keys: made, unlocked, and followed by the next.

The PIN, the secret in the key store and the header belong together and change together. The order
is: the next secret is kept beside the present one; one transaction writes the new header (and the
re-wrapped rows); then the next secret takes the present one's place. Cut short anywhere, the
header says which of the two secrets counts.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace

from booklets.sealing import seal_for_holder
from booklets.sealing.hpke import KemPublic
from field_app.vault.errors import HeaderRefused
from field_app.vault.hardware import Hardware
from field_app.vault.header import Header, Recovery, digest
from field_app.vault.keys import (
    KEY_BYTES,
    SALT_BYTES,
    Stretching,
    key_encryption_key,
    moved,
    scrub,
    stretch,
    unwrap,
    wrap,
)
from field_app.vault.pins import as_secret
from field_app.vault.row_seal import VaultSeal


@dataclass(frozen=True, slots=True)
class Keys:
    """The two keys that everything in a vault hangs on."""

    vault: bytearray = field(repr=False)
    epoch: bytearray = field(repr=False)

    @classmethod
    def fresh(cls) -> Keys:
        """New keys, from the system's randomness."""
        return cls(moved(os.urandom(KEY_BYTES)), moved(os.urandom(KEY_BYTES)))

    def seal(self, vault: bytes) -> VaultSeal:
        """What the store seals rows with. It takes the keys over, and scrubs them in the end."""
        return VaultSeal(vault=vault, vault_key=self.vault, epoch_key=self.epoch)

    def scrub(self) -> None:
        """Overwrite both."""
        scrub(self.vault, self.epoch)


@dataclass(frozen=True, slots=True)
class Stretched:
    """A PIN after Argon2id, with what was used to get there."""

    key: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    how: Stretching

    @classmethod
    def from_pin(cls, pin: str, how: Stretching, salt: bytes | None = None) -> Stretched:
        """Stretch a PIN; with a new salt unless one is given."""
        salt = salt or os.urandom(SALT_BYTES)
        secret = as_secret(pin)
        try:
            return cls(stretch(secret, salt, how), salt, how)
        finally:
            scrub(secret)

    def scrub(self) -> None:
        """Overwrite it."""
        scrub(self.key)


def generation(
    plan: Header, keys: Keys, stretched: Stretched, *, recovery: KemPublic | None
) -> tuple[Header, Hardware]:
    """The header and the secret for these keys. Of ``plan`` only who, what and which generation count."""
    secret = os.urandom(KEY_BYTES)
    kek = key_encryption_key(stretched.key, secret, vault=plan.vault, officer=plan.officer, gen=plan.gen)
    try:
        header = replace(
            plan,
            stretching=stretched.how,
            salt=stretched.salt,
            vault_key=wrap(kek, keys.vault, plan.vault_key_aad),
            recovery=None if recovery is None else _recovery(recovery, keys, plan),
        )
        header = replace(header, epoch_key=wrap(keys.vault, keys.epoch, header.epoch_key_aad))
    except BaseException:
        scrub(secret)
        raise
    finally:
        scrub(kek)
    return header, Hardware(gen=plan.gen, secret=secret, header=digest(header.to_bytes()))


def keys_of(header: Header, hardware: Hardware, stretched: Stretched) -> Keys | None:
    """The keys of a vault; None when the PIN was not the right one."""
    kek = key_encryption_key(
        stretched.key, hardware.secret, vault=header.vault, officer=header.officer, gen=header.gen
    )
    try:
        vault_key = unwrap(kek, header.vault_key, header.vault_key_aad)
    finally:
        scrub(kek)
    if vault_key is None:
        return None
    return keys_under(header, moved(vault_key))


def keys_under(header: Header, vault_key: bytearray) -> Keys | None:
    """The keys of a vault whose vault key is known; None when it is not this vault's."""
    epoch_key = unwrap(vault_key, header.epoch_key, header.epoch_key_aad)
    if epoch_key is None:
        scrub(vault_key)
        return None
    return Keys(vault_key, moved(epoch_key))


def keys_recovered(header: Header, vault_key: bytes) -> Keys:
    """The keys of a vault, from its key as the force gave it back. Raises HeaderRefused for another's."""
    keys = keys_under(header, moved(vault_key))
    if keys is None:
        raise HeaderRefused("its first page was changed, or the recovered key belongs to another vault")
    return keys


def _recovery(to: KemPublic, keys: Keys, plan: Header) -> Recovery:
    plain = bytes(keys.vault)
    try:
        return Recovery(to=to, sealed=seal_for_holder(to, plain, plan.vault, plan.officer))
    finally:
        scrub(plain)
