"""What the app is told at start is read once, and refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from field_app.settings import DEMO_FORCE, Secrets, Settings

KEY = "a1" * 32
ALL = {
    "HOMEWARD_DATA_APP": "/somewhere/data",
    "HOMEWARD_SERVER": "https://homeward.force.example/",
    "HOMEWARD_SERVER_KEY": KEY.upper(),
    "HOMEWARD_SECRETS": "demo",
    "HOMEWARD_PORT": "8550",
    "HOMEWARD_FORCE": "south_yorkshire",
}


def test_everything_can_be_said_in_the_environment() -> None:
    """As whoever manages devices does."""
    assert Settings.read(ALL) == Settings(
        data=Path("/somewhere/data").resolve(),
        server="https://homeward.force.example",
        server_key=KEY,
        secrets=Secrets.DEMO,
        web=False,
        port=8550,
        force="south_yorkshire",
    )


def test_the_command_line_wins(tmp_path: Path) -> None:
    """As whoever tries something out does."""
    read = Settings.read(ALL, ["--web", "--port", "9000", "--data", str(tmp_path)])

    assert (read.web, read.port, read.data) == (True, 9000, tmp_path.resolve())


def test_a_folder_is_enough() -> None:
    """A phone knows its folder; an enrolment link brings the rest."""
    read = Settings.read({"FLET_APP_STORAGE_DATA": "/phone/data"})

    assert (read.server, read.server_key, read.secrets, read.force) == ("", "", Secrets.PLATFORM, DEMO_FORCE)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"HOMEWARD_DATA_APP": ""}, "HOMEWARD_DATA_APP"),
        ({"HOMEWARD_SERVER": ""}, "HOMEWARD_SERVER "),
        ({"HOMEWARD_SERVER_KEY": ""}, "HOMEWARD_SERVER_KEY"),
        ({"HOMEWARD_SERVER": "homeward.force.example"}, "HOMEWARD_SERVER"),
        ({"HOMEWARD_SERVER": "ftp://homeward.force.example"}, "HOMEWARD_SERVER"),
        ({"HOMEWARD_SERVER": "https://[broken"}, "HOMEWARD_SERVER"),
        ({"HOMEWARD_SERVER_KEY": KEY[:-1]}, "HOMEWARD_SERVER_KEY"),
        ({"HOMEWARD_SECRETS": "nowhere"}, "HOMEWARD_SECRETS"),
        ({"HOMEWARD_PORT": "many"}, "HOMEWARD_PORT"),
        ({"HOMEWARD_PORT": "65536"}, "HOMEWARD_PORT"),
        ({"HOMEWARD_FORCE": "../etc"}, "HOMEWARD_FORCE"),
    ],
)
def test_what_is_missing_or_nonsense_is_named(changed: dict[str, str], named: str) -> None:
    """Whoever set it has to find it."""
    with pytest.raises(SystemExit, match=named):
        Settings.read(ALL | changed)
