"""The vaults of one device: one per officer, each opened with that officer's own PIN."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, cast

from booklets.sealing import open_on_device
from booklets.sealing.hpke import KemKey, KemPublic
from field_app.store.files import open_file, read_meta
from field_app.store.sealed_rows import SealedRows
from field_app.store.sealed_table import VaultDB
from field_app.vault import left
from field_app.vault.attempts import Attempts, Clock, DeviceClock, Tries
from field_app.vault.errors import (
    HeaderRefused,
    NoSuchVault,
    TooManyVaults,
    VaultExists,
    VaultLocked,
    VaultOpen,
    WrongPin,
)
from field_app.vault.folder import FolderClaim
from field_app.vault.generations import Keys, Stretched, generation, keys_of, keys_under
from field_app.vault.hardware import Hardware, KeyStoreEntries
from field_app.vault.header import HEADER, Header, Recovery, read_header
from field_app.vault.keys import FLOOR, Stretching, calibrated, moved
from field_app.vault.left import SealedItem
from field_app.vault.listing import FILE_NAME, UNREADABLE, Listed, headers_in
from field_app.vault.open_vault import OpenVault
from field_app.vault.pins import LEAST_DIGITS, accept_passphrase, accept_pin
from field_app.vault.row_seal import VaultSeal
from field_app.vault.secrets import SecretStore

_VAULT_ID: Final = re.compile(r"[0-9a-f]{32}")


class Vaults:
    """Every vault in one data folder, which is claimed for this process until ``close``."""

    def __init__(
        self,
        folder: Path,
        secrets: SecretStore,
        *,
        clock: Clock | None = None,
        most: int = 6,
        least_digits: int = LEAST_DIGITS,
        weak_stretching_for_tests: Stretching | None = None,
    ) -> None:
        self._claim = FolderClaim(folder)
        self._folder = folder / "vaults"
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._secrets = secrets
        self._clock = clock or DeviceClock()
        self._most = most
        self._least_digits = least_digits
        self._weak = weak_stretching_for_tests
        self._open: dict[str, OpenVault] = {}

    def allow(self, most: int, least_digits: int = LEAST_DIGITS) -> None:
        """Hold at most so many from now on, each new PIN at least so long; what is there stays as it is."""
        self._most, self._least_digits = most, least_digits

    # ---- what the lock screen asks -------------------------------------------------------------

    def officers(self) -> tuple[Listed, ...]:
        """The names that officers chose to be listed under, oldest vault first.

        A damaged vault is listed last, so that unlocking says what is wrong; it keeps nobody else out.
        """
        headers, unreadable = headers_in(self._folder)
        return (
            *(
                Listed(header.vault.hex(), header.display_name)
                for header in sorted(headers, key=lambda header: header.created)
            ),
            *(Listed(vault, UNREADABLE) for vault in unreadable),
        )

    def tries(self, vault_id: str) -> Tries:
        """How many tries are left at a vault, and how long until the next."""
        self._path(vault_id)
        return self._attempts(vault_id).standing()

    # ---- making, opening, changing -------------------------------------------------------------

    def create(
        self,
        *,
        officer: str,
        display_name: str,
        pin: str,
        recovery: KemPublic | None = None,
        first: Callable[[VaultDB], None] | None = None,
    ) -> OpenVault:
        """Make an officer's vault and open it; with ``recovery``, the force can open it too, if it must.

        What ``first`` puts into it is there from the beginning: cut short, there is no vault at all.
        """
        self._accept(pin)
        existing, unreadable = headers_in(self._folder)
        if any(header.officer == officer for header in existing):
            raise VaultExists
        if len(existing) + len(unreadable) >= self._most:
            raise TooManyVaults(self._most)
        vault = os.urandom(16)
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        plan = Header(vault, officer, display_name, now, 1, FLOOR, b"", b"", b"")
        keys, stretched = Keys.fresh(), Stretched.from_pin(pin, self._stretching())
        header, hardware = generation(plan, keys, stretched, recovery=recovery)
        stretched.scrub()
        entries = self._entries(vault.hex())
        entries.promote(hardware)
        hardware.scrub()
        self._attempts(vault.hex()).clear()
        (self._folder / vault.hex()).mkdir(mode=0o700)
        conn = open_file(self._folder / vault.hex() / FILE_NAME)
        try:
            rows = SealedRows.begun(
                conn,
                keys.seal(vault),
                entries,
                meta={HEADER: header.to_bytes()},
                first=None if first is None else lambda rows: first(VaultDB(rows)),
            )
        except BaseException:
            conn.close()
            raise
        return self._opened(header, rows)

    def unlock(self, vault_id: str, pin: str) -> OpenVault:
        """Open a vault.

        Raises:
            WrongPin: not the right PIN; says how many tries are left and how long to wait.
            WaitFirst: too early; this try did not count.
            VaultLocked: no PIN opens it any more; the force can.
            HeaderRefused: what says how to unlock it was changed or weakened.
            NewerStore: a newer version of the app wrote it.
            StoreTampered: rows were changed, dropped or put back.

        When the whole file was replaced by an older copy, it opens read-only: see ``OpenVault.rolled_back``.
        """
        path = self._path(vault_id)
        if vault_id in self._open:
            raise VaultOpen
        conn = open_file(path)
        try:
            header, hardware = self._checked(conn, vault_id)
            stretched, keys = self._try(vault_id, header, hardware, pin)
            try:
                rows = self._whole(conn, vault_id, keys.seal(header.vault))
                self._entries(vault_id).note_older(rows.counter if rows.rolled_back else None)
                if rows.erasures_pending and rows.rolled_back is None:
                    header = self._rekey(rows, header, Keys.fresh(), stretched)
            finally:
                stretched.scrub()
        except BaseException:
            conn.close()
            raise
        return self._opened(header, rows)

    def confirm(self, vault_id: str, pin: str) -> None:
        """See that whoever holds the device knows the PIN of a vault that is open already.

        Wrong tries count as on the lock screen, and raise the same; the last one leaves the vault to be
        locked by whoever asked.
        """
        with closing(open_file(self._path(vault_id))) as conn:
            header, hardware = self._checked(conn, vault_id)
            stretched, keys = self._try(vault_id, header, hardware, pin)
        stretched.scrub()
        keys.scrub()

    def change_pin(self, vault_id: str, old: str, new: str) -> None:
        """Open with the old PIN from now on no longer, but with the new one. All keys change with it."""
        self._accept(new)
        with self.unlock(vault_id, old) as opened:
            header = read_header(read_meta(opened.db.rows.connection, HEADER))
            stretched = Stretched.from_pin(new, self._stretching())
            try:
                self._rekey(opened.db.rows, header, Keys.fresh(), stretched)
            finally:
                stretched.scrub()

    # ---- when the PIN or the key store is lost -------------------------------------------------

    def recovery_envelope(self, vault_id: str) -> Recovery | None:
        """The vault's key as only the force's recovery holder can read it."""
        return self._header_of(vault_id).recovery

    def officer_of(self, vault_id: str) -> str:
        """Whose vault this is, as the force knows them."""
        return self._header_of(vault_id).officer

    def _header_of(self, vault_id: str) -> Header:
        with closing(open_file(self._path(vault_id))) as conn:
            return read_header(read_meta(conn, HEADER))

    def recover(self, vault_id: str, sealed_to_device: bytes, *, key: KemKey, pin: str) -> OpenVault:
        """Open a vault with its key as the recovery holder sealed it to this device; set a new PIN."""
        self._accept(pin)
        conn = open_file(self._path(vault_id))
        try:
            header = self._header(conn, vault_id)
            plain = open_on_device(key, sealed_to_device, header.vault)
            keys = _recovered(header, plain)
            rows = self._whole(conn, vault_id, keys.seal(header.vault))
            stretched = Stretched.from_pin(pin, self._stretching())
            # First, or a crash in between would leave the new secret to be erased for the old wrong tries.
            self._attempts(vault_id).clear()
            try:
                header = self._rekey(rows, header, Keys.fresh(), stretched)
            finally:
                stretched.scrub()
        except BaseException:
            conn.close()
            raise
        return self._opened(header, rows)

    def unsent(self, vault_id: str) -> tuple[SealedItem, ...]:
        """Sealed submissions that still wait, oldest first. Needs no PIN: nobody here can read them."""
        with closing(open_file(self._path(vault_id))) as conn:
            return left.waiting(conn)

    def handed_over(self, vault_id: str, item: SealedItem, answer: bytes) -> None:
        """Keep the force's answer for one of them. Its officer's courier asks again, and hears the same."""
        with closing(open_file(self._path(vault_id))) as conn:
            left.note_answer(conn, item, answer)

    def every(self) -> tuple[str, ...]:
        """Every vault that lies here, readable or not."""
        return tuple(sorted(path.parent.name for path in self._folder.glob(f"*/{FILE_NAME}")))

    def put_back(self) -> tuple[str, int] | None:
        """A vault of which an older copy was found, and how many changes that has seen; None if none."""
        for vault in self.every():
            older = self._entries(vault).older
            if older is not None:
                return vault, older
        return None

    def accept_older(self, vault_id: str, count: int) -> None:
        """Go on with an older copy that was put back, if it has seen at least ``count`` changes.

        Only the force orders this. Done twice, it is done once. Raises NoSuchVault.
        """
        self._path(vault_id)
        self._entries(vault_id).accept(count)

    def lock_for_good(self, vault_id: str) -> None:
        """Destroy what opens a vault here, and keep its file.

        What is sealed in it can still be sent, and the force can still recover the rest.
        """
        if vault_id in self._open:
            self._open[vault_id].lock()
        self._entries(vault_id).erase_secret()

    def purge(self, vault_id: str) -> None:
        """Remove a vault for good: its keys first, then its file. Only the force orders this."""
        path = self._path(vault_id)
        if vault_id in self._open:
            self._open[vault_id].lock()
        self._entries(vault_id).erase_all()
        shutil.rmtree(path.parent)

    def close(self) -> None:
        """Lock every vault and let go of the data folder."""
        for opened in list(self._open.values()):
            opened.lock()
        self._claim.release()

    def __enter__(self) -> Vaults:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # ---- inside --------------------------------------------------------------------------------

    def _accept(self, pin: str) -> None:
        if self._secrets.demands_passphrase:
            accept_passphrase(pin)
        else:
            accept_pin(pin, self._least_digits)

    def _stretching(self) -> Stretching:
        return self._weak or calibrated()

    def _attempts(self, vault_id: str) -> Attempts:
        return Attempts(self._secrets, self._entries(vault_id).tries, self._clock)

    def _entries(self, vault_id: str) -> KeyStoreEntries:
        return KeyStoreEntries(self._secrets, vault_id)

    def _path(self, vault_id: str) -> Path:
        path = self._folder / vault_id / FILE_NAME
        if not _VAULT_ID.fullmatch(vault_id) or not path.is_file():
            raise NoSuchVault
        return path

    def _header(self, conn: sqlite3.Connection, vault_id: str) -> Header:
        header = read_header(read_meta(conn, HEADER))
        if header.vault.hex() != vault_id:
            raise HeaderRefused("it belongs to another vault")
        if header.stretching.beyond_reason:
            raise HeaderRefused("it asks for more than any device can do")
        if header.stretching.below_the_floor and header.stretching != self._weak:
            raise HeaderRefused("its protection was weakened")
        return header

    def _checked(self, conn: sqlite3.Connection, vault_id: str) -> tuple[Header, Hardware]:
        header = self._header(conn, vault_id)
        entries = self._entries(vault_id)
        hardware = entries.matching(header, read_meta(conn, HEADER) or b"")
        if self._attempts(vault_id).standing().locked:
            entries.erase_secret()  # the battery may have been pulled just before it was
            raise VaultLocked
        return header, hardware

    def _try(self, vault_id: str, header: Header, hardware: Hardware, pin: str) -> tuple[Stretched, Keys]:
        attempts = self._attempts(vault_id)
        attempts.count()  # before the PIN is tried: pulling the battery gives no try back
        stretched = Stretched.from_pin(pin, header.stretching, header.salt)
        keys = keys_of(header, hardware, stretched)
        hardware.scrub()
        if keys is not None:
            attempts.clear()
            return stretched, keys
        stretched.scrub()
        now = attempts.standing()
        if now.locked:
            self._entries(vault_id).erase_secret()
            raise VaultLocked
        what = "passphrase" if self._secrets.demands_passphrase else "PIN"
        raise WrongPin(tries_left=now.left, wait=now.wait, what=what)

    def _rekey(self, rows: SealedRows, header: Header, keys: Keys, stretched: Stretched) -> Header:
        before, after = cast(VaultSeal, rows.seal), keys.seal(header.vault)
        plan = replace(header, gen=header.gen + 1)
        recovery = header.recovery.to if header.recovery else None
        fresh, hardware = generation(plan, keys, stretched, recovery=recovery)
        entries = self._entries(header.vault.hex())
        entries.propose(hardware)
        rows.rekey(
            after,
            lambda tbl, rid, wrapped: before.rewrap(tbl, rid, wrapped, after=after),
            meta={HEADER: fresh.to_bytes()},
        )
        entries.promote(hardware)
        hardware.scrub()
        return fresh

    def _whole(self, conn: sqlite3.Connection, vault_id: str, seal: VaultSeal) -> SealedRows:
        """The rows of a vault whose keys are known. Of one that is refused no key stays in memory."""
        try:
            return SealedRows.checked(conn, seal, self._entries(vault_id))
        except BaseException:
            seal.scrub()
            raise

    def _opened(self, header: Header, rows: SealedRows) -> OpenVault:
        vault_id = header.vault.hex()
        opened = OpenVault(
            vault_id=vault_id,
            officer=header.officer,
            display_name=header.display_name,
            db=VaultDB(rows),
            on_lock=lambda: self._forget(vault_id),
            begins_anew=self._entries(vault_id).begins_anew,
        )
        self._open[vault_id] = opened
        return opened

    def _forget(self, vault_id: str) -> None:
        opened = self._open.pop(vault_id, None)
        if opened is not None and opened.begins_anew and opened.rolled_back is None:
            self._entries(vault_id).gone_on()


def _recovered(header: Header, vault_key: bytes) -> Keys:
    keys = keys_under(header, moved(vault_key))
    if keys is None:
        raise HeaderRefused("the recovered key belongs to another vault")
    return keys
