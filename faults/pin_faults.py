"""Somebody guesses a PIN (F14), with restarts, with the clock moved, and with the files put back.

Whatever they do and in whatever order, ten guesses are all they get, and the tenth locks the vault for good.
The control keeps the count of tries beside the files, so that a copy that is put back brings the tries back.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from faults.store_faults import CHEAP, PIN
from faults.trials import Trial
from field_app.vault.attempts import MOST_TRIES, Clock
from field_app.vault.errors import HeaderRefused, VaultLocked, WaitFirst, WrongPin
from field_app.vault.secrets import DemoSecretStore
from field_app.vault.vaults import Vaults

WRONG: Final = "846203"
ACTS: Final = 300


def run(full: bool) -> Iterator[dict[str, Any]]:
    """Every trial of guessing; ``full`` asks for the large amounts."""
    yield asdict(guessed(200 if full else 15))


def guessed(sequences: int) -> Trial:
    """Guess in so many sequences of acts: never more than ten tries in any, and then nobody gets in."""
    more, not_locked = 0, 0
    for seed in range(sequences):
        guesses, locked = _guess(random.Random(seed), apart=True)
        more += guesses > MOST_TRIES - 1
        not_locked += not locked
    found = sum(_guess(random.Random(seed), apart=False)[0] > MOST_TRIES - 1 for seed in range(3))
    weak = "the count lies beside the files, 3 sequences"
    return Trial("F14 pins.guessed", sequences, not_locked, more, weak, found)


class _Clock(Clock):
    """Two clocks that a thief may move, the second by switching off and on."""

    def __init__(self) -> None:
        self.wall_now, self.boot_now = 1_790_000_000.0, 5_000.0

    def wall(self) -> float:
        """What the device believes the time to be."""
        return self.wall_now

    def since_boot(self) -> float:
        """How long it has been running."""
        return self.boot_now


def _guess(chance: random.Random, *, apart: bool) -> tuple[int, bool]:
    """How many guesses were had, and whether the vault was locked for good at the end."""
    clock = _Clock()
    with tempfile.TemporaryDirectory() as name:
        data, copy = Path(name) / "data", Path(name) / "copy"
        kept = Path(name) / "key store" if apart else data / "key store"
        with _vaults(data, kept, clock) as vaults:
            vault = vaults.create(officer="o", display_name="PC Sample", pin=PIN).id
        shutil.copytree(data, copy)
        guesses = 0
        for _ in range(ACTS):
            _do_something(chance, clock, data, copy)
            with _vaults(data, kept, clock) as vaults:
                try:
                    vaults.unlock(vault, WRONG)
                except WrongPin:
                    guesses += 1
                except (WaitFirst, HeaderRefused):
                    continue
                except VaultLocked:
                    break
        with _vaults(data, kept, clock) as vaults:
            try:
                vaults.unlock(vault, PIN)
            except VaultLocked:
                return guesses, True
            except WaitFirst:
                return guesses, False
        return guesses, False


def _do_something(chance: random.Random, clock: _Clock, data: Path, copy: Path) -> None:
    match chance.randrange(6):
        case 0:
            clock.boot_now = 10.0
        case 1:
            clock.wall_now += chance.choice((-(10**7), -3600, 3600, 10**7))
        case 2:
            shutil.rmtree(data)
            shutil.copytree(copy, data)
        case _:
            passed = chance.choice((1, 30, 900, 3600))
            clock.wall_now += passed
            clock.boot_now += passed


def _vaults(folder: Path, kept: Path, clock: _Clock) -> Vaults:
    secrets = DemoSecretStore(kept)
    return Vaults(folder, secrets, clock=clock, weak_stretching_for_tests=CHEAP)
