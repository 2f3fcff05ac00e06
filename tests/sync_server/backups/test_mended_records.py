"""A record that no longer opens is read again from what came; what is lost for good is said to be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from booklets.records import Record
from sync_server import evidence
from sync_server.audit import AT_THE_MACHINE, MENDED, RECORD_GIVEN_UP, verify_audit
from sync_server.backups import NotLost, make, mend
from sync_server.cli import main
from sync_server.context import Context
from sync_server.db.backups import backup
from sync_server.db.identity import device
from sync_server.db.tables import audit, record_key, submission
from sync_server.intake import take_in
from tests.support.builders import next_revision
from tests.support.server_data import Handheld, count, rows
from tests.sync_server.backups.conftest import Elsewhere


@pytest.fixture(autouse=True)
def enrolled(context: Context, handheld: Handheld, night: list[Record]) -> None:
    """The server knows by which key that night's handheld signs."""
    of_it = update(device).where(device.c.id == handheld.device).values(sign_pub=handheld.signing.public)
    context.store.write(lambda db: db.execute(of_it))


def test_a_record_whose_key_is_gone_is_whole_again_in_all_its_revisions(
    context: Context, handheld: Handheld, night: list[Record], elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """Word for word, under another key, and a backup that is put back elsewhere has it."""
    second = next_revision(night[1], {})
    take_in(context, handheld.seal(second), sender=handheld.sender)
    name = _name(night[1])
    _lose_key(context, name)
    lacks = make(context, tmp_path / "lacking").lacks
    assert {(one.record, one.what) for one in lacks} == {
        (name, "the key of revision 1 is missing"),
        (name, "the key of revision 2 is missing"),
    }

    mended = mend(context, name)

    assert (mended.whole, mended.lost) == ((1, 2), ())
    assert _read(context, name, 1) == night[1]
    assert _read(context, name, 2) == second
    assert _noted(context, MENDED) == [(name, AT_THE_MACHINE, {"revs": ["1", "2"]})]
    assert verify_audit(context).broken == ()
    assert make(context, tmp_path / "backups").lacks == ()
    assert elsewhere.restores(tmp_path / "backups").lacks == ()


def test_one_revision_that_was_damaged_is_read_again_and_the_key_stays(
    context: Context, night: list[Record]
) -> None:
    """A disk has changed a few bytes of one body."""
    name = _name(night[1])
    key = _wrapped(context, name)
    _change(context, name, body_sealed=b"rubbish")

    assert mend(context, name).whole == (1,)

    assert _read(context, name, 1) == night[1]
    assert _wrapped(context, name) == key


def test_what_came_is_damaged_too_and_is_given_up_once(
    context: Context, night: list[Record], tmp_path: Path
) -> None:
    """It stands in the audit, and backups count without it; its receipt is still looked at."""
    name = _name(night[1])
    _lose_key(context, name)
    [came] = [row for row in rows(context, submission) if row["record"] == name]
    _change(context, name, envelope=_bytes(came["envelope"])[:-1] + b"?")

    assert mend(context, name).lost == (1,)
    with pytest.raises(NotLost):
        mend(context, name)

    assert _noted(context, RECORD_GIVEN_UP) == [
        (name, AT_THE_MACHINE, {"rev": 1, "sha256": came["env_sha256"]})
    ]
    lacks = make(context, tmp_path / "first").lacks
    assert {one.what for one in lacks} == {"audit entry 2: a submission that is not what arrived"}

    _change(context, name, receipt=b"rubbish")
    assert any("receipt of revision 1" in one.what for one in make(context, tmp_path / "second").lacks)


def test_a_body_that_opens_to_something_else_than_was_acknowledged_is_not_believed(
    context: Context, night: list[Record]
) -> None:
    """The envelope of another record in its place is no way to have this one say something else."""
    name, other = _name(night[1]), _name(night[2])
    [theirs] = [row for row in rows(context, submission) if row["record"] == other]
    _lose_key(context, name)
    _change(context, name, envelope=_bytes(theirs["envelope"]))

    assert mend(context, name).lost == (1,)


def test_what_opens_is_not_touched(context: Context, night: list[Record]) -> None:
    """Nor what never was."""
    for name in (_name(night[1]), "no record"):
        with pytest.raises(NotLost, match="Nothing was changed"):
            mend(context, name)
    assert _noted(context, MENDED) == _noted(context, RECORD_GIVEN_UP) == []


def test_it_is_mended_at_the_command_line(
    context: Context, night: list[Record], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the number that the backup said, and the next one counts."""
    _lose_key(context, _name(night[1]))
    environment = {**os.environ, "HOMEWARD_DATABASE_URL": context.settings.database_url}

    assert main(["mend-record", _name(night[1]), "--data", str(context.settings.data)], environment) == 0

    assert "Whole again, read from what came: revision 1." in capsys.readouterr().out
    assert make(context, tmp_path / "backups").lacks == ()
    assert count(context, backup) == 1


def _name(record: Record) -> str:
    return str(record.header.record)


def _lose_key(context: Context, name: str) -> None:
    context.store.write(lambda db: db.execute(delete(record_key).where(record_key.c.record == name)))


def _change(context: Context, name: str, **values: bytes) -> None:
    of_it = update(submission).where(submission.c.record == name).values(**values)
    context.store.write(lambda db: db.execute(of_it))


def _wrapped(context: Context, name: str) -> bytes:
    return next(_bytes(row["wrapped"]) for row in rows(context, record_key) if row["record"] == name)


def _bytes(kept: object) -> bytes:
    assert isinstance(kept, bytes)
    return kept


def _read(context: Context, name: str, rev: int) -> Record | None:
    with context.store.read() as db:
        return evidence.record_of(db, context.keys.safe, name, rev)


def _noted(context: Context, what: str) -> list[tuple[object, ...]]:
    said = [row for row in rows(context, audit) if row["what"] == what]
    return [(row["record"], row["who"], row["detail"]) for row in said]
