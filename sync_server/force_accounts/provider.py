"""One force's provider as this process knows it: the way there, and who came back.

What the provider publishes of itself and its keys is asked for each time that somebody leaves for it: where
it is away, they read so here and not in their browser's words. On the way back it counts for an hour, and a
token under a key that is not among them is a reason to ask once more, and not twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from sync_server.force_accounts.asking import Asking, Description
from sync_server.force_accounts.begun import Begun, Leaving
from sync_server.force_accounts.proofs import Claims, Expected, Key, proven, signing_keys
from sync_server.force_accounts.refusals import KeyUnknown, NotProven, ProviderAway, TurnedBack
from sync_server.force_provider import ForceProvider

KEPT: Final = timedelta(hours=1)
BACK: Final = "/force-account/back"


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack:
    """What the browser brings from the provider: a code, or word that there is none."""

    code: str = field(repr=False)
    issuer: str
    refused: bool


@dataclass(frozen=True, slots=True)
class _Known:
    description: Description
    keys: list[Key]
    until: datetime


@dataclass(slots=True)
class Provider:
    """The provider of one force. ``back_to`` is where it sends browsers when it is done with them."""

    said: ForceProvider
    back_to: str
    now: Callable[[], datetime]
    _asking: Asking = field(init=False, repr=False)
    _known: _Known | None = field(default=None, repr=False)
    _learning: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _in_vain: int = field(default=0, repr=False)
    _away: ProviderAway | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Nothing is asked yet: a server starts whether its force's provider is there or not."""
        self._asking = Asking(self.said)

    def look(self) -> None:
        """Ask whether it is there, and what it says of itself now."""
        self._learnt(again=True)

    def way_there(self, leaving: Leaving) -> str:
        """The address of the provider's page for this sign-in."""
        asked = {
            "response_type": "code",
            "client_id": self.said.client_id,
            "redirect_uri": self.back_to,
            "scope": " ".join(self.said.scopes),
            "state": leaving.state,
            "nonce": leaving.begun.nonce,
            "code_challenge": leaving.begun.challenge,
            "code_challenge_method": "S256",
        }
        if leaving.begun.asks_anew:
            asked["prompt"] = "login"
        page = self._learnt().description.authorization
        return f"{page}{'&' if '?' in page else '?'}{urlencode(asked)}"

    def who(self, came: CameBack, begun: Begun) -> Claims:
        """What the provider says of whoever came back, once it is proven to be about this sign-in."""
        description = self._learnt().description
        if came.issuer != self.said.issuer and (came.issuer or description.says_issuer):
            raise NotProven("another provider sent the browser back")
        if came.refused or not came.code:
            raise TurnedBack("no code")
        token = self._asking.id_token(
            description, code=came.code, verifier=begun.verifier, back_to=self.back_to
        )
        expected = Expected(
            issuer=self.said.issuer,
            client_id=self.said.client_id,
            nonce=begun.nonce,
            signed_in_anew=begun.asks_anew,
            now=self.now(),
        )
        try:
            return proven(token, self._learnt().keys, expected)
        except KeyUnknown:
            return proven(token, self._learnt(again=True).keys, expected)

    def close(self) -> None:
        """Let the connections go."""
        self._asking.close()

    def _learnt(self, *, again: bool = False) -> _Known:
        in_vain = self._in_vain
        with self._learning:
            if self._away is not None and self._in_vain != in_vain:
                # Somebody asked in vain while we waited: ten who press at once do not wait ten times.
                raise type(self._away)(self._away.why)
            known = self._known
            if again or known is None or self.now() >= known.until:
                known = self._known = self._asked()
            return known

    def _asked(self) -> _Known:
        try:
            description = self._asking.description()
            keys = signing_keys(self._asking.keys(description))
        except ProviderAway as error:
            self._in_vain, self._away = self._in_vain + 1, error
            raise
        self._away = None
        return _Known(description, keys, self.now() + KEPT)
