"""An officer's vault, made: its secret in the key store first, then its file. Cut short, nothing opens."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from booklets.sealing.hpke import KemPublic
from field_app.store.files import open_file
from field_app.store.plain_files import settle
from field_app.store.sealed_rows import SealedRows
from field_app.store.sealed_table import VaultDB
from field_app.vault.attempts import Attempts
from field_app.vault.generations import Keys, Stretched, generation
from field_app.vault.hardware import KeyStoreEntries
from field_app.vault.header import HEADER, Header
from field_app.vault.keys import FLOOR
from field_app.vault.listing import FILE_NAME
from field_app.vault.row_seal import VaultSeal


def a_plan(officer: str, display_name: str) -> Header:
    """Who and what a new vault is for; how it is unlocked is not said yet."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return Header(os.urandom(16), officer, display_name, now, 1, FLOOR, b"", b"", b"")


@dataclass(frozen=True, slots=True)
class Making:
    """One vault that is to be: its plan, the folder of all vaults, and its entries in the key store."""

    plan: Header
    folder: Path
    entries: KeyStoreEntries
    attempts: Attempts

    def vault(
        self,
        stretched: Stretched,
        *,
        recovery: KemPublic | None,
        first: Callable[[VaultDB], None] | None,
    ) -> tuple[Header, SealedRows]:
        """The vault, open. Where it cannot be made no key of it stays in memory."""
        keys = Keys.fresh()
        seal = keys.seal(self.plan.vault)
        try:
            header, hardware = generation(self.plan, keys, stretched, recovery=recovery)
            try:
                self.entries.begin(hardware)
            finally:
                hardware.scrub()
            self.attempts.clear()
            return header, self._rows(header, seal, first)
        except BaseException:
            seal.scrub()
            raise

    def _rows(self, header: Header, seal: VaultSeal, first: Callable[[VaultDB], None] | None) -> SealedRows:
        own = self.folder / header.vault.hex()
        own.mkdir(mode=0o700)
        conn = open_file(own / FILE_NAME)
        try:
            for holds_a_name in (own, self.folder, self.folder.parent):
                settle(holds_a_name)  # a power cut must not take away what is said to be there
            return SealedRows.begun(
                conn,
                seal,
                self.entries,
                meta={HEADER: header.to_bytes()},
                first=None if first is None else lambda rows: first(VaultDB(rows)),
            )
        except BaseException:
            conn.close()
            raise
