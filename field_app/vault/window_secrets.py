"""The key store of whatever shows the app. Only a window can ask it, and the app is there before that."""

from __future__ import annotations

from typing import Any

from field_app.vault.errors import SecretsUnreadable
from field_app.vault.platform_secrets import PlatformSecretStore, Run
from field_app.vault.secrets import AskingStore


class WindowSecretStore:
    """The phone's own key store, from the moment a window reaches it; before that nothing can be read."""

    label = ""
    demands_passphrase = False

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._reached: PlatformSecretStore | None = None

    def reach(self, kit: Any, run: Run) -> None:
        """Go through this window from now on. It waits for the window: never on the window's own thread."""
        self._reached = PlatformSecretStore.opened(kit, run, platform=self._platform)

    @property
    def asking(self) -> AskingStore | None:
        """What it keeps behind a finger or a face."""
        return self._reached.asking if self._reached else None

    def get(self, name: str) -> str | None:
        """What is kept under that name."""
        return self._store.get(name)

    def set(self, name: str, value: str) -> None:
        """Keep it, and see that it is kept."""
        self._store.set(name, value)

    def remove(self, name: str) -> None:
        """Keep it no longer, and see that it is gone."""
        self._store.remove(name)

    def tidy(self) -> None:
        """The platform leaves nothing half done."""

    @property
    def _store(self) -> PlatformSecretStore:
        if self._reached is None:
            raise SecretsUnreadable("no window has reached it yet")
        return self._reached
