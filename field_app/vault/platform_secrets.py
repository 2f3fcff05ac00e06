"""The phone's own key store, through flet-secure-storage, with its dangerous defaults turned off.

As it comes, that package erases everything on Android when it meets an error, and on iPhones lets
secrets travel in backups. Both would lose, or leak, an officer's unsent work. The options below are
the only ones this app ever uses; a test reads them from the object itself.

Flet is not imported here: the screen's side hands its module over, and a way to run its coroutines.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from field_app.vault.errors import FingerRefused, SecretsUnreadable
from field_app.vault.secrets import AskingStore

_ASKED: Final = "homeward_finger"
_ASKED_FOR: Final = 60.0
"""Ours: after so many seconds nobody is going to show a finger any more."""
_PROBE: Final = "device.probe"


class AsyncStorage(Protocol):
    """What we use of flet-secure-storage's ``SecureStorage``."""

    async def get(self, key: str) -> str | None:
        """What is kept under that key."""

    async def set(self, key: str, value: str) -> None:
        """Keep it."""

    async def remove(self, key: str) -> None:
        """Keep it no longer."""

    async def contains_key(self, key: str) -> bool:
        """Whether anything is kept under that key."""


Run = Callable[[Awaitable[Any]], Any]
"""Runs a coroutine on the screen's event loop and waits for its result, from the keeper's thread."""


def secure_storage(kit: Any, *, passcode_set: bool = True) -> AsyncStorage:
    """The platform's storage with the options we insist on. ``kit`` is the module flet_secure_storage."""
    reach = kit.KeychainAccessibility
    # PASSCODE exists only on a phone that has a passcode; the other never leaves the device either.
    accessibility = reach.PASSCODE if passcode_set else reach.UNLOCKED_THIS_DEVICE
    storage: AsyncStorage = kit.SecureStorage(
        android_options=kit.AndroidOptions(reset_on_error=False, migrate_on_algorithm_change=True),
        ios_options=kit.IOSOptions(accessibility=accessibility, synchronizable=False),
        macos_options=kit.MacOsOptions(accessibility=accessibility, synchronizable=False),
    )
    return storage


def finger_storage(kit: Any) -> AsyncStorage:
    """Apple's items that are given only to a finger or face that was set up when they were kept.

    The device's passcode gives them to nobody. Android has none that will do: see decision 29.
    """
    storage: AsyncStorage = kit.SecureStorage(
        ios_options=kit.IOSOptions(
            account_name=_ASKED,
            accessibility=kit.KeychainAccessibility.PASSCODE,
            synchronizable=False,
            access_control_flags=[kit.AccessControlFlag.BIOMETRY_CURRENT_SET],
        )
    )
    return storage


class PlatformAskingStore:
    """What the phone gives only to a finger or face that it knows. It asks at every reading, never else."""

    def __init__(self, storage: AsyncStorage, run: Run) -> None:
        self._storage = storage
        self._run = run

    def ask(self, name: str) -> str | None:
        """What is kept. None is believed only where the platform says as well that there is nothing."""
        try:
            value: str | None = self._run(asyncio.wait_for(self._storage.get(name), _ASKED_FOR))
            if value is None and self._run(self._storage.contains_key(name)):
                raise FingerRefused
        except (RuntimeError, OSError, TimeoutError) as error:  # refused, not known, too often, nobody there
            raise FingerRefused from error
        return value

    def keep(self, name: str, value: str) -> None:
        """Keep it. Changing what is there would ask for a finger, and reading it again would too."""
        self.forget(name)
        self._asked_nobody(self._storage.set(name, value))

    def forget(self, name: str) -> None:
        """Keep it no longer."""
        self._asked_nobody(self._storage.remove(name))

    def _asked_nobody(self, answer: Awaitable[Any]) -> None:
        try:
            self._run(answer)
        except (RuntimeError, OSError, TimeoutError) as error:
            raise SecretsUnreadable from error


class PlatformSecretStore:
    """The key store of the phone, asked from the keeper's thread.

    What it gives is checked: some Android phones answer at random that there is nothing, and taking
    that for the truth would make a new device out of an enrolled one.
    """

    label = ""
    demands_passphrase = False

    def __init__(self, storage: AsyncStorage, run: Run, asking: AskingStore | None = None) -> None:
        self._storage = storage
        self._run = run
        self.asking = asking

    @classmethod
    def opened(cls, kit: Any, run: Run, *, platform: str = sys.platform) -> PlatformSecretStore:
        """The key store of this phone, with the strictest options that it can keep.

        No finger where there is no passcode: whoever has the phone could set one up.
        """
        asking = PlatformAskingStore(finger_storage(kit), run) if platform == "ios" else None
        strict = cls(secure_storage(kit), run, asking)
        return strict if strict.works() else cls(secure_storage(kit, passcode_set=False), run)

    def works(self) -> bool:
        """Whether it keeps what it is given."""
        value = os.urandom(8).hex()
        try:
            self.set(_PROBE, value)
            self.remove(_PROBE)
        except SecretsUnreadable:
            return False
        return True

    def get(self, name: str) -> str | None:
        """What is kept under that name; an answer of nothing is asked for twice."""
        value: str | None = self._ask(self._storage.get(name))
        if value is None and self._ask(self._storage.contains_key(name)):
            value = self._ask(self._storage.get(name))
            if value is None:
                raise SecretsUnreadable("it holds an entry but does not give it")
        return value

    def set(self, name: str, value: str) -> None:
        """Keep it, and see that it is kept."""
        self._ask(self._storage.set(name, value))
        if self._ask(self._storage.get(name)) != value:
            raise SecretsUnreadable("it did not keep what it was given")

    def remove(self, name: str) -> None:
        """Keep it no longer, and see that it is gone: one answer that there is nothing is not believed."""
        if self.get(name) is not None or self._ask(self._storage.contains_key(name)):
            self._ask(self._storage.remove(name))
        if self.get(name) is not None:
            raise SecretsUnreadable("it did not let go of what it was to forget")

    def tidy(self) -> None:
        """The platform leaves nothing half done."""

    def _ask(self, answer: Awaitable[Any]) -> Any:
        try:
            return self._run(answer)
        except (RuntimeError, OSError, TimeoutError) as error:  # how Flet reports a platform's refusal
            raise SecretsUnreadable from error
