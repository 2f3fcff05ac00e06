"""A restore that is cut short anywhere is gone on with, and nobody starts a server on half of it."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from datetime import timedelta
from pathlib import Path

import pytest

from booklets.records import Record
from sync_server.audit import verify_audit
from sync_server.backups import make
from sync_server.backups.alone import alone_in
from sync_server.backups.making import PART, NotBackedUp
from sync_server.context import Context, open_context
from sync_server.db.every_table import metadata
from sync_server.half_restored import FILE, HalfRestored
from sync_server.keys.copying import KeysDiffer
from sync_server.keys.files import write_secret
from tests.support.server_data import Clock, count, rows
from tests.sync_server.backups.conftest import Elsewhere
from tests.sync_server.backups.test_backups import OWN_WORDS, opened

STEPS = frozenset({"open", "os.rename", "os.mkdir", "os.remove", "sqlite3.connect"})
CUT = 137


def cut_at(step: int, elsewhere: Elsewhere, backups: Path, **more: object) -> bool:
    """Restore in a process of its own that dies, as if killed, at a step on the disk; whether it died."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        ended = os.waitstatus_to_exitcode(status)
        assert ended in {0, CUT}, "it neither died where it should nor came to its end"
        return ended == CUT
    done, place = 0, str(elsewhere.settings.data)

    def dies(event: str, args: tuple[object, ...]) -> None:
        nonlocal done
        if event in STEPS and args and place in str(args[0]):
            done += 1
            if done == step:
                os._exit(CUT)

    ended = 1
    try:
        sys.addaudithook(dies)
        elsewhere.restores(backups, **more)
        ended = 0
    finally:  # nothing of a forked test may go on
        if ended:
            traceback.print_exc()
        os._exit(ended)


@pytest.mark.thorough
def test_one_that_dies_at_each_step_comes_back_whole_in_the_end(
    context: Context, clock: Clock, night: list[Record], elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """It dies at its first step, then at its second, and so on: each goes on where the last one stopped."""
    backups, cuts = tmp_path / "backups", 0
    made = make(context, backups)
    before = {table.name: rows(context, table) for table in metadata.sorted_tables}

    begun = False
    while cut_at(cuts + 1, elsewhere, backups):
        cuts += 1
        unfinished = (elsewhere.settings.data / FILE).exists()
        if begun and not unfinished:
            break  # it died when all was done
        begun = begun or unfinished
        if begun:
            with pytest.raises(HalfRestored, match="it goes on where it stopped"):
                open_context(elsewhere.settings, now=clock)

    assert cuts > 40
    with opened(elsewhere.settings, clock) as restored:
        for table in metadata.sorted_tables:
            if table.name not in OWN_WORDS:
                assert rows(restored, table) == before[table.name], table.name
        assert verify_audit(restored).broken == ()
        again = make(restored, tmp_path / "again")
    assert (again.lacks, again.contents.attachments) == ((), made.contents.attachments)


def test_what_was_begun_is_finished_before_another_backup_is_put_there(
    context: Context, clock: Clock, night: list[Record], elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """Two backups in one place would be neither."""
    first = make(context, tmp_path / "backups").folder
    clock.at += timedelta(minutes=1)
    newer = make(context, tmp_path / "backups").folder
    assert cut_at(9, elsewhere, first)

    with pytest.raises(HalfRestored, match="Another restore was begun"):
        elsewhere.restores(newer)
    elsewhere.restores(first)
    assert not (elsewhere.settings.data / FILE).exists()


def test_a_second_backup_at_the_same_time_is_refused_and_spoils_nothing(
    context: Context, night: list[Record], tmp_path: Path
) -> None:
    """Someone presses twice, or a timer comes while it is made by hand."""
    folder = tmp_path / "backups"
    folder.mkdir()
    unfinished = folder / f"2026-03-14T02-40-00Z{PART}"
    unfinished.mkdir()
    refused: list[str] = []

    def second() -> None:
        with pytest.raises(NotBackedUp) as why:
            make(context, folder)
        refused.append(str(why.value))

    with alone_in(folder) as alone:
        assert alone
        trying = threading.Thread(target=second)
        trying.start()
        trying.join()
        assert unfinished.exists()
    assert "Another backup is being made" in refused[0]
    assert make(context, folder).contents.submissions == len(night)
    assert count(context, metadata.tables["backup_made"]) == 1


def test_what_was_begun_with_a_newer_list_of_the_destroyed_does_not_go_on_without_it(
    context: Context, night: list[Record], elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """What was destroyed by law would come back."""
    backup, newer = make(context, tmp_path / "backups").folder, tmp_path / "destroyed.jsonl"
    newer.touch()
    assert cut_at(9, elsewhere, backup, destroyed=newer)

    with pytest.raises(HalfRestored, match="Another restore was begun"):
        elsewhere.restores(backup)
    assert elsewhere.restores(backup, destroyed=newer).lacks == ()


def test_a_key_of_another_server_is_refused_before_anything_is_begun(
    context: Context, night: list[Record], elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """Else the place could be used for nothing but this one backup any more."""
    make(context, tmp_path / "backups")
    (elsewhere.settings.keys).mkdir(mode=0o700)
    write_secret(elsewhere.settings.keys / "kek.key", bytes(32))

    with pytest.raises(KeysDiffer, match="of another server"):
        elsewhere.restores(tmp_path / "backups")

    assert not (elsewhere.settings.data / FILE).exists()
