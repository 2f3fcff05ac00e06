"""The vaults of one device: one per officer, each opened with that officer's own PIN."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final, cast

from booklets.sealing import KemKey, KemPublic, open_on_device
from field_app.store import left
from field_app.store.files import open_file, read_meta
from field_app.store.left import SealedItem
from field_app.store.sealed_rows import SealedRows
from field_app.store.sealed_table import VaultDB
from field_app.vault import generations
from field_app.vault.attempts import Attempts, Clock, Tries
from field_app.vault.errors import (
    CountMissing,
    HeaderRefused,
    NoSuchVault,
    PinFirst,
    TooManyVaults,
    VaultError,
    VaultExists,
    VaultOpen,
)
from field_app.vault.finger import Finger
from field_app.vault.folder import FolderClaim
from field_app.vault.generations import Keys, Stretched
from field_app.vault.hardware import OLDER_COPY, KeyStoreEntries
from field_app.vault.header import (
    FILE_NAME,
    HEADER,
    Header,
    Listed,
    header_of,
    headers_in,
    listed_in,
    planned,
    read_header,
)
from field_app.vault.keys import Stretching, calibrated, handed_on, in_hand
from field_app.vault.open_vault import OpenVault
from field_app.vault.pins import LEAST_DIGITS, accept_passphrase, accept_pin
from field_app.vault.row_seal import VaultSeal
from field_app.vault.secrets import SecretStore

_VAULT_ID: Final = re.compile(r"[0-9a-f]{32}")  # header.planned
MOST_VAULTS: Final = 6
"""Ours, until the force's policy says otherwise."""


