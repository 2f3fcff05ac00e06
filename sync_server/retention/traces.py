"""That traces are still to be erased, kept in the data folder: a process may die before it has done it.

What was destroyed lies in the database's files until they are written anew, which is done after the
transaction. Noted before it, so that no death in between leaves them there for good.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sync_server.retention.ledger import OWNER_ONLY

FILE = "traces_due"


@dataclass(frozen=True, slots=True)
class Traces:
    """Whether there may be any, of a data folder."""

    folder: Path

    @property
    def path(self) -> Path:
        """Where it is noted."""
        return self.folder / FILE

    @property
    def due(self) -> bool:
        """Whether something was destroyed, or nearly, and its traces were not erased since."""
        return self.path.exists()

    def note(self) -> None:
        """There will be some; returns once that is on the disk."""
        for where, how in ((self.path, os.O_WRONLY | os.O_CREAT), (self.folder, os.O_RDONLY)):
            handle = os.open(where, how, OWNER_ONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def erased(self) -> None:
        """There are none any more."""
        self.path.unlink(missing_ok=True)
