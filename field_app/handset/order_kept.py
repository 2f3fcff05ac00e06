"""The force's last order to this handheld, as its key store keeps it.

    device.order       the order: {"device", "number", "cmd"}, and what an accepted copy still asks for
    device.order.last  the number of the last that was followed, for where the order cannot be read

An entry that is anything but just such an order may have been one to stop, and counts as that until the
force is heard. This helps against accidents: a write that was cut short, a key store that does not answer.
It is none against somebody who can take the entry away, or write one of their own.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from field_app.vault.errors import VaultError
from field_app.vault.secrets import SecretStore

ORDER: Final = "device.order"
LAST: Final = "device.order.last"
_COMMANDS: Final = frozenset({"", "stop", "wipe"})
_NEEDED: Final = frozenset({"device", "number", "cmd"})
_NAMES: Final = _NEEDED | {"accept", "unsaid"}


@dataclass(frozen=True, slots=True)
class KeptOrder:
    """What this handheld was last told. ``accept``: the vault and count of a copy to go on with.

    ``unsaid``: it was carried out, and the force was not told yet. Not ``legible``: a stand-in.
    """

    device: str = ""
    number: int = 0
    cmd: str = ""
    accept: tuple[str, int] | None = None
    unsaid: bool = False
    legible: bool = True


class KeptOrders:
    """The two entries. To be touched on the keeper's thread only."""

    def __init__(self, secrets: SecretStore) -> None:
        self._secrets = secrets

    def read(self) -> KeptOrder:
        """The order; where it cannot be read, one to stop with the last number that is known."""
        try:
            kept = self._secrets.get(ORDER)
            return KeptOrder() if kept is None else _order(json.loads(kept))
        except (VaultError, OSError, ValueError, RecursionError):
            device, number = self._last()
            return KeptOrder(device, number, "stop", legible=False)

    def last_for(self, device: str) -> int:
        """The highest number that was followed of the orders to a device; 0 where none was."""
        kept = self.read()
        known = ((kept.device, kept.number), self._last())
        return max((number for name, number in known if name == device), default=0)

    def write(self, order: KeptOrder) -> None:
        """Keep it, durably. The order first: cut short before its number, it is still its own witness."""
        fields: dict[str, Any] = {"device": order.device, "number": order.number, "cmd": order.cmd}
        if order.accept is not None:
            fields["accept"] = {"vault": order.accept[0], "count": order.accept[1]}
        if order.unsaid:
            fields["unsaid"] = True
        self._secrets.set(ORDER, json.dumps(fields))
        if self._last() != (order.device, order.number):
            with suppress(VaultError, OSError):
                self._secrets.set(LAST, json.dumps({"device": order.device, "number": order.number}))

    def begin_anew(self) -> None:
        """Nothing was ordered. Written over and not removed: half removed, it would read as one to stop."""
        for name in (LAST, ORDER):
            self._secrets.set(name, json.dumps({"device": "", "number": 0, "cmd": ""}))

    def _last(self) -> tuple[str, int]:
        try:
            kept = self._secrets.get(LAST)
            found = {} if kept is None else json.loads(kept)
            return _text(found["device"]), _count(found["number"])
        except (VaultError, OSError, ValueError, TypeError, KeyError, RecursionError):
            return "", 0


def _order(found: object) -> KeptOrder:
    """The order, if it is one to the last field. Raises ValueError."""
    if not isinstance(found, dict) or not _NEEDED <= found.keys() <= _NAMES:
        raise ValueError("not the fields of an order")
    cmd, accept, unsaid = found["cmd"], found.get("accept"), found.get("unsaid", False)
    if not isinstance(cmd, str) or cmd not in _COMMANDS or not isinstance(unsaid, bool):
        raise ValueError("not a command")
    if accept is not None and (not isinstance(accept, dict) or accept.keys() != {"vault", "count"}):
        raise ValueError("not a copy to accept")
    pair = (_text(accept["vault"]), _count(accept["count"])) if accept is not None else None
    return KeptOrder(_text(found["device"]), _count(found["number"]), cmd, pair, unsaid)


def _text(found: object) -> str:
    if not isinstance(found, str):
        raise ValueError("not a text")  # noqa: TRY004 - all that is wrong with an entry is one thing
    return found


def _count(found: object) -> int:
    if type(found) is not int or found < 0:
        raise ValueError("not a count")
    return found
