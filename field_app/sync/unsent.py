"""One step of a round: the force gets a sealed copy of what is unsent, so that a lost device loses nothing.

It comes after everything that somebody waits for. A copy that cannot be brought now is brought another time.
"""

from __future__ import annotations

import logging

from field_app.sync.client import SyncClient
from field_app.sync.desk import Desk, Signed
from field_app.sync.failures import Refused
from field_app.sync.news import DraftsCopied
from field_app.sync.tally import Memory

log = logging.getLogger(__name__)


def copy_unsent(client: SyncClient, desk: Desk, officer: Signed, memory: Memory, *, again: bool) -> int:
    """Bring what is not kept there as it is here; how many. ``again`` asks although nothing has changed."""
    there = desk.unsent.there()
    if there is None or (there == memory.copied and not again):
        return 0
    try:
        said = {"drafts": [{"encounter": one, "version": state} for one, state in there.items()]}
        answer = officer.asks(lambda session: client.post("/v1/drafts", said, session=session))
        lacking = answer.texts("lacking")
        brought: list[str] = []
        for one in lacking:
            if desk.hurried():  # a record has come up, and goes first: the rest of this in the next round
                return len(brought)
            if one in there and _brought(client, desk, officer, one, there[one]):
                brought.append(one)
    except Refused as why:  # a server of an earlier version knows no such question
        log.info("drafts_not_copied why=%s", why.code)
        return 0
    if len(brought) == len(lacking):
        memory.copied = there
        desk.unsent.kept(there)
        desk.tell(DraftsCopied())
    return len(brought)


def _brought(client: SyncClient, desk: Desk, officer: Signed, encounter: str, version: int) -> bool:
    sealed = desk.unsent.sealed(encounter, version)
    if sealed is None:  # it was written on meanwhile: its newer state goes with the next round
        return False
    officer.asks(lambda session: client.copy_draft(sealed, session=session))
    return True
