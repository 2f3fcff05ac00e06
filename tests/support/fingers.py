"""A phone whose key store asks for a finger, as Apple's does: it may refuse, forget, or say nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from field_app.vault.open_vault import OpenVault
from field_app.vault.platform_secrets import PlatformAskingStore
from field_app.vault.vaults import Vaults
from tests.support.vaults import PIN, MemorySecrets, SetClock, locked_vault, vaults_in

HOURS = 8


@dataclass
class FingerStorage:
    """The platform's storage of what it gives to a known finger only. ``asked``: how often somebody was.

    ``refuses``: nobody shows a finger that is known. ``says_nothing``: so many answers of nothing at random.
    """

    kept: dict[str, str] = field(default_factory=dict, repr=False)
    asked: int = 0
    refuses: bool = False
    says_nothing: int = 0
    broken: bool = False

    async def get(self, key: str) -> str | None:
        """Ask for a finger. What is not there asks for none."""
        if key not in self.kept:
            return None
        self.asked += 1
        if self.refuses:
            raise RuntimeError("Code: -128, Message: User canceled the operation.")
        if self.says_nothing:
            self.says_nothing -= 1
            return None
        return self.kept[key]

    async def set(self, key: str, value: str) -> None:
        """Keep it; to change what is there asks for a finger."""
        self._may_break()
        self.asked += key in self.kept
        self.kept[key] = value

    async def remove(self, key: str) -> None:
        """Keep it no longer."""
        self._may_break()
        self.kept.pop(key, None)

    async def contains_key(self, key: str) -> bool:
        """Whether it is kept."""
        return key in self.kept

    def other_fingers(self) -> None:
        """Somebody sets up another finger on the device: what was kept for those before is gone."""
        self.kept.clear()

    def _may_break(self) -> None:
        if self.broken:
            raise RuntimeError("the platform said no")


def run(answer: Awaitable[Any]) -> Any:
    """Wait for a coroutine's result."""

    async def waiting() -> Any:
        return await answer

    return asyncio.run(waiting())


def asking(storage: FingerStorage) -> PlatformAskingStore:
    """The app's own way to ask that storage."""
    return PlatformAskingStore(storage, run)


@dataclass
class Phone:
    """A phone that asks for fingers, with one officer's vault on it."""

    folder: Path
    storage: FingerStorage
    secrets: MemorySecrets
    clock: SetClock
    vaults: Vaults
    vault: str

    @property
    def name(self) -> str:
        """What the entries are called, in both stores."""
        return f"vault.{self.vault}.finger"

    @property
    def opens(self) -> bool:
        """Whether the lock screen would offer it."""
        return self.vaults.finger(self.vault).opens()

    @property
    def is_on(self) -> bool:
        """Whether its officer wants it."""
        return self.vaults.finger(self.vault).is_on

    def turn_on(self) -> None:
        """As on the page "This phone"."""
        with self.vaults.unlock(self.vault, PIN):
            self.vaults.turn_finger_on(self.vault, PIN)

    def by_finger(self) -> OpenVault:
        """As on the lock screen."""
        return self.vaults.unlock_by_finger(self.vault, self.vaults.finger(self.vault).ask())

    def nothing_is_left(self) -> bool:
        """Neither what a finger releases nor the copy of the key."""
        return not self.storage.kept and "vk" not in self.secrets.kept.get(self.name, "")


@contextmanager
def a_phone(folder: Path, hours: int = HOURS) -> Iterator[Phone]:
    """With a vault in which a draft lies, locked."""
    storage, clock = FingerStorage(), SetClock()
    secrets = MemorySecrets(asking=asking(storage))
    with vaults_in(folder, secrets=secrets, clock=clock) as vaults:
        vaults.allow(6, 6, hours)
        yield Phone(folder, storage, secrets, clock, vaults, locked_vault(vaults))
