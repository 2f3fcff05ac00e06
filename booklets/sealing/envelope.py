"""The sealed envelope ``hwd1``: one body, sealed to a few recipients, signed by one device.

    envelope  = "HWD1" ‖ u8 suite ‖ u16 header length ‖ header ‖ stanzas ‖ chunk* ‖ signature (64 bytes)
    header    = canonical JSON (``canonical.py``), at most 4 KiB; the fields of ``EnvelopeHeader`` and "v":1
    stanzas   = u8 count (1 to 4) ‖ stanza*
    stanza    = u8 16 ‖ kid (16 lower-case hex digits) ‖ u16 length ‖ HPKE(recipient, CEK, stanza info)
    chunk     = AES-256-GCM(body key, nonce, at most 64 KiB of the body), 16 bytes longer than its text
    nonce     = u88 number of the chunk, from 0 ‖ u8 1 for the last chunk, else 0      (STREAM, as in age)
    signature = Ed25519, domain "hwd/env/1" (``signing.py``), over every byte before it

    CEK          = 32 random bytes, new for every envelope
    stanza info  = "hwd/cek/1" ‖ u8 suite ‖ SHA-256(header)
    body key     = HKDF-SHA256(CEK, info = "hwd/body/1" ‖ SHA-256(header ‖ stanzas))
    digest_keyed = HMAC-SHA256(HKDF-SHA256(CEK, info = "hwd/digest/1"), body), in the header, as hex

Integers are big-endian. HKDF has no salt and gives 32 bytes. Every chunk but the last is full; the last
is empty only if the whole body is. All stanzas use the envelope's suite (``hpke.py``), and no kid twice.

What follows from this:

* Header, stanzas and body belong together: changing a header breaks every stanza, and changing a stanza
  breaks the body, even for a forger who could sign.
* All recipients read the same body. AES-GCM alone would let a malicious sender make one ciphertext that
  says two things under two keys; ``digest_keyed`` stands in the shared header and is checked on opening.
  It tells nobody who cannot open two envelopes whether their bodies are alike.

A reader parses, checks the signature, and only then decrypts; ``Envelope.open`` refuses until
``Envelope.check`` has passed. All limits are enforced by comparing lengths, before any work is done.
A change to any of the above is a new magic.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from . import hpke, signing
from .errors import BadSignature, EnvelopeMalformed, NotForThisKey, SealBroken
from .header import MAX_HEADER, EnvelopeHeader, header_bytes, header_from
from .hpke import KemKey, KemPublic
from .signing import SIGNATURE_BYTES, SigningKey

MAGIC = b"HWD1"
DOMAIN = b"hwd/env/1"
MAX_ENVELOPE = 8 * 1024 * 1024
"""Ours: it is held in memory whole, and a booklet has some ten kilobytes."""
MAX_STANZAS = 4
"""Ours: two are used; readers of formats without a limit were choked with recipients (CVE-2026-85783)."""
CHUNK = 64 * 1024  # as in age
TAG = 16  # AES-GCM's
_KEY = 32  # AES-256's
_KID = 16  # hpke.KemPublic
LONGEST_HEAD = 4 + 1 + 2 + MAX_HEADER + 1 + MAX_STANZAS * (1 + _KID + 2 + _KEY + hpke.overhead(hpke.XWING))


def seal_envelope(
    header: EnvelopeHeader, body: bytes, *, to: Sequence[KemPublic], signer: SigningKey
) -> bytes:
    """Seal ``body`` to every key in ``to`` (all of one suite) and sign the whole.

    A submission goes to two: the server's current key, and the force's recovery key. ``digest_keyed`` is
    filled in. Raises EnvelopeMalformed for what no reader would accept.
    """
    cek = new_cek()
    start, key = begun(header, keyed_digest(cek, body).hexdigest(), cek, to)
    cipher = AESGCM(key)
    chunks = b"".join(cipher.encrypt(nonce, text, None) for nonce, text in numbered(_cut(body, CHUNK)))
    if len(start) + len(chunks) + SIGNATURE_BYTES > MAX_ENVELOPE:
        raise EnvelopeMalformed("This is too large for one envelope.")
    return start + chunks + signer.sign(DOMAIN, start + chunks)


def read_envelope(sealed: bytes) -> Envelope:
    """Take an envelope apart, decrypting nothing. Raises EnvelopeMalformed unless all fits."""
    if len(sealed) > MAX_ENVELOPE:
        raise EnvelopeMalformed("The envelope is larger than allowed.")
    head = read_head(sealed)
    end = len(sealed) - SIGNATURE_BYTES
    check_chunking(end - head.length)
    return Envelope(header=head.header, sealed=sealed, _head=head)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Envelope:
    """An envelope taken apart. ``check`` it, then ``open`` it; the header proves nothing before that."""

    header: EnvelopeHeader
    sealed: bytes
    _head: Head
    _checked: bool = False

    def __repr__(self) -> str:
        return f"Envelope({self.header.kind}, record={self.header.record!r}, rev={self.header.rev})"

    @property
    def stanza_kids(self) -> tuple[str, ...]:
        """The keys this envelope is addressed to, in the order in which they stand."""
        return tuple(self._head.wrapped)

    @property
    def sha256(self) -> str:
        """SHA-256 of the whole envelope, in hex: what a receipt cites as ``env_sha256``."""
        return sha256(self.sealed).hexdigest()

    def check(self, public_sign: bytes) -> None:
        """Return quietly if ``public_sign`` signed this envelope, else raise BadSignature."""
        signed, signature = self.sealed[:-SIGNATURE_BYTES], self.sealed[-SIGNATURE_BYTES:]
        signing.verify(public_sign, DOMAIN, signed, signature)
        object.__setattr__(self, "_checked", True)  # the one thing about an envelope that changes

    def open(self, key: KemKey) -> bytes:
        """The body, for one of the recipients. Raises NotForThisKey or SealBroken."""
        if not self._checked:
            raise BadSignature("The envelope's signature has to be checked before it is opened.")
        chunks = _cut(self.sealed[self._head.length : -SIGNATURE_BYTES], CHUNK + TAG)
        return b"".join(self._head.body(self._head.cek(key), chunks))


@dataclass(frozen=True, slots=True, repr=False)
class Head:
    """What stands before the chunks. ``length`` is where they begin, in bytes from the first."""

    header: EnvelopeHeader
    suite: int
    length: int
    wrapped: Mapping[str, bytes]
    _header_part: bytes
    _stanzas: bytes

    def cek(self, key: KemKey) -> bytes:
        """The key of the content, for one of the recipients. Raises NotForThisKey or SealBroken."""
        wrapped = self.wrapped.get(key.public.kid)
        if wrapped is None:
            raise NotForThisKey("The envelope is not addressed to this key.")
        return hpke.open_sealed(key, wrapped, _stanza_info(self.suite, self._header_part))

    def body(self, cek: bytes, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """What the chunks say; it counts once it has come to its end. Raises SealBroken, perhaps late."""
        cipher, told = AESGCM(_body_key(cek, self._header_part, self._stanzas)), keyed_digest(cek)
        for nonce, chunk in numbered(chunks):
            try:
                text = cipher.decrypt(nonce, chunk, None)
            except (InvalidTag, ValueError):  # ValueError: a file has become shorter meanwhile
                raise SealBroken("The body was altered.") from None
            told.update(text)
            yield text
        if not hmac.compare_digest(told.hexdigest(), self.header.digest_keyed):
            raise SealBroken("The body is not the one its header speaks of.")


def read_head(sealed: bytes) -> Head:
    """Read what stands before the chunks; ``sealed`` may go on after it. Raises EnvelopeMalformed."""
    reader = _Reader(sealed)
    if reader.take(4) != MAGIC:
        raise EnvelopeMalformed("This is not an hwd1 envelope.")
    suite = reader.number(1)
    if suite not in (hpke.X25519, hpke.XWING):
        raise EnvelopeMalformed("The envelope uses a suite that we do not know.")
    header_part = reader.take(reader.number(2))
    header = header_from(header_part)
    before = reader.at
    wrapped = _read_stanzas(reader, suite)
    return Head(header, suite, reader.at, wrapped, header_part, sealed[before : reader.at])


def begun(header: EnvelopeHeader, digest: str, cek: bytes, to: Sequence[KemPublic]) -> tuple[bytes, bytes]:
    """What stands before the chunks, and the key of the chunks. Raises EnvelopeMalformed."""
    suites = {recipient.suite for recipient in to}
    if len(suites) != 1 or len({recipient.kid for recipient in to}) != len(to) or len(to) > MAX_STANZAS:
        raise EnvelopeMalformed("An envelope is sealed to one to four different keys of one suite.")
    header_part = header_bytes(replace(header, digest_keyed=digest))
    stanzas = bytes([len(to)]) + b"".join(_stanza(recipient, cek, header_part) for recipient in to)
    start = MAGIC + bytes([suites.pop()]) + len(header_part).to_bytes(2) + header_part + stanzas
    return start, _body_key(cek, header_part, stanzas)


def new_cek() -> bytes:
    """A new key for the content of one envelope."""
    return secrets.token_bytes(_KEY)


class _Reader:
    """Walks over the bytes once; whatever is not there is EnvelopeMalformed."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        if count < 0 or len(self._data) - self.at < count:
            raise EnvelopeMalformed("The envelope is cut short.")
        self.at += count
        return self._data[self.at - count : self.at]

    def number(self, width: int) -> int:
        return int.from_bytes(self.take(width))


