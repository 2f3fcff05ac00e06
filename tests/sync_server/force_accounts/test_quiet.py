"""A server of its own, from its settings file: what its log says of who signed in, and what it must not."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from sync_server.cli import main
from sync_server.context import open_context
from sync_server.force_accounts.provider import BACK
from sync_server.identity import accounts
from sync_server.settings import Settings
from tests.support.devices import a_client
from tests.support.force_provider import CLIENT, SECRET, Desk, RealProvider, a_provider
from tests.support.servers import free_listener
from tests.support.web_pages import words_of

pytestmark = pytest.mark.thorough

FILE = """
issuer = "{issuer}"
client_id = "{client}"
person_claim = "staff_no"
person_is = "shoulder_no"
groups_claim = "groups"
local_accounts = ["admin.frost"]
groups."HW Missing" = {{ roles = ["mhet"], unit = "missing_team" }}
"""
HALE = ("--name", "Una Hale", "--rank", "Staff", "--shoulder-no", "mhet.hale", "--station", "HQ")


@pytest.fixture
def provider() -> Iterator[RealProvider]:
    """A real provider that is not running yet."""
    with a_provider() as found:
        yield found


@contextmanager
def a_server_of_its_own(data: Path, provider: RealProvider, log: Path) -> Iterator[str]:
    """``sync-server serve`` with a settings file, its log going to a file; it is stopped as systemd does."""
    with free_listener() as listener:
        port = listener.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    provider.back_to = (url + BACK,)
    provider.start()
    said = {"HOMEWARD_DATA": str(data), "HOMEWARD_PUBLIC_ORIGIN": url, "HOMEWARD_CLIENT_SECRET": SECRET}
    command = [sys.executable, "-m", "sync_server.cli", "serve", "--port", str(port)]
    with log.open("w") as file:
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=file, env={**os.environ, **said}
        )
        try:
            _wait_for(url)
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def _wait_for(url: str) -> None:
    with a_client(url) as http:
        for _ in range(600):
            try:
                http.get("/health")
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return
    raise AssertionError("it did not start")


@pytest.fixture
def data(tmp_path: Path, provider: RealProvider) -> Path:
    """A data folder with the settings file in it, and one account."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "force_accounts.toml").write_text(FILE.format(issuer=provider.issuer, client=CLIENT))
    run(folder, "add", "una.hale", *HALE, "--unit", "hq", "--role", "mhet")
    return folder


def run(data: Path, *words: str) -> int:
    """One command about people."""
    return main(["user", *words, "--data", str(data)], {"HOMEWARD_CLIENT_SECRET": SECRET})


def test_the_log_says_what_happened_and_never_who_or_with_what(
    data: Path, provider: RealProvider, tmp_path: Path
) -> None:
    """Codes of refusals and words of ours: no code, state, nonce, number, name, group or address."""
    log = tmp_path / "log"
    said: set[str] = set()
    with a_server_of_its_own(data, provider, log) as url, Desk(url) as desk, Desk(url) as other:
        there = desk.press()
        back = desk.say_who(there, "hale")
        let_in = desk.open(back).url.path
        again = desk.open(back).status_code
        unknown = other.say_who(other.press(), "stranger")
        refused = words_of(other.open(unknown).text)
        waiting = other.say_who(other.press(), "hale")
        provider.stop()
        away = other.open(waiting).status_code
        for address in (there, back, unknown, waiting):
            said |= {value for name, value in parse_qsl(urlsplit(address).query) if len(value) > 20}

    written = log.read_text()
    assert (let_in, again, away) == ("/register", 403, 503)
    assert "Homeward has no account for you" in refused
    for code in ("nobody_known", "not_begun_here", "provider_away"):
        assert f"refused code={code} why=" in written
    assert [one for one in said if one in written] == []
    forbidden = ("hale", "Hale", "stranger", "pc.nobody", "HW Missing", SECRET, "code_verifier", "Bearer")
    assert [one for one in forbidden if one in written] == []
    assert re.findall(r"\S*(?:https?://|/force-account|\?)\S*", written) == []
    assert len(said) >= len(("code", "state", "nonce", "challenge"))


def test_whoever_got_a_new_force_account_is_let_in_once_an_administrator_says_so(
    data: Path, provider: RealProvider, tmp_path: Path
) -> None:
    """By the number, which both have; and the database remembers who said so."""
    provider.people = {
        name: {"staff_no": "mhet.hale", "groups": ["HW Missing"]} for name in ("old.account", "new.account")
    }
    with a_server_of_its_own(data, provider, tmp_path / "log") as url:
        ways = []
        for name, said in (("old.account", None), ("new.account", None), ("new.account", 0)):
            if said is not None:
                assert run(data, "other-force-account", "una.hale") == said
            with Desk(url) as desk:
                ways.append(desk.sign_in_as(name).url.path)
    nobody = run(data, "other-force-account", "nobody.here")

    assert ways == ["/register", BACK, "/register"]
    assert nobody == 1
    context = open_context(
        Settings.from_environment({"HOMEWARD_DATA": str(data), "HOMEWARD_CLIENT_SECRET": SECRET})
    )
    try:
        with context.store.read() as db:
            found = accounts.by_user(db, "una.hale")
    finally:
        context.close()
    assert found is not None
    assert found.person.unit == "missing_team"
