"""A backup holds everything that was acknowledged before it, is read again, and comes back whole."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, select

from booklets.records import Record, reference_of
from sync_server.audit import never_given_before, verify_audit
from sync_server.backups import make
from sync_server.backups.contents import DATABASE, SAYS, NoBackup, read_contents, sum_of_file, whole_ones
from sync_server.backups.restoring import NotRestored
from sync_server.context import Context, open_context
from sync_server.db.backups import backup
from sync_server.db.copies import AHEAD, read_copy
from sync_server.db.every_table import metadata
from sync_server.db.identity import device as device_table
from sync_server.db.owed import feed_counter
from sync_server.db.tables import audit, record_key, submission
from sync_server.feed import pull
from sync_server.handhelds import orders, policies
from sync_server.identity import devices
from sync_server.intake import take_in
from sync_server.keys.copying import KeysDiffer
from sync_server.retention import look
from sync_server.retention.reviewing import Kind
from sync_server.settings import Settings
from tests.support.kept_for_years import MARKER, Years, bytes_on_disk
from tests.support.server_data import Clock, Handheld, a_server, count, rows
from tests.sync_server.backups.conftest import Elsewhere, a_record

OWN_WORDS = frozenset({"audit", "feed_counter", "backup_made"})
"""What is not as it was afterwards: that it was restored stands in the audit, and numbers go on further."""


@contextmanager
def opened(settings: Settings, clock: Clock) -> Iterator[Context]:
    """The server that was restored, as it would be started."""
    context = open_context(settings, now=clock)
    try:
        yield context
    finally:
        context.close()


def test_a_backup_comes_back_whole(
    context: Context, clock: Clock, night: list[Record], elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """Every row of every table, and the photograph, on the database that this server uses."""
    made = make(context, tmp_path / "backups")
    assert (made.lacks, made.contents.submissions, made.contents.attachments) == ((), len(night), 1)
    before = {table.name: rows(context, table) for table in metadata.sorted_tables}

    done = elsewhere.restores(tmp_path / "backups")

    assert (done.submissions, done.attachments, done.lacks) == (len(night), 1, ())
    with opened(elsewhere.settings, clock) as restored:
        for table in metadata.sorted_tables:
            if table.name not in OWN_WORDS:
                assert rows(restored, table) == before[table.name], table.name
        assert [row["what"] for row in rows(restored, audit) if row["record"] == "server"] == ["restored"]
        assert verify_audit(restored).broken == ()


@pytest.mark.thorough
def test_what_was_in_one_database_goes_on_in_the_other(
    context: Context, clock: Clock, night: list[Record], handheld: Handheld, tmp_path: Path
) -> None:
    """A force that outgrows a file, or whose PostgreSQL is gone: the copy is the same file for both."""
    make(context, tmp_path / "backups")
    with a_server(tmp_path / "other", clock=clock, in_a_file=True) as other:
        place = Settings.of(tmp_path / "file", public_origin="http://x.test")
        done = Elsewhere(place, context.settings.keys, clock).restores(tmp_path / "backups")
        assert (done.submissions, done.lacks) == (len(night), ())
        assert count(other, submission) == 0


@pytest.mark.usefixtures("night")
def test_numbers_go_on_where_nobody_has_been(
    context: Context, clock: Clock, handheld: Handheld, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """What was given after the backup is known to handhelds: none of it is given a second time."""
    pull(context, handheld.reader("supervisor"))
    make(context, tmp_path / "backups")
    highest = max(int(str(row["seq"])) for row in rows(context, submission))
    counted = {row["recipient"]: row["n"] for row in rows(context, feed_counter)}
    assert counted

    elsewhere.restores(tmp_path / "backups")

    with opened(elsewhere.settings, clock) as restored:
        again = Handheld(restored, signing=handheld.signing, kem=handheld.kem)
        take_in(restored, again.seal(a_record(99)), sender=again.sender)
        assert max(int(str(row["seq"])) for row in rows(restored, submission)) > highest + AHEAD
        new = [item for item in pull(restored, again.reader("supervisor")).items if item.seq > AHEAD]
        assert new
        assert {row["recipient"] for row in rows(restored, feed_counter)} >= counted.keys()


@pytest.mark.usefixtures("night")
def test_orders_and_policies_go_on_above_all_that_a_handheld_may_have_heard(
    context: Context, clock: Clock, handheld: Handheld, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """What it heard after the backup is forgotten here: a wipe under a number that it knows does nothing."""
    make(context, tmp_path / "backups")

    elsewhere.restores(tmp_path / "backups")

    with opened(elsewhere.settings, clock) as restored, restored.store.read() as db:
        assert never_given_before(db) == AHEAD
        [device] = rows(restored, device_table)
        why, who = orders.Reason.LOST, "an admin"
        word = orders.Decision(what=orders.What.WIPE, reason=why, words="Left on a bus.", by=who)
        known = devices.find(db, str(device["id"]))
        assert known is not None
    with opened(elsewhere.settings, clock) as restored:
        number = restored.store.write(lambda db: orders.decide(restored, db, known, word, now=clock()))
        assert number == AHEAD + 1
        assert policies.current(restored, known.force, now=clock()).number > AHEAD


def test_while_it_is_made_the_server_goes_on_and_nothing_acknowledged_is_missing(
    context: Context, handheld: Handheld, tmp_path: Path
) -> None:
    """Two threads send all the while: what they had a receipt for before it began is in it."""
    sender, acknowledged, over = handheld.sender, set[str](), threading.Event()
    sealed = {n: [handheld.seal(a_record(n * 1000 + k)) for k in range(15)] for n in range(2)}

    def sends(number: int) -> None:
        for one in sealed[number]:
            if over.is_set():
                return
            take_in(context, one, sender=sender)
            acknowledged.add(sha256(one).hexdigest())

    threads = [threading.Thread(target=sends, args=(number,)) for number in sealed]
    for one in threads:
        one.start()
    while len(acknowledged) < 5 and any(one.is_alive() for one in threads):
        over.wait(0.01)
    before = set(acknowledged)
    made = make(context, tmp_path / "backups")
    over.set()
    for one in threads:
        one.join()

    with read_copy(made.folder / DATABASE) as copy:
        there = {row.env_sha256: row.seq for row in copy.execute(select(submission))}
    assert made.lacks == ()
    assert len(before) >= 5
    assert before <= there.keys()
    with context.store.read() as db:
        upto = select(submission.c.env_sha256).where(submission.c.seq <= made.contents.covers)
        assert set(db.execute(upto).scalars()) == there.keys()


def test_only_a_backup_that_is_whole_counts(
    context: Context, night: list[Record], elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """A record whose key is gone, and a photograph that is: by number and reference, not by name."""
    make(context, tmp_path / "backups")
    [counts] = rows(context, backup)
    assert counts["covers"] == len(night)
    lost = night[1].header.record
    context.store.write(lambda db: _forget_key(db, str(lost)))
    shutil.rmtree(context.settings.data / "attachments")

    made = make(context, tmp_path / "others")

    said = "\n".join(map(str, made.lacks))
    assert len(made.lacks) == 2
    assert f"{lost}\t{reference_of(lost)}\tthe key of revision 1 is missing" in said
    assert reference_of(night[0].header.record) in said
    assert count(context, backup) == 1
    assert elsewhere.restores(tmp_path / "others").lacks == made.lacks


def test_the_newest_whole_backup_is_put_back_and_not_one_that_was_found_lacking(
    context: Context, night: list[Record], elsewhere: Elsewhere, clock: Clock, tmp_path: Path
) -> None:
    """Last night's good one, although this night's lies beside it; what was cut short before is gone."""
    folder = tmp_path / "backups"
    good = make(context, folder)
    cut_short = folder / "2026-01-01T00-00-00Z.part"
    cut_short.mkdir()
    clock.at += timedelta(days=1)
    context.store.write(lambda db: _forget_key(db, str(night[1].header.record)))

    assert make(context, folder).lacks
    assert not cut_short.exists()
    assert elsewhere.restores(folder).folder == good.folder


def _forget_key(db: Connection, record: str) -> None:
    db.execute(delete(record_key).where(record_key.c.record == record))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE audit SET who = 'somebody' WHERE id = 3", "was altered"),
        ("UPDATE evidence_submission SET receipt = x'7b7d' WHERE seq = 2", "receipt of revision 1"),
        ("UPDATE evidence_submission SET body_sealed = x'00' WHERE seq = 2", "does not open"),
        ("UPDATE evidence_submission SET digest = 'another' WHERE seq = 2", "is not what was received"),
    ],
)
@pytest.mark.usefixtures("night")
def test_what_was_altered_in_a_copy_is_found(
    context: Context, elsewhere: Elsewhere, tmp_path: Path, change: str, says: str
) -> None:
    """Whoever changes the copy is found by its sum; who changes the sum as well, by what was signed."""
    made = make(context, tmp_path / "backups")
    database = sqlite3.connect(made.folder / DATABASE)
    for trigger in ("audit_no_update", "evidence_no_update"):
        database.execute(f"DROP TRIGGER {trigger}")
    database.execute(change)
    database.commit()
    database.close()
    with pytest.raises(NotRestored, match="is not what was written"):
        elsewhere.restores(tmp_path / "backups")

    before = read_contents(made.folder)
    said = (made.folder / SAYS).read_text().replace(before.sha256, sum_of_file(made.folder / DATABASE))
    (made.folder / SAYS).write_text(said)

    assert says in "\n".join(map(str, elsewhere.restores(tmp_path / "backups").lacks))


def test_nothing_is_written_over(
    context: Context, clock: Clock, night: list[Record], elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """Not the server that it was made of, and not what was restored once."""
    make(context, tmp_path / "backups")
    here = Elsewhere(context.settings, context.settings.keys, clock)
    with pytest.raises(NotRestored, match="is not empty"):
        here.restores(tmp_path / "backups")
    elsewhere.restores(tmp_path / "backups")
    with pytest.raises(NotRestored, match="is not empty"):
        elsewhere.restores(tmp_path / "backups")
    assert count(context, submission) == len(night)


def test_a_database_file_that_lies_elsewhere_is_not_written_over(
    context: Context, clock: Clock, night: list[Record], tmp_path: Path
) -> None:
    """The folder is empty, and the file that the settings name is somebody's."""
    make(context, tmp_path / "backups")
    theirs = tmp_path / "theirs.sqlite"
    theirs.write_bytes(b"somebody's records")
    (tmp_path / "empty").mkdir()
    named = Settings.of(
        tmp_path / "empty", public_origin="http://x.test", database_url=f"sqlite:///{theirs}"
    )

    with pytest.raises(NotRestored, match="is there already"):
        Elsewhere(named, context.settings.keys, clock).restores(tmp_path / "backups")

    assert theirs.read_bytes() == b"somebody's records"


