"""When the keys of a vault change, and how: all wrapped anew, sealed to the force's present recovery key.

Whose key that is comes from the force's signed directory. The file names one too, in the clear; who has the
file in hand could write their own name there, and would be given the next keys.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from booklets.sealing.hpke import KemPublic
from field_app.store.sealed_rows import SealedRows
from field_app.vault.errors import RecoveryKeyUnknown
from field_app.vault.generations import Keys, Stretched, generation
from field_app.vault.hardware import KeyStoreEntries
from field_app.vault.header import HEADER, Header
from field_app.vault.row_seal import VaultSeal


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


def keys_changed(
    rows: SealedRows,
    header: Header,
    stretched: Stretched,
    *,
    recovery: KemPublic | None,
    entries: KeyStoreEntries,
) -> Header:
    """New keys for what is open, under this PIN. Cut short anywhere, the old ones open it or the new."""
    must_be_known(recovery, header)
    keys = Keys.fresh()
    before, after = cast(VaultSeal, rows.seal), keys.seal(header.vault)
    plan = replace(header, gen=header.gen + 1)
    try:
        fresh, hardware = generation(plan, keys, stretched, recovery=recovery)
        try:
            entries.propose(hardware)
            rows.rekey(
                after,
                lambda tbl, rid, wrapped: before.rewrap(tbl, rid, wrapped, after=after),
                meta={HEADER: fresh.to_bytes()},
            )
            entries.promote(hardware)
        finally:
            hardware.scrub()
    except BaseException:
        after.scrub()
        raise
    return fresh
