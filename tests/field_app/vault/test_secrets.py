"""Where small secrets are kept, and who this device is."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import resource
import sys
from collections.abc import Awaitable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flet_secure_storage  # type: ignore[import-untyped]
import pytest

from booklets.sealing import hpke
from booklets.sealing.signing import verify
from field_app.vault.device import DeviceKeys
from field_app.vault.errors import SecretsNotKept, SecretsUnreadable
from field_app.vault.platform_secrets import PlatformSecretStore, finger_storage, secure_storage
from field_app.vault.secrets import DemoSecretStore, FileSecretStore, SecretStore
from tests.support.vaults import MemorySecrets, Pulled, dying_at


class FakeStorage:
    """The platform's storage as a test wants it: ``says_nothing`` and ``refuses`` as some phones do."""

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.kept: dict[str, str] = {}
        self.says_nothing = 0
        self.refuses = False

    async def get(self, key: str) -> str | None:
        """What is kept."""
        if self.refuses:
            raise RuntimeError("the platform said no")
        if self.says_nothing:
            self.says_nothing -= 1
            return None
        return self.kept.get(key)

    async def set(self, key: str, value: str) -> None:
        """Keep it."""
        if self.refuses:
            raise RuntimeError("the platform said no")
        self.kept[key] = value

    async def remove(self, key: str) -> None:
        """Keep it no longer."""
        del self.kept[key]

    async def contains_key(self, key: str) -> bool:
        """Whether it is kept."""
        return key in self.kept


def run(answer: Awaitable[Any]) -> Any:
    """Wait for a coroutine's result."""

    async def waiting() -> Any:
        return await answer

    return asyncio.run(waiting())


