"""Which system a delivery goes to: the one with an address in the settings, otherwise a folder."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from sync_server.context import Context
from sync_server.forwarding.claiming import Claimed
from sync_server.forwarding.drop_folder import DropFolder
from sync_server.forwarding.http_system import HttpSystem
from sync_server.forwarding.outbox import FORCE_RECORDS
from sync_server.forwarding.systems import ForceSystem

Address = Callable[[Claimed], ForceSystem]


@dataclass(slots=True)
class Addresses:
    """Every system of this server. Connections are kept, so that the next delivery need not greet anew."""

    context: Context
    # By target and not by address: a target is served by one thread at a time, and so is its connection.
    _known: dict[tuple[str, str], HttpSystem] = field(default_factory=dict)
    _making: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, claimed: Claimed) -> ForceSystem:
        """The system that this delivery is for."""
        endpoint = self.context.settings.endpoint(claimed.force, claimed.target)
        if endpoint is None:
            return self._folder(claimed)
        with self._making:
            of = claimed.force, claimed.target
            if of not in self._known:
                self._known[of] = HttpSystem(endpoint, self.context.now)
            return self._known[of]

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
