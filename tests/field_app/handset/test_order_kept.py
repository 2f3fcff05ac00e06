"""The force's last order in the key store: what cannot be read stops the handheld, and forgets no number."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from booklets.sealing import Order, OrderRefused, SigningKey, sign_order
from field_app.handset.access import Access, Closed
from field_app.handset.contact import CONTACT
from field_app.handset.order_kept import LAST, ORDER
from field_app.handset.policy import Policy
from field_app.vault.secrets import DemoSecretStore, SecretStore
from tests.support.vaults import MemorySecrets, Mute

NOW = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
DEVICE = "device-1"
ROOT = SigningKey.generate()
VAULT = "0f" * 16


def order(cmd: str, number: int) -> bytes:
    """The force's word to this handheld."""
    more = {"vault": VAULT, "count": 4} if cmd == "accept" else {}
    return sign_order(Order(cmd, DEVICE, number, NOW, **more), ROOT)  # type: ignore[arg-type]


def an_access(secrets: SecretStore) -> Access:
    """Of a handheld that is set up, and heard its force just now."""
    access = Access(secrets)
    access.heard(NOW)
    return access


def closed(access: Access) -> Closed:
    """Why this handheld opens for nobody."""
    return access.closed(Policy(), NOW, enrolled=True)


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "{",
        "[]",
        "{}",
        '"stop"',
        '{"cmd": 5}',
        '{"cmd": "stpp"}',
        '{"device": "device-1", "cmd": ""}',
        '{"device": 1, "number": 3, "cmd": ""}',
        '{"device": "device-1", "number": null, "cmd": ""}',
        '{"device": "device-1", "number": "x", "cmd": ""}',
        '{"device": "device-1", "number": true, "cmd": ""}',
        '{"device": "device-1", "number": 3, "cmd": []}',
        '{"device": "device-1", "number": 3, "cmd": "", "accept": [1]}',
        '{"device": "device-1", "number": 3, "cmd": "", "accept": {"vault": "0f"}}',
        '{"device": "device-1", "number": 3, "cmd": "", "unsaid": 1}',
        '{"device": "device-1", "number": 3, "cmd": "", "more": 1}',
        "\0" * 40,
    ],
)
@pytest.mark.parametrize("cmd", ["stop", "wipe", "accept"])
def test_what_is_no_order_stops_the_handheld_and_an_old_order_is_not_followed_again(
    entry: str, cmd: str
) -> None:
    """Closed until the force is heard; a kept order of before opens, wipes and accepts nothing."""
    secrets = MemorySecrets()
    access = an_access(secrets)
    old = order(cmd, 3)
    access.follow(old, device=DEVICE, root=ROOT.public)
    secrets.kept[ORDER] = entry

    assert closed(access) is Closed.STOPPED
    assert (access.to_accept, access.to_say) == (None, 0)
    for _ in range(2):
        with pytest.raises(OrderRefused):
            access.follow(old, device=DEVICE, root=ROOT.public)
        access.let_in()
        assert closed(access) is Closed.NOT
    access.follow(order("wipe", 4), device=DEVICE, root=ROOT.public)
    assert closed(access) is Closed.WIPING


def test_bytes_that_are_no_text_are_no_order(tmp_path: Path) -> None:
    """A card that went bad gives back anything."""
    access = an_access(DemoSecretStore(tmp_path))
    access.follow(order("accept", 3), device=DEVICE, root=ROOT.public)
    (tmp_path / f"{ORDER}.secret").write_bytes(b"\xff\xfe{")
    assert closed(access) is Closed.STOPPED


@pytest.mark.parametrize(("mute", "why"), [(ORDER, Closed.STOPPED), (CONTACT, Closed.SILENT)])
def test_a_key_store_that_does_not_answer_closes_it_until_the_force_is_heard(mute: str, why: Closed) -> None:
    """Nothing is raised, so the watch makes its rounds; hearing the force ends it."""
    secrets = Mute()
    access = an_access(secrets)
    access.follow(order("accept", 3), device=DEVICE, root=ROOT.public)
    access.heard(NOW)
    secrets.mute = mute
    assert closed(access) is why
    assert access.closes_in(Policy(), NOW) is None

    access.heard(NOW)
    access.let_in()

    assert closed(access) is Closed.NOT
    with pytest.raises(OrderRefused):
        access.follow(order("stop", 3), device=DEVICE, root=ROOT.public)


def test_an_order_is_kept_although_its_number_could_not_be_kept_beside_it() -> None:
    """The entry itself says which it was."""

    class Full(MemorySecrets):
        def set(self, name: str, value: str) -> None:
            if name == LAST:
                raise OSError("no room")
            super().set(name, value)

    access = an_access(Full())
    access.follow(order("stop", 3), device=DEVICE, root=ROOT.public)
    assert closed(access) is Closed.STOPPED
    with pytest.raises(OrderRefused):
        access.follow(order("wipe", 3), device=DEVICE, root=ROOT.public)


def test_a_handheld_that_is_set_up_anew_is_not_stopped_by_what_was_there_before(tmp_path: Path) -> None:
    """Not even where the battery was pulled in the middle: no entry is ever half removed."""

    class Dying(DemoSecretStore):
        def remove(self, name: str) -> None:
            path = self._path(name)
            if path.exists():
                path.write_bytes(bytes(path.stat().st_size))
            raise OSError("the battery was pulled")

    before = Access(DemoSecretStore(tmp_path))
    before.follow(order("accept", 3), device=DEVICE, root=ROOT.public)
    before.note_wiped(NOW, "01632 960101")
    with pytest.raises(OSError, match="battery"):
        Access(Dying(tmp_path)).begin_anew(NOW)
    assert closed(Access(DemoSecretStore(tmp_path))) is Closed.NOT

    Access(DemoSecretStore(tmp_path)).begin_anew(NOW)
    access = an_access(DemoSecretStore(tmp_path))
    access.follow(order("stop", 1), device=DEVICE, root=ROOT.public)
    assert closed(access) is Closed.STOPPED
