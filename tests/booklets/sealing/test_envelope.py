"""The sealed envelope: who can open it, what it refuses, and that its description is enough to write one."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booklets.sealing import (
    AttachmentRef,
    BadSignature,
    EnvelopeHeader,
    EnvelopeMalformed,
    KemKey,
    KemPublic,
    NotForThisKey,
    SealBroken,
    read_envelope,
    seal_envelope,
)
from booklets.sealing.envelope import CHUNK, MAX_ENVELOPE
from tests.support.sealing import Forge, a_header, header_fields, key_number, sign, signer_number, spelt
from tests.support.steps import steps_of

SERVER, RECOVERY, STRANGER = key_number(1), key_number(2), key_number(3)
DEVICE = signer_number(1)
BODY = b"what the child said"
MANY = [{"id": f"att-{n}", "size": 1, "sha256": "ab" * 32} for n in range(60)]
LENGTHS = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7)


def sealed(body: bytes = BODY, header: EnvelopeHeader | None = None) -> bytes:
    """A submission as a device makes it."""
    to = (SERVER.public, RECOVERY.public)
    return seal_envelope(header or a_header(), body, to=to, signer=DEVICE)


def opened(data: bytes, key: KemKey = SERVER) -> bytes:
    """What a server does with it: parse, check, open."""
    envelope = read_envelope(data)
    envelope.check(DEVICE.public)
    return envelope.open(key)


@pytest.mark.parametrize("suite", [1, 2])
@pytest.mark.parametrize("length", LENGTHS)
def test_both_recipients_read_what_was_sealed(suite: int, length: int) -> None:
    """Around every edge of a chunk, in both suites."""
    body = bytes(range(256)) * (length // 256 + 1)
    body = body[:length]
    server, recovery = key_number(1, suite), key_number(2, suite)
    data = seal_envelope(a_header(), body, to=(server.public, recovery.public), signer=DEVICE)
    assert opened(data, server) == opened(data, recovery) == body


def test_the_header_is_readable_by_whoever_carries_the_envelope() -> None:
    """Sealing fills in the keyed digest and changes nothing else."""
    header = a_header(attachments=(AttachmentRef("att-1", 400_000, "ab" * 32),))
    envelope = read_envelope(sealed(header=header))
    assert replace(envelope.header, digest_keyed="") == header
    assert len(envelope.header.digest_keyed) == 64
    assert envelope.stanza_kids == (SERVER.public.kid, RECOVERY.public.kid)


def test_the_keyed_digest_does_not_show_that_two_bodies_are_alike() -> None:
    """Otherwise a carrier could confirm a guess, such as an empty interview."""
    first, second = read_envelope(sealed()), read_envelope(sealed())
    assert first.header.digest_keyed != second.header.digest_keyed


def test_nobody_opens_an_envelope_whose_signature_was_not_checked() -> None:
    """The order cannot be got wrong by forgetting a line."""
    envelope = read_envelope(sealed())
    with pytest.raises(BadSignature):
        envelope.open(SERVER)
    with pytest.raises(BadSignature):
        envelope.check(signer_number(2).public)
    with pytest.raises(BadSignature):
        envelope.open(SERVER)


def test_a_stranger_is_told_that_it_is_not_for_them() -> None:
    """That is no alarm: after a rotation another of the server's keys may fit."""
    with pytest.raises(NotForThisKey):
        opened(sealed(), STRANGER)


def test_the_description_is_enough_to_write_an_envelope() -> None:
    """Written by ``tests.support.sealing``, which shares no line with the product."""
    assert opened(Forge(to=[SERVER, RECOVERY], signer=DEVICE, body=BODY).written(), RECOVERY) == BODY
    long = bytes(CHUNK + 5)
    assert opened(Forge(to=[SERVER], signer=DEVICE, body=long).written()) == long


