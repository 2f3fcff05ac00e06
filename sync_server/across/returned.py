"""R-35, C.6: once a child is back nobody is asked to look for them any more, wherever the return was made.

What belongs to a child who is missing was not done, so it is stopped. What is owed about a child who is back
as well stays open: that the council hears of it, the PPN, what is new about the risk. A return of a child
who has only rung stops nothing (R-08b).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sync_server.across.asked import Over
from sync_server.across.seen import Seen
from sync_server.db.owed import TaskState

WHILE_MISSING: Final = frozenset(
    {
        *("still_missing", "still_missing_high", "circulated_nationally"),
        *("risk_review_high", "risk_review_medium", "high_risk_taken_on", "medium_risk_taken_on"),
        *("home_search_high", "home_search_medium"),
        *("lines_of_enquiry", "enquiries_begun", "begin_enquiries"),
    }
)
"""What nobody has to do any more, by the kind of the task."""


def ended_search(seen: Seen) -> Iterator[Over]:
    """What is over because a return says that the child is back."""
    for episode in seen.episodes:
        back = {seen.child_of(one): one.named for one in reversed(episode.records) if one.says_back}
        for record in episode.records:
            # A brother who ran away with her may still be out there.
            if (returned := back.get(seen.child_of(record))) is not None:
                for one in seen.still_asked(record.record, WHILE_MISSING):
                    yield Over(task=one, status=TaskState.STOPPED, outcome=returned)
