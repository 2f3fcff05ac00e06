"""Looks once an hour which records are due for review, and destroys what it was said may go."""

from __future__ import annotations

from dataclasses import dataclass

from sync_server.context import Context
from sync_server.regularly import Regularly
from sync_server.retention.destroying import destroy_due
from sync_server.retention.due import forces, note_due

LOOK_EVERY_S = 3600.0


def look(context: Context) -> int:
    """Look once; how many records were destroyed."""
    gone = destroy_due(context)
    with context.store.read() as connection:
        known = forces(connection)
    for force in known:
        note_due(context, force)
    return gone


@dataclass
class LookAtKept(Regularly):
    """Looks for as long as the server runs."""

    every_s: float = LOOK_EVERY_S
    name = "look_at_kept"

    def look(self) -> None:
        """Look once."""
        look(self.context)
