"""The key directory: only the root's word counts, and it never goes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booklets.sealing import (
    BadSignature,
    Directory,
    DirectoryRefused,
    KemPublic,
    KeyEntry,
    read_directory,
    sign_directory,
)
from tests.support.sealing import key_number, sign, signer_number, spelt

ROOT, RECEIPT, COMMAND = (signer_number(n) for n in (10, 11, 12))
ISSUED = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LIFE: dict[str, Any] = {
    "not_before": ISSUED - timedelta(days=1),
    "not_after": ISSUED + timedelta(days=90),
}


def entries(suites: tuple[int, ...] = (1, 2)) -> list[KeyEntry]:
    """The keys of an invented force."""
    sealing = [KeyEntry.for_sealing(key_number(1, s).public, **LIFE) for s in suites]
    recovery = [KeyEntry.for_sealing(key_number(2, s).public, use="recovery", **LIFE) for s in suites]
    return [
        *sealing,
        *recovery,
        KeyEntry.for_signing(RECEIPT.public, use="receipt", **LIFE),
        KeyEntry.for_signing(COMMAND.public, use="command", **LIFE),
    ]


def issued(keys: list[KeyEntry] | None = None, number: int = 7) -> bytes:
    """A directory as the root signs it."""
    return sign_directory(entries() if keys is None else keys, root=ROOT, issued=ISSUED, number=number)


def read(keys: list[KeyEntry] | None = None) -> Directory:
    """The same, read."""
    return read_directory(issued(keys), ROOT.public)


def test_what_the_root_signed_is_read_as_it_was_written() -> None:
    """Every key, its use and its life."""
    directory = read()
    assert (directory.number, directory.issued) == (7, ISSUED)
    assert list(directory.keys) == entries()


def test_the_description_is_enough_to_write_a_directory() -> None:
    """From the heads of the modules alone."""
    key = signer_number(11)
    entry = {
        "kid": key.kid,
        "use": "receipt",
        "suite": 0,
        "public": key.public.hex(),
        "not_before": "2026-03-01T09:00:00Z",
        "not_after": "2026-05-01T09:00:00Z",
    }
    fields = {"v": 1, "number": 1, "issued": "2026-03-01T09:00:00Z", "keys": [entry]}
    data = spelt({**fields, "sig": sign(ROOT, b"hwd/dir/1", spelt(fields)).hex()})
    assert read_directory(data, ROOT.public).key(key.kid).public == key.public


def test_a_directory_never_goes_back() -> None:
    """Else a revoked key could be brought back by playing an old directory again."""
    data = issued(number=7)
    assert read_directory(data, ROOT.public, at_least=7).number == 7
    with pytest.raises(DirectoryRefused, match="older"):
        read_directory(data, ROOT.public, at_least=8)


def test_only_the_root_signs_a_directory() -> None:
    """Not a key that stands in it, and not for another purpose."""
    with pytest.raises(BadSignature):
        read_directory(issued(), COMMAND.public)
    fields = {"v": 1, "number": 9, "issued": "2026-03-01T09:00:00Z", "keys": []}
    forged = spelt({**fields, "sig": sign(ROOT, b"hwd/rcpt/1", spelt(fields)).hex()})
    with pytest.raises(BadSignature):
        read_directory(forged, ROOT.public)


@given(at=st.integers(0, 5000), by=st.binary(min_size=0, max_size=2))
def test_no_byte_of_a_directory_can_be_changed(at: int, by: bytes) -> None:
    """Refused as malformed or as forged, never accepted."""
    data = issued()
    at %= len(data)
    changed = data[:at] + by + data[at + 1 :]
    if changed != data:
        with pytest.raises((BadSignature, DirectoryRefused)):
            read_directory(changed, ROOT.public)


@given(data=st.binary(max_size=200) | st.sampled_from([b"[" * 60_000, b"{}", b"null", b" " * 100_000]))
def test_noise_is_no_directory(data: bytes) -> None:
    """Whatever a captive portal answers."""
    with pytest.raises(DirectoryRefused):
        read_directory(data, ROOT.public)


def signed_anyway(**changed: Any) -> bytes:
    """A directory with the root's signature whose only key is not as it should be."""
    key = signer_number(11)
    entry = {
        "kid": key.kid,
        "use": "receipt",
        "suite": 0,
        "public": key.public.hex(),
        "not_before": "2026-03-01T09:00:00Z",
        "not_after": "2026-05-01T09:00:00Z",
    }
    keys = changed.pop("keys", [{**entry, **changed.pop("entry", {})}])
    fields = {"v": 1, "number": 1, "issued": "2026-03-01T09:00:00Z", "keys": keys, **changed}
    return spelt({**fields, "sig": sign(ROOT, b"hwd/dir/1", spelt(fields)).hex()})


