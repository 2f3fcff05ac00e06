"""An upload as a value: who brings which attachment of which record, and how much of it is safe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who brings what: an attachment of a record, its sum and its size as sealed."""

    force: str
    device: str
    officer: str
    record: str
    attachment: str
    sha256: str
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One attachment on its way in; once ``received`` is ``length``, it is kept."""

    id: str
    force: str
    device: str
    record: str
    attachment: str
    sha256: str
    length: int
    received: int
    expires_at: datetime

    @property
    def is_complete(self) -> bool:
        """Whether all of it came, had the sum that was said, and is kept."""
        return self.received == self.length


@dataclass(frozen=True, slots=True)
class Bringer:
    """Which handheld brings it, and who is signed in there."""

    device: str
    officer: str
