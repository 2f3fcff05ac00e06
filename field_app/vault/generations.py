"""One generation of a vault's keys: made, tried, and followed by the next.

The PIN, the secret in the key store and the header belong together and change together. The order
is: the next secret is kept beside the present one; one transaction writes the new header (and the
re-wrapped rows); then the next secret takes the present one's place. Cut short anywhere, the
header says which of the two secrets counts.

New keys are sealed to the force's present recovery key, as its signed directory names it. The file names one
too, in the clear; who has the file could write their own name there, and would be given the next keys.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from booklets.sealing import KemPublic, seal_for_holder
from field_app.store.files import open_file
from field_app.store.plain_files import settle
from field_app.store.sealed_rows import SealedRows
from field_app.store.sealed_table import VaultDB
from field_app.vault.attempts import Attempts, Tries
from field_app.vault.errors import HeaderRefused, RecoveryKeyUnknown, VaultLocked, WrongPin
from field_app.vault.hardware import Hardware, KeyStoreEntries
from field_app.vault.header import FILE_NAME, HEADER, Header, Recovery, digest
from field_app.vault.keys import (
    KEY_BYTES,
    SALT_BYTES,
    Stretching,
    handed_on,
    in_hand,
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
    return None if vault_key is None else _keys_under(header, moved(vault_key))


def _keys_under(header: Header, vault_key: bytearray) -> Keys | None:
    """The keys of a vault whose vault key is known; None when it is not this vault's."""
    epoch_key = unwrap(vault_key, header.epoch_key, header.epoch_key_aad)
    if epoch_key is None:
        scrub(vault_key)
        return None
    return Keys(vault_key, moved(epoch_key))


def recovered(header: Header, vault_key: bytes) -> Keys:
    """The keys of a vault, from its key as the force gave it back. Raises HeaderRefused for another's."""
    keys = _keys_under(header, moved(vault_key))
    if keys is None:
        raise HeaderRefused("its first page was changed, or the recovered key belongs to another vault")
    return keys


def made(
    plan: Header,
    stretched: Stretched,
    *,
    folder: Path,
    entries: KeyStoreEntries,
    attempts: Attempts,
    recovery: KemPublic | None,
    first: Callable[[VaultDB], None] | None,
) -> tuple[Header, SealedRows]:
    """A new vault, open: its secret in the key store first, then its file. Cut short, nothing opens."""
    keys = Keys.fresh()
    with handed_on(keys.seal(plan.vault)) as seal:
        header, hardware = generation(plan, keys, stretched, recovery=recovery)
        with in_hand(hardware):
            entries.begin(hardware)
        attempts.clear()
        own = folder / header.vault.hex()
        own.mkdir(mode=0o700)
        conn = open_file(own / FILE_NAME)
        try:
            for holds_a_name in (own, folder, folder.parent):
                settle(holds_a_name)  # a power cut must not take away what is said to be there
            begin = None if first is None else lambda rows: first(VaultDB(rows))
            meta = {HEADER: header.to_bytes()}
            return header, SealedRows.begun(conn, seal, entries, meta=meta, first=begin)
        except BaseException:
            conn.close()
            raise


def tried(
    pin: str, header: Header, hardware: Hardware, *, attempts: Attempts, entries: KeyStoreEntries, what: str
) -> tuple[Stretched, Keys]:
    """What a PIN (``what`` it is called) opens, for the caller to scrub; ``hardware`` is scrubbed here."""
    with in_hand(hardware):
        left(attempts, entries)  # the battery may have been pulled just before the secret was erased
        attempts.count()  # before the PIN is tried: pulling the battery gives no try back
        with handed_on(Stretched.from_pin(pin, header.stretching, header.salt)) as stretched:
            keys = keys_of(header, hardware, stretched)
            if keys is None:
                now = left(attempts, entries)
                raise WrongPin(tries_left=now.left, wait=now.wait, what=what)
            with handed_on(keys):
                attempts.clear()
            return stretched, keys


def left(attempts: Attempts, entries: KeyStoreEntries) -> Tries:
    """How many tries are left; after the last the vault's secret is erased."""
    now = attempts.standing()
    if now.locked:
        entries.erase_secret()
        raise VaultLocked
    return now


def is_due(rows: SealedRows, header: Header, recovery: KemPublic | None) -> bool:
    """Whether an unlock has to change the keys: something was erased, or the force has another recovery key.

    It waits while that key is not known: the vault would lose its way back.
    """
    if recovery is None:
        return rows.erasures_pending and header.recovery is None
    return rows.erasures_pending or header.recovery is None or header.recovery.to != recovery


def must_be_known(recovery: KemPublic | None, header: Header) -> None:
    """Refuse to change the keys of a vault that would lose its way back. Raises RecoveryKeyUnknown."""
    if recovery is None and header.recovery is not None:
        raise RecoveryKeyUnknown


def changed(
    rows: SealedRows,
    header: Header,
    stretched: Stretched,
    *,
    recovery: KemPublic | None,
    entries: KeyStoreEntries,
) -> Header:
    """New keys for what is open, under this PIN. Cut short anywhere, the old ones open it or the new."""
    must_be_known(recovery, header)
    keys, before = Keys.fresh(), cast(VaultSeal, rows.seal)
    with handed_on(keys.seal(header.vault)) as after:
        plan = replace(header, gen=header.gen + 1)
        fresh, hardware = generation(plan, keys, stretched, recovery=recovery)
        with in_hand(hardware):
            entries.propose(hardware)
            rows.rekey(
                after,
                lambda tbl, rid, wrapped: before.rewrap(tbl, rid, wrapped, after=after),
                meta={HEADER: fresh.to_bytes()},
            )
            entries.promote(hardware)
    return fresh


def _recovery(to: KemPublic, keys: Keys, plan: Header) -> Recovery:
    plain = bytes(keys.vault)
    try:
        return Recovery(to=to, sealed=seal_for_holder(to, plain, plan.vault, plan.officer))
    finally:
        scrub(plain)
