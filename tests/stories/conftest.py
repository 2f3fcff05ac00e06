"""An officer on shift without signal, the force's server, and the team that the story needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_server.identity.accounts import Role
from tests.support.colleagues import Colleague, a_colleague
from tests.support.handsets import an_offline_shift
from tests.support.queues import Tablet
from tests.support.schools import SCHOOLS_BY_FOLDER
from tests.support.server_data import Clock, a_server
from tests.support.story_nights import StoryNight


@pytest.fixture
def night(tmp_path: Path) -> Iterator[StoryNight]:
    """A night on which everything is as it should be so far."""
    clock = Clock()
    with (
        an_offline_shift(tmp_path / "phone") as phone,
        a_server(tmp_path / "server", clock=clock, targets=SCHOOLS_BY_FOLDER) as context,
    ):
        now = phone.handset.clock.now().replace(second=0, microsecond=0)
        clock.at = now
        yield StoryNight(phone, context, clock, now, a_colleague(context, "pc.okoro"))


@pytest.fixture
def sergeant(night: StoryNight) -> Colleague:
    """The supervisor of the officer's unit."""
    return night.colleague("sgt.marsh", Role.OFFICER, Role.SUPERVISOR)


@pytest.fixture
def vat(night: StoryNight) -> Colleague:
    """Somebody of the vulnerability team."""
    return night.colleague("vat.lind", Role.VAT, unit="vat")


@pytest.fixture
def incident_manager(night: StoryNight) -> Colleague:
    """The force incident manager of the night."""
    return night.colleague("insp.varga", Role.FIM, unit="control_room")


@pytest.fixture
def tablet(tmp_path: Path) -> Iterator[Tablet]:
    """The sergeant's own tablet; what the force has reaches it as news."""
    with an_offline_shift(tmp_path / "tablet") as found:
        yield Tablet(found)
