"""What a chain alone cannot show is found by checkpoints: a cut end, a chain that is gone, a new history."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from sync_server import audit, checkpoints
from sync_server.context import Context
from sync_server.db.checkpoints import checkpoint
from sync_server.db.tables import audit as entries
from sync_server.intake import take_in
from tests.support.builders import FORCE, NIGHT, a_return, an_id
from tests.support.server_data import Handheld, a_server, count, rows

TRIGGERS = (
    *("audit_no_update", "audit_no_delete", "audit_checkpoint_no_update", "audit_checkpoint_no_delete"),
    *("evidence_no_update", "evidence_no_delete"),
)
LAST_READING = "DELETE FROM audit WHERE what = 'viewed' AND seq > 2"
DEVICES_CHAIN = "DELETE FROM audit WHERE record = 'device:1'"
SIGNED_TOO = "DELETE FROM audit_checkpoint WHERE number > 1"


def a_night(folder: Path) -> Path:
    """A night that was kept: records, somebody who read one, a handheld; the path of its database."""
    with a_server(folder, in_a_file=True) as context:
        handheld = Handheld(context)
        for number in range(3):
            record = a_return(record=an_id(f"record {number}"), episode=an_id(f"episode {number}"))
            take_in(context, handheld.seal(record), sender=handheld.sender)
        checkpoints.make(context)
        read = str(an_id("record 1"))
        for chain, what in ((read, "viewed"), ("device:1", "enrolled")):
            context.store.write(partial(_note, record=chain, what=what))
        checkpoints.make(context)
    return folder / "homeward.sqlite"


def _note(db: Connection, *, record: str, what: str) -> None:
    audit.note(db, force=FORCE, record=record, who="NYP-4000", what=what, at=NIGHT)


def changed(path: Path, *changes: str) -> None:
    """Somebody with the file lets no trigger stand in their way."""
    database = sqlite3.connect(path)
    for trigger in TRIGGERS:
        database.execute(f"DROP TRIGGER {trigger}")
    for change in changes:
        database.execute(change)
    database.commit()
    database.close()


def seq_of(row: dict[str, object]) -> int:
    """Where an entry stands in its chain."""
    return int(str(row["seq"]))


def written_anew(path: Path) -> None:
    """Every chain made again, each following from the one before, with one reader named otherwise."""
    database = sqlite3.connect(path)
    for trigger in TRIGGERS:
        database.execute(f"DROP TRIGGER {trigger}")
    database.execute("UPDATE audit SET who = 'NYP-0000' WHERE what = 'viewed'")
    database.commit()
    database.close()
    with a_server(path.parent, in_a_file=True) as context:
        before: dict[str, str] = {}
        for entry in rows(context, entries):
            chain = str(entry["record"])
            said = entry | {"prev_hash": before.get(chain, audit.FIRST)}
            before[chain] = audit.hash_of(said)
            values = {"prev_hash": said["prev_hash"], "hash": before[chain]}
            change = entries.update().where(entries.c.id == entry["id"]).values(**values)
            context.store.write(lambda db, change=change: db.execute(change).rowcount)  # type: ignore[misc]


def found(path: Path, elsewhere: Path | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the chains alone find, and what the checkpoints find."""
    with a_server(path.parent, in_a_file=True) as context:
        alone = audit.verify_audit(context).broken
        signed = checkpoints.check(context, elsewhere).broken
    return tuple(one.what for one in alone), tuple(f"{one.seq} {one.what}" for one in signed)


def test_an_untouched_night_holds(context: Context, handheld: Handheld) -> None:
    """Also while entries are newer than the last checkpoint; and nothing new makes none."""
    take_in(context, handheld.seal(a_return()), sender=handheld.sender)
    assert checkpoints.make(context) == 1
    assert checkpoints.make(context) == 0
    context.store.write(partial(_note, record="device:1", what="enrolled"))

    assert checkpoints.check(context) == checkpoints.Checked(1, 1, ())
    assert checkpoints.make(context) == 1
    assert checkpoints.check(context) == checkpoints.Checked(2, 0, ())
    assert len(checkpoints.lines_of(context.settings.checkpoints)) == count(context, checkpoint) == 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(LAST_READING, "2 1 of its entries are missing", id="a cut end"),
        pytest.param(DEVICES_CHAIN, "2 1 of its entries are missing", id="a whole chain"),
    ],
)
def test_what_no_chain_shows_is_found(tmp_path: Path, change: str, says: str) -> None:
    """The control: the chains alone, as they were before there were checkpoints, see nothing at all."""
    path = a_night(tmp_path)
    changed(path, change)

    alone, signed = found(path)

    assert alone == ()
    assert signed == (says,)


