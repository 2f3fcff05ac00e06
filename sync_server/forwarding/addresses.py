"""Which system a delivery goes to: the one with an address in the settings, otherwise a folder."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from booklets.definitions.leaving import Output
from sync_server.context import Context
from sync_server.forwarding.claiming import Claimed
from sync_server.forwarding.drop_folder import DropFolder
from sync_server.forwarding.http_system import HttpSystem
from sync_server.forwarding.outbox import FORCE_RECORDS, output_of
from sync_server.forwarding.systems import ForceSystem, Never

Address = Callable[[Claimed], ForceSystem]
MOST_KEPT = 64
MUST_BE_KNOWN = frozenset({Output.SCHOOL_NOTICE})
"""What is over for people once it was delivered, so that it is left in no folder that nobody may empty."""


@dataclass(slots=True)
class Addresses:
    """Every system of this server. Connections are kept, so that the next delivery need not greet anew.

    Schools are hundreds, so whichever was not needed for longest is let go. Were it in use all the same, its
    delivery is tried again under the same key.
    """

    context: Context
    # By target and not by address: a target is served by one thread at a time, and so is its connection.
    _known: dict[tuple[str, str], HttpSystem] = field(default_factory=dict)
    _making: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, claimed: Claimed) -> ForceSystem:
        """The system that this delivery is for. Raises Never where a school's is not known any more."""
        endpoint = self.context.settings.endpoint(claimed.force, claimed.target)
        if endpoint is None:
            must_be_known = output_of(claimed.target) in MUST_BE_KNOWN
            if must_be_known and not self.context.settings.reaches(claimed.force, claimed.target):
                raise Never("no_address")
            return self._folder(claimed)
        with self._making:
            of = claimed.force, claimed.target
            system = self._known.pop(of, None) or HttpSystem(endpoint, self.context.now)
            self._known[of] = system  # the last again
            if len(self._known) > MOST_KEPT:
                self._known.pop(next(iter(self._known))).close()
            return system

    def close(self) -> None:
        """Let every connection go."""
        for system in self._known.values():
            system.close()

    def _folder(self, claimed: Claimed) -> DropFolder:
        """A folder per force for its records, and below each other kind one per place."""
        drop = self.context.settings.drop
        if claimed.target == FORCE_RECORDS:
            return DropFolder(drop / claimed.force)
        kind, _, place = claimed.target.partition(":")
        return DropFolder(drop / kind / place)
