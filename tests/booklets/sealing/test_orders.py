"""Orders, policies and recovered keys: what takes a handheld's access away, and what gives it back."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booklets.sealing import (
    BadSignature,
    KemKey,
    Order,
    OrderRefused,
    PolicyRefused,
    SealBroken,
    compare_code,
    open_as_holder,
    open_on_device,
    read_order,
    read_policy,
    seal_back,
    sign_order,
    sign_policy,
)
from tests.booklets.sealing.freeze import VECTORS
from tests.booklets.sealing.freeze_statements import ACCEPT, ORDER, POLICY, ROOT, VAULT, VAULT_KEY, statement
from tests.support.sealing import key_number, signer_number

ISSUED = datetime(2026, 3, 14, 3, 2, 11, tzinfo=UTC)
STRANGER = signer_number(13)


def an_order(key: Any = ROOT, domain: bytes = b"hwd/order/1", **changed: Any) -> bytes:
    """An order written from its description alone."""
    return statement({**ORDER, **changed}, domain, key)


def test_an_order_is_read_as_it_was_signed() -> None:
    """Ours, and one written from the description, are the same bytes."""
    order = Order("wipe", "dev-7", 3, ISSUED, "0f" * 16)
    assert sign_order(order, ROOT) == an_order()
    assert read_order(an_order(), ROOT.public, device="dev-7", after=2) == order
    accept = Order("accept", "dev-7", 4, ISSUED, "0f" * 16, vault=VAULT.hex(), count=40)
    assert sign_order(accept, ROOT) == an_order(**ACCEPT)
    assert read_order(an_order(**ACCEPT), ROOT.public, device="dev-7", after=3) == accept


def test_only_the_root_key_gives_orders_and_only_as_orders() -> None:
    """Whoever has stolen another key of the force, or another word of the root's, wipes nothing."""
    for forged in (an_order(STRANGER), an_order(domain=b"hwd/policy/1")):
        with pytest.raises(BadSignature):
            read_order(forged, ROOT.public, device="dev-7", after=0)


def test_an_order_for_another_device_or_an_older_one_is_not_followed() -> None:
    """One that was followed once, or was taken back since, is refused for ever."""
    with pytest.raises(OrderRefused, match="another device"):
        read_order(an_order(), ROOT.public, device="dev-8", after=0)
    for after in (3, 4):
        with pytest.raises(OrderRefused, match="not newer"):
            read_order(an_order(), ROOT.public, device="dev-7", after=after)


@pytest.mark.parametrize(
    "changed",
    [
        {"v": 2},
        {"v": True},
        {"cmd": "explode"},
        {"cmd": ["stop"]},
        {"device": ""},
        {"number": 0},
        {"number": "3"},
        {"nonce": "0f"},
        {"issued": "today"},
        {"more": 1},
        {"cmd": "accept"},
        {"vault": VAULT.hex(), "count": 40},
        {**ACCEPT, "vault": "00"},
        {**ACCEPT, "vault": 7},
        {**ACCEPT, "count": -1},
        {**ACCEPT, "count": True},
    ],
    ids=str,
)
def test_even_the_root_key_cannot_order_nonsense(changed: dict[str, Any]) -> None:
    """A later version must not be half understood."""
    with pytest.raises(OrderRefused):
        read_order(an_order(**changed), ROOT.public, device="dev-7", after=0)


@given(at=st.integers(0, 5000), by=st.binary(max_size=2))
def test_no_byte_of_an_order_can_be_changed(at: int, by: bytes) -> None:
    """Refused as malformed or as forged, never followed."""
    data = an_order()
    at %= len(data)
    changed = data[:at] + by + data[at + 1 :]
    if changed != data:
        with pytest.raises((BadSignature, OrderRefused)):
            read_order(changed, ROOT.public, device="dev-7", after=0)


def a_policy(key: Any = ROOT, **changed: Any) -> bytes:
    """A policy written from its description alone."""
    return statement({**POLICY, **changed}, b"hwd/policy/1", key)


def test_a_policy_is_read_as_it_was_signed() -> None:
    """And an older one is never taken again."""
    made = sign_policy(POLICY["policy"], force="north_yorkshire", number=4, issued=ISSUED, root=ROOT)
    assert made == a_policy()
    found = read_policy(made, ROOT.public, force="north_yorkshire", after=3)
    assert (found.number, dict(found.policy)) == (4, POLICY["policy"])
    with pytest.raises(PolicyRefused, match="not newer"):
        read_policy(made, ROOT.public, force="north_yorkshire", after=4)
    with pytest.raises(PolicyRefused, match="another force"):
        read_policy(made, ROOT.public, force="seaborough", after=0)
    with pytest.raises(BadSignature):
        read_policy(a_policy(STRANGER), ROOT.public, force="north_yorkshire", after=0)


@pytest.mark.parametrize(
    "changed",
    [{"v": 0}, {"number": 0}, {"policy": {"a": -1}}, {"policy": {"a": "x" * 81}}, {"policy": {"a": None}}],
    ids=str,
)
def test_a_decision_is_a_whole_number_or_a_short_text(changed: dict[str, Any]) -> None:
    """Nothing else has one meaning on every device."""
    with pytest.raises(PolicyRefused):
        read_policy(a_policy(**changed), ROOT.public, force="north_yorkshire", after=0)


@pytest.mark.parametrize("name", ["order-wipe", "order-stop", "order-accept", "policy"])
def test_a_frozen_statement_is_accepted_for_ever(name: str) -> None:
    """``freeze_statements.py`` tells how they were made."""
    frozen = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    data, root = frozen["statement"].encode(), bytes.fromhex(frozen["root"])
    if name == "policy":
        assert read_policy(data, root, force="north_yorkshire", after=0).number == 4
    else:
        assert read_order(data, root, device="dev-7", after=0).cmd == name.removeprefix("order-")


@pytest.mark.parametrize("name", ["recovery-classical", "recovery-hybrid"])
def test_a_frozen_recovery_opens_for_ever(name: str) -> None:
    """The holder opens what a vault sealed years ago, the device what the holder sealed back."""
    frozen = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    holder, device = (
        KemKey.from_private(frozen["suite"], bytes.fromhex(frozen[who])) for who in ("holder", "device")
    )
    vault = bytes.fromhex(frozen["vault"])
    there, back = (base64.b64decode(frozen[way], validate=True) for way in ("there", "back"))
    assert open_as_holder(holder, there, vault, frozen["officer"]).hex() == frozen["vault_key"]
    with pytest.raises(SealBroken):
        open_as_holder(holder, there, vault, "another officer")
    assert open_on_device(device, back, vault).hex() == frozen["vault_key"]
    assert compare_code("dev-7", vault, there) == frozen["code"]


def test_what_was_sealed_back_opens_on_its_device_and_for_its_vault_only() -> None:
    """Neither another device, nor another vault, nor as if it were still on its way there."""
    device = key_number(5)
    back = seal_back(device.public, VAULT_KEY, VAULT)
    for key, vault in ((key_number(6), VAULT), (device, bytes(16))):
        with pytest.raises(SealBroken):
            open_on_device(key, back, vault)
    with pytest.raises(SealBroken):
        open_as_holder(device, back, VAULT, "")


def test_the_compare_code_is_of_one_request_only() -> None:
    """Whoever reads out another request's code is not helped with this one."""
    codes = {
        compare_code(device, vault, sealed)
        for device in ("a", "b")
        for vault in (VAULT, bytes(16))
        for sealed in (b"x", b"y")
    }
    assert len(codes) == 8
