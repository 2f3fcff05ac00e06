"""Whatever happens to sealed bytes on their way, they open as they were sealed or are refused in our words.

``faults`` runs the same operators a hundred thousand times; here they are searched by Hypothesis.
"""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from booklets.errors import BookletError
from booklets.sealing import (
    BadSignature,
    EnvelopeMalformed,
    SealBroken,
    read_envelope,
    seal_envelope,
)
from tests.support.sealing import a_header, key_number, sign, signer_number
from tests.support.thoroughness import examples

SERVER, RECOVERY = key_number(1), key_number(2)
DEVICE = signer_number(1)
TYPED = (EnvelopeMalformed, BadSignature, SealBroken)


@cache
def envelope(number: int) -> bytes:
    """One of two envelopes of the same device, alike in all but the revision."""
    to = (SERVER.public, RECOVERY.public)
    return seal_envelope(a_header(rev=2 + number), b"what was said" * 40, to=to, signer=DEVICE)


@st.composite
def mutated(draw: st.DrawFn, original: bytes, other: bytes) -> bytes:
    """The original with one to three changes: flipped, cut, extended, spliced, deleted."""
    data = bytearray(original)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        length = draw(st.integers(1, 80))
        match draw(st.sampled_from(["flip", "cut", "extend", "splice", "delete", "overwrite"])):
            case "flip" if data:
                data[at] ^= 1 << draw(st.integers(0, 7))
            case "cut":
                del data[at:]
            case "extend":
                data += draw(st.binary(min_size=1, max_size=80))
            case "splice":
                data[at:] = other[at:]
            case "delete":
                del data[at : at + length]
            case _:
                data[at : at + length] = draw(st.binary(min_size=1, max_size=length))
    return bytes(data)


def refusal(data: bytes) -> BookletError | None:
    """Why these bytes were refused, or nothing if they opened."""
    try:
        found = read_envelope(data)
        found.check(DEVICE.public)
        found.open(SERVER)
    except TYPED as why:
        return why
    return None


@settings(max_examples=examples(400))
@given(data=mutated(envelope(0), envelope(1)))
def test_a_changed_envelope_is_never_accepted(data: bytes) -> None:
    """By anybody on the way who cannot sign."""
    assert refusal(data) is not None or data in (envelope(0), envelope(1))


@settings(max_examples=examples(400))
@given(data=mutated(envelope(0)[:-64], envelope(1)[:-64]))
def test_a_changed_envelope_is_not_accepted_even_if_signed_again(data: bytes) -> None:
    """By a thief who has the device's signing key, but not what was sealed."""
    unchanged = data in (envelope(0)[:-64], envelope(1)[:-64])
    assert refusal(data + sign(DEVICE, b"hwd/env/1", data)) is not None or unchanged


@settings(max_examples=examples(200))
@given(data=st.binary(max_size=400), start=st.sampled_from([b"", b"HWD1", b"HWD1\x01\x00\x02{}\x01\x10"]))
def test_noise_is_refused(data: bytes, start: bytes) -> None:
    """And never by an exception that nobody expects."""
    assert isinstance(refusal(start + data), EnvelopeMalformed)
