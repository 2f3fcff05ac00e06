"""What is set wrongly is refused at start, by the name of the setting and with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync_server.listening import Listening
from sync_server.settings import Settings
from tests.support.other_system import Authority


def refused(tmp_path: Path, **said: str) -> str:
    """What is said of this environment."""
    with pytest.raises(SystemExit) as ended:
        Settings.from_environment({"HOMEWARD_DATA": str(tmp_path), **said})
    return str(ended.value)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("HOMEWARD_PUBLIC_ORIGIN", "homeward.example", "an address without a path"),
        ("HOMEWARD_PUBLIC_ORIGIN", "https://homeward.example/homeward", "an address without a path"),
        ("HOMEWARD_DATABASE_URL", "mysql://somewhere/homeward", "must begin with postgresql"),
        ("HOMEWARD_CHECKPOINTS", "/nowhere/at/all/checkpoints.jsonl", "Make the folder"),
        ("HOMEWARD_TLS_CERT", "/nowhere.pem", "a file that is not there"),
        ("HOMEWARD_PROXIES", "the proxy", "neither an address nor a network"),
        ("HOMEWARD_PROXIES", "10.0.0.4, 0.0.0.0/0", "must not be everybody"),
        ("HOMEWARD_METRICS_TOKEN", "/nowhere.word", "a file that is not there"),
        ("HOMEWARD_LOG", "xml", "must be lines or json"),
    ],
)
def test_it_is_refused_by_its_name(tmp_path: Path, name: str, value: str, says: str) -> None:
    """Before anything was opened or made."""
    said = refused(tmp_path, **{name: value})

    assert said.startswith(name)
    assert says in said
    assert list(tmp_path.iterdir()) == []


def test_a_certificate_needs_its_own_key_and_the_word_some_length(tmp_path: Path) -> None:
    """A key that others can read is refused as well."""
    authority = Authority.made(tmp_path / "one")
    authority.vouches_for()
    [pair] = tmp_path.glob("one/server-*.pem")
    one = {"HOMEWARD_TLS_CERT": str(pair)}
    assert "or neither" in refused(tmp_path, **one)

    pair.chmod(0o644)
    assert "chmod 600" in refused(tmp_path, **one, HOMEWARD_TLS_KEY=str(pair))
    pair.chmod(0o600)
    assert "do not go together" in refused(
        tmp_path, HOMEWARD_TLS_CERT=str(authority.file), HOMEWARD_TLS_KEY=str(pair)
    )
    short = tmp_path / "word"
    short.write_text("short\n")
    short.chmod(0o600)
    assert "16 letters" in refused(tmp_path, HOMEWARD_METRICS_TOKEN=str(short))

    found = Listening.from_environment(
        {**one, "HOMEWARD_TLS_KEY": str(pair), "HOMEWARD_PROXIES": "10.0.0.4"}
    )
    assert (found.certificate, found.proxies) == (pair, ("10.0.0.4",))


def test_an_address_of_postgresql_is_taken_as_others_write_it(tmp_path: Path) -> None:
    """The driver that we have is ours to know."""
    said = {"HOMEWARD_DATA": str(tmp_path), "HOMEWARD_DATABASE_URL": "postgresql://homeward@/homeward"}

    assert Settings.from_environment(said).database_url == "postgresql+psycopg://homeward@/homeward"
