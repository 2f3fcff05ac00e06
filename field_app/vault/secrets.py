"""Where small secrets are kept outside the vault: the device's own key store, or a stand-in.

A ``SecretStore`` keeps text under a name. Phones have a real one (``platform_secrets``). A desktop
without one keeps files, which protect nothing from somebody who copies them: so a long passphrase
is demanded there instead of a PIN. The demonstration store takes a PIN all the same, and says on
screen that it protects nothing.
"""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from typing import Final, Protocol

from field_app.store.plain_files import settle, write_over
from field_app.vault.errors import SecretsNotKept

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


class SecretStore(Protocol):
    """Keeps text under a name. ``None`` means: never kept, or removed; trouble reading is raised."""

    @property
    def label(self) -> str:
        """What to tell the officer about this store on screen; empty when there is nothing to warn of."""
        ...

    @property
    def demands_passphrase(self) -> bool:
        """Whether a PIN would be too little, because a thief could copy what is kept here."""
        ...

    def get(self, name: str) -> str | None:
        """What is kept under that name."""
        ...

    def set(self, name: str, value: str) -> None:
        """Keep it, in place of what was there, durably."""
        ...

    def remove(self, name: str) -> None:
        """Keep it no longer. Nothing happens when there was nothing."""
        ...


class _FilesInAFolder:
    """One small file per secret, replaced whole so that a crash leaves the old or the new."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def get(self, name: str) -> str | None:
        """What is kept under that name."""
        try:
            return self._path(name).read_text("utf-8")
        except FileNotFoundError:
            return None

    def set(self, name: str, value: str) -> None:
        """Keep it, in place of what was there, durably. Raises SecretsNotKept, and the old one stays."""
        path = self._path(name)
        try:
            self._replace(path, value)
        except OSError as error:
            raise SecretsNotKept from error

    def _replace(self, path: Path, value: str) -> None:
        fresh = path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(value)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        settle(self._folder)

    def remove(self, name: str) -> None:
        """Overwrite it, then remove it."""
        with contextlib.suppress(FileNotFoundError):
            write_over(self._path(name))

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("a secret's name is made of small letters, digits, dots and dashes")
        return self._folder / f"{name}.secret"


class DemoSecretStore(_FilesInAFolder):
    """For demonstrations and tests of the PIN pad: plain files, which protect nothing."""

    label = (
        "Demonstration: secrets lie in plain files beside the data, so nothing on this device is protected. "
        "Use invented people only."
    )
    demands_passphrase = False


class FileSecretStore(_FilesInAFolder):
    """For desktops without a key store: plain files, so everything hangs on the passphrase."""

    label = "This computer has no key store. Your passphrase alone protects the work kept here."
    demands_passphrase = True
