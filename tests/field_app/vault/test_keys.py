"""Keys: made as the standards say, bound to their purpose, and gone when the vault is locked."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from argon2.low_level import Type, hash_secret_raw

from field_app.store.errors import StoreBroken, StoreTampered
from field_app.vault.generations import Keys
from field_app.vault.keys import (
    DEAREST,
    FLOOR,
    Stretching,
    at_this_pace,
    calibrated,
    key_encryption_key,
    scrub,
    stretch,
    unwrap,
    wrap,
)

ROOT = Path(__file__).parents[3]


def test_stretching_is_argon2id_as_the_reference_has_it() -> None:
    """Byte for byte, so that a device whose OpenSSL lacks it can use the reference library."""
    how, salt = Stretching(memory=64, passes=2, lanes=2), b"s" * 16
    expected = hash_secret_raw(b"582014", salt, 2, 64, 2, 32, Type.ID, version=19)
    assert stretch(b"582014", salt, how) == expected


def test_calibration_never_goes_below_where_it_starts_nor_beyond_reason() -> None:
    """However fast or slow the device is."""
    assert not calibrated().below_the_floor
    assert at_this_pace(60.0) == FLOOR
    assert at_this_pace(0.25) == replace(FLOOR, passes=2 * FLOOR.passes)
    assert at_this_pace(0.001).passes == DEAREST.passes
    assert not FLOOR.beyond_reason


def test_every_ingredient_changes_the_key() -> None:
    """The PIN, the secret of the device, the vault, the officer and the generation."""

    def key(
        stretched: bytes = b"a" * 32,
        hw: bytes = b"h" * 32,
        vault: bytes = b"v" * 16,
        officer: str = "o",
        gen: int = 1,
    ) -> bytes:
        return key_encryption_key(stretched, hw, vault=vault, officer=officer, gen=gen)

    assert key() == key()
    assert (
        len(
            {
                key(),
                key(stretched=b"b" * 32),
                key(hw=b"i" * 32),
                key(vault=b"w" * 16),
                key(officer="p"),
                key(gen=2),
            }
        )
        == 6
    )


def test_what_was_wrapped_for_one_purpose_does_not_open_for_another() -> None:
    """Nor under another key, nor changed, nor cut short."""
    key = os.urandom(32)
    sealed = wrap(key, b"content", b"purpose")
    assert unwrap(key, sealed, b"purpose") == b"content"
    assert unwrap(key, sealed, b"other") is None
    assert unwrap(os.urandom(32), sealed, b"purpose") is None
    assert unwrap(key, sealed[:-1], b"purpose") is None
    assert unwrap(key, sealed[:20], b"purpose") is None


def test_a_sealed_body_opens_only_in_its_own_place() -> None:
    """Another table, another row, another version, another vault: none of them."""
    seal = Keys(bytearray(32), bytearray(b"e" * 32)).seal(b"v" * 16)
    wrapped = seal.new_key("drafts", 1)
    sealed = seal.seal("drafts", 1, 1, wrapped, b"body")
    assert seal.open("drafts", 1, 1, wrapped, sealed) == b"body"
    other = Keys(bytearray(32), bytearray(b"e" * 32)).seal(b"w" * 16)
    attempts = [
        (seal, "notes", 1, 1),
        (seal, "drafts", 2, 1),
        (seal, "drafts", 1, 2),
        (other, "drafts", 1, 1),
    ]
    for holder, tbl, rid, ver in attempts:
        with pytest.raises(StoreTampered):
            holder.open(tbl, rid, ver, wrapped, sealed)


def test_the_sum_tells_rows_apart_whose_parts_run_together() -> None:
    """Table "ab" with tag "c" is not table "a" with tag "bc"."""
    seal = Keys(bytearray(32), bytearray(32)).seal(b"v" * 16)
    shares = {
        seal.share("ab", 1, 1, b"c", b"d"),
        seal.share("a", 1, 1, b"bc", b"d"),
        seal.share("ab", 1, 1, b"cd", b""),
        seal.share("ab", 11, 1, b"c", b"d"),
    }
    assert len(shares) == 4


def test_scrubbing_overwrites_and_leaves_what_the_interpreter_shares() -> None:
    """A key that was only forgotten would lie in memory until something else is put there."""
    array, immutable = bytearray(b"secret"), bytes(bytearray(b"secret key"))
    scrub(array, immutable, None, b"a")
    assert array == bytearray(6)
    assert immutable == bytes(10)
    assert bytes([97]) == b"a"


def test_a_seal_that_was_scrubbed_opens_nothing_and_seals_nothing() -> None:
    """Locking is not only a screen; and keys of zeros would be keys that everybody knows."""
    keys = Keys.fresh()
    seal = keys.seal(b"v" * 16)
    wrapped = seal.new_key("drafts", 1)
    sealed = seal.seal("drafts", 1, 1, wrapped, b"body")
    seal.scrub()
    assert keys.vault == bytearray(32)
    assert keys.epoch == bytearray(32)
    for used in (
        lambda: seal.open("drafts", 1, 1, wrapped, sealed),
        lambda: seal.seal("drafts", 1, 2, wrapped, b"body"),
        lambda: seal.new_key("drafts", 2),
        lambda: seal.share("drafts", 1, 1, b"k" * 16, b"b" * 16),
        lambda: seal.seal_head(1, 2, erased=False),
        lambda: seal.open_head(b"h" * 80),
    ):
        with pytest.raises(StoreBroken, match="the vault is locked"):
            used()


MEMORY = """
import gc, sys
from pathlib import Path
from field_app.store.drafts import DraftStore
from field_app.vault.row_seal import VaultSeal
from tests.support.vaults import MemorySecrets, vaults_in

def halves(text): return bytes(text[:9]), bytes(text[9:])

def hits(needles):
    found = 0
    maps = Path("/proc/self/maps").read_text().splitlines()
    with open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            if "rw" not in line.split()[1]:
                continue
            low, high = (int(part, 16) for part in line.split()[0].split("-"))
            data = bytearray(high - low)
            try:
                memory.seek(low)
                memory.readinto(data)
            except OSError:
                continue
            for first, rest in needles:
                at = data.find(first)
                while at >= 0:
                    found += data[at + len(first) : at + len(first) + len(rest)] == rest
                    at = data.find(first, at + 1)
            data[:] = bytes(len(data))  # what was read here must not be found by the next search
            del data
    return found

def work(vaults):
    opened = vaults.create(officer="o", display_name="PC", pin="".join(str(n) for n in (5, 8, 2, 0, 1, 4)))
    drafts = DraftStore(opened.db)
    drafts.save({"id": "a", "said": "x" * 500})
    drafts.get("a")
    seal = opened.db.rows.seal
    assert isinstance(seal, VaultSeal)
    keys = [halves(key) for key in (seal._vault_key, seal._epoch_key, seal._head_key, seal._sum_key)]
    return opened, keys

vaults = vaults_in(Path(sys.argv[1]), secrets=MemorySecrets())
opened, keys = work(vaults)
while_open = hits(keys)
opened.lock()
del opened
gc.collect()
print(while_open > 0, hits(keys))
"""


def test_locking_leaves_no_key_in_memory(tmp_path: Path) -> None:
    """Scanned from inside a process that unlocked, saved, read and locked. While open the keys are found."""
    command = [sys.executable, "-c", MEMORY, str(tmp_path)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.stdout.split() == ["True", "0"], result.stderr