@pytest.mark.parametrize(
    "changed",
    [
        {"v": 2},
        {"v": True},
        {"number": -1},
        {"number": "7"},
        {"issued": "yesterday"},
        {"keys": {}},
        {"keys": [[]]},
        {"keys": [{}] * 65},
        {"more": 1},
        {"entry": {"use": "anything"}},
        {"entry": {"use": "sealing"}},
        {"entry": {"suite": 1}},
        {"entry": {"kid": "0123456789abcdef"}},
        {"entry": {"kid": 5}},
        {"entry": {"public": "zz"}},
        {"entry": {"public": "AB" * 32}},
        {"entry": {"public": "ab" * 31}},
        {"entry": {"not_after": "2026-03-01T09:00:00Z"}},
        {"entry": {"not_after": "2026-05-01"}},
        {"entry": {"more": 1}},
    ],
    ids=str,
)
def test_even_the_root_cannot_sign_nonsense(changed: dict[str, Any]) -> None:
    """A later version of the format must not be half understood."""
    assert read_directory(signed_anyway(), ROOT.public).number == 1
    with pytest.raises(DirectoryRefused):
        read_directory(signed_anyway(**changed), ROOT.public)


def test_a_key_stands_there_once() -> None:
    """The same key for two uses would let one kind of statement pass for the other."""
    twice = [*entries(), KeyEntry.for_signing(RECEIPT.public, use="command", **LIFE)]
    with pytest.raises(DirectoryRefused):
        issued(twice)


def test_a_directory_holds_no_more_than_a_force_can_need() -> None:
    """Sixty-four keys, and each of these is a proper one."""
    many = [KeyEntry.for_signing(signer_number(n).public, use="receipt", **LIFE) for n in range(65)]
    assert len(read(many[:64]).keys) == 64
    with pytest.raises(DirectoryRefused):
        issued(many)


def test_a_submission_goes_to_the_server_and_the_recovery_key_in_one_suite() -> None:
    """The best that both have and the device can use."""
    directory = read()
    assert directory.recipients() == (key_number(1, 2).public, key_number(2, 2).public)
    assert directory.recipients((1,)) == (key_number(1).public, key_number(2).public)
    lopsided = [entry for entry in entries() if (entry.use, entry.suite) != ("recovery", 2)]
    assert read(lopsided).recipients() == (key_number(1).public, key_number(2).public)


def test_nothing_is_sealed_without_a_recovery_key() -> None:
    """A lost server key must not lose a child's record."""
    alone = [entry for entry in entries() if entry.use != "recovery"]
    with pytest.raises(DirectoryRefused):
        read(alone).recipients()


def test_the_newest_key_that_has_begun_is_the_current_one() -> None:
    """Its successor may be announced before, and its predecessor kept after."""
    day = timedelta(days=1)
    keys = [
        KeyEntry.for_sealing(
            key_number(n).public, not_before=ISSUED + since * day, not_after=ISSUED + 9 * day
        )
        for n, since in ((21, -30), (22, -3), (23, 4))
    ]
    directory = read(keys)
    assert directory.current("sealing").kem == key_number(22).public
    assert directory.current("sealing", at=ISSUED + 4 * day).kem == key_number(23).public
    with pytest.raises(DirectoryRefused):
        directory.current("sealing", at=ISSUED + 9 * day)
    with pytest.raises(DirectoryRefused):
        directory.current("sealing", (2,))


def test_a_phone_with_a_wrong_clock_can_still_seal() -> None:
    """What is current is a matter of the directory's own date: no clock is read."""
    assert read().current("sealing", (1,)).kem == key_number(1).public


def test_a_key_is_found_by_its_name() -> None:
    """And a name that is not there is said to be unknown."""
    assert read().key(RECEIPT.kid).public == RECEIPT.public
    assert read().current("receipt").public == RECEIPT.public
    with pytest.raises(DirectoryRefused):
        read().key("0" * 16)
    with pytest.raises(ValueError, match="not a public key"):
        assert isinstance(read().key(RECEIPT.kid).kem, KemPublic)


def test_a_time_without_its_zone_is_not_signed() -> None:
    """It would mean something else on another machine."""
    with pytest.raises(ValueError, match="time zone"):
        sign_directory(entries(), root=ROOT, issued=datetime(2026, 3, 1), number=1)  # noqa: DTZ001
