"""What one run has learnt of the time, kept for the next: after a restart the wall is not believed again."""

from __future__ import annotations

from typing import Final

from booklets.stamps import Confidence
from field_app.sync.clocks import Offset, ServerClock
from field_app.vault.secrets import SecretStore

CLOCK: Final = "device.clock"
WORTH_KEEPING_MS: Final = 1000


def remembered_clock(secrets: SecretStore) -> ServerClock:
    """The clock, with what an earlier run had learnt."""
    kept = secrets.get(CLOCK)
    if kept is None or not kept.lstrip("-").isdecimal():
        return ServerClock()
    return ServerClock(remembered=Offset(int(kept), Confidence.ESTIMATED))


def remember_clock(secrets: SecretStore, clock: ServerClock) -> None:
    """Keep the offset for the next run, when it is another than the one kept. On the keeper's thread."""
    offset, kept = clock.offset, secrets.get(CLOCK)
    if offset.confidence is not Confidence.DEVICE and (
        kept is None or abs(int(kept) - offset.offset_ms) > WORTH_KEEPING_MS
    ):
        secrets.set(CLOCK, str(offset.offset_ms))
