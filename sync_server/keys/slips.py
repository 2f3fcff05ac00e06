"""Words that leave the server and come back: in an address, or in a form that a browser holds for a while.

    slip = base64url(nonce (12) ‖ AES-256-GCM(slip key, words, "hwd/slip/1" ‖ what ‖ 0 ‖ whose))

Whoever carries a slip can neither read nor change it. ``what`` and ``whose`` must be said again to open it,
so that a slip made for one purpose or person is nothing for another.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass, field

from sync_server.keys.rest import BodyBroken, Safe, opened, sealed

LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Slips:
    """Seals and opens slips."""

    secret: bytes = field(repr=False)

    @classmethod
    def of(cls, safe: Safe) -> Slips:
        """The slips of this server. Their key follows from the one that everything at rest hangs on."""
        return cls(hmac.digest(safe.kek, b"hwd/slip/1", "sha256"))

    def seal(self, words: str, *, what: str, whose: str) -> str:
        """``words`` as they may stand in an address or a form."""
        return urlsafe_b64encode(sealed(self.secret, words.encode(), _about(what, whose))).decode()

    def open(self, slip: str, *, what: str, whose: str) -> str | None:
        """What was sealed, or None for anything that was not sealed for this."""
        if len(slip) > LONGEST:
            return None
        try:
            kept = urlsafe_b64decode(slip.encode("ascii"))
            return opened(self.secret, kept, _about(what, whose)).decode()
        except (BodyBroken, NotBase64, UnicodeError):
            return None


def _about(what: str, whose: str) -> bytes:
    return b"hwd/slip/1" + what.encode() + b"\0" + whose.encode()
