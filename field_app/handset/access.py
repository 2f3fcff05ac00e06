"""Whether this handheld opens for its officers at all: the force's order, and how long ago it was heard.

    NOT      it opens
    STOPPED  the force has stopped it by a signed order; what is sealed still goes
    SILENT   the force was not heard for longer than it allows; it opens once it has been
    WIPING   the keys are destroyed; what is sealed still goes, then the files are erased
    WIPED    nothing of anybody is left on it

All of it lies in the key store, outside the vaults. Of what cannot be read there nobody knows what it said:
it closes this handheld until the force is heard, and erases nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from booklets.answers import instant
from booklets.errors import BookletError
from booklets.sealing import Order, read_order
from field_app.handset.contact import LastContact
from field_app.handset.order_kept import KeptOrder, KeptOrders
from field_app.handset.policy import Policy
from field_app.vault.attempts import Clock
from field_app.vault.errors import SecretsUnreadable
from field_app.vault.secrets import SecretStore

WIPED: Final = "device.wiped"
WARNED_BEFORE: Final = timedelta(days=3)
STOPPED_SAID: Final = (
    "Your force has stopped this phone, so it opens for nobody. What was saved is kept, "
    "and what was sealed still goes."
)
SILENT_SAID: Final = (
    "This phone has not reached your force for too long, so it stays closed until it has. "
    "Everything saved is kept. Take it to where there is signal."
)


class Closed(StrEnum):
    """Why this handheld opens for nobody."""

    NOT = ""
    STOPPED = "stopped"
    SILENT = "silent"
    WIPING = "wiping"
    WIPED = "wiped"


class HandheldStopped(BookletError):
    """The force has stopped this handheld. Nothing was erased by that."""

    code = "handheld_stopped"

    def __init__(self) -> None:
        super().__init__(STOPPED_SAID)


class HeardTooLongAgo(BookletError):
    """The force was not heard for longer than it allows."""

    code = "heard_too_long_ago"

    def __init__(self) -> None:
        super().__init__(SILENT_SAID)


@dataclass(frozen=True, slots=True)
class Wiped:
    """That this handheld was wiped, when, and whom to ring about it."""

    at: datetime
    phone: str


class Access:
    """What the key store says of it. To be asked on the keeper's thread only."""

    def __init__(self, secrets: SecretStore, clock: Clock | None = None) -> None:
        self._secrets = secrets
        self._orders = KeptOrders(secrets)
        self._contact = LastContact(secrets, clock)

    # -- the force's order -----------------------------------------------------------------------
    def follow(self, statement: bytes, *, device: str, root: bytes) -> Order:
        """Take up an order, durably, before anything is done. Raises BadSignature or OrderRefused."""
        kept = self._orders.read()
        order = read_order(statement, root, device=device, after=self._orders.last_for(device))
        taken = KeptOrder(device, order.number, order.cmd)
        if order.cmd == "accept":  # it lifts no stop
            taken = KeptOrder(device, order.number, kept.cmd, accept=(order.vault, order.count))
        self._orders.write(taken)
        return order

    @property
    def to_accept(self) -> tuple[str, int] | None:
        """The vault of which an older copy is to be accepted, and how many changes that has seen."""
        return self._orders.read().accept

    def accepted(self) -> None:
        """That was done, and the force is to be told."""
        self._orders.write(replace(self._orders.read(), accept=None, unsaid=True))

    @property
    def command(self) -> str:
        """What the force's last order says this device has to do: "stop", "wipe" or nothing."""
        return self._orders.read().cmd

    @property
    def to_say(self) -> int:
        """The number of the last order, to be confirmed; 0 where it cannot be read: it may not be done."""
        kept = self._orders.read()
        return kept.number if kept.legible else 0

    @property
    def unsaid(self) -> bool:
        """Whether an order was carried out that the force has to be told of, however often it takes."""
        return self._orders.read().unsaid

    def said(self) -> None:
        """The force knows."""
        kept = self._orders.read()
        if kept.unsaid:
            self._orders.write(replace(kept, unsaid=False))

    def let_in(self) -> None:
        """The force speaks with this device again. The order's number stays: it is never followed again."""
        kept = self._orders.read()
        if kept.cmd == "stop":
            self._orders.write(replace(kept, cmd=""))

    # -- how long ago ----------------------------------------------------------------------------
    def heard(self, now: datetime) -> None:
        """The force was heard just now."""
        self._contact.heard(now)

    def silence(self, now: datetime) -> timedelta:
        """For how long the force has not been heard. Raises SecretsUnreadable where nobody can say."""
        return self._contact.silence(now)

    # -- what follows ----------------------------------------------------------------------------
    def closed(self, policy: Policy, now: datetime, *, enrolled: bool) -> Closed:
        """Why this handheld opens for nobody, if it does not."""
        if not enrolled:
            return Closed.WIPED if self.wiped is not None else Closed.NOT
        if self.command == "wipe":
            return Closed.WIPING
        if self.command == "stop":
            return Closed.STOPPED
        try:
            return Closed.SILENT if self.silence(now) >= policy.max_offline else Closed.NOT
        except SecretsUnreadable:  # nobody knows how long ago that was
            return Closed.SILENT

    def must_open(self, policy: Policy, now: datetime) -> None:
        """Refuse, in words, where this handheld opens for nobody."""
        match self.closed(policy, now, enrolled=True):
            case Closed.NOT:
                return
            case Closed.SILENT:
                raise HeardTooLongAgo
            case _:
                raise HandheldStopped

    def closes_in(self, policy: Policy, now: datetime) -> timedelta | None:
        """How soon it closes for want of contact; None while there is no need to say so."""
        try:
            left = policy.max_offline - self.silence(now)
        except SecretsUnreadable:
            return None
        return left if timedelta() < left <= WARNED_BEFORE else None

    @property
    def wiped(self) -> Wiped | None:
        """That this handheld was wiped, until it is set up again."""
        kept = self._read(WIPED)
        return Wiped(datetime.fromisoformat(kept["at"]), str(kept["phone"])) if "at" in kept else None

    def note_wiped(self, now: datetime, phone: str) -> None:
        """Remember that it was wiped, for whoever switches it on next."""
        self._write(WIPED, {"at": instant(now), "phone": phone})

    def begin_anew(self, now: datetime) -> None:
        """This device is set up with a force, just now: nothing of before counts for it."""
        self._contact.begin(now)
        self._orders.begin_anew()
        self._secrets.remove(WIPED)

    def _read(self, name: str) -> dict[str, Any]:
        try:
            kept = self._secrets.get(name)
            found = {} if kept is None else json.loads(kept)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, name: str, value: dict[str, Any]) -> None:
        self._secrets.set(name, json.dumps(value))