def _stanza(recipient: KemPublic, cek: bytes, header_part: bytes) -> bytes:
    wrapped = hpke.seal(recipient, cek, _stanza_info(recipient.suite, header_part))
    return bytes([_KID]) + recipient.kid.encode() + len(wrapped).to_bytes(2) + wrapped


def _read_stanzas(reader: _Reader, suite: int) -> dict[str, bytes]:
    count = reader.number(1)
    if not 1 <= count <= MAX_STANZAS:
        raise EnvelopeMalformed("An envelope has one to four recipients.")
    wrapped: dict[str, bytes] = {}
    for _ in range(count):
        if reader.number(1) != _KID:
            raise EnvelopeMalformed("A key id has the wrong length.")
        kid = reader.take(_KID)
        if not set(kid) <= set(b"0123456789abcdef") or kid.decode() in wrapped:
            raise EnvelopeMalformed("A key id is misspelt or stands there twice.")
        if reader.number(2) != _KEY + hpke.overhead(suite):
            raise EnvelopeMalformed("A recipient's part has the wrong length.")
        wrapped[kid.decode()] = reader.take(_KEY + hpke.overhead(suite))
    return wrapped


def check_chunking(length: int) -> None:
    """Exactly one way to cut: all chunks full but the last, which is empty only if it is the first."""
    full, rest = divmod(length, CHUNK + TAG)
    if length < TAG or (rest < TAG and not (rest == 0 and full)):
        raise EnvelopeMalformed("The envelope's body is cut short.")
    if rest == TAG and full:
        raise EnvelopeMalformed("The envelope's body ends in an empty chunk.")


def numbered(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk with its nonce; one is held back until it is known whether it is the last."""
    number, held = 0, None
    for chunk in chunks:
        if held is not None:
            yield number.to_bytes(11) + b"\0", held
            number += 1
        held = chunk
    yield number.to_bytes(11) + b"\1", held or b""


def _cut(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def _stanza_info(suite: int, header_part: bytes) -> bytes:
    return b"hwd/cek/1" + bytes([suite]) + sha256(header_part).digest()


def _body_key(cek: bytes, header_part: bytes, stanzas: bytes) -> bytes:
    return _hkdf(cek, b"hwd/body/1" + sha256(header_part + stanzas).digest())


def keyed_digest(cek: bytes, body: bytes = b"") -> hmac.HMAC:
    """The digest over the body, which may be fed to it in pieces."""
    return hmac.new(_hkdf(cek, b"hwd/digest/1"), body, "sha256")


def _hkdf(cek: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY, salt=None, info=info).derive(cek)
