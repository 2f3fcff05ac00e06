"""Sealed envelopes and signed statements, changed on their way (F6): none is accepted.

Bits turned over, bytes cut off, put in, taken out, written over, parts of another envelope: once, twice or
three times, also signed again by a thief who has the device's key. The control reads what is in an
envelope's header without asking who signed it, as a reader in a hurry would.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from booklets.sealing import (
    BadSignature,
    EnvelopeMalformed,
    KemKey,
    Order,
    OrderRefused,
    ReceiptRefused,
    SealBroken,
    orders,
    read_envelope,
    read_order,
    seal_envelope,
    sign_order,
)
from booklets.sealing.signing import read_statement
from faults.trials import Trial
from tests.support.sealing import a_header, key_number, sign, signer_number

SERVER, RECOVERY = key_number(1), key_number(2)
HYBRID, HYBRID_RECOVERY = key_number(1, 2), key_number(2, 2)
DEVICE, ROOT = signer_number(1), signer_number(10)
TYPED = (EnvelopeMalformed, BadSignature, SealBroken, OrderRefused, ReceiptRefused)
SIGNATURE: Final = 64


def run(full: bool) -> Iterator[dict[str, Any]]:
    """Every trial of what is sealed and signed; ``full`` asks for the large amounts."""
    yield asdict(envelopes_mutated(100_000 if full else 6_000))
    yield asdict(signed_again(20_000 if full else 2_000))
    yield asdict(orders_mutated(20_000 if full else 2_000))


def envelopes_mutated(tries: int) -> Trial:
    """By anybody on the way who cannot sign."""
    pairs = [_two(SERVER, RECOVERY), _two(HYBRID, HYBRID_RECOVERY)]
    keys = (SERVER, HYBRID)
    accepted, believed = 0, 0
    for number in range(tries):
        chance = random.Random(number)
        which = number % 2
        original, other = pairs[which]
        data = mutated(original, other, chance)
        if data in (original, other):
            continue
        accepted += not _refused(lambda data=data, key=keys[which]: _open(data, key))  # type: ignore[misc]
        believed += not _refused(lambda data=data: read_envelope(data))  # type: ignore[misc]
    return Trial("F6 envelopes.mutated", tries, 0, accepted, "no signature is asked for", believed)


def signed_again(tries: int) -> Trial:
    """By a thief who has the device's signing key, but not what was sealed."""
    original, other = (data[:-SIGNATURE] for data in _two(SERVER, RECOVERY))
    accepted, believed = 0, 0
    for number in range(tries):
        data = mutated(original, other, random.Random(number))
        if data in (original, other):
            continue
        again = data + sign(DEVICE, b"hwd/env/1", data)
        accepted += not _refused(lambda again=again: _open(again, SERVER))  # type: ignore[misc]
        believed += not _refused(lambda again=again: _check(again))  # type: ignore[misc]
    return Trial(
        "F6 envelopes.signed_again", tries, 0, accepted, "only the signature is asked for", believed
    )


def orders_mutated(tries: int) -> Trial:
    """An order of any kind that was changed on its way, also by parts of another, is followed by nobody."""
    issued = datetime(2026, 3, 14, 3, 2, 11, tzinfo=UTC)
    originals = [
        sign_order(Order("stop", "dev-7", 3, issued), ROOT),
        sign_order(Order("wipe", "dev-7", 4, issued), ROOT),
        sign_order(Order("accept", "dev-7", 5, issued, vault="0f" * 16, count=40), ROOT),
    ]
    accepted, believed = 0, 0
    for number in range(tries):
        chance = random.Random(number)
        original, other = chance.sample(originals, 2)
        data = mutated(original, other, chance)
        if data in originals:
            continue
        accepted += not _refused(lambda data=data: read_order(data, ROOT.public, device="dev-7", after=0))  # type: ignore[misc]
        believed += not _refused(lambda data=data: _unsigned_order(data))  # type: ignore[misc]
    return Trial("F6 envelopes.orders_mutated", tries, 0, accepted, "no signature is asked for", believed)


def mutated(original: bytes, other: bytes, chance: random.Random) -> bytes:
    """The original with one to three changes."""
    data = bytearray(original)
    for _ in range(chance.randint(1, 3)):
        at, length = chance.randrange(max(len(data), 1)), chance.randint(1, 80)
        match chance.randrange(6):
            case 0 if data:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                del data[at:]
            case 2:
                data += chance.randbytes(length)
            case 3:
                data[at:] = other[at:]
            case 4:
                del data[at : at + length]
            case _:
                data[at : at + length] = chance.randbytes(length)
    return bytes(data)


def _two(server: KemKey, recovery: KemKey) -> tuple[bytes, bytes]:
    """Two envelopes of one device, alike in all but the revision."""
    to = (server.public, recovery.public)
    first, second = (
        seal_envelope(a_header(rev=rev), b"what was said" * 40, to=to, signer=DEVICE) for rev in (2, 3)
    )
    return first, second


def _open(data: bytes, key: KemKey) -> None:
    found = read_envelope(data)
    found.check(DEVICE.public)
    found.open(key)


def _check(data: bytes) -> None:
    read_envelope(data).check(DEVICE.public)


def _unsigned_order(data: bytes) -> None:
    """The control: an order to the last field, for this device, whoever has signed it."""
    try:
        read = read_statement(data, orders._NAMES, orders._ACCEPTING, limit=orders.MAX_ORDER)
        order = orders._order(read.fields)
    except ValueError:
        raise OrderRefused("not an order") from None
    if order.device != "dev-7":
        raise OrderRefused("for another device")


def _refused(read: Callable[[], object]) -> bool:
    """Whether it is refused in our own words; anything else that goes wrong ends the trial."""
    try:
        read()
    except TYPED:
        return True
    return False
