"""The server's keys are made once, read by nobody else, and published under the root's signature."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from booklets.sealing import KemKey, read_directory, usable_suites
from sync_server.keys import KeyRing
from sync_server.keys.files import KeyFileUnsafe
from tests.support.builders import NIGHT


def test_keys_are_made_at_the_first_start_and_stay(tmp_path: Path) -> None:
    """Phones remember the root key's hash from the day they were enrolled."""
    first = KeyRing.open(tmp_path, NIGHT)
    again = KeyRing.open(tmp_path, NIGHT + timedelta(days=30))

    assert again.root.public == first.root.public
    assert again.directory_bytes == first.directory_bytes
    assert again.safe == first.safe
    assert set(again.sealing) == set(first.sealing)


def test_every_key_file_is_for_the_server_alone(tmp_path: Path) -> None:
    """Other accounts of the machine read none of them."""
    KeyRing.open(tmp_path, NIGHT)

    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """Better no server than one whose keys lie open."""
    KeyRing.open(tmp_path, NIGHT)
    (tmp_path / "kek.key").chmod(0o644)

    with pytest.raises(KeyFileUnsafe, match=r"kek\.key"):
        KeyRing.open(tmp_path, NIGHT)


def test_the_directory_names_a_key_for_every_use(tmp_path: Path) -> None:
    """A phone seals to the server and to the recovery key, in the best suite that both sides can do."""
    ring = KeyRing.open(tmp_path, NIGHT)

    directory = read_directory(ring.directory_bytes, ring.root.public)

    for suite in usable_suites():
        sealing, recovery = directory.recipients((suite,))
        assert sealing.kid in ring.sealing
        assert recovery.kid not in ring.sealing
    assert directory.current("receipt").public == ring.receipt.public
    assert directory.current("command").public == ring.command.public


def test_the_recovery_key_opens_what_the_server_can_no_longer(tmp_path: Path) -> None:
    """The server's disk is gone: what was sealed must not be gone with it."""
    ring = KeyRing.open(tmp_path, NIGHT)
    _, recovery = ring.directory.recipients((1,))

    kept = KemKey.from_private(1, (tmp_path / "recovery-1.key").read_bytes())

    assert kept.public == recovery


def test_a_ring_that_was_half_made_is_made_anew(tmp_path: Path) -> None:
    """Power fails at the first start, before anybody has seen a key: the next start makes them all."""
    KeyRing.open(tmp_path, NIGHT)
    (tmp_path / "directory.json").unlink()

    ring = KeyRing.open(tmp_path, NIGHT)

    assert {entry.kid for entry in ring.directory.all_current("sealing")} <= set(ring.sealing)
