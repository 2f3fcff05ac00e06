"""Vaults for tests: cheap to open, with clocks that only move when told to, and secrets in memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from booklets.sealing.hpke import KemPublic
from field_app.store.drafts import DraftStore
from field_app.vault.attempts import Clock
from field_app.vault.errors import SecretsUnreadable
from field_app.vault.header import FILE_NAME
from field_app.vault.keys import Stretching
from field_app.vault.open_vault import OpenVault
from field_app.vault.secrets import AskingStore
from field_app.vault.vaults import Vaults

CHEAP = Stretching(memory=8, passes=1, lanes=1)
"""Argon2id as cheap as it goes. Only for tests: a vault made with it protects nothing."""

PIN = "582014"
"""A PIN that is accepted."""

PASSPHRASE = "copper lantern under seven hills"
"""A passphrase that is accepted."""


@dataclass
class MemorySecrets:
    """A key store that lasts as long as the test."""

    kept: dict[str, str] = field(default_factory=dict, repr=False)
    demands_passphrase: bool = False
    label: str = "Only for tests"
    writes: int = 0
    asking: AskingStore | None = None

    def get(self, name: str) -> str | None:
        """What is kept under that name."""
        return self.kept.get(name)

    def set(self, name: str, value: str) -> None:
        """Keep it."""
        self.writes += 1
        self.kept[name] = value

    def remove(self, name: str) -> None:
        """Keep it no longer."""
        self.kept.pop(name, None)

    def tidy(self) -> None:
        """Nothing is ever left lying here."""


@dataclass
class SetClock(Clock):
    """Two clocks that stand still until a test moves them."""

    wall_now: float = 1_790_000_000.0
    boot_now: float = 5_000.0
    starts: int = 1

    def wall(self) -> float:
        """What the device believes the time to be."""
        return self.wall_now

    def since_boot(self) -> float:
        """How long the device has been running."""
        return self.boot_now

    def start(self) -> str:
        """How often it was switched on."""
        return str(self.starts)

    def pass_(self, seconds: float) -> None:
        """Time passes, on both clocks."""
        self.wall_now += seconds
        self.boot_now += seconds

    def set_wall(self, seconds: float) -> None:
        """Somebody changes the time of day by so much; the other clock does not care."""
        self.wall_now += seconds

    def restart(self) -> None:
        """The device is switched off and on."""
        self.boot_now = 10.0
        self.starts += 1


def vaults_in(
    folder: Path,
    *,
    secrets: MemorySecrets | None = None,
    clock: SetClock | None = None,
) -> Vaults:
    """The vaults in a folder, cheap to open."""
    return Vaults(
        folder,
        secrets if secrets is not None else MemorySecrets(),
        clock=clock or SetClock(),
        weak_stretching_for_tests=CHEAP,
    )


def new_vault(
    vaults: Vaults, *, officer: str = "officer-1", pin: str = PIN, recovery: KemPublic | None = None
) -> OpenVault:
    """An officer's fresh vault, open. ``recovery`` is the force's key from now on, as its directory says."""
    if recovery is not None:
        vaults.recoverable_by(recovery)
    return vaults.create(officer=officer, display_name=f"PC {officer[-1]} Sample", pin=pin)


def locked_vault(vaults: Vaults, *, officer: str = "officer-1", pin: str = PIN) -> str:
    """A vault with one draft in it, locked."""
    with new_vault(vaults, officer=officer, pin=pin) as opened:
        DraftStore(opened.db).save({"id": "a", "said": "Zebedee-Marker"})
    return opened.id


def file_of(folder: Path, vault_id: str) -> Path:
    """Where a vault's file lies."""
    return folder / "vaults" / vault_id / FILE_NAME


@dataclass
class Mute(MemorySecrets):
    """A key store that keeps what it is given and gives one entry back no more."""

    mute: str = ""

    def get(self, name: str) -> str | None:
        """What is kept, of every other entry."""
        if name == self.mute:
            raise SecretsUnreadable
        return super().get(name)

    def set(self, name: str, value: str) -> None:
        """Keep it; what was written anew is given again."""
        super().set(name, value)
        self.mute = "" if name == self.mute else self.mute


class Pulled(BaseException):
    """The battery was pulled."""


class FailingSecrets(MemorySecrets):
    """A key store whose device dies at the n-th change."""

    fatal: int | None = None

    def set(self, name: str, value: str) -> None:
        """Keep it, or die."""
        self._die()
        super().set(name, value)

    def remove(self, name: str) -> None:
        """Remove it, or die."""
        self._die()
        super().remove(name)

    def _die(self) -> None:
        if self.fatal is not None:
            self.fatal -= 1
            if self.fatal < 0:
                raise Pulled


def dying_at(moment: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The device dies just before the disk is asked for something for the n-th time from now on."""
    left = iter(range(moment, -1, -1))

    def dying(ask: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*what: Any, **how: Any) -> Any:
            if next(left, 0) == 0:
                raise Pulled
            return ask(*what, **how)

        return asked

    for name in ("fsync", "link", "replace", "unlink"):
        monkeypatch.setattr(os, name, dying(getattr(os, name)))