def test_a_history_that_was_written_anew_is_found(tmp_path: Path) -> None:
    """Every hash fits, and it is not what was signed."""
    path = a_night(tmp_path)
    written_anew(path)

    assert found(path) == ((), ("2 its entries are not those that were signed",))


def test_whoever_takes_the_checkpoints_out_as_well_is_found_by_the_file(tmp_path: Path) -> None:
    """And who empties that file too, by a copy that was kept elsewhere."""
    path = a_night(tmp_path)
    beside, elsewhere = tmp_path / "checkpoints.jsonl", tmp_path / "kept-elsewhere.jsonl"
    shutil.copy(beside, elsewhere)
    changed(path, LAST_READING, DEVICES_CHAIN, SIGNED_TOO)
    assert found(path)[1] == ("2 is not in the database", "2 2 of its entries are missing")

    beside.write_bytes(beside.read_bytes().splitlines(keepends=True)[0])
    assert found(path) == ((), ())
    assert found(path, elsewhere)[1] == ("2 is not in the database", "2 2 of its entries are missing")


def test_an_entry_under_a_number_that_is_never_given_is_found(tmp_path: Path) -> None:
    """Well summed, at the end of its chain, and below the first number: no checkpoint is ever over it."""
    path = a_night(tmp_path)
    with a_server(tmp_path, in_a_file=True) as context:
        last = max((row for row in rows(context, entries) if row["record"] == "device:1"), key=seq_of)
        more = last | {"id": -3, "seq": seq_of(last) + 1, "prev_hash": last["hash"], "who": "NYP-0000"}
        context.store.write(lambda db: db.execute(entries.insert(), more | {"hash": audit.hash_of(more)}))

    assert found(path) == ((), ("0 1 entries stand below the first number, where none was ever kept",))


def test_words_in_the_place_of_a_checkpoint_are_named(tmp_path: Path) -> None:
    """A file takes whatever is written into it; the file beside it still has the checkpoint."""
    path = a_night(tmp_path)
    changed(path, "UPDATE audit_checkpoint SET statement = 'nothing' WHERE number = 2")

    assert found(path)[1] == ("0 a checkpoint that this server did not sign", "2 is not in the database")


def test_a_sum_that_cannot_be_read_is_named_by_its_checkpoint(tmp_path: Path) -> None:
    """The check of checkpoints goes on with the others."""
    path = a_night(tmp_path)
    changed(path, "UPDATE audit SET hash = CAST(x'fffe' AS TEXT) WHERE what = 'viewed'")

    assert found(path)[1] == ("2 one of its entries cannot be read",)


def test_a_checkpoint_of_somebody_else_is_none(tmp_path: Path) -> None:
    """One that another key signed, and one that was changed."""
    path = a_night(tmp_path)
    beside = tmp_path / "checkpoints.jsonl"
    beside.write_bytes(beside.read_bytes().replace(b'"entries":', b'"entries":1', 1))

    assert found(path)[1] == ("0 a checkpoint that this server did not sign",)


def test_where_the_file_cannot_be_written_the_database_has_it_and_the_file_catches_up(
    tmp_path: Path,
) -> None:
    """A full or missing disk ends neither the server nor its backups."""
    with a_server(tmp_path / "data", in_a_file=True) as made:
        away = tmp_path / "not mounted" / "checkpoints.jsonl"
        context = replace(made, settings=replace(made.settings, checkpoints_file=away))
        context.store.write(partial(_note, record="device:1", what="enrolled"))

        assert checkpoints.make(context) == 1
        assert not away.exists()

        away.parent.mkdir()
        assert checkpoints.make(context) == 0
        assert len(checkpoints.lines_of(away)) == count(context, checkpoint) == 1


def test_half_a_line_spoils_no_other(tmp_path: Path) -> None:
    """A process that died while it wrote leaves half a line: what was half written is written again."""
    path = a_night(tmp_path / "data")
    with a_server(path.parent, in_a_file=True) as context:
        file = context.settings.checkpoints
        file.write_bytes(file.read_bytes()[:-40])
        context.store.write(partial(_note, record="device:1", what="stopped"))

        checkpoints.make(context)

        assert checkpoints.check(context).broken == ()
        assert len(checkpoints.lines_of(file)) == count(context, checkpoint)
