"""Where attachments lie is read from the environment once; what is wrong there is refused by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync_server.keeping import open_place
from sync_server.keeping.in_bucket import KeptInBucket
from sync_server.keeping.in_files import KeptInFiles
from sync_server.settings import Bucket, Settings


def environ(tmp_path: Path, **said: str) -> dict[str, str]:
    """The environment of a server."""
    return {"HOMEWARD_DATA": str(tmp_path), **{f"HOMEWARD_S3_{name}": value for name, value in said.items()}}


def test_without_a_word_they_lie_in_the_data_folder(tmp_path: Path) -> None:
    """One machine needs no setting."""
    settings = Settings.from_environment(environ(tmp_path))

    assert open_place(settings) == KeptInFiles(tmp_path / "attachments")


def test_a_bucket_is_named_with_its_prefix_its_address_and_the_file_of_its_key(tmp_path: Path) -> None:
    """The key itself is in no environment, where every program of the account would see it."""
    key = tmp_path / "bucket.key"
    key.write_text("AN-ID\na-secret\n")
    key.chmod(0o600)
    settings = Settings.from_environment(
        environ(tmp_path, BUCKET="evidence/homeward", ENDPOINT="https://s3.example", KEY_FILE=str(key))
    )

    assert settings.bucket == Bucket(
        name="evidence", prefix="homeward", endpoint="https://s3.example", key=("AN-ID", "a-secret")
    )
    assert "a-secret" not in repr(settings)
    assert isinstance(open_place(settings), KeptInBucket)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"ENDPOINT": "https://s3.example"}, "HOMEWARD_S3_BUCKET"),
        ({"BUCKET": "Not A Name"}, "HOMEWARD_S3_BUCKET"),
        ({"BUCKET": "evidence", "ENDPOINT": "http://s3.example"}, "HOMEWARD_S3_ENDPOINT"),
        ({"BUCKET": "evidence", "KEY_FILE": "/nowhere/at/all"}, "HOMEWARD_S3_KEY_FILE"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_name(
    tmp_path: Path, said: dict[str, str], named: str
) -> None:
    """Before the server starts, and not at the first photograph."""
    with pytest.raises(SystemExit, match=named):
        Settings.from_environment(environ(tmp_path, **said))


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    """As with every other key of the server."""
    key = tmp_path / "bucket.key"
    key.write_text("AN-ID\na-secret\n")
    key.chmod(0o644)

    with pytest.raises(SystemExit, match="chmod 600"):
        Settings.from_environment(environ(tmp_path, BUCKET="evidence", KEY_FILE=str(key)))
