"""What a force says of its own sign-in: read once at start, and refused by name where it is not enough."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync_server.force_provider import Group, PersonIs
from sync_server.identity.accounts import Role
from sync_server.settings import Settings

WHOLE = """
issuer = "https://login.force.example/tenant"
client_id = "homeward"
client_secret_file = "force_accounts.secret"
person_claim = "employee_number"
person_is = "shoulder_no"
groups_claim = "groups"
local_accounts = ["Admin.Frost"]

[groups."Homeward supervisors"]
roles = ["supervisor", "officer"]
unit = "scarborough"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file in which nothing is missing, with its secret beside it."""
    secret = tmp_path / "force_accounts.secret"
    secret.write_text("a secret\n")
    secret.chmod(0o600)
    path = tmp_path / "force_accounts.toml"
    path.write_text(WHOLE)
    return path


def read(file: Path, **more: str) -> Settings:
    """The settings of a server whose data folder this file lies in."""
    return Settings.from_environment({"HOMEWARD_DATA": str(file.parent), **more})


def test_without_the_file_there_are_local_accounts_only(tmp_path: Path) -> None:
    """As in a first or small installation."""
    settings = Settings.from_environment({"HOMEWARD_DATA": str(tmp_path)})

    assert settings.provider is None
    assert settings.takes_password("anybody")


def test_what_is_said_is_what_counts(file: Path) -> None:
    """Each setting, and the secret from its file."""
    provider = read(file).provider

    assert provider is not None
    assert (provider.issuer, provider.client_id) == ("https://login.force.example/tenant", "homeward")
    assert provider.client_secret == "a secret"
    assert (provider.person_claim, provider.person_is) == ("employee_number", PersonIs.SHOULDER_NO)
    assert provider.groups == {
        "Homeward supervisors": Group(roles=frozenset({Role.SUPERVISOR, Role.OFFICER}), unit="scarborough")
    }
    assert (provider.takes_password("admin.frost"), provider.takes_password("pc.wells")) == (True, False)
    assert not provider.single_sign_on


def test_all_local_accounts_can_keep_their_passwords(file: Path) -> None:
    """While a force moves from one to the other."""
    file.write_text(WHOLE.replace('["Admin.Frost"]', '"all"'))
    provider = read(file).provider

    assert provider is not None
    assert provider.takes_password("pc.wells")
    assert not provider.is_local_only("pc.wells")


def test_the_secret_can_come_from_the_environment(file: Path) -> None:
    """From wherever a service's secrets are kept; and it is shown in no repr."""
    file.write_text(WHOLE.replace('client_secret_file = "force_accounts.secret"', ""))
    settings = read(file, HOMEWARD_CLIENT_SECRET="another secret")

    assert settings.provider is not None
    assert settings.provider.client_secret == "another secret"
    assert "another secret" not in repr(settings)


def test_the_file_can_lie_elsewhere(file: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """With the rest of a force's configuration."""
    data = tmp_path_factory.mktemp("data")
    settings = Settings.from_environment({"HOMEWARD_DATA": str(data), "HOMEWARD_FORCE_ACCOUNTS": str(file)})

    assert settings.provider is not None


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('issuer = "https://login.force.example/tenant"', "", "issuer is missing"),
        ("https://login", "http://login", "issuer must be an address that begins with https://"),
        ("/tenant", "/tenant?x=1", "issuer must be an address"),
        ('client_id = "homeward"', "", "client_id is missing"),
        ('client_id = "homeward"', 'client_id = " "', "client_id is missing"),
        ('client_secret_file = "force_accounts.secret"', "", "client_secret_file here or HOMEWARD_CLIENT"),
        ("force_accounts.secret", "another.secret", "client_secret_file names a file that is not there"),
        ('person_claim = "employee_number"', "", "person_claim is missing"),
        ('"shoulder_no"', '"name"', "person_is must be one of user, shoulder_no"),
        ('groups_claim = "groups"', "", "groups_claim is missing"),
        ('local_accounts = ["Admin.Frost"]', "", "local_accounts is missing"),
        ('["Admin.Frost"]', "[]", "Name an administrator at least"),
        ('"officer"]', '"sergeant"]', "group Homeward supervisors needs roles, each one of officer"),
        ('roles = ["supervisor", "officer"]', "", "group Homeward supervisors needs roles"),
        ('unit = "scarborough"', "force = 3", "may have roles and a unit, and nothing else"),
        ("[groups", "[group", "groups is missing"),
        ('client_id = "homeward"', 'client_id = "homeward"\ncolour = 3', "has colour, which means nothing"),
        (
            'client_id = "homeward"',
            'client_id = "homeward"\nsingle_sign_on = "yes"',
            "must be true or false",
        ),
        ('client_id = "homeward"', 'client_id = "homeward"\ntimeout_s = 31', "timeout_s must be above 0"),
        ('client_id = "homeward"', 'client_id = "homeward"\nscopes = ["email"]', "with openid among them"),
        ('client_id = "homeward"', 'client_id = "homeward"\nca_file = "no.pem"', "ca_file names a file"),
        ("issuer =", "issuer", "force_accounts.toml cannot be read"),
    ],
)
def test_what_is_missing_or_wrong_is_refused_by_its_name(
    file: Path, before: str, after: str, words: str
) -> None:
    """At start, and not when the first officer presses the button; the same file whole is taken."""
    control = read(file).provider
    file.write_text(WHOLE.replace(before, after))

    assert control is not None
    with pytest.raises(SystemExit, match=r"force_accounts\.toml") as refused:
        read(file)
    assert words in str(refused.value)


def test_a_secret_that_others_can_read_is_refused(file: Path) -> None:
    """Whoever has it can ask for anybody's token in our name."""
    (file.parent / "force_accounts.secret").chmod(0o644)

    with pytest.raises(SystemExit, match="Others can read the file that client_secret_file names"):
        read(file)


def test_an_empty_secret_is_none(file: Path) -> None:
    """A file that was made and never filled."""
    (file.parent / "force_accounts.secret").write_text("\n")

    with pytest.raises(SystemExit, match="client_secret_file names a file with nothing in it"):
        read(file)


def test_two_secrets_are_one_too_many(file: Path) -> None:
    """Nobody could say which of them counts."""
    with pytest.raises(SystemExit, match="either client_secret_file here or HOMEWARD_CLIENT_SECRET"):
        read(file, HOMEWARD_CLIENT_SECRET="another")


def test_half_of_it_in_the_environment_is_refused(tmp_path: Path) -> None:
    """A name without its file, or a secret for nothing, is a mistake that somebody should hear of."""
    folder = {"HOMEWARD_DATA": str(tmp_path)}

    with pytest.raises(SystemExit, match="HOMEWARD_FORCE_ACCOUNTS names a file that is not there"):
        Settings.from_environment({**folder, "HOMEWARD_FORCE_ACCOUNTS": str(tmp_path / "none.toml")})
    with pytest.raises(SystemExit, match=r"HOMEWARD_CLIENT_SECRET is set, and there is no force_accounts"):
        Settings.from_environment({**folder, "HOMEWARD_CLIENT_SECRET": "x"})