@pytest.mark.parametrize(
    "forge",
    [
        Forge(to=[SERVER], signer=DEVICE, magic=b"HWD2"),
        Forge(to=[SERVER], signer=DEVICE, suite=3),
        Forge(to=[SERVER], signer=DEVICE, suite=2),
        Forge(to=[SERVER], signer=DEVICE, header=b""),
        Forge(to=[SERVER], signer=DEVICE, header=b"[]"),
        Forge(to=[SERVER], signer=DEVICE, header=b"\xff\xfe"),
        Forge(to=[SERVER], signer=DEVICE, header=b"[" * 4096),
        Forge(to=[SERVER], signer=DEVICE, header=b'{"v":' + b"[" * 2000 + b"]" * 2000 + b"}"),
        Forge(to=[SERVER], signer=DEVICE, header=b'{"v":' + b"9" * 4090 + b"}"),
        Forge(to=[SERVER], signer=DEVICE, header=spelt(header_fields(force="n" * 4000))),
        Forge(to=[SERVER], signer=DEVICE, header_length=65535),
        Forge(to=[SERVER], signer=DEVICE, fields=header_fields(attachments=MANY)),
        Forge(to=[SERVER], signer=DEVICE, body=bytes(MAX_ENVELOPE)),
        Forge(to=[SERVER], signer=DEVICE, count=0),
        Forge(to=[SERVER] * 5, signer=DEVICE),
        Forge(to=[SERVER, SERVER], signer=DEVICE),
        Forge(to=[SERVER], signer=DEVICE, count=2),
        Forge(to=[SERVER], signer=DEVICE, count=255),
        Forge(to=[SERVER], signer=DEVICE, stanzas=b"\x01\x0fabcdef012345678"),
        Forge(to=[SERVER], signer=DEVICE, stanzas=b"\x01\x10" + b"ABCDEF0123456789" + bytes(82)),
        Forge(to=[SERVER], signer=DEVICE, stanzas=b"\x01\x10" + b"abcdef0123456789\x00\x51" + bytes(81)),
        Forge(to=[SERVER], signer=DEVICE, body=bytes(CHUNK), extra_chunks=[b""]),
    ],
    ids=lambda forge: str({k: str(v)[:20] for k, v in vars(forge).items() if k not in ("to", "signer")})[
        :60
    ],
)
def test_a_signed_envelope_that_is_out_of_shape_is_refused(forge: Forge) -> None:
    """A signature by an enrolled device buys no leniency."""
    with pytest.raises(EnvelopeMalformed):
        read_envelope(forge.written())


@pytest.mark.parametrize(
    "changed",
    [
        {"v": 2},
        {"v": True},
        {"kind": "letter"},
        {"kind": ["submission"]},
        {"record": None},
        {"record": "../../etc/passwd"},
        {"device": "The child told me that"},
        {"officer": "x" * 81},
        {"officer": "Zoë"},
        {"rev": True},
        {"rev": -1},
        {"rev": 1.5},
        {"rev": 2**31},
        {"rev": 1, "base_rev": 2},
        {"created": "2026-03-14 18:02"},
        {"created": "2026-02-30T18:02:11Z"},
        {"created": "2026-03-14T18:02:11"},
        {"digest": "AB" * 32},
        {"attachments": {}},
        {"attachments": [{"id": "a", "size": 1}]},
        {"attachments": [{"id": "a", "size": -1, "sha256": "ab" * 32}]},
        {"attachments": [{"id": "", "size": 1, "sha256": "ab" * 32}]},
        {"attachments": [["id", "size", "sha256"]]},
        {"said": "a field that no version has"},
    ],
    ids=str,
)
def test_a_header_says_only_what_a_header_may(changed: dict[str, object]) -> None:
    """It is stored, logged and used in file names, so each field is held to its alphabet."""
    digest = changed.pop("digest", None)
    forge = Forge(to=[SERVER], signer=DEVICE, fields=header_fields(**changed))
    forge.digest = None if digest is None else str(digest)
    with pytest.raises(EnvelopeMalformed):
        read_envelope(forge.written())


