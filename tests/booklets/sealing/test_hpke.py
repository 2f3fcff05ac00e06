"""Sealing to a public key: the published vectors, a second implementation, and what is refused."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import cryptography_vectors
import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from hypothesis import given
from hypothesis import strategies as st
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey

from booklets.sealing import (
    KemKey,
    KemPublic,
    NotForThisKey,
    SealBroken,
    hpke,
    open_sealed,
    seal,
    usable_suites,
)
from tests.support.sealing import hpke_key_schedule, key_number

SUITES = (1, 2)
TEXT = b"seen at 14:05 by the river"


@cache
def published(name: str) -> list[dict[str, Any]]:
    """The vectors that the library's authors publish."""
    folder = Path(cryptography_vectors.__file__).parent / "HPKE"
    vectors: list[dict[str, Any]] = json.loads((folder / name).read_text())
    return vectors


def vector(name: str, **ids: int) -> dict[str, Any]:
    """The one vector with these ids."""
    [found] = [each for each in published(name) if {**each, **ids} == each]
    return found


def test_the_rfc_9180_vector_for_suite_1_opens() -> None:
    """The vector gives key and nonce; its own texts carry associated data, which our profile never has."""
    known = vector("test-vectors.json", mode=0, kem_id=0x20, kdf_id=1, aead_id=2)
    first = known["encryptions"][0]
    cipher, nonce = AESGCM(bytes.fromhex(known["key"])), bytes.fromhex(known["base_nonce"])
    plain = bytes.fromhex(first["pt"])
    assert cipher.encrypt(nonce, plain, bytes.fromhex(first["aad"])).hex() == first["ct"]

    key = KemKey.from_private(1, bytes.fromhex(known["skRm"]))
    sealed = bytes.fromhex(known["enc"]) + cipher.encrypt(nonce, plain, b"")
    assert key.public.raw.hex() == known["pkRm"]
    assert open_sealed(key, sealed, bytes.fromhex(known["info"])) == plain


def test_our_reading_of_the_key_schedule_is_that_of_the_rfc() -> None:
    """The next test leans on it."""
    known = vector("test-vectors.json", mode=0, kem_id=0x20, kdf_id=1, aead_id=2)
    key, nonce = hpke_key_schedule(
        bytes.fromhex(known["shared_secret"]),
        bytes.fromhex(known["info"]),
        suite_id=b"HPKE\x00\x20\x00\x01\x00\x02",
        key_bytes=32,
    )
    assert (key.hex(), nonce.hex()) == (known["key"], known["base_nonce"])


def test_the_draft_vector_of_x_wing_opens_in_suite_2() -> None:
    """Experimental: the draft has our KEM and KDF but another AEAD: its shared secret is carried over."""
    known = vector("hpke-pq-test-vectors.json", mode=0, kem_id=0x647A, kdf_id=1, aead_id=3)
    shared, info = bytes.fromhex(known["shared_secret"]), bytes.fromhex(known["info"])
    theirs, nonce = hpke_key_schedule(shared, info, suite_id=bytes.fromhex(known["suite_id"]), key_bytes=32)
    first = known["encryptions"][0]
    said = ChaCha20Poly1305(theirs).encrypt(nonce, bytes.fromhex(first["pt"]), bytes.fromhex(first["aad"]))
    assert said.hex() == first["ct"]

    ours, nonce = hpke_key_schedule(shared, info, suite_id=b"HPKE\x64\x7a\x00\x01\x00\x02", key_bytes=32)
    key = KemKey.from_private(2, bytes.fromhex(known["skRm"]))
    assert key.public.raw.hex() == known["pkRm"]
    sealed = bytes.fromhex(known["enc"]) + AESGCM(ours).encrypt(nonce, TEXT, None)
    assert open_sealed(key, sealed, info) == TEXT


def their_suite() -> CipherSuite:
    """Suite 1 in the other implementation."""
    return CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)


def test_another_implementation_opens_what_we_seal() -> None:
    """Theirs, pyhpke, shares no code with the library we use."""
    key = key_number(1)
    sealed = seal(key.public, TEXT, b"hwd/test")
    private = KEMKey.from_pyca_cryptography_key(X25519PrivateKey.from_private_bytes(key.private))
    context = their_suite().create_recipient_context(sealed[:32], private, info=b"hwd/test")
    assert context.open(sealed[32:]) == TEXT


