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
import threading
from pathlib import Path
from typing import Final, Protocol

from field_app.store.plain_files import settle, take_away, write_over
from field_app.vault.errors import SecretsNotKept

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")  # ours: a file of that name lies on any disk
_KEPT: Final = ".secret"
_NEW: Final = ".new"
_GONE: Final = ".gone"


class AskingStore(Protocol):
    """Keeps text that it gives only to somebody whose finger or face the device knows."""

    def ask(self, name: str) -> str | None:
        """What is kept, once the platform has asked for it; None where it is not there any more.

        Raises FingerRefused. It takes as long as somebody takes: never on the keeper's thread.
        """

    def keep(self, name: str, value: str) -> None:
        """Keep it, in place of what was there. Asks nobody."""

    def forget(self, name: str) -> None:
        """Keep it no longer. Asks nobody."""


class SecretStore(Protocol):
    """Keeps text under a name. ``None`` means: never kept, or removed; trouble reading is raised."""

    @property
    def label(self) -> str:
        """What to tell the officer about this store on screen; empty when there is nothing to warn of."""

    @property
    def demands_passphrase(self) -> bool:
        """Whether a PIN would be too little, because a thief could copy what is kept here."""

    @property
    def asking(self) -> AskingStore | None:
        """What it keeps behind a finger or a face; None where the platform has no such thing."""

    def get(self, name: str) -> str | None:
        """What is kept under that name."""

    def set(self, name: str, value: str) -> None:
        """Keep it, in place of what was there, durably."""

    def remove(self, name: str) -> None:
        """Keep it no longer. Nothing happens when there was nothing."""

    def tidy(self) -> None:
        """Get rid of what a run that was cut short has left. Only for whoever has claimed the folder."""


_TURN: Final = threading.Lock()
"""One thread at a time: what is replaced is written over, and who still held it would read zeros."""


class _FilesInAFolder:
    """One small file per secret, replaced whole so that a crash leaves the old or the new.

        name.secret   what is kept          name.gone   what was kept, to be written over
        name.new      what is to be kept

    Neither of the others is ever read. Both are written over before they go, also after a crash.
    """

    asking: AskingStore | None = None

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def get(self, name: str) -> str | None:
        """What is kept under that name."""
        with _TURN, contextlib.suppress(FileNotFoundError):
            return self._path(name).read_text("utf-8")
        return None

    def set(self, name: str, value: str) -> None:
        """Keep it, in place of what was there, durably. Raises SecretsNotKept, and the old one stays."""
        path = self._path(name)
        fresh, gone = path.with_suffix(_NEW), path.with_suffix(_GONE)
        with _TURN:
            try:
                _clear(gone)
                _write(fresh, value)
                # None was there, or it cannot have two names here.
                with contextlib.suppress(OSError, NotImplementedError):
                    gone.hardlink_to(path)
                fresh.replace(path)
                settle(self._folder)
            except OSError as error:
                with contextlib.suppress(OSError):
                    _clear(fresh)
                raise SecretsNotKept from error
            # The new one is kept; the old one is tried again at the next start.
            with contextlib.suppress(OSError):
                _clear(gone)

    def remove(self, name: str) -> None:
        """Keep it no longer, from one moment to the next; then write over what it was."""
        path = self._path(name)
        gone = path.with_suffix(_GONE)
        with _TURN:
            _clear(gone)
            with contextlib.suppress(FileNotFoundError):
                take_away(path, gone)
            _clear(path.with_suffix(_NEW))

    def tidy(self) -> None:
        """Write over what a run that was cut short has left. What cannot be is tried at the next start."""
        with _TURN:
            for left in (*self._folder.glob(f"*{_GONE}"), *self._folder.glob(f"*{_NEW}")):
                with contextlib.suppress(OSError):
                    _clear(left)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("a secret's name is made of small letters, digits, dots and dashes")
        return self._folder / f"{name}{_KEPT}"


def _write(path: Path, value: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())


def _clear(left: Path) -> None:
    """Write over what is left of a secret, and remove it; but never what is kept under a second name."""
    present = left.with_suffix(_KEPT)
    with contextlib.suppress(FileNotFoundError):
        if present.exists() and left.samefile(present):  # cut short before the new one took its place
            left.unlink()
        else:
            write_over(left)


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
