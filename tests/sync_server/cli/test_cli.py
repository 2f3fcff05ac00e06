"""The command line, and a real server process that is stopped, killed and started again."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from booklets.quiet_logs import QuietFormatter
from sync_server.audit import AT_THE_MACHINE, entries_of
from sync_server.cli import main
from sync_server.context import open_context
from sync_server.forwarding.claiming import Claimed
from sync_server.forwarding.postman import deliver_due
from sync_server.forwarding.systems import ForceSystem, Never
from sync_server.identity import accounts
from sync_server.identity.accounts import Role
from sync_server.intake import take_in
from sync_server.settings import Settings
from tests.support.builders import a_return
from tests.support.databases import a_database
from tests.support.server_data import Handheld, at_submission
from tests.support.servers import free_listener


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database that every command and process of one test is told of, on the database of this run."""
    with a_database(tmp_path) as url:
        monkeypatch.setenv("HOMEWARD_DATABASE_URL", url)
        yield


def run(capsys: pytest.CaptureFixture[str], data: Path, *arguments: str) -> tuple[int, str]:
    """Run one command; its exit status and what it said."""
    status = main([*arguments, "--data", str(data)], os.environ)
    return status, capsys.readouterr().out


@contextmanager
def a_process(data: Path, *, stop: signal.Signals) -> Iterator[tuple[dict[str, Any], list[int]]]:
    """A server process in its demonstration; what it announces, and afterwards how it ended."""
    with free_listener() as listener:
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "sync_server.cli", "serve", "--demo", "--json"]
    process = subprocess.Popen(
        [*command, "--data", str(data), "--port", str(port)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    ended: list[int] = []
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline()), ended
    finally:
        process.send_signal(stop)
        process.communicate(timeout=20)
        ended.append(process.returncode)


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """The help is the docstrings."""
    with pytest.raises(SystemExit) as ended:
        main(["--help"], {})

    said = capsys.readouterr().out
    assert ended.value.code == 0
    for command in (
        "serve",
        "device",
        "backup",
        "restore",
        "user",
        "deliver",
        "deliveries",
        "rebuild-register",
        "verify-audit",
        "migrate",
    ):
        assert command in said
    assert "Recompute every audit chain" in said


def test_without_a_folder_it_says_what_to_set() -> None:
    """By name, and where to read about it."""
    with pytest.raises(SystemExit, match="HOMEWARD_DATA"):
        main(["migrate"], {})


def test_an_empty_folder_becomes_a_server(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Keys and tables are made, and making them again changes nothing."""
    first = run(capsys, tmp_path, "migrate")
    keys = {file.name: file.read_bytes() for file in (tmp_path / "keys").iterdir()}

    assert run(capsys, tmp_path, "migrate") == first == (0, "the database is up to date\n")
    assert {file.name: file.read_bytes() for file in (tmp_path / "keys").iterdir()} == keys


def test_the_server_is_that_of_the_force_it_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Accounts belong to it; one without a file here is refused with the names of those that have one."""
    monkeypatch.setenv("HOMEWARD_FORCE", "seaborough")
    who = (
        "--name",
        "Ida Frost",
        "--rank",
        "PC",
        "--shoulder-no",
        "7",
        "--station",
        "Harbour",
        "--unit",
        "harbour",
    )
    assert run(capsys, tmp_path, "user", "add", "pc.frost", *who, "--role", "officer")[0] == 0
    context = open_context(Settings.from_environment({**os.environ, "HOMEWARD_DATA": str(tmp_path)}))
    try:
        with context.store.read() as db:
            account = accounts.by_user(db, "pc.frost")
        assert account is not None
        assert account.person.force == "seaborough"
        assert context.policy("seaborough").local_authority == "E06009901"
    finally:
        context.close()

    monkeypatch.setenv("HOMEWARD_FORCE", "nowhere")
    with pytest.raises(SystemExit, match=r"HOMEWARD_FORCE names no force .*north_yorkshire, seaborough"):
        run(capsys, tmp_path, "user", "add", "pc.other", *who, "--role", "officer")


def test_an_account_is_made_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A second of the same name is refused in words, and changes nothing."""
    person = ["user", "add", "pc.new", "--name", "Ana Test", "--rank", "PC", "--shoulder-no", "1",
              "--station", "Filey", "--unit", "filey", "--role", "officer"]  # fmt: skip

    made = run(capsys, tmp_path, *person)
    again = run(capsys, tmp_path, *person)

    assert made[0] == 0
    assert "first password" in made[1]
    assert again == (1, "sync-server: There is already an account pc.new. It was not changed.\n")


ASKED = ("--name", "Jonah Ayre", "--rank", "Mr", "--shoulder-no", "C031", "--station", "Council",
         "--unit", "duty_team")  # fmt: skip


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--role", "local_authority"), "alone and a council"),
        (("--role", "local_authority", "--role", "mhet", "--council", "E06000065"), "alone and a council"),
        (("--role", "mhet", "--council", "E06000065"), "alone and a council"),
        (("--role", "local_authority", "--council", "E06000065"), ""),
    ],
)
def test_somebody_at_a_council_has_that_role_alone_and_one_council(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, more: tuple[str, ...], says: str
) -> None:
    """And nobody of the force has a council: what is a council's is not read by another way."""
    status, words = run(capsys, tmp_path, "user", "add", "council.ayre", *ASKED, *more)

    assert (status, says in words, "first password" in words) == (1 if says else 0, True, not says)


@pytest.mark.parametrize("council", ["York", "other", "E99"])
def test_a_council_is_named_by_its_code(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, council: str
) -> None:
    """Whatever is misspelt would be an account that sees nothing for ever."""
    more = ("--role", "local_authority", "--council", council)

    with pytest.raises(SystemExit, match=r"The force's are: E06000014, E06000065"):
        run(capsys, tmp_path, "user", "add", "council.ayre", *ASKED, *more)


def test_an_account_says_whether_its_holder_works_with_children(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """R-58: nobody does until the force says so, and it can say otherwise later."""
    who = ["--name", "Ana Test", "--rank", "PC", "--shoulder-no", "1", "--station", "Filey",
           "--unit", "filey", "--role", "officer"]  # fmt: skip
    run(capsys, tmp_path, "user", "add", "pc.new", *who)
    run(capsys, tmp_path, "user", "add", "pc.trained", *who, "--works-with-children")
    assert works_with_children(tmp_path) == {"pc.new": False, "pc.trained": True}

    assert run(capsys, tmp_path, "user", "trained", "pc.new", "yes") == (0, "pc.new   works with children\n")
    assert run(capsys, tmp_path, "user", "trained", "pc.trained", "no")[0] == 0
    assert works_with_children(tmp_path) == {"pc.new": True, "pc.trained": False}
    assert noted_of(tmp_path, "pc.new") == ["trained for work with children"]
    assert noted_of(tmp_path, "pc.trained") == [
        "trained for work with children",
        "no longer trained for work with children",
    ]
    assert run(capsys, tmp_path, "user", "trained", "pc.nobody", "yes") == (
        1,
        "There is no account pc.nobody. Nothing was changed.\n",
    )


def works_with_children(folder: Path) -> dict[str, bool]:
    """Who is trained for it, by the name they sign in with."""
    url = os.environ["HOMEWARD_DATABASE_URL"]
    context = open_context(Settings.of(folder, public_origin="http://x.test", database_url=url))
    with context.store.read() as db:
        found = [accounts.by_user(db, user) for user in ("pc.new", "pc.trained")]
    context.close()
    return {one.person.user: one.person.works_with_children for one in found if one is not None}


def noted_of(folder: Path, user: str) -> list[str]:
    """What stands in the audit of an account, by the machine's command line (S-01)."""
    url = os.environ["HOMEWARD_DATABASE_URL"]
    context = open_context(Settings.of(folder, public_origin="http://x.test", database_url=url))
    with context.store.read() as db:
        account = accounts.by_user(db, user)
        lines = entries_of(db, f"account:{account.id}") if account is not None else []
    context.close()
    return [one["what"] for one in lines if one["who"] == AT_THE_MACHINE]


def test_a_code_is_shown_as_people_read_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Ten characters in groups."""
    status, said = run(capsys, tmp_path, "device", "invite")

    assert status == 0
    assert [len(group) for group in said.split()[0].split("-")] == [4, 4, 2]


def test_an_older_copy_is_accepted_for_a_handheld_that_is_there(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """And who typed a wrong id is told so."""
    vault = ("0f" * 16, "40", "--reason", "checked", "--words", "a spoilt card")
    assert run(capsys, tmp_path, "device", "older") == (0, "")
    status, said = run(capsys, tmp_path, "device", "accept-older", "nobody", *vault)

    assert (status, said) == (1, "There is no handheld nobody. Nothing was changed.\n")


def test_the_commands_for_looking_after_it_answer(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """On a server that holds nothing yet."""
    assert run(capsys, tmp_path, "deliveries") == (0, "")
    assert run(capsys, tmp_path, "deliver")[0] == 0
    assert run(capsys, tmp_path, "rebuild-register") == (0, "0 revisions projected\n")
    assert run(capsys, tmp_path, "verify-audit")[0] == 0


def test_what_is_owed_shows_and_what_is_dead_can_be_owed_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """One line for each system with how many and why; one for each that waits for a person."""
    run(capsys, tmp_path, "migrate")
    settings = Settings.of(
        tmp_path, public_origin="http://x.test", database_url=os.environ["HOMEWARD_DATABASE_URL"]
    )
    context = open_context(settings, policy=at_submission)
    handheld = Handheld(context)
    take_in(context, handheld.seal(a_return()), sender=handheld.sender)
    deliver_due(context, refusing)
    context.close()

    shown = run(capsys, tmp_path, "deliveries")
    dead = run(capsys, tmp_path, "deliveries", "--dead")
    again = run(capsys, tmp_path, "deliveries", "retry", "1", "99")
    after = run(capsys, tmp_path, "deliveries")

    assert shown[0] == dead[0] == 1
    assert "north_yorkshire\tforce_records\t1 dead" in shown[1]
    assert "1\tdead\tnorth_yorkshire\tforce_records\t1 tries\tit answered 422" in dead[1].splitlines()
    assert again == (1, "1\tdue again\n99\tis not a dead delivery: nothing was changed\n")
    assert "force_records\t1 due" in after[1]
    assert run(capsys, tmp_path, "verify-audit")[0] == 0


def refusing(_claimed: Claimed) -> ForceSystem:
    """Where a system is that takes nothing."""

    class Refusing:
        def deliver(self, content: Mapping[str, Any], *, once: str) -> None:
            raise Never("it answered 422")

    return Refusing()


def test_a_logged_mistake_says_where_and_never_what() -> None:
    """The text of an exception may quote what somebody wrote about a child."""
    try:
        int("somewhere nobody wants anything off me")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "a mistake", (), sys.exc_info())

    logged = QuietFormatter().format(record)

    assert "ValueError at test_cli.py:" in logged
    assert "nobody wants" not in logged


@pytest.mark.thorough
def test_a_server_that_is_killed_comes_back_as_it_was(tmp_path: Path) -> None:
    """SIGKILL, then SIGTERM: the same sign-ins, the same root key, the night still there once."""
    with a_process(tmp_path, stop=signal.SIGKILL) as (first, killed):
        assert httpx.get(first["url"] + "/healthz").json() == {"ok": True}
    with a_process(tmp_path, stop=signal.SIGTERM) as (second, stopped):
        hello = httpx.get(second["url"] + "/v1/hello")

    same = ("root_key", "accounts", "enrol_codes")
    assert hello.headers["Homeward-Protocol"] == "1"
    assert [second[name] for name in same] == [first[name] for name in same]
    assert {account["role"] for account in second["accounts"]} == {one.value for one in Role}
    assert (killed, stopped) == ([-signal.SIGKILL], [0])
