"""How often somebody may guess, and how long they must wait (S-04).

The count is kept in the key store, outside the vault, and goes up *before* a PIN is tried: pulling
the battery during a try does not give it back. After the last try the vault's secret is erased, and only
the force can recover it.

A pause has to pass on the wall clock *and* on the clock that runs since the device was started,
so putting the clock forward gains nothing; putting it back, or restarting, begins the pause again.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from field_app.vault.errors import SecretsUnreadable, VaultLocked, WaitFirst
from field_app.vault.secrets import SecretStore

MOST_TRIES: Final = 10
"""Ours: of six digits, ten guesses find one PIN in a hundred thousand."""
FREE_TRIES: Final = 5  # ours: cold fingers slip
PAUSES: Final = (30.0, 60.0, 300.0, 900.0, 3600.0)
"""Seconds after the last free try, and each after that; ours: ten tries take an hour and twenty minutes."""
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_THIS_RUN: Final = os.urandom(16).hex()


class Clock:
    """The two clocks of this device."""

    def wall(self) -> float:
        """Seconds since 1970, as the device believes. Anybody can change it."""
        return time.time()

    def since_boot(self) -> float:
        """Seconds since the device was started, sleep included where the platform counts it."""
        # Apple's, and only there: Python's usual clock stands still while an iPhone sleeps.
        raw = getattr(time, "CLOCK_MONOTONIC_RAW", None)
        clock = getattr(time, "CLOCK_BOOTTIME", raw)
        return time.monotonic() if clock is None else time.clock_gettime(clock)

    def start(self) -> str:
        """Which start of the device this is; where the platform does not say, which start of this app."""
        with suppress(OSError):
            return _BOOT_ID.read_text("ascii").strip()
        return _THIS_RUN


@dataclass(frozen=True, slots=True)
class Tries:
    """How many tries are left, and how many seconds must pass before the next."""

    left: int
    wait: float

    @property
    def locked(self) -> bool:
        """Whether no PIN opens this vault any more."""
        return self.left == 0


class Attempts:
    """The tries at one vault."""

    def __init__(self, secrets: SecretStore, name: str, clock: Clock) -> None:
        self._secrets = secrets
        self._name = name
        self._clock = clock

    def clear(self) -> None:
        """Somebody knew the PIN: the count starts again."""
        self._write(0)

    def count(self) -> None:
        """Count a try, before it is made. Refuses when it is too early, or there are none left."""
        now = self.standing()
        if now.locked:
            raise VaultLocked
        if now.wait:
            raise WaitFirst(now.wait)
        self._write(MOST_TRIES - now.left + 1)

    def standing(self) -> Tries:
        """Where things stand now. A clock that went back begins the pause again."""
        wrong, wall, since_boot = self._read()
        left = max(0, MOST_TRIES - wrong)
        if wrong < FREE_TRIES or not left:
            return Tries(left, 0.0)
        pause = PAUSES[min(wrong - FREE_TRIES, len(PAUSES) - 1)]
        wall_now, boot_now = self._clock.wall(), self._clock.since_boot()
        if wall_now < wall or boot_now < since_boot:
            self._write(wrong)
            return Tries(left, pause)
        waited = min(wall_now - wall, boot_now - since_boot)
        return Tries(left, max(0.0, pause - waited))

    def _read(self) -> tuple[int, float, float]:
        kept = self._secrets.get(self._name)
        if kept is None:  # it is written when a vault is made, so its absence is no fresh start
            raise SecretsUnreadable("the count of tries is missing")
        try:
            found = json.loads(kept)
            return int(found["wrong"]), float(found["wall"]), float(found["since_boot"])
        except (ValueError, KeyError, TypeError) as error:
            raise SecretsUnreadable("the count of tries cannot be read") from error

    def _write(self, wrong: int) -> None:
        now = {"wrong": wrong, "wall": self._clock.wall(), "since_boot": self._clock.since_boot()}
        self._secrets.set(self._name, json.dumps(now))
