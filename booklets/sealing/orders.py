"""Orders: the force's signed word to one handheld that it is to stop, or to destroy what lies on it.

    {"cmd":"stop","device","issued":"…Z","nonce":"…","number":3,"sig":"…","v":1}

A signed statement (``statements.py``) by the **root** key under the domain "hwd/order/1": of all keys of a
force only that one is known to a handheld from its first minute. ``nonce`` is 16 random bytes in hex.
``number`` counts the orders to one device: a device follows no order whose number is not higher than that
of the last it followed, so an order that was taken back stays so, whoever kept a copy of it.

    cmd     what the device does
    stop    locks, opens for nobody until the force lets it in again, and goes on sending what is sealed
    wipe    destroys its keys at once, sends what is sealed, then erases its files
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from . import canonical
from .errors import OrderRefused
from .signing import SigningKey
from .statements import read_statement, sign_statement

Command = Literal["stop", "wipe"]

MAX_ORDER = 4096

_DOMAIN = b"hwd/order/1"
_NAMES = frozenset({"v", "cmd", "device", "number", "issued", "nonce"})
_COMMANDS = frozenset({"stop", "wipe"})
_NONCE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Order:
    """What one device is told. ``nonce`` is made by signing."""

    cmd: Command
    device: str
    number: int
    issued: datetime
    nonce: str = ""


def sign_order(order: Order, root: SigningKey) -> bytes:
    """The order as signed JSON, to be kept and sent byte for byte."""
    fields = {
        "v": 1,
        "cmd": order.cmd,
        "device": order.device,
        "number": order.number,
        "issued": canonical.instant(order.issued),
        "nonce": order.nonce or secrets.token_hex(_NONCE_BYTES),
    }
    data = sign_statement(fields, domain=_DOMAIN, key=root)
    read_order(data, root.public, device=order.device, after=order.number - 1)
    return data


def read_order(data: bytes, root_public: bytes, *, device: str, after: int) -> Order:
    """The order in ``data``, if it is for this device and newer than the last that it followed.

    ``after`` is the number of that one, 0 where there was none. Raises BadSignature, or OrderRefused.
    """
    try:
        statement = read_statement(data, limit=MAX_ORDER, names=_NAMES)
        order = _order(statement.fields)
    except ValueError:
        raise OrderRefused("This is not an order of version 1.") from None
    statement.check(root_public, domain=_DOMAIN)
    if order.device != device:
        raise OrderRefused("This order is for another device.")
    if order.number <= after:
        raise OrderRefused("This order is not newer than the last that was followed.")
    return order


def _order(fields: object) -> Order:
    said = cast(dict[str, object], fields)
    cmd, device, number = said["cmd"], said["device"], said["number"]
    if type(said["v"]) is not int or said["v"] != 1 or cmd not in _COMMANDS:
        raise ValueError("not a command of version 1")
    if not isinstance(device, str) or not device or type(number) is not int or number < 1:
        raise ValueError("not an order for a device")
    nonce = canonical.unhex(said["nonce"])
    if len(nonce) != _NONCE_BYTES:
        raise ValueError("not a nonce")
    return Order(cast(Command, cmd), device, number, canonical.moment(said["issued"]), nonce.hex())
