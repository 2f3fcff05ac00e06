"""What a review says first: what cannot wait, and what goes now where only that the child is back does."""

from __future__ import annotations

from typing import Final

# -- what cannot wait --------------------------------------------------------------------------------
DO_AT_ONCE: Final = "Cannot wait"
NEEDED_NOW: Final = "Needed now"
REST_CAN_FOLLOW: Final = (
    "The rest of the record can follow: after the calls, send it as an emergency, and add to it later."
)
THEN_THE_REST: Final = "the rest can follow"

# -- only "found" ------------------------------------------------------------------------------------
ONLY_FOUND: Final = "Only “found” goes now"
ONLY_FOUND_HELP: Final = (
    "When and where, how the child is, and who the child is with: with that the council gets its notice. "
    "The rest of the check goes on here, and is sent when it is done."
)
NEEDED_FOR_FOUND: Final = "Needed for “found”"
SEND_ONLY_FOUND: Final = "Send “found” now"
THE_CHECK_GOES_ON: Final = "the rest of the check goes on here"


def answer_now(count: int) -> str:
    """What the review's button says where some of the answers cannot wait."""
    return f"Answer the {count} needed now" if count > 1 else "Answer the one needed now"
