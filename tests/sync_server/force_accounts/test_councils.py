"""No force account opens an account of somebody at a council, and no group stands for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync_server import force_provider
from sync_server.context import Context
from sync_server.force_accounts.people import Refused, Told, let_in
from sync_server.force_accounts.refusals import LocalOnly
from sync_server.force_provider import ForceProvider, Group, PersonIs
from sync_server.identity import accounts
from sync_server.identity.accounts import Person, Role
from tests.support.builders import FORCE

SAID = """
issuer = "https://login.force.example/tenant"
client_id = "homeward"
person_claim = "staff_no"
person_is = "shoulder_no"
groups_claim = "groups"
local_accounts = ["admin.frost"]
[groups."Everybody"]
roles = ["local_authority"]
"""
SOMEBODY = Person(
    user="council.ayre",
    name="Jonah Ayre",
    rank="Mr",
    shoulder_no="C031",
    station="Council",
    force=FORCE,
    unit="duty_team",
    roles=frozenset({Role.LOCAL_AUTHORITY}),
    works_with_children=False,
    council="E06000065",
)
PROVIDER = ForceProvider(
    issuer="https://login.force.example/tenant",
    client_id="homeward",
    client_secret="not a secret",
    person_claim="staff_no",
    person_is=PersonIs.SHOULDER_NO,
    groups_claim="groups",
    groups={"Homeward teams": Group(roles=frozenset({Role.MHET}))},
    local_accounts=frozenset({"admin.frost"}),
)


def test_a_group_that_would_stand_for_a_council_is_refused_at_start(tmp_path: Path) -> None:
    """Nobody at a council is in the force's directory, and a group names no council."""
    (tmp_path / force_provider.FILE).write_text(SAID, encoding="utf-8")

    with pytest.raises(SystemExit, match="group Everybody needs roles") as refused:
        force_provider.from_environment({force_provider.SECRET: "x"}, tmp_path)

    assert "local_authority" not in str(refused.value)


def test_a_force_account_with_the_same_number_does_not_open_it(context: Context) -> None:
    """It would become the team's, with a council's past."""
    context.store.write(lambda db: accounts.add(db, SOMEBODY, password_hash="x"))
    who = Told(person="C031", groups=frozenset({"Homeward teams"}), subject="one")

    with context.store.read() as db:
        found = let_in(db, who, PROVIDER, force=FORCE, now=context.now())

    assert isinstance(found, Refused)
    assert isinstance(found.because, LocalOnly)
