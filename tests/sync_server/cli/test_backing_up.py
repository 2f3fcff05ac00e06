"""A backup and its way back, as whoever runs the server types it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_server.cli import main
from sync_server.context import open_context
from sync_server.intake import take_in
from sync_server.settings import Settings
from tests.support.builders import a_return
from tests.support.databases import a_database
from tests.support.server_data import Handheld, a_server

Said = tuple[int, str]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The data folder of a server with one record."""
    folder = tmp_path / "data"
    with a_server(folder) as context:
        monkeypatch.setenv("HOMEWARD_DATABASE_URL", context.settings.database_url)
        handheld = Handheld(context)
        take_in(context, handheld.seal(a_return()), sender=handheld.sender)
        yield folder


def run(capsys: pytest.CaptureFixture[str], data: Path, *arguments: str) -> Said:
    """Run one command; its exit status and what it said."""
    status = main([*arguments, "--data", str(data)], os.environ)
    return status, capsys.readouterr().out


def test_a_server_is_backed_up_and_put_back(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys to one folder, everything else to another; both are needed, and nothing is written over."""
    backups, keys, there = tmp_path / "backups", tmp_path / "keys", tmp_path / "there"
    status, said = run(capsys, data, "backup", str(backups), "--keys", str(keys))
    assert status == 0
    assert "1 submissions, 0 attachments" in said
    assert "The recovery key lies on this server still" in said
    assert sorted(path.name for path in keys.iterdir() if "recovery" in path.name) == []

    assert run(capsys, data, "restore", str(backups)) == (
        1,
        f"sync-server: {data} is not empty. Nothing was changed. Name another folder with --data, "
        "or move what lies there away.\n",
    )
    there.mkdir()
    with a_database(there) as url:
        monkeypatch.setenv("HOMEWARD_DATABASE_URL", url)
        status, said = run(capsys, there, "restore", str(backups), "--keys", str(keys), "--verify")
        assert (status, said.splitlines()[-1]) == (0, "everything was read again: 0 not whole")
        assert run(capsys, there, "verify-audit")[0] == 0
        open_context(Settings.of(there, public_origin="http://x.test", database_url=url)).close()


@pytest.mark.parametrize("keys", ["backups", "backups/keys", "."])
def test_keys_are_never_copied_to_where_the_backups_lie(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path, keys: str
) -> None:
    """Whoever took that folder could read everything."""
    status, said = run(capsys, data, "backup", str(tmp_path / "backups"), "--keys", str(tmp_path / keys))

    assert (status, list(tmp_path.glob("backups"))) == (1, [])
    assert "must not lie where the backups lie" in said
