"""Orders: the force's signed word to one handheld: to stop, to destroy what lies on it, to go on with less.

    {"cmd":"stop","device","issued":"…Z","nonce":"…","number":3,"sig":"…","v":1}
    {"cmd":"accept","count":40,"device",…,"vault":"…"}

A signed statement (``signing.py``) by the **root** key under the domain "hwd/order/1": of all keys of a
force only that one is known to a handheld from its first minute. ``nonce`` is 16 random bytes in hex.
``number`` counts the orders to one device: a device follows no order whose number is not higher than that
of the last it followed, so an order that was taken back stays so, whoever kept a copy of it.

    cmd     what the device does
    stop    locks, opens for nobody until the force lets it in again, and goes on sending what is sealed
    wipe    destroys its keys at once, sends what is sealed, then erases its files
    accept  takes the older copy of one vault that was put back for its new beginning: ``vault`` is its id
            in hex, ``count`` how many changes the copy has seen; one that has seen fewer stays refused
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from . import canonical
from .errors import OrderRefused
from .signing import SigningKey, read_statement, sign_statement

Command = Literal["stop", "wipe", "accept"]

MAX_ORDER = 4096  # ours: ten times what one has

_DOMAIN = b"hwd/order/1"
_NAMES = frozenset({"cmd", "device", "number", "issued", "nonce"})
_COMMANDS = frozenset({"stop", "wipe", "accept"})
_ACCEPTING = _NAMES | {"vault", "count"}
_VAULT_BYTES = 16
_NONCE_BYTES = 16  # as many as no two orders share by chance


@dataclass(frozen=True, slots=True)
class Order:
    """What one device is told. ``nonce`` is made by signing."""

    cmd: Command
    device: str
    number: int
    issued: datetime
    nonce: str = ""
    vault: str = ""
    count: int = 0


def sign_order(order: Order, root: SigningKey) -> bytes:
    """The order as signed JSON, to be kept and sent byte for byte."""
    fields: dict[str, object] = {
        "cmd": order.cmd,
        "device": order.device,
        "number": order.number,
        "issued": canonical.instant(order.issued),
        "nonce": order.nonce or secrets.token_hex(_NONCE_BYTES),
    }
    if order.cmd == "accept":
        fields |= {"vault": order.vault, "count": order.count}
    data = sign_statement(fields, domain=_DOMAIN, key=root)
    read_order(data, root.public, device=order.device, after=order.number - 1)
    return data


def read_order(data: bytes, root_public: bytes, *, device: str, after: int) -> Order:
    """The order in ``data``, if it is for this device and newer than the last that it followed.

    ``after`` is the number of that one, 0 where there was none. Raises BadSignature, or OrderRefused.
    """
    try:
        statement = read_statement(data, _NAMES, _ACCEPTING, limit=MAX_ORDER)
        order = _order(statement.fields)
    except ValueError:
        raise OrderRefused("This is not an order of version 1.") from None
    statement.check(root_public, domain=_DOMAIN)
    if order.device != device:
        raise OrderRefused("This order is for another device.")
    if order.number <= after:
        raise OrderRefused("This order is not newer than the last that was followed.")
    return order


def _order(said: Mapping[str, object]) -> Order:
    cmd, device, number = said["cmd"], canonical.text(said["device"]), canonical.whole(said["number"])
    vault, count = canonical.text(said.get("vault", "")), canonical.whole(said.get("count", 0))
    nonce, issued = canonical.unhex(said["nonce"]), canonical.moment(said["issued"])
    if canonical.text(cmd) not in _COMMANDS or not device or not number or len(nonce) != _NONCE_BYTES:
        raise ValueError("not an order for a device")
    if ("vault" in said) is not (cmd == "accept"):
        raise ValueError("not an order with what it needs")
    if cmd == "accept" and len(canonical.unhex(vault)) != _VAULT_BYTES:
        raise ValueError("not a vault")
    return Order(cast(Command, cmd), device, number, issued, nonce.hex(), vault, count)
