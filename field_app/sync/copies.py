"""The sealed copies of what was received: kept until a backup of the force has it, and sent again if lost.

A force whose server had to be put back from a backup lacks what came after that backup. Then it asks for
those bytes again, and this device sends them as it did the first time. A copy is never needed to be read
here: nobody can.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from field_app.sync.client import SyncClient
from field_app.sync.desk import Copy, Desk, Signed
from field_app.sync.failures import NotOurServer, Refused

log = logging.getLogger(__name__)

AT_ONCE: Final = 100


def look_after_copies(client: SyncClient, desk: Desk, officer: Signed) -> int:
    """Let go of what is safe at the force, and send again what it has lost; how many were sent."""
    kept = desk.outgoing.copies()
    return sum(_some(client, desk, officer, kept[at : at + AT_ONCE]) for at in range(0, len(kept), AT_ONCE))


def _some(client: SyncClient, desk: Desk, officer: Signed, kept: Sequence[Copy]) -> int:
    by_sum = {one.sha256: one for one in kept}
    try:
        said = client.copies(tuple(by_sum))
    except Refused as why:  # a server of an earlier version knows no such question
        log.info("copies_not_asked why=%s", why.code)
        return 0
    sent = [
        _sent_again(client, desk, officer, by_sum[one]) for one in said.texts("missing") if one in by_sum
    ]
    desk.outgoing.safe([by_sum[one] for one in said.texts("safe") if one in by_sum])
    return sum(sent)


def _sent_again(client: SyncClient, desk: Desk, officer: Signed, one: Copy) -> bool:
    """Send the same bytes again. Whatever is said of them, the copy stays until a backup has it."""
    sealed = desk.outgoing.sealed_copy(one)
    if sealed is None:
        return False
    try:
        officer.asks(lambda session: client.submit(sealed, record=one.record, rev=one.rev, session=session))
    except (Refused, NotOurServer) as why:
        log.warning("copy_not_taken record=%s rev=%d why=%s", one.record, one.rev, type(why).__name__)
        return False
    return True
