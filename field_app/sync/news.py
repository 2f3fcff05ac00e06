"""What the courier tells the screen: ids, codes and times; nothing that an officer wrote.

Told from the courier's own thread: whoever listens carries it over to the screen's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Because(StrEnum):
    """Why the courier waits before it tries again."""

    NO_SIGNAL = "no_signal"
    SERVER_BUSY = "server_busy"
    NOT_OUR_SERVER = "not_our_server"
    CLOCK = "clock"
    STORAGE = "storage"


@dataclass(frozen=True, slots=True)
class Sending:
    """This revision is on its way."""

    record: str
    rev: int


@dataclass(frozen=True, slots=True)
class Received:
    """The force has it: the receipt was verified and is kept. ``at`` is the server's time."""

    record: str
    rev: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AttachmentSettled:
    """An attachment of this record is with the force, or is kept here because a person must look."""

    record: str
    sent: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something did not get through, and goes by itself at about this time of the device's clock."""

    reason: Because
    next_try: datetime


@dataclass(frozen=True, slots=True)
class NeedsAttention:
    """The server keeps this revision, but a person must look. ``says`` are the server's own words."""

    record: str
    rev: int
    code: str
    says: str


@dataclass(frozen=True, slots=True)
class SignInNeeded:
    """Nothing goes until the officer signs in again."""


@dataclass(frozen=True, slots=True)
class UpdateNeeded:
    """Nothing goes until the app is updated, to this version if it is known."""

    minimum: str


@dataclass(frozen=True, slots=True)
class DeviceStopped:
    """The force does not know this device, or has stopped it (``revoked``), perhaps with a signed order."""

    revoked: bool
    order: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class AccessChanged:
    """Whether this device opens for its officers is another than before: they see another screen."""


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """News of a record has been stored on this device. ``state`` is a code, empty if none was sent."""

    kind: str
    record: str
    rev: int
    state: str


@dataclass(frozen=True, slots=True)
class DraftsCopied:
    """The force has a sealed copy of each draft, as it lies here."""


@dataclass(frozen=True, slots=True)
class UpToDate:
    """A round went through: nothing waits, and the news is as new as the server's at this time."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Stopped:
    """The courier has ended. ``asked`` is False if it ended by itself, which is a mistake of ours."""

    asked: bool


News = (
    Sending
    | Received
    | AttachmentSettled
    | Waiting
    | NeedsAttention
    | SignInNeeded
    | UpdateNeeded
    | DeviceStopped
    | AccessChanged
    | StatusChanged
    | DraftsCopied
    | UpToDate
    | Stopped
)

CHANGES_LISTS = Received | NeedsAttention | StatusChanged | AttachmentSettled | DraftsCopied
"""After these the lists of an officer say something else."""
