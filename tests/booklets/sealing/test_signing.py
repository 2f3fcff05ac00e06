"""Signatures hold for one key, one purpose and one message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booklets.sealing import BadSignature, SigningKey, key_id, verify
from tests.support.sealing import sign, signer_number

KEY = signer_number(1)


@given(message=st.binary(max_size=200), domain=st.sampled_from([b"hwd/env/1", b"hwd/dir/1"]))
def test_what_was_signed_verifies(message: bytes, domain: bytes) -> None:
    """And a writer made from the description signs the very same bytes."""
    signature = KEY.sign(domain, message)
    verify(KEY.public, domain, message, signature)
    assert signature == sign(KEY, domain, message)


@pytest.mark.parametrize(
    ("public", "domain", "message", "cut"),
    [
        (signer_number(2).public, b"hwd/env/1", b"m", 64),
        (KEY.public, b"hwd/dir/1", b"m", 64),
        (KEY.public, b"hwd/env/1", b"M", 64),
        (KEY.public, b"hwd/env/1", b"m", 63),
        (KEY.public, b"hwd/env/1", b"m", 0),
        (KEY.public[:31], b"hwd/env/1", b"m", 64),
        (b"", b"hwd/env/1", b"m", 64),
    ],
    ids=["other key", "other purpose", "other message", "cut", "empty", "short key", "no key"],
)
def test_a_signature_holds_for_nothing_else(public: bytes, domain: bytes, message: bytes, cut: int) -> None:
    """Otherwise a receipt could be shown as a directory."""
    with pytest.raises(BadSignature):
        verify(public, domain, message, KEY.sign(b"hwd/env/1", b"m")[:cut])


def test_the_end_of_a_domain_cannot_slide_into_the_message() -> None:
    """The message is digested first, so lengths are fixed."""
    signature = KEY.sign(b"hwd/env/1", b"0message")
    with pytest.raises(BadSignature):
        verify(KEY.public, b"hwd/env/10", b"message", signature)


def test_a_kept_key_comes_back_the_same_and_does_not_show() -> None:
    """A secret store keeps 32 bytes; a log keeps none."""
    key = SigningKey.generate()
    assert SigningKey.from_private(key.private).public == key.public
    assert key.kid == key_id(key.public)
    assert len(key.kid) == 16
    assert key.private.hex() not in repr(key)
    with pytest.raises(ValueError, match="32"):
        SigningKey.from_private(b"short")
