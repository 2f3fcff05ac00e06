"""The line to the force, as far as this window knows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from field_app.store.room import PLENTY, Room
from field_app.sync import news as heard


@dataclass(slots=True)
class Line:
    """What the status line knows: saved and heard when, why not, and how much room is left."""

    saved_at: datetime | None = None
    heard_at: datetime | None = None
    silent_since: datetime | None = None
    because: heard.Because | None = None
    sign_in: bool = False
    stopped: str = ""
    trouble: str = ""
    room: Room = PLENTY
    too_old: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the force was heard and nothing has come between since: what is sent now goes now."""
        return self.heard_at is not None and self.silent_since is None and not self.stopped
