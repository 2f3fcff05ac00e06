"""A phone's key store answers a window alone: before one stands, nothing can be read."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flet_secure_storage  # type: ignore[import-untyped]
import pytest

from field_app.app import secret_store
from field_app.settings import Settings
from field_app.ui import key_store
from field_app.vault.errors import SecretsUnreadable
from field_app.vault.secrets import DemoSecretStore, FileSecretStore
from field_app.vault.window_secrets import WindowSecretStore

NAME = "vault.a.secret"


class OneThread:
    """A platform that answers on its window's thread alone, as Flutter's does."""

    def __init__(self, **_: Any) -> None:
        self.kept: dict[str, str] = {}
        self.answers = True

    async def get(self, key: str) -> str | None:
        """What is kept; nothing at all once it hangs."""
        await asyncio.sleep(0 if self.answers else 60)
        return self.kept.get(key)

    async def set(self, key: str, value: str) -> None:
        """Keep it."""
        await asyncio.sleep(0)
        self.kept[key] = value

    async def remove(self, key: str) -> None:
        """Keep it no longer."""
        del self.kept[key]

    async def contains_key(self, key: str) -> bool:
        """Whether it is kept."""
        return key in self.kept


KIT = SimpleNamespace(**{**vars(flet_secure_storage), "SecureStorage": OneThread})


def at_once(answer: Awaitable[Any]) -> Any:
    """Wait for an answer where no window runs."""

    async def waiting() -> Any:
        return await answer

    return asyncio.run(waiting())


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        pytest.param({"FLET_PLATFORM": "android"}, WindowSecretStore, id="an Android phone"),
        pytest.param({"FLET_PLATFORM": "ios"}, WindowSecretStore, id="an iPhone"),
        pytest.param({}, FileSecretStore, id="a desk"),
        pytest.param({"HOMEWARD_SECRETS": "window"}, WindowSecretStore, id="wherever it was asked for"),
        pytest.param({"HOMEWARD_SECRETS": "demo"}, DemoSecretStore, id="a demonstration"),
        pytest.param(
            {"FLET_PLATFORM": "android", "HOMEWARD_SECRETS": "file"}, FileSecretStore, id="files on a phone"
        ),
    ],
)
def test_a_phone_keeps_its_secrets_in_its_own_key_store(
    said: dict[str, str], kind: type[object], tmp_path: Path
) -> None:
    """Without anybody saying so: a phone is started with its folder and its platform's name."""
    settings = Settings.read({"FLET_APP_STORAGE_DATA": str(tmp_path), **said})
    assert type(secret_store(settings)) is kind


def test_a_phone_needs_no_passphrase_and_a_finger_only_where_apple_asks(tmp_path: Path) -> None:
    """The platform's name comes from the phone, not from the Python that runs on it."""
    for platform, asks in (("ios", True), ("android", False)):
        said = {"FLET_APP_STORAGE_DATA": str(tmp_path), "FLET_PLATFORM": platform}
        store = secret_store(Settings.read(said))
        assert isinstance(store, WindowSecretStore)
        assert not store.demands_passphrase
        assert store.asking is None, "no window yet"
        store.reach(KIT, at_once)
        assert (store.asking is not None) is asks


def test_nothing_is_read_before_a_window_stands_and_nothing_is_taken_for_empty() -> None:
    """Taking that for the truth would make a new device out of an enrolled one."""
    store = WindowSecretStore(sys.platform)
    every: tuple[Callable[[], object], ...] = (
        partial(store.get, NAME),
        partial(store.set, NAME, "x"),
        partial(store.remove, NAME),
    )
    for asked in every:
        with pytest.raises(SecretsUnreadable, match="no window"):
            asked()


def test_another_thread_asks_through_the_window_and_the_window_goes_on_meanwhile() -> None:
    """The keeper of the vault waits; the screen does not."""

    async def window() -> tuple[str | None, int]:
        store = WindowSecretStore(sys.platform)
        await key_store.hand_over(lambda kit, run: store.reach(KIT, run))
        turns = 0

        def keeper() -> str | None:
            store.set(NAME, "a key")
            return store.get(NAME)

        asked = asyncio.create_task(asyncio.to_thread(keeper))
        while not asked.done():
            turns += 1
            await asyncio.sleep(0)
        return asked.result(), turns

    kept, turns = asyncio.run(window())
    assert kept == "a key"
    assert turns > 1


def test_a_key_store_that_never_answers_is_said_to_be_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while, in words, and nothing is erased."""
    monkeypatch.setattr(key_store, "ANSWERS_WITHIN_S", 0.1)

    made: list[OneThread] = []

    def kept_by(**options: Any) -> OneThread:
        made.append(OneThread(**options))
        return made[-1]

    kit = SimpleNamespace(**{**vars(flet_secure_storage), "SecureStorage": kept_by})

    async def window() -> None:
        store = WindowSecretStore(sys.platform)
        await key_store.hand_over(lambda _, run: store.reach(kit, run))
        for one in made:
            one.answers = False
        with pytest.raises(SecretsUnreadable):
            await asyncio.to_thread(store.get, NAME)

    asyncio.run(window())
