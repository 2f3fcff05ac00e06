"""What one running server holds: settings, database, the place for attachments, keys and clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from sync_server import half_restored
from sync_server.beside import Beside, NotWorkedOut, Work
from sync_server.coming import Coming
from sync_server.db import Store, open_store
from sync_server.keeping import KeepingPlace, open_place
from sync_server.keys import KeyRing
from sync_server.settings import ForcePolicy, Settings, policy_of

T = TypeVar("T")
A = TypeVar("A")


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The server's parts. Tests build one in a folder of their own, with a clock that stands still."""

    settings: Settings
    store: Store
    keys: KeyRing
    place: KeepingPlace
    now: Callable[[], datetime] = _now
    policy: Callable[[str], ForcePolicy] = field(default=policy_of)
    beside: Beside | None = None
    coming: Coming = field(default_factory=Coming)

    def worked_out(self, work: Work[A, T], asked: A) -> T:
        """What ``work`` makes of what was asked, in a process beside this one where there is one."""
        if self.beside is not None:
            try:
                return self.beside.work_out(work, asked)
            except NotWorkedOut:
                pass
        with self.store.computing():
            return work(self, asked)

    def close(self) -> None:
        """Finish what is being written and let go of the database."""
        if self.beside is not None:
            self.beside.close()
        self.store.close()


def open_context(
    settings: Settings,
    *,
    now: Callable[[], datetime] = _now,
    policy: Callable[[str], ForcePolicy] = policy_of,
    beside: int = 0,
    half_restored_too: bool = False,
    coming: Coming | None = None,
) -> Context:
    """Open the server's data folder: keys and database are made there at the first start.

    ``beside`` is how many other processes work things out, by the policies of the forces' files. What was
    restored in part is opened by whoever restores it, and by nobody else (raises HalfRestored). Processes
    that answer beside each other share what is ``coming``.
    """
    if not half_restored_too:
        half_restored.demand_whole(settings)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = KeyRing.open(settings.keys, now())
    return Context(
        settings=settings,
        store=open_store(settings.database_url),
        keys=keys,
        place=open_place(settings),
        now=now,
        policy=policy,
        beside=Beside(settings, beside) if beside else None,
        coming=coming or Coming(),
    )