@pytest.fixture(params=["demo", "file", "platform", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> SecretStore:
    """Every kind of store, held to the same contract."""
    kinds: dict[str, SecretStore] = {
        "demo": DemoSecretStore(tmp_path / "demo"),
        "file": FileSecretStore(tmp_path / "file"),
        "platform": PlatformSecretStore(FakeStorage(), run),
        "memory": MemorySecrets(),
    }
    return kinds[request.param]


def test_a_secret_is_kept_replaced_and_removed(store: SecretStore) -> None:
    """The whole contract."""
    assert store.get("vault.a.secret") is None
    store.set("vault.a.secret", "one")
    store.set("vault.a.secret", "two, longer")
    store.set("vault.b.secret", "other")
    assert store.get("vault.a.secret") == "two, longer"
    store.remove("vault.a.secret")
    store.remove("vault.a.secret")
    assert (store.get("vault.a.secret"), store.get("vault.b.secret")) == (None, "other")


def test_secrets_in_files_outlast_the_app_and_are_for_its_user_alone(tmp_path: Path) -> None:
    """As well as a plain file can."""
    FileSecretStore(tmp_path / "s").set("name", "value")
    assert FileSecretStore(tmp_path / "s").get("name") == "value"
    if sys.platform != "win32":
        assert [oct(path.stat().st_mode & 0o777) for path in (tmp_path / "s").iterdir()] == ["0o600"]
        assert (tmp_path / "s").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["../x", "", "A", "a/b", ".hidden"])
def test_a_secrets_name_is_no_way_to_another_file(tmp_path: Path, name: str) -> None:
    """Names come from vault ids, but nobody should have to trust that."""
    with pytest.raises(ValueError, match="name"):
        DemoSecretStore(tmp_path).set(name, "x")


def test_stores_that_protect_little_say_so(tmp_path: Path) -> None:
    """On screen, where the officer sees it."""
    demo, files = DemoSecretStore(tmp_path), FileSecretStore(tmp_path)
    assert "nothing on this device is protected" in demo.label
    assert not demo.demands_passphrase
    assert "passphrase" in files.label
    assert files.demands_passphrase


@pytest.mark.parametrize(("passcode", "reach"), [(True, "PASSCODE"), (False, "UNLOCKED_THIS_DEVICE")])
def test_the_platforms_dangerous_defaults_are_off(passcode: bool, reach: str) -> None:
    """As they come, one error on Android erases everything, and iPhones copy secrets into backups."""
    storage: Any = secure_storage(flet_secure_storage, passcode_set=passcode)
    accessibility = flet_secure_storage.KeychainAccessibility[reach]
    assert storage.android_options.reset_on_error is False
    assert storage.android_options.migrate_on_algorithm_change is True
    assert storage.ios_options.accessibility is accessibility
    assert storage.ios_options.synchronizable is False
    assert storage.macos_options.accessibility is accessibility
    assert storage.macos_options.synchronizable is False


def test_what_a_finger_opens_is_given_to_the_fingers_of_that_day_and_to_no_passcode() -> None:
    """Read from the package's own object: kept on this device alone, apart from everything else."""
    storage: Any = finger_storage(flet_secure_storage)
    flags = flet_secure_storage.AccessControlFlag
    apart: Any = secure_storage(flet_secure_storage)
    assert storage.ios_options.access_control_flags == [flags.BIOMETRY_CURRENT_SET]
    assert storage.ios_options.accessibility is flet_secure_storage.KeychainAccessibility.PASSCODE
    assert storage.ios_options.synchronizable is False
    assert storage.ios_options.account_name != apart.ios_options.account_name
    assert apart.ios_options.access_control_flags == []


@pytest.mark.parametrize(
    ("platform", "asks"), [("ios", True), ("android", False), ("win32", False), ("linux", False)]
)
def test_a_finger_is_asked_for_only_where_the_platform_asks_every_time(platform: str, asks: bool) -> None:
    """Elsewhere there is nothing to turn on."""
    kit = SimpleNamespace(**{**vars(flet_secure_storage), "SecureStorage": FakeStorage})
    store = PlatformSecretStore.opened(kit, run, platform=platform)
    assert (store.asking is not None) is asks


def test_no_finger_is_asked_for_on_a_phone_without_a_passcode() -> None:
    """Whoever has it in hand could set one up."""

    class NoPasscode(FakeStorage):
        async def set(self, key: str, value: str) -> None:
            """Refuse what only a passcode could protect."""
            strict = flet_secure_storage.KeychainAccessibility.PASSCODE
            if self.options["ios_options"].accessibility is strict:
                raise RuntimeError("no passcode is set")
            await super().set(key, value)

    kit = SimpleNamespace(**{**vars(flet_secure_storage), "SecureStorage": NoPasscode})
    store = PlatformSecretStore.opened(kit, run, platform="ios")
    assert store.works()
    assert store.asking is None


def test_android_has_no_item_yet_that_asks_a_finger_every_time() -> None:
    """When this fails, the package has grown what decision 29 waits for: read it again."""
    options = {one.name for one in dataclasses.fields(flet_secure_storage.AndroidOptions)}
    assert "enforce_biometrics" in options
    assert not {one for one in options if "namespace" in one or "per_operation" in one or "type" in one}


def test_an_answer_of_nothing_is_not_believed_at_once() -> None:
    """Taken for the truth it would make a new device out of an enrolled one."""
    storage = FakeStorage()
    store = PlatformSecretStore(storage, run)
    store.set("device.keys", "mine")
    storage.says_nothing = 1
    assert store.get("device.keys") == "mine"
    storage.says_nothing = 2
    with pytest.raises(SecretsUnreadable):
        store.get("device.keys")


def test_a_platform_that_refuses_is_said_to_and_nothing_is_lost() -> None:
    """In words, and as a refusal of ours."""
    storage = FakeStorage()
    storage.refuses = True
    store = PlatformSecretStore(storage, run)
    with pytest.raises(SecretsUnreadable, match="Nothing was erased"):
        store.get("x")
    with pytest.raises(SecretsUnreadable):
        store.set("x", "y")


class FakeKit:
    """flet_secure_storage on a phone without a passcode: the strictest options keep nothing."""

    KeychainAccessibility = flet_secure_storage.KeychainAccessibility

    def __init__(self, *, passcode: bool) -> None:
        self._passcode = passcode
        self.made: list[FakeStorage] = []

    @staticmethod
    def AndroidOptions(**options: Any) -> dict[str, Any]:  # noqa: N802 - named by the platform
        """The options as given."""
        return options

    IOSOptions = MacOsOptions = AndroidOptions

    def SecureStorage(self, **options: Any) -> FakeStorage:  # noqa: N802 - named by the platform
        """A storage that works only with options the phone can keep."""
        storage = FakeStorage(**options)
        wants_passcode = options["ios_options"]["accessibility"].name == "PASSCODE"
        storage.refuses = wants_passcode and not self._passcode
        self.made.append(storage)
        return storage


@pytest.mark.parametrize(("passcode", "made"), [(True, 1), (False, 2)])
def test_the_strictest_options_that_the_phone_can_keep_are_used(passcode: bool, made: int) -> None:
    """A phone without a passcode still keeps its secrets to itself."""
    kit = FakeKit(passcode=passcode)
    store = PlatformSecretStore.opened(kit, run)
    store.set("x", "y")
    assert store.get("x") == "y"
    assert len(kit.made) == made
    assert kit.made[-1].kept == {"x": "y"}


def test_a_device_stays_who_it_is(store: SecretStore) -> None:
    """What was enrolled once is known by the same keys for ever."""
    first, again = DeviceKeys.load_or_create(store), DeviceKeys.load_or_create(store)
    assert again.signing.public == first.signing.public
    assert again.publics == first.publics
    assert set(first.publics) == set(hpke.usable_suites())
    verify(first.signing.public, b"d", b"m", again.signing.sign(b"d", b"m"))
    for suite, public in first.publics.items():
        assert hpke.open_sealed(again.kems[suite], hpke.seal(public, b"x", b"i"), b"i") == b"x"
    DeviceKeys.forget(store)
    assert DeviceKeys.load_or_create(store).signing.public != first.signing.public


def test_device_keys_are_never_printed_and_never_guessed_at() -> None:
    """Half of them, or none, is not a reason to make new ones."""
    secrets = MemorySecrets()
    keys = DeviceKeys.load_or_create(secrets)
    assert keys.signing.private.hex() not in repr(keys)
    for broken in ("", "{}", '{"sign": "x", "kems": {}}'):
        secrets.kept["device.keys"] = broken
        with pytest.raises(SecretsUnreadable):
            DeviceKeys.load_or_create(secrets)


def test_a_crash_while_keeping_a_secret_leaves_the_one_before(tmp_path: Path) -> None:
    """The new one is written beside it and takes its place whole."""
    store = DemoSecretStore(tmp_path)
    store.set("name", "old")
    (tmp_path / "name.new").write_bytes(os.urandom(3))
    assert store.get("name") == "old"
    store.set("name", "new")
    assert store.get("name") == "new"


def test_on_a_full_disk_the_secret_before_stays_and_the_officer_is_told(tmp_path: Path) -> None:
    """The count of wrong tries is written before a PIN is tried: it must neither vanish nor lie."""
    store = FileSecretStore(tmp_path)
    store.set("vault.a.tries", "3")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))  # no file may grow: the kernel itself refuses
    try:
        with pytest.raises(SecretsNotKept, match="Free some space"):
            store.set("vault.a.tries", "4")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert store.get("vault.a.tries") == "3"
    store.set("vault.a.tries", "4")
    assert store.get("vault.a.tries") == "4"


