"""A photograph that is lost for good is given up once, and backups count again without it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import insert

from booklets.records import Record
from sync_server.audit import AT_THE_MACHINE, GIVEN_UP, verify_audit
from sync_server.backups import NotLost, give_up, make
from sync_server.cli import main
from sync_server.context import Context
from sync_server.db.attachments import kept
from sync_server.db.backups import backup
from sync_server.db.tables import audit
from tests.support.server_data import count, rows
from tests.sync_server.backups.conftest import Elsewhere


@pytest.fixture
def number(night: list[Record]) -> str:
    """The photograph's."""
    return str(night[0].header.attachments[0].id)


def test_backups_count_again_once_it_was_given_up(
    context: Context, night: list[Record], number: str, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """What a backup says is missing is what is given up, and it comes back without it."""
    shutil.rmtree(context.settings.data / "attachments")
    [lack] = make(context, tmp_path / "lacking").lacks
    assert (count(context, backup), lack.what) == (0, f"attachment {number}: is missing")

    give_up(context, lack.record, number)

    assert make(context, tmp_path / "backups").lacks == ()
    assert count(context, backup) == 1
    [said] = [row for row in rows(context, audit) if row["what"] == GIVEN_UP]
    assert (said["record"], said["who"], said["detail"]) == (
        lack.record,
        AT_THE_MACHINE,
        {"attachment": number, "sha256": night[0].header.attachments[0].sha256},
    )
    assert verify_audit(context).broken == ()
    assert elsewhere.restores(tmp_path / "backups").lacks == ()


def test_what_is_there_is_not_given_up(context: Context, night: list[Record], number: str) -> None:
    """Nor what never was: a wrong number must hide nothing."""
    record = str(night[0].header.record)
    for wrong in ((record, number), (str(night[1].header.record), number), (record, "photograph 1")):
        with pytest.raises(NotLost, match="Nothing was noted"):
            give_up(context, *wrong)
    assert [row for row in rows(context, audit) if row["what"] == GIVEN_UP] == []


def test_it_is_given_up_at_the_command_line(
    context: Context, night: list[Record], number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the two numbers that the backup said."""
    shutil.rmtree(context.settings.data / "attachments")
    environment = {**os.environ, "HOMEWARD_DATABASE_URL": context.settings.database_url}
    asked = ["photograph-lost", str(night[0].header.record), number, "--data", str(context.settings.data)]
    assert main(asked, environment) == 0
    assert "The next backup counts without it" in capsys.readouterr().out


def test_one_that_is_found_again_comes_back(
    context: Context, night: list[Record], number: str, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """On an old disk, after it was given up: put back in its place it is in the next backup, and stays."""
    away = tmp_path / "away"
    (context.settings.data / "attachments").rename(away)
    give_up(context, str(night[0].header.record), number)
    away.rename(context.settings.data / "attachments")

    made = make(context, tmp_path / "backups")
    done = elsewhere.restores(tmp_path / "backups")

    assert (made.contents.attachments, done.lacks) == (1, ())
    found = [path for path in (elsewhere.settings.data / "attachments").rglob("*") if path.is_file()]
    assert len(found) == 1


def test_only_the_bytes_that_are_lost_are_given_up(
    context: Context, night: list[Record], number: str, tmp_path: Path
) -> None:
    """Of a number there may be two files: what is said of one hides nothing of the other."""
    [row] = [one for one in rows(context, kept) if one["attachment"] == number]
    other = {**row, "sha256": "b" * 64}
    context.store.write(lambda db: db.execute(insert(kept).values(**other)))
    give_up(context, str(row["record"]), number)
    assert make(context, tmp_path / "whole").lacks == ()

    shutil.rmtree(context.settings.data / "attachments")

    [lack] = make(context, tmp_path / "lacking").lacks
    assert lack.what == f"attachment {number}: is missing"
