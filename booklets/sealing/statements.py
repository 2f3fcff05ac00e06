"""Small signed statements: one canonical JSON object of version 1, whose ``sig`` signs all its other fields.

The signature (``signing.py``, hex) covers the canonical bytes of the object without ``sig``. The object
is readable as it lies, and must be passed on byte for byte: another spelling is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import canonical, signing
from .signing import SigningKey


def sign_statement(fields: Mapping[str, object], *, domain: bytes, key: SigningKey) -> bytes:
    """``fields`` as a signed statement of version 1."""
    said = {**fields, "v": 1}
    return canonical.encode({**said, "sig": key.sign(domain, canonical.encode(said)).hex()})


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement read, but not believed before ``check``."""

    fields: Mapping[str, object]
    _signature: bytes

    def check(self, public: bytes, *, domain: bytes) -> None:
        """Return quietly if ``public`` signed this for ``domain``, else raise BadSignature."""
        signing.verify(public, domain, canonical.encode(self.fields), self._signature)


def read_statement(data: bytes, *names: frozenset[str], limit: int) -> Statement:
    """The statement in ``data``. Raises ValueError unless it has "v":1, ``sig``, and one of ``names``."""
    fields = canonical.decode(data, limit=limit)
    signature = canonical.unhex(fields.pop("sig", None))
    if canonical.whole(fields.get("v")) != 1 or fields.keys() - {"v"} not in names:
        raise ValueError("not the fields of this statement")
    return Statement(fields, signature)
