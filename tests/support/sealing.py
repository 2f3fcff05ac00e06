"""A second writer of our formats, made from their description and from primitives only.

It can write what ``booklets.sealing`` never would, so tests can show that readers refuse it. And because
it shares no line with the product, an envelope it writes that opens shows that the description is enough.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from booklets.sealing import EnvelopeHeader, KemKey, SigningKey

CREATED = "2026-03-14T18:02:11Z"
CHUNK = 65536


def key_number(number: int, suite: int = 1) -> KemKey:
    """The same KEM key every time, for this number."""
    return KemKey.from_private(suite, hashlib.sha256(b"kem %d" % number).digest())


def signer_number(number: int) -> SigningKey:
    """The same signing key every time, for this number."""
    return SigningKey.from_private(hashlib.sha256(b"sign %d" % number).digest())


def a_header(**changed: Any) -> EnvelopeHeader:
    """The header of an invented submission."""
    fields: dict[str, Any] = {
        "kind": "submission",
        "record": "0195952b-2f6a-7c11-8e54-1f0f6d1c0a01",
        "rev": 2,
        "base_rev": 1,
        "form": "ret",
        "form_ver": "2026.3",
        "force": "north_yorkshire",
        "device": "dev-7",
        "officer": "o-14",
        "created": CREATED,
    }
    return EnvelopeHeader(**{**fields, **changed})


def header_fields(**changed: Any) -> dict[str, Any]:
    """The same header as it stands in the envelope, except for its digest."""
    header = a_header()
    fields = {name: getattr(header, name) for name in header.__slots__}
    return {**fields, "attachments": [], "v": 1, **changed}


def spelt(fields: object) -> bytes:
    """JSON as it must be spelt."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hkdf(secret: bytes, info: bytes) -> bytes:
    """HKDF-SHA256 without salt, 32 bytes long, written out (RFC 5869)."""
    extracted = hmac.digest(bytes(32), secret, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")


def sign(signer: SigningKey, domain: bytes, message: bytes) -> bytes:
    """Ed25519 over the domain and the message's digest."""
    private = Ed25519PrivateKey.from_private_bytes(signer.private)
    return private.sign(domain + hashlib.sha256(message).digest())


@dataclass
class Forge:
    """Writes one suite-1 envelope after the description, with whatever is wrong that a test wants."""

    to: Sequence[KemKey]
    signer: SigningKey
    body: bytes = b"what the child said"
    fields: dict[str, Any] = field(default_factory=header_fields)
    header: bytes | None = None  # instead of ``fields``
    magic: bytes = b"HWD1"
    suite: int = 1
    header_length: int | None = None
    count: int | None = None
    digest: str | None = None
    stanzas: bytes | None = None
    cek: bytes = bytes(range(32))
    last_flags: tuple[int, ...] | None = None  # one for each chunk
    extra_chunks: Sequence[bytes] = ()

    def written(self) -> bytes:
        """The envelope."""
        keyed = hmac.digest(hkdf(self.cek, b"hwd/digest/1"), self.body, "sha256").hex()
        header = spelt({**self.fields, "digest_keyed": self.digest or keyed})
        header = header if self.header is None else self.header
        stanzas = self._stanzas(header) if self.stanzas is None else self.stanzas
        length = len(header) if self.header_length is None else self.header_length
        start = self.magic + bytes([self.suite]) + length.to_bytes(2, "big") + header + stanzas
        whole = start + self._chunks(header + stanzas)
        return whole + sign(self.signer, b"hwd/env/1", whole)

    def _stanzas(self, header: bytes) -> bytes:
        info = b"hwd/cek/1" + bytes([self.suite]) + hashlib.sha256(header).digest()
        written = bytes([len(self.to) if self.count is None else self.count])
        for key in self.to:
            public = X25519PrivateKey.from_private_bytes(key.private).public_key()
            kid = hashlib.sha256(b"\x01" + public.public_bytes_raw()).hexdigest()[:16].encode()
            wrapped = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM).encrypt(
                self.cek, public, info=info
            )
            written += b"\x10" + kid + len(wrapped).to_bytes(2, "big") + wrapped
        return written

    def _chunks(self, head: bytes) -> bytes:
        cipher = AESGCM(hkdf(self.cek, b"hwd/body/1" + hashlib.sha256(head).digest()))
        cut = [self.body[at : at + CHUNK] for at in range(0, len(self.body), CHUNK)] or [b""]
        cut += self.extra_chunks
        flags = self.last_flags or tuple(int(n == len(cut) - 1) for n in range(len(cut)))
        return b"".join(
            cipher.encrypt(number.to_bytes(11, "big") + bytes([flag]), text, None)
            for number, (text, flag) in enumerate(zip(cut, flags, strict=True))
        )


def hpke_key_schedule(
    shared_secret: bytes, info: bytes, *, suite_id: bytes, key_bytes: int
) -> tuple[bytes, bytes]:
    """RFC 9180 section 5.1, base mode, HKDF-SHA256: the AEAD key and the base nonce."""

    def extract(salt: bytes, label: bytes, secret: bytes) -> bytes:
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite_id + label + secret, "sha256")

    def expand(secret: bytes, label: bytes, context: bytes, length: int) -> bytes:
        said = length.to_bytes(2, "big") + b"HPKE-v1" + suite_id + label + context
        return hmac.digest(secret, said + b"\x01", "sha256")[:length]

    context = b"\x00" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    secret = extract(shared_secret, b"secret", b"")
    return expand(secret, b"key", context, key_bytes), expand(secret, b"base_nonce", context, 12)
