"""A sealed attachment: streamed, and refused when a byte of it is not where it was sealed."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tempfile
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booklets.errors import BookletError
from booklets.sealing import (
    MAX_ATTACHMENT,
    AttachmentRef,
    BadSignature,
    EnvelopeMalformed,
    KemKey,
    NotAsListed,
    NotForThisKey,
    SealBroken,
    read_attachment,
    read_envelope,
    seal_attachment,
    seal_envelope,
    size_when_sealed,
)
from booklets.sealing.envelope import read_head
from tests.support.sealing import CHUNK, Forge, a_header, header_fields, key_number, sign, signer_number

SERVER, RECOVERY, STRANGER = key_number(1), key_number(2), key_number(3)
DEVICE = signer_number(1)
RECORD = a_header().record
PIECE = CHUNK + 16


def sealed(body: bytes, suite: int = 1) -> tuple[bytes, AttachmentRef]:
    """A photograph as a device seals it, and what the record's manifest says of it."""
    target = io.BytesIO()
    to = [key_number(1, suite).public, key_number(2, suite).public]
    listed = seal_attachment(a_header(), io.BytesIO(body), target, attachment="att-1", to=to, signer=DEVICE)
    return target.getvalue(), listed


def opened(data: bytes, key: KemKey = SERVER) -> bytes:
    """What a server does with it."""
    attachment = read_attachment(io.BytesIO(data))
    attachment.check(DEVICE.public)
    return b"".join(attachment.open(key))


def again(data: bytes) -> bytes:
    """The same bytes with a signature that holds: not even the device itself can put them together so."""
    return data[:-64] + sign(DEVICE, b"hwd/env/1", data[:-64])


def parts(data: bytes) -> tuple[bytes, list[bytes]]:
    """What stands before the chunks, and the chunks."""
    end = len(data) - 64
    head = read_head(data).length
    return data[:head], [data[start : min(start + PIECE, end)] for start in range(head, end, PIECE)]


LARGE = hashlib.shake_256(b"a room").digest(3 * CHUNK + 11)


@pytest.mark.parametrize("suite", [1, 2])
@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7])
def test_both_recipients_see_what_was_sealed(suite: int, length: int) -> None:
    """Around every edge of a chunk, in both suites; the manifest says the size and the sum."""
    body = LARGE[:length]
    data, listed = sealed(body, suite)
    assert opened(data, key_number(1, suite)) == opened(data, key_number(2, suite)) == body
    assert listed == AttachmentRef("att-1", len(data), hashlib.sha256(data).hexdigest())
    read_attachment(io.BytesIO(data)).demand(listed, record=RECORD)
    to = [key_number(1, suite).public, key_number(2, suite).public]
    assert size_when_sealed(a_header(), length, attachment="att-1", to=to) == len(data)


def test_it_is_the_envelope_that_every_reader_knows() -> None:
    """Written in a stream or whole, the format is one."""
    data, _ = sealed(LARGE)
    envelope = read_envelope(data)
    envelope.check(DEVICE.public)
    assert envelope.open(SERVER) == LARGE
    digest = envelope.header.digest_keyed
    assert envelope.header.attachments == (AttachmentRef("att-1", len(LARGE), digest),)


def test_the_frozen_attachment_opens_for_ever() -> None:
    """``freeze.py`` tells how it was made."""
    path = Path(__file__).parent / "vectors" / "hwd1-attachment.json"
    frozen: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    data = base64.b64decode(frozen["envelope"], validate=True)
    assert hashlib.sha256(opened(data)).hexdigest() == frozen["body_sha256"]


@pytest.mark.parametrize(
    "what", ["last dropped", "first dropped", "middle dropped", "two swapped", "repeated"]
)
def test_chunks_that_are_dropped_moved_or_repeated_are_refused(what: str) -> None:
    """Even where the signature holds: the size is refused, or else the order."""
    data, _ = sealed(LARGE)
    head, chunks = parts(data)
    changed = {
        "last dropped": chunks[:-1],
        "first dropped": chunks[1:],
        "middle dropped": [chunks[0], *chunks[2:]],
        "two swapped": [chunks[1], chunks[0], *chunks[2:]],
        "repeated": [chunks[0], *chunks],
    }[what]
    forged = again(head + b"".join(changed) + bytes(64))
    with pytest.raises(SealBroken if what == "two swapped" else EnvelopeMalformed):
        opened(forged)


def test_a_sender_who_cuts_the_end_off_and_signs_that_is_found_out() -> None:
    """The header may be made to agree with a shorter body; the last chunk still says it is not the last."""
    body = LARGE[: 2 * CHUNK]
    fields = header_fields(kind="attachment")
    for size, flags in ((2 * CHUNK, (0, 0)), (2 * CHUNK, (1, 1)), (2 * CHUNK - 1, (0, 1))):
        keyed = keyed_digest_of(body)
        listed = {"id": "att-1", "size": size, "sha256": keyed}
        forge = Forge(
            to=[SERVER],
            signer=DEVICE,
            body=body,
            fields={**fields, "attachments": [listed]},
            last_flags=flags,
        )
        with pytest.raises(BookletError):
            opened(forge.written())
    whole = replace(forge, fields={**fields, "attachments": [{**listed, "size": 2 * CHUNK}]})
    assert opened(whole.written()) == body