def test_a_backup_is_nothing_without_the_keys_it_was_made_with(
    context: Context, night: list[Record], elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """They lie in none of its files; without them, or with others, nothing is restored."""
    made = make(context, tmp_path / "backups")
    everything = b"".join(path.read_bytes() for path in made.folder.rglob("*") if path.is_file())
    keys = {path.name: path.read_bytes() for path in context.settings.keys.glob("*.key")}
    assert [name for name, secret in keys.items() if secret in everything] == []

    with pytest.raises(KeysDiffer, match=r"kek\.key.* is needed"):
        elsewhere.restores(tmp_path / "backups", keys=None)
    others = tmp_path / "others"
    shutil.copytree(context.settings.keys, others)
    (others / "kek.key").write_bytes(bytes(32))
    with pytest.raises(KeysDiffer, match=r"kek\.key is not the one"):
        elsewhere.restores(tmp_path / "backups", keys=others)
    assert list(elsewhere.settings.data.iterdir()) == []


def test_one_that_was_cut_short_is_no_backup(context: Context, clock: Clock, tmp_path: Path) -> None:
    """What says that it is whole is written last."""
    made = make(context, tmp_path / "backups")
    (made.folder / SAYS).unlink()

    assert whole_ones(tmp_path / "backups") == []
    with pytest.raises(NoBackup, match="no whole backup"):
        Elsewhere(context.settings, context.settings.keys, clock).restores(tmp_path / "backups")


def test_backups_are_kept_as_long_as_the_force_says_and_share_photographs(
    context: Context, clock: Clock, night: list[Record], tmp_path: Path
) -> None:
    """After 35 days: by then what was destroyed is in no copy either."""
    folder = tmp_path / "backups"
    names = []
    for _ in range(3):
        made = make(context, folder)
        names.append(made.folder.name)
        clock.at += timedelta(days=20)

    assert made.removed == (names[0],)
    assert [one.name for one in whole_ones(folder)] == names[1:]
    [photograph] = [path for path in made.folder.rglob("attachments/*/*/*") if path.is_file()]
    assert photograph.stat().st_nlink == 2


@pytest.mark.thorough
def test_what_was_destroyed_does_not_come_back(tmp_path: Path, clock: Clock, elsewhere: Elsewhere) -> None:
    """A backup from before has it; the newest list of what was destroyed lies outside the database."""
    with a_server(tmp_path / "data", clock=clock) as context:
        place = Elsewhere(elsewhere.settings, context.settings.keys, clock)
        years = Years.of(context, clock)
        night = years.night()
        years.pass_(6)
        make(context, tmp_path / "backups")
        years.destroys(night)
        newest = context.settings.data / "destroyed.jsonl"
        done = place.restores(tmp_path / "backups", destroyed=newest)

    assert (done.again, done.lacks) == (3, ())
    with opened(place.settings, clock) as restored:
        assert MARKER.encode() not in bytes_on_disk(restored)
        assert look(restored) == 0


@pytest.mark.thorough
def test_what_was_to_be_destroyed_can_be_taken_back_anew(
    tmp_path: Path, clock: Clock, elsewhere: Elsewhere
) -> None:
    """It was taken back after the backup, which forgot that: nothing goes until there was time to say so."""
    with a_server(tmp_path / "data", clock=clock) as context:
        place = Elsewhere(elsewhere.settings, context.settings.keys, clock)
        years = Years.of(context, clock)
        night = years.night()
        years.pass_(6)
        assert years.says(night, Kind.TO_DESTROY) is None
        make(context, tmp_path / "backups")
        clock.at += timedelta(days=29)
        done = place.restores(tmp_path / "backups")

    assert (done.again, done.lacks) == (0, ())
    with opened(place.settings, clock) as restored:
        assert look(restored) == 0
        clock.at += timedelta(days=29)
        assert look(restored) == 3
