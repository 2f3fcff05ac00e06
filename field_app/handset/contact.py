"""How long ago this handheld heard its force: by whichever of its two clocks says the longest.

    device.contact  {"at", "latest", "passed", "since_boot"}

The time of day can be put back by anybody, so two things are kept beside the moment of the last contact: the
latest time of day that this device has ever believed in, and how many seconds have passed since on the clock
that runs from each start and that nobody can set. Those are added up from look to look, over every restart.
What passed while the device was switched off is known by the time of day alone.

The entry is written when the device is set up with its force and never removed. So one that is missing,
half removed or damaged is no fresh start: nobody knows how long it was, until the force is heard.
"""

from __future__ import annotations

import json
import math
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from booklets.answers import instant
from field_app.vault.attempts import Clock
from field_app.vault.errors import SecretsUnreadable, VaultError
from field_app.vault.secrets import SecretStore

CONTACT: Final = "device.contact"
WORTH_WRITING: Final = timedelta(minutes=5)
_NEEDED: Final = frozenset({"at", "latest", "passed", "since_boot"})


@dataclass(frozen=True, slots=True)
class _Kept:
    """The entry. ``passed`` had gone by at a look ``since_boot`` after a start."""

    at: datetime
    latest: datetime
    passed: float
    since_boot: float


class LastContact:
    """The entry in the key store. To be asked on the keeper's thread only."""

    def __init__(self, secrets: SecretStore, clock: Clock | None = None) -> None:
        self._secrets = secrets
        self._clock = clock or Clock()

    def begin(self, now: datetime) -> None:
        """This device is set up with its force, which was heard for that."""
        self._write(_Kept(now, now, 0.0, self._clock.since_boot()))

    def heard(self, now: datetime) -> None:
        """The force was heard just now. Written only where that says something new."""
        try:
            kept = self._looked(self._read(), now)
        except (SecretsUnreadable, OSError):
            self.begin(now)
            return
        fresh = timedelta() <= now - kept.at < WORTH_WRITING and kept.latest <= now
        if not fresh or kept.passed >= WORTH_WRITING.total_seconds():
            self.begin(now)

    def silence(self, now: datetime) -> timedelta:
        """For how long the force has not been heard. Raises SecretsUnreadable where nobody can say.

        A look that cannot be written down is none the worse for today; the next one tries again.
        """
        before = self._read()
        kept = self._looked(before, now)
        restarted = kept.since_boot < before.since_boot
        worth = kept.latest - before.latest, timedelta(seconds=kept.passed - before.passed)
        if restarted or max(worth) >= WORTH_WRITING:
            with suppress(VaultError, OSError):
                self._write(kept)
        return max(kept.latest - kept.at, timedelta(seconds=kept.passed))

    def _looked(self, kept: _Kept, now: datetime) -> _Kept:
        """The entry as it stands at this look."""
        running = self._clock.since_boot()
        # After a restart at least as much has passed as the device has been running since.
        passed = running - kept.since_boot if running >= kept.since_boot else running
        return replace(kept, latest=max(now, kept.latest), passed=kept.passed + passed, since_boot=running)

    def _read(self) -> _Kept:
        try:
            return _contact(json.loads(self._secrets.get(CONTACT) or ""))
        except (ValueError, TypeError, OverflowError, RecursionError):
            raise SecretsUnreadable("when the force was last heard is not there") from None

    def _write(self, kept: _Kept) -> None:
        entry = {
            "at": instant(kept.at),
            "latest": instant(kept.latest),
            "passed": kept.passed,
            "since_boot": kept.since_boot,
        }
        self._secrets.set(CONTACT, json.dumps(entry))


def _contact(found: Any) -> _Kept:
    """The entry, if it is one to the last field. Raises ValueError or TypeError."""
    if not isinstance(found, dict) or found.keys() != _NEEDED:
        raise ValueError("not the fields of a contact")
    at, latest = datetime.fromisoformat(found["at"]), datetime.fromisoformat(found["latest"])
    if at.tzinfo is None or latest.tzinfo is None:
        raise ValueError("not moments")
    return _Kept(at, latest, _seconds(found["passed"]), _seconds(found["since_boot"]))


def _seconds(found: object) -> float:
    """Seconds that a timedelta can hold as days."""
    if not isinstance(found, int | float) or isinstance(found, bool) or not 0 <= found < math.inf:
        raise ValueError("not a count of seconds")
    timedelta(seconds=found)  # raises OverflowError
    return float(found)
