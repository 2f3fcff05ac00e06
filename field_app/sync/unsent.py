"""One step of a round: the force gets a sealed copy of what is unsent, so that a lost device loses nothing.

It comes after everything that somebody waits for. A copy that cannot be brought now is brought another time.
"""

from __future__ import annotations

import logging
from itertools import islice

from booklets.handing_on import MOST_COPIES
from field_app.sync.client import SyncClient
from field_app.sync.desk import Desk, Signed
from field_app.sync.failures import Refused, TryLater
from field_app.sync.news import DraftsCopied
from field_app.sync.tally import Memory

log = logging.getLogger(__name__)


def copy_unsent(client: SyncClient, desk: Desk, officer: Signed, memory: Memory, *, again: bool) -> int:
    """Bring what is not kept there as it is here; how many. ``again`` asks although nothing has changed.

    One that is refused, or lost on a line that bears everything else, keeps none of the others back.
    """
    found = desk.unsent.there()
    if found is None or (found == memory.copied and not again):
        return 0
    there = dict(islice(found.items(), MOST_COPIES))
    said = {"drafts": [{"encounter": one, "version": state} for one, state in there.items()]}
    try:
        answer = officer.asks(lambda session: client.post("/v1/drafts", said, session=session))
    except Refused as why:  # a server of an earlier version knows no such question
        log.info("drafts_not_copied why=%s", why.code)
        return 0
    lacking = [one for one in answer.texts("lacking") if one in there]
    brought: set[str] = set()
    for one in lacking:
        if desk.hurried():  # a record has come up, and goes first: the rest of this in the next round
            return len(brought)
        if _brought(client, desk, officer, one, there[one]):
            brought.add(one)
    memory.copied = found
    desk.unsent.kept({one: state for one, state in there.items() if one in brought or one not in lacking})
    desk.tell(DraftsCopied())
    return len(brought)


def _brought(client: SyncClient, desk: Desk, officer: Signed, encounter: str, version: int) -> bool:
    sealed = desk.unsent.sealed(encounter, version)
    if sealed is None:  # it was written on meanwhile: its newer state goes with the next round
        return False
    try:
        officer.asks(lambda session: client.copy_draft(sealed, session=session))
    except Refused as why:
        log.warning("draft_not_copied why=%s", why.code)
        return False
    except TryLater as why:
        if why.whole_line:
            raise
        log.info("draft_not_copied why=%s", why.why)
        return False
    return True
