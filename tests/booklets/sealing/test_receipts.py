"""Receipts: nothing on a device is forgotten on weaker evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booklets.sealing import (
    BadSignature,
    Directory,
    KeyEntry,
    Receipt,
    ReceiptRefused,
    SigningKey,
    read_directory,
    read_receipt,
    sign_directory,
    sign_receipt,
)
from tests.support.sealing import key_number, sign, signer_number, spelt

ROOT, KEY, COMMAND, STRANGER = (signer_number(n) for n in (10, 11, 12, 13))
ISSUED = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LIFE: dict[str, Any] = {"not_before": ISSUED, "not_after": ISSUED + timedelta(days=90)}
RECEIPT = Receipt(
    record="0195952b-2f6a-7c11-8e54-1f0f6d1c0a01",
    rev=2,
    digest="ab" * 32,
    env_sha256="cd" * 32,
    seq=41,
    received_at=datetime(2026, 3, 14, 18, 2, 15, 250_000, tzinfo=UTC),
)
FIELDS: dict[str, Any] = {
    "v": 1,
    "record": RECEIPT.record,
    "rev": 2,
    "digest": RECEIPT.digest,
    "env_sha256": RECEIPT.env_sha256,
    "seq": 41,
    "received_at": "2026-03-14T18:02:15.250000Z",
    "kid": KEY.kid,
}


def directory() -> Directory:
    """A directory with a receipt key, a command key and a sealing key."""
    keys = [
        KeyEntry.for_signing(KEY.public, use="receipt", **LIFE),
        KeyEntry.for_signing(COMMAND.public, use="command", **LIFE),
        KeyEntry.for_sealing(key_number(1).public, **LIFE),
    ]
    return read_directory(sign_directory(keys, root=ROOT, issued=ISSUED, number=1), ROOT.public)


def written(key: SigningKey = KEY, domain: bytes = b"hwd/rcpt/1", **changed: Any) -> bytes:
    """A receipt written from its description alone."""
    fields = {**FIELDS, **changed}
    return spelt({**fields, "sig": sign(key, domain, spelt(fields)).hex()})


def test_a_receipt_is_read_as_it_was_signed() -> None:
    """Ours, and one written from the description, are the same bytes."""
    assert sign_receipt(RECEIPT, KEY) == written()
    assert read_receipt(written(), directory()) == replace(RECEIPT, kid=KEY.kid)


def test_a_receipt_is_for_one_envelope_only() -> None:
    """The device compares before it forgets."""
    receipt = read_receipt(written(), directory())
    sent: dict[str, Any] = {"record": RECEIPT.record, "rev": 2, "env_sha256": "cd" * 32}
    assert receipt.is_for(**sent)
    for other in ({"record": "another"}, {"rev": 1}, {"env_sha256": "ce" * 32}):
        assert not receipt.is_for(**{**sent, **other})


def test_only_a_receipt_key_gives_receipts() -> None:
    """Not a command key, not a sealing key, not a key that nobody knows."""
    for key in (COMMAND.kid, key_number(1).public.kid, STRANGER.kid, "", "x" * 300):
        with pytest.raises(ReceiptRefused):
            read_receipt(written(COMMAND, kid=key), directory())


def test_a_receipt_is_signed_as_a_receipt() -> None:
    """By the key it names, for this purpose."""
    with pytest.raises(BadSignature):
        read_receipt(written(STRANGER), directory())
    with pytest.raises(BadSignature):
        read_receipt(written(domain=b"hwd/dir/1"), directory())


@pytest.mark.parametrize("at", ["2026-02-28T23:59:59Z", "2026-05-30T09:00:00Z"])
def test_a_key_gives_receipts_in_its_lifetime_only(at: str) -> None:
    """An old key that leaked cannot acknowledge what is sent today."""
    with pytest.raises(ReceiptRefused, match="life"):
        read_receipt(written(received_at=at), directory())


@pytest.mark.parametrize(
    "changed",
    [
        {"v": 2},
        {"v": True},
        {"rev": "2"},
        {"rev": -1},
        {"seq": None},
        {"seq": True},
        {"record": 5},
        {"digest": "AB" * 32},
        {"env_sha256": "cd" * 31},
        {"received_at": "2026-03-14"},
        {"received_at": 5},
        {"kid": ["x"]},
        {"more": 1},
    ],
    ids=str,
)
def test_even_the_receipt_key_cannot_sign_nonsense(changed: dict[str, Any]) -> None:
    """A later version of the format must not be half understood."""
    with pytest.raises(ReceiptRefused):
        read_receipt(written(**changed), directory())


@given(at=st.integers(0, 5000), by=st.binary(max_size=2))
def test_no_byte_of_a_receipt_can_be_changed(at: int, by: bytes) -> None:
    """Refused as malformed or as forged, never accepted."""
    data = written()
    at %= len(data)
    changed = data[:at] + by + data[at + 1 :]
    if changed != data:
        with pytest.raises((BadSignature, ReceiptRefused)):
            read_receipt(changed, directory())


@given(data=st.binary(max_size=200) | st.sampled_from([b"{" * 4000, b"{}", b"<html>", b" " * 5000]))
def test_noise_is_no_receipt(data: bytes) -> None:
    """Whatever a captive portal answers with 200."""
    with pytest.raises(ReceiptRefused):
        read_receipt(data, directory())


def test_a_signature_has_one_spelling() -> None:
    """So that two copies of a receipt are either equal or not the same receipt."""
    data = written()
    signature = data.partition(b'"sig":"')[2][:128]
    with pytest.raises(ReceiptRefused):
        read_receipt(data.replace(signature, signature.upper()), directory())
    with pytest.raises(ReceiptRefused):
        read_receipt(data.replace(b'"' + signature + b'"', b"5"), directory())
    with pytest.raises(BadSignature):
        read_receipt(data.replace(signature, signature[:-2]), directory())


def test_nothing_is_signed_that_no_reader_would_accept() -> None:
    """A server that gives such receipts would fill every phone."""
    with pytest.raises(ReceiptRefused):
        sign_receipt(replace(RECEIPT, digest="none"), KEY)
    with pytest.raises(ValueError, match="time zone"):
        sign_receipt(replace(RECEIPT, received_at=datetime(2026, 3, 14)), KEY)  # noqa: DTZ001
