"""Nothing can be altered, left out or re-ordered in the audit without being found."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from sync_server import audit
from sync_server.context import Context
from sync_server.intake import take_in
from tests.support.builders import NIGHT, a_return, an_id, an_interview
from tests.support.server_data import Handheld, a_server

pytestmark = pytest.mark.thorough

TRIGGERS = ("audit_no_update", "audit_no_delete", "evidence_no_update", "evidence_no_delete")


def test_an_untouched_night_verifies(context: Context, handheld: Handheld) -> None:
    """The other tests here mean nothing unless this one holds."""
    _a_night(context, handheld)

    found = audit.verify_audit(context)

    assert (found.broken, found.submissions) == ((), 6)
    assert found.entries > found.submissions


def test_each_entry_follows_from_the_one_before(context: Context, handheld: Handheld) -> None:
    """A chain per record: what happened to this child's record, in order."""
    take_in(context, handheld.seal(a_return()), sender=handheld.sender)

    with context.store.read() as connection:
        entries = audit.entries_of(connection, str(a_return().header.record))
    assert [entry["what"] for entry in entries] == ["received", "notice_prepared"]
    assert entries[1]["prev_hash"] == entries[0]["hash"] == audit.hash_of(dict(entries[0]))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("UPDATE audit SET who = 'NYP-0000' WHERE id = 5", id="who"),
        pytest.param("UPDATE audit SET at = '2026-03-14 03:00:00.000000' WHERE id = 5", id="when"),
        pytest.param("UPDATE audit SET what = 'viewed' WHERE id = 5", id="what"),
        pytest.param("UPDATE audit SET detail = '{}' WHERE id = 5", id="details"),
        pytest.param("UPDATE audit SET force = 'elsewhere' WHERE id = 5", id="force"),
        pytest.param("UPDATE audit SET prev_hash = hash WHERE id = 5", id="link"),
        pytest.param("UPDATE audit SET seq = seq + 10 WHERE id = 5", id="order"),
    ],
)
def test_any_change_to_an_entry_is_found(tmp_path: Path, change: str) -> None:
    """Somebody with the database file drops the triggers and edits: the chain tells."""
    _tamper(_a_kept_night(tmp_path), change)

    with a_server(tmp_path, in_a_file=True) as context:
        assert audit.verify_audit(context).broken


def test_an_entry_left_out_is_found(tmp_path: Path) -> None:
    """From the middle by its neighbours, from the end of a fresh record by the submission itself."""
    for leave_out in ("DELETE FROM audit WHERE seq = 1", "DELETE FROM audit"):
        folder = tmp_path / str(len(leave_out))
        _tamper(_a_kept_night(folder), leave_out)

        with a_server(folder, in_a_file=True) as context:
            assert audit.verify_audit(context).broken


def test_evidence_that_was_changed_is_found(tmp_path: Path) -> None:
    """The audit holds the hash of what arrived, so evidence cannot be exchanged either."""
    _tamper(_a_kept_night(tmp_path), "UPDATE evidence_submission SET envelope = x'00' WHERE seq = 3")

    with a_server(tmp_path, in_a_file=True) as context:
        [broken] = audit.verify_audit(context).broken
    assert broken.what == "a submission that is not what arrived"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("UPDATE audit SET detail = '{not JSON' WHERE id = 5", id="details that are none"),
        pytest.param("UPDATE audit SET at = 'yesterday' WHERE id = 5", id="a time that is none"),
        pytest.param("UPDATE audit SET who = CAST(x'fffe' AS TEXT) WHERE id = 5", id="text that is none"),
        pytest.param("UPDATE audit SET hash = CAST(x'fffe' AS TEXT) WHERE id = 5", id="a sum that is none"),
    ],
)
def test_an_entry_that_cannot_be_read_is_named_and_the_others_are_still_looked_at(
    tmp_path: Path, change: str
) -> None:
    """A file takes whatever is written into it: that ended the check, and every backup, in a mistake."""
    path = _a_kept_night(tmp_path)
    _tamper(path, change, "UPDATE audit SET who = 'NYP-0000' WHERE id = 9")

    with a_server(tmp_path, in_a_file=True) as context:
        found = audit.verify_audit(context)
    said = {(one.record, one.seq): one.what for one in found.broken}
    assert said["audit", 5] == "the entry of this number cannot be read"
    assert "was altered" in said.values()


@pytest.mark.parametrize(
    ("change", "record", "what"),
    [
        (
            "UPDATE evidence_submission SET envelope = 'words' WHERE seq = 3",
            str(an_id("record 2")),
            "a submission that is not what arrived",
        ),
        (
            "UPDATE evidence_submission SET record = CAST(x'fffe' AS TEXT) WHERE seq = 3",
            "evidence",
            "the submission of this number cannot be read",
        ),
    ],
)
def test_a_submission_that_cannot_be_read_is_named(
    tmp_path: Path, change: str, record: str, what: str
) -> None:
    """Words in the place of what was sealed, and no words in the place of its record's number."""
    _tamper(_a_kept_night(tmp_path), change)

    with a_server(tmp_path, in_a_file=True) as context:
        [broken] = audit.verify_audit(context).broken
    assert broken == audit.Broken(record, 3, what)


def test_the_audit_holds_no_answer(context: Context, handheld: Handheld) -> None:
    """It is read by many, kept for ever, and sent to other systems."""
    marker = "a phrase nobody else would write"
    take_in(context, handheld.seal(an_interview({"pi.demeanour": marker})), sender=handheld.sender)

    with context.store.read() as connection:
        entries = audit.entries_of(connection, str(an_interview().header.record))
    assert marker not in str([dict(entry) for entry in entries])


def test_what_is_not_about_a_record_has_a_chain_too(context: Context) -> None:
    """Enrolment and sign-in are noted under the device or the account."""
    for what in ("enrolled", "suspended"):
        context.store.write(
            lambda connection, what=what: audit.note(  # type: ignore[misc]
                connection, force="f", record="device:1", who="admin", what=what, at=NIGHT
            )
        )

    with context.store.read() as connection:
        assert [one["seq"] for one in audit.entries_of(connection, "device:1")] == [1, 2]


def _a_night(context: Context, handheld: Handheld) -> None:
    for number in range(6):
        record = a_return(record=an_id(f"record {number}"), episode=an_id(f"episode {number}"))
        take_in(context, handheld.seal(record), sender=handheld.sender)


def _a_kept_night(folder: Path) -> Path:
    """A night that was kept and closed: the path of its database."""
    with a_server(folder, in_a_file=True) as context:
        _a_night(context, Handheld(context))
    return folder / "homeward.sqlite"


def _tamper(path: Path, *changes: str) -> None:
    connection = sqlite3.connect(path)
    for trigger in TRIGGERS:
        connection.execute(f"DROP TRIGGER {trigger}")
    for change in changes:
        connection.execute(change)
    connection.commit()
    connection.close()