def test_we_open_what_another_implementation_seals() -> None:
    """And the other way round."""
    key = key_number(1)
    public = KEMKey.from_pyca_cryptography_key(X25519PublicKey.from_public_bytes(key.public.raw))
    enc, context = their_suite().create_sender_context(public, info=b"hwd/test")
    assert open_sealed(key, enc + context.seal(TEXT), b"hwd/test") == TEXT


@pytest.mark.parametrize("suite", SUITES)
def test_only_the_key_and_the_purpose_sealed_for_open_it(suite: int) -> None:
    """Neither a stranger's key nor another purpose does."""
    key, stranger = key_number(1, suite), key_number(2, suite)
    sealed = seal(key.public, TEXT, b"purpose")
    assert open_sealed(key, sealed, b"purpose") == TEXT
    with pytest.raises(SealBroken):
        open_sealed(stranger, sealed, b"purpose")
    with pytest.raises(SealBroken):
        open_sealed(key, sealed, b"another purpose")


@pytest.mark.parametrize("suite", SUITES)
def test_sealing_adds_what_we_say_it_adds(suite: int) -> None:
    """The envelope's parser relies on the exact length."""
    sealed = seal(key_number(1, suite).public, TEXT, b"")
    assert len(sealed) == len(TEXT) + hpke.overhead(suite) == len(TEXT) + {1: 48, 2: 1136}[suite]


@given(data=st.binary(max_size=1300), suite=st.sampled_from(SUITES))
def test_no_bytes_do_anything_but_break_the_seal(data: bytes, suite: int) -> None:
    """Whatever arrives, the refusal is ours."""
    with pytest.raises(SealBroken):
        open_sealed(key_number(1, suite), data, b"")


@pytest.mark.parametrize("suite", SUITES)
def test_a_kept_key_comes_back_the_same(suite: int) -> None:
    """The 32 private bytes are all there is to keep."""
    key = KemKey.generate(suite)
    again = KemKey.from_private(suite, key.private)
    assert again.public == key.public
    assert len(key.private) == 32


def test_a_key_is_named_after_its_suite_and_bytes() -> None:
    """A directory or a stanza cannot pass one key off under another's name."""
    public = key_number(1).public
    assert KemPublic.of(1, public.raw).kid == public.kid
    with pytest.raises(ValueError, match="another key"):
        KemPublic(key_number(2).public.kid, 1, public.raw)


@pytest.mark.parametrize(("suite", "raw"), [(1, bytes(31)), (2, bytes(32)), (3, bytes(32)), (0, b"")])
def test_what_is_no_key_is_no_public_key(suite: int, raw: bytes) -> None:
    """A device must not learn at submit that a key in its directory was never one."""
    with pytest.raises(ValueError, match="not a public key"):
        KemPublic.of(suite, raw)


@pytest.mark.parametrize(("suite", "private"), [(1, bytes(31)), (2, bytes(64)), (3, bytes(32))])
def test_what_is_no_key_is_no_private_key(suite: int, private: bytes) -> None:
    """Bytes from a damaged secret store are refused when they are loaded."""
    with pytest.raises(ValueError, match="not a private key"):
        KemKey.from_private(suite, private)


@pytest.mark.parametrize("raw", [bytes(32), b"\xff" * 1184 + bytes(32)])
def test_a_public_key_that_weakens_the_seal_is_not_sealed_to(raw: bytes) -> None:
    """The all-zero X25519 point gives everybody the same secret; an ML-KEM key must decode."""
    with pytest.raises(SealBroken):
        seal(KemPublic.of(1 if len(raw) == 32 else 2, raw), TEXT, b"")


def test_the_hybrid_suite_is_preferred_where_it_works() -> None:
    """Every machine that runs these tests has ML-KEM; a phone with an old OpenSSL may not."""
    assert usable_suites() == (2, 1)


def test_a_machine_without_ml_kem_keeps_to_suite_1(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library says so by raising, when a key is made."""

    def refuse(_seed: bytes) -> MLKEM768PrivateKey:
        raise UnsupportedAlgorithm("ML-KEM is not supported")

    monkeypatch.setattr("booklets.sealing.hpke.MLKEM768PrivateKey.from_seed_bytes", refuse)
    usable_suites.cache_clear()
    try:
        assert usable_suites() == (1,)
    finally:
        usable_suites.cache_clear()


def test_secrets_do_not_show_when_a_key_is_printed() -> None:
    """Keys end up in tracebacks and logs."""
    key = key_number(1)
    assert key.private.hex() not in repr(key)
    assert repr(key.private) not in repr(key)
    assert issubclass(NotForThisKey, SealBroken)
