"""An older copy of a vault that was put back: read only, until the force has said to go on with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from booklets.sealing import Order, SigningKey, sign_order
from field_app.handset.device import Handset
from field_app.sync.failures import TryLater
from field_app.sync.locked import LockedClient
from field_app.vault.errors import HeaderRefused
from sync_server.audit import entries_of
from sync_server.db.identity import device
from sync_server.handhelds import orders
from sync_server.handhelds.orders import Decision, Older, Reason, What
from sync_server.identity import devices
from tests.support.forces import Force, a_force, a_managed_handset, out_of_the_box
from tests.support.handsets import GUIDE, Heard, found_child
from tests.support.vaults import PIN, MemorySecrets, file_of


@pytest.fixture
def force(tmp_path: Path) -> Iterator[Force]:
    """The force, answering."""
    with a_force(tmp_path) as found:
        yield found


def with_a_draft(handset: Handset) -> None:
    """Begin a check and write a name into it."""
    assert handset.shift is not None
    found_child(handset.shift.start(GUIDE))


def accepts(force: Force, handset: Handset, vault: str, count: int) -> bytes:
    """An administrator lets this handheld go on with an older copy; the signed order."""
    enrolled = handset.enrolled
    assert enrolled is not None

    def work(db: Any) -> bytes:
        device = devices.find(db, enrolled.device_id)
        assert device is not None
        decision = Decision(what=What.ACCEPT, reason=Reason.CHECKED, words="A spoilt card.", by="an admin")
        now = force.context.now()
        orders.accept_older(force.context, db, device, Older(vault, count), decision, now=now)
        return orders.to_hear(db, device.id)

    return force.context.store.write(work)


def test_an_older_copy_is_gone_on_with_once_the_force_has_said_so(force: Force, tmp_path: Path) -> None:
    """The handheld says what was put back; the order is heard while it is locked, once, and kept."""
    heard, secrets = Heard(), MemorySecrets()
    with a_managed_handset(force, tmp_path / "phone", heard, secrets) as handset:
        vault, file, older = put_back(force, handset, tmp_path / "phone")
        shift = handset.unlock(vault, PIN)
        assert shift.read_only_because
        handset.lock()
        assert handset.watch.round().ended_by is None
        assert reported(force)["older_vault"] == vault
        count = int(reported(force)["older_found"])

        order = accepts(force, handset, vault, count)
        assert handset.watch.round().heard

        shift = handset.unlock(vault, PIN)
        assert (shift.read_only_because, shift.begins_anew) == ("", True)
        with_a_draft(handset)
        handset.lock()
        file.write_bytes(older)
        handset.watch.obey(order)  # somebody kept a copy of it
        handset.watch.round()
        with pytest.raises(HeaderRefused, match="older copy"):
            handset.unlock(vault, PIN)
        with force.context.store.read() as db:
            [kept_order] = orders.history(db, kept_device(handset))
            chain = entries_of(db, f"device:{kept_device(handset)}")
        noted = [one for one in chain if "older" in one["what"]]
        assert kept_order["done_at"] is not None
        assert (kept_order["by"], kept_order["words"]) == ("an admin", "A spoilt card.")
        assert [one["detail"]["vault"] for one in noted] == [vault]


@pytest.mark.parametrize("forged", ["stranger", "another device", "another vault"])
def test_an_order_that_accepts_for_somebody_else_accepts_nothing(
    force: Force, tmp_path: Path, forged: str
) -> None:
    """Forged, for another handheld, or for another vault: the older copy stays as it is."""
    heard, secrets = Heard(), MemorySecrets()
    with a_managed_handset(force, tmp_path / "phone", heard, secrets) as handset:
        vault, *_ = put_back(force, handset, tmp_path / "phone")
        key = SigningKey.generate() if forged == "stranger" else force.context.keys.root
        device = "another" if forged == "another device" else kept_device(handset)
        named = "0f" * 16 if forged == "another vault" else vault
        order = sign_order(Order("accept", device, 9, force.clock.at, vault=named, count=0), key)

        handset.watch.obey(order)
        handset.watch.round()

        assert handset.unlock(vault, PIN).read_only_because


def test_that_an_older_copy_was_accepted_is_said_until_the_force_has_heard_it(
    force: Force, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line broke over it, and the app was closed: it is not followed again, and still confirmed."""
    heard, secrets, phone = Heard(), MemorySecrets(), tmp_path / "phone"
    with a_managed_handset(force, phone, heard, secrets) as handset:
        vault, *_ = put_back(force, handset, phone)
        handset.unlock(vault, PIN)
        handset.lock()
        handset.watch.round()
        accepts(force, handset, vault, int(reported(force)["older_found"]))
        with monkeypatch.context() as broken:
            broken.setattr(LockedClient, "order_heard", no_line)
            handset.watch.round()
        assert not confirmed(force, handset)

    with a_managed_handset(force, phone, heard, secrets) as handset:
        handset.watch.round()
        assert confirmed(force, handset)
        assert handset.unlock(vault, PIN).begins_anew


def no_line(*_: object, **__: object) -> None:
    """Nothing gets through."""
    raise TryLater("no_line")


def confirmed(force: Force, handset: Handset) -> bool:
    """Whether the force knows that its one order was carried out."""
    with force.context.store.read() as db:
        [order] = orders.history(db, kept_device(handset))
    return order["done_at"] is not None


def put_back(force: Force, handset: Handset, folder: Path) -> tuple[str, Path, bytes]:
    """An officer has written something, and a copy of before lies in its place: vault, file and copy."""
    vault = out_of_the_box(force, handset)._vault.id
    handset.lock()
    file = file_of(folder, vault)
    older = file.read_bytes()
    handset.unlock(vault, PIN)
    with_a_draft(handset)
    handset.lock()
    file.write_bytes(older)
    return vault, file, older


def kept_device(handset: Handset) -> str:
    """The id that the force has given it."""
    assert handset.enrolled is not None
    return handset.enrolled.device_id


def reported(force: Force) -> dict[str, Any]:
    """What the force's one handheld last said of itself."""
    with force.context.store.read() as db:
        return dict(db.execute(select(device.c.report)).scalar_one())
