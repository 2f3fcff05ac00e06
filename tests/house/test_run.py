"""What `make run` promises: it finds a way to start, and hands over what a person needs."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import pytest

from field_app.vault.folder import LOCK_NAME
from house import run
from house.run import DidNotStart, Program, announced, free_port, table

SAID = {
    "url": "http://127.0.0.1:8440",
    "console": "http://127.0.0.1:8440/console/",
    "enrol_code": "ABCD-2345",
    "enrol_codes": ["ABCD-2345", "EFGH-6789"],
    "enrol_link": "",
    "root_key": "00" * 32,
    "accounts": [{"user": "wells", "password": "a long one", "role": "officer"}],
}


def test_a_taken_port_is_left_to_its_owner() -> None:
    """Something else may listen where Homeward usually does."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        assert free_port(taken) != taken


def test_a_person_is_told_where_to_go_and_how_to_sign_in() -> None:
    """Nobody should have to read a log to find a password of the demonstration."""
    shown = table({"phone": "http://127.0.0.1:8550", "tablet": "http://127.0.0.1:8551"}, SAID)

    for needed in (
        "http://127.0.0.1:8550",
        "ABCD-2345",
        "EFGH-6789",
        "wells  a long one",
        "/console/",
        "Ctrl-C",
    ):
        assert needed in shown


def test_what_the_server_announces_is_found_among_its_other_words(tmp_path: Path) -> None:
    """A server also logs; one line is meant for us."""
    log = tmp_path / "server.log"
    log.write_text(f"starting\n{json.dumps(SAID)}\nready\n", encoding="utf-8")

    assert announced(log) == SAID


def test_a_program_that_ends_at_once_is_reported_with_its_last_words(tmp_path: Path) -> None:
    """Waiting ninety seconds for a program that has died helps nobody."""
    program = Program(
        name="server",
        command=[sys.executable, "-c", "raise SystemExit('the data folder is in use')"],
        environment={},
        log=tmp_path / "server.log",
    )
    program.start()

    with pytest.raises(DidNotStart, match="the data folder is in use"):
        program.until(lambda: None)


def test_two_never_run_on_one_folder(tmp_path: Path) -> None:
    """The second says so, and what the first writes stays its own."""
    (tmp_path / "server").mkdir()
    run._have_to_ourselves(tmp_path)
    with pytest.raises(run.DidNotStart, match="it runs already"):
        run._have_to_ourselves(tmp_path)
    run._empty(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == [LOCK_NAME]
    with pytest.raises(run.DidNotStart, match="Nothing was changed"):
        run._have_to_ourselves(tmp_path)