@pytest.mark.parametrize("moment", range(9))
@pytest.mark.parametrize("how", ["set", "remove"])
def test_a_secret_is_there_whole_or_not_at_all_whenever_the_device_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, moment: int
) -> None:
    """Half of one would shut its officer out; and what was to go is gone once the app has started again."""
    store = FileSecretStore(tmp_path)
    store.set("vault.a.secret", "the one before")
    with monkeypatch.context() as dying, suppress(Pulled):
        dying_at(moment, dying)
        if how == "set":
            store.set("vault.a.secret", "the one after")
        else:
            store.remove("vault.a.secret")

    found = FileSecretStore(tmp_path)
    assert found.get("vault.a.secret") in ("the one before", "the one after" if how == "set" else None)
    found.tidy()
    assert found.get("vault.a.secret") in ("the one before", "the one after" if how == "set" else None)
    assert {path.suffix for path in tmp_path.iterdir()} <= {".secret"}
    found.remove("vault.a.secret")
    assert list(tmp_path.iterdir()) == []


def test_a_secret_that_another_has_replaced_is_written_over(tmp_path: Path) -> None:
    """Whoever reads the disk afterwards does not find the one before a change of keys."""
    store = FileSecretStore(tmp_path)
    store.set("vault.a.secret", "the one before")
    still_there = tmp_path / "as an undelete would find it"
    still_there.hardlink_to(tmp_path / "vault.a.secret.secret")
    store.set("vault.a.secret", "the one after")
    assert still_there.read_bytes() == bytes(len("the one before"))
    assert store.get("vault.a.secret") == "the one after"


@pytest.mark.parametrize("left", [".new", ".gone"])
def test_what_a_crash_left_of_a_secret_does_not_outlast_the_secret(tmp_path: Path, left: str) -> None:
    """A vault that is locked for good would else open again with it."""
    store = FileSecretStore(tmp_path)
    store.set("vault.a.secret", "present")
    (tmp_path / f"vault.a.secret{left}").write_text("of a change that was cut short")
    store.remove("vault.a.secret")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("nothings", [1, 2])
def test_an_answer_of_nothing_does_not_keep_a_secret_that_is_to_go(nothings: int) -> None:
    """A platform that says so at random would leave a vault open that was to be locked for good."""

    class Forgetful(FakeStorage):
        """Says at random that there is nothing."""

        async def contains_key(self, key: str) -> bool:
            """Whether it is kept, or so it says."""
            return False

    storage = Forgetful()
    store = PlatformSecretStore(storage, run)
    store.set("vault.a.secret", "x")
    storage.says_nothing = nothings - 1
    if nothings == 1:
        store.remove("vault.a.secret")
        assert storage.kept == {}
    else:
        with pytest.raises(SecretsUnreadable, match="did not let go"):
            store.remove("vault.a.secret")
