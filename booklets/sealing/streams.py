"""A sealed attachment: an ``hwd1`` envelope of kind "attachment" that is never held in memory whole.

The format is the one at the head of ``envelope.py``, byte for byte; what is different is who holds it.
Writer and reader hold two chunks at a time, and go over a file twice: the writer because the digest of the
body stands in front of it, the reader because nothing is decrypted before the signature was checked.

    header.attachments   exactly one entry, which is the attachment itself: its id, the size of its body
                         in bytes, and, where a record's manifest has the SHA-256 of the sealed bytes,
                         ``digest_keyed``: an attachment cannot contain its own sum
    header.record, .rev  the revision of the record that it was first sent with

Which bytes belong to a record is said by the record: ``AttachmentRef`` in its header, and again inside
its own seal. ``SealedAttachment.demand`` holds the two against each other.

What ``open`` has yielded counts only once it has come to its end: whether the last chunk is there, and
whether the body is the one that the header speaks of, is known only then.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from . import envelope, signing
from .envelope import CHUNK, DOMAIN, TAG, Head
from .errors import BadSignature, EnvelopeMalformed, NotAsListed, SealBroken
from .header import AttachmentRef, EnvelopeHeader
from .hpke import KemKey, KemPublic
from .signing import SIGNATURE_BYTES, SigningKey

KIND = "attachment"
MAX_ATTACHMENT = 25_000_000
"""Ours: sixty photographs as they are made, or a booklet of forty pages as it was scanned."""

_ANY_DIGEST = "0" * 64  # as long as every other


def seal_attachment(
    header: EnvelopeHeader,
    source: BinaryIO,
    target: BinaryIO,
    *,
    attachment: str,
    to: Sequence[KemPublic],
    signer: SigningKey,
) -> AttachmentRef:
    """Seal all of ``source`` to every key in ``to`` and write it to ``target``, signed.

    ``kind``, ``attachments`` and ``digest_keyed`` of the header are filled in. The answer is what the
    record's manifest says of the attachment. Raises EnvelopeMalformed for what no reader would accept,
    and SealBroken when ``source`` was not the same twice; then ``target`` holds nothing of use.
    """
    cek = envelope.new_cek()
    told, size = envelope.keyed_digest(cek), 0
    for piece in _pieces(source):
        told.update(piece)
        size += len(piece)
    digest = told.hexdigest()
    itself = (AttachmentRef(attachment, size, digest),)
    start, key = envelope.begun(replace(header, kind=KIND, attachments=itself), digest, cek, to)
    whole = _Summed(target)
    if _sealed_size(len(start), size) > MAX_ATTACHMENT:
        raise EnvelopeMalformed("This is too large for an attachment.")
    whole.write(start)
    cipher, again = AESGCM(key), envelope.keyed_digest(cek)
    for nonce, piece in envelope.numbered(_pieces(source)):
        again.update(piece)
        whole.write(cipher.encrypt(nonce, piece, None))
    if again.hexdigest() != digest:
        raise SealBroken("The file changed while it was sealed.")
    whole.write(signer.sign_digest(DOMAIN, whole.sum.digest()))
    return AttachmentRef(attachment, whole.size, whole.sum.hexdigest())


def read_attachment(sealed: BinaryIO) -> SealedAttachment:
    """Take a sealed attachment apart, decrypting nothing. Raises EnvelopeMalformed unless all fits.

    ``sealed`` is read again by ``open``: it stays open as long.
    """
    size = sealed.seek(0, io.SEEK_END)
    if size > MAX_ATTACHMENT:
        raise EnvelopeMalformed("The attachment is larger than allowed.")
    sealed.seek(0)
    head = envelope.read_head(sealed.read(envelope.LONGEST_HEAD))
    chunks = size - head.length - SIGNATURE_BYTES
    envelope.check_chunking(chunks)
    _demand_itself(head.header, body=chunks - TAG * max(1, -(-chunks // (CHUNK + TAG))))
    total = sha256()
    for piece in _pieces(sealed, size - SIGNATURE_BYTES):
        total.update(piece)
    signed, signature = total.digest(), _full(sealed, SIGNATURE_BYTES)
    total.update(signature)
    return SealedAttachment(
        header=head.header,
        size=size,
        sha256=total.hexdigest(),
        _source=sealed,
        _head=head,
        _signed=signed,
        _signature=signature,
    )


def size_when_sealed(header: EnvelopeHeader, body: int, *, attachment: str, to: Sequence[KemPublic]) -> int:
    """How many bytes an attachment with a body of so many will have, once it is sealed."""
    itself = (AttachmentRef(attachment, body, _ANY_DIGEST),)
    header = replace(header, kind=KIND, attachments=itself)
    start, _ = envelope.begun(header, _ANY_DIGEST, envelope.new_cek(), to)
    return _sealed_size(len(start), body)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SealedAttachment:
    """An attachment taken apart: ``check`` it, then ``open`` it; the header proves nothing before that.

    ``size`` and ``sha256`` (hex) are those of the sealed bytes.
    """

    header: EnvelopeHeader
    size: int
    sha256: str
    _source: BinaryIO
    _head: Head
    _signed: bytes
    _signature: bytes
    _checked: bool = False

    def __repr__(self) -> str:
        return f"SealedAttachment({self.id!r}, record={self.header.record!r})"

    @property
    def id(self) -> str:
        """Which attachment this is, by its own account."""
        return self.header.attachments[0].id

    @property
    def body_size(self) -> int:
        """How many bytes were sealed."""
        return self.header.attachments[0].size

    @property
    def stanza_kids(self) -> tuple[str, ...]:
        """The keys this attachment is addressed to, in the order in which they stand."""
        return tuple(self._head.wrapped)

    def demand(self, listed: AttachmentRef, *, record: str) -> None:
        """Return quietly if this is what the manifest of ``record`` lists, else raise NotAsListed."""
        itself = AttachmentRef(self.id, self.size, self.sha256)
        if self.header.record != record or itself != listed:
            raise NotAsListed("This is not the attachment that its record lists.")

    def check(self, public_sign: bytes) -> None:
        """Return quietly if ``public_sign`` signed this attachment, else raise BadSignature."""
        signing.verify_digest(public_sign, DOMAIN, self._signed, self._signature)
        object.__setattr__(self, "_checked", True)  # the one thing about an attachment that changes

    def open(self, key: KemKey) -> Iterator[bytes]:
        """The body, chunk by chunk, for one of the recipients. Raises NotForThisKey or SealBroken."""
        if not self._checked:
            raise BadSignature("The attachment's signature has to be checked before it is opened.")
        return self._head.body(self._head.cek(key), self._chunks())

    def _chunks(self) -> Iterator[bytes]:
        end = self.size - SIGNATURE_BYTES
        for at in range(self._head.length, end, CHUNK + TAG):
            self._source.seek(at)
            yield self._source.read(min(CHUNK + TAG, end - at))


class _Summed:
    """Writes on, and keeps the sum and the size of all that was written."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self.sum = sha256()
        self.size = 0

    def write(self, piece: bytes) -> None:
        """Write all of it, or raise SealBroken where the source has grown since it was measured."""
        if self.size + len(piece) > MAX_ATTACHMENT:
            raise SealBroken("The file changed while it was sealed.")
        self._target.write(piece)
        self.sum.update(piece)
        self.size += len(piece)


def _pieces(source: BinaryIO, most: int = MAX_ATTACHMENT) -> Iterator[bytes]:
    """The first ``most`` bytes of a file, in pieces that are full but for the last; none if it is empty."""
    source.seek(0)
    while piece := _full(source, min(CHUNK, most)):
        yield piece
        most -= len(piece)


def _full(source: BinaryIO, size: int) -> bytes:
    """As much as asked, unless the file ends: one read may give less."""
    piece = source.read(size)
    while 0 < len(piece) < size and (more := source.read(size - len(piece))):
        piece += more
    return piece


def _sealed_size(start: int, body: int) -> int:
    return start + body + TAG * max(1, -(-body // CHUNK)) + SIGNATURE_BYTES


def _demand_itself(header: EnvelopeHeader, *, body: int) -> None:
    """An attachment's header speaks of itself, and of nothing else."""
    if header.kind != KIND:
        raise EnvelopeMalformed("This envelope is not an attachment.")
    entries = header.attachments
    if len(entries) != 1 or (entries[0].size, entries[0].sha256) != (body, header.digest_keyed):
        raise EnvelopeMalformed("The attachment's header does not speak of the attachment.")
