"""The line to the force, as far as this window knows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from field_app.store.room import PLENTY, Room
from field_app.sync import news as heard
from field_app.ui import screen_words as words


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

    def once_locked(self) -> Line:
        """What of it is nobody's work: when the force was heard last, and that it is not."""
        return Line(heard_at=self.heard_at, silent_since=self.silent_since, because=self.because)

    @property
    def is_open(self) -> bool:
        """Whether the force was heard and nothing has come between since: what is sent now goes now."""
        return self.heard_at is not None and self.silent_since is None and not self.stopped


def after(line: Line, news: heard.News, now: datetime) -> Line:
    """The line once this was heard; the very same where it says nothing of the line.

    What the force has answered proves that it is there, long before the first round is over. That a record
    needs attention proves nothing: its sealed copy may be gone here.
    """
    match news:
        case (
            heard.UpToDate() | heard.Received() | heard.StatusChanged() | heard.AttachmentSettled(sent=True)
        ):
            at, signed_in = (news.at, True) if isinstance(news, heard.UpToDate) else (now, False)
            sign_in = line.sign_in and not signed_in
            return replace(line, heard_at=at, silent_since=None, because=None, sign_in=sign_in)
        case heard.Waiting(reason, _):
            since = line.silent_since or line.heard_at or now  # nobody knows of a moment in between
            return replace(line, silent_since=since, because=reason)
        case heard.SignInNeeded():
            return replace(line, sign_in=True)
        case heard.UpdateNeeded():
            return replace(line, stopped=words.APP_TOO_OLD, too_old=True)
        case heard.DeviceStopped():
            return replace(line, stopped=words.DEVICE_STOPPED)
        case _:
            return line
