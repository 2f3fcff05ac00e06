"""What a device asks on its own, with nobody signed in: locked, stopped, or with a forgotten PIN."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from field_app.sync.client import Received, SyncClient
from field_app.sync.enrolment import as_bytes, b64url
from field_app.sync.reading import SEALED, Fields

READY: Final = "ready"
OPEN: Final = frozenset({"asked", "approved_once", "agreed", READY})
"""While a request is in one of these, somebody may still answer it."""


@dataclass(frozen=True, slots=True)
class KeyAsked:
    """How far a request for a vault's key has come. ``answer`` is the key, sealed to this device."""

    state: str
    code: str
    expires_at: datetime
    suite: int = 0
    answer: bytes = field(default=b"", repr=False)


class LockedClient(SyncClient):
    """The same server, asked without an officer."""

    def sealed_before(self, sealed: bytes, *, record: str, rev: int) -> Received:
        """Hand over what was sealed before this device was locked or stopped. Safe to repeat."""
        answer = self._ask("POST", "/v1/submissions/sealed-before", body=sealed, kind=SEALED)
        return self.receipt_for(sealed, answer.body, record=record, rev=rev)

    def order_heard(self, number: int, *, done: bool, not_erased: int = 0) -> None:
        """Say that an order is followed, or that all of it is done; or how many vaults hold that up."""
        self._tell("/v1/orders/heard", {"number": number, "done": done, "not_erased": not_erased})

    def ask_for_key(self, *, vault: bytes, officer: str, kid: str, sealed: bytes, again: bool) -> KeyAsked:
        """Ask for a vault's key back, or how far that has come. ``again`` begins anew where it is over."""
        said = self._tell(
            "/v1/recovery",
            {
                "vault": b64url(vault),
                "officer": officer,
                "kid": kid,
                "sealed": b64url(sealed),
                "again": again,
            },
        )
        state = said.text("state")
        asked = KeyAsked(state, said.text("code", most=20), said.moment("expires_at"))
        if state != READY:
            return asked
        answer = as_bytes(said.text("answer", most=8192))
        return KeyAsked(state, asked.code, asked.expires_at, said.whole("suite"), answer)

    def key_used(self, vault: bytes) -> None:
        """Say that the vault is open and has a new PIN."""
        self._tell("/v1/recovery/used", {"vault": b64url(vault)})

    def _tell(self, path: str, message: dict[str, Any]) -> Fields:
        return Fields(self._ask("POST", path, body=json.dumps(message).encode()).json())
