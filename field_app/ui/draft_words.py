"""What is said of a draft on the worklist, and where what it was begun from says otherwise by now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from field_app.ui.words import clock

SAYS_OTHERWISE: Final = "The check this follows from was corrected"
REST_IS_DRAFT: Final = "the rest of it is a draft here"


def on_card(count: int) -> str:
    """On the card of a draft."""
    if count == 1:
        return "The check this follows from was corrected: 1 answer is another there now"
    return f"The check this follows from was corrected: {count} answers are others there now"


def says_now(said: Sequence[str]) -> str:
    """Under the question that began with the earlier answer."""
    now = "; ".join(said)
    told = f"now says “{now}”" if now else "no longer answers this"
    stop = "" if now.endswith((".", "!", "?", "…", "”")) else "."  # what is quoted ends by itself
    return f"The check this follows from {told}{stop} Change it here if that holds here too."


def needed_left(count: int) -> str:
    """How many answers a draft still lacks before it can be sent."""
    if not count:
        return "nothing more is needed"
    return "1 answer still needed" if count == 1 else f"{count} answers still needed"


def copied(since: datetime | None) -> str:
    """That the force has all of a draft, sealed, should this phone be lost; nothing where it has not."""
    return f"sealed copy at the force {clock(since)}" if since else ""


def pages_done(done: int, pages: int) -> str:
    """Beside the bar of a card: what it counts."""
    return f"{done} of {pages} pages done"


def part_gone(received: datetime | None) -> str:
    """On the card of a draft whose first part has gone: that both are one record."""
    if received is None:
        return "“Child is found” of this waits to be sent. This is the rest of it."
    return f"“Child is found” of this was received {clock(received)}. This is the rest of it."