@pytest.mark.parametrize("name", sorted(header_fields()))
def test_a_header_lacks_nothing(name: str) -> None:
    """Two readers with different defaults would disagree about one signed header."""
    forge = Forge(to=[SERVER], signer=DEVICE)
    header = {**header_fields(), "digest_keyed": "ab" * 32}
    del header[name]
    forge.header = spelt(header)
    with pytest.raises(EnvelopeMalformed):
        read_envelope(forge.written())


def test_a_header_has_one_spelling() -> None:
    """No spaces, no second order, no repeated key, no needless escape."""
    proper = spelt({**header_fields(), "digest_keyed": "ab" * 32})
    for other in (
        proper.replace(b'":', b'": '),
        b" " + proper,
        proper + b"\n",
        proper.replace(b'{"attachments":[],', b"{").replace(b"}", b',"attachments":[]}'),
        proper.replace(b'"rev":2', b'"rev":1,"rev":2'),
        proper.replace(b'"ret"', b'"\\u0072et"'),
        proper.replace(b'"rev":2', b'"rev":2.0'),
        proper.replace(b'"rev":2', b'"rev":NaN'),
        proper.replace(b'"ret"', b'"\\ud800"'),
    ):
        assert other != proper
        with pytest.raises(EnvelopeMalformed):
            read_envelope(Forge(to=[SERVER], signer=DEVICE, header=other).written())


def with_part_swapped(first: bytes, second: bytes, part: str) -> bytes:
    """The first envelope with one part of the second, signed anew by the device itself."""
    ours, theirs = _cut(first), _cut(second)
    whole = b"".join({**ours, part: theirs[part]}.values())
    return whole + sign(DEVICE, b"hwd/env/1", whole)


def _cut(data: bytes) -> dict[str, bytes]:
    header_end = 7 + int.from_bytes(data[5:7], "big")
    body = header_end + 1 + 2 * (1 + 16 + 2 + 80)
    return {
        "start": data[:5],
        "header": data[5:header_end],
        "stanzas": data[header_end:body],
        "body": data[body:-64],
    }


@pytest.mark.parametrize("part", ["header", "stanzas", "body"])
def test_parts_of_two_envelopes_do_not_fit_together(part: str) -> None:
    """Not even signed by the device that sealed both: what it sealed stays one thing."""
    first, second = sealed(header=a_header(rev=2)), sealed(header=a_header(rev=3))
    assert opened(with_part_swapped(first, first, part)) == BODY
    with pytest.raises(SealBroken):
        opened(with_part_swapped(first, second, part))


def test_a_changed_name_on_the_other_stanza_breaks_the_body() -> None:
    """Each recipient knows that the others were meant, the recovery key above all."""
    data = sealed()
    whole = data[:-64].replace(RECOVERY.public.kid.encode(), STRANGER.public.kid.encode())
    with pytest.raises(SealBroken):
        opened(whole + sign(DEVICE, b"hwd/env/1", whole))


def test_a_key_of_another_suite_is_not_for_this_envelope() -> None:
    """A suite-2 key under a suite-1 stanza of the same name cannot come up, and would be refused."""
    with pytest.raises(NotForThisKey):
        opened(sealed(), key_number(1, suite=2))


@pytest.mark.parametrize("flags", [(0, 0), (1, 1), (1, 0)], ids=str)
def test_a_body_must_say_which_chunk_is_its_last(flags: tuple[int, ...]) -> None:
    """Else it could be cut at a chunk's edge by somebody who can sign, unnoticed by who reads it."""
    forge = Forge(to=[SERVER], signer=DEVICE, body=bytes(CHUNK + 1), last_flags=flags)
    with pytest.raises(SealBroken):
        opened(forge.written())