def keyed_digest_of(body: bytes) -> str:
    """The keyed digest under the key that ``Forge`` uses."""
    header = json.loads(Forge(to=[SERVER], signer=DEVICE, body=body).written()[7:].split(b"}")[0] + b"}")
    return str(header["digest_keyed"])


def test_what_is_appended_or_cut_off_is_refused() -> None:
    """At each end, and by any length around a chunk."""
    data, _ = sealed(LARGE)
    for changed in (data + b"x", data + bytes(PIECE), b"x" + data, data[:-1], data[:-PIECE], data[:90], b""):
        with pytest.raises((BadSignature, EnvelopeMalformed)):
            opened(changed)


def test_another_header_over_the_same_chunks_is_refused() -> None:
    """An attachment cannot be hung onto another record, nor called by another name."""
    data, listed = sealed(LARGE)
    for before, after in ((RECORD, RECORD[:-1] + "2"), ('"att-1"', '"att-2"'), ('"rev":2', '"rev":3')):
        changed = data.replace(before.encode(), after.encode(), 1)
        assert changed != data
        with pytest.raises(BadSignature):
            opened(changed)
        with pytest.raises(SealBroken):
            opened(again(changed))
    for wrong in (replace(listed, id="att-2"), replace(listed, size=listed.size + 1)):
        with pytest.raises(NotAsListed):
            read_attachment(io.BytesIO(data)).demand(wrong, record=RECORD)
    with pytest.raises(NotAsListed):
        read_attachment(io.BytesIO(data)).demand(listed, record="another")


def test_an_envelope_that_is_no_attachment_is_refused() -> None:
    """A submission, one that lists nothing, and one that lists something else."""
    for header in (
        a_header(),
        a_header(kind="attachment"),
        a_header(kind="attachment", attachments=(AttachmentRef("att-1", 4, "ab" * 32),)),
        a_header(kind="attachment", attachments=(AttachmentRef("att-1", 5, "ab" * 32),)),
    ):
        data = seal_envelope(header, b"body", to=[SERVER.public], signer=DEVICE)
        with pytest.raises(EnvelopeMalformed):
            read_attachment(io.BytesIO(data))


def test_nothing_is_decrypted_before_the_signature_was_checked() -> None:
    """And a stranger's key opens nothing."""
    data, _ = sealed(b"a photograph")
    with pytest.raises(BadSignature):
        read_attachment(io.BytesIO(data)).open(SERVER)
    with pytest.raises(NotForThisKey):
        opened(data, STRANGER)


class Growing(io.BytesIO):
    """A file that somebody writes to while it is sealed."""

    def seek(self, *args: int) -> int:
        """Each time it is wound back there is more of it."""
        end = super().seek(0, io.SEEK_END)
        self.write(b"x" if end else b"")
        return super().seek(*args)


def test_a_file_that_changes_while_it_is_sealed_is_not_sealed() -> None:
    """Its digest is already written."""
    with pytest.raises(SealBroken):
        seal_attachment(
            a_header(),
            Growing(b"first"),
            io.BytesIO(),
            attachment="att-1",
            to=[SERVER.public],
            signer=DEVICE,
        )


def test_what_is_too_large_is_refused_on_both_sides() -> None:
    """By its length alone, before anything is encrypted or read."""
    with tempfile.TemporaryFile() as large:
        large.truncate(MAX_ATTACHMENT)
        target = io.BytesIO()
        with pytest.raises(EnvelopeMalformed):
            seal_attachment(a_header(), large, target, attachment="att-1", to=[SERVER.public], signer=DEVICE)
        assert not target.getvalue()
        large.truncate(MAX_ATTACHMENT + 1)
        with pytest.raises(EnvelopeMalformed):
            read_attachment(large)


def test_sealing_and_opening_hold_one_chunk_and_not_the_file() -> None:
    """Ten megabytes pass through less than half of one."""
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        source.truncate(10_000_000)
        held = most_held(source, target)
    assert held < 500_000


def most_held(source: BinaryIO, target: BinaryIO) -> int:
    """The most memory that sealing and opening took at once, in bytes."""
    tracemalloc.start()
    try:
        seal_attachment(a_header(), source, target, attachment="a", to=[SERVER.public], signer=DEVICE)
        attachment = read_attachment(target)
        attachment.check(DEVICE.public)
        assert sum(len(piece) for piece in attachment.open(SERVER)) == 10_000_000
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


WHOLE, _ = sealed(LARGE[: CHUNK + 40])


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255), st.booleans())
def test_no_changed_byte_is_accepted(at: int, by: int, signed_again: bool) -> None:
    """Wherever it lies, and even when the device signs what came of it; only our own refusals are raised."""
    changed = WHOLE[:at] + bytes([WHOLE[at] ^ by]) + WHOLE[at + 1 :]
    if signed_again:
        changed = again(changed)
        if changed == WHOLE:
            return
    with pytest.raises(BookletError):
        opened(changed)


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=5))
def test_only_the_chunks_in_their_order_are_accepted(order: list[str]) -> None:
    """Any other choice of them is refused, signed or not."""
    data, _ = sealed(LARGE)
    head, chunks = parts(data)
    found = b"".join(chunks["abcd".index(one)] for one in order)
    forged = again(head + found + bytes(64))
    if order == ["a", "b", "c", "d"]:
        assert opened(forged) == LARGE
        return
    with pytest.raises((SealBroken, EnvelopeMalformed)):
        opened(forged)
