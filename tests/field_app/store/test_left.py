"""What lies sealed in a vault that nobody opens, and what somebody may have written beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from field_app.store.errors import StoreTampered
from tests.support.vaults import PIN, file_of, new_vault, vaults_in


def somebody_writes(folder: Path, vault: str, statement: str) -> None:
    """Past the app."""
    with closing(sqlite3.connect(file_of(folder, vault))) as file, file:
        file.execute(statement)


@pytest.mark.parametrize("waiting", ["3", "2", "-1", "'x'", "x'00'", "0.5"])
def test_what_waits_cannot_be_hidden_by_another_number(tmp_path: Path, waiting: str) -> None:
    """A wipe would take it for sent; and its officer is told at the next unlock."""
    with vaults_in(tmp_path) as vaults:
        with new_vault(vaults) as opened:
            opened.db.rows.put_envelope(record="r1", rev=1, env=b"sealed r1/1")
        somebody_writes(tmp_path, opened.id, f"UPDATE outq SET waiting = {waiting}")  # noqa: S608

        assert [one.envelope for one in vaults.unsent(opened.id)] == [b"sealed r1/1"]
        with pytest.raises(StoreTampered):
            vaults.unlock(opened.id, PIN)


@pytest.mark.parametrize("written", ["rev = 'x'", "record = x'ff'", "sha = 'x'", "rev = -1"])
def test_what_stands_beside_an_envelope_is_of_its_own_type_or_was_altered(
    tmp_path: Path, written: str
) -> None:
    """The officer is told in words, and what is sealed still goes."""
    with vaults_in(tmp_path) as vaults:
        with new_vault(vaults) as opened:
            opened.db.rows.put_envelope(record="r1", rev=1, env=b"sealed r1/1")
        somebody_writes(tmp_path, opened.id, f"UPDATE outq SET {written}")  # noqa: S608

        assert [one.envelope for one in vaults.unsent(opened.id)] == [b"sealed r1/1"]
        with pytest.raises(StoreTampered):
            vaults.unlock(opened.id, PIN)


def test_a_note_beside_a_record_says_nothing_of_whether_it_has_gone(tmp_path: Path) -> None:
    """Anybody can write one. It is given on as what it is, to be checked."""
    with vaults_in(tmp_path) as vaults:
        with new_vault(vaults) as opened:
            opened.db.rows.put_envelope(record="r1", rev=1, env=b"sealed r1/1")
        somebody_writes(tmp_path, opened.id, "INSERT INTO meta VALUES ('left.r1/1', 'received')")

        [found] = vaults.unsent(opened.id)
        assert (found.record, found.answer) == ("r1", b"received")