def test_a_body_cut_at_the_edge_of_a_chunk_is_refused() -> None:
    """The remaining chunk is whole, but was not sealed as the last."""
    whole = Forge(to=[SERVER], signer=DEVICE, body=bytes(CHUNK + 1)).written()[: -64 - 17]
    with pytest.raises(SealBroken):
        opened(whole + sign(DEVICE, b"hwd/env/1", whole))


def test_two_recipients_cannot_be_made_to_read_two_things() -> None:
    """The digest in the shared header holds for one body under one key only."""
    with pytest.raises(SealBroken):
        opened(Forge(to=[SERVER], signer=DEVICE, digest="ab" * 32).written())


@pytest.mark.parametrize(
    "to",
    [
        (),
        (SERVER.public, SERVER.public),
        tuple(key_number(n).public for n in range(5)),
        (SERVER.public, key_number(1, suite=2).public),
    ],
    ids=["nobody", "twice the same", "five", "two suites"],
)
def test_nothing_is_sealed_that_no_reader_would_accept(to: tuple[KemPublic, ...]) -> None:
    """The device finds out while it still has the draft."""
    with pytest.raises(EnvelopeMalformed):
        seal_envelope(a_header(), BODY, to=to, signer=DEVICE)


def test_a_header_with_too_many_attachments_is_refused_at_sealing() -> None:
    """Four kilobytes hold about thirty."""
    many = tuple(AttachmentRef(f"att-{n}", 1, "ab" * 32) for n in range(60))
    with pytest.raises(EnvelopeMalformed):
        sealed(header=a_header(attachments=many))
    assert opened(sealed(header=a_header(attachments=many[:24]))) == BODY


def test_a_header_that_no_reader_would_accept_is_refused_at_sealing() -> None:
    """One rule for both sides."""
    with pytest.raises(EnvelopeMalformed):
        sealed(header=a_header(officer="PC Amina Example"))
    with pytest.raises(EnvelopeMalformed):
        sealed(header=a_header(record=b"bytes"))


def test_a_body_too_large_for_one_envelope_is_refused_on_both_sides() -> None:
    """By its length alone."""
    with pytest.raises(EnvelopeMalformed):
        sealed(bytes(MAX_ENVELOPE))
    with pytest.raises(EnvelopeMalformed):
        read_envelope(b"HWD1" + bytes(MAX_ENVELOPE))


@pytest.mark.parametrize(
    "bomb",
    [
        b"HWD1" + bytes(MAX_ENVELOPE),
        b"HWD1\x01\xff\xff" + b"[" * 70_000,
        b"HWD1\x01\x10\x00" + b"[" * 4096 + b"\x01" * 200_000,
        b"HWD1\x01\x00\x02{}\xff" + b"\x10abcdef0123456789\x00\x50" * 50_000,
        Forge(to=[SERVER], signer=DEVICE, header=b'{"v":' + b"9" * 4090 + b"}").written(),
    ],
    ids=["size", "header length", "nesting", "stanzas", "digits"],
)
def test_bombs_are_refused_before_any_work(bomb: bytes) -> None:
    """Not much more than for an honest envelope, and no memory to speak of."""
    honest = sealed()

    def refused() -> None:
        with pytest.raises(EnvelopeMalformed):
            read_envelope(bomb)

    tracemalloc.start()
    refused()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert steps_of(refused) < 2 * steps_of(lambda: read_envelope(honest))
    assert peak < 1_000_000


def test_an_envelope_shows_no_more_than_its_header_when_printed() -> None:
    """It is printed in logs and tracebacks."""
    envelope = read_envelope(sealed())
    assert repr(envelope) == "Envelope(submission, record='0195952b-2f6a-7c11-8e54-1f0f6d1c0a01', rev=2)"


@given(body=st.binary(max_size=2000))
def test_the_hash_a_receipt_cites_is_that_of_the_bytes_as_they_arrived(body: bytes) -> None:
    """Nothing is normalised on the way in."""
    data = sealed(body)
    assert read_envelope(data).sealed == data