class Vaults:
    """Every vault in one data folder, which is claimed for this process until ``close``."""

    def __init__(
        self,
        folder: Path,
        secrets: SecretStore,
        *,
        clock: Clock | None = None,
        weak_stretching_for_tests: Stretching | None = None,
    ) -> None:
        self._claim = FolderClaim(folder)
        self._folder = folder / "vaults"
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._secrets = secrets
        self._clock = clock or Clock()
        self._most, self._least_digits, self._finger_hours = MOST_VAULTS, LEAST_DIGITS, 0
        self._weak = weak_stretching_for_tests
        self._open: dict[str, OpenVault] = {}
        self._recovery: KemPublic | None = None
        secrets.tidy()

    def recoverable_by(self, recovery: KemPublic | None) -> None:
        """From now on the force opens vaults with this key, as its signed directory says; None: not known.

        It is never taken from a vault's own file, which says in the clear to whom its key is sealed.
        """
        self._recovery = recovery

    def allow(self, most: int, least_digits: int, finger_hours: int = 0) -> None:
        """From now on hold at most so many, new PINs at least so long, a finger good for so many hours."""
        self._most, self._least_digits, self._finger_hours = most, least_digits, finger_hours

    # ---- what the lock screen asks -------------------------------------------------------------

    def officers(self) -> tuple[Listed, ...]:
        """The names that officers chose to be listed under, oldest vault first.

        A damaged vault is listed last, so that unlocking says what is wrong; it keeps nobody else out.
        """
        return listed_in(self._folder)

    def tries(self, vault_id: str) -> Tries:
        """How many tries are left at a vault, and how long until the next."""
        self._path(vault_id)
        return self._attempts(vault_id).standing()

    # ---- making, opening, changing -------------------------------------------------------------

    def create(
        self, *, officer: str, display_name: str, pin: str, first: Callable[[VaultDB], None] | None = None
    ) -> OpenVault:
        """Make an officer's vault and open it. The force can open it too, if its recovery key is known.

        What ``first`` puts into it is there from the beginning: cut short, there is no vault at all.
        """
        self._accept(pin)
        existing, unreadable = headers_in(self._folder)
        if any(header.officer == officer for header in existing):
            raise VaultExists
        if len(existing) + len(unreadable) >= self._most:
            raise TooManyVaults(self._most)
        plan = planned(officer, display_name)
        vault_id = plan.vault.hex()
        with in_hand(self._stretched(pin)) as stretched:
            header, rows = generations.made(
                plan,
                stretched,
                folder=self._folder,
                entries=self._entries(vault_id),
                attempts=self._attempts(vault_id),
                recovery=self._recovery,
                first=first,
            )
        return self._opened(header, rows)

    def unlock(self, vault_id: str, pin: str) -> OpenVault:
        """Open a vault; an older copy of its file opens read-only, see ``OpenVault.rolled_back``.

        Raises WrongPin, WaitFirst, VaultLocked or HeaderRefused; the store NewerStore or StoreTampered.
        """
        with self._to_be_opened(vault_id) as conn:
            header, stretched, keys = self._try(conn, vault_id, pin)
            with in_hand(stretched):
                rows = self._whole(conn, vault_id, keys.seal(header.vault))
                return self._entered(header, rows, stretched)

    def confirm(self, vault_id: str, pin: str) -> None:
        """See that whoever holds the device knows the PIN of a vault that is open already.

        Wrong tries count and raise as on the lock screen; after the last, whoever asked locks the vault.
        """
        with closing(open_file(self._path(vault_id))) as conn:
            _, stretched, keys = self._try(conn, vault_id, pin)
        stretched.scrub()
        keys.scrub()

    def change_pin(self, vault_id: str, old: str, new: str) -> None:
        """Open with the old PIN from now on no longer, but with the new one. All keys change with it."""
        self._accept(new)
        with self.unlock(vault_id, old) as opened:
            header = read_header(read_meta(opened.db.rows.connection, HEADER), of=vault_id)
            self.finger(vault_id).forget()
            with in_hand(self._stretched(new)) as stretched:
                self._rekey(opened.db.rows, header, stretched)

    # ---- a finger in place of the PIN ----------------------------------------------------------

    def finger(self, vault_id: str) -> Finger:
        """What opens this vault without its PIN, if the force allows it and the platform can."""
        self._path(vault_id)
        return Finger(self._secrets, self._entries(vault_id).finger, self._clock, self._finger_hours)

    def turn_finger_on(self, vault_id: str, pin: str) -> None:
        """From now on a finger opens this vault, which is open, too. Raises what ``confirm`` raises."""
        self.confirm(vault_id, pin)
        self._keep_finger(self.header(vault_id), self._open[vault_id].db.rows)

    def unlock_by_finger(self, vault_id: str, released: str | None) -> OpenVault:
        """Open a vault with what its officer's finger has released. It costs no try, and gives none back.

        Raises PinFirst, and what ``unlock`` raises for anything but a wrong PIN.
        """
        with self._to_be_opened(vault_id) as conn:
            self._claim.hold()
            header, entries = self._header(conn, vault_id), self._entries(vault_id)
            generations.left(self._attempts(vault_id), entries)
            with in_hand(entries.matching(header, read_meta(conn, HEADER) or b"")) as hardware:
                keys = self.finger(vault_id).keys(header, hardware, released)
            rows = self._whole(conn, vault_id, keys.seal(header.vault))
            with handed_on(rows.seal):
                # Its officer is told what became of an older copy, and keys change, with the PIN alone.
                if rows.rolled_back is not None or entries.begins_anew(rows.counter):
                    raise PinFirst
                return self._opened(header, rows, by_finger=True)

    # ---- when the PIN or the key store is lost -------------------------------------------------

    def header(self, vault_id: str) -> Header:
        """Whose vault this is, and its key as only the force's recovery holder can read it."""
        with closing(open_file(self._path(vault_id))) as conn:
            return read_header(read_meta(conn, HEADER), of=vault_id)

    def recover(self, vault_id: str, sealed_to_device: bytes, *, key: KemKey, pin: str) -> OpenVault:
        """Open a vault with its key as the recovery holder sealed it to this device; set a new PIN.

        Raises HeaderRefused where its file is an older copy that the force has not accepted; it is told.
        """
        self._accept(pin)
        self._claim.hold()
        with self._to_be_opened(vault_id) as conn:
            header = self._header(conn, vault_id)
            generations.must_be_known(self._recovery, header)
            keys = generations.recovered(header, open_on_device(key, sealed_to_device, header.vault))
            rows = self._whole(conn, vault_id, keys.seal(header.vault))
            if rows.rolled_back is not None:
                rows.seal.scrub()
                self._entries(vault_id).note_older(rows.counter)
                raise HeaderRefused(OLDER_COPY)
            with in_hand(self._stretched(pin)) as stretched:
                return self._entered(header, rows, stretched, recovered=True)

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
        try:
            if vault_id in self._open:
                self._open[vault_id].lock()
        finally:
            self._entries(vault_id).erase_secret()

    def purge(self, vault_id: str) -> None:
        """Remove a vault for good: its keys first, then its file. Only the force orders this."""
        path = self._path(vault_id)
        try:
            if vault_id in self._open:
                self._open[vault_id].lock()
        finally:
            self._entries(vault_id).erase_all()
        shutil.rmtree(path.parent)

    def close(self) -> None:
        """Lock every vault and let go of the data folder."""
        with ExitStack() as each:  # one that fails holds up none of the others
            each.callback(self._claim.release)
            for opened in list(self._open.values()):
                each.callback(opened.lock)

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

    def _stretched(self, pin: str) -> Stretched:
        return Stretched.from_pin(pin, self._weak or calibrated())

    def _attempts(self, vault_id: str) -> Attempts:
        return Attempts(self._secrets, self._entries(vault_id).tries, self._clock)

    def _entries(self, vault_id: str) -> KeyStoreEntries:
        return KeyStoreEntries(self._secrets, vault_id)

    def _path(self, vault_id: str) -> Path:
        path = self._folder / vault_id / FILE_NAME
        if not _VAULT_ID.fullmatch(vault_id) or not path.is_file():
            raise NoSuchVault
        return path

    @contextmanager
    def _to_be_opened(self, vault_id: str) -> Iterator[sqlite3.Connection]:
        """The file of a vault that is locked; closed again where it cannot be opened."""
        path = self._path(vault_id)
        if vault_id in self._open:
            raise VaultOpen
        conn = open_file(path)
        try:
            yield conn
        except BaseException:
            conn.close()
            raise

    def _header(self, conn: sqlite3.Connection, vault_id: str) -> Header:
        return header_of(vault_id, read_meta(conn, HEADER), weak=self._weak)

    def _try(self, conn: sqlite3.Connection, vault_id: str, pin: str) -> tuple[Header, Stretched, Keys]:
        self._claim.hold()
        header, entries = self._header(conn, vault_id), self._entries(vault_id)
        hardware = entries.matching(header, read_meta(conn, HEADER) or b"")
        what = "passphrase" if self._secrets.demands_passphrase else "PIN"
        tries = self._attempts(vault_id)
        return header, *generations.tried(pin, header, hardware, attempts=tries, entries=entries, what=what)

    def _entered(
        self, header: Header, rows: SealedRows, stretched: Stretched, *, recovered: bool = False
    ) -> OpenVault:
        """What an unlock ends with: new keys after a recovery, and after something was erased.

        And where an older copy was accepted: the file that was given up could else be put back unseen.
        """
        vault_id = header.vault.hex()
        entries = self._entries(vault_id)
        try:
            if recovered:  # first: cut short, the new secret would be erased for the old wrong tries
                self._attempts(vault_id).clear()
                self.finger(vault_id).forget()
            entries.note_older(rows.counter if rows.rolled_back else None)
            anew = entries.begins_anew(rows.counter)
            due = generations.is_due(rows, header, self._recovery)
            if rows.rolled_back is None and (recovered or anew or due):
                header = self._rekey(rows, header, stretched)
            with suppress(VaultError, OSError):  # then the PIN opens it, as it has just now
                if self.finger(vault_id).is_on:
                    self._keep_finger(header, rows)
            return self._opened(header, rows, begins_anew=anew)
        except BaseException:
            rows.seal.scrub()
            raise

    def _rekey(self, rows: SealedRows, header: Header, stretched: Stretched) -> Header:
        entries = self._entries(header.vault.hex())
        return generations.changed(rows, header, stretched, recovery=self._recovery, entries=entries)

    def _keep_finger(self, header: Header, rows: SealedRows) -> None:
        """The PIN was given just now. Not for an older copy: nobody may know yet that it is one."""
        if rows.rolled_back is None:
            vault_id = header.vault.hex()
            with in_hand(self._entries(vault_id).matching(header, header.to_bytes())) as hardware:
                self.finger(vault_id).keep(header, hardware, cast(VaultSeal, rows.seal))

    def _whole(self, conn: sqlite3.Connection, vault_id: str, seal: VaultSeal) -> SealedRows:
        """The rows of a vault whose keys are known. Of one that is refused no key stays in memory."""
        entries = self._entries(vault_id)
        with handed_on(seal):
            rows = SealedRows.whole(conn, seal, entries)
            try:
                rows.compare(entries.highest())
            except CountMissing:
                # Nobody can say whether it is an older copy: the force is asked, as for one.
                entries.note_older(rows.counter)
                raise
        return rows

    def _opened(
        self, header: Header, rows: SealedRows, *, begins_anew: bool = False, by_finger: bool = False
    ) -> OpenVault:
        vault_id = header.vault.hex()
        opened = OpenVault(
            id=vault_id,
            officer=header.officer,
            display_name=header.display_name,
            db=VaultDB(rows),
            on_lock=partial(self._forget, vault_id),
            begins_anew=begins_anew,
            by_finger=by_finger,
        )
        self._open[vault_id] = opened
        return opened

    def _forget(self, vault_id: str) -> None:
        opened = self._open.pop(vault_id, None)
        if opened is not None and opened.begins_anew and opened.rolled_back is None:
            self._entries(vault_id).gone_on()
