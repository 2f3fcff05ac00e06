"""Where schools are: one address for each, one for all, or a folder that the force has named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from booklets.duties import (
    BY_SYSTEM,
    COUNCIL_HAS_MISSING,
    COUNCIL_HAS_NOTICE,
    COUNTED_FROM_BEGUN,
    NOT_CORRECTED,
    ON_ITS_WAY,
    TOLD_BEFORE,
)
from sync_server.context import Context
from sync_server.encompass import ByHand
from sync_server.forwarding.addresses import MOST_KEPT, Addresses
from sync_server.forwarding.claiming import Claimed
from sync_server.forwarding.postman import deliver_due
from sync_server.settings import Endpoint, Settings, read_targets
from tests.support.builders import FORCE
from tests.support.colleagues import Colleague
from tests.support.other_system import Authority, OtherSystem
from tests.support.schools import OTHER_TARGET, TARGET, URN, an_enc

SAID = f"""
[{FORCE}.school]
url = "https://portal.example/encompass"

[{FORCE}."{OTHER_TARGET}"]
folder = true
"""


def settings_of(folder: Path, said: str) -> Settings:
    """A server's settings with this file of targets."""
    (folder / "targets.toml").write_text(said)
    known = read_targets(folder / "targets.toml")
    return Settings.of(folder, public_origin="http://127.0.0.1:8700", targets=known)


def test_one_address_is_for_all_schools_and_one_school_may_differ(tmp_path: Path) -> None:
    """Most are on one portal; one empties a folder."""
    settings = settings_of(tmp_path, SAID)
    for_all = settings.endpoint(FORCE, TARGET)

    assert for_all is not None
    assert for_all.url == "https://portal.example/encompass"
    assert settings.endpoint(FORCE, OTHER_TARGET) is None
    assert settings.reaches(FORCE, TARGET)
    assert settings.reaches(FORCE, OTHER_TARGET)
    assert not settings.reaches("seaborough", TARGET)


@pytest.mark.parametrize("said", ["folder = false", 'folder = true\nurl = "https://portal.example"'])
def test_a_folder_is_one_and_nothing_else(tmp_path: Path, said: str) -> None:
    """What is half an address is refused at the start."""
    with pytest.raises(SystemExit, match="folder"):
        settings_of(tmp_path, f"[{FORCE}.school]\n{said}\n")


@pytest.mark.thorough
def test_a_portal_of_schools_has_it_once_under_its_key(
    context: Context, officer: Colleague, sergeant: Colleague, tmp_path: Path
) -> None:
    """Over HTTPS, with the key that makes once of two attempts."""
    made = Authority.made(tmp_path / "authority")
    record = officer.sent(an_enc())
    sergeant.decided(record)
    with OtherSystem(made.vouches_for(), made.file) as portal:
        targets = {FORCE: {"school": portal.endpoint()}}
        deliver_due(replace(context, settings=replace(context.settings, targets=targets)))

    [(once, content)] = portal.delivered.items()
    assert once == f"{record.header.record}-1-school.{URN}"
    assert content["data"]["urn"] == URN


def test_the_connections_of_hundreds_of_schools_are_not_all_kept(context: Context) -> None:
    """One address for all of them; whichever was needed last is still there."""
    portal = Endpoint(url="https://portal.example/encompass")
    known = replace(context, settings=replace(context.settings, targets={FORCE: {"school": portal}}))
    addresses = Addresses(known)

    first, *_, last = [addresses(_owed_to(number)) for number in range(MOST_KEPT + 1)]

    assert addresses(_owed_to(MOST_KEPT)) is last
    assert addresses(_owed_to(0)) is not first
    addresses.close()


def _owed_to(number: int) -> Claimed:
    target = f"school:{900000 + number}"
    return Claimed(id=number, force=FORCE, target=target, record="r", rev=1, once="r-1", tries=1)


def test_whatever_keeps_a_notice_here_is_said_in_words() -> None:
    """A code alone tells nobody whom to ring."""
    assert BY_SYSTEM.keys() - {COUNCIL_HAS_NOTICE, COUNCIL_HAS_MISSING, COUNTED_FROM_BEGUN} == {
        ON_ITS_WAY,
        TOLD_BEFORE,
        NOT_CORRECTED,
        *(one.value for one in ByHand),
    }
