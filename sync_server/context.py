"""What one running server holds: its settings, its database, its keys and its clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sync_server.db import Store, open_store
from sync_server.keys import KeyRing
from sync_server.settings import ForcePolicy, Settings, policy_of


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The server's parts. Tests build one in a folder of their own, with a clock that stands still."""

    settings: Settings
    store: Store
    keys: KeyRing
    now: Callable[[], datetime] = _now
    policy: Callable[[str], ForcePolicy] = field(default=policy_of)

    def close(self) -> None:
        """Finish what is being written and let go of the database."""
        self.store.close()


def open_context(
    settings: Settings,
    *,
    now: Callable[[], datetime] = _now,
    policy: Callable[[str], ForcePolicy] = policy_of,
) -> Context:
    """Open the server's data folder: keys and database are made there at the first start."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = KeyRing.open(settings.keys, now())
    return Context(
        settings=settings, store=open_store(settings.database_url), keys=keys, now=now, policy=policy
    )
