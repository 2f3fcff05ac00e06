"""A vault's keys, changed under kill -9: a new PIN, and a PIN that the force gave back.

The device dies just before each thing that the key store asks of the disk: a file made sure of, given a
second name, put in place of another, taken away. Whoever knows a PIN, or holds the force's answer, must get
in afterwards and find the draft. The control takes the new secret for the present one before the file has
changed: a kill in between shuts everybody out.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final, cast

from booklets.sealing import KemKey, open_as_holder, seal_back
from faults.trials import Trial
from field_app.store.drafts import DraftStore
from field_app.store.sealed_rows import SealedRows
from field_app.vault.errors import VaultError, VaultLocked, WrongPin
from field_app.vault.generations import Keys, Stretched, generation
from field_app.vault.header import HEADER, Header
from field_app.vault.keys import Stretching
from field_app.vault.row_seal import VaultSeal
from field_app.vault.secrets import DemoSecretStore
from field_app.vault.vaults import Vaults

CHEAP: Final = Stretching(memory=8, passes=1, lanes=1)
PIN: Final = "582014"
NEW_PIN: Final = "710583"
DRAFT: Final = {"id": "a", "said": "what was not sent yet"}
FORCE: Final = KemKey.from_private(1, bytes(range(32)))
DEVICE: Final = KemKey.from_private(1, bytes(range(1, 33)))
ANSWER: Final = "answer"
NEW, BACK, CONTROL = "new_pin", "given_back", "control"
ASKED: Final = ("fsync", "link", "replace", "unlink")
"""What a key store in files asks of the disk; between two of these a kill changes nothing."""

MOMENTS: Final = 66
"""More than any of these changes has: beyond the last the child finishes, which is tried as well."""


def run(full: bool) -> Iterator[dict[str, Any]]:
    """Every trial of the keys; ``full`` does each moment again and again."""
    yield asdict(killed_while_keys_change(10 if full else 1))


def killed_while_keys_change(rounds: int) -> Trial:
    """Kill at every moment of both changes: nothing that was saved is out of reach afterwards."""
    lost = sum(_kill(how, moment) for _ in range(rounds) for how in (NEW, BACK) for moment in range(MOMENTS))
    return Trial(
        name="F17 keys.killed_while_they_change",
        tried=rounds * 2 * MOMENTS,
        lost=lost,
        accepted_wrongly=0,
        control=f"the new secret taken first, {MOMENTS} kills",
        control_found=sum(_kill(CONTROL, moment) for moment in range(MOMENTS)),
    )


def _kill(how: str, moment: int) -> bool:
    """Whether one kill left the draft out of reach."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        vault = _prepared(folder, locked=how == BACK)
        command = [sys.executable, "-m", "faults.key_faults", how, str(folder), str(moment)]
        child = subprocess.run(command, check=False)
        if child.returncode not in (0, -signal.SIGKILL):
            raise SystemExit(f"the child of {how} at {moment} ended with {child.returncode}")
        try:
            return not _in_reach(folder, vault)
        except VaultError:
            return True


def _prepared(folder: Path, *, locked: bool) -> str:
    """A vault with one draft; ``locked``: nothing opens it but the force's answer, which lies beside it."""
    with _vaults(folder) as vaults:
        with vaults.create(officer="o", display_name="PC Sample", pin=PIN) as opened:
            DraftStore(opened.db).save(DRAFT)
            DraftStore(opened.db).save(DRAFT | {"id": "erased"})
            DraftStore(opened.db).forget("erased")
        if locked:
            envelope = vaults.header(opened.id).recovery
            if envelope is None:
                raise SystemExit("a vault without a way back")
            vault = bytes.fromhex(opened.id)
            key = open_as_holder(FORCE, envelope.sealed, vault, "o")
            (folder / ANSWER).write_bytes(seal_back(DEVICE.public, key, vault))
            vaults.lock_for_good(opened.id)
        return opened.id


def _in_reach(folder: Path, vault: str) -> bool:
    """Whether a PIN that the officer knows, or the force's answer once more, opens it with the draft."""
    answer = folder / ANSWER
    with _vaults(folder) as vaults:
        try:
            opened = vaults.unlock(vault, NEW_PIN)
        except WrongPin:
            opened = vaults.unlock(vault, PIN)
        except VaultLocked:
            if not answer.exists():
                return False
            opened = vaults.recover(vault, answer.read_bytes(), key=DEVICE, pin=NEW_PIN)
        return DraftStore(opened.db).get("a") == DRAFT


def _vaults(folder: Path) -> Vaults:
    vaults = Vaults(folder, DemoSecretStore(folder / "secrets"), weak_stretching_for_tests=CHEAP)
    vaults.recoverable_by(FORCE.public)
    return vaults


def _die_at(moment: int) -> None:
    """Let the device die just before the disk is asked for something for the n-th time from now on."""
    left = iter(range(moment, -1, -1))

    def dying(ask: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*what: Any, **how: Any) -> Any:
            if next(left, 0) == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return ask(*what, **how)

        return asked

    for name in ASKED:
        setattr(os, name, dying(getattr(os, name)))


class _InTheWrongOrder(Vaults):
    """The control: the new secret takes the old one's place before the file knows of it."""

    def _rekey(self, rows: SealedRows, header: Header, stretched: Stretched) -> Header:
        keys = Keys.fresh()
        before, after = cast(VaultSeal, rows.seal), keys.seal(header.vault)
        plan = replace(header, gen=header.gen + 1)
        fresh, hardware = generation(plan, keys, stretched, recovery=None)
        self._entries(header.vault.hex()).promote(hardware)
        rows.rekey(
            after,
            lambda tbl, rid, wrapped: before.rewrap(tbl, rid, wrapped, after=after),
            meta={HEADER: fresh.to_bytes()},
        )
        return fresh


def _child(how: str, folder: Path, moment: int) -> None:
    """Change the keys, and die on the way."""
    secrets = DemoSecretStore(folder / "secrets")
    made = _InTheWrongOrder if how == CONTROL else Vaults
    with made(folder, secrets, weak_stretching_for_tests=CHEAP) as vaults:
        vaults.recoverable_by(FORCE.public)
        [listed] = vaults.officers()
        _die_at(moment)
        if how == BACK:
            answer = (folder / ANSWER).read_bytes()
            vaults.recover(listed.vault, answer, key=DEVICE, pin=NEW_PIN).lock()
        else:
            vaults.change_pin(listed.vault, PIN, NEW_PIN)


if __name__ == "__main__":
    _child(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
